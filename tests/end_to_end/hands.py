"""Two hands and two eyes at a window: the program itself, in a process of its own, told what to press.

    python -m tests.end_to_end.hands WORKSPACE ...      (the arguments are those of fieldapp-desktop)

Reads one JSON command a line and answers each with one JSON line. ``{"type": "pmn2"}`` types, ``{"press": "Ctrl+S"}``
presses, ``{"go": "Save"}`` presses Tab until the focus is on what bears that word, ``{"see": "Saved"}`` waits until
that text is in the window, ``{"look": ""}`` says everything in the window, ``{"hear": ""}`` how many sounds were made,
``{"close": ""}`` closes it. Nothing here
knows a page or a field. There is no network: who asks for it is told so.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from ui import sound
from ui.app import main
from ui.main_window import MainWindow

MOST_TABS = 2_000 if os.environ.get("FIELDAPP_SOAK") else 200
"""No page has so many stops, but an Inbox with hundreds of files: what was not reached by then, no keyboard reaches."""


SOUNDS = [0]


def listen_for_sounds() -> None:
    """Count the sounds: nobody hears those of a program that is shown to nobody."""
    make = sound.alarm

    def counted() -> None:
        SOUNDS[0] += 1
        make()

    sound.alarm = counted


class Hands(QObject):
    """Does what a line asks, on the window's own thread."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self.do, Qt.ConnectionType.QueuedConnection)
        self._keys = 0

    @Slot(str)
    def do(self, line: str) -> None:
        """Do one thing and answer on standard output."""
        ((verb, what),) = json.loads(line).items()
        answer: dict[str, Any] = {"done": verb}
        try:
            answer["found"] = getattr(self, f"_{verb}")(what)
        except AssertionError as error:
            answer = {"failed": f"{verb} {what}: {error}", "screen": "\n".join(texts(window()))}
        answer["keys"] = self._keys
        print(json.dumps(answer), flush=True)

    def _type(self, text: str) -> None:
        for letter in text:
            self._keys += 1
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(
                    focused(), QKeyEvent(kind, ord(letter.upper()), Qt.KeyboardModifier.NoModifier, letter)
                )
            QApplication.processEvents()

    def _press(self, keys: str) -> None:
        self._keys += 1
        QTest.keySequence(focused(), QKeySequence(keys))
        QApplication.processEvents()

    def _go(self, word: str) -> str:
        wait_until(lambda: not window().session.background.is_busy())
        for _ in range(MOST_TABS):
            names = [text for text in own_texts(focused()) if word in text]
            if names:
                return names[0]
            self._press("Tab")
        raise AssertionError("no stop of the Tab key bears this")

    def _see(self, text: str) -> str:
        wait_until(lambda: any(text in one for one in texts(window())))
        return next(one for one in texts(window()) if text in one)

    def _look(self, _all: str) -> list[str]:
        wait_until(lambda: not window().session.background.is_busy())
        return list(texts(window()))

    def _hear(self, _all: str) -> int:
        return SOUNDS[0]

    def _close(self, _now: str) -> None:
        window().close()


def window() -> MainWindow:
    """The program's window."""
    (made,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
    return made


def focused() -> QWidget:
    """The widget the keys go to; the window itself where nothing in it has the focus, as Qt does it."""
    if QApplication.activeWindow() is None:  # a dialog was closed: a desktop hands the focus back by itself
        window().activateWindow()
    wait_until(lambda: QApplication.activeWindow() is not None)
    return QApplication.focusWidget() or window()


def wait_until(condition: Callable[[], bool]) -> None:
    """Let the program go on until ``condition`` holds. Whoever started this process knows how long that may take."""
    while not condition():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def texts(widget: QWidget) -> Iterator[str]:
    """Every text in the window that is to be seen."""
    for inner in [widget, *widget.findChildren(QWidget)]:
        if inner.isVisible():
            yield from own_texts(inner)


def own_texts(widget: QWidget) -> list[str]:
    """The texts that this widget itself shows, and the name it gives to who cannot see it."""
    found = [widget.accessibleName()]
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        found.append(widget.text())
    elif isinstance(widget, QPlainTextEdit):
        found.append(widget.toPlainText())
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        rows, columns = widget.model().rowCount(), widget.model().columnCount()
        cells = [[str(widget.model().index(row, at).data() or "") for at in range(columns)] for row in range(rows)]
        found += [" | ".join(row) for row in cells]
    return [text for text in found if text]


def listen(hands: Hands) -> None:
    """Pass on line after line."""
    for line in sys.stdin:
        hands.asked.emit(line)


def no_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: sockets of this computer work, all others are unreachable."""
    local = event == "socket.connect" and arguments[0].family not in (socket.AF_INET, socket.AF_INET6)
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto") and not local:
        raise OSError("there is no network")


if __name__ == "__main__":
    sys.addaudithook(no_network)
    listen_for_sounds()
    made = Hands()
    threading.Thread(target=listen, args=(made,), daemon=True).start()
    sys.exit(main(sys.argv[1:]))
