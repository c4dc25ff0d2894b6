"""In which bundle format to write: the newest that all readers have shown they read (M30, FORMAT.md section 11)."""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.operations.workspace import Workspace
from fieldapp.storage import ledger
from fieldapp.sync.manifest import FORMAT, OLDEST_WRITTEN


def format_for(ws: Workspace, readers: Iterable[str]) -> int:
    """The bundle format for these devices: what each one's newest bundle says that it reads, at most ours.

    Newest is by the sender's own count of bundles, so that a stick that comes late takes nothing back. A device that
    no bundle came from yet is taken to read ours. A reader too old for everything we still write gets the oldest of
    that, and refuses it by name.
    """
    shown: dict[str, tuple[int, int]] = {}
    for bundle in ledger.bundles(ws.store, "in"):
        number, read = bundle.counts.get("number"), bundle.counts.get("newest_read")
        if bundle.sender and isinstance(number, int) and isinstance(read, int):
            shown[bundle.sender] = max(shown.get(bundle.sender, (0, 0)), (number, read))
    newest = min((shown[device][1] for device in set(readers) & set(shown)), default=FORMAT)
    return max(OLDEST_WRITTEN, min(FORMAT, newest))
