from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.canonical import MAX_INTEGER, canonical
from fieldapp.domain.kinds import Field, FieldType, Kind
from fieldapp.domain.registry import KINDS
from fieldapp.storage.columns import decimal_text, row_of, values_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WHOLE = st.integers(-MAX_INTEGER, MAX_INTEGER)
DECIMALS = st.one_of(
    st.decimals(-200, 200, places=7).map(str), st.floats(-1e12, 1e12).map(decimal_text),
    st.sampled_from(["39.60", "-0", "0", "1e5", "00.1", "9007199254740993", "0.1234567890123456789", "nan", "1_0"]),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), WHOLE, TEXT),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,3}", fullmatch=True), inner, max_size=2),
    max_leaves=5,
)
GOOD: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.INTEGER: WHOLE, FieldType.BOOLEAN: st.booleans(), FieldType.DECIMAL: DECIMALS,
    FieldType.AMOUNT: WHOLE | DECIMALS, FieldType.DAY: st.dates().map(str) | TEXT,
    FieldType.MOMENT: st.datetimes().map(lambda m: m.strftime("%Y-%m-%dT%H:%M:%SZ")) | TEXT, FieldType.SHAPE: JSON,
}


def a_member(field: Field) -> st.SearchStrategy[Any]:
    return st.one_of(GOOD.get(field.type, TEXT), GOOD.get(field.type, TEXT), JSON)


def values_for(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    groups: dict[str, st.SearchStrategy[Any]] = {"something_new": JSON}
    for group in kind.groups:
        groups[group.name] = JSON | (
            a_member(group.fields[0]) if group.bare
            else st.fixed_dictionaries({}, optional={f.key: a_member(f) for f in group.fields} | {"novel": JSON})
        )
    return st.fixed_dictionaries({}, optional=groups)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_row_gives_back_exactly_the_values_it_was_made_from(kind: Kind) -> None:
    types = dict(kind.columns())

    @given(values_for(kind))
    def law(values: dict[str, Any]) -> None:
        columns, extra = row_of(kind, values)
        assert canonical(values_of(kind, columns, extra)) == canonical(values)
        for field, stored in zip(kind.fields, columns, strict=True):
            sql = {"INTEGER": int, "REAL": float, "TEXT": str}[types[field.name]]
            assert stored is None or type(stored) is sql

    law()


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), JSON, max_size=3))
def test_a_kind_nobody_declared_keeps_all_in_extra(values: dict[str, Any]) -> None:
    columns, extra = row_of(None, values)
    assert columns == []
    assert values_of(None, columns, extra) == values


def test_what_does_not_fit_is_kept_beside_what_does() -> None:
    values = {"position": {"lat": "39.60", "lon": "x"}, "found": {"found_on": "yesterday", "found_by": "A"}}
    columns, extra = row_of(KINDS["find"], values)
    stored = dict(zip((f.name for f in KINDS["find"].fields), columns, strict=True))
    assert (stored["lat"], stored["lon"]) == (39.6, None)  # understood, though not in normal form
    assert (stored["found_on"], stored["found_by"]) == (None, "A")
    assert extra is not None
    assert msgspec.json.decode(extra) == values
