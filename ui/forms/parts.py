"""Inputs that only some forms have: values nobody types, the category tiles, and the answer to what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.texts import N_, Texts
from ui.widgets.choice import Choice, Option, TileGrid

TILES = (
    (N_("AP mine"), "ordnance-ap"),
    (N_("AT mine"), "ordnance-at"),
    (N_("Submunition"), "ordnance-submunition"),
    (N_("Projectile, mortar, bomb"), "ordnance-projectile"),
    (N_("Rocket, grenade"), "ordnance-rocket"),
    (N_("Fuze, detonator"), "ordnance-fuze"),
    (N_("IED, booby-trap"), "ordnance-ied"),
    (N_("Small arms, inert"), "ordnance-not-counted"),
)
"""Word and icon of each tile, in the order of the ``tile`` numbers of the categories."""


class Hidden(QObject):
    """A value that belongs to a draft but is not typed: a lot, the versions a correction began from."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def text(self) -> str:
        """The value."""
        return self._text

    def set_text(self, text: str) -> None:
        """Hold another value."""
        if text != self._text:
            self._text = text
            self.changed.emit(text)


class CategoryPicker(QWidget):
    """Eight tiles; a tile of several categories opens them as a row of options. ``text()`` is the category's code.

    ``chosen()`` follows when a person has chosen a category, and only then.
    """

    changed = Signal(str)
    chosen = Signal()

    def __init__(self, texts: Texts, lists: Lists | None = None) -> None:
        super().__init__()
        self._code = ""
        self._quiet = False
        categories = (lists or shipped_lists()).vocabulary("category")
        entries = categories.entries
        language = texts.language
        self._of_tile = {
            str(number): [entry.code for entry in reversed(entries) if entry.tile == number]
            for number in range(1, len(TILES) + 1)
        }
        self.tiles = TileGrid(
            [Option(str(number), texts(word), icon=icon) for number, (word, icon) in enumerate(TILES, 1)]
        )
        self.rows = {
            tile: Choice("", [Option(code, categories.name(code, language)) for code in codes])
            for tile, codes in self._of_tile.items()
            if len(codes) > 1
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.tiles)
        for row in self.rows.values():
            row.hide()
            row.changed.connect(self._row_changed)
            column.addWidget(row)
        self.tiles.changed.connect(self._tile_changed)

    def text(self) -> str:
        """The category's code, "" for none."""
        return self._code

    def set_text(self, code: str) -> None:
        """Show ``code`` as chosen; a code no tile has is kept and shown by none."""
        if code == self._code:
            return
        self._code = code
        tile = next((tile for tile, codes in self._of_tile.items() if code in codes), "")
        self._quiet = True
        self.tiles.set_text(tile)
        self._open(tile)
        self._quiet = False
        self.changed.emit(code)

    def open_row(self) -> Choice | None:
        """The row of options that is open."""
        return next((row for row in self.rows.values() if not row.isHidden()), None)

    def tab_stops(self) -> Sequence[QWidget]:
        """The widgets a Tab goes through: rows first, tiles (which have Alt and a digit) later."""
        return list(self.rows.values())

    def _tile_changed(self, tile: str) -> None:
        if self._quiet:
            return
        codes = self._of_tile.get(tile, [])
        if len(codes) == 1:
            self._choose(codes[0])
            return
        if self._code not in codes:
            self._code = ""
            self._open(tile)
            self.changed.emit("")
        row = self.open_row()
        if row is not None:
            row.setFocus(Qt.FocusReason.TabFocusReason)

    def _row_changed(self, code: str) -> None:
        if not self._quiet:
            self._choose(code)

    def _choose(self, code: str) -> None:
        self._code = code
        self._open(self.tiles.text())
        self.changed.emit(code)
        if code:
            self.chosen.emit()

    def _open(self, tile: str) -> None:
        was_quiet, self._quiet = self._quiet, True
        for name, row in self.rows.items():
            row.setVisible(name == tile)
            row.set_text(self._code if name == tile else "")
        self._quiet = was_quiet
