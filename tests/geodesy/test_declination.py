"""The three norths, against the published tables and the notes' control values."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.declination import (
    Declination,
    ModelExpired,
    convergence_deg,
    decimal_year,
    declination,
    declination_in,
)
from fieldapp.geodesy.districts import WORK_AREA
from fieldapp.geodesy.frame import CustomSystem, DatumOperation, Frame
from fieldapp.geodesy.grids import GRIDS, GridUnknown, grid_crs
from fieldapp.texts import LANGUAGES, Texts

AGHDAM = Position(39.9911, 46.9300)
ZANGILAN = Position(39.0856, 46.6525)
BAKU = Position(40.3777, 49.8920)


@pytest.mark.parametrize(
    ("lat", "lon", "year", "deg"),
    [(80, 0, 2025.0, 1.28), (0, 120, 2025.0, -0.16), (-80, 240, 2025.0, 68.78), (80, 0, 2027.5, 2.59)],
)
def test_declination_agrees_with_the_test_values_of_the_world_magnetic_model(
    lat: float, lon: float, year: float, deg: float
) -> None:
    assert declination_in(Position(lat, lon), year).deg == pytest.approx(deg, abs=0.005)


@pytest.mark.parametrize(
    ("at", "year", "deg", "tolerance"),
    [(AGHDAM, 2025.0, 6.41, 0.005), (AGHDAM, 2026.9, 6.44, 0.005), (AGHDAM, 2029.9, 6.48, 0.005),
     (ZANGILAN, 2026.9, 6.17, 0.01), (BAKU, 2026.9, 6.52, 0.01), (AGHDAM, 1993.5, 4.65, 0.005)],
)  # fmt: skip
def test_declination_has_the_control_values_of_the_notes(
    at: Position, year: float, deg: float, tolerance: float
) -> None:
    assert declination_in(at, year).deg == pytest.approx(deg, abs=tolerance)


@pytest.mark.parametrize(
    ("year", "model"),
    [(1965.0, "IGRF-14"), (2009.99, "IGRF-14"), (2010.0, "WMM2010"), (2016.0, "WMM2015v2"), (2024.9, "WMM2020"),
     (2025.0, "WMM2025"), (2030.0, "WMM2025")],
)  # fmt: skip
def test_each_year_has_its_model(year: float, model: str) -> None:
    assert declination_in(AGHDAM, year).model == model


def test_models_hand_over_within_their_doubt() -> None:
    """WMM2020 foresaw 0.14 degrees too much for the end of 2024; tables of measured years meet."""
    for year in (1970, 1975, 1980, 1985, 1990, 1995, 2000, 2005, 2010, 2015, 2020, 2025):
        before, after = declination_in(AGHDAM, year - 0.001), declination_in(AGHDAM, float(year))
        assert before.deg == pytest.approx(after.deg, abs=0.15 if year == 2025 else 0.06), year


def test_the_model_says_how_sure_it_is() -> None:
    assert declination_in(AGHDAM, 2026.9).uncertainty_deg == pytest.approx(0.34, abs=0.005)
    assert declination_in(AGHDAM, 1993.0).uncertainty_deg == 0.5


def test_altitude_is_taken_in_metres() -> None:
    low, high = declination_in(AGHDAM, 2026.9, 0), declination_in(AGHDAM, 2026.9, 3000)
    assert 0 < abs(low.deg - high.deg) < 0.01


@pytest.mark.parametrize("year", [1964.9, 2030.01, 1899.0, 9999.0, float("nan")])
def test_no_year_gets_a_model_that_does_not_cover_it(year: float) -> None:
    with pytest.raises((ModelExpired, ValueError)):
        declination_in(AGHDAM, year)


def test_an_expired_model_says_so_in_every_language() -> None:
    with pytest.raises(ModelExpired) as expired:
        declination(AGHDAM, dt.date(2030, 6, 1))
    assert "covers 1965 to 2029, and the date is in 2030" in str(expired.value)
    assert len({expired.value.sentence(Texts(language)) for language in LANGUAGES}) == 3


def test_a_day_is_a_decimal_year() -> None:
    assert decimal_year(dt.date(2025, 1, 1)) == 2025.0
    assert decimal_year(dt.date(2024, 12, 31)) == pytest.approx(2025, abs=0.003)
    assert declination(AGHDAM, dt.date(2026, 11, 22)).year == pytest.approx(2026.89, abs=0.01)


def test_threads_do_not_disturb_one_another() -> None:
    """The model works in lists of its own; a wrong angle here would be wrong ground."""
    places = [Position(38 + at * 0.1, 45 + at * 0.1) for at in range(20)]
    expected = [declination_in(place, 2026.5) for place in places]
    found: dict[int, list[Declination]] = {}
    threads = [
        threading.Thread(target=lambda at=at: found.update({at: [declination_in(p, 2026.5) for p in places]}))
        for at in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[at] == expected for at in range(4))


@pytest.mark.parametrize(
    ("crs", "deg"), [("EPSG:32638", 1.241), ("EPSG:28408", 1.241), ("EPSG:32639", -2.618), ("EPSG:2532", -0.688)]
)
def test_grid_north_at_aghdam(crs: str, deg: float) -> None:
    assert convergence_deg(AGHDAM, crs) == pytest.approx(deg, abs=0.001)


@pytest.mark.parametrize(
    ("system", "at", "crs"),
    [
        ("utm", AGHDAM, "EPSG:32638"), ("", BAKU, "EPSG:32639"), ("utm", Position(-1, 47), "EPSG:32738"),
        ("sk42-gk", AGHDAM, "EPSG:28408"), ("sk42-gk", BAKU, "EPSG:28409"), ("sk42-gk3", AGHDAM, "EPSG:2532"),
        ("sk42-gk3", Position(39.9, 46.4), "EPSG:2531"), ("ck63", AGHDAM, "EPSG:2937"), ("ck63", BAKU, "EPSG:2938"),
        ("EPSG:32639", AGHDAM, "EPSG:32639"),
    ],
)  # fmt: skip
def test_a_grid_is_taken_in_the_zone_of_the_place(system: str, at: Position, crs: str) -> None:
    assert grid_crs(system, at) == crs


def test_near_the_edge_of_a_zone_the_sheet_decides_whose_north_it_is() -> None:
    edge = Position(39.5, 48.0005)
    assert grid_crs("sk42-gk", edge) == "EPSG:28409"
    assert grid_crs("sk42-gk", edge, typed_crs="EPSG:28408") == "EPSG:28408"
    assert grid_crs("utm", edge, typed_crs="EPSG:32638") == "EPSG:32638"
    assert grid_crs("ck63", edge, typed_crs="EPSG:28408") == "EPSG:2937"


@pytest.mark.parametrize(
    ("system", "at"),
    [("no such", AGHDAM), ("EPSG:4326", AGHDAM), ("EPSG:99999", AGHDAM), ("ck63", Position(40, 10)),
     ("sk42-gk", Position(40, -10)), ("+proj=utm", AGHDAM)],
)  # fmt: skip
def test_what_is_no_grid_has_no_north(system: str, at: Position) -> None:
    with pytest.raises(GridUnknown):
        grid_crs(system, at)


def test_a_grid_of_the_programme_has_a_north_too() -> None:
    operation = DatumOperation("EPSG:15865", 4.5, "16")
    frame = Frame(WORK_AREA, operation, (CustomSystem("local1", "Local", "EPSG:2498", operation),))
    assert convergence_deg(AGHDAM, grid_crs("local1", AGHDAM, frame)) == pytest.approx(1.241, abs=0.001)
    assert set(GRIDS) == {"utm", "sk42-gk", "sk42-gk3", "ck63"}
