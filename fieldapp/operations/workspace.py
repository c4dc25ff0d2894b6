"""A workspace: one folder, one installation, one process at a time.

workspace.json   what this folder is and where its key lies (no secret)
records.db       the encrypted database
photos/          <sha256>.age, encrypted to the workspace's own key
personal/        <sha256>.age, personal parts of victims, encrypted to headquarters' keys (and its writer's)
bundles/         copies of the bundles it wrote
gnss/            what the receiver sent, by day, encrypted to the workspace's own key
private/         temporaries, emptied when the workspace opens
log/             crash reports without coordinates or names
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock
import msgspec

from fieldapp import __version__
from fieldapp.clock import Clock, SystemClock
from fieldapp.domain.canonical import canonical
from fieldapp.domain.lists_in_force import Lists
from fieldapp.errors import OperatorError
from fieldapp.ids import DeviceId, Entropy, SystemEntropy, tag_prefix
from fieldapp.operations.errors import (
    FolderNotWritable,
    OnlyField,
    OnlyRoot,
    WorkspaceDamaged,
    WorkspaceExists,
    WorkspaceInUse,
    WorkspaceMissing,
    WrongRole,
)
from fieldapp.operations.keystore import find_key, keep_key
from fieldapp.operations.places_on_disk import refuse_network_share
from fieldapp.storage.database import Store, open_store
from fieldapp.storage.errors import DiskFull, disk_error
from fieldapp.storage.lists import in_force
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.stick import sync_directory

DATABASE = "records.db"
DESCRIPTION = "workspace.json"
LOCK = "workspace.lock"
USER = "workspace.user"
"""Which program holds the lock; left behind after a crash, and written anew by the next."""
_POLL_SECONDS = 0.2
FOLDERS = ("photos", "personal", "bundles", "gnss", "maps", "private", "log")


@dataclass(frozen=True)
class Deployment:
    """One programme with one HQ authority."""

    id: str
    name: str
    demonstration: bool = False


class Workspace:
    """An open workspace. Use it as a context manager, or ``close`` it."""

    def __init__(
        self, folder: Path, store: Store, key: bytes, lock: filelock.BaseFileLock | None, clock: Clock, entropy: Entropy
    ) -> None:
        self.folder, self.store, self.clock, self.entropy = folder, store, clock, entropy
        self._key, self._lock = key, lock
        self.keys = DeviceKeys.from_private(bytes.fromhex(self.meta("device_keys")))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and let other processes in."""
        self.store.close()
        if self._lock is not None:
            _give_back(self.folder, self._lock)

    def beside(self) -> Workspace:
        """The same workspace with a connection of its own, for another thread. Close it before this one."""
        return Workspace(
            self.folder, open_store(self.folder / DATABASE, self._key), self._key, None, self.clock, self.entropy
        )

    def meta(self, key: str, default: str = "") -> str:
        """A setting of this workspace."""
        value = self.store.get_meta(key)
        return default if value is None else value

    def set_meta(self, key: str, value: str) -> None:
        """Keep a setting of this workspace."""
        self.store.set_meta(key, value)

    def get_json(self, key: str, default: Any) -> Any:
        """A setting that is kept as canonical JSON."""
        text = self.store.get_meta(key)
        return default if text is None else msgspec.json.decode(text.encode())

    def set_json(self, key: str, value: Any) -> None:
        """Keep a setting as canonical JSON."""
        self.store.set_meta(key, canonical(value).decode())

    @property
    def key(self) -> bytes:
        """The raw key of the database, for a backup that is encrypted itself."""
        return self._key

    @property
    def role(self) -> str:
        """``field`` or ``hq``."""
        return self.meta("role")

    @property
    def device(self) -> DeviceId:
        """This installation's device."""
        return self.keys.device

    @property
    def root(self) -> DeviceId:
        """The device whose word is final here: its own until it holds a grant of a headquarters."""
        return self.meta("root")

    @property
    def person(self) -> str:
        """The name of the person at this computer."""
        return self.meta("person")

    @property
    def language(self) -> str:
        """Language of the window and of sentences."""
        return self.meta("language", "en")

    @property
    def team(self) -> str:
        """The team this laptop writes for: its own device id while it works alone; ``hq`` at headquarters."""
        return "hq" if self.role == "hq" else self.meta("team") or self.device

    @property
    def prefix(self) -> str:
        """First letters of the numbers this device gives its records."""
        return self.meta("prefix")

    @property
    def deployment(self) -> Deployment | None:
        """The deployment this workspace belongs to; None for a laptop on its own."""
        value = self.get_json("deployment", None)
        return None if value is None else Deployment(**value)

    @property
    def demonstration(self) -> bool:
        """Does this workspace belong to the demonstration?"""
        return bool(self.deployment and self.deployment.demonstration)

    @property
    def lists(self) -> Lists:
        """The lists in force here: those shipped, with what headquarters added or changed."""
        return in_force(self.store)

    @property
    def photos(self) -> Path:
        """Folder of the encrypted photos."""
        return self.folder / "photos"

    @property
    def personal(self) -> Path:
        """Folder of the sealed personal parts of victims."""
        return self.folder / "personal"

    @property
    def bundles(self) -> Path:
        """Folder of this workspace's own copies of the bundles it wrote."""
        return self.folder / "bundles"

    @property
    def gnss(self) -> Path:
        """Folder of the receiver's sealed logs."""
        return self.folder / "gnss"

    @property
    def private(self) -> Path:
        """Folder for temporaries that must not be read by others."""
        return self.folder / "private"

    @property
    def is_seat(self) -> bool:
        """Is this a further seat of a headquarters? Its word goes out through the root's workspace."""
        return self.role == "hq" and self.store.get_meta("hq") is not None

    def require_hq(self) -> None:
        """Raise WrongRole anywhere but at headquarters."""
        if self.role != "hq":
            raise WrongRole

    def require_root(self) -> None:
        """Raise WrongRole on a laptop and OnlyRoot at a further seat of headquarters."""
        self.require_hq()
        if self.is_seat:
            raise OnlyRoot

    def require_field(self) -> None:
        """Raise OnlyField anywhere but on a laptop."""
        if self.role != "field":
            raise OnlyField


