"""``python -m tests.benchmarks.map``: a million finds and 20,000 plots, beside QGIS on the same data in the same run.

Run it off the screen on a quiet machine; it takes some eight minutes, and prints its tables as Markdown. QGIS is
measured when Debian's ``python3-qgis`` is installed, else the tables say that it is not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tests.benchmarks import map_opening
from tests.benchmarks.map_data_set import DataSet, data_set
from tests.benchmarks.map_drawing import OurMap, measured, print_moving, print_table
from tests.benchmarks.map_peer import Qgis, is_installed
from tests.benchmarks.map_tiles import write_tiles
from ui import theme


def report_drawing(data: DataSet, folder: Path) -> None:
    """The tables by zoom."""
    base_map = write_tiles(folder / "base.mbtiles")
    ours = OurMap(data, base_map)
    print(f"index and overviews of the finds: {ours.index_s:.2f} s CPU (to reach: 1 s)", flush=True)
    with Qgis(data, base_map, folder) if is_installed() else nullcontext() as qgis:
        print(f"QGIS {qgis.version}" if qgis else "QGIS is not installed here (python3-qgis): our part alone")
        styles = ["usual", "cheapest"] if qgis else []
        print_table("With the base map under both, ms:", measured(ours, qgis, based=True, styles=styles), styles)
        styles = styles[:1]
        print_table("Without a base map, ms:", measured(ours, qgis, based=False, styles=styles), styles)
    print_moving(ours)
    ours.base.close()


def main() -> None:
    """Run it and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.map", description=__doc__)
    parser.add_argument("--finds", type=int, default=1_000_000)
    parser.add_argument("--plots", type=int, default=20_000)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--part", choices=("drawing", "opening"), help="only this")
    chosen = parser.parse_args()
    if chosen.open:
        map_opening.open_and_draw(chosen.open)
        return
    data = data_set(chosen.finds, chosen.plots)
    parts: dict[str, Callable[[DataSet, Path], None]] = {"drawing": report_drawing, "opening": map_opening.report}
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
