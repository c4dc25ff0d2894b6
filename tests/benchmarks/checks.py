"""``python -m tests.benchmarks.checks``: clearance checks of one record among many, and of all plots at once.

The records are put straight into the state tables: what is measured does not depend on how they came.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fieldapp.ids import SystemEntropy
from fieldapp.operations import checks, checks_of_plots, headquarters, missed
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import schema, space
from tests.benchmarks.figure import Figure, cpu

SOUTH, WEST = 39.5, 46.5
CROWDED_DEG = 0.375
"""All finds lie in a box of so many degrees: a million are 709 in a cell of 0.01 degrees (spikes/schema.md)."""
WIDE_DEG = 1.0
"""Plots lie in a wider one: a million square metres in ten are covered, some of them twice."""
ASKED = 1_000
MODELS = (("ap_mine", "pmn-2"), ("at_mine", "tm-62m"), ("projectile", None), ("submunition", "9n235"))


def square(dice: random.Random, wide_deg: float = WIDE_DEG) -> list[tuple[float, float]]:
    """A plot of four to eight points, 20 to 300 metres across: (lat, lon)."""
    lat, lon = SOUTH + dice.random() * wide_deg, WEST + dice.random() * wide_deg
    high, wide = dice.uniform(20, 300) / 111_000, dice.uniform(20, 300) / 85_000
    corners = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]
    if dice.random() < 0.5:
        corners = [(0.0, 0.0), (-0.2, 0.5), (0.0, 1.0), (0.5, 1.2), (1.0, 1.0), (1.2, 0.5), (1.0, 0.0), (0.5, -0.2)]
    return [(round(lat + a * high, 7), round(lon + o * wide, 7)) for a, o in corners]


def outline_of(points: list[tuple[float, float]]) -> list[Any]:
    """The points as a record has them."""
    return [[[{"crs": "EPSG:4326", "lat": f"{lat}", "lon": f"{lon}", "role": f"TP{at}", "text": f"{lat} {lon}"}
              for at, (lat, lon) in enumerate(points)]]]


def finds(count: int) -> Iterator[dict[str, object]]:
    """Finds of four models, crowded."""
    dice = random.Random("finds")
    for n in range(count):
        category, model = dice.choice(MODELS)
        yield {
            "local_id": f"B-{n:07d}", "category": category, "model": model, "quantity": 1.0, "unit": "piece",
            "lat": round(SOUTH + dice.random() * CROWDED_DEG, 7), "lon": round(WEST + dice.random() * CROWDED_DEG, 7),
            "depth_cm": dice.randrange(40), "found_on": f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}",
        }  # fmt: skip


def plots(count: int) -> Iterator[dict[str, object]]:
    """Cleared plots, scattered."""
    dice = random.Random("plots")
    for n in range(count):
        outline = json.dumps(outline_of(square(dice)), separators=(",", ":"), sort_keys=True)
        yield {
            "local_id": f"P-{n:06d}", "release": "cleared", "depth_cm": 20, "outline": outline, "method": "manual",
            "completed_on": f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}",
        }  # fmt: skip


def fill(ws: Workspace, kind: str, rows: Iterator[dict[str, object]]) -> None:
    """Put rows into the table of a kind, with all its indexes."""
    store = ws.store
    rows, first = itertools.tee(rows)
    columns = list(next(first, {}))
    names = ", ".join(f'"{one}"' for one in columns)
    sql = (
        f'INSERT INTO "{kind}" (id, owner, stream, seq, heads, events, unsettled, retracted, {names})'
        f" VALUES (?, 't7', 1, ?, zeroblob(32), 1, 0, 0, {', '.join('?' * len(columns))})"
    )
    with store.transaction():
        schema.drop_indexes(store.schema(), store.kinds[kind])
        store.executemany(sql, ((f"{kind}-{n}", n, *row.values()) for n, row in enumerate(rows, 1)))
        schema.create_indexes(store.schema(), store.kinds[kind])
        space.keep_up(store, {kind: 1}, ())


def percentiles(work: Callable[[int], object], count: int = ASKED) -> tuple[float, float, float]:
    """95th percentile of CPU, of wall, and median wall, in milliseconds, of so many calls."""
    wall, busy = [], []
    for number in range(count):
        begun, begun_cpu = time.perf_counter(), time.thread_time()
        work(number)
        busy.append((time.thread_time() - begun_cpu) * 1000)
        wall.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(busy, n=20)[-1], statistics.quantiles(wall, n=20)[-1], statistics.median(wall)


def one_record(ws: Workspace, name: str) -> Iterator[Figure]:
    """Each check of one record alone, then all of them as a form asks."""
    dice = random.Random("asked")
    places = [(SOUTH + dice.random() * CROWDED_DEG, WEST + dice.random() * CROWDED_DEG) for _ in range(ASKED)]
    fields = [{"category": "ap_mine", "model": "pmn-2", "quantity": "1", "unit": "piece", "depth_cm": 5,
               "lat": str(lat), "lon": str(lon)} for lat, lon in places]
    drawn = [outline_of(square(dice, CROWDED_DEG)) for _ in range(ASKED)]
    about = {"release": "cleared", "method": "manual", "depth_cm": 20}
    works: dict[str, Callable[[int], object]] = {
        "near-duplicate": lambda at: checks.near_duplicates(ws, fields[at], places[at]),
        "inside released ground": lambda at: missed.at_entry(ws, *places[at], 5),
        "whole check of a find": lambda at: checks.of_find(ws, fields[at]),
        "whole check of a plot, with overlaps": lambda at: checks.of_plot(ws, drawn[at], about),
    }
    for what, work in works.items():
        percentiles(work, 20)
        p95, p95_wall, median = percentiles(work)
        yield Figure(f"{what}, p95", p95, 3, f"ms CPU; wall {p95_wall:.2f}, median {median:.2f}; {name}")


def bare(outlines: list[str]) -> None:
    """What shapely and pyproj alone take for the same plots: validity, areas, perimeters, legs, overlaps in m2."""
    import shapely
    from pyproj import Geod

    ellipsoid = Geod(ellps="WGS84")
    rings = [[(float(v["lon"]), float(v["lat"])) for v in json.loads(one)[0][0]] for one in outlines]
    shapes = shapely.polygons([shapely.linearrings(ring) for ring in rings])
    assert shapely.is_valid(shapes).all()
    for shape in shapes:
        ellipsoid.geometry_area_perimeter(shape)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    for common in shapely.intersection(shapes[first[once]], shapes[second[once]]):
        if common.area > 0:
            ellipsoid.geometry_area_perimeter(shapely.orient_polygons(common))
    for one, other in zip(first[once], second[once], strict=True):
        ellipsoid.geometry_area_perimeter(shapely.orient_polygons(shapes[one].difference(shapes[other])))


def batch(ws: Workspace, name: str) -> Iterator[Figure]:
    """All plots at once against the bare libraries on the same outlines, before and after."""
    outlines = [text for (text,) in ws.store.rows("SELECT outline FROM plot ORDER BY n")]
    bare(outlines[:100])
    before = cpu(lambda: bare(outlines))
    found: list[Any] = []
    taken = cpu(lambda: found.extend(checks_of_plots.of_plots(ws)))
    unit = (before + cpu(lambda: bare(outlines))) / 2
    yield Figure(f"check of {name} at once", taken / unit, 3, f"bare shapely and pyproj, CPU; {len(found):,} findings")


def main() -> None:
    """Run the benchmarks and print their table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.checks", description=__doc__)
    parser.add_argument("--finds", type=int, default=20_000)
    parser.add_argument("--plots", type=int, default=2_000)
    parser.add_argument("--batch", type=int, default=2_000, help="plots that are checked all at once")
    parser.add_argument("--big", action="store_true", help="1,000,000 finds, 100,000 plots, 20,000 at once")
    chosen = parser.parse_args()
    many_finds, many_plots, at_once = (
        (1_000_000, 100_000, 20_000) if chosen.big else (chosen.finds, chosen.plots, chosen.batch)
    )
    for sizes in ((many_finds, many_plots), (0, at_once)):
        with tempfile.TemporaryDirectory(prefix="fieldapp-benchmark-") as folder:
            ws = headquarters.set_up(Path(folder) / "hq", "Benchmark", Path(folder) / "escrow.txt", use_keyring=False,
                                     entropy=SystemEntropy())
            with ws:
                ws.store.execute(
                    "INSERT OR IGNORE INTO stream (n, id, device, audience, own, closed, tip_seq)"
                    " VALUES (1, 'bench.a', 'bench', 'hq', 0, 0, 0)"
                )
                fill(ws, "plot", plots(sizes[1]))
                if sizes[0]:
                    fill(ws, "find", finds(sizes[0]))
                    figures = one_record(ws, f"{sizes[0]:,} finds and {sizes[1]:,} plots")
                else:
                    figures = batch(ws, f"{sizes[1]:,} plots")
                for figure in figures:
                    print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
