"""The index over a million points: the same points as looking at each one, and no category hidden by another."""

from __future__ import annotations

import numpy as np
import pytest

from ui.map.grid import Grid, Points, worlds_of
from ui.map.view import Box, View, world_of


def scattered(count: int = 5_000, seed: int = 1) -> Points:
    dice = np.random.default_rng(seed)
    lat, lon = 39.5 + dice.random(count), 46.5 + dice.random(count)
    x, y = worlds_of(lat, lon)
    return Points(x, y, dice.integers(0, 14, count).astype(np.uint8), dice.integers(0, 6, count).astype(np.uint8),
                  dice.random(count) < 0.5, np.arange(count))  # fmt: skip


def test_columns_and_single_positions_give_the_same_world_coordinates() -> None:
    x, y = worlds_of(np.array([40.1, -12.0]), np.array([46.9, 179.9]))
    assert (x[0], y[0]) == pytest.approx(world_of(40.1, 46.9), abs=1e-15)
    assert (x[1], y[1]) == pytest.approx(world_of(-12.0, 179.9), abs=1e-15)


@pytest.mark.parametrize("zoom", [8.0, 11.5, 14.0, 17.0])
def test_a_box_holds_exactly_the_points_that_lie_in_it(zoom: float) -> None:
    points = scattered()
    grid = Grid(points)
    box = View.at(40.0, 47.0, zoom, 900, 700).box
    plain = {
        int(number) for number, x, y in zip(points.number, points.x, points.y, strict=True)
        if box.west <= x <= box.east and box.north <= y <= box.south
    }  # fmt: skip
    assert {int(grid.points.number[place]) for place in grid.inside(box)} == plain
    assert grid.at_most(box) >= len(plain)


@pytest.mark.parametrize("zoom", [-1, 3, 9, 11])
def test_an_overview_counts_every_point_once_and_shows_the_worst_that_is_still_there(zoom: int) -> None:
    grid = Grid(scattered())
    level = grid.overview(zoom)
    assert level.count.sum() == len(grid)
    ranks = np.where(grid.points.gone, -1, grid.points.rank.astype(int))
    for place in range(0, len(level.worst), max(1, len(level.worst) // 50)):
        near = Box(level.x[place] - 1e-12, level.y[place] - 1e-12, level.x[place] + 1e-12, level.y[place] + 1e-12)
        assert place in level.inside(near)
        same = _cell_mates(grid, level.x[place], level.y[place], zoom)
        assert len(same) == level.count[place]
        assert ranks[level.worst[place]] == ranks[same].max()


def _cell_mates(grid: Grid, x: float, y: float, zoom: int) -> np.ndarray:
    side = 64 * 2.0**zoom
    return np.flatnonzero(
        (np.floor(grid.points.x * side) == np.floor(x * side)) & (np.floor(grid.points.y * side) == np.floor(y * side))
    )


def test_the_nearest_of_a_box_come_first() -> None:
    grid = Grid(scattered())
    box = View.at(40.0, 47.0, 12, 400, 400).box
    places = grid.nearest(box)
    far = [np.hypot(grid.points.x[p] - (box.west + box.east) / 2, grid.points.y[p] - (box.north + box.south) / 2)
           for p in places]  # fmt: skip
    assert far == sorted(far)
    assert len(far) > 10


def test_nothing_to_show_is_no_error() -> None:
    grid = Grid(scattered(0)).build()
    assert len(grid.inside(Box(0, 0, 1, 1))) == 0
    assert grid.overview(9).count.sum() == 0


@pytest.mark.parametrize("zoom", [9, 11, 12, 14])
def test_the_cells_in_which_points_lie_are_gone_only_where_all_in_them_is(zoom: int) -> None:
    grid = Grid(scattered())
    box = View.at(40.0, 47.0, zoom, 900, 700).box
    side, row, column, gone = grid.cells(zoom, box)
    last = dict(zip(zip(row.tolist(), column.tolist(), strict=True), gone.tolist(), strict=True))
    inside = View.at(40.0, 47.0, zoom, 880, 680).box
    places = grid.inside(inside)
    assert len(places) > 5
    plain: dict[tuple[int, int], bool] = {}
    for place in places.tolist():
        key = int(grid.points.y[place] * side), int(grid.points.x[place] * side)
        plain[key] = plain.get(key, True) and bool(grid.points.gone[place])
    assert plain.items() <= last.items()
