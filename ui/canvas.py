"""One canvas for all laptops: 1366 x 768 logical px at 118 dpi, scaled by the screen's physical resolution."""

from __future__ import annotations

REFERENCE_DPI = 118.0
CANVAS_PX = (1366, 768)
SMALLEST_PX = (1280, 760)
"""Least room in logical px: pages need 1252 x 759."""
_STEP = 0.1
_LEAST, _MOST = 0.8, 4.0
"""Factors outside these come from a wrong size in the screen's own data."""


def scale_factor(width_px: int, height_px: int, dpi: float) -> float:
    """Device px per logical px for a screen of ``width_px`` x ``height_px`` device px at ``dpi`` physical dpi.

    DPI / 118 in steps of 0.1, rounded down until at least 1280 x 760 logical px fit. A screen of 768 lines or fewer
    keeps at least 0.8; its pages scroll.
    """
    steps = round(min(max(dpi / REFERENCE_DPI, _LEAST), _MOST) / _STEP)
    while steps > round(_LEAST / _STEP) and not _fits(width_px, height_px, steps * _STEP):
        steps -= 1
    return round(steps * _STEP, 1)


def _fits(width_px: int, height_px: int, factor: float) -> bool:
    return width_px / factor >= SMALLEST_PX[0] and height_px / factor >= SMALLEST_PX[1]
