"""Ground for the map: hazardous areas, plots, tasks, accidents, each with its look and its state in words.

- A drawing follows state (M17): a plot has the look of released ground only while it is as it was approved. One that
  changed since is drawn as it is now and, where it lay elsewhere, as it was approved; neither looks released.
- Ground that was cleared less deep than its task asks does not look released, approved or not.
- Where the task asks for QC, approval alone does not make a plot look released: an accepted QC sample of it has to be
  here as well. The latest visit counts, of several on one day the worst. A task that did not reach this laptop may ask.
- A team's area and headquarters' record of it are one place and drawn once, as far as they say the same ground.
- Every reading of a dispute is drawn; while readings disagree nothing looks released, closed or ended.
- What was retracted is not drawn, unless somebody disagrees with that. What was rejected is drawn as entered: land
  may have been walked on.
- A hazardous area counts as closed by headquarters' word: its own record, or a decision on a team's.
- Ground of which only a position is known is a point, so that it is not missing.

Only what changed is read again: per kind as long as its records and judgements stand still, and then per record.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

from fieldapp.domain import symbols
from fieldapp.domain.counting import FOLLOW_UP_PENDING, PlotState, is_shallow, release_line
from fieldapp.domain.judging import approved_versions
from fieldapp.domain.records.hazardous_area import CAPTURED, STATUS_SCALE
from fieldapp.domain.records.quality_visit import RESULT_SCALE
from fieldapp.domain.symbols import (
    APPROVED,
    CHANGED,
    ENTERED,
    QC_OUTSTANDING,
    REJECTED,
    SHALLOW,
    UNSETTLED,
    WITHHELD,
    Fill,
)
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, review
from fieldapp.operations.remaining import Said
from fieldapp.operations.review import Judgement
from fieldapp.operations.workspace import Workspace
from fieldapp.reports.gather import last_approved
from fieldapp.storage import records
from fieldapp.storage.database import Store
from fieldapp.storage.generations import Generation, generation
from fieldapp.storage.listing import Row
from fieldapp.storage.records import Record
from fieldapp.texts import N_

SHA, CHA, CAPTURED_RECORDS, RELEASED, PLOTS, TASKS, ACCIDENTS = (
    "sha", "cha", "captured", "released", "plots", "tasks", "accidents"
)  # fmt: skip
"""Codes of the map's layers of ground."""
AS_APPROVED = N_("as it was approved before")
"""Beside the number of a plot that lay elsewhere before it was changed."""
_HANGS_ON = {
    "hazardous_area": ("hazardous_area", "decision"), "plot": ("plot", "decision", "sign_off", "task", "quality_visit"),
    "task": ("task",),
    "accident": ("accident",),
}  # fmt: skip
_LAYERS = {"sha": SHA, CAPTURED: CAPTURED_RECORDS, "indication": SHA, "contact_line": SHA}

LatLon = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One ring or open line: latitudes and longitudes, WGS 84 degrees; a ring does not repeat its first point."""

    lats: tuple[float, ...]
    lons: tuple[float, ...]
    closed: bool = True


@dataclass(frozen=True)
class Ground:
    """One drawing of one record: a record whose readings disagree, or that changed since approval, has several.

    ``layer`` is one of the layers' codes above; ``label`` its number or name; ``look`` how it is drawn and what that
    means (``domain.symbols.words_of``). ``state`` is a message, shown beside the label where it is not empty.
    """

    record: RecordName
    kind: str
    layer: str
    label: str
    lines: tuple[Line, ...]
    points: tuple[LatLon, ...]
    look: Fill
    state: str = ""
    filled: bool = True
    """Of a point: whether its symbol is filled (an accident that killed)."""


@dataclass(frozen=True)
class _Drawn:
    """What one record led to, and the version and judgements it came from."""

    version: tuple[Any, ...]
    grounds: tuple[Ground, ...]


@dataclass
class _Kind:
    """What is remembered of a kind; by workspace, because another connection's commit empties the store's caches."""

    generation: Generation
    drawn: dict[RecordName, _Drawn]
    grounds: list[Ground]


_remembered: WeakKeyDictionary[Store, dict[str, _Kind]] = WeakKeyDictionary()


def grounds(ws: Workspace) -> list[Ground]:
    """All ground of the workspace in the order in which it is drawn within its layer: oldest first.

    Unchanged records give the very same objects as the time before.
    """
    return [ground for kind in _readers() for ground in of_kind(ws, kind)]


def _readers() -> dict[str, _Reader]:
    return {"hazardous_area": _hazards, "plot": _plots, "task": _tasks, "accident": _accidents}


def of_kind(ws: Workspace, kind: str) -> list[Ground]:
    """The ground of one kind, every reading: a hazardous area, plot, task, accident."""
    return _of_kind(ws, kind, _readers()[kind], _remembered.setdefault(ws.store, {}))


def hazards(ws: Workspace) -> list[Ground]:
    """The hazardous areas of the workspace that are drawn as such: all but those that headquarters' word ended."""
    return [ground for ground in of_kind(ws, "hazardous_area") if ground.look.fill]