def create(
    folder: Path,
    *,
    role: str,
    person: str,
    keys: DeviceKeys | None = None,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    language: str = "en",
    use_keyring: bool = True,
) -> Workspace:
    """Make a workspace in ``folder`` (empty or not there yet) with a device key of its own, and open it.

    Asks nothing else: a newcomer records at once, alone. Raises WorkspaceExists, OnNetworkShare.
    """
    clock, entropy = clock or SystemClock(), entropy or SystemEntropy()
    keys = keys or DeviceKeys.from_entropy(entropy)
    settings = {
        "role": role, "person": person, "language": language, "root": keys.device,
        "device_keys": keys.to_private().hex(), "prefix": tag_prefix(entropy), "app_made": __version__,
    }  # fmt: skip
    refuse_network_share(folder)
    with _clean_start(folder) as opened:
        for name in FOLDERS:
            (folder / name).mkdir(mode=0o700)
        lock = _take_lock(folder)
        opened.callback(_give_back, folder, lock)
        key, workspace_id = SystemEntropy().take(32), SystemEntropy().take(8).hex()
        kept_in = keep_key(folder, workspace_id, key, use_keyring=use_keyring)
        store = open_store(folder / DATABASE, key, create=True, root=keys.device)
        opened.callback(store.close)
        with store.transaction():
            for name, value in settings.items():
                store.set_meta(name, value)
        _describe(folder, {"format": 1, "workspace": workspace_id, "key": kept_in})
        return Workspace(folder, store, key, lock, clock, entropy)


@contextlib.contextmanager
def _clean_start(folder: Path) -> Iterator[contextlib.ExitStack]:
    """Make ``folder``; when making the workspace fails, what was opened is closed and nothing of it is left."""
    there = folder.exists()
    try:
        if there and (not folder.is_dir() or any(folder.iterdir())):
            raise WorkspaceExists(folder=str(folder))
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused_by(folder, error) from error
    opened = contextlib.ExitStack()
    try:
        yield opened
    except BaseException as error:
        opened.close()
        _empty(folder)
        if not there:
            with contextlib.suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise _refused_by(folder, error) from error
        raise


def _refused_by(folder: Path, error: OSError) -> OperatorError:
    found = disk_error(error)
    return found if isinstance(found, DiskFull) else FolderNotWritable(place=str(folder))


