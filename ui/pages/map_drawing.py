"""Drawing joined to the map page: its panel on the card, its buttons in the foot bar, its draft offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from fieldapp.texts import N_
from ui.map.drawing import Drawing

if TYPE_CHECKING:
    from ui.pages.map import MapPage


class DrawingHere(QObject):
    """Connects ``drawing`` to ``page``. ``kept`` is the sentence of its foot bar."""

    def __init__(self, page: MapPage, drawing: Drawing) -> None:
        super().__init__(page)
        self._page, self._drawing = page, drawing
        self.kept = ""
        self._begun = False
        drawing.asked.connect(self._show)
        drawing.rested.connect(self._ended)
        drawing.found.connect(self._offer)
        drawing.given.connect(page.go)
        drawing.kept.connect(self._say_kept)
        page.side.card.shown.connect(self._other_shown)

    def step(self, forward: bool) -> bool:
        """Tab goes from corner to corner while something is drawn, else from symbol to symbol."""
        tool = self._drawing.tool
        return self._page.choosing.step(forward) if tool is None else tool.step(forward)

    def _show(self, panel: QWidget) -> None:
        self._begun = True
        self._page.show_panel(panel, self._page.texts(N_("Draw")), self._drawing.tool)
        self._say_kept("")
        self._page.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self) -> None:
        """A drawing was found: said where nothing else is asked for."""
        if not self._page.choosing.record:
            self._page.show_nothing()

    def _ended(self) -> None:
        self._page.put_away()
        self._say_kept("")

    def _other_shown(self) -> None:
        """A card stands in place of the panel: drawing rests."""
        page, drawing = self._page, self._drawing
        if drawing.active and page.side.card.content is not drawing.panel:
            if page.canvas.tool() is drawing.tool:
                page.canvas.set_tool(None)
            drawing.let_go()
        if self._begun and not drawing.active:
            self._begun = False
            page.over.drawing.setChecked(False)
            self._say_kept("")

    def _say_kept(self, sentence: str) -> None:
        self.kept = sentence
        self._page.frame_changed.emit()
