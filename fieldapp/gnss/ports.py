"""Serial, USB and Bluetooth ports, by pyserial: which there are, which one talks NMEA, and at which speed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from fieldapp.gnss.decoding import Decoder

SPEEDS = (9600, 4800, 115200, 38400, 57600, 19200, 230400)
"""Bits a second that receivers use, the likely ones first; USB receivers take any."""
_ENOUGH_SENTENCES = 2
_LISTEN_S, _WAIT_S = 2.5, 0.25
"""A receiver talks once a second; the first sentence is often cut."""


class PortSilent(Exception):
    """No port was found that talks NMEA."""


@dataclass(frozen=True)
class Port:
    """A port of this computer."""

    port: str
    description: str
    """What its driver says of it."""


@dataclass(frozen=True)
class Found:
    """A port that talks NMEA, and the speed at which it does."""

    port: str
    speed: int


class PortConnection:
    """An open port. Raises OSError (pyserial's SerialException is one) and ValueError for a speed it does not know."""

    def __init__(self, port: str, speed: int, wait_s: float) -> None:
        import serial

        self._serial = serial.Serial(port, speed, timeout=wait_s, exclusive=True)  # two readers get half each

    def read(self) -> bytes:
        """What has come: waits for the first byte at most, then takes what is there."""
        data: bytes = self._serial.read(max(1, min(self._serial.in_waiting, 4096)))
        if data:
            data += self._serial.read(min(self._serial.in_waiting, 4096))
        return data

    def close(self) -> None:
        """Let go of the port; a pulled one may complain."""
        with contextlib.suppress(OSError, TypeError, ValueError):
            self._serial.close()


def ports() -> list[Port]:
    """The ports this computer has, by name."""
    from serial.tools import list_ports

    found = [Port(str(one.device), str(one.description or "")) for one in list_ports.comports()]
    return sorted(found, key=lambda one: one.port)


def find_port(
    port: str | None, speed: int | None, stopped: Event, *, tell: Callable[[str, int], None] | None = None
) -> Found:
    """The first port and speed at which NMEA is heard: of all ports, or for a given port, or a given speed.

    ``tell`` hears what is tried. Raises PortSilent where nothing talks or ``stopped`` was set, OSError where the
    one port asked for cannot be opened.
    """
    names = [port] if port is not None else [one.port for one in ports()]
    for name in names:
        for tried in (speed,) if speed is not None else SPEEDS:
            if stopped.is_set():
                raise PortSilent("stopped")
            if tell is not None:
                tell(name, tried)
            try:
                if _talks(name, tried, stopped):
                    return Found(name, tried)
            except (OSError, ValueError) as error:
                if port is not None:
                    raise OSError(getattr(error, "errno", None) or 0, str(error)) from error
                break  # in use or gone: the next one
    raise PortSilent(", ".join(names) or "no port")


def _talks(name: str, speed: int, stopped: Event) -> bool:
    connection, decoder = PortConnection(name, speed, _WAIT_S), Decoder()
    silent_s = heard = 0.0
    try:
        while heard + silent_s < _LISTEN_S and not stopped.is_set():
            data = connection.read()
            silent_s += 0 if data else _WAIT_S
            heard += 0.05 if data else 0  # bytes that never make a sentence end the trial, too
            for _ in decoder.feed(data, 0.0):
                pass
            if decoder.counts.sentences >= _ENOUGH_SENTENCES:
                return True
    finally:
        connection.close()
    return False
