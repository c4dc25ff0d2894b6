"""What is only needed to make a page, a shape or a position is not loaded to start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_starting_loads_no_report_or_geometry_library() -> None:
    look = "import sys, fieldapp.cli; print(sorted({'jinja2', 'shapely', 'pyproj', 'PySide6'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
