"""Backup and restore: one encrypted file that makes the whole workspace again, and never continues its old logs.

The file opens with this workspace's own keys (its database's key file too) and with headquarters' active and escrow
keys. A restored workspace starts new streams; a restored headquarters begins a new epoch, so that laptops send again
what it lost, its own decisions and grants included.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fieldapp import clock as clocks
from fieldapp import ids
from fieldapp.clock import Clock
from fieldapp.errors import OperatorError
from fieldapp.ids import Entropy
from fieldapp.operations import epochs
from fieldapp.operations.export import headquarters_keys
from fieldapp.operations.workspace import DATABASE, Workspace, put_back
from fieldapp.storage import journal
from fieldapp.storage.database import copy_whole
from fieldapp.storage.errors import InUse, disk_error
from fieldapp.sync.archive import NotABackup, read_archive, write_archive
from fieldapp.sync.errors import BundleDamaged, BundleNotForThisKey, Cancelled, NotABundle
from fieldapp.sync.keys import ReceivingKey
from fieldapp.sync.sealing import Progress
from fieldapp.sync.stick import SafeToUnplug, write_to_stick
from fieldapp.texts import N_

DUE_AFTER = timedelta(days=7)
"""Headquarters' latest backup should be younger."""
_KEY = "workspace.key"
_DONE_AT = "backup_at"


class BackupThere(OperatorError):
    """A backup never takes the place of another file."""

    code = "backup_there"
    what = N_("{file} is there already.")
    kept = N_("The file was left as it is.")
    do = N_("Choose another name.")


class BackupDamaged(OperatorError):
    """The file is no backup, or was cut or changed."""

    code = "backup_damaged"
    what = N_("{file} is not a whole backup.")
    kept = N_("Nothing was restored. The file was left as it is.")
    do = N_("Use another copy of the backup.")


class BackupLocked(OperatorError):
    """None of the keys at hand opens the backup."""

    code = "backup_locked"
    what = N_("None of the keys given opens {file}.")
    kept = N_("Nothing was restored. The file was left as it is.")
    do = N_("Name the key: the workspace's key file, or headquarters' escrow key.")


class NotAKey(OperatorError):
    """The file holds no key that a backup could be opened with."""

    code = "not_a_key"
    what = N_("{file} holds no key.")
    do = N_("Name the workspace's key file, or the file of headquarters' escrow key.")


Made = SafeToUnplug
"""A backup that was written, read back and compared: ``path``, ``size``, ``sha256``."""


@dataclass(frozen=True)
class State:
    """The last backup: when it was written (UTC; empty where none was), its file's name and its folder."""

    at: str
    file: str
    folder: str


def state(ws: Workspace) -> State:
    """When the last backup was written, and where to."""
    return State(ws.meta(_DONE_AT), ws.meta("backup_file"), ws.meta("backup_folder"))


def backup_to(
    ws: Workspace, folder: Path, *, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
) -> SafeToUnplug:
    """Write a backup to a stick or folder, under a name of its own that says the day and nothing else."""
    stem = f"fieldapp-{ws.role}-{ws.clock.now():%Y%m%d-%H%M}"
    names = (f"{stem}{'' if n == 1 else f'-{n}'}.backup" for n in itertools.count(1))
    file = next(path for name in names if not (path := folder / name).exists())
    return backup(ws, file, progress=progress, cancelled=cancelled)


