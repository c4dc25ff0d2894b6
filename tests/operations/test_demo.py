"""``fieldapp demo``: the published week, to the piece and the square metre, by the way everybody's records go."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldapp.clock import SetClock
from fieldapp.domain.counting import PUBLIC_LINES
from fieldapp.domain.lists_in_force import shipped_lists
from fieldapp.operations import explaining, export, imports, joining, lookup, records, reports, review, verifying
from fieldapp.operations.demo import make_demo
from fieldapp.operations.errors import DemonstrationOnly, WorkspaceExists
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.reports.document import document
from fieldapp.reports.weekly import WeeklyReport
from fieldapp.storage.listing import Row
from fieldapp.storage.merged import state_hash
from fieldapp.sync.demonstration import demonstration_keys, is_demonstration
from fieldapp.sync.errors import BundleError, Cancelled, DemonstrationRefused, RealRefused
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.sealing import open_sealed
from fieldapp.texts import Texts
from tests import builders
from tests.builders_sync import sealed

FIRST, LAST = date(2024, 7, 29), date(2024, 8, 4)
WEEK = ("--from", "2024-07-29", "--to", "2024-08-04")
TEAMS = [f"team-{number:02d}" for number in range(1, 15)]


@pytest.fixture
def demo(demonstration: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration that a test may open and change."""
    return Path(shutil.copytree(demonstration, tmp_path / "demo"))


@pytest.fixture
def hq(demo: Path) -> Iterator[Workspace]:
    with open_workspace(demo / "hq") as ws:
        yield ws


@pytest.fixture
def week(hq: Workspace) -> WeeklyReport:
    return reports.weekly(hq, FIRST, LAST)


def rows(ws: Workspace, kind: str, **which: Any) -> list[Row]:
    """Live records of a kind that were found, done or completed in the week."""
    return lookup.rows(ws, kind, since=FIRST.isoformat(), until=LAST.isoformat(), retracted=False, **which)


