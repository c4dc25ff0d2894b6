"""Sentences and what stands between them: nothing is guessed, nothing that is wrong gets through, nothing crashes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.gnss.decoding import Decoder
from fieldapp.gnss.fix import Cycle, Fix, Gates
from fieldapp.gnss.sentences import Dtm, Gga, Gst, Rmc, Zda, read_sentence
from tests.builders_gnss import PLACE, dtm, gga, moment, rmc, sentence

DATA = Path(__file__).parent / "data"


def decoded(*pieces: bytes) -> list[Cycle]:
    decoder = Decoder()
    found = [cycle for at, piece in enumerate(pieces) for cycle in decoder.feed(piece, float(at))]
    return [*found, *decoder.quiet()]


def fixes(*pieces: bytes) -> list[Fix]:
    return [cycle.fix for cycle in decoded(*pieces) if cycle.fix is not None]


def test_each_kind_of_sentence_is_read() -> None:
    assert read_sentence(sentence("GPGGA,130711,5012.790800,N,00806.879600,W,2,07,1.1,12.5,M,48.0,M,,")) == Gga(
        "GP", 47_231.0, (50 + 12.7908 / 60, -(8 + 6.8796 / 60)), 2, 7, 1.1, 12.5
    )
    assert read_sentence(sentence("GNRMC,184040.00,V,,,,,,,030416,,,N")) == Rmc(
        "GN", 67_240.0, valid=False, place=None, day=date(2016, 4, 3)
    )
    gst = read_sentence(sentence("GNGST,223745.00,228650,2.5,2.4,126,0.98,1.0,3.1"))
    assert isinstance(gst, Gst)
    assert gst.error_m == pytest.approx(2.422, abs=0.001)
    assert read_sentence(sentence("GPZDA,130711,01,06,2011,01,00")) == Zda("GP", 47_231.0, date(2011, 6, 1))
    assert read_sentence(b"$GPDTM,W84,C*52\r\n") == Dtm("GP", "W84")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(gga(1)[:-5] + b"00\r\n", id="checksum"),
        pytest.param(gga(1)[:40], id="cut"),
        pytest.param(gga(1).rstrip()[:-3], id="no checksum"),
        pytest.param(sentence("GNGGA,100001.00,3975.000000,N,04655.800000,E,1,09,0.9,,M,,M,,"), id="75 minutes"),
        pytest.param(sentence("GNGGA,100001.00,9959.466000,N,04655.800000,E,1,09,0.9,,M,,M,,"), id="99 degrees"),
        pytest.param(sentence("GNGGA,100001.00,3959.466000,X,04655.800000,E,1,09,0.9,,M,,M,,"), id="hemisphere"),
        pytest.param(sentence("GNGGA,100001.00,3959.466000,,04655.800000,,1,09,0.9,,M,,M,,"), id="no hemisphere"),
        pytest.param(sentence("GNGGA,100001.00,3959.466000,N,,E,1,09,0.9,,M,,M,,"), id="half a position"),
        pytest.param(sentence("GNGGA,250001.00,3959.466000,N,04655.800000,E,1,09,0.9,,M,,M,,"), id="25 o'clock"),
        pytest.param(sentence("GNGGA,100001.00,3959.466000,N,04655.800000,E,1,09,nan,,M,,M,,"), id="nan"),
        pytest.param(sentence("GNGGA,100001.00,3959.466000,N,04655.800000,E,1,09,1e0,,M,,M,,"), id="exponent"),
        pytest.param(sentence("GNGGA,100001.00,3959.466000,N,04655.800000,E,1,-9,0.9,,M,,M,,"), id="satellites"),
        pytest.param(sentence("GNGGA,100001.00," + "3" * 400 + ",N,04655.8,E,1,09,0.9,,M,,M,,"), id="too long"),
        pytest.param(sentence("GNRMC,100001.00,A,3959.4,N,04655.8,E,0,,320126,,,A"), id="32 January"),
        pytest.param("$GNGGA,Ж*00\r\n".encode(), id="not ASCII"),
        pytest.param(b"$\r\n", id="nothing"),
        pytest.param(b"", id="empty"),
    ],
)  # fmt: skip
def test_what_is_not_as_the_standard_has_it_is_no_sentence(line: bytes) -> None:
    assert read_sentence(line) is None


def test_a_minus_beside_a_hemisphere_is_read_by_the_hemisphere() -> None:
    """A UM981 writes -0214.4,W."""
    read = read_sentence(sentence("GNGGA,100001.00,5127.100000,N,-0214.400000,W,1,09,0.9,,M,,M,,"))
    assert isinstance(read, Gga)
    assert read.place is not None
    assert read.place == pytest.approx((51.451667, -2.24), abs=1e-6)


def test_no_fix_with_empty_fields_is_a_cycle_without_a_position() -> None:
    cycles = decoded(sentence("GNRMC,,V,,,,,,,,,,N"), sentence("GNGGA,,,,,,0,04,28.92,,,,,,"))
    assert [(cycle.fix, cycle.satellites, cycle.hdop) for cycle in cycles] == [(None, 4, 28.92)]


@pytest.mark.parametrize("mode", ["N", "E", "M", "S"])
def test_an_rmc_in_simulation_or_dead_reckoning_voids_the_fix(mode: str) -> None:
    said = sentence(f"GNRMC,100001.00,A,3959.466000,N,04655.800000,E,0,,221126,,,{mode}")
    (fix,) = fixes(gga(36_001) + said)
    assert Gates().refusals(fix) == ("no_fix",)


def test_binary_between_sentences_costs_no_sentence() -> None:
    noise = b"\xb5b\x01\x07\x5c\x00" + bytes(range(128, 220)) + b"$\xff"
    said = noise + gga(1) + noise + rmc(1) + noise + moment(2) + noise + moment(3)
    assert [fix.day_s for fix in fixes(said)] == [1, 2, 3]


def test_a_line_that_never_ends_fills_no_memory() -> None:
    decoder = Decoder()
    for _ in range(300):
        assert list(decoder.feed(b"$" * 1000, 0.0)) == []
    assert len(decoder._rest) <= 256
    assert [cycle.fix is not None for cycle in decoder.feed(b"\n" + moment(1) + moment(2), 0.0)] == [True]


def test_the_two_talkers_of_one_receiver_are_one_position() -> None:
    said = gga(1, talker="GN") + gga(1, talker="GP") + rmc(1) + gga(2, talker="GN") + gga(2, talker="GP") + rmc(2)
    read = fixes(said)
    assert [fix.day_s for fix in read] == [1, 2]
    assert [fix.disagreement_m for fix in read] == [0, 0]


def test_two_receivers_on_one_line_are_seen_by_what_they_disagree_on() -> None:
    said = b"".join(gga(at, talker="GN") + gga(at, PLACE[0] + 0.001, talker="II") for at in range(1, 7))
    read = fixes(said)
    assert len(read) == 6
    for fix in read:
        assert fix.disagreement_m == pytest.approx(111, abs=0.5)
        assert Gates().refusals(fix) == ("two_receivers",)


def test_midnight_begins_the_next_day() -> None:
    said = rmc(86_399) + gga(86_399) + gga(0) + gga(1)
    assert [fix.time and fix.time.isoformat() for fix in fixes(said)] == [
        "2026-11-22T23:59:59+00:00", "2026-11-23T00:00:00+00:00", "2026-11-23T00:00:01+00:00"
    ]  # fmt: skip


def test_without_any_date_there_is_no_time() -> None:
    assert [(fix.time, fix.day_s) for fix in fixes(gga(1) + gga(2))] == [(None, 1), (None, 2)]


def test_a_receiver_that_sends_rmc_alone_gives_fixes_that_say_how_little_is_known() -> None:
    read = fixes(b"".join(rmc(at) for at in range(1, 9)))
    assert read
    assert {Gates().refusals(fix) for fix in read} == {("satellites", "hdop")}


@pytest.mark.parametrize("last", [True, False])
def test_a_change_of_datum_marks_the_moment_it_comes_in(last: bool) -> None:
    def said(at: int, code: str) -> bytes:
        return gga(at) + rmc(at) + dtm(code) if last else dtm(code) + gga(at) + rmc(at)

    read = fixes(*(said(at, "W84" if at < 5 else "S42") for at in range(1, 9)))
    assert len(read) == 8
    changed = [fix.day_s for fix in read if fix.datum_changed]
    assert changed == [5 if last else 4]  # where it comes first, nobody can tell it from one that comes last
    assert {fix.datum for fix in read if fix.day_s and fix.day_s < 5 and not fix.datum_changed} == {"W84"}
    assert {fix.datum for fix in read if fix.day_s and fix.day_s >= 5 and not fix.datum_changed} == {"S42"}


def test_no_position_is_handed_on_before_the_datum_sentence_that_follows_it() -> None:
    """A receiver that begins to send datum sentences later on: they come after the position they are about."""
    plain, with_datum = [moment(at) for at in range(1, 5)], [moment(at, datum="W84") for at in range(5, 10)]
    decoder = Decoder()
    for piece in [*plain, *with_datum]:
        list(decoder.feed(piece, 0.0))
    assert list(decoder.feed(gga(10) + rmc(10), 0.0)) == []
    (cycle,) = decoder.feed(dtm("S42"), 0.0)
    assert cycle.fix is not None
    assert (cycle.fix.datum, cycle.fix.datum_changed) == ("S42", True)


def test_a_second_receiver_that_speaks_up_late_marks_the_next_moment() -> None:
    said = [moment(at) for at in range(1, 6)]
    read = fixes(*said, gga(5, PLACE[0] + 0.001, talker="II") + moment(6), moment(7))
    assert [Gates().refusals(fix) for fix in read if fix.day_s and fix.day_s > 4] == [(), ("two_receivers",), ()]


def test_wgs84_with_an_offset_or_another_reference_is_not_wgs84() -> None:
    assert read_sentence(dtm("W84", reference="S42")) == Dtm("GN", "W84+")
    assert read_sentence(sentence("GNDTM,W84,,0.05,N,0.07,E,0.0,W84")) == Dtm("GN", "W84+")


RX210 = (DATA / "rx210.log").read_bytes()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=80), st.sampled_from(RX210.splitlines(keepends=True)), st.just(gga(1)),
                          st.sampled_from([dtm("S42"), b'{"class":"TPV"}\n', b'{"class":"SKY","hdop":1e999}\n', b"{"])),
                max_size=30), st.integers(1, 90))  # fmt: skip
def test_no_bytes_crash_it_or_make_a_fix_that_no_sentence_said(pieces: list[bytes], step: int) -> None:
    data = b"".join(pieces)
    said = {(1, 9), *((fix.quality, fix.satellites) for fix in fixes(RX210))}
    for fix in fixes(*(data[at : at + step] for at in range(0, len(data), step))):
        assert (fix.quality, fix.satellites) in said or fix.satellites is None


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_one_changed_byte_never_moves_a_position(data: st.DataObject) -> None:
    """The checksum sees every change of one byte."""
    whole = moment(1)
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    (right,) = fixes(whole)
    assert {(fix.lat, fix.lon) for fix in fixes(changed)} <= {(right.lat, right.lon)}


@settings(max_examples=100, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["class", "lat", "lon", "mode", "status", "time", "hdop", "uSat",
                                         "satellites", "used", "eph", "alt", "datum", "device"]), inner, max_size=6)),
       st.sampled_from(["TPV", "SKY"]))  # fmt: skip
def test_no_report_of_gpsd_crashes_it(report: object, kind: str) -> None:
    import json

    said = {**report, "class": kind} if isinstance(report, dict) else report
    for fix in fixes(json.dumps(said).encode() + b"\n"):
        assert abs(fix.lat) <= 90
        assert abs(fix.lon) <= 180
