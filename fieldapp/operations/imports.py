"""Bundles in: everything is verified before anything is applied, then one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldapp import clock
from fieldapp.errors import OperatorError
from fieldapp.operations import carrying, enrolment, epochs, headquarters, hq_changes, lookup, photos, words
from fieldapp.operations.errors import NotJoined, SenderTooLate
from fieldapp.operations.export import headquarters_keys
from fieldapp.operations.words import Word
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import note_seen
from fieldapp.storage import journal, ledger
from fieldapp.storage import records as stored
from fieldapp.storage.ingest import IncomingSegment, IngestResult, RefusedSegment, ingest
from fieldapp.storage.ledger import Bundle, Refusal
from fieldapp.storage.rebuild import rebuild
from fieldapp.sync.errors import SegmentDamaged, shown_name
from fieldapp.sync.invitation import token_fits
from fieldapp.sync.keys import ReceivingKey
from fieldapp.sync.manifest import Manifest
from fieldapp.sync.reading import Expectation, ReadBundle, ReadSegment, SenderState, read_bundle
from fieldapp.sync.stick import Candidate, find_bundles
from fieldapp.texts import N_, Texts

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]


@dataclass
class Outcome:
    """What an import did, or a dry run would do, with one file."""

    file: str
    status: str = "imported"
    """``imported``, ``known`` (nothing new) or ``refused``."""
    new: int = 0
    known: int = 0
    differ: int = 0
    """Records newly in conflict."""
    quarantined: int = 0
    pending: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    """New events by record kind."""
    sender: str = ""
    sender_name: str = ""
    sender_state: str = ""
    number: int = 0
    created: str = ""
    reason: str | None = None
    code: str | None = None
    forked: int = 0
    """New events at a number that another event holds: two machines write one log."""
    photos: int = 0
    receipts: int = 0
    alarms: list[str] = field(default_factory=list)
    refused_segments: list[str] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)
    records: list[str] = field(default_factory=list)
    """Names of the records the import touched."""
    hq_changed: list[str] = field(default_factory=list)
    """On a laptop: names of its team's records that headquarters changed (M6)."""
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The documented shape of one bundle in ``bundle import``."""
        return {name: value for name, value in vars(self).items() if name != "records"}


class _DryRun(Exception):
    """Takes a preview's transaction back."""


