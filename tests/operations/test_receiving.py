"""A receiver from plugging in to a captured position, and everything that must stop a capture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from fieldapp.clock import SetClock
from fieldapp.gnss.fix import Gates
from fieldapp.gnss.sources import SourceLost
from fieldapp.gnss.spread import distance_m
from fieldapp.operations.receiver_errors import (
    AverageTooShort,
    DatumRefused,
    NoFix,
    PoorFix,
    ReceiverLost,
    StaleFix,
)
from fieldapp.operations.receiving import Receiving
from fieldapp.texts import Texts
from tests.builders_gnss import PLACE, ScriptedSource, gga, moment, rmc, until

EN = Texts("en")
T0 = 36_000.0
"""Ten o'clock UTC, the receiver's first moment."""
SK42 = (39.991187, 46.931196)
"""The same place as the receiver shows it when it is set to SK-42 (control value of the geodesy notes)."""


class Bench:
    """A receiver on a table, its clock in our hands."""

    def __init__(self, **settings: object) -> None:
        self.clock = SetClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
        self.source = ScriptedSource()
        self.cycles = 0
        self.receiving = Receiving(self.clock, on_cycle=self._count, **settings)  # type: ignore[arg-type]
        self.at = T0
        self.receiving.start(self.source)

    def _count(self, _state: object) -> None:
        self.cycles += 1

    def hear(self, said: bytes) -> None:
        """Let these bytes come and be taken in, with what they complete."""
        before = self.cycles
        self.source.say(said)
        until(lambda: self.cycles > before)

    def tick(self, lat: float = PLACE[0], lon: float = PLACE[1], *, seconds: float = 1.0, **how: object) -> None:
        """Let time pass here and at the receiver, then hear what it says."""
        self.clock.pass_time(seconds)
        self.at += seconds
        self.hear(moment(self.at, lat, lon, **how))  # type: ignore[arg-type]

    def warm_up(self, **how: object) -> None:
        """Until the receiver's way of talking is known and it is believed."""
        self.source.say(moment(self.at, **how))  # type: ignore[arg-type]
        for _ in range(4):
            self.tick(**how)  # type: ignore[arg-type]


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.receiving.stop()


@pytest.fixture
def declared_sk42() -> Iterator[Bench]:
    made = Bench(declared="sk42")
    yield made
    made.receiving.stop()


def test_nothing_is_captured_before_a_receiver_is_heard() -> None:
    receiving = Receiving(SetClock(datetime(2026, 11, 22, tzinfo=UTC)))
    assert receiving.state().status == "off"
    with pytest.raises(NoFix):
        receiving.capture()


def test_a_live_fix_is_captured_with_everything_a_record_needs(bench: Bench) -> None:
    bench.warm_up()
    state = bench.receiving.state()
    assert state.status == "live"
    bench.clock.pass_time(1.5)
    fields = bench.receiving.capture().fields()
    assert fields == {
        "lat": "39.9911", "lon": "46.93", "fixed_by": "live_fix", "accuracy_m": "4.5", "accuracy_basis": "hdop",
        "fix_type": "GNSS", "satellites": 9, "hdop": "0.9", "fix_age_s": "1.5", "gnss_time": "2026-11-22T10:00:04Z",
    }


def test_a_silent_receiver_goes_stale_and_is_refused_with_its_age(bench: Bench) -> None:
    bench.warm_up()
    bench.clock.pass_time(5.1)
    assert bench.receiving.state().status == "stale"
    with pytest.raises(StaleFix, match="its last position is 5 s old"):
        bench.receiving.capture()
    bench.at += 5.1
    bench.tick()
    assert bench.receiving.state().status == "live"


def test_a_wall_clock_that_jumps_makes_no_fix_older_or_younger(bench: Bench) -> None:
    bench.warm_up()
    bench.clock.set(datetime(2031, 1, 1, tzinfo=UTC))
    assert bench.receiving.state().age_s == 0
    bench.clock.pass_time(6)
    bench.clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert bench.receiving.state().status == "stale"


def test_a_link_that_repeats_the_last_fix_for_ever_is_stale_not_live(bench: Bench) -> None:
    bench.warm_up()
    for _ in range(8):
        bench.clock.pass_time(1)
        bench.hear(moment(bench.at))
    assert bench.receiving.state().status == "stale"


