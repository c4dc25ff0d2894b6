"""Adding a field to a declaration is one line: everything that knows fields follows."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import cast

import jsonschema
import pytest

from fieldapp.domain.canonical import canonical
from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.find import FIND
from fieldapp.domain.registry import DANGER, HQ_KINDS, KINDS, RELEASE_KINDS
from fieldapp.domain.schema import event_schema
from fieldapp.domain.validation import groups_to_set, missing_for_sign_off
from fieldapp.domain.vocabulary import vocabulary_names
from fieldapp.storage import journal, records
from fieldapp.storage.database import open_store
from fieldapp.storage.listing import select
from tests.oracle import merge_oracle

NEW = Field("soil_moisture", FieldType.DECIMAL, Names("Soil moisture", "Torpağın nəmliyi", "Влажность почвы"),
            minimum=0, maximum=100, required=True, listed=True)
WIDER = dataclasses.replace(FIND, groups=(*FIND.groups, one(NEW)))
DEVICE = "a" * 20


def test_one_line_more_reaches_columns_forms_lists_exports_and_schema() -> None:
    assert ("soil_moisture", "REAL") in WIDER.columns()
    for derived in (WIDER.form_fields(), WIDER.list_columns(), WIDER.export_columns()):
        assert NEW in derived
    assert NEW in missing_for_sign_off(WIDER, {})
    schema = event_schema(WIDER)
    event = {"parents": [], "record": "find/t7/01", "seq": 1, "set": {"soil_moisture": "12.5"}}
    jsonschema.validate(event, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(event | {"set": {"soil_moisture": 12.5}}, schema)


def test_one_line_more_is_validated() -> None:
    changes, problems = groups_to_set(WIDER, {"soil_moisture": "12,50"})
    assert (changes, problems) == ({"soil_moisture": "12.5"}, [])
    _, problems = groups_to_set(WIDER, {"soil_moisture": "101"})
    assert [problem.field for problem in problems] == ["soil_moisture"]


def test_one_line_more_is_stored_listed_and_filled_in_for_records_that_came_before_it(tmp_path: Path) -> None:
    kinds = KINDS | {"find": WIDER}
    body = {"parents": [], "record": "find/t7/01", "set": {"soil_moisture": "12.5", "depth_cm": 5}}
    with open_store(tmp_path / "a.db", bytes(32), create=True, root=DEVICE) as before:
        journal.new_stream(before, f"{DEVICE}.a", "team/t7")
        journal.append(before, f"{DEVICE}.a", body)
    with open_store(tmp_path / "a.db", bytes(32), kinds=kinds) as after:
        record = records.read(after, "find/t7/01")
        assert record is not None
        assert canonical(record.values) == canonical(body["set"])
        assert [row["soil_moisture"] for row in select(after, "find")] == [12.5]


def test_field_names_storage_uses_itself_are_refused() -> None:
    with pytest.raises(ValueError, match="field names"):
        Kind("x", Names("x", "x", "x"), (one(Field("heads", FieldType.TEXT, Names("x", "x", "x"))),))
    twice = Field("twice", FieldType.TEXT, Names("x", "x", "x"))
    with pytest.raises(ValueError, match="field names"):
        Kind("x", Names("x", "x", "x"), (one(twice), Group("other", (twice,))))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_declaration_is_named_in_three_languages_and_uses_known_vocabularies(kind: Kind) -> None:
    for names in (kind.names, *(field.names for field in kind.fields)):
        assert all((names.en, names.az, names.ru))
    used = {field.vocabulary for field in kind.fields if field.vocabulary}
    assert used <= set(vocabulary_names())


def test_the_reference_models_tables_are_contained_in_the_same_order() -> None:
    assert merge_oracle.HQ_KINDS <= HQ_KINDS
    assert merge_oracle.RELEASE_KINDS <= RELEASE_KINDS
    theirs = cast("dict[tuple[str, str], list[tuple[str, list[object] | str]]]", merge_oracle.DANGER)
    for key, scales in theirs.items():
        ours = dict(DANGER[key])
        for member, scale in scales:
            if isinstance(scale, str):
                assert ours[member] == scale
            else:
                assert [code for code in ours[member] if code in scale] == scale
