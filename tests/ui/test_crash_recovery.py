"""A battery cut while a form is filled: the process is killed, and nothing that was typed is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.operations.workspace import open_workspace
from tests import builders
from tests.ui.pages.desk import Desk
from ui.widgets import Banner

ROOT = Path(__file__).resolve().parents[2]

TYPIST = """
import os, sys
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fieldapp.clock import SystemClock
from fieldapp.operations.workspace import open_workspace
from ui import theme
from ui.app import settle
from ui.main_window import MainWindow
from ui.session import Session

app = QApplication(["typist"])
theme.apply(app, "sun")
session = Session(SystemClock(), "en")
session.open(open_workspace(Path(sys.argv[1])))
window = MainWindow(session)
window.show()
window.open_page(sys.argv[2])
settle(window)
form = window.pages[sys.argv[2]].form
if sys.argv[2] == "find":
    QTest.keyClicks(form.position.field.line, "39.9899 46.")
    QTest.keyClicks(form.model.line, "rusty pm")
    QTest.keyClicks(form.depth_cm.line, "-")
else:
    for point in ("40.02 46.98", "40.02 46.981406", "40.0"):
        QTest.keyClicks(form.points.rows[-1].line, point)
settle(window)
print("typed", flush=True)
os.kill(os.getpid(), 9) if os.name != "nt" else os._exit(9)
"""


def type_and_die(folder: Path, page: str) -> None:
    """Type into a page in a process of its own and kill it without warning."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", TYPIST, str(folder), page], capture_output=True, text=True, env=environment,
        cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout == "typed\n", done.stderr
    assert done.returncode != 0


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("find", {"position": "39.9899 46.", "model": "rusty pm", "depth_cm": "-"}),
        ("plot", {"points": "40.02 46.98\n40.02 46.981406\n40.0", "way": "points"}),
    ],
)
def test_after_a_kill_today_offers_the_draft_and_continue_restores_it_though_it_is_not_valid(
    app: QApplication, qtbot: QtBot, tmp_path: Path, page: str, expected: dict[str, str]
) -> None:
    folder = tmp_path / "laptop"
    builders.alone(folder).close()
    type_and_die(folder, page)
    desk = Desk(qtbot, folder, open_workspace(folder))
    try:
        (banner,) = [one for one in desk.today().findChildren(Banner) if one.isVisible()]
        assert banner.words()[0] == f"One {page} is not finished"
        banner.pressed.emit()
        desk.settle()
        form = desk.find().form if page == "find" else desk.plot().form
        assert {name: text for name, text in form.values().items() if text} == expected
        assert form.question() is None
    finally:
        desk.close()
