"""The post desk: one action takes in what a stick brings and writes its teams' return bundles back to it (M9)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.errors import OperatorError
from fieldapp.ids import DeviceId
from fieldapp.operations import enrolment, export, imports
from fieldapp.operations.enrolment import Device
from fieldapp.operations.export import Exported
from fieldapp.operations.headquarters import SEAT
from fieldapp.operations.imports import Outcome
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import ledger
from fieldapp.storage.ledger import Refusal
from fieldapp.sync.errors import Cancelled as Stopped
from fieldapp.sync.errors import shown_name
from fieldapp.texts import Texts, natural

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class NotWritten:
    """A team whose return bundle could not be written, and why."""

    team: str
    code: str
    reason: str


@dataclass
class Served:
    """What the post desk did with one stick."""

    outcomes: list[Outcome] = field(default_factory=list)
    """One for each bundle that lay on it."""
    answers: list[tuple[str, Exported]] = field(default_factory=list)
    """The return bundle of each team, written, read back from the stick and compared."""
    not_written: list[NotWritten] = field(default_factory=list)
    stopped: bool = False
    """The operator stopped it. What was taken in until then is kept, what was written until then is whole."""

    @property
    def safe_to_unplug(self) -> bool:
        """Every team whose bundle came has its return bundle on the stick, proven."""
        return bool(self.answers) and not (self.not_written or self.stopped)

    @property
    def refused(self) -> list[Outcome]:
        """The files that were refused."""
        return [one for one in self.outcomes if one.status == "refused"]


@dataclass(frozen=True)
class Unanswered:
    """A laptop whose bundles came in and whose team got no return bundle since."""

    device: DeviceId
    name: str
    teams: tuple[str, ...]
    bundles: int
    since: str
    """When the oldest of them was taken in (UTC)."""


def arrived(ws: Workspace, folder: Path) -> list[Path]:
    """Files in a folder or on a stick that may be bundles for this workspace; what it wrote itself is left out."""
    written = {bundle.file for bundle in ledger.bundles(ws.store, "out")}
    return [one.path for one in imports.look_in(folder) if one.path.name not in written]


def arrived_in(ws: Workspace, named: Sequence[Path]) -> list[Path]:
    """The files named, and of the folders named the files that may be bundles for this workspace."""
    return [file for path in named for file in (arrived(ws, path) if path.is_dir() else [path])]


def serve(
    ws: Workspace, folder: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Served:
    """Import every bundle on the stick, then write the return bundle of each team whose records came to it.

    One bad bundle never stops the rest, nor does one team's answer that cannot be written. Each bundle is imported
    in its own transaction, so that stopping keeps what was done. Raises WrongRole, and StickError where the folder
    cannot be read.
    """
    ws.require_hq()
    served = Served()
    try:
        for outcome in take_in(ws, arrived(ws, folder), progress=progress, cancelled=cancelled):
            served.outcomes.append(outcome)
        for team in teams_of(ws, served.outcomes):
            _answer(ws, team, folder, served, progress, cancelled)
    except Stopped:
        served.stopped = True
    return served


def _answer(
    ws: Workspace, team: str, folder: Path, served: Served, progress: Progress | None, cancelled: Cancelled | None
) -> None:
    try:
        written = answer(ws, team, folder, progress=progress, cancelled=cancelled)
    except Stopped:
        raise
    except OperatorError as error:
        served.not_written.append(NotWritten(team, error.code, error.sentence(Texts(ws.language))))
    else:
        served.answers.append((team, written))


def answer(
    ws: Workspace, team: str, folder: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Exported:
    """Write the answer for a team, or with SEAT the bundle between the seats of headquarters, in either direction."""
    if team != SEAT:
        return export.export_for_team(ws, team, folder, progress=progress, cancelled=cancelled)
    if ws.is_seat:
        return export.export_for_hq(ws, folder, progress=progress, cancelled=cancelled)
    return export.export_for_seats(ws, folder, progress=progress, cancelled=cancelled)


def teams_of(ws: Workspace, outcomes: Sequence[Outcome]) -> list[str]:
    """The teams whose laptops sent these bundles or are carried in them, each once, in the order their bundles came.

    SEAT stands for a bundle of another seat of headquarters; a seat answers nobody else.
    """
    teams: dict[str, None] = {}
    for outcome in outcomes:
        sender = enrolment.device(ws, outcome.sender) if outcome.sender else None
        if outcome.status != "refused" and sender is not None:
            teams.update(dict.fromkeys(_answered_with(ws, sender, outcome.teams)))
    return list(teams)


def _answered_with(ws: Workspace, sender: Device, carried: Sequence[str]) -> list[str]:
    if sender.role == "hq":
        return [SEAT]
    own = [team for team in sender.teams if team != sender.device]
    return [] if ws.is_seat else list(dict.fromkeys([*own, *carried]))


def unanswered(ws: Workspace) -> list[Unanswered]:
    """Laptops whose sticks were imported but not answered, the one that waits longest first."""
    devices = {device.device: device for device in enrolment.devices(ws)}
    answered: set[str] = set()
    waiting: dict[DeviceId, Unanswered] = {}
    for bundle in ledger.bundles(ws.store):  # newest first: an answer covers what came before it
        if bundle.direction == "out":
            answered.add(str(bundle.counts.get("audience") or ""))
            continue
        sender = devices.get(bundle.sender or "")
        if sender is None or sender.revoked:
            continue
        teams = tuple(_answered_with(ws, sender, bundle.counts.get("teams") or ()))
        if any((team if team == SEAT else f"team/{team}") not in answered for team in teams):
            count = waiting[sender.device].bundles + 1 if sender.device in waiting else 1
            waiting[sender.device] = Unanswered(sender.device, sender.name, teams, count, bundle.taken_at)
    return sorted(waiting.values(), key=lambda one: (one.since, natural(one.name)))


def refused(ws: Workspace) -> list[Refusal]:
    """Files that were refused and have not come in since, each once with its latest reason, newest first."""
    found: dict[str, Refusal] = {}
    came = set(ws.get_json(_CAME, []))
    for refusal in ledger.refusals(ws.store):
        key = refusal.sha256 or refusal.file
        if key not in came:
            found.setdefault(key, refusal)
    return list(found.values())


_CAME = "refused_then_taken"


def take_in(
    ws: Workspace, paths: Sequence[Path], *, progress: Progress | None = None, cancelled: Cancelled | None = None,
    unrecorded: Collection[str] = (),
) -> Iterator[Outcome]:
    """Import these files one after the other; a file that was refused before and now comes in leaves that list.

    What is refused for a reason in ``unrecorded`` does not stand there.
    """
    refusals = refused(ws)
    for path in paths:
        (outcome,) = imports.import_files(
            ws, [path], progress=progress, cancelled=cancelled, unrecorded=unrecorded
        )
        if outcome.status != "refused" and refusals:
            key = _key_among(refusals, path)
            if key:
                ws.set_json(_CAME, sorted({*ws.get_json(_CAME, []), key}))
        yield outcome


def retry(
    ws: Workspace, folder: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> list[Outcome]:
    """Import again what was refused and lies in this folder or on this stick, whatever it is named now.

    For files whose reason may be gone: a laptop invited anew, a newer fieldapp. What comes in leaves the list.
    Events that were kept aside need no retry: they are judged anew whenever a grant changes.
    """
    refusals = refused(ws)
    again = [path for path in arrived(ws, folder) if _key_among(refusals, path)]
    return list(take_in(ws, again, progress=progress, cancelled=cancelled))


def _key_among(refusals: Sequence[Refusal], path: Path) -> str | None:
    """What this file stands under in the list of refused files: its hash; its name where it was too big to hash."""
    keys = {refusal.sha256 or refusal.file for refusal in refusals}
    if shown_name(path) in keys:
        return shown_name(path)
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:  # what cannot be read now is no retry
        return None
    return digest if digest in keys else None