def test_a_backlog_that_waited_in_a_buffer_is_as_old_as_it_is(bench: Bench) -> None:
    bench.warm_up()
    bench.clock.pass_time(60)
    for _ in range(3):
        bench.at += 1
        bench.hear(moment(bench.at))
    state = bench.receiving.state()
    assert state.status == "stale"
    assert state.age_s == pytest.approx(57, abs=0.1)


def test_a_pulled_cable_is_lost_at_once_and_found_again_by_itself(bench: Bench) -> None:
    bench.warm_up()
    bench.source.pull()
    until(lambda: bench.receiving.state().status == "lost")
    with pytest.raises(ReceiverLost):
        bench.receiving.capture()
    bench.source.plugged = True
    until(lambda: bench.source.opened == 2)
    bench.warm_up()
    assert bench.receiving.state().status == "live"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"satellites": 4}, "too few satellites: 4, at least 5"), ({"hdop": 4.1}, "HDOP 4.1, at most 4.0"),
        ({"quality": 6}, "estimated or simulated"), ({"satellites": ""}, "does not say how many satellites"),
        ({"hdop": ""}, "does not say how good"),
    ],
)  # fmt: skip
def test_a_poor_fix_is_refused_with_its_reason(bench: Bench, how: dict[str, object], reason: str) -> None:
    bench.warm_up()
    bench.tick(**how)  # type: ignore[arg-type]
    assert bench.receiving.state().status == "poor"
    with pytest.raises(PoorFix, match=reason):
        bench.receiving.capture()


@pytest.mark.parametrize("how", [{"quality": 0}, {"satellites": 0}])
def test_no_fix_is_no_fix_whatever_it_claims(bench: Bench, how: dict[str, object]) -> None:
    bench.warm_up()
    bench.tick(**how)  # type: ignore[arg-type]
    assert bench.receiving.state().status == "no_fix"
    with pytest.raises(NoFix):
        bench.receiving.capture()


def test_a_fix_at_zero_zero_is_none(bench: Bench) -> None:
    bench.warm_up()
    bench.tick(0.0, 0.0)
    assert bench.receiving.state().status == "no_fix"


def test_gates_are_changed_in_one_place() -> None:
    bench = Bench(gates=Gates(min_satellites=12))
    bench.warm_up()
    with pytest.raises(PoorFix, match="at least 12"):
        bench.receiving.capture()
    bench.receiving.stop()


def test_a_jump_is_refused_until_the_receiver_insists(bench: Bench) -> None:
    bench.warm_up()
    bench.receiving.begin_average()
    far = PLACE[0] + 0.02
    bench.tick(far)
    assert bench.receiving.state().refusals == ("jump",)
    with pytest.raises(PoorFix, match="jumped 2,22"):
        bench.receiving.capture()
    bench.tick()
    assert bench.receiving.state().status == "poor"  # two receivers may be taking turns
    bench.tick()
    assert bench.receiving.state().status == "live"
    assert bench.receiving.state().averaging
    for _ in range(3):
        bench.tick(far)
    state = bench.receiving.state()
    assert (state.status, state.average_ended, state.averaging) == ("live", "jump", False)


def test_two_receivers_on_one_line_that_disagree_are_refused(bench: Bench) -> None:
    bench.warm_up()
    bench.clock.pass_time(1)
    bench.at += 1
    bench.hear(gga(bench.at) + rmc(bench.at, PLACE[0] + 0.001, talker="II"))
    with pytest.raises(PoorFix, match=r"two positions at once, 111 m apart"):
        bench.receiving.capture()


def test_an_average_states_its_spread_and_ends_with_the_capture(bench: Bench) -> None:
    bench.warm_up()
    bench.receiving.begin_average()
    with pytest.raises(AverageTooShort, match="0 of at least 5"):
        bench.receiving.capture()
    for step in range(20):
        bench.tick(PLACE[0] + (0.00004 if step % 2 else -0.00004), hdop=1.0 + step / 100)
    state = bench.receiving.state()
    assert state.average is not None
    assert (state.average.n, state.average.duration_s) == (20, 19)
    assert state.average.r95_m == pytest.approx(4.44, abs=0.01)
    fields = bench.receiving.capture().fields()
    assert (fields["fixed_by"], fields["accuracy_basis"], fields["accuracy_m"]) == ("average", "spread", "4.44")
    assert fields["hdop"] == "1.19"
    assert bench.receiving.state().averaging is False


