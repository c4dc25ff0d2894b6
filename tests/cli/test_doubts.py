"""What looks odd is said on standard error, never forbidden; what cannot be is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import done, run


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    """A laptop on its own."""
    done("init", tmp_path / "laptop", "--name", "Aysel", "--key-file")
    return tmp_path / "laptop"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at", "46.8988 39.9899"), "39.98"),
        (("--found-on", "2190-01-01"), "2190-01-01"),
        (("--quantity", "3120"), "3,120"),
        (("--quantity", "1.5"), "1.5"),
    ],
    ids=["swapped", "future", "many", "part of a piece"],
)
def test_an_odd_find_is_saved_and_the_doubt_is_said(laptop: Path, words: tuple[str, ...], said: str) -> None:
    ran = run("find", "add", "PMN-2", *words, "--json", workspace=laptop)
    assert ran.code == 0
    assert ran.json["local_id"]
    assert said in ran.err


def test_an_ordinary_find_raises_no_doubt(laptop: Path) -> None:
    assert not run("find", "add", "PMN-2", "--at", "39.9899 46.8988", "--json", workspace=laptop).err


def test_numbers_may_be_typed_in_small_letters(laptop: Path) -> None:
    number = done("find", "add", "PMN-2", workspace=laptop)["local_id"]
    assert done("find", "show", number.lower(), workspace=laptop)["local_id"] == number


def test_a_disposal_of_nothing_is_refused(laptop: Path) -> None:
    ran = run("disposal", "add", "--outcome", "moved", "--json", workspace=laptop)
    assert (ran.code, ran.json["error"]["code"]) == (1, "nothing_disposed")


def test_a_settled_value_must_be_one_its_fields_can_take(laptop: Path) -> None:
    number = done("find", "add", "PMN-2", workspace=laptop)["local_id"]
    ran = run("conflicts", "settle", number, "depth_cm", "--value", "-5", "--why", "x", "--json", workspace=laptop)
    assert (ran.code, ran.json["error"]["code"]) == (1, "fields_not_valid")


def test_letters_that_cannot_begin_a_tags_number_are_refused(tmp_path: Path) -> None:
    hq = tmp_path / "hq"
    done("init", hq, "--role", "hq", "--deployment", "T", "--escrow-to", tmp_path / "escrow.txt", "--key-file")
    ran = run("hq", "invite", "--team", "t7", "--prefix", "ğ!", "--to", tmp_path, "--json", workspace=hq)
    assert (ran.code, ran.json["error"]["code"]) == (1, "prefix_not_valid")


def test_a_laptop_takes_from_a_stick_what_is_meant_for_it_and_refuses_nothing_else(tmp_path: Path) -> None:
    hq, laptop, stick = tmp_path / "hq", tmp_path / "t7", tmp_path / "stick"
    stick.mkdir()
    done("init", hq, "--role", "hq", "--deployment", "T", "--escrow-to", tmp_path / "escrow.txt", "--key-file")
    done("hq", "invite", "--team", "t7", "--to", tmp_path, workspace=hq)
    done("init", laptop, "--invitation", tmp_path / "t7.fieldinvite", "--key-file")
    done("find", "add", "PMN-2", workspace=laptop)
    done("bundle", "export", "--to", stick, workspace=laptop)
    done("bundle", "import", stick, workspace=hq)
    done("bundle", "export", "--team", "t7", "--to", stick, workspace=hq)
    bundles = done("bundle", "import", stick, workspace=laptop)["bundles"]
    assert [bundle["status"] for bundle in bundles] == ["imported"]
    assert done("bundle", "status", workspace=laptop)["hq"] == 1


@pytest.mark.parametrize(("text", "said"), [
    ("38SPK6428", "707 m"), ("4428553 8664771", ""), ("39N 664771 4428553", "outside the work area"),
    ("39.9911 46.93", "46.93"),
])  # fmt: skip
def test_what_is_to_be_looked_at_in_a_typed_position_is_said_when_it_is_saved(
    laptop: Path, text: str, said: str
) -> None:
    ran = run("find", "add", "pmn2", "--at", text, workspace=laptop)
    assert ran.code == 0
    assert said in ran.err
    assert bool(ran.err) is bool(said)


@pytest.mark.parametrize("other", [("--lat", 40.5), ("--satellites", 9), ("--accuracy-basis", "receiver")])
def test_a_typed_position_stands_alone(laptop: Path, other: tuple[str, object]) -> None:
    """What a receiver gave and what a person typed never mix in one point."""
    ran = run("find", "add", "pmn2", "--at", "39.9911 46.9300", *other, workspace=laptop)
    assert (ran.code, other[0] in ran.err) == (2, True)
    assert not done("find", "list", workspace=laptop)["records"]


def test_a_swap_is_asked_about_in_the_work_area_that_was_set(laptop: Path) -> None:
    done("settings", "set", "work-area", "44.0 37.0 46.0 39.0", workspace=laptop)
    assert "45." in run("find", "add", "pmn2", "--at", "38.12345 45.12345", workspace=laptop).err
    assert not run("find", "add", "pmn2", "--at", "45.12345 38.12345", workspace=laptop).err