_Judged = Callable[[Row], tuple[tuple[Any, ...], Callable[[], Sequence[Ground]]]]
"""Of a row: what its drawing follows from besides its heads, and how it is drawn."""
_Reader = Callable[[Workspace, Sequence[Row]], _Judged]


def _of_kind(ws: Workspace, kind: str, reader: _Reader, memory: dict[str, _Kind]) -> list[Ground]:
    version = generation(ws.store, _HANGS_ON[kind])
    known = memory.get(kind)
    if known is not None and known.generation == version:
        return known.grounds
    rows = [row for row in lookup.rows(ws, kind, order="oldest") if not row["retracted"] or row["unsettled"]]
    judged = reader(ws, rows)
    drawn: dict[RecordName, _Drawn] = {}
    for row in rows:
        follows, draw = judged(row)
        stands = (row["heads"], row["retracted"], row["unsettled"], *follows)
        before = known.drawn.get(row.name) if known is not None else None
        drawn[row.name] = before if before is not None and before.version == stands else _Drawn(stands, tuple(draw()))
    every = [ground for one in drawn.values() for ground in one.grounds]
    if generation(ws.store, _HANGS_ON[kind]) == version:
        memory[kind] = _Kind(version, drawn, every)
    return every


# --- readings ---------------------------------------------------------------------------------------------------------


def _readings(record: Record, group: str) -> list[Mapping[str, Any]]:
    """The values of a group that stand side by side, the most dangerous first; one empty one where it has none."""
    found = next((one.readings for one in record.conflicts if one.group == group), [record.values.get(group)])
    return [value if isinstance(value, dict) else {} for value in found]


def _disputed(ws: Workspace, row: Row) -> Record | None:
    """The whole record where its readings disagree, else None. A retraction nobody disputes leaves nothing to draw."""
    return records.read(ws.store, row.name) if row["unsettled"] else None


def _is_gone(row: Row, record: Record | None) -> bool:
    """Retracted, and nobody says otherwise."""
    disputed = record is not None and any(one.group == "exists" for one in record.conflicts)
    return bool(row["retracted"]) and not disputed


def _lines(outline: Any) -> tuple[Line, ...]:
    """The rings of a stored outline (parts, rings, vertices), those that can be read."""
    return tuple(
        line for part in _many(outline) for ring in _many(part) if len((line := _line(ring, closed=True)).lats) > 1
    )


def _open_lines(stored: Any) -> tuple[Line, ...]:
    return tuple(line for part in _many(stored) if len((line := _line(part, closed=False)).lats) > 1)


def _line(vertices: Any, *, closed: bool) -> Line:
    spots = _spots(vertices)
    return Line(tuple(lat for lat, _ in spots), tuple(lon for _, lon in spots), closed)


def _spots(vertices: Any) -> tuple[LatLon, ...]:
    return tuple(spot for vertex in _many(vertices) if (spot := _spot(vertex)) is not None)


