"""The recorded receivers, byte for byte, through decoder, gates and average: the figures that were measured on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.gnss.decoding import Decoder
from fieldapp.gnss.fix import Cycle, Fix, Gates
from fieldapp.gnss.spread import average

DATA = Path(__file__).parent / "data"


def cycles(data: bytes, piece: int = 4096) -> list[Cycle]:
    """All cycles of a log that comes in pieces of so many bytes."""
    decoder = Decoder()
    found = [cycle for at in range(0, len(data), piece) for cycle in decoder.feed(data[at : at + piece], float(at))]
    return [*found, *decoder.quiet()]


def passing(data: bytes, gates: Gates | None = None) -> list[Fix]:
    """The fixes that pass."""
    gates = gates or Gates()
    return [cycle.fix for cycle in cycles(data) if cycle.fix is not None and not gates.refusals(cycle.fix)]


@pytest.mark.parametrize(
    ("log", "sentences", "passed", "r95_m"),
    [
        ("rx210", 61, 40, 6.7), ("haicom-305N", 73, 36, 12.1), ("nmea-rtk", 122, 122, 4.6),
        ("ublox-neo-m9n-nmea", 61, 61, 1.6), ("saab-r4", 12, 0, None),
    ],
)  # fmt: skip
def test_as_many_fixes_pass_as_were_counted(log: str, sentences: int, passed: int, r95_m: float | None) -> None:
    data = (DATA / f"{log}.log").read_bytes()
    assert data.count(b"GGA,") == sentences
    assert len(cycles(data)) == sentences
    fixes = passing(data)
    assert len(fixes) == passed
    if r95_m is not None:
        assert average(fixes).r95_m == pytest.approx(r95_m, abs=0.05)


@pytest.mark.parametrize("log", ["rx210", "haicom-305N", "ublox-neo-m9n-nmea"])
def test_it_does_not_matter_in_what_pieces_the_bytes_come(log: str) -> None:
    data = (DATA / f"{log}.log").read_bytes()
    whole = [cycle.fix and (cycle.fix.lat, cycle.fix.lon, cycle.fix.time) for cycle in cycles(data)]
    assert [cycle.fix and (cycle.fix.lat, cycle.fix.lon, cycle.fix.time) for cycle in cycles(data, 7)] == whole


def test_a_marine_receiver_without_satellites_and_hdop_passes_only_gates_that_do_not_ask() -> None:
    data = (DATA / "saab-r4.log").read_bytes()
    fixes = passing(data, Gates(min_satellites=None, max_hdop=None))
    assert len(fixes) == 12
    assert {(fix.datum, fix.datum_said) for fix in fixes[1:]} == {("W84", True)}
