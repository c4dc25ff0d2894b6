"""The lists in force: shipped ones with what headquarters said, texts that stand for models, withdrawn codes."""

from __future__ import annotations

from time import process_time

from fieldapp.domain.lists_in_force import Change, Lists, Said, changes, in_force, record_id, shipped_lists


def model(code: str, **values: object) -> Said:
    return Said("model", code, values)


def test_what_headquarters_says_of_a_shipped_entry_stands_and_the_rest_is_as_shipped() -> None:
    lists = in_force([model("pmn-2", name_ru="ПМН-2М"), Said("district", "az-tar", {"valid_to": "2030"})])
    changed, shipped = lists.models["pmn-2"], shipped_lists().models["pmn-2"]
    assert (changed.names.ru, changed.names.en, changed.category) == ("ПМН-2М", shipped.names.en, "ap_mine")
    assert (lists.places["AZ-TAR"].valid_to, lists.place_name("AZ-TAR", "az")) == ("2030", "Tərtər")
    assert lists.places["AZ-X-AGHDARA"] == shipped_lists().places["AZ-X-AGHDARA"]


def test_a_text_means_a_model_by_its_folded_alias_in_any_alphabet() -> None:
    lists = in_force([model("pmn-2", aliases=["Ləpə minası", "лепесток-2"])])
    assert [lists.meant(text) for text in ("LƏPƏ MINASI", "ləpə-minası", "ЛЕПЕСТОК 2")] == [lists.models["pmn-2"]] * 3
    assert lists.meant("ləpə") is None
    assert lists.meant("") is None
    assert lists.item_name(None, "лепесток 2", "ru") == "ПМН-2"
    assert lists.item_name(None, "something else", "ru") == "something else"
    assert lists.category(None, None, "Лепесток-2") == "ap_mine"
    assert lists.category("uxo", None, "Лепесток-2") == "uxo", "what the record says counts"


def test_a_text_of_several_models_is_shown_and_never_guessed() -> None:
    lists = in_force([model("pmn-2", aliases=["башмак"]), model("pmn-4", aliases=["БАШМАК"])])
    assert [one.code for one in lists.models_meant("Башмак")] == ["pmn-2", "pmn-4"]
    assert lists.meant("башмак") is None
    assert lists.item_name(None, "башмак", "ru") == "башмак"
    named = in_force([model("pmn-2", aliases=["TM-57"])])
    assert [one.code for one in named.models_meant("tm57")] == ["tm-57"], "a name stands before an alias"


def test_a_withdrawn_code_is_readable_and_not_offered() -> None:
    lists = in_force([model("pmn-2", withdrawn=True), Said("vocabulary", "unit--piece", {
        "vocabulary": "unit", "code": "piece", "withdrawn": True,
    })])  # fmt: skip
    assert "pmn-2" not in [hit.model.code for hit in lists.search_models("pmn")]
    assert "pmn-2" not in lists.vocabulary("model").codes
    assert "pmn-2" in lists.vocabulary("model")
    assert lists.model_name("pmn-2", "ru") == "ПМН-2"
    assert "piece" not in lists.vocabulary("unit").codes
    assert lists.name("unit", "piece") == shipped_lists().name("unit", "piece")


def test_an_added_entry_of_each_list_is_found_and_an_unknown_code_is_shown_as_it_is() -> None:
    lists = in_force([
        model("qurd", name_az="Qurd", category="ap_mine"),
        Said("district", "az-x-yeni", {"name_az": "Yeni Qarvənd", "place_kind": "community", "parent": "AZ-AGM",
                                       "variants": ["Yeni Garvand"]}),
        Said("organisation", "five", {"name_en": "Fifth operator"}),
        Said("team", "t7", {"name": "Komanda 7", "organisation": "five"}),
        Said("person", "p1", {"name": "Əli", "team": "t7"}),
        Said("vocabulary", "category--laser", {"vocabulary": "category", "code": "laser", "name_en": "Laser",
                                               "rollup": "uxo"}),
    ])  # fmt: skip
    assert [hit.model.code for hit in lists.search_models("qurd")] == ["qurd"]
    assert lists.model_name("qurd", "ru") == "Qurd", "another language's name before the code"
    found = lists.find_place("yeni garvand")
    assert found is not None
    assert (found.code, lists.district_of(found.code)) == ("AZ-X-YENI", "AZ-AGM")
    assert lists.organisation_name("five", "az") == "Fifth operator"
    assert (lists.teams["t7"].name, lists.people["p1"].name) == ("Komanda 7", "Əli")
    assert lists.vocabulary("category").rollup("laser") == "uxo"
    assert (lists.model_name("no-such"), lists.place_name("AZ-Q"), lists.name("unit", "cubit")) == (
        "no-such", "AZ-Q", "cubit",
    )  # fmt: skip


def test_what_breaks_the_form_of_an_entry_is_left_aside() -> None:
    lists = in_force([
        model("pmn-2", aliases=[1, None, {"a": 1}, "x1x"]), model("pmn-4", aliases="no list"),
        Said("district", "az-tar", {"formed_from": [3, {"place": 4}], "variants": 7}),
        Said("vocabulary", "nothing--a", {"vocabulary": "nothing", "code": "a"}),
    ])  # fmt: skip
    assert lists.models["pmn-2"].aliases == ("x1x",)
    assert lists.places["AZ-TAR"].formed_from == ()


def test_differences_between_two_versions_are_named() -> None:
    before = in_force([model("qurd", name_en="Qurd")])
    after = in_force([
        model("qurd", name_en="Qurd", withdrawn=True), model("pmn-2", aliases=["a"]), model("new", name_en="New"),
        Said("district", "az-x-a", {"name_en": "A"}),
        Said("vocabulary", "unit--box", {"vocabulary": "unit", "code": "box", "name_en": "Box"}),
    ])  # fmt: skip
    assert set(changes(before, after)) == {
        Change("model", "qurd", "withdrawn"), Change("model", "pmn-2", "changed"), Change("model", "new", "added"),
        Change("place", "AZ-X-A", "added"), Change("vocabulary", "unit/box", "added"),
    }  # fmt: skip
    assert changes(before, before) == []


def test_ids_of_records_hold_any_code() -> None:
    assert record_id("district", "AZ-X-AGHDARA") == "az-x-aghdara"
    assert record_id("vocabulary", "ap_mine", "sub_category") == "sub-category--ap-mine"


def test_five_hundred_added_models_are_found_as_fast_as_the_shipped_ones() -> None:
    said = [model(f"new-{n}", name_en=f"New {n}", aliases=[f"Yeni {n}", f"Новый {n}"]) for n in range(500)]
    start = process_time()
    lists = in_force(said)
    for n in range(500):
        assert lists.meant(f"НОВЫЙ-{n}") is lists.models[f"new-{n}"]
    for text in ("new", "pmn", "yeni 4"):
        assert lists.search_models(text)
    assert process_time() - start < 2
    assert isinstance(lists, Lists)
