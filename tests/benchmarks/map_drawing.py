"""Frames of the map by zoom beside QGIS's full redraws, in turns: ours, QGIS, ours, QGIS."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from fieldapp.domain import symbols
from fieldapp.exchange.tiles import open_tiles
from fieldapp.texts import Texts
from tests.benchmarks.map_data_set import HEIGHT, MIDDLE, WIDTH, ZOOMS, DataSet
from tests.benchmarks.map_peer import Qgis
from ui import theme
from ui.map.canvas import MapCanvas
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid, Points, worlds_of
from ui.map.shapes_layer import Ring, Shape, ShapesLayer
from ui.map.tiles_layer import TilesLayer
from ui.map.view import View

ROUNDS, FRAMES = 3, 12
"""Frames of a round; all of them make the percentiles."""
LOOKS = [symbols.of_plot(line, approved=n == 0) for n, line in enumerate(("cleared", "reduced", "cancelled", "bac",
                                                                         "follow_up_pending", ""))]  # fmt: skip


@dataclass
class Times:
    """Milliseconds, one for each frame or redraw."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def share(self, share: float, *, cpu: bool = False) -> float:
        """That percentile of them."""
        times = sorted(self.cpu if cpu else self.wall)
        return times[min(int(len(times) * share), len(times) - 1)]


@dataclass
class Zoom:
    """What was measured at a zoom, and by round how many times faster than QGIS."""

    pan: Times = field(default_factory=Times)
    whole: Times = field(default_factory=Times)
    qgis: dict[str, list[float]] = field(default_factory=dict)
    pan_ratio: dict[str, list[float]] = field(default_factory=dict)
    whole_ratio: dict[str, list[float]] = field(default_factory=dict)


class OurMap:
    """The window's canvas with the base map, the plots and the finds."""

    def __init__(self, data: DataSet, base_map: Path) -> None:
        x, y = worlds_of(data.lat, data.lon)
        start = time.thread_time()
        grid = Grid(Points(x, y, data.rank, data.shape, data.gone, np.arange(len(x)))).build()
        self.index_s = time.thread_time() - start
        self.finds, self.plots = FindsLayer(), ShapesLayer("plots", plots_of(data))
        self.finds.show_grid(grid)
        self.base = TilesLayer("base", open_tiles(base_map), title="benchmark")
        self.canvas = MapCanvas(Texts("en"))
        self.canvas.resize(WIDTH, HEIGHT)
        self.canvas.set_layers([self.base, self.plots, self.finds])
        self._target = QPixmap(WIDTH, HEIGHT)

    def look(self, zoom: float, *, based: bool = True) -> None:
        """Go to the middle at a zoom and wait until the picture is complete."""
        self.base.visible = based
        self.canvas.show_view(View.at(*MIDDLE, zoom, WIDTH, HEIGHT))
        self.settle()

    def settle(self) -> None:
        """Wait for the picture to be complete."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            self.canvas.render(self._target)
            QApplication.processEvents()
            self.plots.finish()
            self.finds.finish()
            if not self.base.visible or self.base.is_ready(self.canvas.view):
                return
        raise TimeoutError("the base map does not come")

    def frame(self, times: Times) -> None:
        """Draw a frame of the window."""
        start, busy = time.perf_counter(), time.thread_time()
        self.canvas.render(self._target, QPoint())
        times.wall.append((time.perf_counter() - start) * 1000)
        times.cpu.append((time.thread_time() - busy) * 1000)

    def pan(self, times: Times, frames: int = FRAMES, step: float = 8.0) -> None:
        """Frames after a pan each; what is drawn beside them is drawn, as it is while somebody moves the map."""
        for _ in range(frames):
            self.canvas.show_view(self.canvas.view.moved(step, 0))
            self.frame(times)
            QApplication.processEvents()

    def whole(self, times: Times) -> None:
        """The complete picture with no picture kept: every shape, dot, symbol and label drawn."""
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        start, busy = time.perf_counter(), time.thread_time()
        painter = QPainter(image)
        self.canvas.draw(painter, self.canvas.view, theme.current())
        painter.end()
        times.wall.append((time.perf_counter() - start) * 1000)
        times.cpu.append((time.thread_time() - busy) * 1000)


def plots_of(data: DataSet) -> list[Shape]:
    """The plots as ground of six looks."""
    return [
        Shape(f"plot/t7/{n}", f"P-{n}", (Ring.of(lats, lons),), LOOKS[n % 6])
        for n, (lats, lons) in enumerate(data.rings)
    ]


def measured(ours: OurMap, qgis: Qgis | None, *, based: bool, styles: Sequence[str]) -> dict[int, Zoom]:
    """Every zoom: rounds of our frames and QGIS's redraws in turns."""
    found = {}
    for zoom in ZOOMS:
        one = found[zoom] = Zoom()
        ours.look(zoom, based=based)
        view = ours.canvas.view
        if qgis is not None:
            qgis.ms(view, styles[0], based=based)  # its caches are warm before it is measured
        for _ in range(ROUNDS):
            pan, whole = Times(), Times()
            ours.look(zoom, based=based)
            ours.pan(pan)
            ours.whole(whole)
            ours.whole(whole)
            one.pan.wall += pan.wall
            one.pan.cpu += pan.cpu
            one.whole.wall += whole.wall
            one.whole.cpu += whole.cpu
            for style in styles if qgis is not None else ():
                ms = qgis.ms(view, style, based=based) if qgis is not None else 0.0
                one.qgis.setdefault(style, []).append(ms)
                one.pan_ratio.setdefault(style, []).append(ms / statistics.median(pan.wall))
                one.whole_ratio.setdefault(style, []).append(ms / statistics.median(whole.wall))
    return found


