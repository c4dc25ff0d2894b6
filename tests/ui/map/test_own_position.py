"""Own position: a true ring that is never too small to see, and a stale one that looks stale and says its age."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fieldapp.clock import SetClock
from fieldapp.gnss.fix import Fix
from fieldapp.operations.receiving import ReceiverState
from fieldapp.texts import Texts
from tests.ui.map.drawn import HIGH, LAT, LON, WIDE, colours, picture, view
from ui import theme
from ui.map.own_position import LEAST_RING_PX, OwnPositionLayer

pytestmark = pytest.mark.usefixtures("app")


def live(clock: SetClock, lat: float = LAT, accuracy_m: float | None = 4.0) -> ReceiverState:
    fix = Fix(lat, LON, 1, 9, 0.9, clock.monotonic())
    return ReceiverState("live", "GNSS", fix, 0.0, accuracy_m)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 15, 14, 0, tzinfo=UTC))


@pytest.fixture
def layer(clock: SetClock) -> OwnPositionLayer:
    return OwnPositionLayer(Texts("en"), clock)


def test_nothing_is_drawn_before_a_first_fix(layer: OwnPositionLayer) -> None:
    layer.tell(None)
    layer.tell(ReceiverState("searching"))
    assert len(colours(picture([layer]), 0, 0, WIDE, HIGH)) == 1


def test_the_ring_is_true_and_never_under_24_px(layer: OwnPositionLayer, clock: SetClock) -> None:
    layer.tell(live(clock))
    near, far = view(21.0), view(14.0)
    assert layer.ring_px(near) == pytest.approx(4.0 / near.metres_per_px(LAT))
    assert layer.ring_px(near) > LEAST_RING_PX
    assert layer.ring_px(far) == LEAST_RING_PX
    assert layer.words() == "you, ±4 m"


def test_a_stale_fix_is_grey_dashed_and_says_its_age(layer: OwnPositionLayer, clock: SetClock) -> None:
    layer.tell(live(clock))
    fresh = colours(picture([layer]), 0, 0, WIDE, HIGH)
    layer.tell(replace(live(clock), status="stale", age_s=12.0))
    assert layer.words() == "you, 12 s ago"
    clock.pass_time(300)
    layer.tell(None)  # the receiver is gone, the last position stays and grows old
    assert layer.words() == "you, 5 min ago"
    stale = colours(picture([layer]), 0, 0, WIDE, HIGH)
    assert fresh[theme.SUN.accent] > 100
    assert theme.SUN.accent not in stale
    assert stale[theme.SUN.edge] > 50


def test_unknown_accuracy_is_said(layer: OwnPositionLayer, clock: SetClock) -> None:
    layer.tell(live(clock, accuracy_m=None))
    assert layer.words() == "you, accuracy not known"


def test_the_track_has_live_steps_of_one_day(layer: OwnPositionLayer, clock: SetClock) -> None:
    for metres in (0.0, 0.5, 5.0, 10.0):
        layer.tell(live(clock, LAT + metres / 111_000))
    layer.tell(replace(live(clock, LAT + 1), status="stale", age_s=30.0))
    assert len(layer.track) == 3
    clock.set(datetime(2026, 11, 16, 6, 0, tzinfo=UTC))
    layer.tell(live(clock))
    assert list(layer.track) == [(LAT, LON)]


def test_changes_are_told_once(layer: OwnPositionLayer, clock: SetClock) -> None:
    told: list[int] = []
    layer.changed.connect(lambda: told.append(1))
    layer.tell(live(clock))
    layer.tell(live(clock))
    assert told == [1]


def test_a_stretch_in_which_nothing_was_heard_is_a_gap_in_the_track(layer: OwnPositionLayer, clock: SetClock) -> None:
    for metres in (0, 10, 20, 500, 510, 520):
        layer.tell(live(clock, LAT + metres / 111_000))
    assert [way.size() for way in layer.ways(view(14.0))] == [3, 3]
    assert layer.ways(view(14.0, LAT + 1)) == []


def test_a_long_day_is_drawn_quickly(layer: OwnPositionLayer, clock: SetClock) -> None:
    layer.tell(live(clock))
    layer.track.extend((LAT + n * 3 / 111_000, LON) for n in range(20_000))
    started = time.perf_counter()
    assert sum(way.size() for way in layer.ways(view(9.0))) < 1_000, "no more corners than pixels"
    assert time.perf_counter() - started < 0.2
