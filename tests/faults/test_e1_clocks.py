"""E1 and E2: a clock that is wrong hinders nobody, decides nothing, and is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import inbox, lookup, records
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.merged import state_hash
from tests.builders import Deployment, a_find, alone, deployment

BAKU = timezone(timedelta(hours=4))
MOMENTS = {
    "the year 1970": datetime(1970, 1, 1, 0, 0, tzinfo=UTC),
    "a dead battery": datetime(2009, 1, 1, 0, 0, tzinfo=BAKU),
    "an hour back": datetime(2024, 7, 29, 5, 0, tzinfo=UTC),
    "a leap second's neighbour": datetime(2016, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "the end of 32 bits": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    "the year 2099": datetime(2099, 12, 31, 23, 59, tzinfo=UTC),
    "a half-hour zone": datetime(2024, 7, 29, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    "the far side": datetime(2024, 7, 29, 12, 0, tzinfo=timezone(timedelta(hours=-12))),
}


def turned(ws: Workspace, moment: datetime) -> None:
    ws.clock = SetClock(moment)


@pytest.mark.parametrize("name", list(MOMENTS))
def test_e1_entry_and_correction_work_and_their_order_is_that_of_the_numbers(tmp_path: Path, name: str) -> None:
    with alone(tmp_path / "laptop") as ws:
        first = a_find(ws).name
        turned(ws, MOMENTS[name])
        second = a_find(ws).name
        records.correct(ws, first, {"depth_cm": 30}, "measured again")
        assert records.get(ws, first).fields["depth_cm"] == 30
        assert not records.get(ws, first).conflicts
        steps = records.history(ws, first)
        assert [step.seq for step in steps] == [1, 3]
        assert records.history(ws, second)[0].seq == 2
        marks = [event.value["clock"] for event in lookup.events_of(ws, second).values()]
        assert marks == ["doubt" if MOMENTS[name] < datetime(2024, 7, 29, 6, 0, tzinfo=UTC) else "ok"]


def test_e1_an_hour_that_comes_twice_or_is_left_out_changes_no_order(tmp_path: Path) -> None:
    """The end of summer time in Baku in 2015: 04:59:59 is followed by 04:00:00, one hour less ahead of UTC."""
    with alone(tmp_path / "laptop") as ws:
        summer, winter = timezone(timedelta(hours=5)), timezone(timedelta(hours=4))
        turned(ws, datetime(2015, 10, 25, 4, 59, 59, tzinfo=summer))
        name = a_find(ws).name
        turned(ws, datetime(2015, 10, 25, 4, 0, 0, tzinfo=winter))
        records.correct(ws, name, {"depth_cm": 30}, "an hour that was there before")
        events = sorted(lookup.events_of(ws, name).values(), key=lambda event: event.seq)
        assert [event.value["offset_min"] for event in events] == [300, 240]
        assert events[0].value["at"] < events[1].value["at"]


def exchanged(there: Deployment) -> None:
    for _ in range(2):
        for laptop in there.laptops.values():
            there.exchange(laptop)


def test_e2_a_device_ten_years_ahead_wins_no_conflict_and_moves_no_other_clock(tmp_path: Path) -> None:
    with deployment(tmp_path, "ahead", "right") as there:
        ahead, right = there.laptops["ahead"], there.laptops["right"]
        name = a_find(right, condition="damaged").name
        exchanged(there)
        turned(ahead, datetime(2034, 7, 29, 6, 0, tzinfo=UTC))
        records.correct(ahead, name, {"condition": "unarmed"}, "seen in the future")
        records.correct(right, name, {"condition": "armed"}, "seen now")
        exchanged(there)
        for ws in (there.hq, ahead, right):
            (conflict,) = inbox.conflicts(ws)
            assert conflict["record"] == name
            assert records.get(ws, name).fields["condition"] == "armed", "the more dangerous, not the later"
        turned(right, datetime(2024, 8, 1, 6, 0, tzinfo=UTC))
        after = a_find(right).name
        assert [event.value["clock"] for event in lookup.events_of(right, after).values()] == ["ok"]
        assert [event.value["at"][:4] for event in lookup.events_of(right, after).values()] == ["2024"]
        exchanged(there)
        assert len({state_hash(ws.store) for ws in (there.hq, ahead, right)}) == 1


def test_e2_the_state_is_the_same_whatever_the_clocks_said(tmp_path: Path) -> None:
    """The same work under two clocks: other times stand in the records, the readings are the same."""
    shown = []
    for folder, years in (("a", 0), ("b", 10)):
        (tmp_path / folder).mkdir()
        with deployment(tmp_path / folder, "laptop") as there:
            laptop = there.laptops["laptop"]
            turned(laptop, datetime(2024 + years, 7, 29, 6, 0, tzinfo=UTC))
            name = a_find(laptop).name
            there.exchange(laptop)
            records.correct(laptop, name, {"depth_cm": 10}, "measured")
            records.correct(there.hq, name, {"depth_cm": 20}, "read from the photo")
            exchanged(there)
            found = records.get(there.hq, name)
            shown.append((found.fields["depth_cm"], [one.readings for one in found.conflicts], found.settled))
    assert shown[0] == shown[1]
