"""Symbols that lie on one another: the uppermost is the most dangerous, and a number says how many there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HEAP = 1.5
"""Symbols whose middles lie in one square of so many symbols' width hide one another."""
LEAST = 3
"""Two that lie on one another are both seen."""


def heaps(
    x: NDArray[np.float64], y: NDArray[np.float64], scale: float, symbol_px: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of symbols in their order of drawing (world coordinates, at a scale): of each heap the uppermost's place, and how
    many lie in it. The squares are fixed to the ground, so that numbers do not jump while the map moves.
    """  # fmt: skip
    squares = scale / (HEAP * symbol_px)
    cells = np.floor(y * squares).astype(np.int64) << 32 | np.floor(x * squares).astype(np.int64)
    _, first, counts = np.unique(cells[::-1], return_index=True, return_counts=True)
    many = counts >= LEAST
    return len(cells) - 1 - first[many], counts[many]
