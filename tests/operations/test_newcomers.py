"""Computers that send records and are not enrolled: kept, listed, accepted or refused, never lost (M5)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import admission, backup, export, imports, inbox, lookup, senders
from fieldapp.operations.errors import OnlyRoot, RecordMissing, TeamCode
from fieldapp.operations.workspace import Workspace
from tests.builders import START, Deployment, a_find, clock, deployment
from tests.operations.test_seats import seated


def finds(ws: Workspace) -> set[str]:
    return {row.name for row in lookup.rows(ws, "find")}


def stranger(there: Deployment) -> Workspace:
    """A laptop whose invitation headquarters forgot."""
    laptop = there.join("stranger")
    there.hq.set_json("invitations", [])
    return laptop


def test_an_unknown_laptops_file_is_refused_and_its_copy_comes_in_once_it_is_accepted(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        laptop = stranger(there)
        names = {a_find(laptop).name, a_find(laptop).name}
        bundle = export.export_for_hq(laptop, there.stick).path
        (outcome,) = imports.import_files(there.hq, [bundle])
        assert (outcome.status, outcome.code) == ("refused", "unknown_sender")
        assert (finds(there.hq), inbox.quarantined(there.hq)) == (set(), [])
        bundle.unlink()
        (waiting,) = senders.newcomers(there.hq)
        assert (waiting.device, waiting.name, waiting.state) == (laptop.device, "stranger", "waiting")
        assert (waiting.entries, waiting.copies, waiting.team) == (2, 1, "")
        (outcome,) = admission.accept(there.hq, laptop.device, "t7", "found in the store room")
        assert (outcome.status, outcome.new) == ("imported", 2)
        assert finds(there.hq) == names
        assert senders.newcomers(there.hq) == []
        assert list((there.hq.folder / "waiting").iterdir()) == []
        there.answer(laptop)
        assert laptop.root == there.hq.device


def test_a_dry_run_and_a_repeated_file_keep_one_copy_at_most(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        laptop = stranger(there)
        a_find(laptop)
        bundle = export.export_for_hq(laptop, there.stick).path
        imports.import_files(there.hq, [bundle], dry_run=True)
        assert senders.newcomers(there.hq) == []
        for _ in range(2):
            imports.import_files(there.hq, [bundle])
        (waiting,) = senders.newcomers(there.hq)
        assert (waiting.copies, waiting.entries) == (1, 1)


def test_copies_never_take_more_room_than_is_granted_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "MAX_COPIES", 1)
    with deployment(tmp_path) as there:
        laptop = stranger(there)
        for _ in range(2):
            a_find(laptop)
            imports.import_files(there.hq, [export.export_for_hq(laptop, there.stick).path])
        (waiting,) = senders.newcomers(there.hq)
        assert (waiting.copies, waiting.entries) == (1, 1)
        assert len(inbox.refused(there.hq)) == 2


def test_a_refused_newcomer_stays_listed_and_can_be_accepted_later(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        laptop = stranger(there)
        name = a_find(laptop).name
        imports.import_files(there.hq, [export.export_for_hq(laptop, there.stick).path])
        admission.refuse(there.hq, laptop.device, "nobody knows it")
        (one,) = senders.newcomers(there.hq)
        assert (one.state, one.decided_by, one.why, one.copies) == ("refused", "Officer", "nobody knows it", 1)
        imports.import_files(there.hq, [export.export_for_hq(laptop, there.stick).path])
        assert [one.state for one in senders.newcomers(there.hq)] == ["refused"]
        with pytest.raises(TeamCode):
            admission.accept(there.hq, laptop.device, "hq", "no seat by this way")
        admission.accept(there.hq, laptop.device, "t7", "it is theirs")
        assert finds(there.hq) == {name}
        with pytest.raises(RecordMissing):
            admission.accept(there.hq, laptop.device, "t7", "again")


def test_an_invitation_that_is_over_makes_a_newcomer_too(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_find(there.laptops["laptop"])
        bundle = export.export_for_hq(there.laptops["laptop"], there.stick).path
        assert isinstance(there.hq.clock, SetClock)
        there.hq.clock.set(START + timedelta(days=60))
        (outcome,) = imports.import_files(there.hq, [bundle])
        assert outcome.code == "sender_too_late"
        (waiting,) = senders.newcomers(there.hq)
        assert (waiting.team, waiting.invitation, waiting.copies) == ("t7", "laptop", 1)


def put_back(there: Deployment, file: Path, folder: Path) -> None:
    there.hq.close()
    there.hq = backup.restore(
        file, folder, backup.keys_in(folder.with_name("hq-escrow.txt")), clock=clock(), use_keyring=False
    )


def test_a_laptop_enrolled_after_the_backup_is_kept_and_named_as_once_enrolled(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        backup.backup(there.hq, tmp_path / "file.backup")
        laptop = there.join("laptop")
        name = a_find(laptop).name
        there.exchange(laptop)
        put_back(there, tmp_path / "file.backup", tmp_path / "again")
        late = a_find(laptop).name
        (outcome,) = imports.import_files(there.hq, [export.export_for_hq(laptop, there.stick).path])
        assert outcome.code == "unknown_sender"
        (waiting,) = senders.newcomers(there.hq)
        assert (waiting.once_enrolled, waiting.team, waiting.copies) == (True, "t7", 1)
        admission.accept(there.hq, laptop.device, waiting.team, "enrolled before the backup was put back")
        there.answer(laptop)
        there.exchange(laptop)
        assert finds(there.hq) == {name, late}
        assert inbox.gaps(there.hq) == []


def test_one_that_brings_headquarters_own_grant_is_let_in_by_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead") as there:
        lead = there.laptops["lead"]
        there.exchange(lead)
        backup.backup(there.hq, tmp_path / "file.backup")
        laptop = there.join("laptop")
        name = a_find(laptop).name
        there.exchange(laptop)
        there.answer(lead)
        put_back(there, tmp_path / "file.backup", tmp_path / "again")
        there.answer(lead)
        imports.import_file(laptop, export.export_for_team(lead, "t7", there.stick).path)
        outcome = there.carry(laptop)
        assert (outcome.status, outcome.sender_state) == ("imported", "known")
        assert finds(there.hq) == {name}
        assert senders.newcomers(there.hq) == []


def test_another_seat_lets_nobody_in(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        seat = seated(there)
        with pytest.raises(OnlyRoot):
            admission.accept(seat, "a" * 20, "t7", "why")
        with pytest.raises(OnlyRoot):
            admission.refuse(seat, "a" * 20, "why")


def test_two_running_copies_are_both_served_until_one_is_enrolled_anew(tmp_path: Path) -> None:
    from fieldapp.operations import records, today
    from tests.faults.test_d5_cloned_laptop import cloned

    with deployment(tmp_path, "laptop") as there:
        original, copy, common = cloned(there)
        own = {original: [common], copy: [common]}
        said = dict.fromkeys(own, 0)
        for round_number in range(3):
            for _ in range(1 + round_number):
                own[original].append(a_find(original).name)
            own[copy].append(a_find(copy).name)
            for laptop in own:
                there.carry(laptop)
            file = export.export_for_team(there.hq, "t7", there.stick).path
            for laptop in own:
                said[laptop] += len(imports.import_file(laptop, file).alarms)
        for laptop, names in own.items():
            assert set(records.whereabouts(laptop, names).values()) == {"hq"}
            assert inbox.gaps(laptop) == []
            assert today.places(laptop).here == 0
            assert said[laptop] <= 2
