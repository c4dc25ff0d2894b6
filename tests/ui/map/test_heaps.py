"""Symbols that lie on one another are counted."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.ui.map.drawn import HIGH, LAT, LON, WIDE, picture
from ui.map.finds_layer import SYMBOL_PX, FindsLayer
from ui.map.grid import Grid, Points, worlds_of
from ui.map.heaps import HEAP, added_up, heaps

SCALE = 256 * 2.0**16


def test_symbols_that_hide_one_another_are_counted_by_the_uppermost() -> None:
    step = 1 / SCALE
    corner = 1000 * HEAP * SYMBOL_PX / SCALE
    x = np.array([corner + step, corner + 3 * step, corner + 100 * step, corner + 5 * step, corner + 101 * step])
    y = np.full(5, corner + step)
    tops, counts = heaps(x, y, SCALE, SYMBOL_PX)
    assert tops.tolist() == [3], "drawn last, so it lies on top; two that lie on one another are both seen"
    assert counts.tolist() == [3]


def test_where_nothing_is_there_is_no_heap() -> None:
    tops, counts = heaps(np.empty(0), np.empty(0), SCALE, SYMBOL_PX)
    assert not len(tops)
    assert not len(counts)


def test_ten_thousand_on_one_spot_are_one_number() -> None:
    tops, counts = heaps(np.full(10_000, 0.6), np.full(10_000, 0.4), SCALE, SYMBOL_PX)
    assert (tops.tolist(), counts.tolist()) == ([9_999], [10_000])


def test_numbers_that_would_stand_on_one_another_are_one() -> None:
    xs, ys = [100.0, 112.0, 160.0, 100.0], [50.0, 55.0, 50.0, 90.0]
    assert sorted(added_up(xs, ys, [14, 16, 3, 7])) == [(1, 30), (2, 3), (3, 7)]


def test_no_find_is_lost_where_many_numbers_meet() -> None:
    dice = np.random.default_rng(5)
    xs, ys = dice.uniform(0, 400, 300).tolist(), dice.uniform(0, 300, 300).tolist()
    counts = dice.integers(3, 5000, 300).tolist()
    made = added_up(xs, ys, counts)
    assert sum(count for _, count in made) == sum(counts)
    places = [place for place, _ in made]
    assert all(
        abs(xs[one] - xs[other]) >= 18 or abs(ys[one] - ys[other]) >= 20
        for one in places for other in places if one != other
    )


def test_the_number_stands_beside_the_symbols_that_lie_on_one_another(app: QApplication) -> None:
    def drawn(count: int) -> QImage:
        x, y = worlds_of(np.full(count, LAT), np.full(count, LON))
        none = np.zeros(count, np.uint8)
        layer = FindsLayer()
        layer.show_grid(Grid(Points(x, y, none, none, none > 0, np.arange(count))))
        return picture([layer]).copy(WIDE // 2 + 13, HIGH // 2 - 8, 40, 28)

    assert drawn(2) == drawn(1)
    assert drawn(3) != drawn(2)
    assert drawn(37) != drawn(3)
