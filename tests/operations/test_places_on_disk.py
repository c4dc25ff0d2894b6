"""A workspace on a network share is refused by name: when it is made, opened and restored (M26)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import backup, places_on_disk
from fieldapp.operations.errors import OnNetworkShare
from fieldapp.operations.places_on_disk import file_system_of
from fieldapp.operations.workspace import open_workspace
from tests.builders import alone, clock
from tests.cli.runner import run

MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
server:/export /srv/mine\040action nfs4 rw 0 0
//nas/share /srv/mine\040action/local cifs rw 0 0
/dev/sdb1 /srv/mine\040action/local ext4 rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("folder", "system"),
    [
        ("/home/hq/records", "ext4"), ("/srv/mine action", "nfs4"), ("/srv/mine action/hq", "nfs4"),
        ("/srv/mine actions/hq", "ext4"), ("/srv/mine action/local/hq", "ext4"),
    ],
)  # fmt: skip
def test_the_nearest_and_latest_mount_says_the_file_system(folder: str, system: str) -> None:
    assert file_system_of(Path(folder), MOUNTS) == system


def test_a_share_is_refused_when_a_workspace_is_made_opened_or_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with alone(tmp_path / "laptop") as laptop:
        written = backup.backup(laptop, tmp_path / "a.fieldbackup").path
        keys = backup.keys_of(laptop)
    # In a chroot no line fits, which counts as one kind of file system like any other.
    here = file_system_of(tmp_path.resolve(), Path("/proc/mounts").read_text("utf-8", "replace"))
    monkeypatch.setattr(places_on_disk, "NETWORK_FILE_SYSTEMS", frozenset([here]))
    with pytest.raises(OnNetworkShare, match="is on a network share"):
        open_workspace(tmp_path / "laptop", clock=clock())
    with pytest.raises(OnNetworkShare):
        backup.restore(written, tmp_path / "restored", keys, clock=clock(), use_keyring=False)
    ran = run("init", tmp_path / "new", "--name", "Aysel", "--key-file", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "network_share")
    assert str(tmp_path / "new") in ran.json["error"]["message"]
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "restored").exists()
