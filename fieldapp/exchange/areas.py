"""Areas out of files of other programs: GeoJSON, and CSV of points. Read whole and within limits, or not at all.

A file is measured before it is parsed (bytes, depth of nesting); too many features or points refuse all of it.
Coordinates stay decimal text: nothing is rounded on the way but to nine digits.

CSV: a header line; one point on each line. Points stand in a column ``point`` (or ``position``), typed in any format
that positions are read in, or in ``lat`` and ``lon``. Lines with the same ``area`` (or ``name``, ``title``, ``task``)
are the points of one area in their order; without such a column the file is one area. Comma, semicolon or tab.

GeoPackage, KML and shapefile are not read here.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fieldapp.domain.decimals import decimal_text
from fieldapp.errors import OperatorError
from fieldapp.geodesy import coordinates
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.texts import N_

MOST_BYTES = 20_000_000
MOST_DEPTH = 32
MOST_FEATURES = 2_000
MOST_VERTICES = 200_000
MOST_VERTICES_OF_ONE = 20_000
MOST_PROPERTIES = 200
PLACES = 9
"""Digits after the point that are kept of a coordinate: a tenth of a millimetre."""

_STRINGS_AND_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_TITLES = ("area", "title", "name", "task", "id")
_POINTS = ("point", "position", "coordinates")
_WGS84 = ("crs84", "epsg:4326", "epsg::4326", "wgs84", "wgs 84")

Vertex = dict[str, str]
Parts = list[list[list[Vertex]]]


class Unreadable(Exception):
    """Why a file gives no areas: a catalogue message and its facts."""

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message, self.facts = message, facts


@dataclass(frozen=True)
class Area:
    """One area out of a file."""

    title: str
    parts: Parts
    """Parts, rings, vertices with ``lat``, ``lon``, ``role``, ``text`` and ``crs``, as a plot's outline has them."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Its other columns or members, those with a plain value, as text."""
    problem: str = ""
    """Why it cannot be used, a catalogue message; then ``parts`` is empty. Facts stand in ``facts``."""
    facts: Mapping[str, object] = field(default_factory=dict)


