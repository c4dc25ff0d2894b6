"""The way of a day, read from its log: what the receiver walked, no fix that would not have been taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import joining, receiver_log
from fieldapp.operations.receiver_track import DayTrack
from fieldapp.operations.workspace import Workspace
from tests.builders_gnss import PLACE, moment

DAY = date(2026, 11, 22)
METRE = 1 / 111_000


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    clock = SetClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
    with joining.start_alone(tmp_path / "laptop", "Aysel", use_keyring=False, clock=clock) as made:
        yield made


def walk(ws: Workspace, first_s: int, metres: list[float], datum: str = "W84") -> None:
    """A piece of the log: one fix a second, so many metres north of the place."""
    log = receiver_log.log_of(ws)
    said = b""
    for second, north in enumerate(metres, first_s):
        said += moment(second, PLACE[0] + north * METRE, datum=datum)
    log.write(said)
    log.close()
    assert isinstance(ws.clock, SetClock)
    ws.clock.pass_time(600)


def track(ws: Workspace, before: datetime | None = None) -> list[int]:
    """Metres to the north of the place, step by step."""
    read, found = DayTrack(DAY, before), []
    while True:
        stretch = read.step(ws)
        found += [round((lat - PLACE[0]) / METRE) for lat, _ in stretch.steps]
        if not stretch.left:
            return found


def test_a_standing_receiver_makes_no_steps_and_a_walking_one_every_two_metres(ws: Workspace) -> None:
    walk(ws, 0, [0, 0.2, 0.1, 0, 1, 2.1, 3, 4.2, 5, 6.3])
    walk(ws, 600, [30, 32.2])
    assert track(ws) == [0, 2, 4, 6, 30, 32]


def test_what_would_not_have_been_taken_is_no_step(ws: Workspace) -> None:
    walk(ws, 0, [0, 3, 50_000, 6, 6, 6, 9])
    assert track(ws) == [0, 3, 6, 9], "a jump of 50 km in a second"
    walk(ws, 600, [12, 15, 18], datum="999")
    assert track(ws) == [0, 3, 6, 9], "a datum that nobody knows"


def test_only_that_day_and_what_was_begun_before(ws: Workspace) -> None:
    assert track(ws) == []
    walk(ws, 0, [0, 3])
    walk(ws, 600, [6, 9])
    assert track(ws, datetime(2026, 11, 22, 10, 5, tzinfo=UTC)) == [0, 3]
    assert isinstance(ws.clock, SetClock)
    ws.clock.pass_time(86_400)
    walk(ws, 1200, [20, 23])
    assert track(ws) == [0, 3, 6, 9]


def test_a_damaged_piece_leaves_a_gap(ws: Workspace) -> None:
    for first, metres in ((0, [0.0, 3.0]), (600, [6.0, 9.0]), (1200, [12.0, 15.0])):
        walk(ws, first, metres)
    damaged = sorted(ws.gnss.iterdir())[1]
    damaged.write_bytes(damaged.read_bytes()[:-20] + bytes(20))
    assert track(ws) == [0, 3, 12, 15]
