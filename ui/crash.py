"""What happens when the program itself is at fault: a log without contents, and a plain window.

The log holds places in the program and types of errors, never messages or values: those may be coordinates or names.
Drafts are kept as they are typed, so nothing has to be saved here.
"""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

import fieldapp
from fieldapp.clock import Clock, stamp
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import PrimaryButton
from ui.widgets.labels import IconLabel, PlainLabel, secondary


def report_of(error: BaseException, moment: str) -> str:
    """The text of the log: versions, then for each error of the chain its type and the places it came through."""
    lines = [
        f"fieldapp {fieldapp.__version__} {moment}",
        f"python {platform.python_version()} qt {qVersion()} {platform.system()} {platform.release()}",
    ]
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        lines.append(f"{type(step).__module__}.{type(step).__qualname__}")
        frames = traceback.extract_tb(step.__traceback__)
        lines.extend(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
        step = step.__cause__ or step.__context__
    return "\n".join(lines) + "\n"


def write_log(error: BaseException, folder: Path, moment: str) -> Path | None:
    """Write the log into ``folder``; None where the disk does not take it."""
    path = folder / f"crash-{moment.replace(':', '')}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(report_of(error, moment), encoding="utf-8")
    except OSError:
        return None
    return path


class CrashWindow(QWidget):
    """Says that the program failed, that the draft is kept, and where the log is."""

    def __init__(self, texts: Texts, log: Path | None) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("fieldapp")
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setMinimumWidth(640)
        where = texts(N_("A report without names and places is in {file}."), file=str(log)) if log else ""
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(IconLabel("triangle-alert", 44, "danger"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(
            PlainLabel(texts(N_("The program has a fault.")), theme.PAGE, theme.SEMIBOLD, wrap=True), 1
        )
        column.addLayout(head)
        said = texts(N_("Saved records and your draft are kept. Close the program and start it again."))
        column.addWidget(PlainLabel(said, theme.BODY, wrap=True))
        column.addWidget(secondary(where))
        self.button = PrimaryButton(texts(N_("Close the program")))
        self.button.clicked.connect(self.close)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)


class CrashPath:
    """What is done about an error that is a bug: the log is written, the window shown, the program ended."""

    def __init__(self, folder: Path, texts: Callable[[], Texts], clock: Clock) -> None:
        self._folder, self._texts, self._clock = folder, texts, clock
        self.window: CrashWindow | None = None

    def take(self, error: BaseException) -> None:
        """Write the log and show the window, once; then end with exit code 3."""
        log = write_log(error, self._folder, stamp(self._clock.now()))
        app = QApplication.instance()
        if self.window is not None or app is None:
            return
        self.window = CrashWindow(self._texts(), log)
        self.window.button.clicked.connect(lambda: app.exit(3))
        self.window.show()

    def install(self) -> None:
        """Take every exception nobody caught, on any thread."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def _hook(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self.take(error)

    def _thread_hook(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.take(arguments.exc_value)


def unexpected(error: BaseException) -> None:
    """Take the crash path for an error that came from the worker."""
    sys.excepthook(type(error), error, error.__traceback__)