def read(name: str, data: bytes, frame: Frame = FRAME) -> list[Area]:
    """The areas of a file by its name's end. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(N_("it is larger than {size} MB."), size=MOST_BYTES // 1_000_000)
    if not data.strip():
        raise Unreadable(N_("it is empty."))
    end = name.lower().rpartition(".")[2]
    if end in ("geojson", "json"):
        return from_geojson(data)
    if end in ("csv", "txt"):
        return from_csv(data, frame)
    raise Unreadable(N_("only GeoJSON and CSV are read for now."))


def from_geojson(data: bytes) -> list[Area]:
    """Polygons and multipolygons of a GeoJSON text, in their order."""
    _measure(data)
    try:
        whole = json.loads(
            data.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError as error:
        raise Unreadable(N_("it is not UTF-8 text.")) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable(N_("it is not JSON, or a name stands twice in it.")) from error
    if not isinstance(whole, dict):
        raise Unreadable(N_("it holds no GeoJSON areas."))
    _only_wgs84(whole)
    features = _features(whole)
    if len(features) > MOST_FEATURES:
        raise Unreadable(N_("it holds more than {count} areas."), count=MOST_FEATURES)
    vertices, found = 0, []
    for at, one in enumerate(features, 1):
        area = _feature(one, at)
        vertices += sum(len(ring) for part in area.parts for ring in part)
        if vertices > MOST_VERTICES:
            raise Unreadable(N_("it holds more than {count} points."), count=MOST_VERTICES)
        found.append(area)
    if not found:
        raise Unreadable(N_("it holds no GeoJSON areas."))
    return found


def _measure(data: bytes) -> None:
    """How deep brackets nest outside of strings, before a parser recurses into them."""
    depth = 0
    for found in _STRINGS_AND_BRACKETS.finditer(data):
        if found[0] in (b"[", b"{"):
            depth += 1
            if depth > MOST_DEPTH:
                raise Unreadable(N_("it nests deeper than {depth} levels."), depth=MOST_DEPTH)
        elif found[0] in (b"]", b"}"):
            depth -= 1


def _no_number(word: str) -> None:
    raise ValueError(word)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _only_wgs84(whole: Mapping[str, Any]) -> None:
    """GeoJSON before 2016 could name another system; read as WGS 84 such areas would lie elsewhere."""
    named = whole.get("crs")
    if named is None:
        return
    text = json.dumps(named, default=str).lower()
    if not any(word in text for word in _WGS84):
        raise Unreadable(N_("it names another coordinate system than WGS 84."))


def _features(whole: Mapping[str, Any]) -> list[Any]:
    kind = whole.get("type")
    if kind == "FeatureCollection":
        features = whole.get("features")
        return features if isinstance(features, list) else []
    if kind == "Feature":
        return [whole]
    return [{"type": "Feature", "properties": {}, "geometry": whole}] if "coordinates" in whole else []


def _feature(one: Any, at: int) -> Area:
    members = one if isinstance(one, dict) else {}
    raw = members.get("properties")
    properties = _plain(raw if isinstance(raw, dict) else {})
    title = next((properties[name] for name in _TITLES if properties.get(name)), "") or str(at)
    shape = members.get("geometry")
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict):
        return Area(title, [], properties, N_("It has no area."))
    if kind not in ("Polygon", "MultiPolygon"):
        return Area(title, [], properties, N_("It is no area but {kind}."), {"kind": str(kind)[:40]})
    try:
        every = shape["coordinates"] if kind == "MultiPolygon" else [shape["coordinates"]]
        parts = [[_ring(ring) for ring in part] for part in every]
    except (KeyError, TypeError, ValueError, ArithmeticError, IndexError):
        return Area(title, [], properties, N_("Its coordinates are not longitude and latitude in degrees."))
    if sum(len(ring) for part in parts for ring in part) > MOST_VERTICES_OF_ONE:
        return Area(title, [], properties, N_("It has more than {count} points."), {"count": MOST_VERTICES_OF_ONE})
    return Area(title, parts, properties)


def _ring(ring: Any) -> list[Vertex]:
    """The vertices of a closed ring of [lon, lat]; the last one, equal to the first, is left out."""
    if not isinstance(ring, list):
        raise TypeError
    points = [(_degrees(vertex[1], 90), _degrees(vertex[0], 180)) for vertex in ring]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return [
        {"lat": lat, "lon": lon, "role": _role(at), "text": f"{lat} {lon}", "crs": "EPSG:4326"}
        for at, (lat, lon) in enumerate(points)
    ]


def _role(at: int) -> str:
    return "SP" if at == 0 else f"TP{at}"


def _degrees(value: Any, most: int) -> str:
    if not isinstance(value, Decimal) or abs(value) > most:
        raise ValueError
    return decimal_text(value, PLACES)


def _plain(members: Mapping[str, Any]) -> dict[str, str]:
    found = list(members.items())[:MOST_PROPERTIES]
    return {
        str(name)[:100].strip().lower(): text
        for name, value in found
        if isinstance(value, str | Decimal | bool) and (text := _as_text(value))
    }


def _as_text(value: object) -> str:
    return (str(value).lower() if isinstance(value, bool) else str(value)).strip()[:4000]


def from_csv(data: bytes, frame: Frame = FRAME) -> list[Area]:
    """Areas out of a table of points, in the order in which each begins."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(N_("it is not UTF-8 text.")) from error
    head = text.split("\n", 1)[0]
    separator = max((";", "\t", ","), key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Unreadable(N_("it is not a table of comma-separated values.")) from error
    names = [name.strip().lower() for name in rows[0]]
    columns = {name: at for at, name in reversed(list(enumerate(names)))}
    where = next((columns[name] for name in _POINTS if name in columns), None)
    pair = columns.get("lat", columns.get("latitude")), columns.get("lon", columns.get("longitude"))
    if where is None and None in pair:
        raise Unreadable(N_("it has neither a column “point” nor columns “lat” and “lon”."))
    if len(rows) - 1 > MOST_VERTICES:
        raise Unreadable(N_("it holds more than {count} points."), count=MOST_VERTICES)
    title = next((columns[name] for name in _TITLES if name in columns), None)
    grouped = _grouped(rows[1:], title)
    if len(grouped) > MOST_FEATURES:
        raise Unreadable(N_("it holds more than {count} areas."), count=MOST_FEATURES)
    if not grouped:
        raise Unreadable(N_("it holds no points."))
    columns_of = _Columns(tuple(names), where, pair, frame)
    return [_from_lines(name, lines, columns_of) for name, lines in grouped.items()]


_Line = tuple[int, list[str]]


def _grouped(rows: Iterable[list[str]], title: int | None) -> dict[str, list[_Line]]:
    found: dict[str, list[_Line]] = {}
    for number, row in enumerate(rows, 2):
        if any(cell.strip() for cell in row):
            name = row[title].strip() if title is not None and title < len(row) else ""
            found.setdefault(name, []).append((number, row))
    return found


@dataclass(frozen=True)
class _Columns:
    """The names of a table's columns, where its points stand, and what they are read in."""

    names: tuple[str, ...]
    where: int | None
    pair: tuple[int | None, int | None]
    frame: Frame

    def typed(self, row: list[str]) -> str:
        """The position in a row."""
        columns = self.pair if self.where is None else (self.where,)
        return " ".join(row[at].strip() for at in columns if at is not None and at < len(row))


def _from_lines(name: str, lines: list[_Line], columns: _Columns) -> Area:
    first = zip(columns.names, lines[0][1], strict=False)
    properties = {one: cell.strip()[:4000] for one, cell in first if one and cell.strip()}
    if len(lines) > MOST_VERTICES_OF_ONE:
        return Area(name, [], properties, N_("It has more than {count} points."), {"count": MOST_VERTICES_OF_ONE})
    ring: list[Vertex] = []
    for number, row in lines:
        typed = columns.typed(row)
        try:
            read_as = coordinates.parse(typed, columns.frame)
        except OperatorError:
            return Area(
                name, [], properties, N_("Line {line}: “{text}” is not a position."),
                {"line": number, "text": typed[:80]},
            )  # fmt: skip
        ring.append({
            "lat": decimal_text(read_as.lat, PLACES), "lon": decimal_text(read_as.lon, PLACES), "role": "",
            "text": typed, "crs": read_as.crs, **_operation(read_as),
        })  # fmt: skip
    if len(ring) > 1 and (ring[0]["lat"], ring[0]["lon"]) == (ring[-1]["lat"], ring[-1]["lon"]):
        ring.pop()
    return Area(name, [[[vertex | {"role": _role(at)} for at, vertex in enumerate(ring)]]], properties)


def _operation(read_as: coordinates.Understood) -> dict[str, str]:
    """The datum operation that a point went through, with its accuracy."""
    if not read_as.operation:
        return {}
    return {"operation": read_as.operation, "accuracy_m": decimal_text(read_as.accuracy_m, 1)}
