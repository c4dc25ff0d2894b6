"""``python -m tests.benchmarks.map``: a million finds and 20,000 plots, beside QGIS on the same data in the same run.

Run it off the screen on a quiet machine. The peer that is always there is the copy of a picture of the window's size;
QGIS is measured when Debian's ``python3-qgis`` is installed, else the table says that it is not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from fieldapp.domain import symbols
from fieldapp.domain.records.find import CATEGORY_SCALE
from fieldapp.operations import joining, map_data
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage.schema import create_indexes, drop_indexes
from fieldapp.texts import Texts
from tests.benchmarks.map_data_set import HEIGHT, MIDDLE, WIDTH, ZOOMS, DataSet, data_set
from ui import theme
from ui.map.canvas import MapCanvas
from ui.map.feed import points_of
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid, Points, worlds_of
from ui.map.shapes_layer import Ring, Shape, ShapesLayer
from ui.map.view import View

FRAMES = 60
EARTH_M = 20_037_508.342789244
SYSTEM_PYTHON = "/usr/bin/python3"
LOOKS = [symbols.of_plot(line, approved=n == 0) for n, line in enumerate(("cleared", "reduced", "cancelled", "bac",
                                                                         "follow_up_pending", ""))]  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """Milliseconds at one zoom."""

    zoom: int
    pan_wall: list[float]
    pan_cpu: list[float]
    whole: list[float]
    """A complete picture from nothing kept: every shape and symbol drawn."""
    blit: float


def canvas_of(data: DataSet) -> MapCanvas:
    """A map of all of it."""
    x, y = worlds_of(data.lat, data.lon)
    start = time.perf_counter()
    grid = Grid(Points(x, y, data.rank, data.shape, data.gone, np.arange(len(x))))
    indexed = time.perf_counter()
    grid.build()
    built = time.perf_counter()
    print(f"index {indexed - start:.2f} s, overviews {built - indexed:.2f} s (to reach: 1 s)", flush=True)
    finds = FindsLayer()
    finds.show_grid(grid)
    canvas = MapCanvas(Texts("en"))
    canvas.resize(WIDTH, HEIGHT)
    canvas.set_layers([plots_of(data), finds])
    return canvas


def plots_of(data: DataSet) -> ShapesLayer:
    """The plots as ground of six looks."""
    return ShapesLayer("plots", [
        Shape(f"plot/t7/{n}", f"P-{n}", (Ring.of(lats, lons),), LOOKS[n % 6])
        for n, (lats, lons) in enumerate(data.rings)
    ])  # fmt: skip


def drawn(canvas: MapCanvas, zoom: int) -> Drawn:
    """Pans of 8 px and complete pictures at one zoom."""
    wall, cpu, whole = [], [], []
    for _ in range(3):
        for layer in canvas.layers():
            forget(layer)
        canvas.show_view(View.at(*MIDDLE, zoom, WIDTH, HEIGHT))
        start = time.perf_counter()
        complete(canvas)
        whole.append((time.perf_counter() - start) * 1000)
    for _ in range(FRAMES):
        canvas.show_view(canvas.view.moved(8, 0))
        target = QPixmap(WIDTH, HEIGHT)
        start, busy = time.perf_counter(), time.thread_time()
        canvas.render(target)
        wall.append((time.perf_counter() - start) * 1000)
        cpu.append((time.thread_time() - busy) * 1000)
        QApplication.processEvents()
    return Drawn(zoom, wall, cpu, whole, blit_ms())


def forget(layer: object) -> None:
    """Let a layer keep nothing of what it has drawn."""
    if isinstance(layer, FindsLayer):
        layer.show_grid(layer.grid)
    elif isinstance(layer, ShapesLayer):
        layer.show_shapes(layer.shapes)


def complete(canvas: MapCanvas) -> None:
    """Draw a frame, all that is drawn beside it, and the frame that has it."""
    canvas.grab()
    for layer in canvas.layers():
        if isinstance(layer, FindsLayer | ShapesLayer):
            layer.finish()
    canvas.grab()


def blit_ms() -> float:
    """Median milliseconds of copying a picture of the window's size: what no frame can be faster than."""
    source, target, times = QPixmap(WIDTH, HEIGHT), QPixmap(WIDTH, HEIGHT), []
    source.fill()
    for _ in range(30):
        start = time.perf_counter()
        painter = QPainter(target)
        painter.drawPixmap(0, 0, source)
        painter.end()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def qgis_ms(data: DataSet, folder: Path) -> tuple[str, dict[int, float]]:
    """QGIS's version and its median milliseconds by zoom; nothing where it is not installed."""
    if subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        return "", {}
    np.savetxt(folder / "finds.csv", np.c_[data.lon, data.lat, data.shape], ("%.7f", "%.7f", "%d"), ";",
               header="lon;lat;look", comments="")  # fmt: skip
    lines = ["outline;look"]
    for n, (lats, lons) in enumerate(data.rings):
        corners = ", ".join(f"{lon:.7f} {lat:.7f}" for lat, lon in zip([*lats, lats[0]], [*lons, lons[0]], strict=True))
        lines.append(f"POLYGON (({corners}));{n % 6}")
    (folder / "plots.csv").write_text("\n".join(lines), encoding="utf-8")
    views = []
    for zoom in ZOOMS:
        box = View.at(*MIDDLE, zoom, WIDTH, HEIGHT).box
        west, south, east, north = ((edge - 0.5) * 2 * EARTH_M for edge in (box.west, 1 - box.south, box.east,
                                                                           1 - box.north))  # fmt: skip
        views.append({"zoom": zoom, "width": WIDTH, "height": HEIGHT, "extent": [west, south, east, north]})
    (folder / "views.json").write_text(json.dumps(views))
    script = Path(__file__).with_name("map_qgis.py")
    said = subprocess.run([SYSTEM_PYTHON, str(script), str(folder)], capture_output=True, text=True, check=True)
    answer = json.loads(said.stdout.strip().splitlines()[-1])
    return answer["version"], {int(zoom): statistics.median(times) for zoom, times in answer["ms"].items()}