def backup(
    ws: Workspace, file: Path, *, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
) -> SafeToUnplug:
    """Write the whole workspace to ``file``, encrypted, and read it back.

    Raises BackupThere, Cancelled, and the stick's errors; then no file of that name is left.
    """

    def watched(step: str, done: int, total: int) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(step, done, total)

    if file.exists():
        raise BackupThere(file=str(file))
    database, sealed = ws.private / "backup.db", ws.private / "backup.age"
    try:
        copy_whole(ws.store, database)
        members: dict[str, Path | bytes] = {DATABASE: database, _KEY: ws.key.hex().encode() + b"\n"}
        for sealed_files in (ws.photos, ws.personal):
            members |= {f"{sealed_files.name}/{path.name}": path for path in sorted(sealed_files.glob("*.age"))}
        write_archive(members, sealed, _recipients(ws), watched)
        database.unlink()
        written = write_to_stick(sealed, file.parent, file.name, progress, cancelled)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        database.unlink(missing_ok=True)
        sealed.unlink(missing_ok=True)
    with contextlib.suppress(InUse), ws.store.transaction():  # during an import: the file is whole, the nag stays
        ws.set_meta(_DONE_AT, clocks.stamp(ws.clock.now()))
        ws.set_meta("backup_file", file.name)
        ws.set_meta("backup_folder", str(file.parent))
    return written


def restore(
    file: Path, folder: Path, identities: list[ReceivingKey], *, clock: Clock | None = None,
    entropy: Entropy | None = None, use_keyring: bool = True, progress: Progress | None = None,
) -> Workspace:
    """Make the workspace of a backup again in ``folder`` (empty or not there yet) and open it.

    ``identities`` are keys to try (``keys_in``, ``keys_of``). Nothing is left in ``folder`` on any error. Raises
    WorkspaceExists, BackupDamaged, BackupLocked and the disk's errors.
    """

    def fill(into: Path) -> bytes:
        read_archive(file, into, into / "private", identities, progress)
        key = bytes.fromhex((into / _KEY).read_text(encoding="ascii").strip())
        (into / _KEY).unlink()
        if len(key) != 32:
            raise NotABackup("key")
        return key

    try:
        ws = put_back(folder, fill, clock=clock, entropy=entropy, use_keyring=use_keyring)
    except BundleNotForThisKey as error:
        raise BackupLocked(file=str(file)) from error
    except (BundleDamaged, NotABundle, ValueError) as error:
        raise BackupDamaged(file=str(file)) from error
    with ws.store.transaction():
        journal.close_streams(ws.store)
        ws.set_meta("prefix", ids.tag_prefix(ws.entropy))  # numbers given since the backup may stand on tags
        if ws.role == "hq" and not ws.is_seat:
            epochs.begin(ws)
    return ws


def keys_in(file: Path) -> list[ReceivingKey]:
    """The key of a workspace's key file (hex) or of an escrow key's file. Raises NotAKey."""
    try:
        text = file.read_text(encoding="utf-8")
        if "AGE-SECRET-KEY-" in text.upper():
            return [ReceivingKey.from_text(text)]
        return [_from_database_key(bytes.fromhex(text.strip()))]
    except (OSError, ValueError) as error:
        raise NotAKey(file=str(file)) from error


def keys_of(ws: Workspace) -> list[ReceivingKey]:
    """The keys of an open workspace: its own backups open with them, at headquarters its laptops' backups too."""
    return [ws.keys.receiving, _from_database_key(ws.key)]


def _from_database_key(key: bytes) -> ReceivingKey:
    """The receiving key that follows from a database's key, so that the key file alone opens a backup."""
    if len(key) != 32:
        raise ValueError("a raw key has 32 bytes")
    return ReceivingKey(hashlib.sha256(b"fieldapp backup\n" + key).digest())


def _recipients(ws: Workspace) -> list[str]:
    own = [key.recipient for key in keys_of(ws)]
    if ws.role == "hq":
        return [*own, ws.meta("escrow")]
    if ws.deployment is None:
        return own
    hq = headquarters_keys(ws)
    return [*own, hq.active, hq.escrow]


def last_backup(ws: Workspace) -> datetime | None:
    """When the last backup of this workspace was written; None if none ever was."""
    at = ws.meta(_DONE_AT)
    return datetime.fromisoformat(at) if at else None


def days_without(ws: Workspace) -> int | None:
    """Days since the last backup where it is older than ``DUE_AFTER``, -1 where there is none; None if all is well.

    The demonstration needs none.
    """
    if ws.demonstration:
        return None
    last = last_backup(ws)
    if last is None:
        return -1
    age = ws.clock.now() - last
    return age.days if age > DUE_AFTER else None
