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
from fieldapp.errors import OperatorError
from fieldapp.ids import DeviceId, StreamId
from fieldapp.operations import carrying, enrolment, formats, lookup, photo_parts, photos, readable, words
from fieldapp.operations.errors import NoLaptopYet, NoSeats, NoTeamMates, NotJoined, NotThisTeam, TeamUnknown
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
from fieldapp.texts import N_, Texts

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Exported:
    """A bundle that was written, read back from where it lies, and may be unplugged; with parts that carry photos."""

    path: Path
    number: int
    bundle_id: str
    size: int
    sha256: str
    audience: str
    events: int
    photos: int
    """In this file."""
    totals: dict[str, object]
    photos_wanted: int = 0
    """Photos that were to go: what its readers lack."""
    parts: tuple[Exported, ...] = ()
    """Further files with the photos that did not fit into this one, each proven and importable alone."""

    @property
    def photos_written(self) -> int:
        """Photos in all its files."""
        return self.photos + sum(part.photos for part in self.parts)

    @property
    def photos_percent(self) -> int:
        """The share of the photos that is on this stick, in whole per cent, never rounded up to all of them."""
        return 100 * self.photos_written // self.photos_wanted if self.photos_wanted else 100


def photo_share(written: Exported, texts: Texts) -> str:
    """What of it all is on the stick: ``On this stick: records 100 %, photos 62 % (31 of 50).``."""
    return texts(
        N_("On this stick: records 100 %, photos {percent} % ({written} of {wanted})."),
        percent=texts.number(written.photos_percent), written=texts.number(written.photos_written),
        wanted=texts.number(written.photos_wanted),
    )


def export_for_hq(
    ws: Workspace, folder: Path, *, thin: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """Write everything since headquarters' last receipt to ``folder`` or stick; read it back; note it as exported.

    Team mates' segments that are here go along unchanged, and what a restored headquarters lost of its own. A lost
    stick so costs nothing: the next bundle carries the same again. ``thin`` leaves the photos out; photos that do not
    fit beside the records follow in files of their own, as many as the stick takes.
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

    def content(segments: Sequence[StoredSegment], carried: Sequence[PackedPhoto]) -> BundleContent:
        made = _content(
            ws, "hq", segments, carried, receipts=carrying.held(ws), hq_epoch=ws.meta("hq_epoch") or None,
            readers=[hq.device],
        )
        if ws.is_seat:
            made = dataclasses.replace(made, asked_photos=photos.missing_photos(ws))
        if ws.meta("token"):
            proof = token_proof(ws.meta("token"), ws.device, made.bundle.id)
            made = dataclasses.replace(made, token_proof=proof)
        return words.beside(ws, made)

    others = [seat.receiving_key for seat in enrolment.seats(ws)] if ws.is_seat else []
    return _write_all(
        ws, content, segments, [] if thin else _photos_to_send(ws), [hq.active, hq.escrow, *others], folder,
        progress, cancelled,
    )


def export_for_team(
    ws: Workspace, team: str, folder: Path, *, with_photos: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """A bundle for all laptops of a team, encrypted to each of them.

    At headquarters the return bundle: receipts, decisions, tasks, grants, team mates' records. On a laptop what team
    mates lack of the team's streams, and headquarters' last word, so that receipts and questions reach them too;
    photos only where they are asked for. Raises TeamUnknown, NoLaptopYet where none of the team is enrolled,
    NotThisTeam and NoTeamMates on a laptop, and the stick's errors.
    """
    if ws.role == "field":
        return _for_team_mates(ws, team, folder, with_photos, progress, cancelled)
    ws.require_root()
    laptops = [device for device in enrolment.members(ws, team) if device.receiving_key]
    if not laptops:
        raise (TeamUnknown if enrolment.team(ws, team) is None else NoLaptopYet)(team=team)
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
    return dataclasses.replace(content, asked=_gaps_of(ws, streams), asked_photos=_photos_asked(ws, streams, readers))


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
    recipients = [ws.keys.recipient, ws.meta("escrow"), *(seat.receiving_key for seat in seats)]
    return _write_all(
        ws,
        lambda segments, carried: _with_word(
            ws, "hq", segments, carried, {stream.id for stream in streams}, [seat.device for seat in seats]
        ),
        segments, wanted, recipients, folder, progress, cancelled,
    )


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
    return _write_all(
        ws,
        lambda segments, carried: words.beside(ws, _content(
            ws, f"team/{team}", segments, carried, receipts=carrying.held(ws), readers=mates
        )),
        segments, _photos_to_send(ws) if with_photos else [], [device.receiving_key for device in laptops], folder,
        progress, cancelled,
    )


def _photos_asked(ws: Workspace, streams: set[StreamId], readers: Sequence[DeviceId]) -> list[str]:
    """Photos that are missing here and that these readers may have: of what they may read, and of all they wrote.

    A laptop of two teams takes what is not asked for as safe, so it is asked for both teams' photos each time.
    """
    wrote = {stream.id for stream in journal.streams(ws.store) if stream.device in readers}
    return photos.missing_photos(ws, streams | wrote)


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


def _photos_to_send(ws: Workspace) -> list[str]:
    return sorted(set(photos.named_photos(ws)) - set(ws.get_json("photos_at_hq", [])))


_Make = Callable[[Sequence[StoredSegment], Sequence[PackedPhoto]], BundleContent]


def _write_all(
    ws: Workspace, content: _Make, segments: Sequence[StoredSegment], wanted: Sequence[str],
    recipients: Sequence[str], folder: Path, progress: Progress | None, cancelled: Cancelled | None,
) -> Exported:
    """Records and photos in one file where they fit; else the records alone, then photos in parts, the oldest first.

    What goes wrong with a part takes nothing back: the records are on the stick, proven, and so are the parts before.
    """
    left = photo_parts.waiting(ws, wanted)
    count = len(left)
    first = left if photo_parts.all_fit(left, photo_parts.free_bytes(folder)) else []
    made = content(segments, photo_parts.packed(ws, first))
    written = _write(ws, made, recipients, folder, segments, progress, cancelled)
    photo_parts.note_written(ws, first, wanted)
    left = left[len(first) :]
    parts: list[Exported] = []
    while left and (part := photo_parts.next_part(left, photo_parts.free_bytes(folder))):
        made = content((), photo_parts.packed(ws, part))
        try:
            parts.append(_write(ws, made, recipients, folder, (), progress, cancelled))
        except OperatorError:  # the shares that are told say that photos are missing
            break
        (ws.bundles / parts[-1].path.name).unlink(missing_ok=True)  # no copy: it can be written again
        photo_parts.note_written(ws, part, wanted)
        left = [one for one in left if one not in part]
    return dataclasses.replace(written, photos_wanted=count, parts=tuple(parts))


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