def fieldapp(*words: str | Path, **env: str) -> Any:
    """A command in a process of its own, with its one JSON document."""
    ran = subprocess.run(
        [sys.executable, "-m", "fieldapp", *words], env=os.environ | env, check=False, capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_the_week_is_the_published_one(week: WeeklyReport) -> None:
    found = {line: week.totals.line(line).found for line in PUBLIC_LINES}
    assert found == {"ap_mine": 280, "at_mine": 87, "uxo": 8086}
    assert 27_908_500 <= week.totals.released_m2("cleared") < 27_909_500
    assert str(week.totals.released_ha("cleared")) == "2790.9"


def test_all_of_it_was_neutralised_in_the_week_in_every_district(week: WeeklyReport) -> None:
    for figures in (week.totals, *week.districts.values()):
        for line in PUBLIC_LINES:
            items = figures.line(line)
            assert (items.neutralised, items.outstanding) == (items.found, 0)
    assert not week.too_many
    assert not week.unresolved


def test_the_thirteen_districts_stand_in_public_order_each_with_finds_and_hectares(week: WeeklyReport) -> None:
    lists = shipped_lists()
    assert list(week.districts) == lists.in_public_order([*lists.places])[:13]
    assert all(figures.line("uxo").found and figures.released_m2("cleared") for figures in week.districts.values())


def test_several_operators_and_methods_did_it_and_other_lines_stand_apart(week: WeeklyReport) -> None:
    assert set(week.operators) == {"anama", "mod", "mes", "sbs", "operator-1", "operator-2", "operator-3", "operator-4"}
    assert len(week.methods_m2) > 4
    assert {line.rollup for line in week.other_lines} == {"fuze", "ied", "saa", "explosive"}
    assert all(week.totals.released_m2(release) for release in ("reduced", "cancelled", "bac", "follow_up_pending"))


def test_one_plot_waits_and_is_not_in_the_hectares(hq: Workspace, week: WeeklyReport) -> None:
    assert week.waiting.plots == 1
    entered = sum(row["area_m2"] for row in rows(hq, "plot", equal={"release": "cleared"}))
    counted = week.totals.released_m2("cleared") + week.totals.released_m2("follow_up_pending")
    assert entered == pytest.approx(float(counted + week.waiting.plots_m2))


def test_the_weeks_before_and_after_have_work_of_their_own(hq: Workspace) -> None:
    before, after = (reports.weekly(hq, *reports.week_of(day)) for day in (date(2024, 7, 26), date(2024, 8, 5)))
    for other in (before, after):
        found = sum(other.totals.line(line).found for line in PUBLIC_LINES)
        assert 0 < found < 100
    assert before.totals.released_m2("cleared")
    assert after.waiting.plots


def test_the_command_line_tells_the_same_figures(demo: Path) -> None:
    told = fieldapp("--workspace", demo / "hq", "report", "weekly", *WEEK, "--format", "json")
    totals = told["totals"]
    assert [totals[line]["found"] for line in PUBLIC_LINES] == [280, 87, 8086]
    assert [totals[line]["neutralised"] for line in PUBLIC_LINES] == [280, 87, 8086]
    assert totals["released_ha"]["cleared"] == 2790.9
    assert 27_908_500 <= totals["released_m2"]["cleared"] < 27_909_500


def test_every_run_has_the_same_records_state_and_report(demo: Path, tmp_path: Path) -> None:
    """In another process, with other hashes of texts, in another time zone."""
    again = tmp_path / "again"
    made = fieldapp("demo", again, "--json", PYTHONHASHSEED="7", TZ="America/New_York")
    assert made["hq"] == str(again / "hq")
    assert made["field"] == [str(again / team) for team in TEAMS]
    assert all(Path(one["file"]).is_file() for one in made["bundles"])
    for place in ("hq", *TEAMS):
        with open_workspace(demo / place) as one, open_workspace(again / place) as other:
            assert state_hash(one.store) == state_hash(other.store)
            assert lookup.ends(one) == lookup.ends(other)
            if place == "hq":
                assert made["state_hash"] == state_hash(one.store)
                assert report_json(one) == report_json(other)
                assert report_json(one)["totals"] == made["totals"]


def report_json(ws: Workspace) -> Any:
    return document(reports.weekly(ws, FIRST, LAST), Texts("en"))


def test_every_workspace_is_whole(demo: Path) -> None:
    for place in ("hq", "team-07", "team-11", "team-14"):
        with open_workspace(demo / place) as ws:
            assert verifying.check(ws, read_data=True).problems == []
            assert is_demonstration(ws.device)
            assert ws.demonstration


@pytest.mark.parametrize(("team", "where"), [("team-07", "hq"), ("team-10", "hq"), ("team-11", "stick")])
def test_records_are_safe_at_hq_but_for_the_team_without_receipts(demo: Path, team: str, where: str) -> None:
    with open_workspace(demo / team) as ws:
        names = [row.name for kind in review.JUDGED_KINDS for row in lookup.rows(ws, kind)]
        assert len(names) > 50
        assert set(records.whereabouts(ws, names).values()) == {where}


def test_one_bundle_came_twice_and_one_late(demonstration: Path) -> None:
    made = json.loads(demonstration.with_suffix(".json").read_text(encoding="utf-8"))
    said = {(one["from"], Path(one["file"]).name.rpartition("-")[2]): one["imports"] for one in made["bundles"]}
    assert said["team-01", "2.fieldbundle"] == ["imported", "known"]
    assert said["team-10", "2.fieldbundle"] == ["known"]
    assert said["team-10", "3.fieldbundle"] == ["imported"]
    assert said["team-07", "2.fieldbundle"] == ["imported"]


def test_everything_of_the_week_came_by_bundles_from_laptops(hq: Workspace) -> None:
    for kind in review.JUDGED_KINDS:
        assert all(row["owner"] != "hq" for row in rows(hq, kind))
    assert len(rows(hq, "find")) > 450
    assert {row["owner"] for row in rows(hq, "find")} == {team.replace("-", "") for team in TEAMS}


def test_a_wrong_model_was_put_right_with_a_reason(hq: Workspace) -> None:
    corrected = [row for row in rows(hq, "find", equal={"model": "pmn-2"}) if row["events"] > 1]
    assert len(corrected) == 2
    first, second = records.history(hq, corrected[0].name)
    assert first.value["set"]["what"]["model"] == "tm-62m"
    assert second.why == "TM-62M seçilib, tapılan PMN-2-dir."


def test_the_second_record_of_one_item_is_retracted_and_does_not_count(hq: Workspace) -> None:
    retracted = lookup.rows(hq, "find", retracted=True)
    assert [row["owner"] for row in retracted] == ["team13"]
    assert records.history(hq, retracted[0].name)[-1].why == "Eyni tapıntı iki dəfə yazılıb."


def test_the_find_without_position_is_unsigned_and_asked_about(hq: Workspace, week: WeeklyReport) -> None:
    (row,) = [row for row in rows(hq, "find") if row["lat"] is None]
    (judgement,) = review.judgements(hq, names=[row.name])[row.name]
    assert judgement.verdict == "queried"
    assert not review.judgements(hq, "sign_off", names=[row.name])
    assert week.waiting.finds == 1


def test_one_model_is_not_in_the_list_and_kept_as_typed(week: WeeklyReport, hq: Workspace) -> None:
    (row,) = [row for row in rows(hq, "find") if row["model_text"]]
    assert (row["model"], row["model_text"]) == (None, "Naməlum 57 mm mərmi, yazısı silinib")
    assert week.models_as_typed == 1


def test_hq_put_a_district_right_and_the_team_sees_who_and_why(demo: Path) -> None:
    with open_workspace(demo / "team-02") as ws:
        by_hq = [step for row in lookup.rows(ws, "find") for step in records.history(ws, row.name)
                 if step.by == "Leyla Həsənli"]
    assert [step.changes["place"].after for step in by_hq] == ["AZ-X-AGHDARA"]
    assert [step.why for step in by_hq] == ["Aghdara since December 2023, no longer Tartar."]


def test_items_were_moved_and_destroyed_by_another_team_by_their_tags(hq: Workspace, demo: Path) -> None:
    destroyed = rows(hq, "disposal", owner="team14", equal={"outcome": "central_demolition"})
    assert len(destroyed) > 50
    assert all(row["find"] is None and not row["tag"].startswith("T14") for row in destroyed)
    split = [row["tag"] for row in destroyed if row["quantity"] == 200]
    assert split
    assert all([row["tag"] for row in destroyed].count(tag) == 2 for tag in split)
    with open_workspace(demo / "team-14") as eod:
        assert {row["owner"] for row in lookup.rows(eod, "find")} == {"team14"}


def test_lots_hold_several_models_at_one_place(hq: Workspace) -> None:
    lots: dict[str, list[Row]] = {}
    for row in rows(hq, "find"):
        if row["lot"]:
            lots.setdefault(row["lot"], []).append(row)
    assert len(lots) > 10
    assert all(len(lot) > 1 and len({(row["lat"], row["lon"]) for row in lot}) == 1 for lot in lots.values())


def test_a_team_knows_its_tasks_by_record_and_without_a_stick_back_by_the_number_told(demo: Path) -> None:
    with open_workspace(demo / "team-09") as ws:
        tasks = {row.name: row["place"] for row in lookup.rows(ws, "task")}
        assert {row["task"]: row["place"] for row in rows(ws, "find")} == tasks
        assert sorted(tasks.values()) == ["AZ-LAC", "AZ-ZAN"]
    with open_workspace(demo / "team-11") as ws:
        assert not lookup.rows(ws, "task")
        (number,) = {row["task"] for row in rows(ws, "find")}
    with open_workspace(demo / "hq") as ws:
        (task,) = lookup.rows(ws, "task", owner="team11", equal={"local_id": number})
        assert task["place"] == "AZ-FUZ"


def test_plots_lie_in_their_districts_side_by_side(hq: Workspace) -> None:
    from shapely import Polygon, STRtree

    from fieldapp.geodesy.area import rings
    from fieldapp.geodesy.districts import district_hint

    plots = lookup.rows(hq, "plot")
    shapes = [Polygon(rings(lookup.shape(row, "outline"))[0][0]) for row in plots]
    tree = STRtree(shapes)
    assert all(len(tree.query(shape, "intersects")) == 1 for shape in shapes)
    for row, shape in zip(plots, shapes, strict=True):
        expected = {row["place"]} if row["place"] != "AZ-X-AGHDARA" else {"AZ-TAR", "AZ-KAL", "AZ-AGM"}
        assert {district_hint(lat, lon) for lon, lat in shape.exterior.coords} <= expected, row["place"]


def test_a_real_headquarters_refuses_the_demonstrations_bundles(demo: Path, tmp_path: Path) -> None:
    bundle = next((demo / "stick" / "team-04").glob("*-2.fieldbundle"))
    private = tmp_path / "private"
    private.mkdir()
    plain = open_sealed(bundle, private, [demonstration_keys("hq").receiving]).path.read_bytes()
    with builders.hq(tmp_path / "real") as real:
        before = state_hash(real.store)
        with pytest.raises(BundleError):
            imports.import_file(real, bundle)
        for_us = sealed(plain, tmp_path / "resealed.fieldbundle", [real.keys.recipient])
        with pytest.raises(DemonstrationRefused):
            imports.import_file(real, for_us)
        assert state_hash(real.store) == before


def test_the_demonstration_refuses_real_bundles(hq: Workspace, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    before = state_hash(hq.store)
    with builders.deployment(tmp_path / "real", "one") as real:
        builders.a_find(real.laptops["one"])
        bundle = export.export_for_hq(real.laptops["one"], real.stick).path
        with pytest.raises(BundleError):
            imports.import_file(hq, bundle)
        plain = open_sealed(bundle, real.hq.private, [real.hq.keys.receiving]).path.read_bytes()
    with pytest.raises(RealRefused):
        imports.import_file(hq, sealed(plain, tmp_path / "resealed.fieldbundle", [hq.keys.recipient]))
    assert state_hash(hq.store) == before


def test_a_real_laptop_refuses_an_invitation_of_the_demonstration(demo: Path, tmp_path: Path) -> None:
    with builders.alone(tmp_path / "real") as real:
        with pytest.raises(DemonstrationOnly):
            joining.join(real, demo / "stick" / "team-04" / "team-04.fieldinvite")
        assert real.deployment is None


def test_the_demonstrations_keys_join_no_real_deployment(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    with builders.deployment(tmp_path / "real", "one") as real, pytest.raises(DemonstrationOnly):
        start(tmp_path / "laptop", real.stick / "one.fieldinvite", demonstration_keys("team-03"))
    assert not (tmp_path / "laptop").exists()


def start(folder: Path, invitation: Path, keys: DeviceKeys) -> Workspace:
    return joining.start_invited(folder, invitation, keys=keys, clock=SetClock(builders.START), use_keyring=False)


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceExists):
        make_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_stopping_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    steps: list[int] = []
    with pytest.raises(Cancelled):
        make_demo(tmp_path / "demo", lambda _, done, total: steps.append(done), lambda: len(steps) > 3)
    assert steps == [0, 1, 2, 3]
    assert list((tmp_path / "demo").iterdir()) == []


def test_one_mine_of_the_monday_after_is_a_missed_item_and_no_other_find(hq: Workspace) -> None:
    (alarm,) = explaining.all_open(hq)
    assert (alarm.find["owner"], alarm.plot["owner"]) == ("team11", "team11")
