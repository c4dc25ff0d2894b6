"""Receivers for tests: sentences with right checksums, and a source that says what it is told to say."""

from __future__ import annotations

import queue
from collections.abc import Callable
from functools import reduce
from threading import Event

from fieldapp.gnss.sources import Connection, SourceEnded, SourceLost

PLACE = (39.9911, 46.93)
"""Aghdam."""


def sentence(body: str) -> bytes:
    """``$body*checksum`` with its line end."""
    return f"${body}*{reduce(lambda so_far, byte: so_far ^ byte, body.encode(), 0):02X}\r\n".encode()


def angle(degrees: float, digits: int) -> str:
    """Degrees and minutes as NMEA writes them, six places of the minutes."""
    whole, minutes = divmod(round(abs(degrees) * 60_000_000), 60_000_000)
    return f"{whole:0{digits}d}{minutes // 1_000_000:02d}.{minutes % 1_000_000:06d}"


def day_time(seconds: float) -> str:
    """hhmmss.ss of seconds after midnight."""
    return f"{int(seconds // 3600):02d}{int(seconds // 60 % 60):02d}{seconds % 60:05.2f}"


def place_words(lat: float, lon: float) -> str:
    """Latitude and longitude with their hemispheres."""
    return f"{angle(lat, 2)},{'N' if lat >= 0 else 'S'},{angle(lon, 3)},{'E' if lon >= 0 else 'W'}"


def gga(
    seconds: float, lat: float = PLACE[0], lon: float = PLACE[1], *, quality: int = 1, satellites: int | str = 9,
    hdop: float | str = 0.9, talker: str = "GN",
) -> bytes:
    """A GGA sentence."""
    place = place_words(lat, lon) if quality else ",,,"
    spread = hdop if isinstance(hdop, str) else round(hdop, 2)
    return sentence(f"{talker}GGA,{day_time(seconds)},{place},{quality},{satellites},{spread},350.2,M,-10.0,M,,")


def rmc(
    seconds: float, lat: float = PLACE[0], lon: float = PLACE[1], *, valid: bool = True, day: str = "221126",
    talker: str = "GN",
) -> bytes:
    """An RMC sentence."""
    return sentence(f"{talker}RMC,{day_time(seconds)},{'A' if valid else 'V'},{place_words(lat, lon)},0.0,,{day},,,A")


def dtm(code: str, *, reference: str = "W84", talker: str = "GN") -> bytes:
    """A datum sentence."""
    return sentence(f"{talker}DTM,{code},,0.0,N,0.0,E,0.0,{reference}")


def moment(
    seconds: float, lat: float = PLACE[0], lon: float = PLACE[1], *, datum: str | None = None, quality: int = 1,
    satellites: int = 9, hdop: float = 0.9,
) -> bytes:
    """What a receiver says about one moment."""
    said = gga(seconds, lat, lon, quality=quality, satellites=satellites, hdop=hdop)
    said += rmc(seconds, lat, lon, valid=quality > 0)
    return said + (dtm(datum) if datum is not None else b"")


class ScriptedSource:
    """Says what the test tells it to, loses its cable and gets it back."""

    name, replayed = "scripted", False

    def __init__(self) -> None:
        self.said: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self.plugged, self.opened = True, 0

    def open(self, stopped: Event) -> Connection:
        """Connect."""
        if not self.plugged:
            raise SourceLost("no such port")
        self.opened += 1
        return _Scripted(self.said)

    def say(self, *pieces: bytes) -> None:
        """Send these bytes."""
        for piece in pieces:
            self.said.put(piece)

    def pull(self) -> None:
        """Pull the cable."""
        self.plugged = False
        self.said.put(SourceLost("pulled"))

    def end(self) -> None:
        """End as a recorded log does."""
        self.said.put(SourceEnded())


class _Scripted:
    name = "scripted"

    def __init__(self, said: queue.SimpleQueue[bytes | Exception]) -> None:
        self._said = said

    def read(self) -> bytes:
        try:
            said = self._said.get(timeout=0.02)
        except queue.Empty:
            return b""
        if isinstance(said, Exception):
            raise said
        return said

    def close(self) -> None:
        """Nothing is held."""


def until(condition: Callable[[], object], patience_s: float = 20.0) -> None:
    """Wait until ``condition`` holds; a test that waits in vain fails."""
    pause = Event()
    for _ in range(int(patience_s / 0.005)):
        if condition():
            return
        pause.wait(0.005)
    raise AssertionError("waited in vain")
