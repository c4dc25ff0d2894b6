#!/usr/bin/env python3
"""Make fieldapp ready on this machine, then do the job that was asked for.

    python3 packaging/start.py run [--as team-07] [DIR]   the window, on a demonstration deployment
    python3 packaging/start.py test [ARGS]                every check and the whole test suite (ARGS go to pytest)
    python3 packaging/start.py fieldapp ARGS              the command line

Standard library only. A fresh machine needs Python 3.11 or newer and a network the first time; everything lands in
``.venv`` of this checkout, from packages whose hashes stand in ``requirements.lock``. System libraries are installed
with apt-get where this runs as root on a Debian-like system; elsewhere it prints what to install and exits 1.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "fieldapp-set-up"
UNFINISHED = "unfinished"
DEMO = ROOT / "build" / "demo"
OS_RELEASE = Path("/etc/os-release")
WEEK = ("--from", "2024-07-29", "--to", "2024-08-04")
FIND = ("--at", "39.9899 46.8988", "--depth-cm", "5", "--condition", "armed", "--found-on", "2024-08-05")

# Debian package -> the library in it that Qt loads. Where a release has renamed a package (libglib2.0-0t64), the new
# one provides the old name, and apt-get takes it.
OFFSCREEN_LIBRARIES = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libfontconfig1": "libfontconfig.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libglib2.0-0": "libglib-2.0.so.0",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libx11-xcb1": "libX11-xcb.so.1",
    "libxcb-xfixes0": "libxcb-xfixes.so.0",
    "libxcb-sync1": "libxcb-sync.so.1",
    "libwayland-cursor0": "libwayland-cursor.so.0",
}
LIBRARIES = {**OFFSCREEN_LIBRARIES, **WINDOW_LIBRARIES}

# Debian package -> the command in it that the tests call.
TEST_TOOLS = {
    "xvfb": "Xvfb",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "age": "age",
    "minisign": "minisign",
    "zstd": "zstd",
    "unzip": "unzip",
}


class Stop(Exception):
    """The job cannot go on. The message says what to do; the program exits with 1."""


def say(message: str) -> None:
    """Print for the person, on standard error: standard output belongs to the job."""
    print(message, file=sys.stderr, flush=True)


def call(*command: str | Path, quiet: bool = False, env: dict[str, str] | None = None, cwd: Path | None = None) -> int:
    """Run a command to its end and return its exit code. ``quiet`` sends its standard output to standard error."""
    sys.stdout.flush()
    out = sys.stderr if quiet else None
    return subprocess.run([str(part) for part in command], stdout=out, env=env, cwd=cwd, check=False).returncode


# --- the system's packages


def libraries_missing(libraries: dict[str, str]) -> list[str]:
    """Packages whose library cannot be loaded here."""
    missing = []
    for package, library in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def tools_missing(tools: dict[str, str]) -> list[str]:
    """Packages whose command is not on the PATH."""
    return [package for package, tool in tools.items() if shutil.which(tool) is None]


def can_make_venv() -> bool:
    """Whether this Python can make a virtual environment with pip in it (Debian's cannot by itself)."""
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def packages_missing(job: str) -> list[str]:
    """Debian names of the system packages that ``job`` (run, test, fieldapp) still needs on this Linux machine."""
    missing = []
    if must_be_made_anew(read_stamp()) and not can_make_venv():
        missing.append(f"python3.{sys.version_info.minor}-venv")
    if job in {"run", "test"}:
        missing += libraries_missing(LIBRARIES)
    if job == "test":
        missing += tools_missing(TEST_TOOLS)
    return missing


def is_debian_like(os_release: str) -> bool:
    """Whether the text of /etc/os-release says Debian or a system made from it."""
    facts = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    words = f"{facts.get('ID', '')} {facts.get('ID_LIKE', '')}".replace('"', "").split()
    return "debian" in words


def apt_line(packages: list[str], *, sudo: bool) -> str:
    """The one line that installs ``packages``, for a person to run."""
    prefix = "sudo " if sudo else ""
    install = f"{prefix}apt-get install -y --no-install-recommends {' '.join(packages)}"
    return f"{prefix}apt-get update && {install}"


def install_packages(packages: list[str]) -> None:
    """Install Debian packages as root. Raises ``Stop`` when apt-get fails."""
    say(f"Installing system packages: {' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["update"], ["install", "-y", "--no-install-recommends", *packages])
    for arguments in commands:
        if call("apt-get", "-qq", *arguments, quiet=True, env=env):
            raise Stop(f"apt-get {arguments[0]} failed; its message stands above. Nothing else was changed.")


def ensure_system(job: str) -> None:
    """See that the system has what ``job`` needs. Raises ``Stop`` with the line to run where it cannot install."""
    if not sys.platform.startswith("linux"):
        return
    packages = packages_missing(job)
    if not packages:
        return
    debian = is_debian_like(OS_RELEASE.read_text(encoding="utf-8") if OS_RELEASE.exists() else "")
    if debian and os.geteuid() == 0:
        install_packages(packages)
        packages = packages_missing(job)
        if packages:
            raise Stop(f"apt-get has run, but these are still missing: {' '.join(packages)}")
    elif debian:
        line = apt_line(packages, sudo=shutil.which("sudo") is not None)
        raise Stop(f"System packages are missing. Run this line as root, then start again:\n\n  {line}\n")
    else:
        names = [LIBRARIES.get(package) or TEST_TOOLS.get(package) or package for package in packages]
        raise Stop(f"Missing on this system, to be installed with its own package tool: {', '.join(names)}")


# --- the private environment


def venv_command(name: str) -> Path:
    """Path of a program inside ``.venv``."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def venv_python() -> Path:
    """Path of the Python inside ``.venv``."""
    return venv_command("python")


def wanted_stamp() -> str:
    """What a finished set-up writes down: its Python, the checkout's place, and a hash of what it was made from."""
    digest = hashlib.sha256()
    for part in (LOCK, ROOT / "pyproject.toml"):
        digest.update(hashlib.sha256(part.read_bytes()).digest())
    return f"{venv_python().resolve()}\n{ROOT}\n{digest.hexdigest()}\n"


def read_stamp() -> str:
    """What the last set-up wrote down, or nothing."""
    return STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""


def must_be_made_anew(stamp: str) -> bool:
    """Whether ``.venv`` is absent, half-made, moved, or was made by a Python that is no longer there."""
    if not venv_python().exists() or stamp == UNFINISHED:
        return True
    return bool(stamp) and stamp.splitlines()[:2] != wanted_stamp().splitlines()[:2]


def ensure_venv() -> None:
    """Make ``.venv`` as ``requirements.lock`` says, unless it is already. Raises ``Stop`` when a step fails."""
    stamp = read_stamp()
    if venv_python().exists() and stamp == wanted_stamp():
        return
    if must_be_made_anew(stamp):
        if not can_make_venv():
            raise Stop(f"This Python ({sys.executable}) lacks venv and ensurepip: install the package that has them.")
        say(f"Making {VENV} ...")
        if call(sys.executable, "-m", "venv", "--clear", VENV, quiet=True):
            raise Stop(f"{VENV} could not be made; the message stands above.")
    STAMP.write_text(UNFINISHED, encoding="utf-8")
    say("Installing the locked packages (about 205 MB to fetch, only this once) ...")
    pip = (venv_python(), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps")
    locked = (*pip, "--require-hashes", "--only-binary", ":all:", "-r", LOCK)
    # The build backend came with the lock: nothing unpinned is fetched to install the project itself.
    project = (*pip, "--no-index", "--no-build-isolation", "--editable", ROOT)
    for command in (locked, project):
        if call(*command, quiet=True):
            raise Stop("pip failed; its message stands above. Start again to go on.")
    STAMP.write_text(wanted_stamp(), encoding="utf-8")


# --- the jobs


def has_display() -> bool:
    """Whether a window can be shown here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def fieldapp(*arguments: str | Path) -> None:
    """Run one command of the command line. Raises ``Stop`` when it does not succeed."""
    if call(venv_command("fieldapp"), *arguments):
        raise Stop(f"This step failed: fieldapp {' '.join(str(argument) for argument in arguments)}")


def ensure_demonstration(folder: Path) -> None:
    """Make the demonstration deployment in ``folder`` unless it is there. Raises ``Stop`` where that is not safe."""
    made = folder / "complete"
    if made.exists():
        return
    if folder.exists() and any(folder.iterdir()):
        if folder != DEMO:
            raise Stop(f"{folder} holds something else, or a demonstration cut short. Name another folder.")
        shutil.rmtree(folder)
    say(f"Making a demonstration deployment in {folder} (about a minute) ...")
    fieldapp("demo", folder)
    made.write_text("This demonstration is complete.\n", encoding="utf-8")


def run(arguments: list[str]) -> int:
    """The main job: the window, or the same chain without it where there is no display."""
    parser = argparse.ArgumentParser(prog="start.py run", description="Open the window on a demonstration deployment.")
    parser.add_argument("--as", dest="who", metavar="TEAM", default="hq", help="hq (the default) or a team: team-07")
    parser.add_argument("folder", metavar="DIR", nargs="?", type=Path, default=DEMO, help="where it is kept")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    ensure_system("run")
    ensure_venv()
    ensure_demonstration(folder)
    workspace = folder / options.who
    if not workspace.is_dir():
        names = sorted(child.name for child in folder.iterdir() if child.name.startswith("team-"))
        raise Stop(f"There is no {options.who} here. Choose hq, {', '.join(names)}.")
    if not has_display():
        run_without_display(folder, workspace)
        return 0
    page = ("--page", "reports") if options.who == "hq" else ()
    return call(venv_command("fieldapp-desktop"), workspace, *page)


def run_without_display(folder: Path, workspace: Path) -> None:
    """Log a find, export it, import it at headquarters, report the week; keep all of it and pictures of the window.

    The chain runs on copies: the demonstration is the same before and after, however often this is done.
    """
    say("There is no display here (DISPLAY is not set), so no window opens. The same chain runs without it:")
    kept = folder / "without-display"
    if kept.exists():
        shutil.rmtree(kept)
    bundles, pictures = kept / "bundle", kept / "screenshots"
    for path in (bundles, pictures):
        path.mkdir(parents=True)
    name = workspace.name if workspace.name != "hq" else "team-07"
    team, hq = (Path(shutil.copytree(folder / one, kept / "workspaces" / one)) for one in (name, "hq"))
    say(f"1. {name} logs a find on the day after the week, and exports ...")
    fieldapp("--workspace", team, "find", "add", "PMN-2", *FIND)
    fieldapp("--workspace", team, "bundle", "export", "--for", "hq", "--to", bundles)
    say("2. Headquarters imports it ...")
    fieldapp("--workspace", hq, "bundle", "import", *sorted(bundles.glob("*.fieldbundle")))
    report = ("--workspace", hq, "report", "weekly", *WEEK, "--lang", "en")
    say("3. The weekly report ...")
    for kind, suffix in (("text", "txt"), ("json", "json"), ("html", "html")):
        fieldapp(*report, "--format", kind, "--out", kept / f"weekly.{suffix}")
    say("4. Pictures of every page ...")
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if call(venv_command("fieldapp-desktop"), workspace, "--screenshots", pictures, env=env):
        raise Stop("The window could not be drawn; the message stands above.")
    print((kept / "weekly.txt").read_text(encoding="utf-8"))
    print(f"Bundle, report (text, JSON, HTML) and screenshots are in {kept}")


def test(arguments: list[str]) -> int:
    """Every check, then the whole suite. The first that fails ends it with its own exit code."""
    ensure_system("test")
    ensure_venv()
    python = venv_python()
    checks: tuple[tuple[str, ...], ...] = (
        ("ruff", "check", "--quiet"),
        ("mypy", "--no-error-summary"),
        # Apart from the rest: this folder is named like a library, and its files are scripts.
        ("mypy", "--no-error-summary", *(str(path) for path in sorted((ROOT / "packaging").glob("*.py")))),
        ("pytest", "-n", "2", "--dist", "loadgroup", *arguments),
    )
    # Hundreds of tests start programs: each would compile everything again where Python may keep nothing.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for check in checks:
        say(f"{check[0]} ...")
        code = call(python, "-m", *check, env=env, cwd=ROOT)
        if code:
            return code
    return 0


def command_line(arguments: list[str]) -> int:
    """Hand everything to the command line of fieldapp and return its exit code."""
    ensure_system("fieldapp")
    ensure_venv()
    return call(venv_command("fieldapp"), *arguments)


JOBS = {"run": run, "test": test, "fieldapp": command_line}


def main(arguments: list[str]) -> int:
    """Do the job named first. Exit codes: the job's own; 1 something to act on; 2 usage."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is started by whatever python3 is there
        say(f"fieldapp needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    if not arguments or arguments[0] not in JOBS:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        return JOBS[arguments[0]](arguments[1:])
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
