"""Start of the window: ``fieldapp-desktop [WORKSPACE] [--page KEY] [--lang en|az|ru] [--theme sun|day|night]``.

``--screenshots DIR`` shows every page off the screen at 1366 x 768 and writes ``DIR/<number>-<key>.png``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs
from PySide6.QtCore import QEventLoop, QLocale, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from fieldapp.clock import SystemClock
from fieldapp.errors import OperatorError
from fieldapp.operations import browsing
from fieldapp.operations.browsing import Wanted
from fieldapp.operations.workspace import Workspace, is_workspace, open_workspace
from fieldapp.texts import LANGUAGES, N_, Texts
from ui import canvas, theme
from ui.collecting import Collecting
from ui.crash import CrashPath
from ui.main_window import MainWindow
from ui.session import Session
from ui.widgets.banner import error_banner

PUT_OFF_MS = 300
"""What waits longer than this is no part of a page."""
LAYOUT_ROUNDS = 5
"""A text that wraps asks the layouts around it for room one after the other: each round is one of them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the window. Exit code 0 closed, 1 the workspace cannot be opened, 3 a fault of the program."""
    options = _options(sys.argv[1:] if arguments is None else arguments)
    if options.screenshots is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_off_screen_message)
    else:
        _scale_to_screen()
    app = QApplication(["fieldapp"])
    app.setApplicationName("fieldapp")
    collecting = Collecting(app)
    theme.apply(app, options.theme)
    folder: Path = options.workspace
    session = Session(SystemClock(), options.lang or system_language(), folder)
    CrashPath(folder / "log" if is_workspace(folder) else folder.parent, lambda: session.texts, SystemClock()).install()
    if is_workspace(folder):
        try:
            session.open(open_workspace(folder), options.lang or "")
        except OperatorError as error:
            return _refuse(app, error, session.texts, show=options.screenshots is None)
    window = MainWindow(session)
    if options.page:
        window.open_page(options.page)
    if options.screenshots is not None:
        return screenshots(window, options.screenshots)
    window.show()
    code = app.exec()
    collecting.stop()
    return code


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fieldapp-desktop", description="Finds and plots: the window.")
    parser.add_argument("workspace", nargs="?", type=Path, default=default_workspace(), help="folder of the workspace")
    parser.add_argument("--page", default="", help="key of the page to open")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language, instead of the workspace's own")
    parser.add_argument("--theme", choices=list(theme.THEMES), default="sun")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="write a picture of every page and end")
    return parser.parse_args(arguments)


def system_language() -> str:
    """The language of this computer where we ship it, else English."""
    code = QLocale.system().name()[:2]
    return code if code in LANGUAGES else "en"


def default_workspace() -> Path:
    """The workspace opened without an argument: ``FIELDAPP_WORKSPACE``, else the platform's data folder."""
    named = os.environ.get("FIELDAPP_WORKSPACE")
    return Path(named) if named else Path(platformdirs.user_data_dir("fieldapp", appauthor=False)) / "workspace"


def _scale_to_screen() -> None:
    """Scale the canvas to the screen, unless somebody has said how. Qt reads the factor when it starts."""
    if "QT_SCALE_FACTOR" in os.environ:
        return
    probe = QGuiApplication(["fieldapp"])
    screen = probe.primaryScreen()
    size, ratio = screen.size(), screen.devicePixelRatio()
    factor = canvas.scale_factor(
        round(size.width() * ratio), round(size.height() * ratio), screen.physicalDotsPerInch() * ratio
    )
    probe.shutdown()
    del probe
    os.environ["QT_SCALE_FACTOR"] = str(factor / ratio)


def _refuse(app: QApplication, error: OperatorError, texts: Texts, *, show: bool) -> int:
    """Say why the workspace does not open, in a window of its own and on standard error; exit code 1."""
    sys.stderr.write(error.sentence(texts) + "\n")
    if show:
        banner = error_banner(error.parts(texts))
        banner.setWindowTitle(texts(N_("fieldapp does not open")))
        banner.resize(720, 180)
        banner.show()
        app.exec()
    return 1


def screenshots(window: MainWindow, folder: Path) -> int:
    """Write a picture of every page of ``window`` into ``folder``, at 1366 x 768 logical px."""
    folder.mkdir(parents=True, exist_ok=True)
    window.resize(*canvas.CANVAS_PX)
    window.show()
    newest: list[str] = []
    if window.session.about is not None:
        window.session.ask(_newest, newest.extend)
        settle(window)
    for number, key in enumerate(list(window.pages) or [""], 1):
        window.open_page(key, newest[0] if key == "correct" and newest else None)
        settle(window)
        window.grab().save(str(folder / f"{number:02}-{key or 'empty'}.png"))
    window.close()
    settle(window)
    return 0


def _newest(ws: Workspace) -> list[str]:
    return [line.row.name for line in browsing.part(ws, Wanted(), size=1).lines]


def settle(window: MainWindow) -> None:
    """Let the worker come to its end and the window show it."""
    background = window.session.background
    while background.is_busy() or _is_put_off(window):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    for _ in range(LAYOUT_ROUNDS):
        QApplication.processEvents()


def _is_put_off(window: MainWindow) -> bool:
    """Whether something is only done when nothing else has happened for a moment: the map's legend."""
    timers = window.findChildren(QTimer)
    return any(one.isSingleShot() and one.isActive() and one.interval() <= PUT_OFF_MS for one in timers)


def _off_screen_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt has to say, but not that a window off the screen takes no size hints: there is no screen."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(message + "\n")
