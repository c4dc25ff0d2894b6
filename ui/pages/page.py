"""What every page is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.texts import N_
from ui import theme
from ui.session import Session


class Page(QWidget):
    """Base of all pages. A subclass sets the class attributes, fills ``self.column`` and overrides what it needs.

    A page is made again when language or workspace change, and ``refresh`` is called each time it is shown and after
    every change. It asks for another page with ``go`` and tells with ``frame_changed`` that title, chip, foot line
    or actions are different now.
    """

    key: ClassVar[str] = "page"
    title: ClassVar[str] = N_("Page")
    """Title in the top bar, a catalogue message."""
    word: ClassVar[str] = ""
    """Word in the rail, a catalogue message; the title where it is empty."""
    icon: ClassVar[str] = "list"
    shortcut: ClassVar[str] = ""
    """F2 ... F12, or nothing."""
    in_rail: ClassVar[bool] = True
    low: ClassVar[bool] = False
    """Stands at the bottom of the rail."""

    go = Signal(str, object)
    """Key of another page, and what to open there (or None)."""
    frame_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.texts = session.texts
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        self.column.setSpacing(theme.GAP)

    def heading(self) -> str:
        """The title shown now."""
        return self.texts(self.title)

    def subtitle(self) -> str:
        """What stands beside the title."""
        return ""

    def chip(self) -> QWidget | None:
        """A new chip for the right of the top bar, or None."""
        return None

    def refresh(self) -> None:
        """Show the present state of the workspace."""

    def open_with(self, what: object) -> None:
        """Show ``what`` another page asked for: a record's name, say."""

    def foot_line(self) -> tuple[str, str, str]:
        """Line at the left of the foot bar, its icon and tone."""
        return "", "circle-check", "ok"

    def foot_actions(self) -> Sequence[QWidget]:
        """Buttons (and key caps) of the foot bar, the primary one last, made once. Empty: there is no foot bar."""
        return ()

    def leave(self) -> bool:
        """Asked before another page is shown or the window closes; False stays here."""
        return True
