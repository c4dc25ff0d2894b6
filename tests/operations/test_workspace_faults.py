"""What an operator is told when a workspace cannot be made or opened; never a traceback, never half a workspace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from fieldapp.errors import OperatorError
from fieldapp.operations import finds, joining, verifying, workspace
from fieldapp.operations.errors import FolderNotWritable, KeyMissing, WorkspaceDamaged, WorkspaceExists
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage.errors import DiskFull, NotADatabase, StorageError


def made(folder: Path) -> Path:
    """A workspace with one find, closed again."""
    with joining.start_alone(folder, "Aysel", use_keyring=False) as ws:
        finds.add_find(ws, {}, model_text="pmn2")
    return folder


def cut_off(folder: Path) -> None:
    (folder / "workspace.json").write_text('{"form', encoding="utf-8")


def no_text(folder: Path) -> None:
    (folder / "workspace.json").write_bytes(b"\xff\xfe\x00")


def no_key_text(folder: Path) -> None:
    (folder / "workspace.key").write_bytes(b"\xff\xfe")


def no_key(folder: Path) -> None:
    (folder / "workspace.key").unlink()


def emptied(folder: Path) -> None:
    (folder / "records.db").write_bytes(b"")


@pytest.mark.parametrize(("harm", "error"), [
    (cut_off, WorkspaceDamaged), (no_text, WorkspaceDamaged), (no_key_text, KeyMissing), (no_key, KeyMissing),
    (emptied, NotADatabase),
])  # fmt: skip
def test_a_harmed_workspace_is_named_and_left_as_it_is(
    tmp_path: Path, harm: Callable[[Path], None], error: type[OperatorError]
) -> None:
    folder = made(tmp_path / "w")
    harm(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for _ in range(2):  # the lock is let go each time
        with pytest.raises(error):
            open_workspace(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_file_is_no_place_for_a_workspace(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceExists):
        joining.start_alone(file, "Aysel", use_keyring=False)
    with pytest.raises(FolderNotWritable):
        joining.start_alone(file / "below", "Aysel", use_keyring=False)
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("error", "told"), [
    (PermissionError(13, "Permission denied"), FolderNotWritable), (OSError(28, "No space left on device"), DiskFull),
])  # fmt: skip
def test_a_folder_that_refuses_writing_is_named_and_nothing_of_a_workspace_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, told: type[OperatorError]
) -> None:
    folder = made(tmp_path / "w")

    def refuse(*_unused: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with pytest.raises(told):
        joining.start_alone(tmp_path / "new", "Aysel", use_keyring=False)
    assert not (tmp_path / "new").exists()
    with pytest.raises(told):
        open_workspace(folder)


def test_a_workspace_that_could_not_be_finished_leaves_an_empty_folder_to_try_again_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "w").mkdir()

    def full(*_unused: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(workspace, "_describe", full)
        with pytest.raises(DiskFull):
            joining.start_alone(tmp_path / "w", "Aysel", use_keyring=False)
    assert list((tmp_path / "w").iterdir()) == []
    assert made(tmp_path / "w") == tmp_path / "w"


def damage_last_page(ws: Workspace) -> None:
    """Turn one byte of the last page round."""
    ws.store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(ws.store.path.read_bytes())
    data[-2000] ^= 255
    ws.store.path.write_bytes(bytes(data))


def test_a_full_check_reads_pages_that_no_list_needs(tmp_path: Path) -> None:
    with open_workspace(made(tmp_path / "w")) as ws:
        assert verifying.check(ws, read_data=True).problems == []
        damage_last_page(ws)
    try:
        with open_workspace(tmp_path / "w") as ws:
            problems = verifying.check(ws, read_data=True).problems
    except StorageError as error:  # so early that it cannot even be opened
        problems = [error.what]
    assert "The workspace database is damaged." in problems


def test_the_description_of_a_new_workspace_names_no_secret(tmp_path: Path) -> None:
    described = json.loads((made(tmp_path / "w") / "workspace.json").read_text(encoding="utf-8"))
    key = (tmp_path / "w" / "workspace.key").read_text(encoding="ascii").strip()
    assert set(described) == {"format", "workspace", "key"}
    assert key not in json.dumps(described)
