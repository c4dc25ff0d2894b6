"""Opening an existing workspace to its first complete map: the finds, the ground and the districts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from fieldapp.domain.records.find import CATEGORY_SCALE
from fieldapp.operations import joining, lookup, map_data
from fieldapp.operations.workspace import open_workspace
from fieldapp.storage.database import Store
from fieldapp.storage.schema import create_indexes, drop_indexes
from fieldapp.texts import Texts
from tests.benchmarks.map_data_set import HEIGHT, MIDDLE, WIDTH, ZOOMS, DataSet
from ui import theme
from ui.map.canvas import MapCanvas
from ui.map.feed import points_of
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid
from ui.map.grounds import GroundLayers, GroundReader
from ui.map.view import View

_ROUNDS = 3


def report(data: DataSet, folder: Path) -> None:
    """Make the workspace, and open it some times, each in a process of its own."""
    workspace_with(data, folder / "laptop")
    command = [sys.executable, "-m", "tests.benchmarks.map", "--open", str(folder / "laptop")]
    first, *rounds = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1])
        for _ in range(_ROUNDS + 1)
    ]
    print(f"opened first after ground changed: {first['wall']:.1f} s, of it {first['ground']:.1f} s to work"
          f" the ground out and keep it, {first['memory_mb']:.0f} MB")  # fmt: skip
    print("\n| opening a workspace to the first complete map | least | most | to reach |\n|---|---|---|---|")
    for name, words, goal in (("wall", "s wall", "1"), ("cpu", "s CPU", ""), ("database", "of it: database, s", ""),
                              ("finds", "of it: finds, s", ""), ("ground", "of it: ground, s", ""),
                              ("picture", "of it: the picture, s", ""),
                              ("memory_mb", "memory at its highest, MB", "300")):  # fmt: skip
        times = [one[name] for one in rounds]
        digits = 0 if name == "memory_mb" else 2
        print(f"| {words} | {min(times):.{digits}f} | {max(times):.{digits}f} | {goal} |", flush=True)


def workspace_with(data: DataSet, folder: Path) -> None:
    """A laptop whose database holds it all, packed for the map; rows alone, without a log behind them.

    Every second plot is approved.
    """
    with joining.start_alone(folder, "Aysel", use_keyring=False) as ws:
        store = ws.store
        with store.transaction():
            for kind in ("find", "plot", "decision"):
                drop_indexes(store.schema(), store.kinds[kind])
            rows = zip(data.lat.tolist(), data.lon.tolist(), data.rank.tolist(), strict=True)
            store.executemany(
                "INSERT INTO find (id, owner, stream, seq, heads, events, unsettled, retracted, category, quantity,"
                " unit, found_on, lat, lon) VALUES (?, 't7', 1, ?, x'', 1, 0, 0, ?, 1, 'piece', '2024-07-30', ?, ?)",
                ((f"{n:036d}", n, CATEGORY_SCALE[rank], lat, lon) for n, (lat, lon, rank) in enumerate(rows)),
            )
            _add_plots(store, data)
            heads = lookup.heads_of(ws, [f"plot/t7/{n:036d}" for n in range(0, len(data.rings), 2)])
            store.executemany(
                "INSERT INTO decision (id, owner, stream, seq, heads, events, unsettled, retracted, judged, seen,"
                " verdict) VALUES (?, 'hq', 2, ?, x'', 1, 0, 0, ?, ?, 'approved')",
                ((f"{n:036d}", n, name, json.dumps(seen)) for n, (name, seen) in enumerate(heads.items())),
            )
            for kind in ("find", "plot", "decision"):
                create_indexes(store.schema(), store.kinds[kind])
        start, parts = time.perf_counter(), 1
        while parts:
            parts = map_data.prepare(ws)
        print(f"\npacking all finds for the map, once, in parts: {time.perf_counter() - start:.1f} s", flush=True)


def _add_plots(store: Store, data: DataSet) -> None:
    rows = []
    for n, (lats, lons) in enumerate(data.rings):
        outline = [[[{"lat": f"{lat:.9f}", "lon": f"{lon:.9f}"} for lat, lon in zip(lats, lons, strict=True)]]]
        release = ("cleared", "reduced", "cancelled")[n % 3]
        rows.append((f"{n:036d}", n, n.to_bytes(32, "big"), f"P-{n}", release, json.dumps(outline)))
    store.executemany(
        "INSERT INTO plot (id, owner, stream, seq, heads, events, unsettled, retracted, local_id, release, depth_cm,"
        " area_m2, perimeter_m, outline, method, completed_on)"
        " VALUES (?, 't7', 1, ?, ?, 1, 0, 0, ?, ?, 20, 9000, 400, ?, 'manual', '2024-07-30')", rows,
    )  # fmt: skip


def open_and_draw(folder: Path) -> None:
    """Open a workspace and draw its first complete map; print the seconds and the memory taken as JSON.

    The memory is that of every zoom.
    """
    app = QApplication([])
    theme.apply(app, "sun")
    texts, target = Texts("en"), QPixmap(WIDTH, HEIGHT)
    busy, marks = time.process_time(), [time.perf_counter()]
    with open_workspace(folder) as ws:
        marks.append(time.perf_counter())
        columns = map_data.find_points(ws)  # kept, as the window keeps them for its filters
        grid = Grid(points_of(columns)).build()
        marks.append(time.perf_counter())
        prepared = GroundReader(texts).read(ws)
        marks.append(time.perf_counter())
        finds, grounds = FindsLayer(), GroundLayers(texts)
        finds.show_grid(grid)
        grounds.show(prepared)
        canvas = MapCanvas(texts)
        canvas.resize(WIDTH, HEIGHT)
        canvas.set_layers([*grounds.under_finds, finds, *grounds.over_finds])
        for zoom in ZOOMS:
            canvas.show_view(View.at(*MIDDLE, zoom, WIDTH, HEIGHT))
            canvas.render(target)
            finds.finish()
            for layer in (*grounds.under_finds, *grounds.over_finds):
                layer.finish()
            canvas.render(target)
            if zoom == ZOOMS[0]:
                marks.append(time.perf_counter())
                cpu_s = time.process_time() - busy
    # ru_maxrss would say what the process had that started this one
    status = Path("/proc/self/status").read_text(encoding="ascii")
    most_mb = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    spans = [end - start for start, end in pairwise(marks)]
    drawn = sum(len(layer.shapes) for layer in grounds.shapes.values())
    print(json.dumps(dict(zip(("database", "finds", "ground", "picture"), spans, strict=True))
                     | {"wall": marks[-1] - marks[0], "cpu": cpu_s, "memory_mb": most_mb, "points": len(columns),
                        "shapes": drawn}))  # fmt: skip
