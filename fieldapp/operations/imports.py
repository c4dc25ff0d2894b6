"""Bundles in: everything is verified before anything is applied, then one transaction."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from fieldapp import clock
from fieldapp.domain.lists_in_force import changes
from fieldapp.errors import OperatorError
from fieldapp.operations import (
    carrying,
    checks_of_records,
    control_totals,
    enrolment,
    epochs,
    explaining,
    hq_changes,
    list_news,
    lookup,
    photos,
    senders,
    words,
)
from fieldapp.operations.errors import NotJoined, SenderTooLate
from fieldapp.operations.export import headquarters_keys
from fieldapp.operations.words import Word
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import note_seen
from fieldapp.storage import disputes, journal, ledger
from fieldapp.storage import records as stored
from fieldapp.storage.ingest import IncomingSegment, IngestResult, RefusedSegment, ingest
from fieldapp.storage.ledger import Bundle, PhotoFile, Refusal
from fieldapp.storage.rebuild import rebuild
from fieldapp.sync.errors import SegmentDamaged, UnknownSender, shown_name
from fieldapp.sync.keys import ReceivingKey
from fieldapp.sync.manifest import Manifest
from fieldapp.sync.reading import Expectation, ReadBundle, ReadSegment, SenderState, read_bundle
from fieldapp.sync.stick import Candidate, find_bundles
from fieldapp.texts import N_, Texts

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]
Held = TypeVar("Held")


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
    teams: list[str] = field(default_factory=list)
    """The teams whose laptops' segments it carried."""
    forked: int = 0
    """New events at a number that another event holds: two machines write one log."""
    photos: int = 0
    photos_new: int = 0
    """Photos in it that are not here yet."""
    receipts: int = 0
    alarms: list[str] = field(default_factory=list)
    refused_segments: list[str] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)
    """Control totals as the sender counted them."""
    totals_here: dict[str, Any] = field(default_factory=dict)
    """In a dry run at headquarters: the same counted here, as it would be with this bundle."""
    records: list[str] = field(default_factory=list)
    """Names of the records the import touched."""
    hq_changed: list[str] = field(default_factory=list)
    """On a laptop: names of its team's records that headquarters changed (M6)."""
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    findings: dict[str, int] | None = None
    """At headquarters: findings of the clearance checks among what is new, by severity; None: too much to look at."""
    lists: dict[str, dict[str, int]] = field(default_factory=dict)
    """Entries of reference lists that were added, changed or withdrawn, by list."""
    headquarters_at: str = ""
    """On a laptop: when the newest file of headquarters that is here was made."""
    error: OperatorError | None = None
    """Why it was refused, to be said in any language."""

    def as_json(self) -> dict[str, Any]:
        """The documented shape of one bundle in ``bundle import``."""
        return {name: value for name, value in vars(self).items() if name not in ("records", "error")}


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
        before = checks_of_records.marks(ws) if ws.role == "hq" else {}
        try:
            missed = explaining.open_where_kept(ws)
            with ws.store.transaction():
                _apply(ws, bundle, outcome, path, progress)
                outcome.alarms += explaining.news(ws, missed, Texts(ws.language))
                if dry_run:
                    if ws.role == "hq":
                        outcome.totals_here = control_totals.held_of(ws, bundle.manifest.sender.device)
                    raise _DryRun
                _take_photos(ws, bundle, outcome)
        except _DryRun:
            pass
        except (UnknownSender, SenderTooLate):
            if not dry_run:
                senders.note_newcomer(ws, bundle, path)
            raise
        if before and not dry_run:  # behind the commit: nothing that is found, or not, keeps records out
            found = checks_of_records.of_new(ws, before, outcome.records)
            outcome.findings = checks_of_records.counted(found) if found is not None else None
        return outcome


def import_files(
    ws: Workspace, paths: Sequence[Path], *, dry_run: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None, unrecorded: Collection[str] = (),
) -> list[Outcome]:
    """Import several bundles; one bad bundle never stops the rest. Refused ones are named with their reason.

    They stand in the list of refused files too, but not for reasons (error codes) in ``unrecorded``.
    """
    outcomes = []
    for path in paths:
        try:
            outcomes.append(import_file(ws, path, dry_run=dry_run, progress=progress, cancelled=cancelled))
        except OperatorError as error:
            if error.code == "cancelled":
                raise
            outcomes.append(_refused(ws, path, error, recorded=not dry_run and error.code not in unrecorded))
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


