"""The places: found in any spelling, named in the published order, dated."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.domain.lists_in_force import shipped_lists
from fieldapp.domain.places import places
from fieldapp.texts import fold

LISTS = shipped_lists()
DISTRICTS = LISTS.in_public_order([place.code for place in places().values() if not place.parent])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tartar", "AZ-TAR"), ("TERTER", "AZ-TAR"), ("tərtər", "AZ-TAR"), ("t\u01ddrt\u01ddr", "AZ-TAR"),
        ("Тертерский район", "AZ-TAR"), ("Ağdərə", "AZ-X-AGHDARA"), ("agdara", "AZ-X-AGHDARA"),
        ("Ağdam", "AZ-AGM"), ("Agdam", "AZ-AGM"), ("XANKƏNDİ", "AZ-XA"), ("ağstafa", "AZ-AGA"), ("az-zan", "AZ-ZAN"),
        ("QIZILHACILI", "AZ-X-GIZILHAJILY"),
    ],
)  # fmt: skip
def test_a_place_is_found_in_any_language_spelling_and_case(text: str, code: str) -> None:
    found = LISTS.find_place(text)
    assert found is not None
    assert found.code == code


def test_what_names_no_place_is_not_guessed() -> None:
    assert LISTS.find_place("Agd") is None
    assert LISTS.find_place("") is None
    assert LISTS.places.get("AZ-NOWHERE") is None
    assert LISTS.place_name("AZ-NOWHERE", "az") == "AZ-NOWHERE"
    assert LISTS.district_of("AZ-NOWHERE") is None


def test_no_spelling_names_two_places() -> None:
    spellings: dict[str, str] = {}
    for known in places().values():
        for text in (known.code, known.names.en, known.names.az, known.names.ru, *known.variants):
            assert spellings.setdefault(fold(text), known.code) == known.code, text


def test_districts_come_in_the_published_order() -> None:
    published = [LISTS.place_name(code) for code in DISTRICTS[:13]]
    order = "Tartar Aghdara Kalbajar Aghdam Khojaly Khankendi Khojavend Lachin Shusha Fuzuli Gubadli Jabrayil Zangilan"
    assert published == order.split()
    assert {"AZ-QAZ", "AZ-GOR", "AZ-DAS"} <= set(DISTRICTS[13:])
    assert LISTS.in_public_order({"XX-NEW", "AZ-ZAN", "AZ-GOR", "AZ-TAR"}) == ["AZ-TAR", "AZ-ZAN", "AZ-GOR", "XX-NEW"]


def test_aghdara_bears_our_own_code_and_begins_in_december_2023() -> None:
    aghdara = places()["AZ-X-AGHDARA"]
    assert not aghdara.in_force(date(2023, 11, 30))
    assert aghdara.in_force(date(2023, 12, 1))
    assert [part.place for part in aghdara.formed_from] == ["AZ-KAL", "AZ-TAR", "AZ-AGM"]
    assert places()["AZ-TAR"].in_force(date(1990, 1, 1))


def test_a_community_lies_in_its_district_and_every_parent_is_a_listed_district() -> None:
    assert LISTS.district_of("AZ-X-QARVAND") == "AZ-AGM"
    assert LISTS.district_of("AZ-XA") == "AZ-XA"
    for known in places().values():
        assert (known.kind == "community") == bool(known.parent)
        assert not known.parent or places()[known.parent].kind == "district"
        assert all(part.place in places() for part in known.formed_from)
