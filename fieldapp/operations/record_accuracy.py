"""How well captured minefield records agree with what was found (M23), and how much lies outside any of them.

Ground that nobody searched says nothing about a record: *not searched* is not *wrong*. So shares of records are taken
over searched ones, with the share that was not searched beside them. A find counts for a record when it was logged for
the record's task, or lies within a stated distance of its outline; it is inside when it lies within the record's
tolerance. Accidents and finds outside any recorded area are two figures. None of this says that ground is safe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.records.hazardous_area import CAPTURED
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.nearness import Near
from fieldapp.geodesy.overlap import Ground, shape
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, records
from fieldapp.operations.paper_errors import NotACapturedRecord
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import listing
from fieldapp.storage.listing import Filter, Row

NEAR_M = 500.0
"""Finds within so many metres of a record are held against it, where nothing else is asked for."""
TOLERANCE_M = 25.0
"""Taken where neither the record nor its own stated accuracy says anything."""
CONFIRMED = ("confirmed", "partly")
NOT_SEARCHED = "not_searched"


@dataclass(frozen=True)
class RecordAccuracy:
    """What finds say of one captured record."""

    record: RecordName
    number: str
    title: str
    area_m2: float | None
    searched_m2: float | None
    verdict: str
    """``not_searched`` where nobody said anything."""
    tolerance_m: float
    tolerance_from: str
    """``record`` (entered), ``accuracy`` (its stated accuracy) or ``default``."""
    inside: int
    """Finds within the tolerance."""
    outside: int
    """Finds held against it that lie farther off: displaced, or of another field."""
    farthest_m: float
    expected_total: int | None
    by_model: tuple[tuple[str, int, int], ...]
    """Model (name), expected, found inside: in pieces."""
    measurable: bool
    """False where it has no outline: nothing can be held against it."""

    @property
    def searched_percent(self) -> float | None:
        """Share of its ground that was searched; None where its area is not known."""
        return None if not self.area_m2 else min(100.0, 100 * (self.searched_m2 or 0.0) / self.area_m2)

    @property
    def searched(self) -> bool:
        """Was any of it searched?"""
        return bool(self.searched_m2) or self.judged

    @property
    def judged(self) -> bool:
        """Did anybody say what searching showed? A record searched in part may have no verdict yet."""
        return self.verdict != NOT_SEARCHED


@dataclass(frozen=True)
class Accuracy:
    """Of all captured records together, and what lies outside any recorded area."""

    records: tuple[RecordAccuracy, ...]
    near_m: float
    finds: int = 0
    """Finds with a position."""
    finds_outside: int = 0
    accidents: int = 0
    accidents_outside: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)

    @property
    def searched(self) -> int:
        """Records of which something was searched."""
        return sum(one.searched for one in self.records)

    @property
    def judged(self) -> int:
        """Records with a verdict."""
        return sum(one.judged for one in self.records)

    @property
    def confirmed_percent(self) -> float | None:
        """Of the records with a verdict, those confirmed wholly or partly; None while none has one."""
        confirmed = sum(one.verdict in CONFIRMED for one in self.records)
        return 100 * confirmed / self.judged if self.judged else None

    @property
    def unsearched_percent(self) -> float | None:
        """Of all records, those nobody searched: said beside the other share, always."""
        return 100 * (len(self.records) - self.searched) / len(self.records) if self.records else None


def of_record(ws: Workspace, name: RecordName, near_m: float = NEAR_M) -> RecordAccuracy:
    """What finds say of one captured record. Raises RecordMissing, NotACapturedRecord."""
    rows = lookup.rows_of(ws, [records.get(ws, name).name])
    row = rows[name]
    if row["classification"] != CAPTURED:
        raise NotACapturedRecord(number=str(row["local_id"] or name))
    return _of(ws, row, near_m)


def of_all(ws: Workspace, near_m: float = NEAR_M) -> Accuracy:
    """Of every captured record here that stands, and the two shares outside any recorded area.

    A record that headquarters published counts once, as published.
    """
    rows = lookup.rows(ws, "hazardous_area", retracted=False, order="oldest")
    published = {row["source"] for row in rows if row["source"]}
    rows = [row for row in rows if row.name not in published]
    found = tuple(_of(ws, row, near_m) for row in rows if row["classification"] == CAPTURED)
    shapes = {row.name: made for row in rows if (made := _shape(row)) is not None}
    every: Ground[str] = Ground(shapes)
    finds, finds_outside = _outside(ws, "find", every)
    accidents, accidents_outside = _outside(ws, "accident", every)
    return Accuracy(
        found, near_m, finds, finds_outside, accidents, accidents_outside,
        dict(Counter(one.verdict for one in found)),
    )  # fmt: skip


def _shape(row: Row) -> Any | None:
    outline = lookup.shape(row, "outline")
    return shape(outline) if outline else None


def _outside(ws: Workspace, kind: str, every: Ground[str]) -> tuple[int, int]:
    """How many records of a kind have a position, and how many of these lie outside all outlines."""
    import shapely

    rows = listing.select(ws.store, kind, Filter(filled=lookup.POSITION))
    if not rows:
        return 0, 0
    inside = every.holding(shapely.points([(row["lon"], row["lat"]) for row in rows]))
    return len(rows), len(rows) - inside


def _of(ws: Workspace, row: Row, near_m: float) -> RecordAccuracy:
    tolerance, tolerance_from = _tolerance(row)
    outline = lookup.shape(row, "outline")
    near = Near(outline) if outline else None
    measurable = near is not None and near.measurable
    held = _held_against(ws, row, near, near_m) if near is not None and measurable else []
    inside = [find for find, away in held if away <= tolerance]
    return RecordAccuracy(
        row.name, str(row["local_id"] or row["id"]), str(row["title"] or row["record_number"] or ""), row["area_m2"],
        row["searched_m2"], str(row["record_verdict"] or NOT_SEARCHED), tolerance, tolerance_from, len(inside),
        len(held) - len(inside), max((away for _, away in held), default=0.0), row["expected_total"],
        _by_model(ws, lookup.shape(row, "expected"), inside), measurable,
    )  # fmt: skip


def _tolerance(row: Row) -> tuple[float, str]:
    if row["tolerance_m"] is not None:
        return float(row["tolerance_m"]), "record"
    if row["outline_accuracy_m"] is not None:
        return float(row["outline_accuracy_m"]), "accuracy"
    return TOLERANCE_M, "default"


def _held_against(ws: Workspace, row: Row, near: Near, near_m: float) -> list[tuple[Row, float]]:
    """Present finds with a position that count for the record, and how far each lies from its outline."""
    south, west, north, east = near.box(near_m)
    around = Filter(filled=lookup.POSITION, between={"lat": (south, north), "lon": (west, east)})
    found = {one.name: one for one in listing.select(ws.store, "find", around)}
    ours = {}
    if row["task"]:
        same = Filter(filled=lookup.POSITION, equal={"task": row["task"]})
        ours = {one.name: one for one in listing.select(ws.store, "find", same)}
    measured = [(one, near.distance_m(Position(one["lat"], one["lon"]))) for one in (found | ours).values()]
    return [(one, away) for one, away in measured if away <= near_m or one.name in ours]


def _by_model(ws: Workspace, expected: Any, inside: Sequence[Row]) -> tuple[tuple[str, int, int], ...]:
    """What the record expects of each model, and what was found of it inside; models it does not name follow."""
    lists = ws.lists
    wanted: Counter[str] = Counter()
    for one in expected if isinstance(expected, list) else ():
        if isinstance(one, dict):
            wanted[lists.item_name(one.get("model"), one.get("text"), ws.language)] += int(one.get("quantity") or 0)
    found: Counter[str] = Counter()
    for row in inside:
        name = lists.item_name(row["model"], row["model_text"], ws.language)
        found[name or lists.name("category", row["category"], ws.language)] += int(row["quantity"] or 0)
    return tuple((name, wanted[name], found[name]) for name in {**wanted, **found})


def as_json(one: RecordAccuracy) -> dict[str, Any]:
    """As the command line prints it."""
    return {
        "record": one.record, "local_id": one.number, "title": one.title, "area_m2": one.area_m2,
        "searched_m2": one.searched_m2, "searched_percent": _rounded(one.searched_percent), "verdict": one.verdict,
        "searched": one.searched, "tolerance_m": one.tolerance_m, "tolerance_from": one.tolerance_from,
        "finds": {"inside": one.inside, "outside": one.outside, "farthest_m": round(one.farthest_m, 1)},
        "expected_total": one.expected_total, "measurable": one.measurable,
        "models": [{"model": name, "expected": wanted, "found": found} for name, wanted, found in one.by_model],
    }  # fmt: skip


def all_as_json(found: Accuracy) -> dict[str, Any]:
    """As the command line prints it."""
    return {
        "records": [as_json(one) for one in found.records], "near_m": found.near_m, "searched": found.searched,
        "judged": found.judged, "confirmed_percent_of_judged": _rounded(found.confirmed_percent),
        "unsearched_percent": _rounded(found.unsearched_percent), "verdicts": dict(found.verdicts),
        "finds": {"with_position": found.finds, "outside": found.finds_outside,
                  "outside_percent": _share(found.finds_outside, found.finds)},
        "accidents": {"with_position": found.accidents, "outside": found.accidents_outside,
                      "outside_percent": _share(found.accidents_outside, found.accidents)},
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
