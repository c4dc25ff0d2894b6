"""District outlines: hints that a person confirms."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.geodesy.districts import WORK_AREA, District, WorkArea, district_hint, districts

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (39.9899, 46.8988, "AZ-AGM"),  # story 1: "Aghdam?"
        (39.6009, 47.1453, "AZ-FUZ"),
        (39.0856, 46.6525, "AZ-ZAN"),
        (40.3777, 49.8920, "AZ-BA"),
    ],
)
def test_a_position_suggests_its_district(lat: float, lon: float, code: str) -> None:
    assert district_hint(lat, lon) == code


@pytest.mark.parametrize(("lat", "lon"), [(46.8988, 39.9899), (0, 0), (40.0, 51.5), (41.72, 44.79)])
def test_a_position_outside_every_outline_suggests_nothing(lat: float, lon: float) -> None:
    assert district_hint(lat, lon) is None


def test_all_seventy_seven_outlines_are_shipped_inside_the_work_area() -> None:
    assert len(districts()) == 77
    assert len({district.code for district in districts()}) == 77
    for district in districts():
        assert WORK_AREA.holds(district.box.south, district.box.west)
        assert WORK_AREA.holds(district.box.north, district.box.east)


def test_the_work_area_never_holds_a_swapped_position() -> None:
    assert WORK_AREA.north < WORK_AREA.west


def test_a_hole_is_not_inside() -> None:
    shell = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0))
    hole = ((3.0, 3.0), (6.0, 3.0), (6.0, 6.0), (3.0, 6.0), (3.0, 3.0))
    district = District("XX", WorkArea(0, 0, 9, 9), (shell, hole))
    assert district.holds(1.0, 1.0)
    assert not district.holds(4.0, 4.0)
    assert district.holds(4.0, 7.0)


def test_a_hint_and_reading_decimal_degrees_load_no_heavy_library() -> None:
    script = (
        "import sys; from fieldapp.geodesy.coordinates import parse; from fieldapp.geodesy.districts import *;"
        "import fieldapp.geodesy.area; parse('39.9899 46.8988'); district_hint(39.9899, 46.8988);"
        "sys.exit(','.join({'pyproj', 'shapely', 'numpy'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
