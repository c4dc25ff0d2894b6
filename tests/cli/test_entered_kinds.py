"""Accidents, victims, quality visits, days of work and programmes through commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.cli.records import command_word
from fieldapp.operations.entry import ENTERED
from tests.cli.runner import done, run

ADDED = {
    "accident": ("pmn2", "--at", "39.9899 46.8988", "--happened-on", "2024-07-30", "--killed", 1, "--injured", 2),
    "victim": ("--victim-outcome", "injured", "--sex", "female", "--age-group", "child"),
    "quality_visit": ("--visited-on", "2024-08-01", "--severity", "minor", "--result", "accepted"),
    "progress": ("--worked-on", "2024-08-01", "--staff", 12, "--hours-manual", "61.5"),
    "hazardous_area": ("--classification", "sha", "--status", "open", "--informed-on", "2024-08-01"),
    "programme": ("--title", "Qarvand", "--target-m2", 4000000, "--place", "AZ-X-QARVAND"),
}
CORRECTED = {
    "accident": ("--injured", 3), "victim": ("--victim-outcome", "killed"), "quality_visit": ("--severity", "major"),
    "progress": ("--staff", 11), "hazardous_area": ("--status", "worked_on"), "programme": ("--target-m2", 4100000),
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds") / "hq"
    done("init", folder, "--role", "hq", "--deployment", "Test", "--escrow-to", folder.parent / "escrow.txt",
         "--key-file")
    return folder


@pytest.mark.parametrize("kind", ENTERED)
def test_each_kind_is_added_corrected_retracted_listed_shown_and_exported(office: Path, kind: str) -> None:
    word = command_word(kind)
    number = done(word, "add", *ADDED[kind], workspace=office)["local_id"]
    done(word, "correct", number, *CORRECTED[kind], "--why", "told again", workspace=office)
    name, value = str(CORRECTED[kind][0]).removeprefix("--").replace("-", "_"), CORRECTED[kind][1]
    assert done(word, "show", number, workspace=office)[name] == value
    assert [one["local_id"] for one in done(word, "list", workspace=office)["records"]] == [number]
    assert len(done(word, "history", number, workspace=office)["history"]) == 2
    for form in ("csv", "geojson"):
        file = office.parent / f"{kind}.{form}"
        assert done("export", form, file, "--kind", kind, workspace=office)["records"] == 1
        assert number in file.read_text("utf-8")
    done(word, "retract", number, "--why", "entered twice", workspace=office)
    assert done(word, "show", number, workspace=office)["retracted"] is True


def test_an_item_is_not_expected_where_a_kind_names_none(office: Path) -> None:
    assert run("victim", "add", "pmn2", workspace=office).code == 2


def test_personal_data_go_from_a_laptop_to_headquarters_through_commands(tmp_path: Path) -> None:
    done("init", tmp_path / "hq", "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt",
         "--key-file")
    done("hq", "invite", "--team", "t7", "--name", "laptop 1", "--to", tmp_path, workspace=tmp_path / "hq")
    done("init", tmp_path / "t7", "--invitation", tmp_path / "t7.fieldinvite", "--name", "Rəşad", "--key-file")
    (tmp_path / "stick").mkdir()
    (tmp_path / "who.json").write_text('{"name": "Gülnar", "date_of_birth": "1990-05-01"}', encoding="utf-8")
    laptop, office = tmp_path / "t7", tmp_path / "hq"
    number = done("victim", "add", *ADDED["victim"], "--personal", tmp_path / "who.json", workspace=laptop)["local_id"]
    done("bundle", "export", "--to", tmp_path / "stick", workspace=laptop)
    done("bundle", "import", tmp_path / "stick", workspace=office)
    assert done("victim", "show", number, workspace=office)["personal"] == "missing"
    (sent,) = done("victim", "send-personal", "--to", tmp_path / "stick", workspace=laptop)["files"]
    assert done("victim", "take-personal", sent["file"], workspace=office)["new"] == 1
    (shown,) = done("victim", "personal", number, "--as", "Officer 2", workspace=office)["personal"]
    assert shown["values"] == {"name": "Gülnar", "date_of_birth": "1990-05-01"}
    assert [one["by"] for one in done("victim", "looks", workspace=office)["looks"]] == ["Officer 2"]
    assert "Gülnar" in run("victim", "personal", number, workspace=office).out
    assert "Gülnar" not in run("victim", "show", number, workspace=office).out


@pytest.mark.parametrize("contents", ["no json", '{"name": 5}', '{"nickname": "G"}', "[]"])
def test_personal_data_that_are_not_understood_are_not_repeated(office: Path, tmp_path: Path, contents: str) -> None:
    (tmp_path / "who.json").write_text(contents, encoding="utf-8")
    ran = run("victim", "add", "--personal", tmp_path / "who.json", "--json", workspace=office)
    assert (ran.code, ran.json["error"]["code"]) == (1, "personal_not_understood")
    assert "nickname" not in ran.out


def test_a_programmes_progress_has_the_documented_shape(office: Path) -> None:
    number = done("programme", "add", *ADDED["programme"], "--shares", "Trust fund = 100", workspace=office)["local_id"]
    shown = done("programme", "progress", number, workspace=office)
    assert set(shown) >= {"target_m2", "approved_m2", "waiting_m2", "per_cent", "basis", "shares", "by_line_m2"}
    assert (shown["target_m2"], shown["approved_m2"], shown["per_cent"]) == (4_000_000, 0, 0)
    assert "Of the target: 0.0 %" in run("programme", "progress", number, workspace=office).out
