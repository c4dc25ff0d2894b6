"""Who sends a bundle: enrolled, invited, or a newcomer that waits for an officer's word (M5).

Nobody is let in by sending. A laptop whose invitation was used before is imported and its records are kept aside; of
one that is not known at all the file is refused, and a copy of it is kept here until an officer has decided. A
laptop that was enrolled after the backup that headquarters was restored from proves it by headquarters' own signed
grant, which its bundle carries.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldapp import clock
from fieldapp.errors import OperatorError
from fieldapp.ids import DeviceId
from fieldapp.operations import enrolment, headquarters, words
from fieldapp.operations.errors import SenderTooLate
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import records as stored
from fieldapp.sync.errors import UnknownSender, shown
from fieldapp.sync.invitation import token_fits
from fieldapp.sync.manifest import Manifest
from fieldapp.sync.reading import ReadBundle, SenderState
from fieldapp.texts import N_, Texts

WAITING = "waiting"
"""The folder of a headquarters' workspace that holds copies of newcomers' bundles, and their state."""
REFUSED = "refused"
MAX_COPIES = 100
MAX_COPIED_BYTES = 1 << 30
"""Copies of newcomers' bundles take no more room than this, all together."""
_KEPT = "newcomers"


@dataclass(frozen=True)
class Newcomer:
    """A device that sent a bundle and is not enrolled."""

    device: DeviceId
    name: str
    """What its bundle calls it."""
    state: str
    """``waiting`` or ``refused``."""
    team: str
    """The team of the invitation that it proves, or that headquarters once wrote to it as; empty without one."""
    once_enrolled: bool
    """It carries headquarters' own signed word, written to its key: it was enrolled before a backup was put back."""
    invitation: str
    """The laptop that this invitation was written for; empty without one."""
    used_by: DeviceId
    """The device that used the invitation first."""
    first_at: str
    last_at: str
    """When its first and last bundle came (UTC)."""
    entries: int
    """Entries of it that wait: kept aside here, or in the copies of its bundles."""
    copies: int
    """Bundles that wait as copies, because nothing of them was taken in."""
    decided_by: str
    decided_at: str
    why: str
    """Who refused it, when and why; empty while it waits."""


def sender_state(ws: Workspace, manifest: Manifest) -> SenderState:
    """What this workspace knows of a bundle's sender."""
    device = manifest.sender.device
    enrolled = enrolment.device(ws, device)
    if words.gives_receipts(ws, device):
        return SenderState.KNOWN
    if ws.role == "field" and (enrolled is None or ws.team not in enrolled.teams):
        return SenderState.UNKNOWN
    if enrolled is not None:
        return SenderState.REVOKED if enrolled.revoked else SenderState.KNOWN
    used = invitation_of(ws, manifest)
    if used is None or (not used["used_by"] and _over(ws, used)):
        return SenderState.UNPROVEN
    return SenderState.TOKEN_USED if used["used_by"] else SenderState.INVITED


def _over(ws: Workspace, invitation: dict[str, Any]) -> bool:
    return ws.clock.now().date().isoformat() > str(invitation["until"])


def invitation_of(ws: Workspace, manifest: Manifest) -> dict[str, Any] | None:
    """The invitation whose token the bundle proves."""
    proof = manifest.token_proof
    for invitation in ws.get_json("invitations", []):
        if proof and token_fits(invitation["token"], manifest.sender.device, manifest.bundle.id, proof):
            return dict(invitation)
    return None


def enrol_invited(ws: Workspace, manifest: Manifest) -> None:
    """Enrol the sender as its invitation says, and mark the token as used."""
    invitation = invitation_of(ws, manifest)
    if invitation is None:
        return
    sender = manifest.sender
    headquarters.enrol(
        ws, sender.device, name=invitation["name"], team=invitation["team"], signing_key=sender.key,
        receiving_key=sender.recipient, prefix=invitation["prefix"],
    )
    ws.set_json("invitations", [
        one | {"used_by": sender.device} if one["token"] == invitation["token"] else one
        for one in ws.get_json("invitations", [])
    ])


def not_proven(ws: Workspace, manifest: Manifest, file: str) -> OperatorError:
    """The error for a sender that is still not enrolled after headquarters' own events were taken from its bundle."""
    used = invitation_of(ws, manifest)
    if used is not None:
        return SenderTooLate(sender=manifest.sender.name, until=used["until"])
    return UnknownSender(file=file, sender=shown(manifest.sender.name), device=manifest.sender.device)


def once_written_to(ws: Workspace, bundle: ReadBundle) -> str:
    """The team whose return bundle headquarters once encrypted to the sender's key, by its own signed word; or empty.

    For an officer to weigh, no proof: a team mate could pass on that word and name another's key.
    """
    try:
        word = words.word_in(ws, bundle)
    except words.FalseWord:
        return ""
    if word is None or bundle.manifest.sender.recipient not in word.manifest.recipient.keys:
        return ""
    audience = word.manifest.recipient.audience
    return audience.removeprefix("team/") if audience.startswith("team/") else ""


