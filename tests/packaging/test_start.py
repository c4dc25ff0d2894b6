"""packaging/start.py: what it finds missing, what it says, what it installs, and when it starts again from nothing."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "packaging" / "start.py"

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system packages are a matter of Linux")

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'
UBUNTU = "ID=ubuntu\nID_LIKE=debian\n"
MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
FEDORA = "ID=fedora\n"


@pytest.fixture
def start() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fieldapp_start", START)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own with a lock, a project file and an environment that was never set up."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "requirements.lock").write_text("rich==15.0.0\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "LOCK", tmp_path / "packaging" / "requirements.lock")
    monkeypatch.setattr(start, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(start, "STAMP", tmp_path / ".venv" / "fieldapp-set-up")
    return tmp_path


@pytest.fixture
def bare_debian(start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Debian that lacks one tool. Its apt-get writes down how it was called, and its install brings the tool."""
    programs = tmp_path / "programs"
    programs.mkdir()
    apt_get = programs / "apt-get"
    tool = programs / "minisign"
    apt_get.write_text(
        f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >>{tmp_path}/calls\n'
        f'case "$*" in *install*) echo >{tool}; /bin/chmod +x {tool};; esac\n',
        encoding="utf-8",
    )
    apt_get.chmod(0o755)
    release = tmp_path / "os-release"
    release.write_text(DEBIAN, encoding="utf-8")
    monkeypatch.setattr(start, "OS_RELEASE", release)
    monkeypatch.setattr(start, "LIBRARIES", {})
    monkeypatch.setattr(start, "TEST_TOOLS", {"minisign": "minisign"})
    monkeypatch.setenv("PATH", str(programs))
    return tmp_path


def run_start(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, START, *arguments], capture_output=True, text=True, check=False)


def test_called_without_a_job_it_shows_its_three_jobs() -> None:
    shown = run_start()
    assert shown.returncode == 2
    for job in ("start.py run", "start.py test", "start.py fieldapp"):
        assert job in shown.stdout


def test_asked_for_help_it_succeeds() -> None:
    assert run_start("--help").returncode == 0


def test_an_unknown_option_of_run_is_a_wrong_call() -> None:
    assert run_start("run", "--laptop").returncode == 2


