"""What typed points mean: each read back in a second format, the outline measured, and what is to be drawn of it.

Nothing here knows a plot or a hazardous area: both forms, and the form of tasks, look at their points with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fieldapp.domain.vocabulary import vocabulary
from fieldapp.errors import OperatorError
from fieldapp.geodesy import coordinates
from fieldapp.geodesy.area import Problem
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations import outlines
from fieldapp.operations.outlines import Measured, TypedPoint
from fieldapp.texts import N_, Texts
from ui.forms.points import OUTSIDE, point_names
from ui.forms.typed_outline import AUTO, RingAt, TypedLine, TypedOutlineText
from ui.widgets.sketch import Drawing, DrawnRing, Point

Said = tuple[str, str]
"""A sentence and its tone."""


class HoleAlone(OperatorError):
    """A part has a hole and no points around it: taken as it stands, the hole would become the ground."""

    code = "hole_alone"
    what = N_("A hole is typed, and the ground around it is not.")
    kept = N_("What you typed is still there.")
    do = N_("Type the points of the part around it, or remove the hole.")


@dataclass(frozen=True)
class Looked:
    """What can be said of the points now: ``measured`` is None while a point cannot be read."""

    rows: dict[RingAt, list[Said]]
    """For each row of each ring what is said below it."""
    measured: Measured | None
    unread: list[str]
    """Names of the points that cannot be read."""
    read: dict[RingAt, list[Point]]
    """The points that can."""
    corners: list[tuple[RingAt, int]] = field(default_factory=list)
    """For each of ``measured.vertices`` its ring and row."""
    refused: str = ""
    """Why the points cannot be an outline though each of them can be read; "" where they can."""

    @property
    def count(self) -> int:
        """How many points can be read."""
        return sum(map(len, self.read.values()))

    @property
    def problems(self) -> list[Problem]:
        """What keeps the outline from being measured, or is worth a look; the first kind first."""
        if self.measured is None:
            return []
        return sorted([*self.measured.problems, *self.measured.advice], key=lambda one: not one.blocks)


def look(typed: TypedOutlineText, texts: Texts, frame: Frame = FRAME) -> Looked:
    """Read each point back and measure the outline."""
    rows: dict[RingAt, list[Said]] = {}
    read: dict[RingAt, list[Point]] = {}
    unread: list[str] = []
    corners: list[tuple[RingAt, int]] = []
    for at, ring in typed.rings():
        names = point_names([line.role for line in ring])
        rows[at], read[at] = [], []
        for place, (line, name) in enumerate(zip(ring, names, strict=True)):
            if line.empty:
                rows[at].append((texts(N_("Left empty: no point")), "text2"))
                continue
            try:
                said, point = _read(line, name, typed.system, texts, frame)
            except OperatorError as error:
                rows[at].append((error.parts(texts)[0], "danger"))
                unread.append(name)
            else:
                rows[at].append(said)
                read[at].append(point)
                corners.append((at, place))
    if unread:
        return Looked(rows, None, unread, read)
    try:
        outline = outline_of(typed)
    except HoleAlone as error:
        return Looked(rows, None, [], read, corners, error.parts(texts)[0])
    measured = outlines.measure(outline, frame)
    _say_legs(rows, corners, measured, texts)
    return Looked(rows, measured, [], read, corners)


def _read(line: TypedLine, name: str, system: str, texts: Texts, frame: Frame) -> tuple[Said, Point]:
    point = point_of(line, system)
    if point.known is not None:
        lat, lon = float(point.known["lat"]), float(point.known["lon"])
        shown = coordinates.format_position(lat, lon, "utm", frame)
        return (_fixed(point.known, shown, texts), "text2"), Point(lat, lon, name)
    understood = coordinates.parse(point.text, frame, point.system)
    second = coordinates.read_back(understood, frame)
    said = second
    if understood.operation:
        metres = texts.number(understood.accuracy_m, 1)
        said = texts(N_("{position} \u00b7 \u00b1{metres} m by {operation}"), position=second, metres=metres,
                     operation=understood.operation.partition(" ")[0])  # fmt: skip
    notes = " ".join(note.sentence(texts) for note in understood.notes)
    if notes:
        said = texts(N_("{position} \u00b7 {note}"), position=said, note=notes)
    return (said, "warn" if notes else "text2"), Point(understood.lat, understood.lon, name)


def _fixed(known: Mapping[str, str], shown: str, texts: Texts) -> str:
    """A point that was not typed: how it was fixed, and how well."""
    code = known.get("fixed_by", "")
    how = vocabulary("fixed_by").name(code, texts.language) if code and code != "typed" else ""
    metres = known.get("accuracy_m", "")
    if how and metres and known.get("snapped_to"):
        return texts(N_("{position} \u00b7 {how}, snapped, \u00b1{metres} m"), position=shown, how=how, metres=metres)
    if how and metres:
        return texts(N_("{position} \u00b7 {how}, \u00b1{metres} m"), position=shown, how=how, metres=metres)
    return texts(N_("{position} \u00b7 {note}"), position=shown, note=how) if how else shown


def _say_legs(
    rows: dict[RingAt, list[Said]], corners: Sequence[tuple[RingAt, int]], measured: Measured, texts: Texts
) -> None:
    swapped = {index for index, _hint in measured.swaps}
    for index, ((at, place), vertex) in enumerate(zip(corners, measured.vertices, strict=True)):
        sentence, tone = rows[at][place]
        leg_m = measured.legs_m[index]
        if leg_m and not outlines.is_beside(vertex["role"]):
            to_next = texts(N_("{metres} m"), metres=texts.number(leg_m, 1))
            sentence = texts(N_("{position} \u00b7 to next {leg}"), position=sentence, leg=to_next)
        if index in swapped:
            sentence = texts(N_("Swapped? Outside the work area as typed: {line}"), line=sentence)
            tone = "warn"
        rows[at][place] = sentence, tone


def point_of(line: TypedLine, system: str = AUTO) -> TypedPoint:
    """A row as a point of an outline."""
    known = json.loads(line.known) if line.known else None
    return TypedPoint(line.text, line.role, line.system or system, known)


def line_of(point: TypedPoint, *, role: bool = True) -> TypedLine:
    """A point as a row: what is known of it already is not read again."""
    text, known = point.text, ""
    if point.known is not None:
        text = text or f"{point.known['lat']} {point.known['lon']}"
        known = json.dumps({k: v for k, v in point.known.items() if k != "role"}, ensure_ascii=False, sort_keys=True)
    given = outlines.role_code(point.role) if role else ""
    return TypedLine(text, given, "" if point.system == AUTO or known else point.system, known)


def outline_of(typed: TypedOutlineText) -> list[list[list[TypedPoint]]]:
    """The typed outline without rows and rings left empty. Raises HoleAlone."""
    parts = [
        [[point_of(line, typed.system) for line in ring if not line.empty] for ring in part] for part in typed.parts
    ]
    if any(not part[0] and any(part[1:]) for part in parts):
        raise HoleAlone
    return [kept for part in parts if (kept := [ring for ring in part if ring])]


def typed_of(outline: Iterable[Iterable[Iterable[TypedPoint]]], system: str = AUTO) -> TypedOutlineText:
    """An outline of points as rows; SP and TP where they stand anyway are not said again."""
    parts = tuple(tuple(tuple(_plain_roles(ring)) for ring in part) for part in outline)
    return TypedOutlineText(system, parts or (((),),))


def _plain_roles(ring: Iterable[TypedPoint]) -> Iterator[TypedLine]:
    corner = 0
    for point in ring:
        line = line_of(point)
        if line.role == ("SP" if corner == 0 else "TP"):
            line = replace(line, role="")
        corner += line.role not in OUTSIDE
        yield line


def typed_of_stored(outline: Any, beside: Any = None) -> TypedOutlineText:
    """A stored outline, with its landmarks and benchmarks first, as rows that measure and store as the same."""
    stored = outlines.from_stored(outline or [])
    marks = [outlines.from_vertex(vertex) for vertex in beside or []]
    if marks:
        stored = stored or [[[]]]
        stored[0][0] = [*marks, *stored[0][0]]
    return typed_of(stored)


def swapped_back(typed: TypedOutlineText, looked: Looked) -> TypedOutlineText:
    """The points with latitude and longitude exchanged where only that lies in the work area."""
    for index, hint in looked.measured.swaps if looked.measured else []:
        at, place = looked.corners[index]
        ring = [*typed.at(at)]
        ring[place] = TypedLine(f"{hint.lat!r} {hint.lon!r}", ring[place].role, "dd" if typed.system != AUTO else "")
        typed = typed.with_ring(at, ring)
    return typed


def drawing_of(looked: Looked, edited: RingAt) -> Drawing:
    """What the sketch shows of the points, with the places where something is wrong."""
    rings = tuple(
        DrawnRing(tuple(point for point in points if _is_corner(point)), at == edited)
        for at, points in looked.read.items()
        if points
    )
    beside = tuple(point for points in looked.read.values() for point in points if not _is_corner(point))
    places = tuple((one.place.lat, one.place.lon) for one in looked.problems if one.place and one.blocks)
    return Drawing(rings, beside, places)


def _is_corner(point: Point) -> bool:
    return point.name not in OUTSIDE


