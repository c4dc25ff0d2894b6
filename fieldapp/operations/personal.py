"""Personal parts of victims: sealed when they are saved, kept as files, sent and taken by verbs of their own only.

``personal/<sha256 of the sealed bytes>.age`` is encrypted to headquarters' active and escrow keys and to the key of
the workspace that wrote it, so that its writer can correct it; a laptop alone seals to its own key and seals again
when it joins. A correction makes a new part, the old one stays. No bundle carries parts, no log or list shows them;
who looked at one is noted in the encrypted database.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldapp import clock
from fieldapp.domain.personal import PERSONAL, NotPersonal, plain_bytes, read_plain, values_of
from fieldapp.errors import OperatorError
from fieldapp.ids import RecordName
from fieldapp.operations import enrolment, lookup, records
from fieldapp.operations.errors import NothingToSend, NotJoined, PersonalAltered, PersonalMissing
from fieldapp.operations.export import headquarters_keys
from fieldapp.operations.headquarters import deployment_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.errors import disk_error
from fieldapp.storage.records import Record
from fieldapp.sync.errors import PartLocked, shown_name
from fieldapp.sync.manifest import Deployment as Named
from fieldapp.sync.manifest import Sender
from fieldapp.sync.personal import (
    MAX_PARTS,
    PERSONAL_FORMAT,
    PartEntry,
    PersonalManifest,
    Reader,
    find_personal,
    open_part,
    personal_name,
    read_personal,
    seal_part,
    write_personal,
)
from fieldapp.sync.stick import sync_directory, write_to_stick
from fieldapp.texts import N_, Texts

GROUP = "sealed"


@dataclass(frozen=True)
class Reading:
    """One personal part of a victim; ``values`` by field name of ``PERSONAL``, None where it cannot be read here."""

    sha256: str
    here: bool
    values: dict[str, Any] | None


@dataclass(frozen=True)
class Sent:
    """A file of personal parts that was written and read back."""

    path: Path
    parts: int
    sha256: str


@dataclass(frozen=True)
class Taken:
    """What a file of personal parts brought: parts stored, parts held before, and those that wait for their record."""

    sender: str
    new: int
    known: int
    waiting: int


@dataclass(frozen=True)
class Brought:
    """What came of one file of a folder: taken, or why it was refused."""

    file: str
    taken: Taken | None
    error: OperatorError | None = None


@dataclass(frozen=True)
class Look:
    """Somebody was shown the personal data of a victim."""

    record: RecordName
    at: str
    by: str


def sealed_fields(
    ws: Workspace, name: RecordName, typed: Mapping[str, object], record: Record | None = None
) -> dict[str, object]:
    """Seal what was ``typed`` over the part of ``record``, keep it, and return the fields that name it.

    Nothing is sealed, and nothing returned, where nothing changes. Raises FieldsNotValid, PersonalMissing (the part
    that is corrected is not here), PartLocked, and the disk's errors.
    """
    before = current(ws, record) if record is not None else {}
    values, problems = values_of(typed, before)
    if problems:
        raise records.problems_error(PERSONAL, problems, ws.language)
    if values == before:
        return {}
    return _keep(ws, name, values)


def _keep(ws: Workspace, name: RecordName, values: Mapping[str, Any]) -> dict[str, object]:
    recipients = recipients_of(ws)
    data = seal_part(plain_bytes(name, values), recipients)
    digest = hashlib.sha256(data).hexdigest()
    _store(ws, digest, data)
    ws.set_json(_key(digest), {"record": name, "to": recipients})
    return {"personal_sha256": digest, "personal_bytes": len(data)}


def recipients_of(ws: Workspace) -> list[str]:
    """Who can open a part that is sealed here now: this workspace, and headquarters once this laptop knows it."""
    if ws.role == "hq" and not ws.is_seat:
        return sorted({ws.keys.recipient, ws.meta("escrow")})
    if ws.deployment is None:
        return [ws.keys.recipient]
    hq = headquarters_keys(ws)
    return sorted({ws.keys.recipient, hq.active, hq.escrow})


def drop(ws: Workspace, fields: Mapping[str, object]) -> None:
    """Take a part away again whose record was not saved. Nobody but this call has ever named it."""
    if fields:
        _path(ws, str(fields["personal_sha256"])).unlink(missing_ok=True)


def current(ws: Workspace, record: Record) -> dict[str, Any]:
    """The values of a victim's current part; empty where it has none. Raises PersonalMissing, PartLocked."""
    digest = record.fields.get("personal_sha256")
    if not digest:
        return {}
    values = _read(ws, record.name, str(digest))
    if values is None:
        raise PersonalMissing(number=_number(record))
    return values


