"""What can go wrong with the database that an operator can act on, and how SQLite's errors become these."""

from __future__ import annotations

import errno

from fieldapp.errors import OperatorError
from fieldapp.texts import N_

_FULL, _IO, _CORRUPT, _NOT_A_DATABASE, _BUSY, _LOCKED, _READ_ONLY, _CANNOT_OPEN = 13, 10, 11, 26, 5, 6, 8, 14


class StorageError(OperatorError):
    """Base of the errors of the workspace database."""

    code = "storage"


class NoDatabase(StorageError):
    """There is no workspace database at the path."""

    code = "no_database"
    what = N_("There is no workspace at {path}.")
    do = N_("Check the folder, or set up a workspace there.")


class DatabaseExists(StorageError):
    """A workspace database should have been created where there is one already."""

    code = "database_exists"
    what = N_("There is already a workspace at {path}.")
    do = N_("Choose another folder, or open this one.")


class NotADatabase(StorageError):
    """The file is no workspace database, or the key is another one's: the two look the same from outside."""

    code = "not_a_database"
    what = N_("{path} could not be opened: the key does not fit, or it is not a fieldapp database.")
    do = N_("Check the folder and its key file; if both are right, restore the last backup.")


class TooNew(StorageError):
    """The database was written by a newer version of the program."""

    code = "database_too_new"
    what = N_("{path} was written by a newer fieldapp (form {found}; this one reads forms up to {known}).")
    do = N_("Install the newer fieldapp on this computer.")


class DiskFull(StorageError):
    """No space was left while writing; the transaction was rolled back."""

    code = "disk_full"
    what = N_("The disk is full.")
    kept = N_("What was saved before is safe; the last step was not saved.")
    do = N_("Free some space on this disk and repeat the last step.")


class DiskFailed(StorageError):
    """The disk or file system refused to read or write."""

    code = "disk_failed"
    what = N_("The disk could not be read or written.")
    kept = N_("What was saved before was not changed; the last step was not saved.")
    do = N_("Close the program, check the disk, and make a backup before going on.")


class Damaged(StorageError):
    """The database's own structure is damaged."""

    code = "database_damaged"
    what = N_("The workspace database is damaged.")
    kept = N_("The file was left as it is.")
    do = N_("Restore the last backup; what was exported since can be imported again.")


class InUse(StorageError):
    """Another process holds the database."""

    code = "database_in_use"
    what = N_("The workspace is in use by another program.")
    do = N_("Wait until the other program has finished, then try again.")


_BY_CODE: dict[int, type[StorageError]] = {
    _FULL: DiskFull, _IO: DiskFailed, _READ_ONLY: DiskFailed, _CANNOT_OPEN: DiskFailed, _CORRUPT: Damaged,
    _NOT_A_DATABASE: Damaged, _BUSY: InUse, _LOCKED: InUse,
}


def operator_error(error: Exception) -> StorageError | None:
    """The operator's form of an SQLite error, by its primary result code; None where the error is a bug of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    kind = _BY_CODE.get(code & 0xFF) if isinstance(code, int) else None
    return kind() if kind else None


_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def disk_error(error: OSError) -> StorageError:
    """The operator's form of what the system says while a file beside the database is written."""
    return DiskFull() if error.errno in _NO_ROOM else DiskFailed()
