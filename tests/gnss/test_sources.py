"""Real ports (pseudo-terminals), real sockets, real files, each heard in its own thread."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

import pytest

from fieldapp.clock import SystemClock
from fieldapp.gnss import ports
from fieldapp.gnss.fix import Cycle, Fix, Gates
from fieldapp.gnss.listening import Link, Listener
from fieldapp.gnss.ports import Port, PortSilent, find_port
from fieldapp.gnss.sources import GpsdSource, ReplaySource, SerialSource, Source, SourceLost
from tests.builders_gnss import ScriptedSource, gga, moment, until
from tests.terminals import open_terminal

DATA = Path(__file__).parent / "data"
LOGS = {"rx210": 40, "haicom-305N": 36, "nmea-rtk": 122, "ublox-neo-m9n-nmea": 61}

on_a_terminal = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


@dataclass
class Notes:
    """What a listener told."""

    cycles: list[Cycle] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    lock: Lock = field(default_factory=Lock)

    def on_link(self, link: Link) -> None:
        self.links.append(link)

    def on_bytes(self, data: bytes) -> None:
        self.raw += data

    def on_cycle(self, cycle: Cycle) -> None:
        self.cycles.append(cycle)

    @property
    def passed(self) -> list[Fix]:
        gates = Gates()
        return [one.fix for one in list(self.cycles) if one.fix is not None and not gates.refusals(one.fix)]


@contextmanager
def listening(source: Source) -> Iterator[tuple[Listener, Notes]]:
    """A listener at work."""
    notes = Notes()
    listener = Listener(source, SystemClock(), notes)
    listener.start()
    try:
        yield listener, notes
    finally:
        listener.stop()
        assert listener.wait(20)


class Terminal:
    """A receiver at the far end of a pseudo-terminal; ``path`` stays the same when the cable is plugged in again."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ttyRX"
        self.plug_in()

    def plug_in(self) -> None:
        import tty

        self._ours, self._theirs = open_terminal()
        tty.setraw(self._theirs)
        self.path.symlink_to(os.ttyname(self._theirs))

    def say(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._ours, data[:512]) :]

    def pull(self) -> None:
        self.path.unlink()
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    yield made
    with suppress(OSError):
        made.pull()


@on_a_terminal
@pytest.mark.parametrize("log", list(LOGS))
def test_a_recorded_receiver_on_a_port_gives_the_fixes_that_were_counted(terminal: Terminal, log: str) -> None:
    data = (DATA / f"{log}.log").read_bytes()
    with listening(SerialSource(str(terminal.path), 4800)) as (_, notes):
        until(lambda: notes.links)
        terminal.say(data)
        until(lambda: len(notes.raw) == len(data))
        until(lambda: len(notes.passed) == LOGS[log])
    assert bytes(notes.raw) == data


@on_a_terminal
def test_a_pulled_cable_is_noticed_and_plugged_in_again_it_is_heard_again(terminal: Terminal) -> None:
    with listening(SerialSource(str(terminal.path), 9600)) as (_, notes):
        until(lambda: notes.links)
        terminal.say(moment(1) + moment(2) + moment(3))
        until(lambda: len(notes.passed) >= 2)
        terminal.pull()
        until(lambda: not notes.links[-1].up)
        assert notes.links[-1].reason
        heard = len(notes.passed)
        terminal.plug_in()
        until(lambda: notes.links[-1].up)
        terminal.say(moment(10) + moment(11) + moment(12))
        until(lambda: len(notes.passed) >= heard + 2)


@on_a_terminal
def test_a_port_that_is_not_there_is_tried_until_it_is(tmp_path: Path) -> None:
    with listening(SerialSource(str(tmp_path / "ttyRX"), 9600)) as (_, notes):
        until(lambda: notes.links)
        assert not notes.links[0].up
        terminal = Terminal(tmp_path)
        until(lambda: notes.links[-1].up)
    terminal.pull()


@on_a_terminal
def test_silence_hands_on_what_was_said_and_blocks_nobody(terminal: Terminal) -> None:
    with listening(SerialSource(str(terminal.path), 9600)) as (listener, notes):
        until(lambda: notes.links)
        terminal.say(gga(1))
        until(lambda: len(notes.cycles) == 1)
        listener.stop()
        assert listener.wait(20)


@contextmanager
def talking(terminal: Terminal) -> Iterator[None]:
    """A receiver that says a moment again and again."""
    stopped = Event()

    def talk() -> None:
        seconds = 0
        while not stopped.wait(0.02):
            seconds += 1
            terminal.say(moment(seconds))

    thread = Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@on_a_terminal
