"""A watched folder: bundles are taken in as they appear, whole and once; nothing in it is moved, renamed or deleted.

A folder on a stick or a network share tells nobody when a file is complete. So a file is read when two looks in a row
found the same size and time; one that is damaged then may still be on its way, and is given some more looks before it
is called refused. What was taken in or refused is not read again unless it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.operations import imports, post_desk
from fieldapp.operations.imports import Outcome
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import ledger
from fieldapp.sync.errors import Cancelled as Stopped

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]

LOOK_EVERY_SECONDS = 5
"""Between two looks into a watched folder."""
PATIENCE = (1, 4, 12)
"""A file that looks cut off is tried again after so many looks without a change; after the last it is refused."""
_MAY_STILL_COME = frozenset(("bundle_damaged", "not_a_bundle", "bundle_altered", "bundle_unreadable"))
"""Why a file that is still being copied is refused."""
_REMEMBERED_FILES = 5_000
_FOLDER, _SEEN = "watch_folder", "watch_seen"


@dataclass
class Glimpse:
    """A file as it was seen last."""

    size: int
    changed_ns: int
    looks: int = 0
    """Further looks that found it the same."""
    tries: int = 0
    """Times it was read and looked cut off."""
    done: bool = False
    """Taken in, known, or refused: not read again unless it changes."""


@dataclass
class Seen:
    """What was seen in one folder, by file name."""

    files: dict[str, Glimpse] = field(default_factory=dict)

    @property
    def cut_off(self) -> int:
        """How many files were read and looked as if they were still being copied."""
        return sum(not glimpse.done and glimpse.tries > 0 for glimpse in self.files.values())

    @property
    def waiting(self) -> list[str]:
        """Files that are not complete yet, as far as can be seen."""
        return sorted(name for name, glimpse in self.files.items() if not glimpse.done)


@dataclass(frozen=True)
class Taken:
    """What came in since the last look, and the names of files that are still being copied."""

    outcomes: list[Outcome]
    waiting: list[str]


def look_in(folder: Path, seen: Seen) -> list[Path]:
    """Look once; the files that are ready to be read, by name. No workspace is needed, and no file is opened.

    Raises StickGone or StickError where the folder cannot be listed; what was seen is kept for when it is back.
    """
    here: dict[str, Glimpse] = {}
    ready = []
    for candidate in imports.look_in(folder):
        try:
            status = candidate.path.stat()
        except OSError:  # gone again between two calls
            continue
        name, known = candidate.path.name, seen.files.get(candidate.path.name)
        if known is None or (known.size, known.changed_ns) != (status.st_size, status.st_mtime_ns):
            here[name] = Glimpse(status.st_size, status.st_mtime_ns)
            continue
        known.looks += 1
        here[name] = known
        if not known.done and known.looks >= PATIENCE[min(known.tries, len(PATIENCE) - 1)]:
            ready.append(candidate.path)
    seen.files = here
    return ready


def take_in(
    ws: Workspace, paths: Sequence[Path], seen: Seen, *, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Taken:
    """Import files that ``look_in`` named, each in its own transaction; one bad file never stops the rest.

    What this workspace wrote itself is passed over. Stopping keeps what came in until then. Raises WrongRole.
    """
    ws.require_hq()
    written = {bundle.file for bundle in ledger.bundles(ws.store, "out")}
    outcomes = []
    for path in paths:
        glimpse = seen.files.get(path.name) or Glimpse(0, 0)
        if path.name in written:
            glimpse.done = True
            continue
        early = _MAY_STILL_COME if glimpse.tries < len(PATIENCE) - 1 else ()
        try:
            (outcome,) = post_desk.take_in(ws, [path], progress=progress, cancelled=cancelled, unrecorded=early)
        except Stopped:
            break
        if outcome.status == "refused" and outcome.code in early:
            glimpse.tries += 1
            glimpse.looks = 0
            continue
        glimpse.done = True
        outcomes.append(outcome)
    return Taken(outcomes, seen.waiting)


def remember(ws: Workspace, folder: Path, seen: Seen) -> None:
    """Keep which files of a folder need not be read again, for the next start."""
    done = [
        [name, glimpse.size, str(glimpse.changed_ns)] for name, glimpse in sorted(seen.files.items()) if glimpse.done
    ]
    ws.set_json(_SEEN, [str(folder), done[-_REMEMBERED_FILES:]])


def recall(ws: Workspace, folder: Path) -> Seen:
    """What was kept of this folder; nothing of another one."""
    kept_of, done = ws.get_json(_SEEN, ["", []])
    if kept_of != str(folder):
        return Seen()
    return Seen({name: Glimpse(size, int(changed), done=True) for name, size, changed in done})


def watched_folder(ws: Workspace) -> Path | None:
    """The folder this headquarters watches while its window is open; None where it watches none."""
    kept = ws.meta(_FOLDER)
    return Path(kept) if kept else None


def watch_folder(ws: Workspace, folder: Path | None) -> None:
    """Watch a folder from now on, or none."""
    ws.require_hq()
    ws.set_meta(_FOLDER, str(folder) if folder is not None else "")
