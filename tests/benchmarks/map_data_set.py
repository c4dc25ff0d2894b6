"""The same million finds and 20,000 plots for every map that is measured: clusters and a fifth spread evenly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1280, 800
ZOOMS = range(9, 18)
MIDDLE = (40.0, 47.0)
LEAST = (39.3, 46.3)
SPAN_DEG = 1.4

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DataSet:
    """Finds as columns; plots as rings of latitudes and longitudes."""

    lat: Floats
    lon: Floats
    rank: NDArray[np.uint8]
    shape: NDArray[np.uint8]
    gone: NDArray[np.bool_]
    rings: list[tuple[list[float], list[float]]]


def data_set(finds: int, plots: int) -> DataSet:
    """Always the same for the same sizes."""
    dice = np.random.default_rng(1)
    middles = dice.uniform(0, SPAN_DEG, (400, 2))
    cluster = dice.integers(0, 400, finds)
    lat = LEAST[0] + middles[cluster, 0] + dice.normal(0, 0.01, finds)
    lon = LEAST[1] + middles[cluster, 1] + dice.normal(0, 0.01, finds)
    even = dice.random(finds) < 0.2
    lat[even] = LEAST[0] + dice.random(int(even.sum())) * SPAN_DEG
    lon[even] = LEAST[1] + dice.random(int(even.sum())) * SPAN_DEG
    rings = [_ring(dice) for _ in range(plots)]
    return DataSet(lat, lon, dice.integers(0, 14, finds).astype(np.uint8), dice.integers(0, 6, finds).astype(np.uint8),
                   dice.random(finds) < 0.6, rings)  # fmt: skip


def _ring(dice: np.random.Generator) -> tuple[list[float], list[float]]:
    lat, lon = (least + dice.random() * SPAN_DEG for least in LEAST)
    reach = 0.0005 + dice.random() * 0.002
    turns = np.sort(dice.random(8)) * 2 * math.pi
    return (lat + reach * np.sin(turns) * 0.8).tolist(), (lon + reach * np.cos(turns)).tolist()