def test_the_port_that_talks_nmea_is_found_among_others(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    silent = Terminal(tmp_path / "other")
    monkeypatch.setattr(ports, "_LISTEN_S", 0.25)
    monkeypatch.setattr(ports, "SPEEDS", (4800, 9600))
    listed = [Port(str(tmp_path / "gone"), ""), Port(str(silent.path), ""), Port(str(terminal.path), "u-blox")]
    monkeypatch.setattr(ports, "ports", lambda: listed)
    tried: list[tuple[str, int]] = []
    with talking(terminal):
        found = find_port(None, None, Event(), tell=lambda port, speed: tried.append((port, speed)))
        assert found.port == str(terminal.path)
        with listening(SerialSource()) as (_, notes):
            until(lambda: notes.passed)
            assert notes.links[-1].source == str(terminal.path)
    assert [port for port, _ in tried] == [listed[0].port, listed[1].port, listed[1].port, listed[2].port]
    silent.pull()


@on_a_terminal
def test_a_port_without_a_receiver_is_said_to_be_silent(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_LISTEN_S", 0.25)
    with pytest.raises(PortSilent):
        find_port(str(terminal.path), 9600, Event())


def test_looking_for_a_port_ends_when_it_is_told_to() -> None:
    stopped = Event()
    stopped.set()
    with pytest.raises(SourceLost):
        SerialSource("COM99").open(stopped)


TPV = {"class": "TPV", "device": "/dev/ttyACM0", "mode": 3, "status": 2, "time": "2026-11-22T06:15:00.000Z",
       "lat": 39.9911, "lon": 46.93, "altMSL": 350.0, "eph": 2.4}  # fmt: skip
SKY = {"class": "SKY", "device": "/dev/ttyACM0", "hdop": 0.8, "uSat": 11}


class Gpsd:
    """A gpsd that says what it is told to, to one caller at a time."""

    def __init__(self, *said: bytes) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._said, self.asked, self.callers = said, b"", 0
        self.hang_up = Event()
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._server.accept()
                self.callers += 1
                with caller:
                    self.asked = caller.recv(200)
                    for line in self._said:
                        caller.sendall(line)
                    self.hang_up.wait()
                    self.hang_up.clear()

    def close(self) -> None:
        self._server.close()
        self.hang_up.set()


def line(report: object) -> bytes:
    return json.dumps(report).encode() + b"\r\n"


def test_gpsd_is_asked_to_watch_and_its_reports_become_fixes() -> None:
    gpsd = Gpsd(line({"class": "VERSION", "release": "3.25"}), line(SKY), line(TPV))
    with listening(GpsdSource("127.0.0.1", gpsd.port)) as (_, notes):
        until(lambda: notes.passed)
        fix = notes.passed[0]
        assert gpsd.asked == b'?WATCH={"enable":true,"json":true}\n'
        assert (fix.lat, fix.lon, fix.quality) == (39.9911, 46.93, 2)
        assert (fix.satellites, fix.hdop, fix.error_m) == (11, 0.8, 2.4)
        assert fix.time is not None
        assert (fix.time.isoformat(), fix.datum) == ("2026-11-22T06:15:00+00:00", "W84")
        gpsd.hang_up.set()
        until(lambda: gpsd.callers == 2)
        until(lambda: len(notes.passed) == 2)
    gpsd.close()


def test_a_gpsd_that_never_ends_a_line_fills_no_memory_and_stops_nothing() -> None:
    gpsd = Gpsd(b'{"class":"' + b"x" * 300_000, b"\n", line(SKY), line(TPV))
    with listening(GpsdSource("127.0.0.1", gpsd.port)) as (listener, notes):
        until(lambda: notes.passed)
        assert listener.counts.unreadable >= 1
    gpsd.close()


def test_of_two_receivers_that_a_gpsd_has_one_is_listened_to() -> None:
    other = {**TPV, "device": "/dev/ttyACM1", "lat": 40.5}
    gpsd = Gpsd(line(SKY), line(TPV), line(other), line({**TPV, "time": "2026-11-22T06:15:01.000Z"}), line(other))
    with listening(GpsdSource("127.0.0.1", gpsd.port)) as (_, notes):
        until(lambda: len(notes.passed) == 2)
        assert {fix.lat for fix in notes.passed} == {39.9911}
    gpsd.close()


@on_a_terminal
def test_a_port_that_another_program_has_is_refused_not_gone(terminal: Terminal) -> None:
    import serial

    with serial.Serial(str(terminal.path), exclusive=True), pytest.raises(SourceLost) as lost:
        SerialSource(str(terminal.path), 9600).open(Event())
    assert lost.value.refused


def test_no_gpsd_is_lost_and_tried_again() -> None:
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    with listening(GpsdSource("127.0.0.1", port)) as (_, notes):
        until(lambda: len(notes.links) >= 2)
        assert not any(link.up for link in notes.links)


@pytest.mark.parametrize("log", list(LOGS))
def test_a_replayed_log_gives_all_its_fixes_and_ends(log: str) -> None:
    with listening(ReplaySource(DATA / f"{log}.log", pace=0)) as (listener, notes):
        assert listener.wait(20)
    assert len(notes.passed) == LOGS[log]
    assert notes.links[-1].ended


def test_a_replay_keeps_the_pace_of_the_recording() -> None:
    """Sixty seconds at a hundred times the pace: the pauses that are made are counted, no time is waited for."""

    class Patient(Event):
        waited = 0.0

        def wait(self, timeout: float | None = None) -> bool:
            self.waited += timeout or 0.0
            return False

    stopped = Patient()
    connection = ReplaySource(DATA / "ublox-neo-m9n-nmea.log", pace=100).open(stopped)
    read = b""
    with suppress(Exception):
        while True:
            read += connection.read()
    connection.close()
    assert read == (DATA / "ublox-neo-m9n-nmea.log").read_bytes()
    assert stopped.waited == pytest.approx(60 / 100)


def test_a_log_that_is_gone_is_lost(tmp_path: Path) -> None:
    with pytest.raises(SourceLost):
        ReplaySource(tmp_path / "none.log").open(Event())


def test_a_listener_tells_nothing_more_once_it_is_stopped() -> None:
    source = ScriptedSource()
    with listening(source) as (listener, notes):
        until(lambda: source.opened)
        listener.stop()
        source.say(moment(1), moment(2), moment(3))
        assert listener.wait(20)
    assert not notes.passed
