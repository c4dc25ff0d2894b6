"""Sentences put together to what the receiver said about one moment.

Receivers send the sentences of a moment in any order, and none says which is the last. What stands in the cycles so
far tells: a cycle is handed on as soon as everything has come that came in the two before, else when the
next moment begins or the line falls silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from fieldapp.gnss.fix import GNSS, NO_FIX, W84, Cycle, Fix
from fieldapp.gnss.sentences import Dtm, Gga, Gst, Other, Rmc, Sentence, Zda
from fieldapp.gnss.spread import distance_m

_CYCLES_UNTIL_RMC_ALONE = 5
"""So many moments without a GGA sentence: this receiver sends none."""


@dataclass
class _Open:
    """The moment that is being said."""

    heard_at: float
    day_s: float | None = None
    kinds: set[str] = field(default_factory=set)
    gga: Gga | None = None
    rmc: Rmc | None = None
    gst: Gst | None = None
    day: date | None = None
    datum_changed: bool = False
    disagreement_m: float = 0.0
    handed_on: bool = False


class Cycles:
    """Takes sentences in the order they come, gives cycles."""

    def __init__(self) -> None:
        self._open: _Open | None = None
        self._usual: set[str] = set()
        self._before: set[str] = set()
        self._without_gga, self._late_disagreement_m = 0, 0.0
        self._datum, self._datum_said, self._change_pending = W84, False, False
        self._datum_fresh = False
        self._last_date: tuple[date, float] | None = None

    def take(self, sentence: Sentence, heard_at: float) -> Iterator[Cycle]:
        """One sentence more; the cycles that it completes."""
        if isinstance(sentence, Other):
            return
        if isinstance(sentence, Dtm):
            self._note_datum(sentence)
        else:
            if self._open is None or self._begins_anew(sentence, self._open):
                yield from self.flush()
                self._open = _Open(heard_at, datum_changed=self._change_pending)
                self._change_pending = False
            _add(self._open, sentence)
            if self._open.handed_on:  # a second receiver may speak when the first one's position is out already
                self._late_disagreement_m = max(self._late_disagreement_m, _disagreement_m(self._open))
        said = self._open
        if said is not None and not said.handed_on and self._usual and self._usual <= said.kinds and self._enough(said):
            yield self._hand_on(said)

    def flush(self) -> Iterator[Cycle]:
        """What is there of the moment being said: the next one begins, or the line fell silent."""
        if self._open is None:
            return
        self._without_gga = 0 if self._open.gga is not None else self._without_gga + 1
        if not self._open.handed_on and self._enough(self._open):
            yield self._hand_on(self._open)
        self._usual, self._before = self._before & self._open.kinds, self._open.kinds
        self._open = None

    def _note_datum(self, said: Dtm) -> None:
        """A change concerns the moment being said: what came before this sentence may be in either datum."""
        running = self._open if self._open is not None and not self._open.handed_on else None
        if said.datum != self._datum:
            self._datum = said.datum
            if running is not None:
                running.datum_changed = True
            else:
                self._change_pending = True
        self._datum_said = self._datum_fresh = True
        if self._open is not None:  # handed on already or not: the next ones are kept back until it has come
            self._open.kinds.add("Dtm")

    @staticmethod
    def _begins_anew(sentence: Gga | Rmc | Gst | Zda, running: _Open) -> bool:
        if sentence.day_s is not None and running.day_s is not None and sentence.day_s != running.day_s:
            return True
        kind = type(sentence).__name__
        earlier = running.gga if kind == "Gga" else running.rmc if kind == "Rmc" else None
        # one talker does not say the same sentence twice about one moment
        return earlier is not None and earlier.talker == sentence.talker

    def _enough(self, said: _Open) -> bool:
        """Is there a position, or none said? Where GGA sentences come they are waited for."""
        return said.gga is not None or (said.rmc is not None and self._without_gga >= _CYCLES_UNTIL_RMC_ALONE)

    def _hand_on(self, said: _Open) -> Cycle:
        said.handed_on = True
        fix = self._fix(said)
        if fix is not None:
            return Cycle(said.heard_at, fix, fix.satellites, fix.hdop)
        seen = said.gga
        return Cycle(said.heard_at, None, seen.satellites if seen else None, seen.hdop if seen else None)

    def _fix(self, said: _Open) -> Fix | None:
        gga, rmc = said.gga, said.rmc
        place = gga.place if gga is not None else rmc.place if rmc is not None else None
        if place is None:
            return None
        if gga is not None:
            quality, satellites, hdop, altitude_m = gga.quality, gga.satellites, gga.hdop, gga.altitude_m
        else:
            quality = GNSS if rmc is not None and rmc.valid else NO_FIX
            satellites, hdop, altitude_m = None, None, None
        late_m, self._late_disagreement_m = self._late_disagreement_m, 0.0
        fresh, self._datum_fresh = self._datum_fresh, False
        return Fix(
            place[0], place[1], quality, satellites, hdop, said.heard_at, time=self._time(said), day_s=said.day_s,
            altitude_m=altitude_m, datum=self._datum, datum_said=self._datum_said, datum_fresh=fresh,
            datum_changed=said.datum_changed,
            error_m=said.gst.error_m if said.gst is not None else None, void=rmc is not None and not rmc.valid,
            disagreement_m=max(_disagreement_m(said), late_m),
        )  # fmt: skip

    def _time(self, said: _Open) -> datetime | None:
        """The receiver's time; a cycle that says no date takes the last one, a day later after midnight."""
        if said.day_s is None:
            return None
        day = said.day
        if day is None and self._last_date is not None:
            last, last_s = self._last_date
            day = last if said.day_s >= last_s else last + timedelta(days=1)
        if day is None:
            return None
        self._last_date = day, said.day_s
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=said.day_s)


def _add(said: _Open, sentence: Gga | Rmc | Gst | Zda) -> None:
    said.kinds.add(f"{type(sentence).__name__} {sentence.talker}")
    if said.day_s is None:
        said.day_s = sentence.day_s
    if isinstance(sentence, Gga):
        if said.gga is not None:  # another talker: the first one's position is taken, if the two agree
            said.disagreement_m = max(said.disagreement_m, _apart_m(said.gga.place, sentence.place))
        else:
            said.gga = sentence
    elif isinstance(sentence, Rmc):
        if said.rmc is None or not sentence.valid:
            said.rmc = sentence
        said.day = said.day or sentence.day
    elif isinstance(sentence, Gst):
        said.gst = said.gst or sentence
    else:
        said.day = said.day or sentence.day


def _disagreement_m(said: _Open) -> float:
    between = _apart_m(said.gga.place, said.rmc.place) if said.gga is not None and said.rmc is not None else 0.0
    return max(said.disagreement_m, between)


def _apart_m(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    return 0.0 if one is None or other is None else distance_m(*one, *other)