def _spot(vertex: Any) -> LatLon | None:
    """A vertex or the members of a position; None for what a newer version wrote differently."""
    if not isinstance(vertex, Mapping):
        return None
    try:
        lat, lon = float(vertex["lat"]), float(vertex["lon"])
    except (KeyError, TypeError, ValueError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -360 <= lon <= 360 else None


def _many(stored: Any) -> Sequence[Any]:
    return stored if isinstance(stored, list) else ()


def _stored(row: Row, column: str) -> Any:
    text = row[column]
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return None


def _label(row: Row) -> str:
    return str(row["local_id"] or "")


# --- hazardous areas --------------------------------------------------------------------------------------------------


def _hazards(ws: Workspace, rows: Sequence[Row]) -> _Judged:
    ended = [row.name for row in rows if row["status"] in ("closed", "released")]
    decisions = review.judgements(ws, names=ended) if ended else {}
    twice = _drawn_twice(rows)

    def judged(row: Row) -> tuple[tuple[Any, ...], Callable[[], Sequence[Ground]]]:
        approved = not row["unsettled"] and (
            row["owner"] == "hq" or review.state_of(decisions.get(row.name, [])) == APPROVED
        )
        if row.name in twice:
            return (approved, None), lambda: ()
        return (approved,), lambda: _hazard(ws, row, approved=approved)

    return judged


def _drawn_twice(rows: Sequence[Row]) -> set[RecordName]:
    """Of an area and the record that headquarters published of it, the one that is left out: their fills would add up.

    Only where both say the same ground and nothing about them is open: the more dangerous status is drawn, by equal
    ones what headquarters published.
    """
    by_name = {row.name: row for row in rows}
    found = set()
    for row in rows:
        source = by_name.get(row["source"] or "")
        if source is None or row["owner"] != "hq" or _ground_said(row) != _ground_said(source):
            continue
        if not any(one["unsettled"] or one["retracted"] for one in (row, source)):
            found.add((row if _danger(source) > _danger(row) else source).name)
    return found


def _ground_said(row: Row) -> tuple[Any, ...]:
    """What says where an area is and what it is called on the map; the position only where nothing else says it."""
    land = tuple(_stored(row, name) for name in ("outline", "line", "points"))
    return (row["classification"], *(land if any(land) else (row["lat"], row["lon"])))


def _danger(row: Row) -> int:
    """Greater for a more dangerous status; one that is not known is the most dangerous."""
    return STATUS_SCALE.index(row["status"]) if row["status"] in STATUS_SCALE else len(STATUS_SCALE)


def _hazard(ws: Workspace, row: Row, *, approved: bool) -> list[Ground]:
    record = _disputed(ws, row)
    if _is_gone(row, record):
        return []
    if record is None:
        lands: list[Mapping[str, Any]] = [
            {name: _stored(row, name) for name in ("outline", "line", "points")}
            | {"classification": row["classification"], "status": row["status"]}
        ]
        places: list[Mapping[str, Any]] = [row]
    else:
        lands, places = _readings(record, "land"), _readings(record, "position")
    found = []
    for land in lands:
        lines = _lines(land.get("outline")) + _open_lines(land.get("line"))
        points = _spots(land.get("points"))
        if not lines and not points:
            points = _spots(list(places))
        look = symbols.of_hazard(land.get("classification"), land.get("status"), approved=approved)
        layer = _LAYERS.get(str(land.get("classification")), CHA)
        state = symbols.STATE_WORDS[UNSETTLED] if record is not None else look.state
        found.append(Ground(row.name, row.kind, layer, _label(row) or str(row["title"] or ""), lines, points, look,
                            state))  # fmt: skip
    return _once(found)


def _once(found: Iterable[Ground]) -> list[Ground]:
    return list(dict.fromkeys(found))


# --- plots ------------------------------------------------------------------------------------------------------------


def _plots(ws: Workspace, rows: Sequence[Row]) -> _Judged:
    said, asks, depths_cm = Said(ws, [row.name for row in rows]), _asking_qc(ws, rows), _depths_asked_cm(ws)
    passed = _passed_qc(ws) if asks else set()

    def judged(row: Row) -> tuple[tuple[Any, ...], Callable[[], Sequence[Ground]]]:
        state = said.state(row)
        decisions = said.decisions.get(row.name, []) if state == CHANGED else []
        approved = QC_OUTSTANDING if row["task"] in asks and row.name not in passed else APPROVED
        if is_shallow(_line_of(row, [row]), row["depth_cm"], depths_cm.get(row["task"] or "")):
            approved = SHALLOW
        return (state, approved, tuple(decisions)), lambda: _plot(ws, row, state, approved, decisions)

    return judged


def _asking_qc(ws: Workspace, plots: Sequence[Row]) -> set[str]:
    """Names and numbers of the tasks that ask for QC, or may.

    Of one whose readings disagree, or that a plot names and that did not reach this laptop, nobody knows.
    """
    rows = lookup.rows(ws, "task")
    asking = {
        word for row in rows if row["qc_asked"] or row["unsettled"] for word in (row.name, row["local_id"]) if word
    }
    named = {row["task"] for row in plots if str(row["task"] or "").startswith("task/")}
    return asking | (named - {row.name for row in rows})


def _depths_asked_cm(ws: Workspace) -> dict[str, int]:
    """The depths that tasks ask for, by their names and numbers; of several of one number the deepest."""
    found: dict[str, int] = {}
    for row in lookup.rows(ws, "task"):
        for word in (row.name, row["local_id"]):
            if word and row["depth_required"]:
                found[word] = max(found.get(word, 0), int(row["depth_required"]))
    return found


def _passed_qc(ws: Workspace) -> set[RecordName]:
    """Plots whose latest QC sample was accepted."""
    last: dict[str, tuple[str, int]] = {}
    for row in lookup.rows(ws, "quality_visit", retracted=False, equal={"visit_kind": "qc_sample"}):
        known = row["result"] in RESULT_SCALE and not row["unsettled"]
        bad = RESULT_SCALE.index(row["result"]) if known else len(RESULT_SCALE)
        if row["plot"]:
            last[row["plot"]] = max(last.get(row["plot"], ("", 0)), (str(row["visited_on"] or ""), bad))
    return {plot for plot, (_, bad) in last.items() if bad <= RESULT_SCALE.index("accepted_after_correction")}


def _plot(
    ws: Workspace, row: Row, state: str, approved: str, decisions: Sequence[Judgement]
) -> list[Ground]:
    """``approved`` is what an approved plot is: approved, too shallow, or without the QC it needs."""
    record = _disputed(ws, row)
    if _is_gone(row, record):
        return []
    if record is not None:
        works = _readings(record, "work")
        return _once(
            _one_plot(row, land.get("outline"), _line_of(land, works), UNSETTLED) for land in _readings(record, "land")
        )
    found = []
    if state == CHANGED:
        versions = last_approved(ws.store, row.name, approved_versions([one.as_verdict() for one in decisions]))
        for values in versions if len(versions) == 1 else ():  # of two last approvals neither is the last
            land = values.get("land")
            land, work = land if isinstance(land, dict) else {}, values.get("work")
            if land.get("outline") != _stored(row, "outline"):
                line = _line_of(land, [work if isinstance(work, dict) else {}])
                drawn = _one_plot(row, land.get("outline"), line, CHANGED)
                found.append(dataclasses.replace(drawn, state=AS_APPROVED))
    state = approved if state == APPROVED else state
    return [*found, _one_plot(row, _stored(row, "outline"), _line_of(row, [row]), state)]


def _line_of(land: Mapping[str, Any], works: Sequence[Mapping[str, Any]]) -> str | None:
    """The line a plot claims; of several methods one that owes a follow-up counts."""
    lines = [
        release_line(PlotState(_text(land.get("release")), _text(work.get("method")), Decimal(0), None))
        for work in works
    ]
    return FOLLOW_UP_PENDING if FOLLOW_UP_PENDING in lines else lines[0]


def _one_plot(row: Row, outline: Any, line: str | None, state: str) -> Ground:
    look = symbols.of_plot(line, approved=state == APPROVED, state=ENTERED if state == REJECTED else state)
    layer = RELEASED if look.fill or (state == APPROVED and line == "cancelled") else PLOTS
    said = symbols.STATE_WORDS[state]
    if state == APPROVED or (state in WITHHELD and line == FOLLOW_UP_PENDING):  # the look says the rest
        said = "" if line == "cleared" else look.what
    return Ground(row.name, row.kind, layer, _label(row), _lines(outline), (), look, said)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


# --- tasks, accidents -----------------------------------------------------------------------------------------


def _tasks(ws: Workspace, rows: Sequence[Row]) -> _Judged:
    del rows
    return lambda row: ((), lambda: _task(ws, row))


def _task(ws: Workspace, row: Row) -> list[Ground]:
    record = _disputed(ws, row)
    if _is_gone(row, record):
        return []
    outlines = [_stored(row, "area")] if record is None else [one.get("outline") for one in _readings(record, "area")]
    places: Sequence[Mapping[str, Any]] = [row] if record is None else _readings(record, "position")
    label = " · ".join(word for word in (_label(row), str(row["title"] or "")) if word)
    look = symbols.of_task(None if record is not None else row["status"])
    return _once(
        Ground(row.name, row.kind, TASKS, label, lines, () if lines else _spots(list(places)), look)
        for lines in map(_lines, outlines)
    )


def _accidents(ws: Workspace, rows: Sequence[Row]) -> _Judged:
    del rows
    return lambda row: ((), lambda: _accident(ws, row))


def _accident(ws: Workspace, row: Row) -> list[Ground]:
    record = _disputed(ws, row)
    if _is_gone(row, record):
        return []
    spots = _spots([row] if record is None else list(_readings(record, "position")))
    state = symbols.STATE_WORDS[UNSETTLED] if record is not None else ""
    return [
        Ground(row.name, row.kind, ACCIDENTS, _label(row), (), (spot,), symbols.ACCIDENT, state, bool(row["killed"]))
        for spot in dict.fromkeys(spots)
    ]