def note_newcomer(ws: Workspace, bundle: ReadBundle, copy: Path | None = None) -> None:
    """Keep that a device which is not enrolled sent this bundle; of one that was refused, a copy for the officer.

    A copy is left out where copies take too much room already; the refused file itself is never changed.
    """
    known, manifest = _known(ws), bundle.manifest
    now, sender = clock.stamp(ws.clock.now()), manifest.sender
    used = invitation_of(ws, manifest) or {}
    written_to = once_written_to(ws, bundle)
    one = {"first_at": now, "state": WAITING, "copies": [], **known.get(sender.device, {})}
    one |= {
        "name": sender.name, "key": sender.key, "recipient": sender.recipient, "last_at": now,
        "team": used.get("team") or written_to or one.get("team", ""),
        "once_enrolled": bool(written_to) or one.get("once_enrolled", False),
        "invitation": used.get("name", one.get("invitation", "")),
        "used_by": used.get("used_by") or one.get("used_by", ""),
    }
    if copy is not None:
        entries = sum(s.last - s.first + 1 for s in manifest.segments if s.stream.partition(".")[0] == sender.device)
        kept = _keep_copy(ws, copy, sum(len(other["copies"]) for other in known.values()))
        if kept:
            one["copies"] = [pair for pair in one["copies"] if pair[0] != kept] + [[kept, entries]]
    _keep(ws, {**known, sender.device: one})


def _known(ws: Workspace) -> dict[DeviceId, dict[str, Any]]:
    return {str(one["device"]): one for one in ws.get_json(_KEPT, [])}


def _keep(ws: Workspace, known: dict[DeviceId, dict[str, Any]]) -> None:
    ws.set_json(_KEPT, [one | {"device": device} for device, one in known.items()])


def _keep_copy(ws: Workspace, file: Path, there: int) -> str | None:
    folder = ws.folder / WAITING
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        taken = sum(path.stat().st_size for path in folder.iterdir())
        if there >= MAX_COPIES or taken + file.stat().st_size > MAX_COPIED_BYTES:
            return None
        with file.open("rb") as stream:
            name = hashlib.file_digest(stream, "sha256").hexdigest()[:32] + ".fieldbundle"
        if not (folder / name).exists():
            part = folder / (name + ".part")
            shutil.copyfile(file, part)
            part.replace(folder / name)
    except OSError:  # no room: the file stays where it came from, and stands among the refused ones
        return None
    return name


def newcomers(ws: Workspace) -> list[Newcomer]:
    """Devices that sent something and are not enrolled, those that wait for a decision first."""
    aside: dict[DeviceId, int] = {}
    for event in stored.quarantined(ws.store):
        device = event.stream.partition(".")[0]
        aside[device] = aside.get(device, 0) + 1
    enrolled = {one.device for one in enrolment.devices(ws)}
    found = [
        Newcomer(
            device, one["name"], one["state"], one["team"], one["once_enrolled"], one["invitation"], one["used_by"],
            one["first_at"], one["last_at"],
            max([aside.get(device, 0), *(entries for _, entries in one["copies"])]), len(one["copies"]),
            one.get("decided_by", ""), one.get("decided_at", ""), one.get("why", ""),
        )
        for device, one in _known(ws).items()
        if device not in enrolled
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.state != WAITING, one.first_at, one.device))


def keys_of(ws: Workspace, device: DeviceId) -> tuple[str, str]:
    """The signing and the receiving key that a newcomer's signed bundle named. Raises KeyError."""
    one = _known(ws)[device]
    return one["key"], one["recipient"]


def copies_of(ws: Workspace, device: DeviceId) -> list[Path]:
    """The kept copies of a newcomer's bundles."""
    return [ws.folder / WAITING / name for name, _entries in _known(ws).get(device, {}).get("copies", [])]


def decide(ws: Workspace, device: DeviceId, state: str, why: str) -> None:
    """Note an officer's decision about a newcomer."""
    known = _known(ws)
    decision = {"state": state, "decided_by": ws.person, "decided_at": clock.stamp(ws.clock.now()), "why": why}
    _keep(ws, {**known, device: known[device] | decision})


def forget_copies(ws: Workspace, device: DeviceId) -> None:
    """Remove the copies of bundles that were taken in since."""
    for path in copies_of(ws, device):
        with contextlib.suppress(OSError):
            path.unlink()
    known = _known(ws)
    _keep(ws, {**known, device: known[device] | {"copies": []}})


def sentence(one: Newcomer, texts: Texts) -> str:
    """What an officer reads of a newcomer in one line."""
    if one.state == REFUSED:
        return texts(N_("{name} ({device}): refused by {by}. {why}"), name=one.name, device=one.device,
                     by=one.decided_by, why=one.why)  # fmt: skip
    return texts.plural(
        N_("{name} ({device}) is not enrolled: {count} entry waits for your decision."),
        N_("{name} ({device}) is not enrolled: {count} entries wait for your decision."), one.entries, name=one.name,
        device=one.device,
    )  # fmt: skip


def as_json(one: Newcomer) -> dict[str, Any]:
    """A newcomer as ``hq devices`` prints it, among the enrolled devices."""
    return {
        "device": one.device, "name": one.name, "state": one.state, "teams": [one.team] if one.team else [],
        "once_enrolled": one.once_enrolled, "invitation": one.invitation or None,
        "used_by": one.used_by or None, "first_at": one.first_at,
        "last_at": one.last_at, "entries": one.entries, "copies": one.copies,
        "decided": {"by": one.decided_by, "at": one.decided_at, "why": one.why} if one.decided_at else None,
    }
