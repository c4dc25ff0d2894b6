"""Where the key of a workspace's database lies: the system's keyring, else a private file beside it.

Without a passphrase either protects only against somebody who has the database file alone. A passphrase and a PIN
come with the field-day work.
"""

from __future__ import annotations

import os
from pathlib import Path

import keyring
import keyring.errors

from fieldapp.operations.errors import KeyMissing

KEY_FILE = "workspace.key"
_SERVICE = "fieldapp workspace"


def keep_key(folder: Path, workspace_id: str, key: bytes, *, use_keyring: bool) -> str:
    """Keep ``key`` (32 bytes) and say where: ``keyring`` or ``file``."""
    if use_keyring:
        try:
            keyring.set_password(_SERVICE, workspace_id, key.hex())
            if keyring.get_password(_SERVICE, workspace_id) == key.hex():
                return "keyring"
        except keyring.errors.KeyringError:
            pass  # no keyring on this system: the private file is the documented fallback
    path = folder / KEY_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return "file"


def find_key(folder: Path, workspace_id: str, kept_in: str) -> bytes:
    """The database key of the workspace in ``folder``. Raises KeyMissing."""
    text: str | None = None
    if kept_in == "keyring":
        try:
            text = keyring.get_password(_SERVICE, workspace_id)
        except keyring.errors.KeyringError as error:
            raise KeyMissing from error
    else:
        path = folder / KEY_FILE
        try:
            text = path.read_text(encoding="ascii", errors="replace").strip()
        except OSError as error:
            raise KeyMissing from error
    try:
        key = bytes.fromhex(text or "")
    except ValueError as error:
        raise KeyMissing from error
    if len(key) != 32:
        raise KeyMissing
    return key
