"""Programs of several versions in one programme (M30): what is newer is kept, passed on and understood later."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest

from fieldapp import ids
from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.registry import KINDS
from fieldapp.operations import export, imports, inbox, records, reports, verifying
from fieldapp.operations.enrolment import members
from fieldapp.operations.formats import format_for
from fieldapp.operations.workspace import DATABASE, Workspace
from fieldapp.operations.writing import write
from fieldapp.storage import journal
from fieldapp.storage.database import open_store
from fieldapp.storage.listing import select
from fieldapp.storage.merged import state_hash
from fieldapp.storage.records import read as stored_record
from fieldapp.sync.manifest import FORMAT, OLDEST_WRITTEN
from tests.builders import Deployment, a_find, deployment
from tests.builders_sync import reading_only

FLIGHT = "drone_flight/t7/0192f0c1-0000-7000-8000-0000000000f1"
FLOWN = {"flight": {"minutes": 12, "pilot": "Ə. Məmmədov", "track": [["40.1", "46.9"]]}, "sky": "clear"}
NEWER_FIND = {
    "what": {"category": "nano_mine", "model": "NM-1", "guessed_by": {"network": "v9", "sure": 81}},
    "amount": {"quantity": 2, "unit": "swarm"},
    "position": {"lat": "39.9899", "lon": "46.8988", "fixed_by": "quantum"},
    "smell": {"of": "almond"},
    "found": {"found_on": "2024-07-30"},
}


def saved_by_a_newer_program(ws: Workspace) -> str:
    """A kind, groups, members and codes that this version does not know; returns the find's name."""
    write(ws, FLIGHT, FLOWN)
    find = f"find/t7/{ids.uuid7(ws.clock.now(), ws.entropy)}"
    write(ws, find, NEWER_FIND)
    return find


def segments(ws: Workspace, stream: str) -> list[tuple[bytes, str | None]]:
    return [(one.data, one.sig) for one in journal.segments_from(ws.store, stream)]


def spread(there: Deployment) -> tuple[Workspace, Workspace, str]:
    """A newer laptop's records at headquarters and at its team mate."""
    newer, older = there.laptops.values()
    for laptop in (newer, older):
        there.carry(laptop)
    find = saved_by_a_newer_program(newer)
    there.carry(newer)
    there.answer(older)
    return newer, older, find


def test_what_a_newer_program_wrote_is_passed_on_byte_for_byte(tmp_path: Path) -> None:
    with deployment(tmp_path, "newer", "older") as there:
        newer, older, find = spread(there)
        stream = journal.own_stream(newer.store, "team/t7")
        assert stream is not None
        assert segments(newer, stream) == segments(there.hq, stream) == segments(older, stream)
        written = [stored_record(ws.store, name) for ws in (newer, there.hq, older) for name in (FLIGHT, find)]
        assert [one.values for one in written if one] == 3 * [FLOWN, NEWER_FIND]
        for ws in (newer, there.hq, older):
            assert verifying.check(ws, read_data=True).problems == []


def test_what_this_version_does_not_know_is_shown_as_it_is_and_hides_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "newer", "older") as there:
        _, older, find = spread(there)
        for ws in (there.hq, older):
            fields = records.get(ws, find).fields
            assert (fields["category"], fields["model"], fields["unit"]) == ("nano_mine", "NM-1", "swarm")
            assert fields["lat"] == "39.9899"
        week = reports.render(reports.weekly(there.hq, date(2024, 7, 29), date(2024, 8, 4)), "text", "en")
        assert re.search(r"Category not known +2 swarm +0 swarm", week)


