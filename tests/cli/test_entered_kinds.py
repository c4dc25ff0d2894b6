"""Accidents, victims, quality visits, days of work and programmes through commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations.entry import ENTERED
from tests.cli.runner import done, run

ADDED = {
    "accident": ("pmn2", "--at", "39.9899 46.8988", "--happened-on", "2024-07-30", "--killed", 1, "--injured", 2),
    "victim": ("--victim-outcome", "injured", "--sex", "female", "--age-group", "child"),
    "quality_visit": ("--visited-on", "2024-08-01", "--severity", "minor", "--result", "accepted"),
    "progress": ("--worked-on", "2024-08-01", "--staff", 12, "--hours-manual", "61.5"),
    "programme": ("--title", "Qarvand", "--target-m2", 4000000, "--place", "AZ-X-QARVAND"),
}
CORRECTED = {
    "accident": ("--injured", 3), "victim": ("--victim-outcome", "killed"), "quality_visit": ("--severity", "major"),
    "progress": ("--staff", 11), "programme": ("--target-m2", 4100000),
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds") / "hq"
    done("init", folder, "--role", "hq", "--deployment", "Test", "--escrow-to", folder.parent / "escrow.txt",
         "--key-file")
    return folder


@pytest.mark.parametrize("kind", ENTERED)
def test_each_kind_is_added_corrected_retracted_listed_shown_and_exported(office: Path, kind: str) -> None:
    word = kind.replace("_", "-")
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
