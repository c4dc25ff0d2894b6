"""The outside of a bundle: the age format, streamed, so that no plaintext lies on the disk longer than it must."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyrage

from fieldapp.sync.container import CHUNK_BYTES
from fieldapp.sync.errors import (
    BundleDamaged,
    BundleNotForThisKey,
    BundleTooLarge,
    BundleUnreadable,
    Cancelled,
    NoRoom,
    NotABundle,
    shown_name,
)
from fieldapp.sync.keys import ReceivingKey, recipient_of

AGE_START = b"age-encryption.org/v1\n"
MAX_SEALED_BYTES = 2**32 - 1
"""FAT holds no larger file."""
SPARE_BYTES = 16 << 20
"""Room left free on the disk beside a private copy."""

Progress = Callable[[str, int, int], None]
"""Called with the step's name, what is done and the total (bytes or pieces)."""


class Readable(Protocol):
    """Something to read from."""

    def read(self, count: int = -1, /) -> bytes:
        """At most ``count`` bytes; none at the end."""
        ...


class Writable(Protocol):
    """Something to write to."""

    def write(self, data: bytes, /) -> int:
        """Write all of ``data``."""
        ...

    def flush(self) -> None:
        """Hand over to the system."""
        ...


@dataclass(frozen=True)
class Opened:
    """A private plaintext copy of a sealed file. The owner deletes it."""

    path: Path
    sealed_size: int


def seal(plain: Readable, sealed: Writable, recipients: Sequence[str]) -> None:
    """Encrypt a stream to every one of ``recipients`` (``age1...``). Raises ValueError for none or a wrong one.

    What reading or writing raises comes out as it was raised.
    """
    if not recipients:
        raise ValueError("nobody could open it")
    source, target = _Remembering(plain.read), _Remembering(sealed.write)
    try:
        ends = _Ends(source, target, sealed)
        pyrage.encrypt_io(ends, ends, [recipient_of(text) for text in recipients])
    finally:
        # The encrypter wraps what reading raises, and says nothing of a failure of its last write.
        for end in (source, target):
            if end.raised:
                raise end.raised


def open_sealed(
    path: Path,
    private_dir: Path,
    identities: Sequence[ReceivingKey],
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    most: int = MAX_SEALED_BYTES,
) -> Opened:
    """Decrypt ``path`` to a private temporary name in ``private_dir``, which is deleted on any error.

    ``path`` is read once, so what is checked afterwards cannot change under the check; files of more than ``most``
    bytes are refused. Raises BundleError classes: NotABundle, BundleTooLarge, NoRoom, BundleUnreadable,
    BundleNotForThisKey, BundleDamaged; and Cancelled.
    """
    file = shown_name(path)
    with _ordinary_file(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        _check_size(file, size, private_dir, most)
        source = _Source(stream, size, progress, cancelled)
        source.check_start(file)
        handle, name = tempfile.mkstemp(prefix="opening-", dir=private_dir)
        try:
            with os.fdopen(handle, "wb", buffering=0) as out:
                _decrypt(file, source, _Target(out, private_dir), identities)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    return Opened(Path(name), source.taken)


def write_all(stream: RawIOBase, data: bytes) -> int:
    """Write all of ``data`` to an unbuffered file, so that a full disk is noticed here and not at closing time."""
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) or 0 :]
    return len(data)


class _Remembering:
    """A call whose exception is kept: the encrypter turns every one into its own."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self.raised: BaseException | None = None

    def __call__(self, *arguments: object) -> Any:
        try:
            return self._call(*arguments)
        except BaseException as error:
            self.raised = error
            raise


class _Ends:
    """Both ends of the stream as the encrypter wants to call them."""

    def __init__(self, source: _Remembering, target: _Remembering, sealed: Writable) -> None:
        self.read, self.write, self.flush = source, target, sealed.flush


def _ordinary_file(path: Path) -> BinaryIO:
    """Open without waiting for the other end of a pipe, and refuse what is no ordinary file."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        raise BundleUnreadable(file=shown_name(path), reason=error.strerror or str(error)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotABundle(file=shown_name(path))
    return os.fdopen(handle, "rb")


def _check_size(file: str, size: int, private_dir: Path, most: int) -> None:
    if size > most:
        raise BundleTooLarge(file=file, limit="4 GiB")
    if shutil.disk_usage(private_dir).free < size + SPARE_BYTES:
        raise NoRoom(file=file, place=str(private_dir), needed_mb=(size + SPARE_BYTES) // 10**6 + 1)


def _decrypt(file: str, source: _Source, target: _Target, identities: Sequence[ReceivingKey]) -> None:
    try:
        pyrage.decrypt_io(source, target, [key.identity for key in identities])
    except (pyrage.DecryptError, OSError, Cancelled) as error:
        if source.stopped:
            raise Cancelled from error
        if source.failed:
            raise BundleUnreadable(file=file, reason=source.failed.strerror or str(source.failed)) from error
        if target.failed:
            needed_mb = source.size // 10**6 + 1
            raise NoRoom(file=file, place=str(target.folder), needed_mb=needed_mb) from error
        if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
            raise BundleNotForThisKey(file=file) from error
        raise BundleDamaged(file=file) from error


class _Source:
    """The sealed file as it is read: counted, stoppable, and remembering what the system said."""

    def __init__(
        self, stream: BinaryIO, size: int, progress: Progress | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self._stream, self.size, self._progress, self._cancelled = stream, size, progress, cancelled
        self._start = b""
        self.taken = 0
        self.failed: OSError | None = None
        self.stopped = False

    def check_start(self, file: str) -> None:
        """Tell other files from cut ones before any work."""
        self._start = self._stream.read(len(AGE_START))
        word = AGE_START.rstrip()
        if not word.startswith(self._start[: len(word)]):
            raise NotABundle(file=file)
        if self._start != AGE_START:
            raise BundleDamaged(file=file)

    def read(self, count: int = CHUNK_BYTES) -> bytes:
        """The next bytes, for the decrypter."""
        if self._cancelled and self._cancelled():
            self.stopped = True
            raise Cancelled
        try:
            data, self._start = self._start[:count], self._start[count:]
            data = data or self._stream.read(count)
        except OSError as error:
            self.failed = error
            raise
        self.taken += len(data)
        if self._progress:
            self._progress("open", self.taken, self.size)
        return data


class _Target:
    """The private copy as it is written, remembering what the system said."""

    def __init__(self, out: RawIOBase, folder: Path) -> None:
        self._out, self.folder = out, folder
        self.failed: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write a piece, for the decrypter."""
        try:
            return write_all(self._out, data)
        except OSError as error:
            self.failed = error
            raise

    def flush(self) -> None:
        """Nothing waits here: the file is not buffered."""