def look(ws: Workspace, name: RecordName, *, by: str | None = None) -> list[Reading]:
    """Show a victim's personal data: the current part first, then others while several stand. The look is noted.

    Raises RecordMissing. A part that is not here, or cannot be opened here, has no values.
    """
    record = records.get(ws, name)
    readings = [_reading(ws, name, digest) for digest in _digests(record)]
    if any(reading.values is not None for reading in readings):
        at = clock.stamp(ws.clock.now())
        month = _looks_key(at)
        with ws.store.transaction():
            ws.set_json(month, [*ws.get_json(month, []), [name, at, by or ws.person]])
            months = ws.get_json("personal_looks", [])
            ws.set_json("personal_looks", sorted({*months, at[:7]}))
    return readings


def looks(ws: Workspace) -> list[Look]:
    """Who was shown what, oldest first; without what they saw."""
    months = ws.get_json("personal_looks", [])
    return [Look(*entry) for month in months for entry in ws.get_json(_looks_key(month), [])]


def state_of(ws: Workspace, record: Record) -> str:
    """``none``: nothing was entered; ``here``; ``missing``: it was entered and has not come here."""
    digests = _digests(record)
    if not digests:
        return "none"
    return "here" if all(_path(ws, digest).exists() for digest in digests) else "missing"


def send(ws: Workspace, folder: Path) -> list[Sent]:
    """Write every part that this laptop sealed for headquarters to ``folder`` or stick, in files of their own.

    All parts each time, so a lost stick costs nothing. Raises OnlyField, NotJoined, NothingToSend, stick errors.
    """
    ws.require_field()
    if ws.deployment is None:
        raise NotJoined
    parts = for_headquarters(ws)
    if not parts:
        raise NothingToSend
    return [_send(ws, parts[start : start + MAX_PARTS], folder) for start in range(0, len(parts), MAX_PARTS)]


def _send(ws: Workspace, parts: Sequence[PartEntry], folder: Path) -> Sent:
    hq, deployment = headquarters_keys(ws), deployment_of(ws)
    manifest = PersonalManifest(
        created=clock.stamp(ws.clock.now()), demonstration=deployment.demonstration,
        deployment=Named(deployment.id, deployment.name), format=PERSONAL_FORMAT, minimum_reader=PERSONAL_FORMAT,
        parts=list(parts), recipients=sorted({hq.active, hq.escrow}),
        sender=Sender(ws.device, ws.keys.signing_public, ws.keys.recipient, ws.meta("device_name") or ws.person),
    )
    own = ws.private / personal_name(ws.entropy)
    try:
        write_personal(manifest, {part.sha256: _path(ws, part.sha256) for part in parts}, ws.keys, own)
        safe = write_to_stick(own, folder)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        own.unlink(missing_ok=True)
    return Sent(safe.path, len(parts), safe.sha256)


def for_headquarters(ws: Workspace) -> list[PartEntry]:
    """The parts here that headquarters' keys of today open."""
    hq, found = headquarters_keys(ws), []
    for digest in held(ws):
        kept = ws.get_json(_key(digest), {})
        if {hq.active, hq.escrow} <= set(kept.get("to", ())):
            found.append(PartEntry(str(kept["record"]), digest, _path(ws, digest).stat().st_size))
    return found


def take(ws: Workspace, file: Path) -> Taken:
    """Verify a file of personal parts whole, then store what is new. At headquarters only.

    Every part must open with headquarters' key and be that of the record it is said to be. Parts that no record
    names yet wait, stored and sealed, until the bundle with the record comes. Raises WrongRole, the file's errors,
    UnknownSender, PersonalAltered.
    """
    ws.require_hq()
    deployment = deployment_of(ws)
    reader = Reader(
        [ws.keys.receiving], deployment.id, deployment.name, deployment.demonstration,
        lambda sender: _enrolled(ws, sender),
    )
    manifest, parts = read_personal(file, reader, ws.private)
    for part in manifest.parts:
        if _opened(ws, part.record, parts[part.sha256]) is None:
            raise PersonalAltered(file=shown_name(file))
    new = [part for part in manifest.parts if not _path(ws, part.sha256).exists()]
    for part in new:
        _store(ws, part.sha256, parts[part.sha256])
        ws.set_json(_key(part.sha256), {"record": part.record, "from": manifest.sender.device})
    named = _named(ws, {part.record for part in manifest.parts})
    waiting = sum(part.sha256 not in named for part in manifest.parts)
    return Taken(manifest.sender.name, len(new), len(manifest.parts) - len(new), waiting)


