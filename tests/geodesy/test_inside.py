"""All ground that an outline may mean: sound, crossing, without width, and tangles that would take for ever."""

from __future__ import annotations

import random
import time

import pytest
import shapely

from fieldapp.geodesy.inside import any_ground, holds

HOLE = [(47.002, 40.002), (47.004, 40.002), (47.004, 40.004)]


def ring(count: int, seed: int) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    return [(47 + chance.random() * 0.01, 40 + chance.random() * 0.01) for _ in range(count)]


@pytest.mark.parametrize("count", [4, 5, 7, 12, 30])
@pytest.mark.parametrize("with_hole", [False, True])
def test_a_crossing_outline_is_read_both_ways_and_either_is_ground(count: int, with_hole: bool) -> None:
    for seed in range(8):
        part = [ring(count, seed), *([HOLE] if with_hole else [])]
        plain = shapely.Polygon(part[0], part[1:])
        by_turns = shapely.make_valid(plain, method="structure", keep_collapsed=False)
        expected = shapely.union(shapely.make_valid(plain), by_turns)
        found = any_ground([part])
        assert found is not None
        assert shapely.symmetric_difference(found, expected).area <= 1e-9 * expected.area


def test_both_loops_of_a_bow_tie_are_ground_and_its_outside_is_not() -> None:
    ground = any_ground([[[(47.0, 40.0), (47.01, 40.01), (47.01, 40.0), (47.0, 40.01)]]])
    assert holds(ground, 40.005, 47.001)
    assert holds(ground, 40.005, 47.009)
    assert not holds(ground, 40.001, 47.005)


def test_of_an_outline_without_width_and_of_a_spike_the_line_is_left() -> None:
    flat = any_ground([[[(47.0, 40.0), (47.01, 40.0), (47.02, 40.0)]]])
    assert holds(flat, 40.0, 47.015)
    spiked = any_ground([[[(47.0, 40.0), (47.01, 40.0), (47.03, 40.0), (47.01, 40.0), (47.01, 40.01)]]])
    assert holds(spiked, 40.0, 47.02)
    assert not holds(spiked, 40.005, 47.02)


@pytest.mark.parametrize("count", [500, 20_000])
def test_a_tangle_is_taken_for_all_of_its_ground_and_soon(count: int) -> None:
    began = time.process_time()
    found = any_ground([[tangle := ring(count, 1)]])
    assert time.process_time() - began < 5, "it would take minutes to find every loop"
    assert found is not None
    assert all(holds(found, lat, lon) for lon, lat in tangle[:50])
