"""Finds and plots as CSV and GeoJSON, read back by other readers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.records.find import FIND
from fieldapp.domain.records.plot import PLOT
from fieldapp.exchange.flat import (
    finds_csv,
    guarded,
    plots_geojson,
    records_csv,
    records_geojson,
    unguarded,
)
from fieldapp.storage.listing import select
from tests.builders import a_find, a_plot, alone

EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''+2")


def row(kind: Any, **fields: object) -> dict[str, Any]:
    """A record as storage lists it, empty where ``fields`` say nothing."""
    base = {"owner": "t7", "id": "1", "at": "2024-07-29T06:00:00Z", "by": "Aysel"}
    return base | dict.fromkeys(kind.by_name) | fields


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def outline(*rings: str) -> list[list[dict[str, str]]]:
    pairs = [[pair.split() for pair in ring.split(", ")] for ring in rings]
    return [[{"lat": lat, "lon": lon, "text": f"{lat} {lon}"} for lat, lon in ring] for ring in pairs]


SHELL = "40.02 46.98, 40.02 46.981406, 40.02072 46.981406, 40.02072 46.98"
HOLE = "40.0203 46.9803, 40.0203 46.9806, 40.0206 46.9806, 40.0206 46.9803"


def test_a_saved_find_comes_out_with_its_numbers_and_its_text_as_typed(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop", "Əli Ülvi") as laptop:
        find = a_find(laptop, quantity=2, remarks='two, "side by side"\nПМН-2')
        data = finds_csv(select(laptop.store, "find"), "az")
    assert data.startswith(b"\xef\xbb\xbf")
    (line,) = read(data)
    assert line["record"] == find.name
    assert (line["lat"], line["lon"], line["typed_text"]) == ("39.9899", "46.8988", "39.9899 46.8988")
    assert (line["category"], line["category_name"], line["quantity"]) == ("ap_mine", "Piyada əleyhinə mina", "2")
    assert (line["by"], line["remarks"]) == ("Əli Ülvi", 'two, "side by side"\nПМН-2')
    assert line["local_id"] == find.fields["local_id"]


def test_columns_follow_the_declaration() -> None:
    columns = list(read(finds_csv([row(FIND)]))[0])
    assert [c for c in columns if c in FIND.by_name] == [field.name for field in FIND.export_columns()]
    plain = finds_csv([], names=True).decode("utf-8-sig").splitlines()[0]
    assert "Found on" in plain
    assert finds_csv([], "ru", names=True).decode("utf-8-sig").count("Широта") == 1


def test_hashtags_stand_in_the_second_row_when_asked_for() -> None:
    head, tags = list(csv.reader(io.StringIO(finds_csv([], hxl=True).decode("utf-8-sig"))))
    by_column = dict(zip(head, tags, strict=True))
    assert (by_column["lat"], by_column["lon"], by_column["place"]) == ("#geo+lat", "#geo+lon", "#adm1+code")
    assert all(tag.startswith("#") for tag in tags)


@pytest.mark.parametrize("text", EVIL)
def test_no_text_cell_becomes_a_formula(text: str) -> None:
    data = finds_csv([row(FIND, remarks=text, model_text=text, category=text) | {"by": text, "owner": text}])
    for cell in next(iter(csv.reader(io.StringIO(data.decode("utf-8-sig").split("\n", 1)[1], newline="")))):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(read(data)[0]["remarks"]) == text


@given(st.text())
def test_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_numbers_stay_numbers() -> None:
    (line,) = read(finds_csv([row(FIND, lat=-39.5, lon=46.1000001, quantity=12.5, depth_cm=5, anti_lift=1)]))
    assert (line["lat"], line["lon"], line["quantity"]) == ("-39.5", "46.1000001", "12.5")
    assert (line["depth_cm"], line["anti_lift"], line["accuracy_m"]) == ("5", "true", "")


def test_a_saved_plot_is_the_same_ground_in_wkt_and_geojson(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        a_plot(laptop)
        rows = select(laptop.store, "plot")
        (line,) = read(records_csv(PLOT, rows))
        (feature,) = json.loads(plots_geojson(rows))["features"]
    from_wkt, from_json = shapely.from_wkt(line["outline"]), shapely.geometry.shape(feature["geometry"])
    assert from_wkt.equals(from_json)
    assert from_json.bounds == (46.98, 40.02, 46.981406, 40.02072)
    assert line["area_m2"] == "9595.7"
    assert feature["properties"]["area_m2"] == 9595.7
    assert [point["role"] for point in feature["properties"]["turning_points"]] == ["SP", "TP1", "TP2", "TP3"]


@pytest.mark.parametrize("backwards", [False, True])
def test_shells_run_counter_clockwise_and_holes_clockwise(backwards: bool) -> None:
    shell, hole = outline(SHELL, HOLE)
    part = [shell[::-1] if backwards else shell, hole[::-1] if backwards else hole]
    (feature,) = json.loads(plots_geojson([row(PLOT, outline=json.dumps([part]))]))["features"]
    polygon = shapely.geometry.shape(feature["geometry"])
    assert polygon.is_valid
    assert polygon.exterior.is_ccw
    assert not polygon.interiors[0].is_ccw
    assert feature["geometry"]["coordinates"][0][0] == feature["geometry"]["coordinates"][0][-1]


def test_several_parts_are_one_multipolygon() -> None:
    stored = json.dumps([outline(SHELL), outline(SHELL.replace("46.98", "46.99"))])
    (line,) = read(records_csv(PLOT, [row(PLOT, outline=stored)]))
    (feature,) = json.loads(plots_geojson([row(PLOT, outline=stored)]))["features"]
    assert line["outline"].startswith("MULTIPOLYGON (((46.980000000 40.020000000")
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert shapely.from_wkt(line["outline"]).equals(shapely.geometry.shape(feature["geometry"]))


@pytest.mark.parametrize("stored", [None, "[]", '{"new": 1}', "[[[]]]", '[[[{"lat": "x", "lon": "1"}]]]', "7", '"x"'])
def test_an_outline_that_is_none_has_no_shape_and_breaks_nothing(stored: str | None) -> None:
    (line,) = read(records_csv(PLOT, [row(PLOT, outline=stored)]))
    (feature,) = json.loads(plots_geojson([row(PLOT, outline=stored)]))["features"]
    assert (line["outline"], feature["geometry"]) == ("", None)


def test_a_find_without_a_position_has_no_geometry() -> None:
    features = json.loads(records_geojson(FIND, [row(FIND), row(FIND, lat=39.5, lon=46.9, quantity=2.0)]))["features"]
    assert [feature["geometry"] for feature in features] == [None, {"type": "Point", "coordinates": [46.9, 39.5]}]
    assert features[1]["properties"]["quantity"] == 2
    assert features[0]["id"] == "find/t7/1"
