"""The bundles found on a stick or in a folder, each a row to press with what a glance says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fieldapp.operations.imports import Outcome
from fieldapp.texts import N_, Texts
from ui import theme
from ui.models.shown import Shown
from ui.widgets.banner import chip_width, draw_chip
from ui.widgets.buttons import Face, PaintedButton
from ui.widgets.cards import clear

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True)
class FoundBundle:
    """A file that may be a bundle, and what a dry run said of it once it has run."""

    path: Path
    size: int
    outcome: Outcome | None = None

    @property
    def ready(self) -> bool:
        """Is there something to import in it?"""
        return self.outcome is not None and self.outcome.status == "imported"


def state_of(found: FoundBundle, texts: Texts) -> tuple[str, str]:
    """Word and tone of a file's state."""
    if found.outcome is None:
        return texts(N_("Reading ...")), "plain"
    words = {
        "imported": (N_("Ready"), "info"), "known": (N_("All known"), "ok"), "refused": (N_("Refused"), "danger"),
    }  # fmt: skip
    word, tone = words[found.outcome.status]
    return texts(word), tone


class BundleRow(PaintedButton):
    """Who sent it and its state; when and which; how much."""

    def __init__(self, found: FoundBundle, texts: Texts, shown: Shown) -> None:
        outcome = found.outcome
        first = outcome.sender_name if outcome is not None and outcome.sender_name else found.path.name
        super().__init__(first)
        self.found = found
        self._state, self._tone = state_of(found, texts)
        size = shown.size(found.size)
        if outcome is None or outcome.status == "refused":
            self._lines = (found.path.name if first != found.path.name else "", size)
        else:
            when = texts(
                N_("{moment}, no. {number}"), moment=shown.moment(outcome.created), number=texts.number(outcome.number)
            )
            entries = texts.plural(N_("{count} entry"), N_("{count} entries"), outcome.new + outcome.known)
            self._lines = (when, texts(N_("{what}, {amount}"), what=entries, amount=size))
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        """Room for a name on one or two lines and two lines below."""
        return QSize(300, 96 if self._name_lines() == 1 else 118)

    def _name_lines(self) -> int:
        wide = QFontMetrics(theme.font(theme.BODY, theme.SEMIBOLD)).horizontalAdvance(self.text())
        return 1 if wide < 170 else 2

    def face(self, tokens: theme.Tokens) -> Face:
        """Soft with an accent border when chosen."""
        if self.isChecked():
            return Face(tokens.soft, tokens.accent, tokens.on_soft, 3)
        return Face(tokens.card, tokens.hairline, tokens.text, 1)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """Name left of the chip, two lines below."""
        chip = chip_width(self._state, "") + 24
        name_height = 30 if self._name_lines() == 1 else 52
        return [
            (self.text(), theme.font(theme.BODY, theme.SEMIBOLD), QRect(14, 8, self.width() - chip - 14, name_height)),
            (self._lines[0], theme.font(theme.SECONDARY), QRect(14, 10 + name_height, self.width() - 28, 24)),
            (self._lines[1], theme.font(theme.SECONDARY), QRect(14, 34 + name_height, self.width() - 28, 24)),
        ]

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw the lines and the state's chip."""
        painter.setPen(face.ink)
        for text, text_font, box in self.text_boxes():
            painter.setFont(text_font)
            painter.drawText(box, _LEFT, text)
        wide = chip_width(self._state, "")
        draw_chip(
            painter,
            QRectF(self.width() - wide - 12, 10, wide, 32),
            self._state,
            "plain" if self.isChecked() else self._tone,
        )


class BundleList(QWidget):
    """The rows; one may be chosen. ``chosen(object)`` brings its ``FoundBundle``, None when it is let go."""

    chosen = Signal(object)

    def __init__(self, texts: Texts, shown: Shown) -> None:
        super().__init__()
        self._texts, self._shown = texts, shown
        self.rows: list[BundleRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(8)

    def set_bundles(self, bundles: Sequence[FoundBundle], chosen: Path | None) -> None:
        """Show these files; ``chosen`` is the one marked."""
        focused = next((row.found.path for row in self.rows if row.hasFocus()), None)
        clear(self._column)
        self.rows = [BundleRow(found, self._texts, self._shown) for found in bundles]
        for row in self.rows:
            row.setChecked(row.found.path == chosen)
            row.clicked.connect(lambda _=False, row=row: self.chosen.emit(row.found if row.isChecked() else None))
            self._column.addWidget(row)
            if row.found.path == focused:
                row.setFocus()
        self._column.addStretch(1)
