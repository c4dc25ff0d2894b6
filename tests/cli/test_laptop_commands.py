"""Laptops, odd dates and shifting them, by commands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copytree

from fieldapp.clock import SetClock
from fieldapp.operations import export, imports
from fieldapp.operations.workspace import open_workspace
from tests.builders import START, a_find, clock, deployment
from tests.builders_faults import carried, packed, sealed_day
from tests.cli.runner import done, run


def test_a_stretch_of_odd_dates_is_listed_and_shifted_by_commands(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        assert isinstance(slow.clock, SetClock)
        slow.clock.set(START - timedelta(days=365))
        names = [a_find(slow).name for _ in range(2)]
        there.carry(slow)
    at_hq = tmp_path / "hq"
    odd = done("hq", "odd-dates", workspace=at_hq)["odd_dates"]
    assert [(one["record"], one["day"], one["reason"]) for one in odd] == [
        (name, "2023-07-30", "clock_doubt") for name in names
    ]
    assert "The laptop's clock was wrong" in run("hq", "odd-dates", workspace=at_hq).out
    stretch = (odd[0]["stream"], "--from", odd[0]["seq"], "--to", odd[-1]["seq"])
    would = done("shift-dates", *stretch, "--by", 365, "--why", "?", "--dry-run", workspace=at_hq)["would_shift"]
    assert [(one["record"], one["before"]) for one in would] == [(one["record"], one["day"]) for one in odd]
    shifted = done("shift-dates", *stretch, "--by", 365, "--why", "clock a year slow", workspace=at_hq)
    assert (sorted(shifted["shifted"]), shifted["disputed"]) == (sorted(names), [])
    assert done("hq", "odd-dates", workspace=at_hq) == {"odd_dates": []}
    back = run("shift-dates", *stretch, "--by", -365, "--why", "as it was", workspace=at_hq)
    assert (back.code, back.out) == (0, "2 records corrected.\n")
    assert run("shift-dates", *stretch, "--by", 0, "--why", "nothing", workspace=at_hq).code == 1


def test_devices_show_what_came_and_nag_about_silence(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        a_find(there.laptops["one"])
        there.exchange(there.laptops["one"])
    (one,) = [d for d in done("hq", "devices", workspace=tmp_path / "hq")["devices"] if d["role"] == "field"]
    assert (one["name"], one["teams"], one["bundles"], one["clock_doubts"]) == ("one", ["t7"], 1, 0)
    (log,) = one["logs"]
    assert (log["audience"], log["received"], log["gaps"]) == ("team/t7", [[1, 1]], [])
    assert "one: no bundle for " in run("hq", "devices", workspace=tmp_path / "hq").out


def test_a_copied_laptop_is_shown_and_enrolled_anew_by_commands(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        before = a_find(one).name
        there.exchange(one)
        one.close()
        copytree(one.folder, tmp_path / "copy")
        for folder in (one.folder, tmp_path / "copy"):
            with open_workspace(folder, clock=clock()) as machine:
                a_find(machine)
                export.export_for_hq(machine, there.stick)
    at_hq = tmp_path / "hq"
    taken = run("bundle", "import", tmp_path / "stick", workspace=at_hq).out
    assert taken.count("Two machines write one log. Both are kept; fieldapp hq forks shows them.") == 1
    (fork,) = done("hq", "forks", workspace=at_hq)["forks"]
    assert (fork["name"], fork["seq"], fork["cut_off"], len(fork["branches"])) == ("one", 2, False, 2)
    said = run("hq", "forks", workspace=at_hq).out
    assert all(branch["head"][:12] in said for branch in fork["branches"])
    assert "Invite one of the machines anew:" in said
    keep = fork["branches"][0]
    written = done("hq", "reenrol", fork["device"], "--to", tmp_path, "--keep", keep["head"][:12], "--why", "copied",
                   workspace=at_hq)
    assert Path(written["file"]).exists()
    other = run("hq", "reenrol", fork["device"], "--to", tmp_path / "2.fieldinvite", "--why", "x", workspace=at_hq)
    assert "On the machine, make a new workspace with this invitation." in other.out
    listed = done("find", "list", workspace=at_hq)["records"]
    assert {one["record"] for one in listed} == {before, *keep["records"]}
    assert "Invite one of the machines anew:" not in run("hq", "forks", workspace=at_hq).out
    wrong = run("hq", "reenrol", fork["device"], "--to", tmp_path, "--keep", "zz", "--why", "x", workspace=at_hq)
    assert wrong.code == 1


def test_a_date_found_right_leaves_the_list_by_command(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        assert isinstance(slow.clock, SetClock)
        slow.clock.set(START - timedelta(days=365))
        name = a_find(slow).name
        there.carry(slow)
    (checked,) = done("hq", "date-is-right", name, "--why", "from the archive", workspace=tmp_path / "hq")["checked"]
    assert (checked["record"], checked["why"]) == (name, "from the archive")
    assert done("hq", "odd-dates", workspace=tmp_path / "hq") == {"odd_dates": []}


def test_a_gap_is_listed_with_the_laptop_and_the_dates_around_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        there.exchange(one)
        bundles = []
        for day in (1, 2, 3):
            assert isinstance(one.clock, SetClock)
            one.clock.set(START + timedelta(days=day))
            a_find(one)
            bundles.append(carried(one, there.stick, [packed(sealed_day(one))]))
        imports.import_files(there.hq, [bundles[0], bundles[2]])
    (gap,) = done("hq", "gaps", workspace=tmp_path / "hq")["gaps"]
    assert (gap["laptop"], gap["from"], gap["to"]) == ("one", 2, 2)
    assert (gap["after"][:10], gap["before"][:10]) == ("2024-07-30", "2024-08-01")
    said = run("hq", "gaps", "--lang", "ru", workspace=tmp_path / "hq").out
    assert "Записаны после" in said
    assert gap["before"] in said
