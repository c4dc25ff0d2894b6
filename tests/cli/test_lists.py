"""``fieldapp lists``: every verb prints its document, and what it did can be seen by the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import done, run


@pytest.fixture
def hq(tmp_path: Path) -> Path:
    done("init", tmp_path / "hq", "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt",
         "--key-file")
    return tmp_path / "hq"


def test_lists_are_shown_added_to_changed_and_withdrawn(hq: Path) -> None:
    added = done("lists", "add", "model", "--name-en", "Wolf", "--name-ru", "Волк", "--category", "ap_mine",
                 "--alias", "Qurd", "--alias", "бирюк", workspace=hq)
    assert (added["code"], added["facts"]["aliases"], added["origin"]) == ("wolf", ["Qurd", "бирюк"], "added")
    shown = done("lists", "show", "model", "--search", "БИРЮК", workspace=hq)["entries"]
    assert [one["code"] for one in shown] == ["wolf"]
    place = done("lists", "add", "place", "--name-az", "Yeni Qarvənd", "--place-kind", "community", "--parent",
                 "AZ-AGM", "--formed-from", "AZ-X-QARVAND=3.5", workspace=hq)
    assert place["facts"]["formed_from"] == [{"place": "AZ-X-QARVAND", "area_km2": "3.5"}]
    changed = done("lists", "change", "place", place["code"], "--valid-from", "2024", "--why", "law", workspace=hq)
    assert (changed["facts"]["valid_from"], changed["facts"]["parent"]) == ("2024", "AZ-AGM")
    done("lists", "add", "vocabulary", "--of", "unit", "--name-en", "Box", "--code", "box", workspace=hq)
    done("lists", "withdraw", "vocabulary", "unit/box", "--why", "not used", workspace=hq)
    codes = [done("lists", "show", "vocabulary", "--of", "unit", *more, workspace=hq)["entries"]
             for more in ((), ("--offered",))]
    assert [sum(one["code"] == "unit/box" for one in entries) for entries in codes] == [1, 0]
    assert done("lists", "show", "place", place["code"], workspace=hq)["entries"] == [changed]
    assert run("lists", "change", "model", "no-such", "--why", "x", "--name-en", "y", workspace=hq).code == 1


def test_texts_are_mapped_and_taken_back(hq: Path) -> None:
    for text in ("Ləpə", "ləpə", "Другая"):
        done("find", "add", "--model", text, "--category", "ap_mine", workspace=hq)
    found = done("lists", "unmapped", workspace=hq)["unmapped"]
    assert [(one["text"].lower(), one["records"]) for one in found] == [("ləpə", 2), ("другая", 1)]
    done("lists", "map", "ləpə", "--to", "pmn-2", workspace=hq)
    done("lists", "map", "другая", "--new", "--category", "ap_mine", "--code", "other", workspace=hq)
    after = done("lists", "unmapped", workspace=hq)
    assert (after["unmapped"], after["mapped"]) == ([], [{"text": "ləpə", "model": "pmn-2"}])
    listed = run("find", "list", workspace=hq).out
    assert listed.count("PMN-2") == 2
    done("lists", "unmap", "LƏPƏ", "--why", "wrong", workspace=hq)
    assert len(done("lists", "unmapped", workspace=hq)["unmapped"]) == 1
    assert done("lists", "unknown", workspace=hq) == {"unknown": []}
    assert run("lists", "map", "x", workspace=hq).code == 2


def test_the_list_is_named_in_the_language_asked_for(tmp_path: Path) -> None:
    done("init", tmp_path / "a", "--key-file", "--name", "Aysel")
    shown = run("lists", "show", "place", "--lang", "az", workspace=tmp_path / "a").out.splitlines()
    assert shown[0].split() == ["Kod", "Ad", "Mənbə"]
    assert any("Ağdam" in line for line in shown)
