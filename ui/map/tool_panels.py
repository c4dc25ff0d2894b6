"""Panels of the map's side: what is measured, and which layers are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.map.layer import Layer
from ui.map.measuring import MeasuringTool
from ui.widgets.buttons import Button
from ui.widgets.cards import Facts, clear
from ui.widgets.labels import secondary

LAYERS = {
    "districts": N_("Districts"), "sha": N_("Suspected hazardous areas"), "cha": N_("Confirmed hazardous areas"),
    "captured": N_("Captured records"), "released": N_("Released ground"), "plots": N_("Plots in work"),
    "tasks": N_("Tasks"), "finds": N_("Finds"), "accidents": N_("Accidents"),
    "spots": N_("Areas without an outline"), "own": N_("Own position"),
    "drafts": N_("Drafts"),
}  # fmt: skip
"""What layers are called, by their codes."""


class MeasuringPanel(QWidget):
    """What the tool measured, in words."""

    def __init__(self, texts: Texts, tool: MeasuringTool) -> None:
        super().__init__()
        self._tool = tool
        self.facts = Facts()
        self.back = Button(texts(N_("Take the last point back")), "undo-2")
        self.back.clicked.connect(tool.take_back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(secondary(texts(N_("Press on the map to set points. Esc ends."))))
        column.addWidget(self.facts)
        column.addWidget(self.back)
        tool.measured.connect(self.show_result)
        self.show_result()

    def show_result(self) -> None:
        """Say what is measured now."""
        self.facts.set_facts(self._tool.words() if len(self._tool.points) else [])
        self.back.setEnabled(bool(self._tool.points))


class LayersPanel(QWidget):
    """A button for each layer, pressed while it is drawn. ``changed()`` follows."""

    changed = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(14)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        whole.addLayout(self._rows)
        self._whole = whole
        self.buttons: dict[str, Button] = {}

    def offer(self, layers: Sequence[Layer], words: Mapping[str, str]) -> None:
        """Offer these layers under these words (by code); layers without one are not switched."""
        clear(self._rows)
        self.buttons = {}
        for layer in reversed(layers):
            if layer.code in words and layer.code not in self.buttons:
                self.buttons[layer.code] = self._button(layer.code, words[layer.code], layers)
        self._rows.addWidget(secondary(self._texts(N_("Filled: drawn. What is switched off is still there."))))

    def add_below(self, more: QWidget) -> None:
        """Put more about layers below them."""
        self._whole.addWidget(more)

    def _button(self, code: str, word: str, layers: Sequence[Layer]) -> Button:
        same = [layer for layer in layers if layer.code == code]
        button = Button(word, "layers")
        button.setCheckable(True)
        button.setMinimumSize(theme.TARGET, theme.TARGET)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # long words wrap
        button.setChecked(all(layer.visible for layer in same))

        def switch(drawn: bool) -> None:
            for layer in same:
                layer.visible = drawn
            self.changed.emit()

        button.toggled.connect(switch)
        self._rows.addWidget(button)
        return button
