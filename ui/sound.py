"""The one sound: something needs the person's eyes now."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication


def alarm() -> None:
    """Beep, as the computer beeps."""
    QApplication.beep()
