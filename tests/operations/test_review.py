"""A judgement names the version that was shown (M7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import export, imports, records, review
from fieldapp.operations.errors import NotComplete
from tests.builders import a_find, alone, deployment


def test_an_import_between_showing_and_approving_is_not_approved_unseen(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        moved, stays = a_find(laptop).name, a_find(laptop).name
        there.carry(laptop)
        heads = {row.name: row.heads for row in review.undecided(there.hq, kinds=("find",))}
        records.correct(laptop, moved, {"depth_cm": 7}, "measured again")
        imports.import_file(there.hq, export.export_for_hq(laptop, there.stick).path)
        review.decide(there.hq, [moved, stays], "approved", heads=heads)
        assert review.changed_since(there.hq, heads) == [moved]
        states = {name: review.state_of(many) for name, many in review.judgements(there.hq).items()}
        assert states == {moved: "changed", stays: "approved"}
        assert [row.name for row in review.undecided(there.hq, kinds=("find",))] == [moved]


def test_signing_what_was_shown_leaves_the_newer_version_unsigned(tmp_path: Path) -> None:
    laptop = alone(tmp_path)
    try:
        find = a_find(laptop)
        heads = {find.name: find.heads}
        records.correct(laptop, find.name, {"depth_cm": None}, "the note is not readable")
        review.sign_off(laptop, [find.name], heads=heads)
        assert review.state_of(review.judgements(laptop, "sign_off")[find.name]) == "changed"
        with pytest.raises(NotComplete):
            review.sign_off(laptop, [find.name], heads={find.name: records.get(laptop, find.name).heads})
    finally:
        laptop.close()
