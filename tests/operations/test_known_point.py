"""The daily known-point check (M25): what it writes, and that its absence is known."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from fieldapp.operations import known_point, lookup
from fieldapp.operations.known_point import Checked, PointUnknown
from fieldapp.operations.workspace import Workspace
from tests import builders

POINT = "39.9899 46.8988"
OFF_BY_SK42 = (39.989987, 46.899986)
"""The same point as a receiver set to SK-42 says it."""


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with builders.alone(tmp_path / "laptop") as made:
        yield made


def test_the_difference_goes_into_the_days_record(ws: Workspace) -> None:
    day = ws.clock.now().date()
    assert known_point.of_day(ws, day) == Checked(None)
    known_point.save(ws, known_point.point(ws, POINT), 39.98991, 46.8988)
    (row,) = lookup.rows(ws, "progress")
    assert row["worked_on"] == day.isoformat()
    assert known_point.of_day(ws, day).off_m == Decimal("1.11")
    assert not known_point.of_day(ws, day).is_far


def test_a_second_check_corrects_the_record_of_the_day(ws: Workspace) -> None:
    for lat in (39.98991, 39.98992, 39.98992):
        known_point.save(ws, known_point.point(ws, POINT), lat, 46.8988)
    assert len(lookup.rows(ws, "progress")) == 1
    assert known_point.of_day(ws, ws.clock.now().date()).off_m == Decimal("2.22")


def test_a_receiver_in_another_datum_is_far_off(ws: Workspace) -> None:
    known_point.save(ws, known_point.point(ws, POINT), *OFF_BY_SK42)
    checked = known_point.of_day(ws, ws.clock.now().date())
    assert checked.off_m is not None
    assert 95 < checked.off_m < 110
    assert checked.is_far


def test_skipping_holds_for_one_day(ws: Workspace) -> None:
    known_point.skip(ws)
    today = ws.clock.now().date()
    assert known_point.of_day(ws, today) == Checked(None, skipped=True)
    assert known_point.of_day(ws, today.replace(day=today.day % 28 + 1)) == Checked(None)


def test_without_a_point_it_is_asked_for(ws: Workspace) -> None:
    with pytest.raises(PointUnknown):
        known_point.point(ws)
