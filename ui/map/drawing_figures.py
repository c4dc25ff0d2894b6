"""What an outline in drawing measures and is near, asked off the window's thread: one question at a time, the latest
state last; and its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QTimer

from fieldapp.domain.checks import Finding, finding
from fieldapp.domain.registry import KINDS
from fieldapp.errors import OperatorError
from fieldapp.ids import RecordName
from fieldapp.operations import drawing
from fieldapp.operations.drawing import Figures, Surroundings
from fieldapp.operations.map_data import FindColumns
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.map.card import position_text
from ui.map.drawing_outline import LEAST, Drawn, LatLon
from ui.session import Session

_NAMED = 3
"""So many problems, and grounds it lies in, are said; the rest is a number."""
_LISTED = 20
"""So many plots are listed; the rest is a number."""
_LATE_MS = 150
"""Figures of the outline before are taken away when those of this one take longer."""
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


@dataclass(frozen=True)
class _Asked:
    """An outline in drawing. ``record``: the one that is corrected; ``target``: the page that gets it."""

    drawn: Drawn
    record: RecordName
    target: str


class Measuring:
    """Measures what is drawn. ``show`` gets the words of the latest outline asked for; older ones are left out.

    While the latest takes long, ``show`` is told so: figures of another outline never stay. ``finds`` gives the points
    of finds that the map holds.
    """

    def __init__(
        self, session: Session, finds: Callable[[], Sequence[FindColumns]], show: Callable[[Said], None],
        failed: Callable[[OperatorError], None],
    ) -> None:  # fmt: skip
        self._session, self._texts, self._finds = session, session.texts, finds
        self._show, self._failed = show, failed
        self._wanted: _Asked | None = None
        self._last: _Asked | None = None
        self._question = 0
        self._busy = False
        self._around: Surroundings | None = None
        self._late = QTimer()
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE_MS)
        self._late.timeout.connect(self._say_late)

    def ask(self, drawn: Drawn, record: RecordName, target: str) -> None:
        """Measure this, soon. ``record``: the one that is corrected, which is not compared with itself."""
        asked = _Asked(drawn, record, target)
        if self._last != asked:
            self._wanted = self._last = asked
            self._question += 1
            if not self._late.isActive():
                self._late.start()
            if not self._busy:
                self._next()

    def forget(self) -> None:
        """What was asked is of no interest any more; records may be others when it is asked again."""
        self._wanted = self._last = None
        self._question += 1
        self._late.stop()

    def _say_late(self) -> None:
        if self._last is not None:
            self._show(_unmeasured(self._last.drawn, self._texts, N_("Being measured …")))

    def _next(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        self._busy = True
        question, around, finds = self._question, self._around, tuple(self._finds())
        rings = wanted.drawn.rings()

        def look(ws: Workspace) -> Answer:
            return drawing.look(ws, rings, around, name=wanted.record or None, finds=finds)

        self._session.ask(look, lambda answer: self._take(question, wanted, answer),
                          lambda error: self._refused(question, wanted, error))  # fmt: skip

    def _take(self, question: int, asked: _Asked, answer: Answer) -> None:
        self._busy = False
        self._around, figures = answer
        if question == self._question:
            self._late.stop()
            self._show(said_of(asked.drawn, figures, self._texts, self._where, asked.target))
        self._next()

    def _refused(self, question: int, asked: _Asked, error: OperatorError) -> None:
        self._busy = False
        if question == self._question:
            self._late.stop()
            self._show(_unmeasured(asked.drawn, self._texts, N_("It could not be measured.")))
            self._failed(error)
        self._next()

    def _where(self, at: LatLon) -> str:
        return position_text(self._session, at)


def _unmeasured(drawn: Drawn, texts: Texts, why: str) -> Said:
    return Said((_corners(drawn, texts),), (texts(why),))


def _corners(drawn: Drawn, texts: Texts) -> Line:
    return texts(N_("Corners")), texts.number(drawn.count)


def said_of(
    drawn: Drawn, figures: Figures, texts: Texts, where: Callable[[LatLon], str], target: str = "plot"
) -> Said:
    """Figures in words. While a ring still lacks corners nothing is said to be wrong with it.

    ``where`` says a place in the format this computer shows positions in. ``target``: the page that gets the outline;
    a task has plots in it, which is nothing to be warned of.
    """
    begun = drawn.open and len(drawn.ring) < LEAST
    problems = [one for one in figures.problems if not (begun and one.rule in ("too_few_points", "zero_area"))]
    sentences = [_sentence(drawn, one, texts, where) for one in problems[:_NAMED]]
    more = figures.problem_count - len(figures.problems) + len(problems) - len(sentences)
    if more > 0:
        sentences.append(texts.plural(N_("{count} more like these"), N_("{count} more like these"), more))
    places = tuple(one.place for one in problems if one.place is not None and one.rule != _LONG)
    facts = [_corners(drawn, texts)]
    if figures.area_m2 is not None:
        facts.append((texts(N_("Area")), _m2(figures.area_m2, texts)))
    if drawn.count > 1:
        facts.append((texts(N_("Perimeter")), texts(N_("{count} m"), count=texts.number(figures.length_m, 1))))
    near, warning = (*_near(figures, texts),), ("", "")
    if target == "tasks":
        near = (*near, *_plots_inside(figures, texts))
    else:
        near, warning = (*near, *_listed(figures, texts)), _banner(_shared(figures, texts))
    tone = "danger" if any(one.severity == "danger" for one in problems) else "warn"
    return Said(tuple(facts), near, _banner(sentences), tone, warning, places)


def _banner(sentences: Sequence[str]) -> Line:
    return (sentences[0], "\n".join(sentences[1:])) if sentences else ("", "")


def _sentence(drawn: Drawn, one: Finding, texts: Texts, where: Callable[[LatLon], str]) -> str:
    """A crossing of the edge that is not drawn yet is said as what it is: the ring may go on elsewhere."""
    if one.rule == _CROSSING and one.place is not None and drawn.can_close:
        first, last = drawn.ring[0], drawn.ring[-1]
        if _on_line(one.place, (last.lat, last.lon), (first.lat, first.lon)):
            return texts(N_("Closed as it is now, the outline would cross itself at the mark."))
    if one.place is not None:
        one = replace(one, facts={**one.facts, "place": where(one.place)})
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
    """Ground that plots cover already, in the words of the forms' checks; of several how many, ``_listed`` below."""
    overlaps = figures.overlaps or ()
    said = _same(figures, texts)
    if len(overlaps) == 1:
        [one] = overlaps
        said.append(finding("overlap", (one.record,), m2=one.m2, other=one.name).sentence(texts))
    elif overlaps:
        said.append(texts.plural(N_("{count} plot covers ground of it already."),
                                 N_("{count} plots cover ground of it already."), len(overlaps)))  # fmt: skip
    if overlaps and figures.net_m2 is not None and figures.area_m2 is not None:
        net = finding("net_area", (), gross_m2=float(figures.area_m2), net_m2=figures.net_m2)
        said.append(net.sentence(texts))
    return said


