"""What came for a laptop on a stick that carries others' files too: receipts, decisions, team mates' records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.operations import imports, inbox, today
from fieldapp.operations.imports import Cancelled, Outcome, Progress
from fieldapp.operations.workspace import Workspace


@dataclass(frozen=True)
class Answers:
    """What a look at a folder brought."""

    taken: list[Outcome]
    """Files of headquarters or team mates for this team, oldest first; known ones too."""
    others: list[Outcome]
    """Files that could not be taken, each with its reason: most are for somebody else."""
    safe: int
    """So many more of this laptop's records are safe at headquarters now."""


_FOR_OTHERS = frozenset(("not_addressed_here", "bundle_not_for_this_key"))
"""Why a file on a shared stick is no concern of this laptop."""


def for_us(
    ws: Workspace, paths: Sequence[Path], *, dry_run: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[Outcome]:
    """Import the files that are named; of the folders that are named, what is meant for this laptop."""
    files = [path for path in paths if not path.is_dir()]
    outcomes = imports.import_files(ws, files, dry_run=dry_run, progress=progress, cancelled=cancelled)
    for folder in (path for path in paths if path.is_dir()):
        here = imports.bundles_in([folder])
        seen = imports.import_files(ws, here, dry_run=True, progress=progress, cancelled=cancelled)
        ours = {path: one for path, one in zip(here, seen, strict=True) if one.code not in _FOR_OTHERS}
        if dry_run:
            outcomes += ours.values()
        else:
            outcomes += imports.import_files(ws, list(ours), progress=progress, cancelled=cancelled)
    return outcomes


def take_in(
    ws: Workspace, folder: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Answers:
    """Take in every file for this laptop's team that lies in ``folder``. Files are never changed.

    What is for somebody else is no fault of the stick, and is not noted as refused.
    """
    written = {bundle.file for bundle in inbox.bundles(ws) if bundle.direction == "out"}
    paths = {one.path.name: one.path for one in imports.look_in(folder) if one.path.name not in written}
    read = imports.import_files(ws, list(paths.values()), dry_run=True, progress=progress, cancelled=cancelled)
    readable = {
        path: outcome for path, outcome in zip(paths.values(), read, strict=True) if outcome.status != "refused"
    }
    before = today.places(ws).hq
    in_order = sorted(readable, key=lambda path: readable[path].created)
    taken = imports.import_files(ws, in_order, progress=progress, cancelled=cancelled)
    more = max(0, today.places(ws).hq - before)  # fewer, where headquarters was put back to an older state
    return Answers(taken, [one for one in read if one.status == "refused"], more)