def import_file(
    ws: Workspace, path: Path, *, dry_run: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Outcome:
    """Import one bundle in one transaction, or say what it would do. Repeating it changes nothing.

    The file is never changed. Raises the bundle's own errors when it is refused as a whole.
    """
    with read_bundle(path, _identities(ws), ws.private, _expectation(ws), progress, cancelled) as bundle:
        outcome = Outcome(
            file=shown_name(path), sender=bundle.manifest.sender.device, sender_name=bundle.manifest.sender.name,
            sender_state=bundle.sender_state.value if bundle.sender_state else "",
            number=bundle.manifest.bundle.number, created=bundle.manifest.created,
            totals=dict(bundle.manifest.totals),
        )
        try:
            with ws.store.transaction():
                _apply(ws, bundle, outcome, path, progress)
                if dry_run:
                    raise _DryRun
                _take_photos(ws, bundle, outcome)
        except _DryRun:
            pass
        return outcome


def import_files(
    ws: Workspace, paths: Sequence[Path], *, dry_run: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[Outcome]:
    """Import several bundles; one bad bundle never stops the rest. Refused ones are named with their reason."""
    outcomes = []
    for path in paths:
        try:
            outcomes.append(import_file(ws, path, dry_run=dry_run, progress=progress, cancelled=cancelled))
        except OperatorError as error:
            if error.code == "cancelled":
                raise
            outcomes.append(_refused(ws, path, error, dry_run=dry_run))
    return outcomes


def bundles_in(paths: Sequence[Path]) -> list[Path]:
    """The files named, and the bundles in the folders named."""
    found: list[Path] = []
    for path in paths:
        found += [candidate.path for candidate in find_bundles(path).candidates] if path.is_dir() else [path]
    return found


def look_in(folder: Path) -> list[Candidate]:
    """Files in a folder or on a stick that may be bundles."""
    return find_bundles(folder).candidates


@dataclass(frozen=True)
class Inspected:
    """What a bundle says of itself, verified but not compared with this workspace."""

    file: str
    manifest: Manifest
    segments: list[dict[str, Any]]
    photos: int


def inspect(ws: Workspace, path: Path) -> Inspected:
    """Verify a bundle that this workspace can open and show what it says. Nothing is imported."""
    with read_bundle(path, _identities(ws), ws.private) as bundle:
        segments = [
            {"stream": s.entry.stream, "audience": s.entry.audience, "from": s.entry.first, "to": s.entry.last,
             "head": s.entry.head, "refused": s.refused.sentence(Texts(ws.language)) if s.refused else None}
            for s in bundle.segments
        ]
        return Inspected(shown_name(path), bundle.manifest, segments, len(bundle.photos))


def _refused(ws: Workspace, path: Path, error: OperatorError, *, dry_run: bool) -> Outcome:
    reason = error.sentence(Texts(ws.language))
    if not dry_run:
        with ws.store.transaction():
            at = clock.stamp(ws.clock.now())
            ledger.add_refusal(ws.store, Refusal(shown_name(path), _sum_of(path), at, error.code, reason))
    return Outcome(file=shown_name(path), status="refused", reason=reason, code=error.code)


def _sum_of(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > 1 << 30:
            return None
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:  # what refused reading once refuses it again
        return None


def _identities(ws: Workspace) -> list[ReceivingKey]:
    return [ws.keys.receiving]


def _expectation(ws: Workspace) -> Expectation:
    deployment = ws.deployment
    if deployment is None:
        raise NotJoined
    audiences = {"hq"} if ws.role == "hq" else {f"team/{ws.team}", f"team/{ws.device}"}
    return Expectation(
        deployment_id=deployment.id, deployment_name=deployment.name, audiences=frozenset(audiences),
        sender=lambda manifest: sender_state(ws, manifest),
        has_head=lambda head: journal.has_segment(ws.store, head), demonstration=deployment.demonstration,
    )


def sender_state(ws: Workspace, manifest: Manifest) -> SenderState:
    """What this workspace knows of a bundle's sender."""
    device = manifest.sender.device
    enrolled = enrolment.device(ws, device)
    if ws.role == "field":
        if words.is_headquarters(ws, device):
            return SenderState.KNOWN
        if enrolled is None or ws.team not in enrolled.teams:
            return SenderState.UNKNOWN
    if enrolled is not None:
        return SenderState.REVOKED if enrolled.revoked else SenderState.KNOWN
    used = _invitation_of(ws, manifest)
    if used is None:
        return SenderState.UNKNOWN
    if used["used_by"]:
        return SenderState.TOKEN_USED
    if ws.clock.now().date().isoformat() > used["until"]:
        raise SenderTooLate(sender=manifest.sender.name, until=used["until"])
    return SenderState.INVITED


def _invitation_of(ws: Workspace, manifest: Manifest) -> dict[str, Any] | None:
    """The invitation whose token the bundle proves."""
    proof = manifest.token_proof
    for invitation in ws.get_json("invitations", []):
        if proof and token_fits(invitation["token"], manifest.sender.device, manifest.bundle.id, proof):
            return dict(invitation)
    return None


def _apply(ws: Workspace, bundle: ReadBundle, outcome: Outcome, path: Path, progress: Progress | None) -> None:
    manifest, texts = bundle.manifest, Texts(ws.language)
    if bundle.sender_state is SenderState.INVITED:
        _enrol(ws, manifest)
    incoming = []
    for segment in bundle.segments:
        if segment.refused is not None:
            outcome.refused_segments.append(segment.refused.sentence(texts))
        elif segment.known:
            outcome.known += segment.entry.last - segment.entry.first + 1
        else:
            incoming.append(_incoming(segment, manifest.bundle.id))
    word = _word(ws, bundle, outcome)
    unknown = word is not None and words.unknown_of_ours(ws, word)
    open_before = {(c.record, c.group) for c in stored.conflicts(ws.store)}
    changed_before = hq_changes.known(ws)
    result = ingest(ws.store, incoming, progress=_steps(progress))
    _count(outcome, result)
    outcome.refused_segments += [_no_events(refused).sentence(texts) for refused in result.refused]
    _compare(ws, outcome, open_before)
    note_seen(ws, [(s, seq, head) for s, (seq, head) in sorted(result.heads.items()) if s.split(".")[0] != ws.device])
    carrying.note_told(ws, manifest.sender.device, manifest.receipts)
    if ws.role == "hq" and word is not None and word.manifest.sender.device == ws.device:
        setback = epochs.notice_setback(ws, word.manifest)
        outcome.alarms += [setback] if setback else []
    elif ws.role == "field" and word is not None:
        receipts, alarms = words.take(ws, word, unknown=unknown)
        outcome.receipts, outcome.alarms = receipts, [*outcome.alarms, *alarms]
        if _adopted(ws):
            outcome.quarantined = sum(1 for q in stored.quarantined(ws.store) if q.stream.split(".")[0] != ws.device)
    outcome.hq_changed = hq_changes.note_new(ws, changed_before)
    counts = {
        "new": outcome.new, "known": outcome.known, "number": manifest.bundle.number,
        "sender_name": manifest.sender.name, "audience": manifest.recipient.audience,
        "app": manifest.app, "newest_read": manifest.newest_read,
    }
    at = clock.stamp(ws.clock.now())
    ledger.add_bundle(
        ws.store,
        Bundle(manifest.bundle.id, "in", shown_name(path), manifest.sender.device, manifest.created, at, counts),
    )
    if not (outcome.new or outcome.receipts or outcome.refused_segments or outcome.sender_state == "invited"):
        outcome.status = "known"


def _count(outcome: Outcome, result: IngestResult) -> None:
    outcome.new += result.new
    outcome.known += result.known
    outcome.quarantined, outcome.pending = result.quarantined, result.pending
    outcome.forked = result.differ
    outcome.kinds = dict(sorted(result.events_by_kind.items()))
    outcome.records = sorted(result.touched)


def _no_events(refused: RefusedSegment) -> SegmentDamaged:
    """The sentence for a segment that is signed as it should be but holds lines that are no events."""
    return SegmentDamaged(
        stream=refused.stream, first=refused.from_seq, last=refused.to_seq, reason=refused.reason
    )


def _compare(ws: Workspace, outcome: Outcome, open_before: set[tuple[str, str]]) -> None:
    """Which records disagree since this import: their readings, the one shown meanwhile first."""
    fresh = [c for c in stored.conflicts(ws.store) if (c.record, c.group) not in open_before]
    outcome.differ = len({c.record for c in fresh})
    outcome.conflicts = [
        {"record": c.record, "group": c.group, "readings": c.readings, "events": c.events} for c in fresh
    ]


def _incoming(segment: ReadSegment, bundle_id: str) -> IncomingSegment:
    entry = segment.entry
    return IncomingSegment(
        entry.stream, entry.first, entry.last, entry.prev, entry.head, segment.data(), segment.signature(), bundle_id
    )


def _steps(progress: Progress | None) -> Callable[[int, int], None] | None:
    return (lambda done, total: progress("import", done, total)) if progress else None


def _enrol(ws: Workspace, manifest: Manifest) -> None:
    invitation = _invitation_of(ws, manifest)
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


def _word(ws: Workspace, bundle: ReadBundle, outcome: Outcome) -> Word | None:
    """Headquarters' word in the bundle; a false one is named and left aside, the rest of the bundle is not at fault."""
    try:
        return words.word_in(ws, bundle)
    except words.FalseWord:
        outcome.alarms.append(Texts(ws.language)(N_(
            "What this file carries as headquarters' receipts is not signed by headquarters. It was left aside."
        )))
        return None


def _take_photos(ws: Workspace, bundle: ReadBundle, outcome: Outcome) -> None:
    for digest in bundle.photos:
        photos.keep_photo(ws, digest, b"".join(bundle.photo(digest)))
        outcome.photos += 1


def _adopted(ws: Workspace) -> bool:
    """A laptop that now holds a grant of its headquarters takes headquarters' device as root; state is rebuilt.

    Until then its own device is root, and what headquarters wrote is held back.
    """
    if ws.root != ws.device:
        return False
    hq = headquarters_keys(ws).device
    grants = lookup.events_of(ws, f"device/hq/{ws.device}").values()
    if not any(event.device == hq and "grant" in event.set for event in grants):
        return False
    ws.set_meta("token", "")
    rebuild(ws.store, root=hq)
    return True