def _listed(figures: Figures, texts: Texts) -> list[str]:
    """Plots whose ground it covers, where they are several: a line each."""
    overlaps = figures.overlaps or ()
    if len(overlaps) < 2:
        return []
    said = [texts(N_("{number}: {area}"), number=one.name, area=_m2(one.m2, texts)) for one in overlaps[:_LISTED]]
    return [texts(N_("Plots that cover ground of it:")), *said, *_others(len(overlaps), texts)]


def _plots_inside(figures: Figures, texts: Texts) -> Iterator[str]:
    """Plots in a task: how many, and their numbers."""
    plots = figures.overlaps or ()
    yield from _same(figures, texts)
    if plots:
        yield texts(N_("Plots that release ground in it: {count}"), count=texts.number(len(plots)))
        yield ", ".join(one.name for one in plots[:_LISTED])
        yield from _others(len(plots), texts)


def _same(figures: Figures, texts: Texts) -> list[str]:
    return [finding("same_outline", (one.record,), other=one.name).sentence(texts) for one in figures.same_as[:_NAMED]]


def _others(count: int, texts: Texts) -> list[str]:
    more = count - _LISTED
    return [texts.plural(N_("and {count} more"), N_("and {count} more"), more)] if more > 0 else []


def _m2(m2: object, texts: Texts) -> str:
    return texts(N_("{value} m²"), value=texts.number(str(m2), 1))