def test_an_old_python_can_read_the_file_and_is_told_what_it_lacks(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ast.parse(START.read_text(encoding="utf-8"), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert start.main(["test"]) == 1
    assert "Python 3.11 or newer" in capsys.readouterr().err


@pytest.mark.parametrize(("release", "debian"), [(DEBIAN, True), (UBUNTU, True), (MINT, True), (FEDORA, False)])
def test_debian_and_what_is_made_from_it_are_known(start: ModuleType, release: str, debian: bool) -> None:
    assert start.is_debian_like(release) is debian


def test_a_library_that_cannot_be_loaded_is_missing(start: ModuleType) -> None:
    assert start.libraries_missing({"libnothing9": "libnothing.so.9"}) == ["libnothing9"]


@on_linux
def test_a_library_that_loads_is_not_missing(start: ModuleType) -> None:
    assert start.libraries_missing({"libc6": "libc.so.6"}) == []


@on_linux
def test_root_on_debian_gets_what_is_missing_installed(
    start: ModuleType, bare_debian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    start.ensure_system("test")
    assert (bare_debian / "calls").read_text(encoding="utf-8").splitlines() == [
        "noninteractive -qq update",
        "noninteractive -qq install -y --no-install-recommends minisign",
    ]


@on_linux
def test_anybody_else_on_debian_is_told_the_one_line(
    start: ModuleType, bare_debian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    line = "apt-get update && apt-get install -y --no-install-recommends minisign"
    with pytest.raises(start.Stop, match=line):
        start.ensure_system("test")
    assert not (bare_debian / "calls").exists()


@on_linux
def test_with_sudo_at_hand_the_line_uses_it(
    start: ModuleType, bare_debian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sudo = bare_debian / "programs" / "sudo"
    sudo.write_text("#!/bin/sh\n", encoding="utf-8")
    sudo.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(start.Stop, match="sudo apt-get update && sudo apt-get install"):
        start.ensure_system("test")


@on_linux
def test_another_linux_is_told_the_names_of_what_is_missing(
    start: ModuleType, bare_debian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare_debian / "os-release").write_text(FEDORA, encoding="utf-8")
    monkeypatch.setattr(start, "LIBRARIES", {"libnothing9": "libnothing.so.9"})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(start.Stop, match=r"libnothing\.so\.9, minisign"):
        start.ensure_system("test")


@on_linux
def test_a_python_without_venv_is_told_the_package(
    start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "can_make_venv", lambda: False)
    assert start.packages_missing("fieldapp") == [f"python3.{sys.version_info.minor}-venv"]


@on_linux
def test_the_command_line_needs_no_window_libraries(
    start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "LIBRARIES", {"libnothing9": "libnothing.so.9"})
    monkeypatch.setattr(start, "TEST_TOOLS", {"nothing": "no-such-tool"})
    assert start.packages_missing("fieldapp") == []
    assert start.packages_missing("run") == ["libnothing9"]
    assert start.packages_missing("test") == ["libnothing9", "nothing"]


def make_python(start: ModuleType) -> None:
    python = start.venv_python()
    python.parent.mkdir(parents=True)
    python.write_text("", encoding="utf-8")


def test_a_finished_set_up_is_not_touched_again(start: ModuleType, checkout: Path) -> None:
    make_python(start)
    start.STAMP.write_text(start.wanted_stamp(), encoding="utf-8")
    start.ensure_venv()  # the Python is an empty file: running it would fail
    assert start.read_stamp() == start.wanted_stamp()


@pytest.mark.parametrize("changed", ["packaging/requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_into_the_same_environment(
    start: ModuleType, checkout: Path, changed: str
) -> None:
    make_python(start)
    before = start.wanted_stamp()
    (checkout / changed).write_text("changed", encoding="utf-8")
    assert start.wanted_stamp() != before
    assert not start.must_be_made_anew(before)


def test_an_environment_cut_short_or_moved_or_of_another_python_is_made_anew(
    start: ModuleType, checkout: Path
) -> None:
    assert start.must_be_made_anew("")
    make_python(start)
    assert not start.must_be_made_anew("")
    python, place, made_from = start.wanted_stamp().splitlines()
    assert start.must_be_made_anew(start.UNFINISHED)
    assert start.must_be_made_anew(f"{python}-gone\n{place}\n{made_from}\n")
    assert start.must_be_made_anew(f"{python}\n{place}-before\n{made_from}\n")


def test_a_folder_with_other_things_is_never_taken_for_a_demonstration(
    start: ModuleType, checkout: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(start.Stop, match="holds something else"):
        start.ensure_demonstration(folder)
    assert (folder / "letter.txt").exists()


STUB = """#!/bin/sh
echo "$(basename $0) $*" >>{calls}
case "$1" in demo) mkdir -p $2/hq $2/team-07 $2/team-08;; esac
previous=
for argument in "$@"; do
  case "$previous" in
    --out) echo "the report" >$argument;;
    --to) echo "a bundle" >$argument/ab-1.fieldbundle;;
  esac
  previous=$argument
done
"""


@pytest.fixture
def ready(start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that is set up. Its two programs write down how they were called and leave what is asked for."""
    make_python(start)
    start.STAMP.write_text(start.wanted_stamp(), encoding="utf-8")
    for name in ("fieldapp", "fieldapp-desktop"):
        program = start.venv_command(name)
        program.write_text(STUB.format(calls=checkout / "calls"), encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setattr(start, "LIBRARIES", {})
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", "")
    return checkout


def calls(checkout: Path) -> list[str]:
    return (checkout / "calls").read_text(encoding="utf-8").replace(str(checkout / "demo"), "DEMO").splitlines()


@on_linux
def test_run_makes_the_demonstration_once_and_opens_headquarters_on_the_report(
    start: ModuleType, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    for _ in range(2):
        assert start.main(["run", str(ready / "demo")]) == 0
    window = "fieldapp-desktop DEMO/hq --page reports"
    assert calls(ready) == ["fieldapp demo DEMO", window, window]


@on_linux
def test_run_opens_the_laptop_that_is_named_and_lists_the_others_for_a_wrong_name(
    start: ModuleType, ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    assert start.main(["run", "--as", "team-07", str(ready / "demo")]) == 0
    assert calls(ready)[-1] == "fieldapp-desktop DEMO/team-07"
    assert start.main(["run", "--as", "team-99", str(ready / "demo")]) == 1
    assert "team-07, team-08" in capsys.readouterr().err


@on_linux
def test_without_a_display_the_same_chain_runs_and_its_folder_is_named(
    start: ModuleType, ready: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert start.main(["run", str(ready / "demo")]) == 0
    kept = "DEMO/without-display"
    team, hq = f"{kept}/workspaces/team-07", f"{kept}/workspaces/hq"
    weekly = f"fieldapp --workspace {hq} report weekly --from 2024-07-29 --to 2024-08-04 --lang en"
    assert calls(ready) == [
        "fieldapp demo DEMO",
        f"fieldapp --workspace {team} find add PMN-2 {' '.join(start.FIND)}",
        f"fieldapp --workspace {team} bundle export --for hq --to {kept}/bundle",
        f"fieldapp --workspace {hq} bundle import {kept}/bundle/ab-1.fieldbundle",
        f"{weekly} --format text --out {kept}/weekly.txt",
        f"{weekly} --format json --out {kept}/weekly.json",
        f"{weekly} --format html --out {kept}/weekly.html",
        f"fieldapp-desktop DEMO/hq --screenshots {kept}/screenshots",
    ]
    shown = capfd.readouterr()
    assert "There is no display here" in shown.err
    assert "the report" in shown.out
    assert shown.out.rstrip().endswith(str(ready / "demo" / "without-display"))


@on_linux
def test_a_step_that_fails_ends_the_run_and_is_named(
    start: ModuleType, ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start.venv_command("fieldapp").write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    assert start.main(["run", str(ready / "demo")]) == 1
    assert "This step failed: fieldapp demo" in capsys.readouterr().err


@on_linux
def test_the_command_line_gets_its_arguments_and_gives_back_its_exit_code(start: ModuleType, ready: Path) -> None:
    assert start.main(["fieldapp", "--json", "hq", "devices"]) == 0
    assert calls(ready) == ["fieldapp --json hq devices"]
    start.venv_command("fieldapp").write_text("#!/bin/sh\nexit 2\n", encoding="utf-8")
    assert start.main(["fieldapp", "nonsense"]) == 2


@on_linux
def test_the_test_command_stops_at_the_first_check_that_fails(start: ModuleType, ready: Path) -> None:
    python = start.venv_python()
    python.write_text(f'#!/bin/sh\necho "$*" >>{ready}/calls\n[ "$2" != mypy ] || exit 1\n', encoding="utf-8")
    python.chmod(0o755)
    start.TEST_TOOLS.clear()
    start.STAMP.write_text(start.wanted_stamp(), encoding="utf-8")
    assert start.main(["test", "-k", "find"]) == 1
    assert [line.split()[1] for line in calls(ready)] == ["ruff", "mypy"]
    python.write_text(f'#!/bin/sh\necho "$*" >>{ready}/calls\n[ "$2" != pytest ] || exit 5\n', encoding="utf-8")
    assert start.main(["test", "-k", "find"]) == 5
    assert calls(ready)[-1] == "-m pytest -n 2 --dist loadgroup -k find"


@on_linux
@pytest.mark.parametrize(("name", "shown"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("TERM", False)])
def test_a_display_is_known_by_its_variable(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str, shown: bool
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, ":7")
    assert start.has_display() is shown


def test_the_continuous_check_is_the_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "exec python3 packaging/start.py test" in script


@on_linux
def test_the_continuous_check_can_be_executed() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
