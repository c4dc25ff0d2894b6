"""The computed card: what an outline measures, beside what was declared."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from fieldapp.operations.outlines import Measured
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.cards import Card
from ui.widgets.fields import NumberField
from ui.widgets.labels import PlainLabel, secondary

HECTARE_M2 = 10_000
HINTS = ("intermediate",)
"""Advice that most outlines deserve: it stands in small print here, and no banner calls for attention."""


class ComputedCard(Card):
    """The recorded geodesic area, large; hectares, perimeter, and the area of a grid as an extra that is named so.

    ``declared`` is the field of the declared area, ``apart`` shows the difference; both may be left out.
    """

    def __init__(self, texts: Texts, declared: NumberField | None = None) -> None:
        super().__init__()
        self._texts = texts
        row = QHBoxLayout()
        row.setSpacing(16)
        area = QVBoxLayout()
        area.setSpacing(0)
        self.area = PlainLabel("", theme.FIGURE, theme.SEMIBOLD, wrap=True)
        self.hectares = secondary("")
        area.addWidget(self.area)
        area.addWidget(self.hectares)
        row.addLayout(area, 1)
        self.apart = PlainLabel("", theme.POSITION, theme.SEMIBOLD)
        if declared is not None:
            declared.setFixedWidth(150)
            row.addWidget(declared)
            against = QVBoxLayout()
            against.setSpacing(0)
            against.addWidget(self.apart)
            against.addWidget(secondary(texts(N_("against declared"))))
            row.addLayout(against)
        self.body.addLayout(row)
        self.extra = secondary("")
        self.body.addWidget(self.extra)

    def show_measured(self, measured: Measured | None, points: int) -> None:
        """Show it; ``points`` tells whether three are there."""
        texts = self._texts
        area_m2 = measured.area_m2 if measured else None
        if measured is None or area_m2 is None:
            self.area.setText(texts(N_("No area yet")))
            self.hectares.setText(texts(N_("Three points enclose ground.")) if points < 3 else "")
        else:
            self.area.setText(texts(N_("{value} m²"), value=texts.number(area_m2)))
            self.hectares.setText(
                texts(N_("{hectares} ha, computed on the ellipsoid"), hectares=texts.number(area_m2 / HECTARE_M2, 3))
            )
        extra = [self._extra(measured)] if measured is not None and points > 1 else []
        extra += [one.sentence(texts) for one in measured.advice if one.code in HINTS] if measured else []
        self.extra.setText("\n".join(extra))
        self.extra.setVisible(bool(self.extra.text()))

    def _extra(self, measured: Measured) -> str:
        texts = self._texts
        perimeter = texts.number(measured.perimeter_m, 1)
        if measured.grid_m2 is None:
            return texts(N_("Perimeter {metres} m"), metres=perimeter)
        return texts(
            N_("Perimeter {metres} m. A map program in the grid {crs} shows {grid} m²."), metres=perimeter,
            crs=measured.grid_crs, grid=texts.number(measured.grid_m2, 1),
        )  # fmt: skip
