"""Entering and correcting records of any kind by their declaration: for kinds that need no rules of their own.

Positions, turning points and models are taken as people write them. A field that names another record takes its
number as well: ``accident`` of a victim, ``plot`` of a quality visit (the field is named as the kind is).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from fieldapp import ids
from fieldapp.domain.kinds import Kind
from fieldapp.domain.registry import KINDS
from fieldapp.operations import enrolment, finds, plots, positions, records
from fieldapp.operations import personal as sealing
from fieldapp.operations.errors import TeamUnknown
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record

ENTERED = ("accident", "victim", "quality_visit", "progress", "hazardous_area", "programme")
"""Kinds entered by their declaration alone, in the order in which they are offered."""


def add(
    ws: Workspace, kind_name: str, fields: Mapping[str, object], *, position: str | None = None,
    system: str = positions.AUTO, points: Sequence[str] = (), model_text: str | None = None,
    personal: Mapping[str, object] | None = None,
    owner: str | None = None, by: str | None = None,
) -> Record:
    """Save a new record of ``kind_name``. ``owner``: the team it belongs to, at headquarters.

    ``personal``: the personal data of a victim, by field name of ``fieldapp.domain.personal.PERSONAL``; they are
    sealed and never part of the record. Raises CoordinateNotUnderstood, FieldsNotValid, WrongRole, RecordMissing,
    SeveralRecords, NotThisKind, TeamUnknown.
    """
    kind = KINDS[kind_name]
    if owner is not None and owner != "hq" and ws.role == "hq" and enrolment.team(ws, owner) is None:
        raise TeamUnknown(team=owner)
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    values = _as_typed(ws, kind, given, position, system, points, model_text)
    if kind.name == "victim" and values.get("accident") and not values.get("harmed_on"):
        values["harmed_on"] = records.get(ws, str(values["accident"])).fields.get("happened_on")
    record_id = ids.uuid7(ws.clock.now(), ws.entropy)
    sealed = sealing.sealed_fields(ws, f"{kind_name}/{owner or ws.team}/{record_id}", personal or {})
    with _dropped_on_error(ws, sealed):
        return records.add(ws, kind_name, values | sealed, owner=owner, record_id=record_id, by=by)


def correct(
    ws: Workspace, name: str, fields: Mapping[str, object], why: str, *, position: str | None = None,
    system: str = positions.AUTO, points: Sequence[str] = (), model_text: str | None = None,
    personal: Mapping[str, object] | None = None,
    heads: Sequence[str] | None = None, by: str | None = None,
) -> Record:
    """Correct a record with a reason; errors as ``add`` and ``records.correct``.

    ``personal`` fields that are given replace those of the sealed part, which must be here; a new part is sealed and
    the old one stays. Raises also PersonalMissing, PartLocked.
    """
    values = _as_typed(ws, KINDS[name.split("/", maxsplit=1)[0]], fields, position, system, points, model_text)
    sealed = sealing.sealed_fields(ws, name, personal, records.get(ws, name)) if personal else {}
    with _dropped_on_error(ws, sealed):
        return records.correct(ws, name, values | sealed, why, heads=heads, by=by)


@contextmanager
def _dropped_on_error(ws: Workspace, sealed: Mapping[str, object]) -> Iterator[None]:
    """A sealed part that no record came to name is taken away again."""
    try:
        yield
    except BaseException:
        sealing.drop(ws, sealed)
        raise


def _as_typed(
    ws: Workspace, kind: Kind, fields: Mapping[str, object], position: str | None, system: str,
    points: Sequence[str], model_text: str | None,
) -> dict[str, Any]:
    values = dict(fields)
    if position and position.strip() and "lat" in kind.by_name:
        values |= positions.typed_fields(position, positions.frame_of(ws), system)
    if points and "outline" in kind.by_name:
        land = plots.land(points, positions.frame_of(ws))
        values |= {name: value for name, value in land.items() if name in kind.by_name}
    if model_text and "model" in kind.by_name:
        known = finds.model_fields(model_text, ws.lists)
        values = {"model": None, "model_text": None} | {k: v for k, v in known.items() if k in kind.by_name} | values
    return records.with_full_names(ws, kind, values)
