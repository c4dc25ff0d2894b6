"""Checks over a whole workspace, at sign-off and of what an import brought: what is told, and that nothing changes."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from fieldapp.domain.checks import Finding
from fieldapp.operations import areas, checks_of_records, explaining, finds, plots, records, tasks
from fieldapp.operations.checks_of_records import of_records
from fieldapp.operations.paper import Paper
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage.merged import state_hash
from fieldapp.sync.errors import Cancelled
from fieldapp.texts import Texts
from tests.builders import RECTANGLE, a_find, a_plot, deployment, hq
from tests.operations.test_paper import RECORD

B = ("40.02 46.981", "40.02 46.982171", "40.02072 46.982171", "40.02072 46.981")
FAR = ("40.12 46.98", "40.12 46.9805", "40.12072 46.9805", "40.12072 46.98")


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with hq(tmp_path / "hq") as made:
        yield made


def told(found: Sequence[Finding]) -> dict[str, int]:
    return dict(Counter(one.rule for one in found))


def of(found: Sequence[Finding], rule: str) -> list[Finding]:
    return [one for one in found if one.rule == rule]


def test_a_workspace_in_order_has_no_findings(ws: Workspace) -> None:
    task = tasks.create(
        ws, {"title": "A", "task_kind": "clearance", "depth_required": 20, "place": "AZ-AGM"},
        outline=tasks.outline_of(RECTANGLE),
    )
    a_find(ws, position="40.0203 46.9806", task=task.name)
    a_find(ws, position="40.0204 46.9806", task=task.name)
    a_plot(ws, task=task.name)
    assert of_records(ws) == []


def test_finds_are_told_once_for_each_pair_by_the_later(ws: Workspace) -> None:
    first = a_find(ws, position="40.0203 46.9806")
    again = a_find(ws, position="40.0203 46.9806")
    near = a_find(ws, position="40.02032 46.9806", quantity=3)
    a_find(ws, position="40.02031 46.9806", model_text="TM-62M")
    found = of_records(ws)
    assert told(found) == {"same_row": 1, "near_duplicate": 1}
    assert of(found, "same_row")[0].records == (again.name, first.name)
    assert of(found, "near_duplicate")[0].records[0] == near.name


def test_places_tasks_and_recorded_areas_of_all_finds(ws: Workspace) -> None:
    task = tasks.create(
        ws, {"title": "A", "task_kind": "clearance", "depth_required": 20}, outline=tasks.outline_of(RECTANGLE)
    )
    records.add(ws, "hazardous_area", {
        "outline": plots.land(RECTANGLE)["outline"], "classification": "cha", "status": "open",
        "informed_on": "2024-01-01",
    })
    outside = a_find(ws, position="40.0209 46.9806", task=task.name)
    a_find(ws, position="40.0203 46.9806", task=task.name)
    swapped = finds.add_find(ws, {"category": "ap_mine", "lat": "46.9806", "lon": "40.0203"})
    nowhere = a_find(ws, position="")
    found = of_records(ws)
    assert told(found) == {"outside_task": 1, "swapped_axes": 1, "no_position": 1, "outside_recorded_areas": 2}
    assert [of(found, rule)[0].records for rule in ("outside_task", "swapped_axes", "no_position")] == [
        (outside.name,), (swapped.name,), (nowhere.name,),
    ]


def test_plots_are_compared_pair_by_pair_and_told_with_the_later(ws: Workspace) -> None:
    a, b = a_plot(ws), a_plot(ws, B)
    a_plot(ws, FAR)
    copy = a_plot(ws, (*FAR[1:], FAR[0]))
    a_plot(ws, ("40.12 46.9805", "40.12 46.981", "40.12072 46.981", "40.12072 46.9805"))
    found = of_records(ws)
    assert told(found) == {"overlap": 1, "net_area": 1, "same_outline": 1}
    overlap, net = of(found, "overlap")[0], of(found, "net_area")[0]
    assert (overlap.records, net.records) == ((b.name, a.name), (b.name,))
    assert abs(overlap.facts["m2"] - 2770.9) < 0.5
    assert abs(net.facts["net_m2"] - (7991.8 - 2770.9)) < 0.5
    assert of(found, "same_outline")[0].records[0] == copy.name


def test_plots_are_held_against_task_depth_area_and_points(ws: Workspace) -> None:
    task = tasks.create(
        ws, {"title": "A", "task_kind": "clearance", "depth_required": 30}, outline=tasks.outline_of(RECTANGLE)
    )
    shallow = a_plot(ws, B, task=task.name)
    bow_tie = a_plot(ws, (FAR[0], FAR[2], FAR[1], FAR[3]), depth_cm=0)
    wrong = records.add(ws, "plot", {
        **plots.land(("41.0 47.0", "41.0 47.001", "41.001 47.001")), "area_m2": "10", "release": "cleared",
        "depth_cm": 20, "completed_on": "2024-07-30",
    })
    bare = records.add(ws, "plot", {"release": "cleared", "depth_cm": 20, "completed_on": "2024-07-30"})
    found = of_records(ws)
    assert {(one.rule, one.records[0]) for one in found} == {
        ("depth_below_task", shallow.name), ("plot_outside_task", shallow.name), ("self_crossing", bow_tie.name),
        ("no_depth", bow_tie.name), ("area_differs", wrong.name), ("no_outline", bare.name),
    }


def test_numbers_dates_codes_and_spellings(ws: Workspace) -> None:
    def raw(name: str, **groups: object) -> str:
        record = f"find/t7/{name}"
        write(ws, record, {"found": {"found_on": "2024-08-01", "found_by": "R. Sadigov"},
                           "position": {"lat": f"40.{name[-1]}", "lon": "47"}, **groups})
        return record

    first = raw("f1", local_id="AX-7")
    raw("f2", local_id="AX-8")
    second = raw("f3", local_id=" ax-7 ", condition="sideways", found={"found_on": "2024-08-01",
                                                                     "found_by": "R.Sadigov"})
    blank = raw("f4", local_id="  ")
    bare = raw("f5")
    undated = raw("f6", local_id="AX-9", found={"found_by": "A. Mammadova"})
    found = of_records(ws)
    assert {(one.rule, one.records[0]) for one in found} == {
        ("same_number", second), ("blank_number", blank), ("no_number", bare), ("no_date", undated),
        ("unknown_code", second), ("similar_values", second),
    }
    assert of(found, "same_number")[0].records == (second, first)
    assert of(found, "similar_values")[0].facts["other"] == "R. Sadigov"
    assert of(found, "unknown_code")[0].facts["value"] == "sideways"


def test_more_finds_a_day_than_a_team_can_log(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        a_find(ws, position=f"40.{n + 1} 47", found_on="2024-08-01")
    assert of_records(ws) == []
    monkeypatch.setattr("fieldapp.domain.checks.MOST_FINDS_AN_HOUR", 0.5)
    (busy,) = of_records(ws)
    assert (busy.rule, busy.facts["count"]) == ("many_finds", 5)


def test_retracted_records_are_not_checked(ws: Workspace) -> None:
    a_find(ws, position="40.0203 46.9806")
    twin = a_find(ws, position="40.0203 46.9806")
    a_plot(ws)
    overlapping = a_plot(ws, B)
    assert of_records(ws)
    for one in (twin, overlapping):
        records.retract(ws, one.name, "entered twice")
    assert of_records(ws) == []


def test_progress_is_told_and_the_work_can_be_stopped(ws: Workspace) -> None:
    a_find(ws)
    a_plot(ws)
    steps: list[tuple[str, int, int]] = []
    of_records(ws, lambda *step: steps.append(step))
    assert len({name for name, _, _ in steps}) == 4
    assert all(0 <= done <= total for _, done, total in steps)
    with pytest.raises(Cancelled):
        of_records(ws, None, lambda: True)


def test_what_is_shown_before_sign_off_is_about_these_records_alone(ws: Workspace) -> None:
    first = a_find(ws, position="40.0203 46.9806")
    second = a_find(ws, position="40.0203 46.9806")
    a, b = a_plot(ws), a_plot(ws, B)
    assert checks_of_records.of_named_records(ws, [first.name]) == []
    assert told(checks_of_records.of_named_records(ws, [second.name])) == {"same_row": 1}
    found = checks_of_records.of_named_records(ws, [b.name, "plot/t7/not-here"])
    assert told(found) == {"overlap": 1, "net_area": 1}
    assert of(found, "overlap")[0].records == (b.name, a.name)


def test_what_came_new_is_checked_and_too_much_is_left_for_later(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_find(ws, position="40.0203 46.9806")
    a_find(ws, position="40.0203 46.9806")
    before = checks_of_records.marks(ws)
    assert checks_of_records.of_new(ws, before) == []
    new = a_find(ws, position="40.0203 46.9806")
    found = checks_of_records.of_new(ws, before)
    assert found is not None
    assert [one.records[0] for one in found] == [new.name]
    assert checks_of_records.counted(found) == {"look": 1}
    monkeypatch.setattr(checks_of_records, "MOST_NEW", 0)
    assert checks_of_records.of_new(ws, before) is None


def test_what_is_shown_before_sign_off_holds_numbers_dates_codes_and_the_recorded_area(ws: Workspace) -> None:
    def raw(name: str, **groups: object) -> str:
        write(ws, name, {"found": {"found_on": "2024-08-01"}, "position": {"lat": "40.1", "lon": "47"}, **groups})
        return name

    first = raw("find/t7/f1", local_id="AX-7")
    raw("find/t7/f2", local_id="AX-77")
    second = raw("find/t7/f3", local_id=" AX-7 ", condition="sideways")
    third = raw("find/t7/f4", local_id="AX-7")
    bare = raw("find/t7/f5", found={"found_by": "R. Sadigov"})
    wrong = records.add(ws, "plot", {
        **plots.land(FAR), "area_m2": "10", "release": "cleared", "depth_cm": 20, "completed_on": "2024-07-30",
    })
    names = [first, second, third, bare, wrong.name]
    expected = {
        ("same_number", second), ("same_number", third), ("unknown_code", second), ("no_number", bare),
        ("no_date", bare), ("area_differs", wrong.name),
    }
    found = checks_of_records.of_named_records(ws, names)
    assert {(one.rule, one.records[0]) for one in found} == expected
    assert {one.records for one in of(found, "same_number")} == {(second, first), (third, first)}
    came = checks_of_records.of_new(ws, dict.fromkeys(checks_of_records.marks(ws), 0))
    assert came is not None
    assert {(one.rule, one.records[0]) for one in came} == expected


def test_recorded_areas_are_looked_at_when_they_come_and_before_they_are_signed(ws: Workspace) -> None:
    crossing = areas.add(ws, {}, outline=areas.one_ring((FAR[0], FAR[2], FAR[1], FAR[3])))
    first = areas.add(ws, {}, outline=areas.one_ring(RECTANGLE))
    before = checks_of_records.marks(ws)
    again = areas.add(ws, {}, outline=areas.one_ring(RECTANGLE))
    names = [crossing.name, first.name, again.name]
    found = checks_of_records.of_named_records(ws, names)
    assert {(one.rule, one.records) for one in found} >= {
        ("self_crossing", (crossing.name,)), ("same_outline", (again.name, first.name)),
    }
    came = checks_of_records.of_new(ws, before)
    assert came is not None
    assert [(one.rule, one.records) for one in came] == [("same_outline", (again.name, first.name))]


def test_a_captured_record_that_does_not_close_is_told_by_the_programmes_limits(ws: Workspace) -> None:
    def walked(last_m: int) -> Paper:
        legs = (("17-50", "320"), ("32-50", "60"), ("47-50", "320"), ("2-50", str(last_m)))
        return dataclasses.replace(RECORD, strip=None, legs=legs)

    assert told(areas.look(ws, record=walked(60))) == {}
    assert told(areas.look(ws, record=walked(62))) == {"misclosure": 1}
    wide = areas.add(ws, {}, record=walked(80))
    expected = {("wide_misclosure", wide.name)}
    for found in (of_records(ws), checks_of_records.of_named_records(ws, [wide.name])):
        assert {(one.rule, one.records[0]) for one in found if "closure" in one.rule} == expected
    assert "20.0 m" in of(of_records(ws), "wide_misclosure")[0].sentence(Texts("en"))


def test_checking_changes_no_record(ws: Workspace) -> None:
    a_find(ws, position="40.0203 46.9806")
    a_find(ws, position="40.0203 46.9806")
    a_plot(ws)
    a_plot(ws, B)
    explaining.all_open(ws)  # the alarms are kept in a table of their own, made when somebody asks
    before, changes = state_hash(ws.store), ws.store.changes
    assert of_records(ws)
    assert (state_hash(ws.store), ws.store.changes) == (before, changes)


def test_an_import_at_headquarters_counts_the_findings_among_what_is_new(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        a_find(north, position="40.0203 46.9806", place="AZ-AGM")
        assert there.carry(north).findings == {}
        a_find(north, position="40.0203 46.9806", place="AZ-AGM")
        a_plot(north, (FAR[0], FAR[2], FAR[1], FAR[3]))
        outcome = there.carry(north)
        assert outcome.findings == {"danger": 1, "look": 1}
        assert outcome.as_json()["findings"] == outcome.findings
        assert checks_of_records.to_look_at(outcome.findings | {"note": 7}) == 2
        assert there.answer(north).findings is None
