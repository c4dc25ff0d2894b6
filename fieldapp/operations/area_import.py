"""Hazardous areas out of a file: looked at first, then saved, all that were chosen or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from fieldapp.operations import areas, outlines, task_import
from fieldapp.operations.task_import import Candidate, as_json
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record

__all__ = ["Candidate", "as_json", "make", "preview"]

_TAKEN = (
    "title", "classification", "status", "informed_on", "evidence", "evidence_kind", "evidence_source",
    "device_category", "record_number", "laid_by", "laid_on", "expected_total", "delivered_by", "document", "place",
    "priority", "remarks",
)  # fmt: skip
"""Fields of an area that a file may bring under these names; what it brings besides stays in the file."""


def preview(file: Path) -> list[Candidate]:
    """What a GeoJSON or CSV file holds, feature by feature. Writes nothing. Raises AreasNotRead."""
    return task_import.preview(file, areas.KIND.name, _TAKEN)


def make(
    ws: Workspace, candidates: Sequence[Candidate], fields: Mapping[str, object], *,
    only: Collection[int] | None = None, by: str | None = None,
) -> list[Record]:
    """Save an area of each candidate that is ready, or of the sound ones that ``only`` numbers; all of them or none.

    An area that looks swapped is saved only where it is named. ``fields`` stand where the file brings none. Raises
    FieldsNotValid.
    """
    chosen = [one for one in candidates if (one.ready if only is None else one.sound and one.at in only)]
    with ws.store.transaction():
        return [
            areas.add(ws, {"title": one.title, **fields, **one.fields}, outline=outlines.from_stored(one.outline),
                      by=by)
            for one in chosen
        ]