def test_what_was_averaged_before_the_silence_can_be_taken_by_asking_for_it(bench: Bench) -> None:
    bench.warm_up()
    bench.receiving.begin_average()
    for _ in range(7):
        bench.tick()
    bench.clock.pass_time(60)
    with pytest.raises(StaleFix):
        bench.receiving.capture()
    captured = bench.receiving.capture(average_so_far=True)
    assert captured.average is not None
    assert (captured.average.n, captured.fields()["fix_age_s"], captured.accuracy_m) == (7, "60", 3.0)


def test_a_receiver_in_sk42_is_converted_by_the_pinned_operation_and_says_so(bench: Bench) -> None:
    for _ in range(5):
        bench.tick(*SK42, datum="S42")
    state = bench.receiving.state()
    assert (state.status, state.datum, state.operation) == ("live", "S42", "EPSG:15865")
    fields = bench.receiving.capture().fields()
    assert distance_m(float(str(fields["lat"])), float(str(fields["lon"])), *PLACE) < 0.1
    assert fields["datum_operation"] == "EPSG:15865"
    assert fields["accuracy_m"] == "6.36"


def test_a_datum_that_is_not_known_is_refused_by_name(bench: Bench) -> None:
    bench.warm_up(datum="P90")
    assert bench.receiving.state().status == "other_datum"
    with pytest.raises(DatumRefused, match="not known here: P90"):
        bench.receiving.capture()


def test_a_receiver_that_begins_in_sk42_is_never_taken_for_wgs84(bench: Bench) -> None:
    """The datum sentence comes last in each moment: the first positions come before it."""
    bench.source.say(gga(T0, *SK42) + rmc(T0, *SK42))
    shown = []
    for _ in range(6):
        bench.tick(*SK42, datum="S42")
        state = bench.receiving.state()
        shown.append((state.status, state.fix.lat if state.fix else None))
    assert not [lat for status, lat in shown if status == "live" and lat != pytest.approx(PLACE[0], abs=1e-6)]
    assert shown[-1][0] == "live"


def test_a_change_of_datum_in_mid_stream_ends_the_average_and_refuses_what_lies_around_it(bench: Bench) -> None:
    bench.warm_up(datum="W84")
    bench.receiving.capture()
    bench.receiving.begin_average()
    for _ in range(6):
        bench.tick(datum="W84")
    bench.tick(datum="S42")
    state = bench.receiving.state()
    assert (state.status, state.averaging, state.average_ended, state.fix) == ("other_datum", False, "datum", None)
    with pytest.raises(DatumRefused, match="just changed to SK-42"):
        bench.receiving.capture(average_so_far=True)
    assert "Take it again" in " ".join(state.warnings(EN))
    bench.tick(datum="S42")
    with pytest.raises(DatumRefused):
        bench.receiving.capture()
    for _ in range(3):
        bench.tick(datum="S42")
    assert bench.receiving.capture().operation == "EPSG:15865"
    assert "Take it again" not in " ".join(bench.receiving.state().warnings(EN)[1:])


def test_a_receiver_without_datum_sentences_that_is_switched_is_seen_by_its_jump(bench: Bench) -> None:
    bench.warm_up()
    bench.receiving.begin_average()
    bench.tick()
    bench.tick(*SK42)
    with pytest.raises(PoorFix, match="jumped 103 m"):
        bench.receiving.capture()
    bench.tick(*SK42)
    bench.tick(*SK42)
    assert bench.receiving.state().average_ended == "jump"


def test_the_datum_is_remembered_across_a_pulled_cable(bench: Bench) -> None:
    """After plugging in again it is not taken for WGS 84, and not for SK-42 either before it says so."""
    bench.warm_up(datum="S42")
    bench.source.pull()
    until(lambda: bench.receiving.state().status == "lost")
    bench.source.plugged = True
    until(lambda: bench.source.opened == 2)
    bench.warm_up()
    assert bench.receiving.state().status == "other_datum"
    bench.warm_up(datum="S42")
    state = bench.receiving.state()
    assert (state.status, state.operation) == ("live", "EPSG:15865")


