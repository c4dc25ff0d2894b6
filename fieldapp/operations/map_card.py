"""What the map says of one record that was chosen on it: the record with its history, and what checks say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.checks import Finding
from fieldapp.ids import RecordName
from fieldapp.operations import browsing, checks, current_task, enrolment, lookup, map_data, tasks
from fieldapp.operations.browsing import Opened
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row

_OUTLINES = {"plot": "outline", "hazardous_area": "outline", "task": "area"}
"""The field that holds the outline, by kind."""


@dataclass(frozen=True)
class Carded:
    """One record as its card shows it."""

    opened: Opened
    findings: Sequence[Finding]
    """What may be wrong with it, the more serious first."""
    gone: bool = False
    """Of a find: everything of it is destroyed or removed, as the map draws it."""

    @property
    def rings(self) -> list[list[tuple[float, float]]]:
        """Latitudes and longitudes of its outline, ring by ring, as it is shown; none where it has none."""
        record = self.opened.record
        return _rings(record.fields.get(_OUTLINES.get(record.kind, "")))


def card(ws: Workspace, name: RecordName) -> Carded:
    """Everything the card of a record shows. Raises RecordMissing."""
    opened = browsing.open_record(ws, name)
    return Carded(opened, _findings(ws, opened), name in map_data.gone_among(ws, [name]))


def _findings(ws: Workspace, opened: Opened) -> list[Finding]:
    record, fields = opened.record, opened.record.fields
    if record.retracted:
        return []
    if record.kind == "find":
        return checks.of_find(ws, fields, record.name)
    outline = fields.get(_OUTLINES.get(record.kind, ""))
    if record.kind == "plot":
        return checks.of_plot(ws, outline, fields, record.name)
    return checks.of_area(ws, outline, fields, record.name) if outline else []


@dataclass(frozen=True)
class Offered:
    """What a filter of the map can ask for, and where its task is."""

    teams: dict[str, str]
    """Names of teams by code."""
    tasks: list[Row]
    """Open tasks, newest first; at most one page of them."""
    current: Row | None
    """The task this laptop works on."""


def offered(ws: Workspace) -> Offered:
    """Teams and tasks that are here."""
    teams = {team.code: team.name for team in enrolment.teams(ws)}
    return Offered(teams, tasks.page(ws), current_task.current(ws))


def corners(row: Row) -> list[tuple[float, float]]:
    """Latitude and longitude of every vertex of a task's area, or its one position; none where it has neither."""
    found = [vertex for ring in _rings(lookup.shape(row, "area")) for vertex in ring]
    if not found and row["lat"] is not None and row["lon"] is not None:
        found = [(float(row["lat"]), float(row["lon"]))]
    return found


def _rings(outline: Any) -> list[list[tuple[float, float]]]:
    return [[(float(v["lat"]), float(v["lon"])) for v in ring] for part in outline or [] for ring in part]
