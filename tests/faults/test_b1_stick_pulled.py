"""B1: the stick is pulled at each step of an export: only a part or nothing lies there, and all is offered again."""

from __future__ import annotations

import errno
from pathlib import Path
from unittest import mock

import pytest

from fieldapp.operations import export, imports, inbox, records
from fieldapp.storage import ledger
from fieldapp.storage.merged import state_hash
from fieldapp.sync.errors import StickError, StickGone
from tests.builders import a_find, deployment
from tests.builders_faults import FailingMedium


def test_b1_pulled_at_any_step_nothing_counts_as_exported_and_the_next_stick_carries_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        name = a_find(laptop).name
        before, known = state_hash(there.hq.store), len(ledger.bundles(laptop.store, "out"))
        sound = FailingMedium(0, errno.ENODEV)
        with mock.patch("fieldapp.sync.stick.Medium", return_value=sound):
            export.export_for_hq(laptop, tmp_path)
        known += 1
        for nth in range(1, sound.calls + 1):
            stick = tmp_path / f"stick {nth}"
            stick.mkdir()
            pulled = FailingMedium(nth, errno.ENODEV)
            with mock.patch("fieldapp.sync.stick.Medium", return_value=pulled), pytest.raises(StickGone):
                export.export_for_hq(laptop, stick)
            assert len(ledger.bundles(laptop.store, "out")) == known, "nothing is noted as written"
            # only the last step comes after the file has its name; then it is whole, though not called safe
            found = imports.look_in(stick)
            assert len(found) == (nth == sound.calls)
            if not found:
                assert state_hash(there.hq.store) == before
        assert there.carry(laptop).new == 1
        assert records.get(there.hq, name).settled
        assert inbox.gaps(there.hq) == []


def test_b1_a_find_is_not_called_on_a_stick_that_was_pulled(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        name = a_find(laptop).name
        failing = FailingMedium(3, errno.EIO)
        with mock.patch("fieldapp.sync.stick.Medium", return_value=failing), pytest.raises(StickError):
            export.export_for_hq(laptop, there.stick)
        assert records.whereabouts(laptop, [name]) == {name: "here"}
        export.export_for_hq(laptop, there.stick)
        assert records.whereabouts(laptop, [name]) == {name: "stick"}


def test_b1_an_answer_that_was_cut_off_is_written_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        name = a_find(laptop).name
        there.carry(laptop)
        failing = FailingMedium(4, errno.ENODEV)
        with mock.patch("fieldapp.sync.stick.Medium", return_value=failing), pytest.raises(StickGone):
            export.export_for_team(there.hq, "t7", there.stick)
        assert there.answer(laptop).receipts > 0
        assert records.whereabouts(laptop, [name]) == {name: "hq"}
