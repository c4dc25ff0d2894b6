"""Single rules that a random run may miss: each dies by a test of its own (mutants.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import export, imports, photos, records, review
from fieldapp.storage import journal, ledger
from fieldapp.storage.merged import state_hash
from fieldapp.sync.manifest import Receipt
from tests.builders import a_find, deployment
from tests.builders_faults import JPEG, answered
from tests.stateful.mutants import MUTANTS, ROOT
from tests.stateful.parties import CANARY
from tests.stateful.world import files_with


def test_v2_a_lost_stick_costs_nothing(tmp_path: Path) -> None:
    """Everything since the last receipt goes out again, whatever was written to sticks meanwhile."""
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        names = []
        for _ in range(3):
            names.append(a_find(laptop).name)
            export.export_for_hq(laptop, there.stick).path.unlink()
        names.append(a_find(laptop).name)
        assert there.carry(laptop).new == 4
        there.answer(laptop)
        assert set(records.whereabouts(laptop, names).values()) == {"hq"}
        assert export.export_for_hq(laptop, there.stick).events == 0


def test_v11_a_receipt_whose_head_is_not_in_the_own_chain_makes_nothing_safe(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        name = a_find(laptop).name
        stream = journal.own_stream(laptop.store, "team/t7")
        assert stream is not None
        tip = journal.branches(laptop.store)[stream][-1][0]
        before = ledger.confirmed(laptop.store)
        epoch = there.hq.meta("epoch")
        outcome = imports.import_file(
            laptop, answered(there.hq, "t7", there.stick, [Receipt(stream, tip, "ab" * 32, epoch)])
        )
        assert len(outcome.alarms) == 1
        assert ledger.confirmed(laptop.store) == before
        assert records.whereabouts(laptop, [name]) == {name: "here"}
        assert journal.own_stream(laptop.store, "team/t7") is None, "the next save begins a new stream"
        a_find(laptop)
        assert journal.own_stream(laptop.store, "team/t7") not in {None, stream}


def test_v13_an_older_word_takes_nothing_back(tmp_path: Path) -> None:
    """What headquarters asked for in an older bundle is not asked again, and what was safe stays so."""
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        picture = tmp_path / "a.jpg"
        picture.write_bytes(JPEG + b"picture")
        photos.add_photo(laptop, picture)
        imports.import_file(there.hq, export.export_for_hq(laptop, there.stick, thin=True).path)
        asking = export.export_for_team(there.hq, "t7", there.stick).path
        imports.import_file(laptop, asking)
        assert len(laptop.get_json("asked_photos", [])) == 1
        there.exchange(laptop)
        assert laptop.get_json("asked_photos", []) == []
        name = a_find(laptop).name
        there.carry(laptop)
        review.decide(there.hq, [name], "approved")
        there.answer(laptop)
        before = state_hash(laptop.store), ledger.confirmed(laptop.store), laptop.meta("hq_word")
        assert imports.import_file(laptop, asking).status == "known"
        assert (state_hash(laptop.store), ledger.confirmed(laptop.store), laptop.meta("hq_word")) == before
        assert laptop.get_json("asked_photos", []) == []
        assert export.export_for_hq(laptop, there.stick).photos == 0


def test_v17_a_photo_cannot_be_read_where_it_lies(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        picture = tmp_path / "a.jpg"
        picture.write_bytes(JPEG + CANARY.encode())
        photos.add_photo(laptop, picture, caption=f"{CANARY} caption")
        picture.unlink()
        assert files_with(tmp_path, [CANARY]) == []
        there.exchange(laptop)
        assert files_with(tmp_path, [CANARY]) == []
        (digest,) = photos.named_photos(there.hq)
        assert photos.read_photo(there.hq, digest) == JPEG + CANARY.encode()
        assert digest in photos.photo_path(there.hq, digest).name


@pytest.mark.parametrize("rule", [one.rule for one in MUTANTS])
def test_each_rule_of_the_list_stands_where_it_says_and_its_test_is_there(rule: str) -> None:
    (one,) = [one for one in MUTANTS if one.rule == rule]
    assert (ROOT / one.file).read_text(encoding="utf-8").count(one.old) == 1
    assert one.old != one.new
    file, _, name = one.test.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8") if name else (ROOT / file).is_file()
