"""The shipped vocabularies and organisations: complete, unambiguous, and in step with the declared kinds."""

from __future__ import annotations

import json

import pytest

from fieldapp.domain.kinds import FieldType
from fieldapp.domain.lists import LISTS, list_bytes, lists_version
from fieldapp.domain.lists_in_force import shipped_lists
from fieldapp.domain.ordnance import models
from fieldapp.domain.organisations import organisations
from fieldapp.domain.records.disposal import OUTCOME_SCALE
from fieldapp.domain.records.find import CATEGORY_SCALE
from fieldapp.domain.records.hazardous_area import STATUS_SCALE
from fieldapp.domain.records.plot import RELEASE_SCALE
from fieldapp.domain.records.quality_visit import RESULT_SCALE, SEVERITY_SCALE
from fieldapp.domain.records.victim import CONSENT_SCALE
from fieldapp.domain.records.victim import OUTCOME_SCALE as OUTCOME_OF_VICTIM
from fieldapp.domain.registry import KINDS
from fieldapp.domain.vocabulary import Entry, vocabulary, vocabulary_names
from fieldapp.texts import LANGUAGES, fold

EVERY = sorted(vocabulary_names())


@pytest.mark.parametrize("name", EVERY)
def test_every_code_has_three_names_and_no_two_entries_read_alike(name: str) -> None:
    entries = vocabulary(name).entries
    assert len({entry.code for entry in entries}) == len(entries) > 0
    for language in LANGUAGES:
        shown = [fold(entry.names.in_language(language)) for entry in entries]
        assert all(shown)
        assert len(set(shown)) == len(shown), (language, sorted(shown))


@pytest.mark.parametrize("name", EVERY)
def test_russian_names_are_cyrillic_and_azerbaijani_names_latin(name: str) -> None:
    for entry in vocabulary(name):
        assert not set("абвгдежзийклмнопрстуфхцчшщъыьэюя") & set((entry.names.en + entry.names.az).lower())
        assert "\u01dd" not in entry.names.az, "schwa is U+0259"
        assert not set("əğışç") & set(entry.names.ru)


def test_every_vocabulary_that_a_field_names_is_shipped() -> None:
    named = {field.vocabulary for kind in KINDS.values() for field in kind.fields if field.type is FieldType.CODE}
    assert named - {None} <= set(EVERY)


def test_the_danger_scales_hold_exactly_the_shipped_codes() -> None:
    assert vocabulary("category").codes == CATEGORY_SCALE
    assert vocabulary("release").codes == RELEASE_SCALE
    assert vocabulary("disposal_outcome").codes == OUTCOME_SCALE
    condition = dict(KINDS["find"].group_by_name["condition"].scales)[""]
    assert set(vocabulary("condition").codes) == set(condition)
    assert set(vocabulary("area_status").codes) == set(STATUS_SCALE)
    assert set(vocabulary("verdict").codes) == set(dict(KINDS["decision"].group_by_name["verdict"].scales)[""])


def test_the_public_lines_of_the_categories_are_those_of_the_domain() -> None:
    category = vocabulary("category")
    assert {category.rollup(code) for code in category.codes} == set(vocabulary("rollup").codes)
    assert {code for code in category.codes if category.rollup(code) == "uxo"} == {
        "uxo", "projectile", "mortar_bomb", "rocket_missile", "grenade", "air_dropped_bomb", "submunition",
    }  # fmt: skip
    assert category.rollup("small_arms_ammunition") == "saa"
    assert category.rollup("non_explosive") == "not_counted"
    assert category.rollup("never heard of") == ""


def test_every_sub_category_belongs_to_a_category_and_every_known_category_has_some() -> None:
    belongs = {entry.category for entry in vocabulary("sub_category")}
    assert belongs == set(vocabulary("category").codes) - {"uxo"}
    assert [entry.code for entry in vocabulary("sub_category").of_category("submunition")] == ["submunition_bomblet"]


def test_every_model_belongs_to_a_category_and_to_a_sub_category_of_it() -> None:
    sub_category = vocabulary("sub_category").by_code
    for model in models().values():
        assert model.category in vocabulary("category")
        assert sub_category[model.sub_category].category == model.category, model.code


def test_the_tiles_of_the_find_form_are_one_to_eight() -> None:
    tiles = [entry.tile for entry in vocabulary("category")]
    assert set(tiles) == set(range(1, 9))
    assert vocabulary("category").by_code["ap_mine"].tile == 1


def test_condition_keys_are_those_of_the_find_form() -> None:
    assert "".join(vocabulary("condition").key(code) for code in vocabulary("condition").codes) == "AUDTF"


def test_only_a_machine_pass_leaves_the_follow_up_owed_and_an_unknown_method_is_not_trusted() -> None:
    method = vocabulary("clearance_method")
    assert [code for code in method.codes if method.follow_up_owed(code)] == ["mechanical"]
    assert method.follow_up_owed("laser of a newer version")


def test_only_receiver_fixes_may_carry_receiver_accuracy() -> None:
    assert {entry.code for entry in vocabulary("fixed_by") if entry.from_receiver} == {"live_fix", "average"}


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert vocabulary("category").name("plasma_mine", "ru") == "plasma_mine"
    assert vocabulary("category").name("ap_mine", "az") == "Piyada əleyhinə mina"
    assert "plasma_mine" not in vocabulary("category")
    assert shipped_lists().organisation_name("operator-9") == "operator-9"
    with pytest.raises(KeyError):
        vocabulary("no such list")


def test_contributors_are_the_agency_three_state_bodies_and_four_private_operators() -> None:
    assert [o.kind for o in organisations().values()] == ["agency"] + ["state"] * 3 + ["private"] * 4
    assert shipped_lists().organisation_name("mod", "az") == "Müdafiə Nazirliyi"
    assert len({o.short for o in organisations().values()}) == 8


def test_every_source_mark_is_explained_in_its_own_file() -> None:
    for name in LISTS:
        document = json.loads(list_bytes(name))
        rows = [row for member in ("models", "places", "organisations") for row in document.get(member, [])]
        assert {mark for row in rows for mark in row["source"].split()} <= set(document["sources"]), name


def test_no_member_of_a_vocabulary_file_goes_unread() -> None:
    known = set(Entry.__slots__)
    for shipped in json.loads(list_bytes("vocabularies"))["vocabularies"].values():
        for row in shipped["entries"]:
            assert set(row) <= known


def test_the_lists_version_is_short_and_stands_still() -> None:
    assert lists_version() == lists_version()
    assert len(lists_version()) == 12
    assert int(lists_version(), 16) >= 0


def test_the_scales_of_accidents_and_quality_hold_exactly_the_shipped_codes() -> None:
    assert set(vocabulary("victim_outcome").codes) == set(OUTCOME_OF_VICTIM)
    assert set(vocabulary("yes_no").codes) == set(CONSENT_SCALE)
    assert vocabulary("severity").codes == SEVERITY_SCALE
    assert vocabulary("quality_result").codes == RESULT_SCALE
