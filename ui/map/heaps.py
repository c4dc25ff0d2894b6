"""Symbols that lie on one another: the uppermost is the most dangerous, and a number says how many there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

HEAP = 1.5
"""Symbols whose middles lie in one square of so many symbols' width hide one another."""
LEAST = 3
"""Two that lie on one another are both seen."""
DIGIT_PX, AROUND_PX, HIGH_PX = 10, 8, 20
"""Room of a number: so many pixels for each digit and around them, and so high."""
_WIDEST_PX = 7 * DIGIT_PX + AROUND_PX


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


def added_up(xs: Sequence[float], ys: Sequence[float], counts: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers that would stand on one another are one: places among ``xs`` and ``ys`` (pixels) and their sums.

    The later ones, which lie on top, keep theirs: "14" half under "16" would be read as another number.
    """
    sums: dict[int, int] = {}
    kept: dict[tuple[int, int], list[int]] = {}
    for place in range(len(xs) - 1, -1, -1):
        x, y, count = xs[place], ys[place], counts[place]
        column, row = int(x // _WIDEST_PX), int(y // HIGH_PX)
        cells = ((column + right, row + down) for down in (0, -1, 1) for right in (0, -1, 1))
        around = (at for cell in cells for at in kept.get(cell, ()))
        below = next((at for at in around if _touch(x - xs[at], y - ys[at], count, sums[at])), None)
        if below is None:
            sums[place] = count
            kept.setdefault((column, row), []).append(place)
        else:
            sums[below] += count
    return list(sums.items())


def _touch(right_px: float, down_px: float, count: int, other: int) -> bool:
    left_one = other if right_px > 0 else count
    return abs(down_px) < HIGH_PX and abs(right_px) < DIGIT_PX * len(str(left_one)) + AROUND_PX
