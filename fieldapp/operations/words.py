"""Headquarters' word: the signed manifest of its last return bundle, with its receipts and what it asks for.

A laptop takes it from the return bundle, or through the lead from a team mate's bundle, where it lies unchanged beside
headquarters' signature: no laptop has to believe another one about a receipt. Bundles for headquarters carry it back,
so that a headquarters that was put back to an older state learns of it from its own signature. Headquarters is here
the root's workspace alone: a further seat takes its word as laptops do, and never gives receipts of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass

from fieldapp import clock
from fieldapp.ids import StreamId
from fieldapp.operations import enrolment, lookup
from fieldapp.operations.list_news import note_headquarters_at
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import raise_clock_floor
from fieldapp.storage import journal, ledger
from fieldapp.storage.ledger import Receipt as Confirmed
from fieldapp.sync.bundle import BundleContent
from fieldapp.sync.container import SIGNATURE
from fieldapp.sync.keys import SignatureWrong
from fieldapp.sync.manifest import MAX_MANIFEST_BYTES, Manifest, NotAManifest
from fieldapp.sync.minisign import MAX_SIGNATURE_BYTES
from fieldapp.sync.reading import ReadBundle, verified_manifest
from fieldapp.texts import N_, Texts

WORD = "hq/manifest.json"
"""Member of a laptop's bundle: headquarters' manifest, byte for byte; its signature lies beside it."""
WORD_SIGNATURE = WORD + ".minisig"
_KEPT = "hq_word"
_ALARMED = "written_elsewhere"
"""Logs of this device that another machine was found to write: said to the person once."""


@dataclass(frozen=True)
class Word:
    """A manifest with headquarters' own signature, verified."""

    manifest: Manifest
    raw: bytes
    signature: str


class FalseWord(ValueError):
    """What lies where headquarters' word belongs was not signed by headquarters, or not for this team."""


def beside(ws: Workspace, content: BundleContent) -> BundleContent:
    """The bundle with headquarters' last word in it, where there is one."""
    kept = ws.get_json(_KEPT, None)
    if kept is None:
        return content
    members = {**content.readable, WORD: kept["raw"].encode(), WORD_SIGNATURE: kept["signature"].encode()}
    return dataclasses.replace(content, readable=members)


def gives_receipts(ws: Workspace, device: str) -> bool:
    """Is this the device that founded the deployment? It alone gives receipts and answers; other seats never do."""
    hq = ws.get_json("hq", None)
    return device == (ws.device if hq is None and ws.role == "hq" else (hq or {}).get("device"))


def is_headquarters(ws: Workspace, device: str) -> bool:
    """Is this this workspace's headquarters, or another seat of it?"""
    if device == ws.root or gives_receipts(ws, device):
        return True
    seat = enrolment.device(ws, device)
    return seat is not None and seat.role == "hq"


def word_in(ws: Workspace, bundle: ReadBundle) -> Word | None:
    """Headquarters' word in a bundle: the bundle's own manifest, or the one that a laptop carries. None without one.

    Raises FalseWord; then nothing of it may be used.
    """
    if gives_receipts(ws, bundle.manifest.sender.device):
        signature = bundle.member(SIGNATURE, MAX_SIGNATURE_BYTES).decode("ascii")
        return Word(bundle.manifest, bundle.raw_manifest, signature)
    if not any(member.name == WORD for member in bundle.manifest.members):
        return None
    try:
        raw = bundle.member(WORD, MAX_MANIFEST_BYTES)
        text = bundle.member(WORD_SIGNATURE, MAX_SIGNATURE_BYTES).decode("ascii")
        manifest = verified_manifest(raw, text)
    except (KeyError, ValueError, NotAManifest, SignatureWrong) as error:
        raise FalseWord(WORD) from error
    ours = bundle.manifest
    if (
        not gives_receipts(ws, manifest.sender.device)
        or manifest.deployment.id != ours.deployment.id
        or manifest.demonstration != ours.demonstration
        or (ws.is_seat and manifest.recipient.audience != "hq")
        or (ws.role == "field" and manifest.recipient.audience != f"team/{ws.team}")
    ):
        raise FalseWord(WORD)
    return Word(manifest, raw, text)


def unknown_of_ours(ws: Workspace, word: Word) -> set[StreamId]:
    """Logs of this device of which headquarters confirms events that are not here. Ask before anything is taken in."""
    return {
        one.stream
        for one in word.manifest.receipts
        if one.stream.split(".")[0] == ws.device and not journal.holds(ws.store, one.stream, one.seq, one.head)
    }


def take(ws: Workspace, word: Word, *, unknown: Collection[StreamId]) -> tuple[int, list[str]]:
    """Take receipts and requests: how many streams are safe further than before, and sentences of alarm.

    A receipt counts only where its head is in a chain that is held here; another head in this device's own stream
    means another machine; that is said once for each log. An older word's receipts are kept, but what it asked for
    is no longer asked.
    """
    manifest = word.manifest
    before = ledger.confirmed(ws.store)
    epoch = manifest.hq_epoch or "0"
    newest = ledger.note_epoch(ws.store, epoch)
    at = clock.stamp(ws.clock.now())
    foreign = ledger.add_receipts(
        ws.store, [Confirmed(r.stream, r.seq, r.head, epoch, at) for r in manifest.receipts]
    )
    raise_clock_floor(ws, manifest.created)
    note_headquarters_at(ws, manifest.created)
    if newest and _is_last(ws, word):
        ws.set_meta("hq_epoch", epoch)
        ws.set_json(_KEPT, {
            "epoch": epoch, "number": manifest.bundle.number, "raw": word.raw.decode(), "signature": word.signature,
        })
        _note_what_is_asked(ws, manifest)
    after = ledger.confirmed(ws.store)
    _note_photos(ws)
    alarms = []
    said = set(ws.get_json(_ALARMED, []))
    if not said.issuperset({*foreign, *unknown}):
        ws.set_json(_ALARMED, sorted({*said, *foreign, *unknown}))
        alarms.append(Texts(ws.language)(N_(
            "Headquarters holds records of this laptop that are not on it. A new log was begun; tell headquarters."
        )))
    return sum(1 for stream, seq in after.items() if seq > before.get(stream, 0)), alarms


def _is_last(ws: Workspace, word: Word) -> bool:
    """Is this the last word we know? By the epoch, then by the bundle's number, never by a clock."""
    kept = ws.get_json(_KEPT, None)
    if kept is None:
        return True
    number = ledger.epoch_number(kept["epoch"]), int(kept["number"])
    return (ledger.epoch_number(word.manifest.hq_epoch or ""), word.manifest.bundle.number) >= number


def _note_what_is_asked(ws: Workspace, manifest: Manifest) -> None:
    """From which number the next bundle must begin in streams that headquarters has gaps in, confirmed or not."""
    here = {stream.id for stream in journal.streams(ws.store)}
    asked = sorted(manifest.asked, key=lambda one: one.first, reverse=True)
    since = {one.stream: one.first - 1 for one in asked if one.stream in here}  # the earliest gap stays
    ws.set_json("asked", sorted(list(pair) for pair in since.items()))
    ws.set_json("asked_photos", list(manifest.asked_photos))


def _note_photos(ws: Workspace) -> None:
    """Which photos need not be sent: their records are safe, and headquarters does not ask for them."""
    rows = lookup.rows(ws, "photo")
    where = ledger.whereabouts(ws.store, [row.name for row in rows])
    at_hq = {str(row["sha256"]) for row in rows if where.get(row.name) == "hq"}
    ws.set_json("photos_at_hq", sorted(at_hq - set(ws.get_json("asked_photos", []))))