def _refused(ws: Workspace, path: Path, error: OperatorError, *, recorded: bool) -> Outcome:
    reason = error.sentence(Texts(ws.language))
    if recorded:
        with ws.store.transaction():
            at = clock.stamp(ws.clock.now())
            ledger.add_refusal(ws.store, Refusal(shown_name(path), _sum_of(path), at, error.code, reason))
    return Outcome(file=shown_name(path), status="refused", reason=reason, code=error.code, error=error)


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
        sender=lambda manifest: senders.sender_state(ws, manifest),
        has_segment=lambda entry: journal.has_segment(ws.store, entry.head, entry.first),
        demonstration=deployment.demonstration,
    )


def _apply(ws: Workspace, bundle: ReadBundle, outcome: Outcome, path: Path, progress: Progress | None) -> None:
    manifest, texts, lists_before = bundle.manifest, Texts(ws.language), ws.lists
    if bundle.sender_state is SenderState.INVITED:
        senders.enrol_invited(ws, manifest)
    elif bundle.sender_state is SenderState.TOKEN_USED:
        senders.note_newcomer(ws, bundle)
    incoming = []
    for segment in _emptying(bundle.hand_over()):
        if segment.refused is not None:
            outcome.refused_segments.append(segment.refused.sentence(texts))
        elif segment.known:
            outcome.known += segment.entry.last - segment.entry.first + 1
        else:
            incoming.append(_incoming(segment, manifest.bundle.id))
    word = _word(ws, bundle, outcome)
    unknown = words.unknown_of_ours(ws, word) if word is not None else set()
    open_before = disputes.keys(ws.store)
    changed_before = hq_changes.known(ws)
    adopted = _take_segments(ws, bundle, incoming, outcome, progress)
    if adopted:
        outcome.quarantined = sum(1 for q in stored.quarantined(ws.store) if q.stream.split(".")[0] != ws.device)
    _compare(ws, outcome, open_before)
    _note_sender(ws, bundle, outcome)
    if ws.role == "hq" and not ws.is_seat and word is not None and word.manifest.sender.device == ws.device:
        setback = epochs.notice_setback(ws, word.manifest)
        outcome.alarms += [setback] if setback else []
    elif word is not None and (ws.role == "field" or ws.is_seat):
        receipts, alarms = words.take(ws, word, unknown=unknown)
        outcome.receipts, outcome.alarms = receipts, [*outcome.alarms, *alarms]
    outcome.hq_changed = hq_changes.note_new(ws, changed_before)
    counts = {
        "new": outcome.new, "known": outcome.known, "number": manifest.bundle.number,
        "sender_name": manifest.sender.name, "audience": manifest.recipient.audience,
        "app": manifest.app, "newest_read": manifest.newest_read, "teams": outcome.teams,
    }
    at = clock.stamp(ws.clock.now())
    ledger.add_bundle(
        ws.store,
        Bundle(manifest.bundle.id, "in", shown_name(path), manifest.sender.device, manifest.created, at, counts),
    )
    if (lists_now := ws.lists) is not lists_before:
        outcome.lists = list_news.news(changes(lists_before, lists_now))
    outcome.headquarters_at = list_news.headquarters_at(ws)
    outcome.photos_new = sum(not photos.photo_path(ws, digest).exists() for digest in bundle.photos)
    brings = outcome.new or outcome.receipts or outcome.refused_segments or outcome.photos_new
    if not (brings or outcome.sender_state == "invited"):
        outcome.status = "known"


def _take_segments(
    ws: Workspace, bundle: ReadBundle, incoming: list[IncomingSegment], outcome: Outcome, progress: Progress | None
) -> bool:
    """Ingest the segments; True where they made this workspace part of its headquarters' deployment.

    What headquarters wrote goes first where it decides about the rest: whether this device is enrolled (then its
    records are not judged twice), or whether a sender that is not known here is. Of one that is not, nothing is
    taken: raises UnknownSender or SenderTooLate.
    """
    unproven = bundle.sender_state is SenderState.UNPROVEN
    parts = [incoming]
    if unproven or (ws.root == ws.device and ws.get_json("hq", None) is not None):
        parts = [[], []]
        for segment in _emptying(incoming):
            parts[0 if words.gives_receipts(ws, segment.stream.partition(".")[0]) else 1].append(segment)
    adopted = False
    for part in parts:
        result = ingest(ws.store, _emptying(part), progress=_steps(progress))
        if unproven and enrolment.device(ws, bundle.manifest.sender.device) is None:
            raise senders.not_proven(ws, bundle.manifest, outcome.file)
        _count(ws, outcome, result)
        adopted = _adopted(ws) or adopted
    return adopted


