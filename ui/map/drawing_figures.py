"""What an outline in drawing measures and is near, asked off the window's thread: one question at a time, the latest
state last; and its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fieldapp.domain.checks import Finding, finding
from fieldapp.domain.registry import KINDS
from fieldapp.errors import OperatorError
from fieldapp.ids import RecordName
from fieldapp.operations import drawing
from fieldapp.operations.drawing import Figures, Surroundings
from fieldapp.operations.map_data import FindColumns
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.map.drawing_outline import LEAST, Drawn, LatLon
from ui.session import Session

_NAMED = 3
"""So many overlaps are named; the rest is a number."""
_INSIDE = {
    (True, False): N_("Lies in: {kind} {number}"), (False, False): N_("Partly in: {kind} {number}"),
    (True, True): N_("Lies in: {kind} {number}, which is over"),
    (False, True): N_("Partly in: {kind} {number}, which is over"),
}  # fmt: skip
"""By whether all of it lies there, and whether that is over."""
_CROSSING = "self_crossing"
_LONG = "long_leg"
"""Named by its corners: a mark on each would hide what they are dragged by."""
_ON_LINE_DEG = 1e-7
"""A centimetre: a crossing so near to the closing edge lies on it."""

Answer = tuple[Surroundings | None, Figures]
Line = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """``facts``: word and value. ``problem`` (of the outline itself) and ``warning`` (of what it shares): first line
    and detail, or empty. ``places``: where something is wrong.
    """

    facts: tuple[Line, ...] = ()
    near: tuple[str, ...] = ()
    """The nearest hazard, what it lies in, and finds in it: a sentence each."""
    problem: Line = ("", "")
    tone: str = "danger"
    """Of the problem: ``danger`` or ``warn``."""
    warning: Line = ("", "")
    places: tuple[LatLon, ...] = ()


class Measuring:
    """Measures what is drawn. ``show`` gets the words of the latest outline asked for; older ones are left out.

    ``finds`` gives the points of finds that the map holds.
    """

    def __init__(
        self, session: Session, finds: Callable[[], Sequence[FindColumns]], show: Callable[[Said], None],
        failed: Callable[[OperatorError], None],
    ) -> None:  # fmt: skip
        self._session, self._texts, self._finds = session, session.texts, finds
        self._show, self._failed = show, failed
        self._wanted: tuple[Drawn, RecordName] | None = None
        self._last: tuple[Drawn, RecordName] | None = None
        self._busy = False
        self._around: Surroundings | None = None

    def ask(self, drawn: Drawn, record: RecordName) -> None:
        """Measure this, soon. ``record``: the one that is corrected, which is not compared with itself."""
        if self._last != (drawn, record):
            self._wanted = self._last = drawn, record
            if not self._busy:
                self._next()

    def forget(self) -> None:
        """What was asked is of no interest any more; records may be others when it is asked again."""
        self._wanted = self._last = None

    def _next(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        self._busy = True
        (drawn, record), around, finds = wanted, self._around, tuple(self._finds())
        rings = drawn.rings()

        def look(ws: Workspace) -> Answer:
            return drawing.look(ws, rings, around, name=record or None, finds=finds)

        self._session.ask(look, lambda answer: self._take(drawn, answer), self._refused)

    def _take(self, drawn: Drawn, answer: Answer) -> None:
        self._busy = False
        self._around, figures = answer
        if self._last is not None:
            self._show(said_of(drawn, figures, self._texts))
        self._next()

    def _refused(self, error: OperatorError) -> None:
        self._busy = False
        self._failed(error)
        self._next()


def said_of(drawn: Drawn, figures: Figures, texts: Texts) -> Said:
    """Figures in words. While a ring still lacks corners nothing is said to be wrong with it."""
    begun = drawn.open and len(drawn.ring) < LEAST
    problems = [one for one in figures.problems if not (begun and one.rule in ("too_few_points", "zero_area"))]
    sentences = [_sentence(drawn, one, texts) for one in problems]
    places = tuple(one.place for one in problems if one.place is not None and one.rule != _LONG)
    facts = [(texts(N_("Corners")), texts.number(drawn.count))]
    if figures.area_m2 is not None:
        facts.append((texts(N_("Area")), _m2(figures.area_m2, texts)))
    if drawn.count > 1:
        facts.append((texts(N_("Perimeter")), texts(N_("{count} m"), count=texts.number(figures.length_m, 1))))
    near = tuple(_near(figures, texts))
    tone = "danger" if any(one.severity == "danger" for one in problems) else "warn"
    return Said(tuple(facts), near, _banner(sentences), tone, _banner(_shared(figures, texts)), places)


def _banner(sentences: Sequence[str]) -> Line:
    return (sentences[0], "\n".join(sentences[1:])) if sentences else ("", "")


def _sentence(drawn: Drawn, one: Finding, texts: Texts) -> str:
    """A crossing of the edge that is not drawn yet is said as what it is: the ring may go on elsewhere."""
    if one.rule == _CROSSING and one.place is not None and drawn.can_close:
        first, last = drawn.ring[0], drawn.ring[-1]
        if _on_line(one.place, (last.lat, last.lon), (first.lat, first.lon)):
            return texts(N_("Closed as it is now, the outline would cross itself at the mark."))
    return one.sentence(texts)


def _on_line(at: LatLon, one: LatLon, other: LatLon) -> bool:
    across = (at[0] - one[0]) * (other[1] - one[1]) - (at[1] - one[1]) * (other[0] - one[0])
    long = ((other[0] - one[0]) ** 2 + (other[1] - one[1]) ** 2) ** 0.5
    ends = zip(at, one, other, strict=True)
    within = all(min(a, b) - _ON_LINE_DEG <= x <= max(a, b) + _ON_LINE_DEG for x, a, b in ends)
    return within and long > 0 and abs(across) / long <= _ON_LINE_DEG


def _near(figures: Figures, texts: Texts) -> Iterator[str]:
    """Hazards, what it lies in, and the finds in it."""
    if not figures.compared:
        yield texts(N_("Too large to be compared with what is recorded: it is only measured."))
    nearest, beyond = figures.nearest_hazard, figures.nearest_untouched
    if nearest is not None:
        yield texts(N_("Nearest hazard: {hazard}, {distance}"), hazard=nearest.words(texts),
                    distance=nearest.distance(texts))  # fmt: skip
        if beyond is not None and beyond is not nearest:  # a plot mostly lies in a hazardous area
            yield texts(N_("Nearest outside: {hazard}, {distance}"), hazard=beyond.words(texts),
                        distance=beyond.distance(texts))  # fmt: skip
    elif figures.hazards is not None:
        yield texts(N_("No hazard is recorded within {metres} m. That does not make the ground safe."),
                    metres=texts.number(figures.looked_m))  # fmt: skip
    if figures.unplaced_hazards:
        yield texts.plural(N_("{count} recorded area has no known place"),
                           N_("{count} recorded areas have no known place"), figures.unplaced_hazards)  # fmt: skip
    for one in (figures.inside or ())[:_NAMED]:
        kind = KINDS[one.kind].names.in_language(texts.language)
        yield texts(_INSIDE[one.whole, one.ended], number=one.name, kind=kind)
    if figures.finds:
        yield texts(N_("Finds in it: {count}, of them not removed: {open}"), count=texts.number(figures.finds),
                    open=texts.number(figures.open_finds or 0))  # fmt: skip


def _shared(figures: Figures, texts: Texts) -> list[str]:
    """Ground that plots cover already, in the words of the forms' checks."""
    overlaps = figures.overlaps or ()
    found = [finding("same_outline", (one.record,), other=one.name) for one in figures.same_as[:_NAMED]]
    found += [finding("overlap", (one.record,), m2=one.m2, other=one.name) for one in overlaps[:_NAMED]]
    if overlaps and figures.net_m2 is not None and figures.area_m2 is not None:
        found.append(finding("net_area", (), gross_m2=float(figures.area_m2), net_m2=figures.net_m2))
    said = [one.sentence(texts) for one in found]
    if len(overlaps) > _NAMED:
        more = len(overlaps) - _NAMED
        said.append(texts.plural(N_("{count} more plot overlaps it."), N_("{count} more plots overlap it."), more))
    return said


def _m2(m2: object, texts: Texts) -> str:
    return texts(N_("{value} m²"), value=texts.number(str(m2), 1))
