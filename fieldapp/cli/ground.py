"""The options by which commands take ground: points in any system, bearings and distances, lists, files; and
``fieldapp plot measure``, which says what they make and saves nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import click

from fieldapp.cli import surroundings
from fieldapp.cli.convert import settled
from fieldapp.cli.output import Context, shared_options
from fieldapp.clock import SystemClock
from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import format_position
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.grids import GRIDS, grid_name
from fieldapp.geodesy.traverse import LIMITS, UNITS, ClosureLimits, Unit
from fieldapp.operations import leg_lists, legs, outlines, positions
from fieldapp.operations.area_files import bytes_of
from fieldapp.operations.legs import LegSet, Walked
from fieldapp.operations.outlines import Measured, TypedPoint
from fieldapp.operations.plots import Ground
from fieldapp.operations.task_errors import AreasNotRead
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts

_ROLE = re.compile(r"((?:RP|BM|SP|TP|IP|EP)[0-9]{0,4})=(.*)", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r"([0-9]{1,3}):(.*)", re.DOTALL)
_SYSTEMS = "dd, dm, dms, utm, mgrs, sk42, sk42-gk, sk42-gk3, ck63, or a system of one's own"


class ListHasErrors(OperatorError):
    """Lines of a pasted list cannot be read. Facts: ``lines``, each with its number and reason."""

    code = "list_has_errors"
    what = N_("The list has lines that cannot be read. {lines}")
    kept = N_("Nothing was taken from it.")
    do = N_("Put these lines right, or name the system they are written in.")


def ground_options() -> list[click.Option]:
    """The options of every command that takes ground, besides ``--point``."""
    given: list[tuple[list[str], dict[str, Any]]] = [
        (["--part", "parts"], {"multiple": True, "help": "Another part: its points, with semicolons between them."}),
        (["--hole", "holes"], {"multiple": True, "help":
                               "A hole: its points, with semicolons between them; “2: ...” in part 2."}),
        (["--paste", "paste"], {"help": "A list of points, one to a line: a file, or - for standard input."}),
        (["--file", "file"], {"type": click.Path(path_type=Path), "help": "A GeoJSON or CSV file of areas."}),
        (["--area", "area"], {"help": "Which area of the file: its title or number."}),
        (["--leg", "leg"], {"multiple": True, "help":
                            "A leg, “BEARING METRES”, e.g. “12-50 640” or “75 30 00 640 slope=5”; once for each."}),
        (["--legs", "leg_file"], {"help": "A list of legs, one to a line: a file, or - for standard input."}),
        (["--north", "north"], {"type": click.Choice(legs.NORTHS), "default": "magnetic", "show_default": True,
                                "help": "From which north bearings were read."}),
        (["--unit", "unit"], {"type": click.Choice(UNITS), "default": "deg", "show_default": True, "help":
                              "Degrees, degrees with minutes and seconds, mils of 6000 (12-50) or of 6400."}),
        (["--date", "taken_on"], {"help": "When bearings were read: a day, a month or a year; today by default."}),
        (["--declination", "declination"], {"type": float, "help": "Degrees east, instead of the model."}),
        (["--grid", "grid"], {"default": "", "help": f"The grid of north and area: {', '.join(GRIDS)}, EPSG:number."}),
        (["--start", "start"], {"help": "Where the legs begin, as typed; by default at the last point before them."}),
        (["--close", "close"], {"help": "Where the legs should end: “start”, or a position as typed."}),
        (["--adjust", "adjust"], {"is_flag": True, "help": "Share the misclosure out over the legs (Bowditch)."}),
    ]  # fmt: skip
    return [click.Option(names, **more) for names, more in given]


@dataclasses.dataclass(frozen=True)
class Given:
    """What was given by ``ground_options``, by their names."""

    system: str
    parts: tuple[str, ...]
    holes: tuple[str, ...]
    paste: str | None
    file: Path | None
    area: str | None
    leg: tuple[str, ...]
    leg_file: str | None
    north: legs.North
    unit: Unit
    taken_on: str | None
    declination: float | None
    grid: str
    start: str | None
    close: str | None
    adjust: bool

    @classmethod
    def take(cls, options: dict[str, Any], system: str) -> Given:
        """Those of ``options`` that are about the ground, taken out of them."""
        return cls(system, **{field.name: options.pop(field.name) for field in dataclasses.fields(cls)[1:]})


def ground_of(frame: Frame, given: Given, points: Sequence[str], texts: Texts, today: dt.date) -> Ground:
    """The ground that the options describe; none where they describe none. Raises OperatorErrors, UsageError."""
    if given.file is not None:
        if points or given.parts or given.holes or given.paste or given.leg or given.leg_file:
            raise click.UsageError("--file brings the whole outline: no points beside it")
        return Ground(_from_file(frame, given.file, given.area))
    ring = [_point(text, given.system) for text in points]
    if given.paste is not None:
        ring += _pasted(texts, frame, given.paste, given.system)
    sets: list[LegSet] = []
    if given.leg or given.leg_file is not None:
        legset = _legset(given, ring, today)
        walked = legs.walk(legset, frame)
        ring += legs.appended(legset, walked) if given.start is None else walked.points
        sets.append(legset)
    outline = [[ring], *([_ring(text, given.system)] for text in given.parts)] if ring or given.parts else []
    for hole in given.holes:
        numbered = _PART.fullmatch(hole.strip())
        place, text = (int(numbered[1]), numbered[2]) if numbered else (1, hole)
        if not 1 <= place <= len(outline):
            raise click.UsageError(f"--hole {hole!r}: there is no part {place}")
        outline[place - 1].append(_ring(text, given.system))
    return Ground(outline, sets)


def _point(text: str, system: str) -> TypedPoint:
    named = _ROLE.fullmatch(text.strip())
    return TypedPoint(named[2].strip(), named[1].upper(), system) if named else TypedPoint(text, system=system)


def _ring(text: str, system: str) -> list[TypedPoint]:
    return [_point(point, system) for point in text.split(";") if point.strip()]


def _text_of(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return bytes_of(Path(name)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AreasNotRead(name, N_("it is not UTF-8 text.")) from error


def _pasted(texts: Texts, frame: Frame, name: str, system: str) -> list[TypedPoint]:
    found = outlines.from_text(_text_of(name), frame, system)
    if found.unread:
        raise ListHasErrors(lines=" ".join(line.sentence(texts) for line in found.unread[:10]))
    return outlines.points_of(found, system)


def _from_file(frame: Frame, file: Path, wanted: str | None) -> list[list[list[TypedPoint]]]:
    found = outlines.from_file(file, frame)
    named = [area for number, area in enumerate(found, 1) if wanted in (None, area.title, str(number))]
    if len(named) != 1:
        titles = ", ".join(area.title for area in found[:20])
        raise click.UsageError(f"{file} holds {len(named)} such areas; name one by --area: {titles}")
    (area,) = named
    if area.unread:
        raise AreasNotRead(str(file), area.unread, **area.facts)
    return area.outline


def _legset(given: Given, ring: Sequence[TypedPoint], today: dt.date) -> LegSet:
    if given.start is None and not ring:
        raise click.UsageError("legs begin at --start, or at the last --point before them")
    start = _point(given.start, given.system) if given.start is not None else ring[-1]
    read = leg_lists.read(_text_of(given.leg_file)) if given.leg_file is not None else []
    read += [leg_lists.leg_of(text, number) for number, text in enumerate(given.leg, len(read) + 1)]
    try:
        day = leg_lists.day_of(given.taken_on) if given.taken_on else today
    except ValueError as error:
        raise click.UsageError(f"--date {given.taken_on!r} is no day, month or year") from error
    return LegSet(
        start, given.north, given.unit, tuple(read), day if given.north == "magnetic" else None,
        given.declination if given.north == "magnetic" else None, given.grid, _end(given, ring), given.adjust,
    )  # fmt: skip


def _end(given: Given, ring: Sequence[TypedPoint]) -> Literal["start"] | TypedPoint | None:
    """Legs that go on from points typed before them close at the first of these, not where they begin."""
    if given.close is None:
        return None
    if given.close != "start":
        return _point(given.close, given.system)
    if given.start is None and len(ring) > 1:
        first = next((point for point in outlines.with_roles(ring) if not outlines.is_beside(point.role)), ring[0])
        return dataclasses.replace(first, role="SP")
    return "start"


def measure_command() -> click.Command:
    """``fieldapp plot measure``."""

    @click.command("measure", help="Measure ground without saving it: area, perimeter, misclosure, what is wrong.")
    @click.option("--point", "points", multiple=True, help="A turning point as typed; “RP=...” names its role.")
    @click.option("--system", default=positions.AUTO, show_default=True,
                  help=f"The system points are typed in: {_SYSTEMS}.")
    @click.option("--around", is_flag=True, help="Also what it shares with plots, what it lies in, finds, hazards.")
    @shared_options
    def measure(context: Context, points: tuple[str, ...], system: str, around: bool, **options: Any) -> None:
        given = Given.take(options, system)
        frame, limits, today = settled(
            context, lambda ws: (positions.frame_of(ws), legs.limits_of(ws), ws.clock.now().date()),
            (FRAME, LIMITS, SystemClock().now().date()),
        )  # fmt: skip
        ground = ground_of(frame, given, points, context.texts, today)
        shown = said(context.texts, ground, frame, limits, given.grid or "utm")
        if around:
            with context.workspace() as ws:
                near = surroundings.of(ws, outlines.measure(ground.outline, frame).outline)
            shown.document["around"] = surroundings.as_json(near, context.texts)
            shown.remarks.extend(surroundings.lines(near, context.texts))
        context.document(shown.document, *shown.lines, *shown.remarks)

    measure.params += ground_options()
    return measure


@dataclasses.dataclass(frozen=True)
class Said:
    """What ground comes to: as a document, as lines, and what is wrong or worth a look."""

    document: dict[str, Any]
    lines: list[str]
    remarks: list[str]


def said(texts: Texts, ground: Ground, frame: Frame, limits: ClosureLimits, grid: str = "utm") -> Said:
    """What ground comes to. Raises what ``outlines.measure`` and ``legs.walk`` raise."""
    measured = outlines.measure(ground.outline, frame, grid)
    walked = [legs.walk(one, frame, limits) for one in ground.legs]
    document = {
        "area_m2": None if measured.area_m2 is None else float(measured.area_m2),
        "perimeter_m": round(measured.perimeter_m, 2),
        "grid": {
            "area_m2": None if measured.grid_m2 is None else float(measured.grid_m2), "crs": measured.grid_crs,
            "name": grid_name(measured.grid_crs) if measured.grid_crs else "",
        },
        "points": [
            {**vertex, "to_next_m": round(leg_m, 2), "bearing_deg": round(bearing, 3)}
            for vertex, leg_m, bearing in zip(measured.vertices, measured.legs_m, measured.bearings_deg, strict=True)
        ],
        "legs": [_walked_document(one, texts) for one in walked],
        "problems": [{"code": one.code, "sentence": one.sentence(texts)} for one in measured.problems],
        "advice": [{"code": one.code, "sentence": one.sentence(texts)} for one in measured.advice],
        "swapped": [index + 1 for index, _ in measured.swaps],
        "notes": [{"point": i + 1, "code": note.code, "sentence": note.sentence(texts)} for i, note in measured.notes],
    }  # fmt: skip
    lines = [*_area_lines(texts, measured), *_leg_lines(texts, walked)]
    return Said(document, lines, _remarks(texts, measured, walked))


def _walked_document(one: Walked, texts: Texts) -> Mapping[str, Any]:
    used = one.declination
    return {
        "length_m": round(one.length_m, 2),
        "misclosure_m": None if one.misclosure_m is None else round(one.misclosure_m, 3), "ratio_n": one.ratio_n,
        "declination_deg": None if used is None else round(used.deg, 3), "model": None if used is None else used.model,
        "uncertainty_deg": None if used is None else round(used.uncertainty_deg, 2),
        "convergence_deg": None if one.convergence_deg is None else round(one.convergence_deg, 4), "grid": one.grid_crs,
        "problems": [{"code": p.code, "severity": p.severity, "sentence": p.sentence(texts)} for p in one.problems],
    }  # fmt: skip


def _area_lines(texts: Texts, measured: Measured) -> list[str]:
    lines = []
    for vertex, leg_m, bearing in zip(measured.vertices, measured.legs_m, measured.bearings_deg, strict=True):
        place = format_position(float(vertex["lat"]), float(vertex["lon"]), "dd")
        line = f"{vertex['role']:<4} {place}"
        lines.append(f"{line}  {texts.number(leg_m, 1):>8} m  {texts.number(bearing, 1):>5}°" if leg_m else line)
    if measured.area_m2 is None:
        return [*lines, texts(N_("No area: the points enclose nothing that can be measured."))]
    return [
        *lines,
        texts(N_("Area on the ellipsoid: {area} m²"), area=texts.number(measured.area_m2, 1)),
        texts(N_("Perimeter: {metres} m"), metres=texts.number(measured.perimeter_m, 1)),
        texts(N_("Area in the grid {crs}, for comparison only: {area} m²"), crs=grid_name(measured.grid_crs),
              area=texts.number(measured.grid_m2 or 0, 1)),
    ]  # fmt: skip


def _leg_lines(texts: Texts, walked: Sequence[Walked]) -> list[str]:
    lines = []
    for one in walked:
        if one.declination is not None:
            lines.append(texts(
                N_("Declination {deg}° ({model}, ±{doubt}°)"), deg=texts.number(one.declination.deg, 2),
                model=one.declination.model, doubt=texts.number(one.declination.uncertainty_deg, 2),
            ))  # fmt: skip
        if one.convergence_deg is not None:
            lines.append(texts(
                N_("Grid north of {crs}: {deg}° from true north"), crs=one.grid_crs,
                deg=texts.number(one.convergence_deg, 3),
            ))  # fmt: skip
        if one.misclosure_m is not None and one.closure is not None:
            lines.append(texts(
                N_("Misclosure {metres} m in {length} m, 1:{ratio}"), metres=texts.number(one.misclosure_m, 3),
                length=texts.number(one.closure.length_m, 1), ratio=texts.number(one.ratio_n) if one.ratio_n else "–",
            ))  # fmt: skip
    return lines


def _remarks(texts: Texts, measured: Measured, walked: Sequence[Walked]) -> list[str]:
    """What is wrong or worth a look, in sentences."""
    return [
        *(problem.sentence(texts) for one in walked for problem in one.problems),
        *(problem.sentence(texts) for problem in (*measured.problems, *measured.advice)),
        *(_of_point(texts, measured, index, note.sentence(texts)) for index, note in measured.notes),
        *(_of_point(texts, measured, index, hint.sentence(texts)) for index, hint in measured.swaps),
    ]


def _of_point(texts: Texts, measured: Measured, index: int, remark: str) -> str:
    return texts(N_("{point}: {remark}"), point=measured.vertices[index]["role"], remark=remark)


def plot_ground(
    context: Context, ws: Workspace, fields: dict[str, Any], system: str, points: Sequence[str]
) -> Ground | None:
    """What the options among ``fields`` say of a plot's ground; they are taken out. None where they say nothing.

    What is wrong with it or worth a look goes to standard error: it is saved all the same.
    """
    frame = positions.frame_of(ws)
    ground = ground_of(frame, Given.take(fields, system), points, context.texts, ws.clock.now().date())
    if not any(ring for part in ground.outline for ring in part):
        return None
    for line in said(context.texts, ground, frame, legs.limits_of(ws)).remarks:
        click.echo(line, err=True)
    return ground