def _describe(folder: Path, description: dict[str, object]) -> None:
    """Write what this folder is; on disk when this returns, as what is saved next relies on it."""
    with (folder / DESCRIPTION).open("w", encoding="utf-8") as file:
        file.write(json.dumps(description, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync_directory(folder)


def put_back(
    folder: Path, fill: Callable[[Path], bytes], *, clock: Clock | None = None, entropy: Entropy | None = None,
    use_keyring: bool = True,
) -> Workspace:
    """Make a workspace of a backup's files: ``fill`` puts them into the folder and returns the database's key.

    Nothing is left in ``folder`` on any error. Raises WorkspaceExists, OnNetworkShare, and what ``fill`` raises.
    """
    refuse_network_share(folder)
    with _clean_start(folder) as opened:
        for name in FOLDERS:
            (folder / name).mkdir(mode=0o700)
        lock = _take_lock(folder)
        opened.callback(_give_back, folder, lock)
        key, workspace_id = fill(folder), SystemEntropy().take(8).hex()
        kept_in = keep_key(folder, workspace_id, key, use_keyring=use_keyring)
        store = open_store(folder / DATABASE, key)
        opened.callback(store.close)
        _describe(folder, {"format": 1, "workspace": workspace_id, "key": kept_in})
        return Workspace(folder, store, key, lock, clock or SystemClock(), entropy or SystemEntropy())


def open_workspace(
    folder: Path, *, clock: Clock | None = None, entropy: Entropy | None = None, wait_seconds: float = 0,
    on_wait: Callable[[str], None] | None = None,
) -> Workspace:
    """Open the workspace in ``folder``, waiting at most so long for another program that has it open.

    ``on_wait`` is told that program's name before waiting. Raises WorkspaceMissing, WorkspaceInUse, KeyMissing and
    storage's errors.
    """
    description = _description(folder)
    refuse_network_share(folder)
    lock = _take_lock(folder, wait_seconds, on_wait)
    try:
        key = find_key(folder, description["workspace"], description["key"])
        for name in FOLDERS:  # some tools drop empty folders when they copy
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        _empty(folder / "private")
        _remove_unfinished(folder)
        store = open_store(folder / DATABASE, key)
    except OSError as error:
        _give_back(folder, lock)
        raise _refused_by(folder, error) from error
    except BaseException:
        _give_back(folder, lock)
        raise
    return Workspace(folder, store, key, lock, clock or SystemClock(), entropy or SystemEntropy())


def is_workspace(folder: Path) -> bool:
    """Does ``folder`` look like a workspace?"""
    return (folder / DESCRIPTION).is_file()


def _description(folder: Path) -> dict[str, str]:
    try:
        value = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        return {"workspace": str(value["workspace"]), "key": str(value["key"])}
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WorkspaceMissing(folder=str(folder)) from error
    except OSError as error:
        raise disk_error(error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceDamaged(file=str(folder / DESCRIPTION)) from error


def _take_lock(
    folder: Path, wait_seconds: float = 0, on_wait: Callable[[str], None] | None = None
) -> filelock.BaseFileLock:
    lock = filelock.FileLock(str(folder / LOCK), is_singleton=False, thread_local=False)
    try:
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            if on_wait is not None and wait_seconds > 0:
                on_wait(_user_of(folder))
            lock.acquire(timeout=wait_seconds, poll_interval=_POLL_SECONDS)
        _sign_in(folder)
    except filelock.Timeout as error:
        raise WorkspaceInUse(program=_user_of(folder)) from error
    except OSError as error:
        lock.release()
        raise _refused_by(folder, error) from error
    return lock


def _give_back(folder: Path, lock: filelock.BaseFileLock) -> None:
    with contextlib.suppress(OSError):
        (folder / USER).unlink()
    lock.release()


def _sign_in(folder: Path) -> None:
    """Leave this program's name beside the lock, for the sentence that another one shows."""
    started = Path(sys.argv[0])
    name = started.parent.name if started.stem == "__main__" else started.stem
    (folder / USER).write_text(f"{name[:40] or 'fieldapp'} ({os.getpid()})\n", encoding="utf-8")


def _user_of(folder: Path) -> str:
    """The program that has the workspace open and its process, as it signed in."""
    try:
        return (folder / USER).read_text(encoding="utf-8", errors="replace").strip()[:80] or "fieldapp"
    except OSError:
        return "fieldapp"


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def _remove_unfinished(folder: Path) -> None:
    """Files that were being written when the power went: their whole forms are written anew when they are wanted."""
    for name in ("photos", "personal", "bundles", "gnss", "maps"):
        for path in (folder / name).glob("*.part"):
            with contextlib.suppress(OSError):
                path.unlink()
