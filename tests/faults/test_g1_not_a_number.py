"""G1: NaN, infinity, nothing, "12,5" and foreign digits as coordinates and numbers, typed, handed in or carried here.

SQLite stores a NaN as NULL without a word. So nothing that is no number may reach it as one: typed values are
refused with their field's name, carried ones are kept and shown as they are, their column empty on purpose.
"""

import math
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.canonical import NoCanonicalForm
from fieldapp.domain.kinds import FieldType
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import Unusable, value_of
from fieldapp.errors import OperatorError
from fieldapp.operations import finds, flat_files, imports, lookup, records, verifying
from fieldapp.operations.errors import FieldsNotValid
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage.merged import state_hash
from fieldapp.storage.rebuild import rebuild
from fieldapp.storage.typed import typed_kinds
from tests.builders import RECTANGLE, a_find, a_plot, alone, deployment
from tests.builders_faults import carried, event_body, event_line, forged_segment

ARABIC, PERSIAN, FULL_WIDTH = "٣٩٫٩٨٩٩", "۳۹.۹۸۹۹", "３９.９８９９"
NO_NUMBERS: list[Any] = [
    math.nan, math.inf, -math.inf, "nan", "NaN", "-nan", "inf", "Infinity", "-Infinity", "1e5", "1e999", "0x1f",
    "1_000", ARABIC, PERSIAN, FULL_WIDTH, "39 98", "39.98.99", "+-39", "1/2", "½", "12,5,0", "١٢", b"39", [39],
    {"x": 39}, True, "--",
]
NUMBER_TYPES = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.AMOUNT)


def number_fields() -> list[Any]:
    return [field for kind in KINDS.values() for field in kind.fields if field.type in NUMBER_TYPES]


def test_g1_sqlite_itself_would_store_a_nan_as_null() -> None:
    """Why this case exists."""
    with sqlite3.connect(":memory:") as bare:
        bare.execute("CREATE TABLE t (x REAL) STRICT")
        bare.execute("INSERT INTO t VALUES (?)", (math.nan,))
        assert bare.execute("SELECT x FROM t").fetchall() == [(None,)]
    bare.close()


@pytest.mark.parametrize("raw", NO_NUMBERS, ids=repr)
def test_g1_no_number_field_of_any_kind_takes_it(raw: Any) -> None:
    for field in number_fields():
        with pytest.raises(Unusable) as caught:
            value_of(field, raw)
        assert caught.value.problem.field == field.name


def test_g1_nothing_is_nothing_and_a_decimal_comma_is_a_point() -> None:
    for field in number_fields():
        assert [value_of(field, raw) for raw in (None, "", "  ", "\t")] == [None] * 4
    depth = KINDS["find"].by_name["lat"]
    assert value_of(depth, "12,5") == "12.5"


@pytest.mark.parametrize("raw", [one for one in NO_NUMBERS if one is not True], ids=repr)
def test_g1_a_find_with_it_is_not_saved_and_says_which_field(tmp_path: Path, raw: Any) -> None:
    with alone(tmp_path / "laptop") as ws:
        for fields in ({"lat": raw, "lon": "46.8988"}, {"lat": "39.9899", "lon": raw}, {"depth_cm": raw}):
            (wrong,) = [name for name, value in fields.items() if value is raw]
            with pytest.raises(FieldsNotValid) as caught:
                finds.add_find(ws, fields, model_text="PMN-2")
            assert [problem.field for problem in caught.value.problems] == [wrong]
        assert lookup.rows(ws, "find") == []


@pytest.mark.parametrize("typed", [
    "nan nan", "NaN, 46.8988", "39.9899 inf", "None None", "12,5", "39.9899", "39.9899 ", ",", f"{ARABIC} ٤٦٫٨٩٨٨",
    f"{PERSIAN} 46.8988", f"{FULL_WIDTH} 46.8988", "1e1 1e1", "39.9899 46.8988 12.5 7", "-- --", "91 46", "39 181",
    "lat lon",
])
def test_g1_a_typed_position_that_is_none_is_refused_with_a_sentence(tmp_path: Path, typed: str) -> None:
    with alone(tmp_path / "laptop") as ws:
        with pytest.raises(OperatorError) as caught:
            finds.add_find(ws, {}, model_text="PMN-2", position=typed)
        assert str(caught.value)
        with pytest.raises(OperatorError):
            a_plot(ws, (*RECTANGLE[:3], typed))
        assert lookup.rows(ws, "find") + lookup.rows(ws, "plot") == []


