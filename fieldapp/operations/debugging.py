"""Event vectors through the segment codec and storage, as ``fieldapp debug merge`` does."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fieldapp.domain.canonical import NoCanonicalForm, canonical
from fieldapp.domain.events import NotAnEvent, of_value
from fieldapp.domain.segments import SegmentHeader, encode_segment
from fieldapp.ids import SystemEntropy
from fieldapp.storage import merged
from fieldapp.storage.database import open_store
from fieldapp.storage.ingest import IncomingSegment, ingest

_NO_KEY = "A" * 43 + "="
"""Stands for the public key of vectors, which are unsigned."""


def merge_vectors(vectors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each vector (``name``, ``root``, ``events``) its name and exactly what the reference model returns."""
    return [{"name": one.get("name", ""), "result": merge_events(one["events"], one["root"])} for one in vectors]


def merge_events(events: Iterable[Any], root: str) -> dict[str, Any]:
    """The merge of events given as JSON objects with ``stream`` and ``prev``: each travels as its own segment."""
    segments, refused = [], []
    for event in events:
        try:
            segments.append(_segment_of(event))
        except (NotAnEvent, NoCanonicalForm) as error:
            refused.append({"reason": _reason(error)})
    with (
        tempfile.TemporaryDirectory(prefix="fieldapp-") as folder,
        open_store(Path(folder) / "vectors.db", SystemEntropy().take(32), create=True, root=root) as store,
    ):
        ingest(store, segments)
        result = merged.merge_result(store)
    return result | {"refused": sorted(refused, key=canonical)}


def _segment_of(event: Any) -> IncomingSegment:
    canonical(event)
    if not isinstance(event, dict):
        raise NotAnEvent("not an object")
    if not isinstance(event.get("stream"), str):
        raise NotAnEvent("stream, record or seq")
    if "prev" not in event or not (event["prev"] is None or isinstance(event["prev"], str)):
        raise NotAnEvent("prev" if isinstance(event.get("seq"), int) else "stream, record or seq")
    value = {name: member for name, member in event.items() if name not in ("stream", "prev")}
    line = canonical(value)
    read = of_value(event["stream"], event["prev"], value, line)
    header = SegmentHeader(audience="hq", format=0, first=read.seq, key=_NO_KEY, prev=read.prev, stream=read.stream)
    data = encode_segment(header, [line])
    return IncomingSegment(read.stream, read.seq, read.seq, read.prev, read.id, data)


def _reason(error: Exception) -> str:
    return "no canonical form" if isinstance(error, NoCanonicalForm) else str(error)