def test_a_receiver_that_stops_saying_its_datum_is_refused(bench: Bench) -> None:
    """Some say it only while it is not WGS 84: they have been switched back, and nobody said so."""
    bench.warm_up(datum="S42")
    for _ in range(4):
        bench.tick()
    with pytest.raises(DatumRefused, match="does not repeat its datum"):
        bench.receiving.capture()


def test_a_declared_datum_is_used_where_the_receiver_says_none(declared_sk42: Bench) -> None:
    declared_sk42.warm_up()
    assert declared_sk42.receiving.capture().operation == "EPSG:15865"


def test_a_receiver_that_contradicts_what_was_declared_is_refused(declared_sk42: Bench) -> None:
    declared_sk42.warm_up(datum="W84")
    with pytest.raises(DatumRefused, match="says WGS 84, but it was declared to be set to SK-42"):
        declared_sk42.receiving.capture()


def test_sk42_is_refused_where_wgs84_was_declared() -> None:
    bench = Bench(declared="wgs84")
    bench.warm_up(datum="S42")
    with pytest.raises(DatumRefused, match="says SK-42, but"):
        bench.receiving.capture()
    bench.receiving.stop()


def test_a_new_source_knows_nothing_of_the_old_one(bench: Bench) -> None:
    bench.warm_up()
    other = ScriptedSource()
    bench.receiving.start(other)
    bench.source.say(moment(T0 + 50), moment(T0 + 51))
    until(lambda: other.opened == 1)
    assert bench.receiving.state().fix is None
    bench.receiving.stop()
    assert bench.receiving.state().status == "off"


def test_garbage_alone_asks_for_the_speed(bench: Bench) -> None:
    bench.source.say(*[b"\x80\xf1garbled\n"] * 25)
    until(lambda: bench.receiving.state().unreadable)
    state = bench.receiving.state()
    assert state.status == "searching"
    assert "Is the speed right?" in state.sentence(EN)


def test_a_computer_whose_clock_is_wrong_is_told_so(bench: Bench) -> None:
    bench.clock.set(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    bench.warm_up()
    assert bench.receiving.state().clock_off_s is None
    for _ in range(10):
        bench.tick()
    assert "differs from the receiver's by 120 min" in " ".join(bench.receiving.state().warnings(EN))


def test_a_receiver_whose_weeks_began_anew_gives_positions_without_a_time(bench: Bench) -> None:
    """1024 weeks are 19.6 years: such a receiver shows 2007."""
    for _ in range(15):
        bench.clock.pass_time(1)
        bench.at += 1
        bench.hear(gga(bench.at) + rmc(bench.at, day="080407"))
    state = bench.receiving.state()
    assert (state.status, state.clock_off_s) == ("live", None)
    assert "date is wrong" in " ".join(state.warnings(EN))
    assert "gnss_time" not in bench.receiving.capture().fields()


def test_a_port_that_may_not_be_opened_is_said_to_be_so(bench: Bench) -> None:
    bench.source.plugged = False
    bench.source.said.put(SourceLost("in use", refused=True))
    until(lambda: bench.receiving.state().refused)
    assert "in use by another program" in bench.receiving.state().sentence(EN)
    with pytest.raises(NoFix):
        bench.receiving.capture()


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_every_status_has_its_sentence(bench: Bench, language: str) -> None:
    texts = Texts(language)
    said = {bench.receiving.state().sentence(texts)}
    bench.warm_up()
    said.add(bench.receiving.state().sentence(texts))
    for how in ({"hdop": 9.9}, {"quality": 0}, {"datum": "P90"}):
        bench.tick(**how)
        said.add(bench.receiving.state().sentence(texts))
    bench.clock.pass_time(9)
    said.add(bench.receiving.state().sentence(texts))
    bench.receiving.stop()
    said.add(bench.receiving.state().sentence(texts))
    assert len(said) >= 6
    assert all(len(one) > 8 for one in said)