def print_table(title: str, found: dict[int, Zoom], styles: Sequence[str]) -> None:
    """The table as Markdown."""
    print(f"\n{title}\n")
    columns = ["zoom", "pan p50", "p95", "p95 CPU", "complete"]
    for style in styles:
        columns += [f"QGIS {style}", "pan: times faster", "complete: times faster"]
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for zoom, one in found.items():
        cells = [str(zoom), *(f"{ms:.1f}" for ms in (one.pan.share(0.5), one.pan.share(0.95),
                                                     one.pan.share(0.95, cpu=True), one.whole.share(0.5)))]  # fmt: skip
        for style in styles:
            cells += [f"{statistics.median(one.qgis[style]):.0f}", _from_to(one.pan_ratio[style]),
                      _from_to(one.whole_ratio[style])]  # fmt: skip
        print("| " + " | ".join(cells) + " |", flush=True)


def _from_to(ratios: Sequence[float]) -> str:
    least, most = min(ratios), max(ratios)
    return f"{least:.0f}-{most:.0f}" if least >= 10 else f"{least:.1f}-{most:.1f}"


def print_moving(ours: OurMap) -> None:
    """Frames while the map is moved fast over new ground, zoomed, and over outlines of very many corners."""
    swept, zoomed = Times(), Times()
    for zoom in ZOOMS:
        ours.look(zoom)
        ours.pan(swept, frames=15, step=-160.0)
    ours.look(ZOOMS[0])
    for _ in range(len(ZOOMS) * 10 - 10):
        ours.canvas.zoom_by(0.1)
        ours.frame(zoomed)
        QApplication.processEvents()
    print("\n| moved quickly | p50 | p95 | p95 CPU | most CPU |\n|---|---|---|---|---|")
    rows = {"160 px a frame over ground not drawn yet, z9 to z17": swept, "zoom 9 to 17 in steps of 0.1": zoomed}
    for name, shape in odd_shapes().items():
        odd = ShapesLayer("odd", [shape])
        ours.canvas.set_layers([ours.base, ours.plots, odd, ours.finds])
        rows[name] = times = Times()
        for zoom in ZOOMS:
            ours.look(zoom)
            odd.finish()
            ours.pan(times, frames=6, step=40.0)
    ours.canvas.set_layers([ours.base, ours.plots, ours.finds])
    for name, times in rows.items():
        print(f"| {name} | {times.share(0.5):.1f} | {times.share(0.95):.1f} | {times.share(0.95, cpu=True):.1f} |"
              f" {times.share(1, cpu=True):.1f} |", flush=True)  # fmt: skip


def odd_shapes() -> dict[str, Shape]:
    """Outlines of 100,000 corners: a true one, and one that is a tangle."""
    dice = np.random.default_rng(9)
    turn = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    far = 0.05 * (1 + 0.02 * np.sin(turn * 700))
    wavy = Ring.of((MIDDLE[0] + far * np.sin(turn) * 0.77).tolist(), (MIDDLE[1] + far * np.cos(turn)).tolist())
    tangle = Ring.of((MIDDLE[0] + (dice.random(100_000) - 0.5) * 0.1).tolist(),
                     (MIDDLE[1] + (dice.random(100_000) - 0.5) * 0.1).tolist())  # fmt: skip
    return {"a plot of 100,000 vertices": Shape("plot/t7/w", "P-W", (wavy,), LOOKS[1]),
            "100,000 random corners": Shape("plot/t7/r", "P-R", (tangle,), LOOKS[1])}  # fmt: skip
