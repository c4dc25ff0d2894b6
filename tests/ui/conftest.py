"""The window's tests run off the screen, in the shipped font and the sun theme, in English unless they say so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from fieldapp.clock import SetClock
from fieldapp.ids import SeededEntropy
from fieldapp.operations.workspace import create
from ui import theme
from ui.session import Session


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp, "sun")
    yield qapp
    if theme.current() is not theme.SUN:
        theme.apply(qapp, "sun")


@pytest.fixture(autouse=True)
def _no_widget_outlives_its_test(qapp: QApplication) -> Iterator[None]:
    """Windows of earlier tests would be styled again with every change of theme, each a little slower."""
    yield
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def session(app: QApplication, tmp_path: Path) -> Iterator[Session]:
    clock = SetClock(datetime(2026, 11, 15, 14, 22, 8, tzinfo=UTC))
    made = Session(clock)
    made.open(
        create(tmp_path / "laptop", role="field", person="R. Sadigov", clock=clock, entropy=SeededEntropy("window"),
               use_keyring=False)
    )  # fmt: skip
    yield made
    made.close()
