"""A thread that listens to a source, connects again when the cable was pulled, and ends when it is told to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Protocol

from fieldapp.clock import Clock
from fieldapp.gnss.decoding import Counts, Decoder
from fieldapp.gnss.fix import Cycle
from fieldapp.gnss.sources import Connection, Source, SourceEnded, SourceLost

AGAIN_AFTER_S = 1.0
"""Between two tries to connect."""
_SILENT_READS = 4
"""So many reads without a byte (a second): what is there of a cycle is handed on."""
_UNREADABLE_LINES = 20
"""So many lines in a row that are no sentences: the speed is wrong, or this is no receiver."""


@dataclass(frozen=True, slots=True)
class Link:
    """How the connection is."""

    up: bool
    source: str = ""
    """What was connected to, where that was found by itself."""
    reason: str = ""
    """The system's word why it is not up."""
    refused: bool = False
    """Something is there, but another program has it, or this user may not open it."""
    ended: bool = False
    """A recorded log is at its end."""
    unreadable: bool = False
    """Bytes come, but no sentences."""


class Hearer(Protocol):
    """Who is told what the listener hears. Called in the listener's thread."""

    def on_link(self, link: Link) -> None:
        """The connection came up, was lost, or sends nothing that can be read."""
        ...

    def on_bytes(self, data: bytes) -> None:
        """Raw bytes, as they came."""
        ...

    def on_cycle(self, cycle: Cycle) -> None:
        """What the receiver said about one moment."""
        ...


class Listener:
    """Listens until ``stop``."""

    def __init__(self, source: Source, clock: Clock, hearer: Hearer) -> None:
        self._source, self._clock, self._hearer = source, clock, hearer
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="receiver", daemon=True)
        self.counts = Counts()
        """Of the connection that is open."""

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Tell it to end; returns at once, nothing is told to the hearer that is heard from now on."""
        self._stopped.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended by ``stop`` or at the end of a recorded log; False where it has not by then."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except SourceEnded:
                self._tell(Link(up=False, ended=True))
                return
            except SourceLost as error:
                self._tell(Link(up=False, reason=error.reason, refused=error.refused))
            self._stopped.wait(AGAIN_AFTER_S)

    def _tell(self, link: Link) -> None:
        if not self._stopped.is_set():
            self._hearer.on_link(link)

    def _listen(self) -> None:
        connection = self._source.open(self._stopped)
        decoder = Decoder()
        self.counts = decoder.counts
        try:
            self._tell(Link(up=True, source=connection.name))
            self._read(connection, decoder)
        except SourceEnded:
            self._hand_on(decoder.quiet())
            raise
        finally:
            connection.close()

    def _read(self, connection: Connection, decoder: Decoder) -> None:
        silent, told = 0, False
        while not self._stopped.is_set():
            data = connection.read()
            if not data:
                silent += 1
                if silent == _SILENT_READS:
                    self._hand_on(decoder.quiet())
                continue
            silent = 0
            if self._stopped.is_set():
                return
            self._hearer.on_bytes(data)
            self._hand_on(decoder.feed(data, self._clock.monotonic()))
            unreadable = decoder.counts.unreadable_in_a_row >= _UNREADABLE_LINES
            if unreadable != told:
                told = unreadable
                self._tell(Link(up=True, source=connection.name, unreadable=unreadable))

    def _hand_on(self, cycles: Iterable[Cycle]) -> None:
        for cycle in cycles:
            if self._stopped.is_set():
                return
            self._hearer.on_cycle(cycle)
