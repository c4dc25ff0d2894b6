"""Records as CSV and GeoJSON, with the columns that their declarations export.

CSV is UTF-8 with a byte order mark (Excel), WGS 84 latitude and longitude beside the text as typed, outlines as WKT,
numbers without separators. A text cell that a spreadsheet would take for a formula gets an apostrophe in front
(``unguarded`` takes it off); numbers never do. Each code has a column with its name in a language beside it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fieldapp.domain.decimals import decimal_text
from fieldapp.domain.kinds import Field, FieldType, Kind
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.domain.records.find import FIND
from fieldapp.domain.records.plot import PLOT
from fieldapp.exchange import outlines

Row = Mapping[str, Any]
"""A record as storage lists it: ``owner``, ``id``, ``at``, ``by`` and the declared fields as columns hold them."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"
_HXL = {
    "record": "#meta+id", "owner": "#org+team", "at": "#date+entered", "found_on": "#date+found",
    "completed_on": "#date+completed", "place": "#adm1+code", "place_name": "#adm1+name", "lat": "#geo+lat",
    "lon": "#geo+lon", "task": "#activity+code",
}  # fmt: skip
"""HXL 1.1 hashtags of columns that have one; any other is an extension, #x_<column> (domain, section 10)."""


def finds_csv(
    rows: Iterable[Row], language: str = "en", *, names: bool = False, hxl: bool = False, lists: Lists | None = None
) -> bytes:
    """Finds, one to a line. ``names``: head the columns with names instead of field names; ``hxl``: add that row."""
    return _csv(FIND, rows, language, names=names, hxl=hxl, lists=lists)


def plots_geojson(rows: Iterable[Row]) -> str:
    """Plots as a FeatureCollection of (multi)polygons, turning points as typed among the properties."""
    return _geojson(PLOT, rows, lambda row: outlines.geometry(row["outline"]))


def records_csv(
    kind: Kind, rows: Iterable[Row], language: str = "en", *, names: bool = False, hxl: bool = False,
    lists: Lists | None = None,
) -> bytes:
    """Records of any kind, one to a line, as ``finds_csv``."""
    return _csv(kind, rows, language, names=names, hxl=hxl, lists=lists)


def records_geojson(kind: Kind, rows: Iterable[Row]) -> str:
    """Records of any kind: points where the kind has a position, else its outlines, else without geometry."""
    if "lat" in kind.by_name:
        return _geojson(kind, rows, _point)
    return _geojson(kind, rows, lambda row: outlines.geometry(row["outline"]) if "outline" in row else None)


def guarded(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(cell: str) -> str:
    """The text that was guarded."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def _csv(
    kind: Kind, rows: Iterable[Row], language: str, *, names: bool, hxl: bool, lists: Lists | None
) -> bytes:
    columns = ["record", "owner", "at", "by"]
    headings = list(columns)
    for field in kind.export_columns():
        columns.append(field.name)
        headings.append(field.names.in_language(language))
        if field.type is FieldType.CODE:
            columns.append(f"{field.name}_name")
            headings.append(field.names.in_language(language))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings if names else columns)
    if hxl:
        writer.writerow([_HXL.get(column, f"#x_{column}") for column in columns])
    writer.writerows(_cells(kind, row, language, lists or shipped_lists()) for row in rows)
    return (_BOM + out.getvalue()).encode()


def _cells(kind: Kind, row: Row, language: str, lists: Lists) -> list[str]:
    cells = [guarded(str(value or "")) for value in (_name(kind, row), row["owner"], row["at"], row["by"])]
    for field in kind.export_columns():
        cells.append(_cell(field, row[field.name]))
        if field.type is FieldType.CODE:
            cells.append(guarded(_code_name(field, row, language, lists)))
    return cells


def _cell(field: Field, stored: Any) -> str:
    if stored is None:
        return ""
    if field.type is FieldType.BOOLEAN:
        return "true" if stored else "false"
    if field.type in {FieldType.DECIMAL, FieldType.AMOUNT, FieldType.INTEGER}:
        return decimal_text(stored, field.places)
    if field.type is FieldType.SHAPE:
        return outlines.wkt(stored) if field.key == "outline" else guarded(str(stored))
    return guarded(str(stored))


def _code_name(field: Field, row: Row, language: str, lists: Lists) -> str:
    """The name beside a code. A model that is only written as text has its name here where the lists know the text."""
    code = row[field.name]
    if field.vocabulary == "model" and not code and "model_text" in row:
        known = lists.meant(row["model_text"])
        return known.name(language) if known else ""
    return lists.name(field.vocabulary, code, language) if field.vocabulary else ""


def _name(kind: Kind, row: Row) -> str:
    return f"{kind.name}/{row['owner']}/{row['id']}"


def _geojson(kind: Kind, rows: Iterable[Row], geometry: Callable[[Row], dict[str, Any] | None]) -> str:
    features = [
        {
            "type": "Feature",
            "id": _name(kind, row),
            "geometry": geometry(row),
            "properties": {"owner": row["owner"], "at": row["at"], "by": row["by"]} | _properties(kind, row),
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False) + "\n"


def _properties(kind: Kind, row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.export_columns():
        stored = row[field.name]
        if field.type is FieldType.SHAPE and field.key == "outline":
            found["turning_points"] = outlines.vertices_of(stored)
        elif field.type is FieldType.SHAPE:
            found[field.name] = json.loads(stored) if stored else None
        elif field.type is FieldType.BOOLEAN:
            found[field.name] = None if stored is None else bool(stored)
        elif field.type in {FieldType.DECIMAL, FieldType.AMOUNT} and stored is not None:
            found[field.name] = int(stored) if stored == int(stored) else stored
        else:
            found[field.name] = stored
    return found


def _point(row: Row) -> dict[str, Any] | None:
    if row["lat"] is None or row["lon"] is None:
        return None
    return {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
