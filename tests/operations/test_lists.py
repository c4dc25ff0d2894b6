"""Reference lists: headquarters adds, changes, withdraws and maps; every laptop has it after its return bundle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from fieldapp.domain import attention
from fieldapp.domain.lists_in_force import KIND_OF_LIST
from fieldapp.domain.registry import KINDS
from fieldapp.exchange import flat
from fieldapp.operations import browsing, list_news, lists, lookup, not_in_list, records, reports, waiting
from fieldapp.operations.browsing import Wanted
from fieldapp.operations.doubts import of_record
from fieldapp.operations.errors import FieldsNotValid, NothingChanged, ReasonNeeded, WrongRole
from fieldapp.operations.list_errors import AlreadyMeans, CodeNotValid, EntryExists, EntryMissing, NameNeeded, NotMapped
from fieldapp.operations.wording import group_words
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage import waiting as stored_waiting
from fieldapp.texts import Texts
from tests.builders import Deployment, a_find, a_plot, deployment
from tests.builders import hq as headquarters

WEEK = date(2024, 7, 29), date(2024, 8, 4)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, "one") as made:
        yield made


@pytest.fixture
def hq(tmp_path: Path) -> Iterator[Workspace]:
    with headquarters(tmp_path / "hq") as made:
        yield made


def test_an_added_model_reaches_every_laptop_and_is_found_by_its_alias(chain: Deployment) -> None:
    made = lists.add(chain.hq, "model", {
        "name_en": "Wolf-3", "name_ru": "Волк-3", "category": "ap_mine", "aliases": ["Qurd üç"],
    })  # fmt: skip
    assert (made.code, made.origin) == ("wolf-3", "added")
    for laptop in chain.laptops.values():
        chain.exchange(laptop)
        find = a_find(laptop, model_text="qurd uc")
        assert (find.fields["model"], find.fields["category"]) == ("wolf-3", "ap_mine")
        assert lists.entry(laptop, "model", "wolf-3").names["ru"] == "Волк-3"


def test_a_text_mapped_once_resolves_everywhere_the_text_is_kept_and_it_can_be_taken_back(chain: Deployment) -> None:
    one, two = chain.laptops["one"], chain.join("two")
    finds = [a_find(one, model_text=text) for text in ("Ləpə minası", "LƏPƏ-MINASI")]
    other = a_find(two, model_text="başqa şey", category="uxo")
    for laptop in (one, two):
        chain.carry(laptop)
    found = not_in_list.unmapped(chain.hq)
    assert [(text.records, text.teams) for text in found] == [(2, ["t7"]), (1, ["t7"])]
    assert set(found[0].spellings) == {"Ləpə minası", "LƏPƏ-MINASI"}
    assert set(found[0].examples) == {find.fields["local_id"] for find in finds}
    assert found[1].categories == ["uxo"]
    before = reports.weekly(chain.hq, *WEEK)
    assert (before.totals.line("ap_mine").found, before.models_as_typed) == (0, 3)

    not_in_list.map_text(chain.hq, "ləpə minası", "pmn-2")
    for laptop in (one, two):
        chain.answer(laptop)
    for ws in (chain.hq, one):
        report = reports.weekly(ws, *WEEK)
        assert (report.totals.line("ap_mine").found, report.models_as_typed) == (2, 1)
        assert ws.lists.item_name(None, "LƏPƏ-MINASI", "ru") == "ПМН-2"
        listed = browsing.part(ws, Wanted(("find",), "пмн-2")).lines
        assert {line.row.name for line in listed} == {find.name for find in finds}
        table = flat.finds_csv(lookup.rows(ws, "find"), "en", lists=ws.lists).decode()
        assert table.count("PMN-2") == 2
    for find in finds:
        kept = records.get(chain.hq, find.name)
        assert (kept.fields["model_text"], kept.fields.get("model"), kept.heads) == (
            find.fields["model_text"], None, find.heads,
        )  # fmt: skip
    assert [text.text for text in not_in_list.unmapped(chain.hq)] == ["başqa şey"]
    assert not_in_list.mapped(chain.hq) == [("ləpə minası", "pmn-2")]
    with pytest.raises(AlreadyMeans):
        not_in_list.map_text(chain.hq, "LƏPƏ MİNASI", "pmn-4")

    not_in_list.unmap(chain.hq, "LƏPƏ MINASI", "it was a PMN-4")
    chain.exchange(one)
    for ws in (chain.hq, one):
        assert ws.lists.meant("Ləpə minası") is None
    assert [text.records for text in not_in_list.unmapped(chain.hq)] == [2, 1]
    with pytest.raises(NotMapped):
        not_in_list.unmap(chain.hq, "ləpə minası", "again")
    made = not_in_list.map_to_new(chain.hq, str(other.fields["model_text"]), {"category": "uxo"})
    assert made.names["az"] == "başqa şey"
    assert chain.hq.lists.meant("BAŞQA ŞEY") is chain.hq.lists.models[made.code]


def test_a_mapping_and_its_end_reach_the_list_of_records_that_wait(chain: Deployment) -> None:
    laptop = chain.laptops["one"]
    find, other = a_find(laptop, model_text="Ləpə"), a_find(laptop)
    chain.carry(laptop)

    def unlisted() -> list[bool]:
        waiting.bring_up_to_date(chain.hq)
        lines = stored_waiting.lines_of(chain.hq.store, {find.name, other.name})
        return [bool(lines[name].reasons & attention.bit("unlisted")) for name in (find.name, other.name)]

    assert unlisted() == [True, False]
    not_in_list.map_text(chain.hq, "LƏPƏ", "pmn-2")
    assert unlisted() == [False, False]
    not_in_list.unmap(chain.hq, "Ləpə", "another thing")
    assert unlisted() == [True, False]


def test_a_text_of_two_models_is_listed_with_both_and_entered_as_typed(chain: Deployment) -> None:
    for code in ("pmn-2", "pmn-4"):
        lists.change(chain.hq, "model", code, {"aliases": ["башмак"]}, "a word for both")
    laptop = chain.laptops["one"]
    chain.exchange(laptop)
    find = a_find(laptop, model_text="Башмак")
    assert (find.fields["model_text"], find.fields.get("model")) == ("Башмак", None)
    chain.carry(laptop)
    assert [one.may_be for one in not_in_list.unmapped(chain.hq)] == [["pmn-2", "pmn-4"]]


def test_a_shipped_entry_is_changed_and_withdrawn_with_a_reason_and_keeps_the_rest(hq: Workspace) -> None:
    changed = lists.change(hq, "model", "tm-62m", {"name_ru": "ТМ-62М новая"}, "as on the label")
    assert changed.names == {"en": "TM-62M", "az": "TM-62M", "ru": "ТМ-62М новая"}
    assert (changed.facts["category"], changed.origin) == ("at_mine", "changed")
    gone = lists.withdraw(hq, "model", "tm-62m", "never seen here")
    assert gone.withdrawn
    assert "tm-62m" not in {one.code for one in lists.entries(hq, "model", withdrawn=False)}
    history = records.history(hq, "model/hq/tm-62m")
    assert [step.why for step in history] == ["as on the label", "never seen here"]
    assert not lists.withdraw(hq, "model", "tm-62m", "seen after all", back=True).withdrawn
    with pytest.raises(NothingChanged):
        lists.withdraw(hq, "model", "pmn-2", "it is offered already", back=True)
    with pytest.raises(NothingChanged):
        lists.change(hq, "model", "pmn-4", {"name_ru": "ПМН-4", "category": "ap_mine"}, "nothing")
    with pytest.raises(ReasonNeeded):
        lists.withdraw(hq, "model", "pmn-2", " ")


def test_places_teams_people_organisations_and_vocabulary_entries(chain: Deployment) -> None:
    hq = chain.hq
    place = lists.add(hq, "place", {
        "name_az": "Yeni Qarvənd", "place_kind": "community", "parent": "AZ-AGM", "valid_from": "2024-07-29",
        "formed_from": [{"place": "AZ-X-QARVAND", "area_km2": "3.5"}], "variants": ["Новый Гарванд"],
    })  # fmt: skip
    assert place.code == "AZ-X-YENI-QARVEND"
    assert place.facts["formed_from"] == [{"place": "AZ-X-QARVAND", "area_km2": "3.5"}]
    person = lists.add(hq, "person", {"name": "Əli Məmmədov", "team": "t7", "role": "deminer"})
    assert [one.code for one in lists.entries(hq, "person", text="ƏLİ MƏMM")] == [person.code]
    assert lists.add(hq, "organisation", {"name_en": "Fifth"}, code="operator-5").names["ru"] == "Fifth"
    assert lists.change(hq, "team", "t7", {"name": "Komanda 7"}, "its name").name("az") == "Komanda 7"
    entry = lists.add(hq, "vocabulary", {"name_en": "Box"}, code="box", part="unit")
    assert entry.code == "unit/box"
    assert hq.lists.name("unit", "box") == "Box"
    laptop = chain.laptops["one"]
    chain.exchange(laptop)
    find = a_find(laptop, place="AZ-X-YENI-QARVEND", unit="box", found_on="2024-07-28")
    assert of_record(laptop, find) == ["Yeni Qarvənd exists from 2024-07-29 only."]
    assert of_record(laptop, a_find(laptop, place="AZ-X-YENI-QARVEND", found_on="2024-07-29")) == []
    assert [one.name for one in laptop.lists.people.values()] == ["Əli Məmmədov"]
    found = laptop.lists.find_place("новый гарванд")
    assert found is not None
    assert found.code == place.code


def test_what_cannot_be_an_entry_is_refused(chain: Deployment) -> None:
    for list_name, code in (
        ("model", "Кириллица"), ("model", "a_b"), ("place", "az-x"), ("team", "t-7"), ("vocabulary", "1x"),
    ):  # fmt: skip
        with pytest.raises(CodeNotValid):
            lists.add(chain.hq, list_name, {"name_en": "A", "name": "A"}, code=code, part="unit")
    with pytest.raises(EntryExists):
        lists.add(chain.hq, "model", {"name_en": "x"}, code="pmn-2")
    with pytest.raises(NameNeeded):
        lists.add(chain.hq, "model", {"name_en": " "})
    with pytest.raises(EntryMissing):
        lists.add(chain.hq, "vocabulary", {"name_en": "x"}, part="no_such")
    with pytest.raises(EntryMissing):
        lists.change(chain.hq, "model", "no-such", {"name_en": "x"}, "why")
    with pytest.raises(FieldsNotValid):
        lists.add(chain.hq, "place", {"name_en": "x", "valid_from": "December 2023"})
    with pytest.raises(FieldsNotValid):
        lists.add(chain.hq, "model", {"name_en": "x", "category": "no such"})
    with pytest.raises(WrongRole):
        lists.add(chain.laptops["one"], "model", {"name_en": "x"})
    assert lists.add(chain.hq, "model", {"name_ru": "Волк"}).code.startswith("model-")
    assert lists.add(chain.hq, "model", {"name_en": "PMN 2"}).code == "pmn-2-2"


def test_codes_nobody_here_knows_are_listed_and_go_once_the_list_has_them(chain: Deployment) -> None:
    """A laptop whose newer lists know more than headquarters: its record is kept as it is."""
    laptop = chain.laptops["one"]
    find = a_find(laptop)
    name = find.name
    write(laptop, name, {"what": {"category": "ap_mine", "model": "far-1"}, "place": "AZ-X-FAR"},
          parents=find.heads, why="a newer list")
    chain.carry(laptop)
    assert [(one.list_name, one.code, one.records, one.teams) for one in not_in_list.unknown(chain.hq)] == [
        ("model", "far-1", 1, ["t7"]), ("place", "AZ-X-FAR", 1, ["t7"]),
    ]  # fmt: skip
    assert records.get(chain.hq, name).fields["model"] == "far-1"
    lists.add(chain.hq, "model", {"name_en": "Far"}, code="far-1")
    lists.add(chain.hq, "place", {"name_en": "Far away", "place_kind": "community"}, code="AZ-X-FAR")
    assert not_in_list.unknown(chain.hq) == []
    assert chain.hq.lists.item_name("far-1", None, "en") == "Far"


def test_a_record_takes_the_place_of_its_task_unless_it_names_its_own(chain: Deployment) -> None:
    fields = {"title": "Field", "task_kind": "clearance", "place": "AZ-X-QARVAND"}
    task = records.add(chain.hq, "task", fields, owner="t7")
    laptop = chain.laptops["one"]
    chain.exchange(laptop)
    assert a_find(laptop, task=task.name).fields["place"] == "AZ-X-QARVAND"
    assert a_plot(laptop, task=task.fields["local_id"]).fields["place"] == "AZ-X-QARVAND"
    assert a_find(laptop, task=task.name, place="AZ-FUZ").fields["place"] == "AZ-FUZ"
    assert a_find(laptop, task="elsewhere").fields.get("place") is None


def test_the_lists_are_read_again_only_when_an_entry_changed(hq: Workspace) -> None:
    before = hq.lists
    records.add(hq, "task", {"title": "A"}, owner="t7")
    assert hq.lists is before
    with suppress(RuntimeError), hq.store.transaction():
        lists.add(hq, "model", {"name_en": "Gone"}, code="gone")
        assert "gone" in hq.lists.models
        raise RuntimeError
    assert "gone" not in hq.lists.models
    beside = hq.beside()
    lists.add(beside, "model", {"name_en": "Kept"}, code="kept")
    beside.close()
    assert "kept" in hq.lists.models


def test_an_import_says_what_headquarters_changed_and_how_old_its_information_is(chain: Deployment) -> None:
    laptop = chain.laptops["one"]
    chain.carry(laptop)
    assert list_news.headquarters_at(laptop) == ""
    for number in range(3):
        lists.add(chain.hq, "model", {"name_en": f"Wolf-{number}", "category": "ap_mine"})
    lists.add(chain.hq, "place", {"name_en": "Far", "place_kind": "community"})
    lists.withdraw(chain.hq, "model", "pmn-4", "never seen here")
    outcome = chain.answer(laptop)
    assert outcome.lists == {"model": {"added": 3, "withdrawn": 1}, "place": {"added": 1}, "team": {"added": 1}}
    assert outcome.headquarters_at == list_news.headquarters_at(laptop) == outcome.created
    assert list_news.sentences(outcome.lists, Texts("en")) == [
        "Added by headquarters: 3 ordnance models, 1 place, 1 team.",
        "Withdrawn by headquarters: 1 ordnance model.",
    ]
    again = chain.answer(laptop)
    assert (again.lists, again.headquarters_at) == ({}, again.created)
    assert list_news.together([outcome.lists, outcome.lists])["model"] == {"added": 6, "withdrawn": 2}


def test_every_list_has_its_kind_and_only_headquarters_writes_it() -> None:
    for name in lists.LIST_NAMES:
        assert KINDS[KIND_OF_LIST[name]].hq_only


def test_a_reading_of_an_added_model_is_said_by_its_name(chain: Deployment) -> None:
    made = lists.add(chain.hq, "model", {"name_en": "Çinar 9", "category": "ap_mine"})
    said = group_words("find", "what", {"category": "ap_mine", "model": made.code}, Texts("az"), chain.hq.lists)
    assert "Çinar 9" in said
    assert made.code not in said
