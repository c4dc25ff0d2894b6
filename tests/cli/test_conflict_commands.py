"""Conflicts and headquarters' changes by commands."""

from __future__ import annotations

from pathlib import Path

from fieldapp.operations import records
from tests.builders import a_find, deployment
from tests.cli.runner import done, run


def quarrels(folder: Path, *depths: int) -> list[str]:
    """Finds on whose depth the team and headquarters (30 cm) differ; returns their names."""
    with deployment(folder, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in depths]
        there.carry(north)
        for name, depth in zip(names, depths, strict=True):
            records.correct(there.hq, name, {"depth_cm": 30}, "the sketch says so")
            records.correct(north, name, {"depth_cm": depth}, "measured again")
        there.carry(north)
        return names


def test_alike_conflicts_are_listed_together_and_settled_by_the_number_of_the_list(tmp_path: Path) -> None:
    names = quarrels(tmp_path, 18, 18, 22)
    hq, laptop = tmp_path / "hq", tmp_path / "north"
    listed = done("conflicts", "list", workspace=hq)
    assert listed["total"] == {"conflicts": 3, "groups": 2}
    assert {tuple(sorted(c["readings"])) for c in listed["conflicts"]} == {(18, 30), (22, 30)}
    assert set(listed["conflicts"][0]) == {"record", "group", "readings", "events"}
    pair = next(group for group in listed["groups"] if group["count"] == 2)
    assert [record["record"] for record in pair["records"]] == names[:2]
    assert [reading["words"] for reading in pair["readings"] if reading["shown"]] == [str(pair["readings"][0]["value"])]
    number = 1 + [reading["value"] for reading in pair["readings"]].index(18)
    ran = run("conflicts", "settle", "--alike", pair["id"], "--reading", number, "--why", "photo", workspace=hq)
    assert (ran.code, ran.out.count("Settled: ")) == (0, 2)
    again = run("conflicts", "settle", "--alike", pair["id"], "--reading", 1, "--why", "x", "--json", workspace=hq)
    assert (again.code, again.json["error"]["code"]) == (1, "conflict_gone")
    gone = run("conflicts", "settle", names[0], "depth_cm", "--reading", 1, "--why", "x", "--json", workspace=hq)
    assert (gone.code, gone.json["error"]["code"]) == (1, "conflict_gone")
    back = done("bundle", "export", "--team", "t7", "--to", tmp_path / "stick", workspace=hq)
    ran = run("bundle", "import", back["file"], workspace=laptop)
    assert "HQ changed 3 records; fieldapp hq-changes list shows what." in ran.out
    changes = done("hq-changes", "list", workspace=laptop)["changes"]
    assert sorted(one["what"] for one in changes) == ["corrected"] * 3 + ["settled"] * 2
    assert changes[0]["what"] == "settled", "newest first"
    said = run("hq-changes", "list", workspace=laptop).out
    assert "HQ settled" in said
    assert "photo" in said
    assert done("hq-changes", "seen", changes[0]["number"], workspace=laptop)["seen"] == 2
    done("hq-changes", "seen", "--all", workspace=laptop)
    assert done("hq-changes", "list", workspace=laptop) == {"changes": []}
    assert len(done("hq-changes", "list", "--all", workspace=laptop)["changes"]) == len(changes)


def test_the_list_in_words_shows_every_reading_with_its_writer_the_one_shown_first(tmp_path: Path) -> None:
    quarrels(tmp_path, 18)
    out = run("conflicts", "list", workspace=tmp_path / "hq").out
    (shown,) = [line for line in out.splitlines() if "(shown until settled)" in line]
    assert shown.startswith("  1. ")
    assert "Officer \u00b7 Headquarters" in out
    assert "North \u00b7 Team t7, north" in out
    assert "1 difference is open" in out


def test_filters_choose_what_is_listed(tmp_path: Path) -> None:
    quarrels(tmp_path, 18, 22)
    hq = tmp_path / "hq"
    for words, count in (
        (("--kind", "plot"), 0), (("--kind", "find"), 2), (("--team", "t7"), 2), (("--team", "t9"), 0),
        (("--older-than", 100_000), 0), (("--limit", 1), 1), (("--offset", 1), 1),
    ):
        assert len(done("conflicts", "list", *words, workspace=hq)["groups"]) == count, words


def test_one_record_is_settled_by_reading_or_value_and_wrong_calls_are_usage(tmp_path: Path) -> None:
    names = quarrels(tmp_path, 18, 22)
    hq = tmp_path / "hq"
    settled = done("conflicts", "settle", names[0], "depth_cm", "--reading", 1, "--why", "seen", workspace=hq)
    assert settled["settled"] is True
    (left,) = done("conflicts", "list", workspace=hq)["groups"]
    done("conflicts", "settle", "--alike", left["id"], "--value", 25, "--why", "between", workspace=hq)
    assert done("find", "show", names[1], workspace=hq)["depth_cm"] == 25
    for words in (
        ("--reading", 1, "--why", "x"), (names[0], "depth_cm", "--alike", left["id"], "--why", "x"),
    ):
        assert run("conflicts", "settle", *words, workspace=hq).code == 2, words
    assert run("hq-changes", "seen", workspace=tmp_path / "north").code == 2
    assert run("hq-changes", "list", workspace=hq).code == 1
