"""QGIS beside us: Debian's, in a process of its own, on the same finds, plots and base map (see ``map_qgis``)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from tests.benchmarks.map_data_set import DataSet
from ui.map.grid import worlds_of
from ui.map.view import View

SYSTEM_PYTHON = "/usr/bin/python3"
_ROUND_M = 2 * 20_037_508.342789244
"""The equator in the metres of EPSG:3857."""


def is_installed() -> bool:
    """Is Debian's ``python3-qgis`` here?"""
    asked = subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    return not asked.returncode


class Qgis:
    """QGIS with the data opened. Leaving the ``with`` block ends its process."""

    def __init__(self, data: DataSet, base_map: Path, folder: Path) -> None:
        _write(data, folder)
        script = Path(__file__).with_name("map_qgis.py")
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(script), str(folder), str(base_map)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.version = self._line()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self._process.communicate()

    def ms(self, view: View, style: str, *, based: bool, picture: Path | None = None) -> float:
        """Milliseconds of a full redraw in a style of ``map_qgis``, with or without the base map."""
        box = view.box
        extent = [(box.west - 0.5) * _ROUND_M, (0.5 - box.south) * _ROUND_M, (box.east - 0.5) * _ROUND_M,
                  (0.5 - box.north) * _ROUND_M]  # fmt: skip
        asked = {"width": view.width, "height": view.height, "extent": extent, "style": style, "based": based,
                 "picture": str(picture or "")}  # fmt: skip
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"QGIS ended with {self._process.wait()}")
        return line.strip()


def _write(data: DataSet, folder: Path) -> None:
    x, y = worlds_of(data.lat, data.lon)
    columns = np.c_[(x - 0.5) * _ROUND_M, (0.5 - y) * _ROUND_M, data.shape]
    np.savetxt(folder / "finds.csv", columns, ("%.2f", "%.2f", "%d"), ";", header="x;y;look", comments="")
    lines = ["outline;look"]
    for n, (lats, lons) in enumerate(data.rings):
        x, y = worlds_of(np.array([*lats, lats[0]]), np.array([*lons, lons[0]]))
        corners = ", ".join(f"{(a - 0.5) * _ROUND_M:.3f} {(0.5 - b) * _ROUND_M:.3f}" for a, b in
                            zip(x.tolist(), y.tolist(), strict=True))  # fmt: skip
        lines.append(f"POLYGON (({corners}));{n % 6}")
    (folder / "plots.csv").write_text("\n".join(lines), encoding="utf-8")
