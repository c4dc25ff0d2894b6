"""Where sentences come from: a serial, USB or Bluetooth port, gpsd, a recorded log.

A source is only a description; ``open`` makes the connection, in the listener's own thread. Reading waits a moment at
most, so that a listener can always be stopped.
"""

from __future__ import annotations

import contextlib
import errno
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import BinaryIO, Protocol

from fieldapp.gnss import gpsd
from fieldapp.gnss.gpsd import PORT
from fieldapp.gnss.ports import PortConnection, PortSilent, find_port

WAIT_S = 0.25
"""A read returns after so long, with nothing if nothing came."""
_CHUNK = 4096


class SourceLost(Exception):
    """The connection cannot be made or is gone; it is tried again.

    ``reason`` is the system's word; ``refused`` where something is there that may not be opened.
    """

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.refused = reason, refused


class SourceEnded(Exception):
    """A recorded log is at its end."""


class Connection(Protocol):
    """An open source."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def read(self) -> bytes:
        """What has come, after ``WAIT_S`` at most; empty for nothing. Raises SourceLost, SourceEnded."""
        ...

    def close(self) -> None:
        """Let go of it. Never raises."""
        ...


class Source(Protocol):
    """Something that can be listened to."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def replayed(self) -> bool:
        """Is it a recording? Its time is then not now."""
        ...

    def open(self, stopped: Event) -> Connection:
        """Connect; gives up soon after ``stopped`` is set. Raises SourceLost."""
        ...


@dataclass(frozen=True)
class SerialSource:
    """A port by its name (``COM5``, ``/dev/ttyUSB0``); without one, the first port that talks NMEA is taken."""

    port: str | None = None
    speed: int | None = None
    """Bits a second; None tries the usual ones."""
    replayed: bool = False

    @property
    def name(self) -> str:
        """The port's name, or nothing while it is looked for."""
        return self.port or ""

    def open(self, stopped: Event) -> Connection:
        """Open the port; without a name or a speed, listen to each until one talks NMEA. Raises SourceLost."""
        try:
            if self.port is not None and self.speed is not None:
                return _Port(self.port, self.speed)
            found = find_port(self.port, self.speed, stopped)
            return _Port(found.port, found.speed)
        except (OSError, ValueError, PortSilent) as error:
            raise SourceLost(str(error), refused=_is_refused(error)) from error


def _is_refused(error: Exception) -> bool:
    """Another program has the port, or the user may not open it. Windows says so in pyserial's text only."""
    return getattr(error, "errno", None) in (errno.EACCES, errno.EBUSY, errno.EAGAIN) or "PermissionError" in str(error)


class _Port:
    """A port whose errors are this module's."""

    def __init__(self, port: str, speed: int) -> None:
        self._port, self.name = PortConnection(port, speed, WAIT_S), port

    def read(self) -> bytes:
        try:
            return self._port.read()
        except (OSError, TypeError, ValueError) as error:  # pyserial: TypeError when closed while it reads
            raise SourceLost(str(error)) from error

    def close(self) -> None:
        self._port.close()


@dataclass(frozen=True)
class GpsdSource:
    """A gpsd on this computer or another one."""

    host: str = "127.0.0.1"
    port: int = PORT
    replayed: bool = False

    @property
    def name(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def open(self, stopped: Event) -> Connection:  # noqa: ARG002 - connecting gives up by itself
        """Connect and ask for reports. Raises SourceLost."""
        try:
            return _Gpsd(self.host, self.port)
        except (OSError, UnicodeError, OverflowError) as error:
            raise SourceLost(str(error)) from error


class _Gpsd:
    def __init__(self, host: str, port: int) -> None:
        self.name = f"{host}:{port}"
        self._socket = socket.create_connection((host, port), timeout=3)
        try:
            self._socket.sendall(gpsd.WATCH)
            self._socket.settimeout(WAIT_S)
        except OSError:
            self._socket.close()
            raise

    def read(self) -> bytes:
        try:
            data = self._socket.recv(_CHUNK)
        except TimeoutError:
            return b""
        except OSError as error:
            raise SourceLost(str(error)) from error
        if not data:
            raise SourceLost("closed")
        return data

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()


@dataclass(frozen=True)
class ReplaySource:
    """A recorded log, NMEA or gpsd's reports."""

    path: Path
    pace: float = 1.0
    """1 as fast as it was recorded, 10 ten times as fast, 0 as fast as it can be read."""
    replayed: bool = True

    @property
    def name(self) -> str:
        """The file's name."""
        return Path(self.path).name

    def open(self, stopped: Event) -> Connection:
        """Open the file. Raises SourceLost."""
        try:
            return _Replay(self.name, Path(self.path).open("rb"), self.pace, stopped.wait)
        except OSError as error:
            raise SourceLost(str(error)) from error


_TIME_OF_DAY = re.compile(rb"\$..(?:GGA|RMC|ZDA|GST),([0-9]{2})([0-9]{2})([0-9]{2}(?:\.[0-9]{1,3})?)")
_LONGEST_PAUSE_S = 60.0


class _Replay:
    """Lines of a file, waiting where the receiver's time goes on."""

    def __init__(self, name: str, file: BinaryIO, pace: float, wait: Callable[[float], object]) -> None:
        self.name, self._file, self._pace, self._wait = name, file, pace, wait
        self._shown_s: float | None = None
        self._held = b""
        self._owed_s = 0.0

    def read(self) -> bytes:
        if self._owed_s > 0:
            pause = min(self._owed_s, WAIT_S)
            self._owed_s -= pause
            self._wait(pause)
            if self._owed_s > 0:
                return b""
        line = self._held or self._file.readline(_CHUNK)
        if not line:
            raise SourceEnded
        if not self._held and self._pace > 0 and (said := _TIME_OF_DAY.match(line)):
            hours, minutes, seconds = (float(part) for part in said.groups())
            now_s = hours * 3600 + minutes * 60 + seconds
            before, self._shown_s = self._shown_s, now_s
            if before is not None and before < now_s:
                self._owed_s = min(now_s - before, _LONGEST_PAUSE_S) / self._pace
                self._held = line
                return b""
        self._held = b""
        return line

    def close(self) -> None:
        self._file.close()
