"""The same window on a real X server, driven from outside with a keyboard, as a person meets it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.cli.runner import done

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X servers are tested on Linux")

Answer = TypeVar("Answer")

PATIENCE_S = 60.0
"""How long a condition may take on a slow machine before the test gives up."""


def until(condition: Callable[[], Answer]) -> Answer:
    """The first true answer of ``condition``."""
    end = time.monotonic() + PATIENCE_S
    while not (answer := condition()):
        assert time.monotonic() < end, condition
        time.sleep(0.05)  # between two looks at another process, which sends no signal
    return answer


@contextmanager
def x_server() -> Iterator[str]:
    """A virtual screen of 1366 x 768; yields its display."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def xdotool(display: str, *words: str) -> str:
    """Run xdotool; what it prints."""
    ran = subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": display}, capture_output=True, text=True,
                         check=False)
    return ran.stdout.strip()


def is_at_rest(process: subprocess.Popen[bytes]) -> bool:
    """Whether it computes nothing: a window that is still being laid out would miss a click."""

    def spent() -> int:
        user, system = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return int(user) + int(system)

    before = spent()
    time.sleep(0.4)  # what is looked at is what it does meanwhile
    return spent() - before <= 1


def test_a_find_is_typed_and_saved_in_the_real_window(tmp_path: Path) -> None:
    assert shutil.which("xdotool"), "xdotool is one of the test packages"
    laptop = tmp_path / "laptop"
    done("init", laptop, "--name", "Aysel", "--key-file")
    with x_server() as display:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "1"}
        window = subprocess.Popen(
            [sys.executable, "-m", "ui", str(laptop), "--page", "find"], env=environment,
            cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL,
        )
        try:
            until(lambda: xdotool(display, "search", "--onlyvisible", "--name", "New find"))
            until(lambda: is_at_rest(window))
            xdotool(display, "mousemove", "320", "243", "click", "1")
            xdotool(display, "type", "--delay", "20", "39.9899 46.8988")
            xdotool(display, "key", "Return")
            xdotool(display, "type", "--delay", "20", "pmn2")
            xdotool(display, "key", "Return")
            xdotool(display, "key", "ctrl+s")
            until(lambda: xdotool(display, "search", "--onlyvisible", "--name", "Today"))
        finally:
            window.terminate()
            window.wait()
    finds = done("find", "list", workspace=laptop)["records"]
    assert [(find["model"], find["lat"], find["lon"]) for find in finds] == [("pmn-2", 39.9899, 46.8988)]
