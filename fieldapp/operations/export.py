"""Bundles out: from a laptop for headquarters, and from headquarters for a team (the return bundle)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fieldapp import __version__, clock, ids
from fieldapp.domain.lists import lists_version
from fieldapp.domain.segments import read_header
from fieldapp.ids import DeviceId, StreamId
from fieldapp.operations import carrying, enrolment, formats, lookup, photos, readable, words
from fieldapp.operations.errors import NoSeats, NoTeamMates, NotJoined, NotThisTeam, TeamUnknown
from fieldapp.operations.headquarters import deployment_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal, ledger
from fieldapp.storage.errors import DiskFull
from fieldapp.storage.journal import StoredSegment
from fieldapp.storage.ledger import Bundle
from fieldapp.sync.bundle import BundleContent, BundleFile, PackedPhoto, PackedSegment, write_bundle
from fieldapp.sync.errors import StickFull
from fieldapp.sync.invitation import Headquarters, token_proof
from fieldapp.sync.manifest import Asked, BundleId, Receipt
from fieldapp.sync.manifest import Deployment as Named
from fieldapp.sync.segments import sign_segment
from fieldapp.sync.stick import SafeToUnplug, bundle_name, write_to_stick

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Exported:
    """A bundle that was written, read back from where it lies, and may be unplugged."""

    path: Path
    number: int
    bundle_id: str
    size: int
    sha256: str
    audience: str
    events: int
    photos: int
    totals: dict[str, object]


def export_for_hq(
    ws: Workspace, folder: Path, *, thin: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """Write everything since headquarters' last receipt to ``folder`` or stick; read it back; note it as exported.

    Team mates' segments that are here go along unchanged, and what a restored headquarters lost of its own. A lost
    stick so costs nothing: the next bundle carries the same again. ``thin`` leaves the photos out.
    A further seat of headquarters sends every stream it holds, and its other seats can open the bundle too.
    Raises NotJoined, OnlyField at the root, and the stick's errors; on any error nothing is noted as exported.
    """
    if not ws.is_seat:
        ws.require_field()
    if ws.deployment is None:
        raise NotJoined
    hq = headquarters_keys(ws)
    _seal_own(ws)
    carried = journal.streams(ws.store) if ws.is_seat else carrying.streams_for(ws, carrying.audiences_of(ws, ws.team))
    own = [stream for stream in lookup.own_streams(ws) if stream not in carried]
    segments = carrying.segments_for(
        ws, [*own, *carried], [(hq.device, carrying.told_by_hq(ws))], dict(ws.get_json("asked", []))
    )
    content = _content(
        ws, "hq", segments, [] if thin else _photos_to_send(ws), receipts=carrying.held(ws),
        hq_epoch=ws.meta("hq_epoch") or None, readers=[hq.device],
    )
    if ws.is_seat:
        content = dataclasses.replace(content, asked_photos=photos.missing_photos(ws))
    if ws.meta("token"):
        proof = token_proof(ws.meta("token"), ws.device, content.bundle.id)
        content = dataclasses.replace(content, token_proof=proof)
    others = [seat.receiving_key for seat in enrolment.seats(ws)] if ws.is_seat else []
    recipients = [hq.active, hq.escrow, *others]
    return _write(ws, words.beside(ws, content), recipients, folder, segments, progress, cancelled)


def export_for_team(
    ws: Workspace, team: str, folder: Path, *, with_photos: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """A bundle for all laptops of a team, encrypted to each of them.

    At headquarters the return bundle: receipts, decisions, tasks, grants, team mates' records. On a laptop what team
    mates lack of the team's streams, and headquarters' last word, so that receipts and questions reach them too;
    photos only where they are asked for. Raises TeamUnknown where no laptop of the team is enrolled yet, NotThisTeam
    and NoTeamMates on a laptop, and the stick's errors.
    """
    if ws.role == "field":
        return _for_team_mates(ws, team, folder, with_photos, progress, cancelled)
    ws.require_root()
    laptops = [device for device in enrolment.members(ws, team) if device.receiving_key]
    if not laptops:
        raise TeamUnknown(team=team)
    _seal_own(ws)
    audiences = carrying.audiences_of(ws, team)
    streams = carrying.streams_for(ws, audiences)
    readers = [device.device for device in laptops]
    segments = carrying.segments_for(ws, streams, carrying.readers(ws, readers))
    content = _with_word(ws, f"team/{team}", segments, [], {stream.id for stream in streams}, readers)
    return _write(ws, content, [d.receiving_key for d in laptops], folder, segments, progress, cancelled)


def _with_word(
    ws: Workspace, audience: str, segments: Sequence[StoredSegment], carried: Sequence[PackedPhoto],
    streams: set[StreamId], readers: Sequence[DeviceId],
) -> BundleContent:
    """What the root's workspace says in a bundle: receipts for these streams, and what is missing of them."""
    epoch = ws.meta("epoch")
    receipts = [
        Receipt(str(r["stream"]), int(str(r["seq"])), str(r["head"]), epoch)
        for r in journal.receipts_to_give(ws.store)
        if r["stream"] in streams
    ]
    content = _content(ws, audience, segments, carried, receipts=receipts, hq_epoch=epoch, readers=readers)
    return dataclasses.replace(content, asked=_gaps_of(ws, streams), asked_photos=photos.missing_photos(ws))


