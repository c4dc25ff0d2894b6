"""What every test stands on: no window on the screen, no trace outside its own folder, the same run every time."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

# A slow machine is no defect, and a suite that fails must fail again when it is repeated.
settings.register_profile("fieldapp", deadline=None, derandomize=True, database=None)
settings.load_profile("fieldapp")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--onscreen", action="store_true", help="show the windows instead of drawing them in memory")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--onscreen"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every place where a program may keep something lies in a fresh folder; there is no key store."""
    home = tmp_path_factory.mktemp("home")
    places = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "AppData" / "Roaming",
        "LOCALAPPDATA": home / "AppData" / "Local",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_RUNTIME_DIR": home / "run",
        "FIELDAPP_WORKSPACE": home / "workspace",
    }
    for name, place in places.items():
        monkeypatch.setenv(name, str(place))
    _private_folder(places["XDG_RUNTIME_DIR"])
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.delenv("LANGUAGE", raising=False)


def _private_folder(path: Path) -> None:
    # Qt warns about a runtime folder that others may read.
    path.mkdir(mode=0o700)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of ``fieldapp demo``, made once for all processes of a run. It is shared: open copies only.

    What the command says of it lies beside it in ``demonstration.json``.
    """
    from fieldapp.operations.demo import make_demo  # here, so that no other test waits for all of fieldapp

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, made = shared / "demonstration", shared / "demonstration.json"
    with FileLock(shared / "demonstration.lock"):
        if not made.exists():
            made.write_text(json.dumps(make_demo(folder).as_json()), encoding="utf-8")
    return folder
