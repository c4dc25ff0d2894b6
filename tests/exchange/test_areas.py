"""Areas out of GeoJSON and CSV: within limits, by the standard's axis order, and nothing mended."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fieldapp.exchange import areas
from fieldapp.exchange.areas import Unreadable

RING = [[46.98, 40.02], [46.981406, 40.02], [46.981406, 40.02072], [46.98, 40.02072], [46.98, 40.02]]


def feature(ring: Any = RING, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def test_geojson_gives_latitude_and_longitude_with_the_digits_that_stand_there() -> None:
    (area,) = areas.read("north.geojson", collection(feature(name="North field", depth_required=20)))
    assert area.title == "North field"
    assert area.properties["depth_required"] == "20"
    ((ring,),) = area.parts
    assert [(v["lat"], v["lon"]) for v in ring][:2] == [("40.02", "46.98"), ("40.02", "46.981406")]
    assert len(ring) == 4
    assert [v["role"] for v in ring] == ["SP", "TP1", "TP2", "TP3"]


def test_parts_and_holes_stay_what_they_are() -> None:
    shape = {"type": "MultiPolygon", "coordinates": [[RING, RING], [RING]]}
    (area,) = areas.read("x.json", collection({"type": "Feature", "properties": None, "geometry": shape}))
    assert [len(part) for part in area.parts] == [2, 1]


@pytest.mark.parametrize(
    ("shape", "word"),
    [
        ({"type": "Point", "coordinates": [46.9, 40.0]}, "no area"),
        (None, "no area"),
        ({"type": "Polygon", "coordinates": [[["46.9", "40"]]]}, "degrees"),
        ({"type": "Polygon", "coordinates": [[[46.9, 140.0]] * 4]}, "degrees"),
        ({"type": "Polygon", "coordinates": [[[662106, 4428361]] * 4]}, "degrees"),
        ({"type": "Polygon", "coordinates": 7}, "degrees"),
    ],
)
def test_a_feature_that_is_no_area_is_named_and_the_others_are_read(shape: object, word: str) -> None:
    bad = {"type": "Feature", "properties": {"name": "bad"}, "geometry": shape}
    first, second = areas.read("x.geojson", collection(bad, feature()))
    assert word in first.problem
    assert first.title == "bad"
    assert second.problem == ""


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 40, "nests"),
        (b'{"type": "FeatureCollection", "features": []}', "no GeoJSON"),
        (b'{"type": "Feature", "type": "Feature"}', "twice"),
        (b'{"type": "Polygon", "coordinates": [[[NaN, 1]]]}', "not JSON"),
        (collection(feature(), crs={"properties": {"name": "EPSG:28408"}}), "coordinate system"),
        (collection(*[feature()] * (areas.MOST_FEATURES + 1)), "areas"),
        (b" " * (areas.MOST_BYTES + 1), "larger"),
    ],
    ids=["empty", "cut", "binary", "deep", "none", "double", "nan", "other-crs", "many", "large"],
)
def test_a_file_that_cannot_be_read_whole_gives_nothing(data: bytes, word: str) -> None:
    with pytest.raises(Unreadable) as refused:
        areas.read("x.geojson", data)
    assert word in refused.value.message


def test_brackets_in_texts_are_no_nesting() -> None:
    assert areas.read("x.geojson", collection(feature(name='"[' * 60)))[0].title.count("[") == 60


def test_a_table_of_points_gives_one_area_for_each_name_in_any_format() -> None:
    table = (
        "\ufeffarea;point;depth_required\n"
        "North;40.02 46.98;20\nSouth;38N 662106 4428361;13\nNorth;40.02 46.981406;\nNorth;40.02072 46.981406;\n\n"
        "North;40.02 46.98;\n"
    )
    north, south = areas.read("areas.csv", table.encode())
    assert (north.title, len(north.parts[0][0]), north.properties["depth_required"]) == ("North", 3, "20")
    assert south.parts[0][0][0]["crs"] == "EPSG:32638"
    assert south.parts[0][0][0]["text"] == "38N 662106 4428361"


def test_a_table_may_have_latitude_and_longitude_in_two_columns_and_no_name() -> None:
    (area,) = areas.read("a.csv", b"lon,lat\n46.98,40.02\n46.99,40.02\n46.99,40.03\n")
    first = area.parts[0][0][0]
    assert (first["lat"], first["lon"]) == ("40.02", "46.98")


def test_a_point_that_cannot_be_read_is_named_with_its_line() -> None:
    (area,) = areas.read("a.csv", b"point\n40.02 46.98\nby the old oak\n")
    assert area.parts == []
    assert area.facts == {"line": 3, "text": "by the old oak"}


@pytest.mark.parametrize(
    ("name", "data"), [("a.csv", b"what,where\n1,2\n"), ("a.csv", b"point\n"), ("a.kml", b"<kml/>"), ("a.gpkg", b"x")],
)
def test_tables_without_points_and_other_formats_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(Unreadable):
        areas.read(name, data)