def workspace_with(data: DataSet, folder: Path) -> None:
    """A laptop whose database holds the finds, packed for the map; rows alone, without a log behind them."""
    with joining.start_alone(folder, "Aysel", use_keyring=False) as ws:
        store = ws.store
        with store.transaction():
            drop_indexes(store.schema(), store.kinds["find"])
            rows = zip(data.lat.tolist(), data.lon.tolist(), data.rank.tolist(), strict=True)
            store.executemany(
                "INSERT INTO find (id, owner, stream, seq, heads, events, unsettled, retracted, category, quantity,"
                " unit, found_on, lat, lon) VALUES (?, 't7', 1, ?, x'', 1, 0, 0, ?, 1, 'piece', '2024-07-30', ?, ?)",
                ((f"{n:036d}", n, CATEGORY_SCALE[rank], lat, lon) for n, (lat, lon, rank) in enumerate(rows)),
            )
            create_indexes(store.schema(), store.kinds["find"])
        start, parts = time.perf_counter(), 1
        while parts:
            parts = map_data.prepare(ws)
        print(f"packing all finds once: {time.perf_counter() - start:.1f} s, in parts", flush=True)


def open_and_draw(folder: Path, plots: int) -> None:
    """Open a workspace and draw its first complete map; print the seconds and the memory taken as JSON.

    The memory is that of every zoom, with so many plots over the finds.
    """
    app = QApplication([])
    theme.apply(app, "sun")
    start = time.perf_counter()
    with open_workspace(folder) as ws:
        opened = time.perf_counter()
        grid = _grid(ws)
        layer = FindsLayer()
        layer.show_grid(grid)
        canvas = MapCanvas(Texts("en"))
        canvas.resize(WIDTH, HEIGHT)
        canvas.set_layers([layer])
        canvas.show_view(View.at(*MIDDLE, 9, WIDTH, HEIGHT))
        complete(canvas)
        end = time.perf_counter()
        canvas.set_layers([plots_of(data_set(0, plots)), layer])
        for zoom in ZOOMS:
            canvas.show_view(View.at(*MIDDLE, zoom, WIDTH, HEIGHT))
            complete(canvas)
    # ru_maxrss would say what the process had that started this one
    status = Path("/proc/self/status").read_text(encoding="ascii")
    most_mb = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"open": opened - start, "map": end - start, "memory_mb": most_mb, "points": len(grid)}))


def _grid(ws: Workspace) -> Grid:
    return Grid(points_of(map_data.find_points(ws))).build()


def report_drawing(data: DataSet, folder: Path) -> None:
    """The table by zoom."""
    canvas = canvas_of(data)
    version, qgis = qgis_ms(data, folder)
    print(f"QGIS {version}" if version else "QGIS is not installed here (python3-qgis): our part alone", flush=True)
    print("zoom  pan p50   p95  (CPU p95)  blit  complete  QGIS  times faster")
    for zoom in ZOOMS:
        one = drawn(canvas, zoom)
        p50, p95, busy = (_share(times, share) for times, share in
                          ((one.pan_wall, 0.5), (one.pan_wall, 0.95), (one.pan_cpu, 0.95)))  # fmt: skip
        whole = statistics.median(one.whole)
        peer = f"{qgis[zoom]:6.0f}  {qgis[zoom] / p50:4.0f} (complete: {qgis[zoom] / whole:.1f})" if qgis else ""
        print(f"{zoom:4}  {p50:7.1f}  {p95:4.1f}  {busy:9.1f}  {one.blit:4.2f}  {whole:8.0f}  {peer}", flush=True)


def _share(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def report_opening(data: DataSet, folder: Path) -> None:
    """Opening an existing workspace, in a process of its own."""
    workspace_with(data, folder / "laptop")
    command = [sys.executable, "-m", "tests.benchmarks.map", "--open", str(folder / "laptop"),
               "--plots", str(len(data.rings))]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(said.strip().splitlines()[-1])
    print(f"opening a workspace of {found['points']:,} finds to the first complete map: {found['map']:.2f} s"
          f" (to reach: 1 s), of it the database {found['open']:.2f} s; memory at its highest"
          f" {found['memory_mb']:.0f} MB (to reach: 300 MB)")  # fmt: skip


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.map", description=__doc__)
    parser.add_argument("--finds", type=int, default=1_000_000)
    parser.add_argument("--plots", type=int, default=20_000)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--part", choices=("drawing", "opening"), help="only this")
    chosen = parser.parse_args()
    if chosen.open:
        open_and_draw(chosen.open, chosen.plots)
        return
    data = data_set(chosen.finds, chosen.plots)
    parts: dict[str, Callable[[DataSet, Path], None]] = {"drawing": report_drawing, "opening": report_opening}
    app = QApplication.instance() or QApplication([])
    theme.apply(app, "sun")  # type: ignore[arg-type]
    for name, part in parts.items():
        if chosen.part in (None, name):
            folder = Path(tempfile.mkdtemp(prefix="fieldapp-map-"))
            try:
                part(data, folder)
            finally:
                shutil.rmtree(folder)


if __name__ == "__main__":
    main()