def take_all(ws: Workspace, folder: Path) -> list[Brought]:
    """Take every file of personal parts in ``folder``; one that is refused stops no other. Raises stick errors."""
    found = []
    for file in find_personal(folder):
        try:
            found.append(Brought(shown_name(file), take(ws, file)))
        except OperatorError as error:
            found.append(Brought(shown_name(file), None, error))
    return found


def _enrolled(ws: Workspace, sender: Sender) -> bool:
    known = enrolment.device(ws, sender.device)
    return known is not None and not known.revoked and known.signing_key in ("", sender.key)


def _named(ws: Workspace, names: set[RecordName]) -> set[str]:
    """Every part that an event of these records names, or once named."""
    found = set()
    for events in lookup.events_of_all(ws, names).values():
        for event in events.values():
            sealed = event.set.get(GROUP)
            if isinstance(sealed, dict):
                found.add(str(sealed.get("personal_sha256")))
    return found


def waiting(ws: Workspace) -> list[str]:
    """Parts here that no record names yet, by SHA-256."""
    of = {digest: str(ws.get_json(_key(digest), {}).get("record", "")) for digest in held(ws)}
    named = _named(ws, {name for name in of.values() if name})
    return [digest for digest in of if digest not in named]


def seal_for_headquarters(ws: Workspace) -> int:
    """After joining: seal the parts of this laptop's victims again so that headquarters can open them; how many.

    Each is a correction that names the new part. Parts that cannot be opened here, or have several readings, stay.
    """
    done = 0
    for row in lookup.rows(ws, "victim", owner=records.own_teams(ws)):
        record = records.get(ws, row.name)
        if not record.fields.get("personal_sha256") or any(one.group == GROUP for one in record.conflicts):
            continue
        with contextlib.suppress(PersonalMissing, PartLocked):
            fields = _keep(ws, record.name, current(ws, record))
            records.correct(ws, record.name, fields, Texts(ws.language)(N_("Sealed for headquarters")))
            done += 1
    return done


def problems(ws: Workspace, texts: Texts) -> list[str]:
    """A sentence for each part that was here and is gone, is damaged, or should open here and does not."""
    named = _named(ws, {row.name for row in lookup.rows(ws, "victim")})
    found = [
        texts(N_("The personal part {digest} was here and is gone."), digest=digest[:12])
        for digest in sorted(named - set(held(ws)))
        if ws.get_json(_key(digest), None) is not None  # others' parts need never have been here
    ]
    for path in sorted(ws.personal.glob("*.age")):
        record = str(ws.get_json(_key(path.stem), {}).get("record", ""))
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != path.stem or _opened(ws, record, data) is None:
            found.append(texts(N_("The personal part {digest} is damaged."), digest=path.stem[:12]))
    return found


def held(ws: Workspace) -> list[str]:
    """SHA-256 of every part that is here."""
    return sorted(path.stem for path in ws.personal.glob("*.age"))


def _digests(record: Record) -> list[str]:
    shown = [record.fields.get("personal_sha256")]
    for conflict in record.conflicts:
        if conflict.group == GROUP:
            shown += [one.get("personal_sha256") for one in conflict.readings if isinstance(one, dict)]
    return list(dict.fromkeys(str(digest) for digest in shown if digest))


def _reading(ws: Workspace, name: RecordName, digest: str) -> Reading:
    try:
        return Reading(digest, _path(ws, digest).exists(), _read(ws, name, digest))
    except PartLocked:
        return Reading(digest, True, None)


def _read(ws: Workspace, name: RecordName, digest: str) -> dict[str, Any] | None:
    """The values of a part; None where it is not here. Raises PartLocked, also for a part of another record."""
    path = _path(ws, digest)
    if not path.exists():
        return None
    values = _opened(ws, name, path.read_bytes())
    if values is None:
        raise PartLocked
    return values


def _opened(ws: Workspace, name: RecordName, data: bytes) -> dict[str, Any] | None:
    """The values of a sealed part of the record ``name``; None for one we cannot open, or of another record."""
    try:
        record, values = read_plain(open_part(data, [ws.keys.receiving]))
    except (PartLocked, NotPersonal):
        return None
    return values if record == name else None


def _store(ws: Workspace, digest: str, data: bytes) -> None:
    """Keep a sealed part, on disk before this returns. Raises DiskFull or DiskFailed; then nothing of it is left."""
    path = _path(ws, digest)
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise disk_error(error) from error


def _path(ws: Workspace, digest: str) -> Path:
    return ws.personal / f"{digest}.age"


def _key(digest: str) -> str:
    return f"personal:{digest}"


def _looks_key(at: str) -> str:
    return f"personal_looks:{at[:7]}"


def _number(record: Record) -> str:
    return str(record.fields.get("local_id") or record.id)
