"""What an outline in drawing measures, asked off the window's thread: one question at a time, the latest state last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldapp.ids import RecordName
from fieldapp.operations import outlines
from fieldapp.operations.outlines import Measured
from fieldapp.texts import N_, Texts
from ui.forms import outline_values
from ui.forms.computed import HINTS
from ui.map.drawing_outline import LEAST, Drawn, LatLon
from ui.session import Session


@dataclass(frozen=True)
class Said:
    """``facts``: word and value; ``problem``: first line and detail, or empty; ``places``: where something is wrong."""

    facts: tuple[tuple[str, str], ...]
    problem: tuple[str, str]
    places: tuple[LatLon, ...]


class Measuring:
    """Measures what is drawn. ``show`` gets the words of the latest outline asked for; older ones are left out."""

    def __init__(self, session: Session, show: Callable[[Said], None]) -> None:
        self._session, self._texts, self._show = session, session.texts, show
        self._wanted: tuple[Drawn, RecordName] | None = None
        self._busy = False
        self._last: tuple[Drawn, RecordName] | None = None

    def ask(self, drawn: Drawn, record: RecordName) -> None:
        """Measure this, soon."""
        if self._last == (drawn, record):
            return
        self._wanted = self._last = drawn, record
        if not self._busy:
            self._next()

    def _next(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        self._busy = True
        drawn, _record = wanted
        outline = drawn.outline()
        frame = self._session.frame
        self._session.ask(
            lambda _ws: outlines.measure(outline_values.outline_of(outline), frame),
            lambda measured: self._take(drawn, measured), lambda _error: self._failed(),
        )  # fmt: skip

    def _take(self, drawn: Drawn, measured: Measured) -> None:
        self._busy = False
        self._show(said_of(drawn, measured, self._texts))
        self._next()

    def _failed(self) -> None:
        self._busy = False
        self._next()


def said_of(drawn: Drawn, measured: Measured, texts: Texts) -> Said:
    """Figures in words. While a ring still lacks corners nothing is said to be wrong with it."""
    facts = [(texts(N_("Corners")), texts.number(drawn.count))]
    if measured.area_m2 is not None:
        facts.append((texts(N_("Area")), texts(N_("{value} m²"), value=texts.number(measured.area_m2, 1))))
    if drawn.count > 1:
        facts.append((texts(N_("Perimeter")), texts(N_("{count} m"), count=texts.number(measured.perimeter_m, 1))))
    begun = drawn.open and len(drawn.ring) < LEAST
    wrong = [one for one in measured.problems if not (begun and one.code == "too_few_points")]
    wrong += [one for one in measured.advice if one.code not in HINTS]
    sentences = [one.sentence(texts) for one in wrong]
    places = tuple((one.place.lat, one.place.lon) for one in wrong if one.place is not None)
    return Said(tuple(facts), (sentences[0] if sentences else "", "\n".join(sentences[1:])), places)
