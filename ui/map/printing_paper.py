"""Sheets of paper and scales. A sheet is laid out in pixels of its own: five to the millimetre, whatever prints them.

So symbols, lines and letters have the same size on paper at any resolution: a find 3.6 mm, small text 8.5 points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtGui import QPageSize

from fieldapp.texts import N_
from ui.map.view import TILE_PX, View

PX_PER_MM = 5
PX_PER_INCH = 25.4 * PX_PER_MM
MARGIN_PX = 8 * PX_PER_MM
"""What printers cannot reach, and a little more."""
SCALES = (1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000)
RESOLUTIONS = (150, 200, 300)
"""Dots per inch of pictures."""
MOST_PIXELS = 26_000_000
"""Of a picture: A3 at 300 dots per inch has 17 million. Four bytes each; printing stays under 300 MB."""


@dataclass(frozen=True)
class Paper:
    """A size of paper, upright, in millimetres."""

    code: str
    word: str
    wide_mm: float
    high_mm: float
    page: QPageSize.PageSizeId


PAPERS = {
    paper.code: paper
    for paper in (
        Paper("a4", "A4", 210, 297, QPageSize.PageSizeId.A4), Paper("a3", "A3", 297, 420, QPageSize.PageSizeId.A3),
        Paper("a2", "A2", 420, 594, QPageSize.PageSizeId.A2), Paper("a1", "A1", 594, 841, QPageSize.PageSizeId.A1),
        Paper("letter", N_("Letter"), 215.9, 279.4, QPageSize.PageSizeId.Letter),
    )
}  # fmt: skip


def size_px(paper: Paper, *, landscape: bool) -> tuple[int, int]:
    """Width and height of a sheet in its own pixels."""
    wide, high = round(paper.wide_mm * PX_PER_MM), round(paper.high_mm * PX_PER_MM)
    return (high, wide) if landscape else (wide, high)


def picture_dpi(paper: Paper, wanted_dpi: int) -> int:
    """The resolution of a picture of a sheet: what was asked for, or what is left of it on very large paper."""
    inches = paper.wide_mm * paper.high_mm / 25.4**2
    return min(wanted_dpi, math.floor(math.sqrt(MOST_PIXELS / inches)))


def metres_per_px(scale: float) -> float:
    """Ground metres of a pixel of the sheet at 1:``scale``."""
    return scale / (1000 * PX_PER_MM)


def view_at(scale: float, screen: View, width: int, height: int) -> View:
    """The view of a map frame that has 1:``scale`` in its middle, which is the screen's."""
    made = View(screen.x, screen.y, screen.zoom, width, height)
    zoom = math.log2(made.metres_per_px() * made.scale / metres_per_px(scale) / TILE_PX)
    return View(screen.x, screen.y, zoom, width, height)


def scale_of_screen(screen: View, width: int, height: int) -> int:
    """The scale at which a map frame shows all that the screen shows, with two digits, rounded up: 1:14,000."""
    shown = max(screen.width / width, screen.height / height)
    exact = screen.metres_per_px() * shown * 1000 * PX_PER_MM
    unit = int(10.0 ** max(math.floor(math.log10(exact)) - 1, 0))
    return math.ceil(exact / unit - 1e-9) * unit