@pytest.mark.parametrize("typed", ["", "   ", None])
def test_g1_no_position_is_saved_as_none_and_listed(tmp_path: Path, typed: str | None) -> None:
    with alone(tmp_path / "laptop") as ws:
        finds.add_find(ws, {}, model_text="PMN-2", position=typed)
        (row,) = lookup.rows(ws, "find")
        assert (row["lat"], row["lon"], row["typed_text"]) == (None, None, None)


def test_g1_decimal_commas_in_a_position_are_understood_and_kept_as_typed(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        fields = finds.add_find(ws, {}, model_text="PMN-2", position="39,9899 46,8988").fields
        assert (fields["lat"], fields["lon"], fields["typed_text"]) == ("39.9899", "46.8988", "39,9899 46,8988")


@pytest.mark.parametrize("raw", [math.nan, math.inf, -math.inf, 39.9899])
def test_g1_storage_takes_no_float_at_all(tmp_path: Path, raw: float) -> None:
    with alone(tmp_path / "laptop") as ws:
        with pytest.raises(NoCanonicalForm):
            write(ws, f"find/{ws.team}/0192f0c1-0000-7000-8000-000000000001", {"position": {"lat": raw, "lon": "46"}})
        assert lookup.rows(ws, "find") == []
        a_find(ws)
        assert len(lookup.rows(ws, "find")) == 1


FOREIGN: list[Any] = [
    "NaN", "nan", "inf", "-Infinity", "12,5", "39.98990", "+39.9899", "039.9899", "-0", "1e1", "1_0", " 39.9899",
    ARABIC, PERSIAN, FULL_WIDTH, "", 39, True, [], {}, ["39"], "39.9899\n", "91", "-90.5", "9" * 400, "0x27", "39.",
]
"""What another program may put where decimal text belongs."""


def columns(ws: Workspace, name: str) -> list[tuple[Any, ...]]:
    record = name.split("/")[2]
    return ws.store.rows("SELECT lat, typeof(lat), lon, typeof(lon), extra FROM find WHERE id = ?", (record,))


@pytest.mark.parametrize("raw", FOREIGN, ids=repr)
def test_g1_a_foreign_value_is_kept_and_shown_and_never_silently_null(tmp_path: Path, raw: Any) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, hq = there.laptops["laptop"], there.hq
        there.exchange(laptop)
        position = {"lat": raw, "lon": "46.8988"}
        body = event_body(laptop, {"position": position, "what": {"category": "ap_mine"}})
        forged = forged_segment(laptop.keys, [event_line(laptop, body["set"], record=body["record"])])
        assert imports.import_file(hq, carried(laptop, there.stick, [forged])).new == 1
        record = records.get(hq, body["record"])
        assert record.values["position"] == position
        ((lat, kind, _lon, _kind, extra),) = columns(hq, record.name)
        if lat is None:
            assert kind == "null"
            assert extra is not None, "an empty column, and the value nowhere"
        else:
            assert (kind, math.isfinite(lat), -90 <= lat <= 90) == ("real", True, True)
            assert isinstance(raw, str)
            assert math.isclose(float(raw), lat)
            assert raw.isascii()
        before = state_hash(hq.store)
        with hq.store.transaction():
            rebuild(hq.store)
        assert state_hash(hq.store) == before
        assert verifying.check(hq, read_data=True).problems == []
        for form in ("csv", "geojson"):
            flat_files.export(hq, "find", form, tmp_path / f"finds.{form}")
            assert b"NaN" not in (tmp_path / f"finds.{form}").read_bytes()


@pytest.mark.parametrize("raw", FOREIGN, ids=repr)
def test_g1_the_fast_way_into_a_row_takes_only_decimal_text_in_normal_form(tmp_path: Path, raw: Any) -> None:
    with alone(tmp_path / "laptop") as ws:
        line = event_line(ws, {"position": {"lat": raw, "lon": "46.8988"}})
        assert typed_kinds(dict(KINDS))["find"].read(line, 1) is None
        right = event_line(ws, {"position": {"lat": "39.9899", "lon": "46.8988"}})
        assert typed_kinds(dict(KINDS))["find"].read(right, 1) is not None
