"""Bytes of a port, a socket or a recorded log become cycles, whatever stands between the sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldapp.gnss.cycles import Cycles
from fieldapp.gnss.fix import Cycle
from fieldapp.gnss.gpsd import Reports
from fieldapp.gnss.sentences import LONGEST_REPORT_BYTES, LONGEST_SENTENCE_BYTES, read_sentence


@dataclass
class Counts:
    """What has come over the line."""

    total_bytes: int = 0
    sentences: int = 0
    """With a right checksum, or a report of gpsd."""
    unreadable: int = 0
    """Lines that were neither; what never ends with a line counts once for each ``LONGEST_SENTENCE_BYTES``."""
    unreadable_in_a_row: int = 0


class Decoder:
    """One line's decoder: a new one for each connection, so that nothing is put together across a pulled cable."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._rest = b""
        self._cycles = Cycles()
        self._reports = Reports()

    def feed(self, data: bytes, heard_at: float) -> Iterator[Cycle]:
        """More bytes, heard at a moment of the monotonic clock; the cycles they complete."""
        self.counts.total_bytes += len(data)
        lines = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        self._rest = self._cut(lines.pop())
        for line in lines:
            yield from self._line(line, heard_at)

    def quiet(self) -> Iterator[Cycle]:
        """The line has been silent for a while, or has ended: what is there of the moment being said."""
        yield from self._cycles.flush()

    def _cut(self, rest: bytes) -> bytes:
        """No line is longer than one can be: binary noise without an end is let go, a sentence's beginning kept."""
        longest = LONGEST_REPORT_BYTES if rest.startswith(b"{") else LONGEST_SENTENCE_BYTES
        if len(rest) <= longest:
            return rest
        self._unreadable()
        start = rest.rfind(b"$", len(rest) - LONGEST_SENTENCE_BYTES)
        return rest[start:] if start >= 0 else b""

    def _line(self, line: bytes, heard_at: float) -> Iterator[Cycle]:
        if not line.strip() or line.startswith((b"#", b"!")):  # comments of recorded logs, AIS
            return
        if line.startswith(b"{"):
            known, cycle = self._reports.take(line, heard_at) if len(line) <= LONGEST_REPORT_BYTES else (False, None)
            self._note(known=known)
            if cycle is not None:
                yield cycle
            return
        sentence = read_sentence(line)
        self._note(known=sentence is not None)
        if sentence is not None:
            yield from self._cycles.take(sentence, heard_at)

    def _note(self, *, known: bool) -> None:
        if known:
            self.counts.sentences += 1
            self.counts.unreadable_in_a_row = 0
        else:
            self._unreadable()

    def _unreadable(self) -> None:
        self.counts.unreadable += 1
        self.counts.unreadable_in_a_row += 1
