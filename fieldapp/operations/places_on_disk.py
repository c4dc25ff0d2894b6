"""Which disk a folder lies on: network shares are refused, because a database cannot be kept safely there."""

from __future__ import annotations

import sys
from pathlib import Path

from fieldapp.operations.errors import OnNetworkShare

NETWORK_FILE_SYSTEMS = frozenset(
    "nfs nfs4 cifs smb smb2 smb3 smbfs fuse.sshfs ncpfs afs 9p glusterfs fuse.glusterfs ceph davfs".split()
)
_DRIVE_REMOTE = 4
"""GetDriveType's answer for a mapped network drive (Windows API)."""


def refuse_network_share(folder: Path) -> None:
    """Raise OnNetworkShare if ``folder`` lies on a share, as far as the system tells."""
    if is_network_share(folder):
        raise OnNetworkShare(folder=str(folder))


def is_network_share(folder: Path) -> bool:
    """Does ``folder`` (or its nearest existing parent) lie on a network share?"""
    resolved = folder.resolve()
    if sys.platform == "win32":
        return _windows_share(resolved)
    mounts = Path("/proc/mounts")
    return file_system_of(resolved, mounts.read_text("utf-8", "replace")) in NETWORK_FILE_SYSTEMS if (
        mounts.is_file()
    ) else False


def file_system_of(folder: Path, mounts: str) -> str:
    """The type of the file system that ``folder`` lies on, by the text of /proc/mounts; empty if none fits."""
    best, found = -1, ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = str(folder) == point or str(folder).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, found = len(point), parts[2]
    return found


def _windows_share(folder: Path) -> bool:
    if str(folder).startswith("\\\\"):
        return True
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - windll exists on Windows only, and so for mypy
    return bool(kernel.GetDriveTypeW(folder.anchor) == _DRIVE_REMOTE)