def test_a_correction_by_an_older_program_keeps_the_members_it_does_not_know(tmp_path: Path) -> None:
    with deployment(tmp_path, "newer", "older") as there:
        newer, older, find = spread(there)
        records.correct(older, find, {"model": "pmn-2", "category": "ap_mine"}, "read from the case")
        records.correct(older, find, {"remarks": "two metres from the road"}, "forgotten")
        there.carry(older)
        there.answer(newer)
        values = stored_record(newer.store, find)
        assert values is not None
        assert values.values["what"] == {
            "category": "ap_mine", "model": "pmn-2", "guessed_by": {"network": "v9", "sure": 81}
        }
        assert values.values["smell"] == {"of": "almond"}
        assert not inbox.conflicts(newer)


DRONE = Kind(
    "drone_flight",
    Names("Flight", "Uçuş", "Полёт"),
    (
        Group("flight", (
            Field("minutes", FieldType.INTEGER, Names("Minutes", "Dəqiqə", "Минуты")),
            Field("pilot", FieldType.TEXT, Names("Pilot", "Pilot", "Пилот")),
        )),
        one(Field("sky", FieldType.CODE, Names("Sky", "Səma", "Небо"), vocabulary="sky")),
    ),
)  # fmt: skip


def test_after_the_update_old_logs_are_understood_without_a_new_import(tmp_path: Path) -> None:
    with deployment(tmp_path, "newer", "older") as there:
        _, older, find = spread(there)
        before = state_hash(older.store)
        older.store.close()
        smell = Group("smell", (Field("of", FieldType.TEXT, Names("Smell", "Qoxu", "Запах")),))
        kinds = KINDS | {
            "drone_flight": DRONE,
            "find": dataclasses.replace(KINDS["find"], groups=(*KINDS["find"].groups, smell)),
        }
        with open_store(older.folder / DATABASE, older.key, kinds=kinds) as updated:
            (flight,) = select(updated, "drone_flight")
            assert (flight["minutes"], flight["pilot"], flight["sky"]) == (12, "Ə. Məmmədov", "clear")
            (row,) = [row for row in select(updated, "find") if row["id"] == find.split("/")[2]]
            assert row["of"] == "almond"
            assert state_hash(updated) == before


def format_of(ws: Workspace, there: Deployment, team: str = "t7") -> int:
    """The format of the next return bundle."""
    return format_for(ws, [device.device for device in members(ws, team)])


def test_headquarters_answers_in_the_newest_format_a_laptop_has_shown(tmp_path: Path) -> None:
    with deployment(tmp_path, "old") as there, pytest.MonkeyPatch.context() as patch:
        old = there.laptops["old"]
        find = a_find(old).name
        reading_only(patch, OLDEST_WRITTEN)
        out = export.export_for_hq(old, there.stick)
        patch.undo()
        imports.import_file(there.hq, out.path)
        answer = export.export_for_team(there.hq, "t7", there.stick)
        reading_only(patch, OLDEST_WRITTEN)
        took = imports.import_file(old, answer.path)
        assert took.status == "imported"
        assert took.receipts
        assert records.whereabouts(old, [find]) == {find: "hq"}
        patch.undo()
        there.exchange(old)
        assert format_of(there.hq, there) == FORMAT


def test_one_old_laptop_of_a_team_decides_for_the_bundle_they_share(tmp_path: Path) -> None:
    with deployment(tmp_path, "old", "new") as there, pytest.MonkeyPatch.context() as patch:
        there.carry(there.laptops["new"])
        assert format_of(there.hq, there) == FORMAT
        reading_only(patch, OLDEST_WRITTEN)
        out = export.export_for_hq(there.laptops["old"], there.stick)
        patch.undo()
        imports.import_file(there.hq, out.path)
        assert format_of(there.hq, there) == OLDEST_WRITTEN


def test_a_late_stick_from_before_the_update_takes_nothing_back(tmp_path: Path) -> None:
    with deployment(tmp_path, "old") as there, pytest.MonkeyPatch.context() as patch:
        old = there.laptops["old"]
        reading_only(patch, OLDEST_WRITTEN)
        late = export.export_for_hq(old, there.stick)
        patch.undo()
        there.carry(old)
        imports.import_file(there.hq, late.path)
        assert format_of(there.hq, there) == FORMAT
