"""The Tab key comes round: on every page it reaches everything that can be reached, and never walks in a circle."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.pages.conftest import Opened

MOST = 400
FIELD = (
    "today", "find", "plot", "map", "area", "records", "tasks", "outstanding", "disposal", "questions", "day", "export",
    "reports", "settings",
)  # fmt: skip
HQ = (
    "inbox", "review", "map", "questions", "laptops", "tasks", "outstanding", "area", "records", "reports", "settings",
)  # fmt: skip
Open = Callable[..., Opened]


def stops(window: QWidget) -> set[QWidget]:
    """Everything that takes the focus by Tab now."""
    strong = Qt.FocusPolicy.StrongFocus
    return {
        inner
        for inner in window.findChildren(QWidget)
        if inner.isVisible()
        and inner.isEnabled()
        and inner.focusProxy() is None
        and inner.focusPolicy() & strong == strong
    }


def reached(window: QWidget) -> set[QWidget]:
    """Everything Tab leads through, from where the focus is until it has been everywhere or goes on for ever."""
    found: set[QWidget] = set()
    for _ in range(MOST):
        here = QApplication.focusWidget()
        assert here is not None
        found.add(here)
        if found >= stops(window):
            break
        QTest.keyClick(here, Qt.Key.Key_Tab)
        QApplication.processEvents()
    return found


@pytest.mark.parametrize(("whose", "keys"), [("north", FIELD), ("hq", HQ)])
def test_tab_reaches_everything_on_every_page(opened: Open, whose: str, keys: tuple[str, ...]) -> None:
    there = opened(whose)
    there.window.activateWindow()
    for key in keys:
        there.window.open_page(key)
        there.settle()
        missed = stops(there.window) - reached(there.window)
        assert [(key, type(one).__name__, one.accessibleName()) for one in missed] == []


@pytest.mark.parametrize(("whose", "key", "place"), [("north", "find", 0), ("north", "plot", 5), ("hq", "correct", 0)])
def test_tab_reaches_everything_where_a_record_is_corrected(opened: Open, whose: str, key: str, place: int) -> None:
    there = opened(whose)
    there.window.activateWindow()
    there.window.open_page(key, there.names[place])
    there.settle()
    missed = stops(there.window) - reached(there.window)
    assert [(key, type(one).__name__, one.accessibleName()) for one in missed] == []
