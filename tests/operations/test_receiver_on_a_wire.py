"""One day of a receiver on a real port (a pseudo-terminal), from cold start to a pulled cable."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.gnss.spread import distance_m
from fieldapp.operations.receiver_errors import DatumRefused, NoFix, PoorFix, ReceiverLost, StaleFix
from fieldapp.operations.receiving import ReceiverState, Receiving, SerialSource
from tests.builders_gnss import PLACE, moment, until
from tests.terminals import open_terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

RX210 = (Path(__file__).parents[1] / "gnss" / "data" / "rx210.log").read_bytes().splitlines(keepends=True)
SK42 = (39.991187, 46.931196)


class Wire:
    """A port, what listens to it, and a clock that stands still unless it is told to go on."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ttyGPS"
        self.clock = SetClock(datetime(2026, 11, 22, 6, 0, tzinfo=UTC))
        self.heard: list[ReceiverState] = []
        self.plug_in()
        self.receiving = Receiving(self.clock, on_cycle=self.heard.append)
        self.receiving.start(SerialSource(str(self.path), 9600))

    def plug_in(self) -> None:
        import tty

        self._ours, self._theirs = open_terminal()
        tty.setraw(self._theirs)
        self.path.symlink_to(os.ttyname(self._theirs))

    def pull(self) -> None:
        self.path.unlink()
        os.close(self._ours)
        os.close(self._theirs)

    def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            os.write(self._ours, piece)

    def stand(self, first: int, *, datum: str | None = None, lat: float = PLACE[0], lon: float = PLACE[1]) -> None:
        """Ten moments in a row at one place, all of them heard."""
        before = len(self.heard)
        for second in range(first, first + 10):
            self.say(moment(second, lat, lon, datum=datum))
        until(lambda: len(self.heard) >= before + 9)
        until(lambda: self.heard[-1].status in ("live", "other_datum"))

    @property
    def status(self) -> str:
        return self.receiving.state().status


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    made = Wire(tmp_path)
    yield made
    made.receiving.stop()


def test_a_day_on_a_wire(wire: Wire) -> None:
    receiving = wire.receiving
    until(lambda: receiving._heard.link.up)
    with pytest.raises(NoFix):
        receiving.capture()

    wire.say(*RX210[:40])
    until(lambda: wire.status == "no_fix")
    with pytest.raises(NoFix):
        receiving.capture()

    wire.say(*RX210[40:])
    until(lambda: sum(state.status == "live" for state in list(wire.heard)) >= 38)
    receiving.begin_average()
    before = len(wire.heard)

    wire.say(b"\xb5b\x01\x07garbled", b"$GNGGA,cut\r\n", b"\x00" * 300, b"\r\n")
    wire.stand(70_000)
    assert any(state.refusals == ("jump",) for state in wire.heard[before:]), "Langen is 3,300 km from Aghdam"
    assert receiving.state().average_ended == "jump"

    receiving.begin_average()
    wire.stand(70_010)
    captured = receiving.capture()
    assert captured.fields()["fixed_by"] == "average"
    assert distance_m(captured.lat, captured.lon, *PLACE) < 0.01

    wire.clock.pass_time(8)
    assert wire.status == "stale"
    for _ in range(6):
        with pytest.raises(StaleFix):
            receiving.capture()

    wire.stand(70_028, datum="W84")
    assert wire.status == "live"
    receiving.begin_average()
    before = len(wire.heard)
    wire.stand(70_038, datum="S42", lat=SK42[0], lon=SK42[1])
    changed = [state for state in wire.heard[before:] if state.status == "other_datum"]
    assert changed[0].average_ended == "datum"
    for state in wire.heard[before:]:
        if state.status == "live" and state.fix is not None:
            assert distance_m(state.fix.lat, state.fix.lon, *PLACE) < 0.2, "103 m off and live"
    assert receiving.capture().operation == "EPSG:15865"

    wire.stand(70_048, datum="ROM")
    with pytest.raises(DatumRefused):
        receiving.capture()

    wire.pull()
    until(lambda: wire.status == "lost")
    with pytest.raises((ReceiverLost, NoFix)):
        receiving.capture()
    wire.plug_in()
    until(lambda: receiving._heard.link.up)
    wire.stand(70_100, datum="W84")
    assert wire.status == "live"
    wire.say(moment(70_110, hdop=9.0), moment(70_111, hdop=9.0))
    until(lambda: wire.status == "poor")
    with pytest.raises(PoorFix):
        receiving.capture()
    wire.pull()
