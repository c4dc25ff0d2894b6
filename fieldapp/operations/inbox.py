"""What headquarters sees of what came: gaps, forks, what is kept aside, conflicts, bundles, refused files."""

from __future__ import annotations

from typing import Any

from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal, ledger
from fieldapp.storage import records as stored
from fieldapp.storage.ledger import Bundle, Refusal


def gaps(ws: Workspace) -> list[dict[str, Any]]:
    """Missing pieces of streams: stream, from, to (for people) and head (what to ask for)."""
    return journal.gaps(ws.store)


def forks(ws: Workspace) -> list[dict[str, Any]]:
    """Streams that two installations write: stream, seq, events."""
    return journal.forks(ws.store)


def quarantined(ws: Workspace) -> list[dict[str, Any]]:
    """Events that are held and passed on but do not count: event, record, reason."""
    return [
        {"event": q.event, "record": q.record, "reason": q.reason, "stream": q.stream, "seq": q.seq}
        for q in stored.quarantined(ws.store)
    ]


def conflicts(ws: Workspace) -> list[dict[str, Any]]:
    """Groups with more than one reading: record, group, readings (the one shown first), events."""
    return [
        {"record": c.record, "group": c.group, "readings": c.readings, "events": c.events}
        for c in stored.conflicts(ws.store)
    ]


def bundles(ws: Workspace) -> list[Bundle]:
    """Bundles written and taken in, newest first."""
    return ledger.bundles(ws.store)


def refused(ws: Workspace) -> list[Refusal]:
    """Files that were refused, newest first, with their reasons."""
    return ledger.refusals(ws.store)