def export_for_seats(
    ws: Workspace, folder: Path, *, thin: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """The root's bundle for all further seats of headquarters: every stream and photo that one of them lacks.

    Its receipts are the word that seats relay as "safe at HQ". Seats cannot open teams' bundles: these are encrypted
    to the root's keys alone, so that no second computer holds the key to all of them, and what they brought is
    carried on here. ``thin`` leaves the photos out. Raises OnlyRoot, NoSeats and the stick's errors.
    """
    ws.require_root()
    seats = enrolment.seats(ws)
    if not seats:
        raise NoSeats
    _seal_own(ws)
    streams = journal.streams(ws.store)
    readers = carrying.readers(ws, (seat.device for seat in seats))
    segments = carrying.segments_for(ws, streams, readers)
    wanted = [] if thin else sorted(carrying.photos_lacking(ws, readers))
    content = _with_word(
        ws, "hq", segments, _packed_photos(ws, wanted), {stream.id for stream in streams},
        [seat.device for seat in seats],
    )
    recipients = [ws.keys.recipient, ws.meta("escrow"), *(seat.receiving_key for seat in seats)]
    return _write(ws, content, recipients, folder, segments, progress, cancelled)


def _for_team_mates(
    ws: Workspace, team: str, folder: Path, with_photos: bool, progress: Progress | None, cancelled: Cancelled | None
) -> Exported:
    if ws.deployment is None:
        raise NotJoined
    if team != ws.team:
        raise NotThisTeam(team=team)
    laptops = [device for device in enrolment.members(ws, team) if device.receiving_key]
    mates = [device.device for device in laptops if device.device != ws.device]
    if not mates:
        raise NoTeamMates
    _seal_own(ws)
    streams = carrying.streams_for(ws, carrying.audiences_of(ws, team))
    segments = carrying.segments_for(ws, streams, carrying.readers(ws, mates))
    content = _content(
        ws, f"team/{team}", segments, _photos_to_send(ws) if with_photos else [], receipts=carrying.held(ws),
        readers=mates,
    )
    recipients = [device.receiving_key for device in laptops]
    return _write(ws, words.beside(ws, content), recipients, folder, segments, progress, cancelled)


def _gaps_of(ws: Workspace, streams: set[StreamId]) -> list[Asked]:
    """What is missing of these streams, to be asked for."""
    return [
        Asked(str(gap["stream"]), int(str(gap["from"])), int(str(gap["to"])), str(gap["head"]))
        for gap in journal.gaps(ws.store)
        if gap["stream"] in streams
    ]


def headquarters_keys(ws: Workspace) -> Headquarters:
    """The headquarters this laptop belongs to, as its invitation named it. Raises NotJoined."""
    value = ws.get_json("hq", None)
    if value is None:
        raise NotJoined
    return msgspec.convert(value, Headquarters)


def _seal_own(ws: Workspace) -> None:
    """Seal and sign what is not sealed yet in every own stream."""
    with ws.store.transaction():
        for stream in lookup.own_streams(ws):
            journal.seal(ws.store, stream.id, lambda data: sign_segment(ws.keys, data), ws.keys.signing_public)


def _photos_to_send(ws: Workspace) -> list[PackedPhoto]:
    sent = set(ws.get_json("photos_at_hq", []))
    return _packed_photos(ws, sorted(set(photos.named_photos(ws)) - sent))


def _packed_photos(ws: Workspace, wanted: Sequence[str]) -> list[PackedPhoto]:
    packed = []
    for digest in wanted:
        data = photos.read_photo(ws, digest)
        if data is not None:
            packed.append(PackedPhoto(digest, data))
    return packed


def _content(
    ws: Workspace,
    audience: str,
    segments: Sequence[StoredSegment],
    carried: Sequence[PackedPhoto],
    *,
    receipts: Sequence[Receipt],
    readers: Sequence[str] = (),
    hq_epoch: str | None = None,
) -> BundleContent:
    deployment = deployment_of(ws)
    number = int(ws.meta("bundle_number", "0")) + 1
    ws.set_meta("bundle_number", str(number))
    members, totals = readable.members(ws, audience)
    return BundleContent(
        bundle=BundleId(ids.uuid7(ws.clock.now(), ws.entropy), number),
        created=clock.stamp(ws.clock.now()),
        app=__version__,
        deployment=Named(deployment.id, deployment.name),
        sender_name=ws.meta("device_name") or ws.person or deployment.name,
        audience=audience,
        segments=[_packed(segment) for segment in segments],
        photos=carried,
        readable=members,
        receipts=receipts,
        totals=totals,
        lists={"shipped": lists_version()},
        hq_epoch=hq_epoch,
        demonstration=deployment.demonstration,
        format=formats.format_for(ws, readers),
    )


def _packed(segment: StoredSegment) -> PackedSegment:
    return PackedSegment(read_header(segment.data), segment.to_seq, segment.head, segment.data, segment.sig or "")


def _write(
    ws: Workspace, content: BundleContent, recipients: Sequence[str], folder: Path, segments: Sequence[StoredSegment],
    progress: Progress | None, cancelled: Cancelled | None,
) -> Exported:
    name = bundle_name(content.bundle.number, ws.entropy)
    try:
        own = write_bundle(content, ws.keys, recipients, ws.bundles / name, progress, cancelled)
    except StickFull as error:  # it is this computer's own disk, and no other stick would help
        raise DiskFull from error
    try:
        safe = write_to_stick(own.path, folder, name, progress, cancelled)
    except BaseException:
        own.path.unlink(missing_ok=True)
        raise
    _note(ws, content, own, safe, segments)
    _keep_last_copies(ws.bundles)
    return Exported(
        safe.path, content.bundle.number, content.bundle.id, safe.size, safe.sha256, content.audience,
        sum(segment.to_seq - segment.from_seq + 1 for segment in segments), len(content.photos), dict(content.totals),
    )


def _note(
    ws: Workspace, content: BundleContent, own: BundleFile, safe: SafeToUnplug, segments: Sequence[StoredSegment]
) -> None:
    at = clock.stamp(ws.clock.now())
    with ws.store.transaction():
        counts = {
            "size": own.size, "segments": len(segments), "sha256": own.sha256, "audience": content.audience,
            "number": content.bundle.number,
        }
        ledger.add_bundle(
            ws.store, Bundle(content.bundle.id, "out", safe.path.name, ws.device, content.created, at, counts)
        )
        if ws.role == "field":
            ends = {segment.stream: segment.to_seq for segment in segments}
            ledger.mark_exported(ws.store, ends, at, content.bundle.id)


_COPIES_KEPT = 30


def _keep_last_copies(folder: Path) -> None:
    """The workspace keeps its own copy of the last bundles; older ones can be written again from the log."""
    copies = sorted(folder.glob("*.fieldbundle"), key=lambda path: path.stat().st_mtime_ns)
    for path in copies[:-_COPIES_KEPT]:
        path.unlink(missing_ok=True)