def _emptying(segments: list[Held]) -> Iterator[Held]:
    """Each of them in order; what was handed on is not held here any more."""
    segments.reverse()
    while segments:
        yield segments.pop()


def _count(ws: Workspace, outcome: Outcome, result: IngestResult) -> None:
    outcome.new += result.new
    outcome.known += result.known
    outcome.quarantined += result.quarantined
    outcome.pending += result.pending
    outcome.forked += result.differ
    outcome.kinds = dict(sorted((Counter(outcome.kinds) + result.events_by_kind).items()))
    outcome.records = sorted({*outcome.records, *result.touched})
    outcome.refused_segments += [_no_events(refused).sentence(Texts(ws.language)) for refused in result.refused]
    note_seen(ws, [stream for stream in result.heads if stream.split(".")[0] != ws.device])


def _note_sender(ws: Workspace, bundle: ReadBundle, outcome: Outcome) -> None:
    """Keep how far the sender has each stream, and whose segments it carried: all these want an answer."""
    manifest = bundle.manifest
    sender = manifest.sender.device
    if bundle.sender_state is SenderState.UNPROVEN:
        outcome.sender_state = SenderState.KNOWN.value
    carrying.note_told(ws, sender, manifest.receipts)
    carried = {entry.stream.partition(".")[0] for entry in manifest.segments}
    by_device = {one.device: one for one in enrolment.devices(ws, {sender, *carried})}
    if sender in by_device and by_device[sender].role == "hq":
        carrying.note_asked_photos(ws, sender, manifest.asked_photos)
        return
    theirs = [one for device, one in by_device.items() if device in carried and one.role == "field"]
    outcome.teams = sorted({team for one in theirs for team in one.teams if team != one.device})


def _no_events(refused: RefusedSegment) -> SegmentDamaged:
    """The sentence for a segment that is signed as it should be but holds lines that are no events."""
    return SegmentDamaged(
        stream=refused.stream, first=refused.from_seq, last=refused.to_seq, reason=refused.reason
    )


def _compare(ws: Workspace, outcome: Outcome, open_before: set[tuple[str, str]]) -> None:
    """Which records disagree since this import: their readings, the one shown meanwhile first."""
    new = disputes.keys(ws.store) - open_before
    touched = [c for name in sorted({record for record, _ in new}) for c in stored.conflicts(ws.store, name)]
    fresh = [c for c in touched if (c.record, c.group) in new]
    outcome.differ = len({c.record for c in fresh})
    outcome.conflicts = [
        {"record": c.record, "group": c.group, "readings": c.readings, "events": c.events} for c in fresh
    ]


def _incoming(segment: ReadSegment, bundle_id: str) -> IncomingSegment:
    entry = segment.entry
    return IncomingSegment(
        entry.stream, entry.first, entry.last, entry.prev, entry.head, segment.data(), segment.signature(), bundle_id,
        segment.checked,
    )


def _steps(progress: Progress | None) -> Callable[[int, int], None] | None:
    return (lambda done, total: progress("import", done, total)) if progress else None


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
    def reader(digest: str) -> Callable[[], bytes]:
        return lambda: b"".join(bundle.photo(digest))

    photos.keep_photos(ws, (
        (PhotoFile(digest, bundle.photo_size(digest), photos.HERE), reader(digest)) for digest in bundle.photos
    ))
    outcome.photos += len(bundle.photos)


def _adopted(ws: Workspace) -> bool:
    """A laptop that now holds a grant of its headquarters takes headquarters' device as root; state is rebuilt.

    Until then its own device is root, and what headquarters wrote is held back.
    """
    if ws.root != ws.device or ws.get_json("hq", None) is None:
        return False
    hq = headquarters_keys(ws).device
    grants = lookup.events_of(ws, f"device/hq/{ws.device}").values()
    if not any(event.device == hq and "grant" in event.set for event in grants):
        return False
    ws.set_meta("token", "")
    rebuild(ws.store, root=hq)
    return True
