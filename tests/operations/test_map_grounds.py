"""Ground for the map: looks follow state, every reading is drawn, and only what changed is read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from fieldapp.domain import symbols
from fieldapp.operations import areas, lookup, map_grounds, plots, records, review, tasks
from fieldapp.operations.map_grounds import Ground, grounds
from fieldapp.operations.review import Judgement
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from tests.builders import RECTANGLE, a_plot, deployment, hq

WEST = ("40.02 46.98", "40.02 46.9805", "40.02072 46.9805", "40.02072 46.98")
FAR = ("40.12 46.98", "40.12 46.9805", "40.12072 46.9805", "40.12072 46.98")


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with hq(tmp_path / "hq") as made:
        yield made


def of(ws: Workspace, name: str) -> list[Ground]:
    return [ground for ground in grounds(ws) if ground.record == name]


def approve(ws: Workspace, name: str) -> None:
    review.decide(ws, [name], "approved")


def an_area(ws: Workspace, classification: str = "cha", status: str = "open", **fields: object) -> str:
    values = {"classification": classification, "status": status, "informed_on": "2024-07-30", **fields}
    return areas.add(ws, values, outline=areas.one_ring(RECTANGLE)).name


def test_a_plot_looks_released_only_once_it_is_approved(ws: Workspace) -> None:
    plot = a_plot(ws)
    [before] = of(ws, plot.name)
    assert (before.layer, before.look.fill, before.look.hatch) == ("plots", "", "diagonal")
    assert before.state == symbols.STATE_WORDS["entered"]
    approve(ws, plot.name)
    [after] = of(ws, plot.name)
    assert (after.layer, after.state, bool(after.look.fill)) == ("released", "", True)
    assert after.label == plot.fields["local_id"]
    assert len(after.lines[0].lats) == 4


def test_a_signed_plot_is_not_filled(tmp_path: Path) -> None:
    with deployment(tmp_path, "t7") as there:
        laptop = there.laptops["t7"]
        plot = a_plot(laptop, place="AZ-AGM", task="T-1")
        review.sign_off(laptop, [plot.name], heads={plot.name: plot.heads})
        [signed] = of(laptop, plot.name)
    assert signed.look == symbols.of_plot("cleared", approved=False, state="signed")


def test_a_plot_that_moved_since_approval_is_drawn_twice_and_nowhere_looks_released(ws: Workspace) -> None:
    plot = a_plot(ws, WEST)
    approve(ws, plot.name)
    plots.correct_plot(ws, plot.name, {}, "walked again", points=RECTANGLE)
    old, new = of(ws, plot.name)
    assert (old.layer, old.look.fill, max(old.lines[0].lons)) == ("plots", "", 46.9805)
    assert (new.layer, new.look.fill, max(new.lines[0].lons)) == ("plots", "", 46.981406)
    assert (old.state, new.state) == ("as it was approved before", "changed since approval")


def test_a_plot_corrected_in_place_since_approval_is_drawn_once_and_looks_released_no_longer(ws: Workspace) -> None:
    plot = a_plot(ws)
    approve(ws, plot.name)
    plots.correct_plot(ws, plot.name, {"depth_cm": 10}, "the rule was misread")
    [found] = of(ws, plot.name)
    assert (found.layer, found.look.fill, found.state) == ("plots", "", "changed since approval")
    approve(ws, plot.name)
    assert of(ws, plot.name)[0].layer == "released"


def test_an_approval_that_was_taken_back_releases_nothing(ws: Workspace) -> None:
    plot = a_plot(ws)
    approve(ws, plot.name)
    [decision] = lookup.rows(ws, "decision")
    records.retract(ws, decision.name, "the wrong plot")
    [found] = of(ws, plot.name)
    assert (found.layer, found.look.fill, found.state) == ("plots", "", symbols.STATE_WORDS["entered"])


def test_an_approval_releases_on_a_team_laptop_once_it_has_arrived(tmp_path: Path) -> None:
    with deployment(tmp_path, "t7") as there:
        laptop = there.laptops["t7"]
        plot = a_plot(laptop, place="AZ-AGM")
        machine = a_plot(laptop, FAR, place="AZ-AGM", method="mechanical")
        there.carry(laptop)
        for one in (plot, machine):
            approve(there.hq, one.name)
        assert [of(laptop, one.name)[0].layer for one in (plot, machine)] == ["plots", "plots"]
        there.answer(laptop)
        assert [of(laptop, one.name)[0].layer for one in (plot, machine)] == ["released", "plots"]
        plots.correct_plot(laptop, plot.name, {"depth_cm": 10}, "misread")
        assert of(laptop, plot.name)[0].layer == "plots"


def test_what_a_task_asks_that_did_not_arrive_nobody_knows(ws: Workspace) -> None:
    plot = a_plot(ws, task="task/t9/0123456789abcdef")
    approve(ws, plot.name)
    [found] = of(ws, plot.name)
    assert (found.layer, found.look.fill) == ("plots", "")


def test_an_area_and_what_headquarters_published_of_it_are_drawn_once(tmp_path: Path) -> None:
    with deployment(tmp_path, "t7") as there:
        laptop = there.laptops["t7"]
        name = an_area(laptop)
        there.carry(laptop)
        published = areas.publish(there.hq, name).name
        assert (of(there.hq, name), len(of(there.hq, published))) == ([], 1)
        there.answer(laptop)
        assert (of(laptop, name), len(of(laptop, published))) == ([], 1)
        records.correct(laptop, name, {"status": "worked_on"}, "begun")
        assert (of(laptop, name), len(of(laptop, published))) == ([], 1), "open is worse than worked on"
        areas.correct(laptop, name, {}, "walked", outline=areas.one_ring(FAR))
        assert (len(of(laptop, name)), len(of(laptop, published))) == (1, 1), "other ground, other drawing"


def test_a_teams_area_that_is_worse_than_what_was_published_is_the_one_that_is_drawn(tmp_path: Path) -> None:
    with deployment(tmp_path, "t7") as there:
        laptop = there.laptops["t7"]
        name = an_area(laptop, status="worked_on")
        there.carry(laptop)
        published = areas.publish(there.hq, name).name
        there.answer(laptop)
        records.correct(laptop, name, {"status": "open"}, "left again")
        assert (len(of(laptop, name)), of(laptop, published)) == (1, [])
        there.carry(laptop)
        records.retract(there.hq, published, "withdrawn")
        assert len(of(there.hq, name)) == 1, "a source is never lost with what was made of it"


def test_machine_ground_is_never_filled(ws: Workspace) -> None:
    plot = a_plot(ws, method="mechanical")
    approve(ws, plot.name)
    [found] = of(ws, plot.name)
    assert (found.layer, found.look.fill) == ("plots", "")
    assert found.state == "Processed, follow-up pending", "not: approved"


def test_where_the_task_asks_for_qc_approval_alone_releases_nothing(ws: Workspace) -> None:
    task = tasks.create(ws, {"title": "Field", "task_kind": "clearance", "depth_required": 20, "qc_asked": True},
                        outline=tasks.outline_of(RECTANGLE))  # fmt: skip
    plot = a_plot(ws, task=task.name)
    approve(ws, plot.name)
    visit = {"visit_kind": "qc_sample", "plot": plot.name}
    seen = [of(ws, plot.name)[0].layer]
    for day, result in (("2024-08-01", "accepted"), ("2024-08-02", "rejected"), ("2024-08-03", "accepted")):
        records.add(ws, "quality_visit", {**visit, "visited_on": day, "result": result})
        seen.append(of(ws, plot.name)[0].layer)
    assert seen == ["plots", "released", "plots", "released"]


def test_ground_approved_less_deep_than_its_task_asks_does_not_look_released(ws: Workspace) -> None:
    asked = {"title": "Field", "task_kind": "clearance", "depth_required": 30}
    task = tasks.create(ws, asked, outline=tasks.outline_of(RECTANGLE))
    shallow, deep = (a_plot(ws, task=task.name, depth_cm=depth) for depth in (20, 30))
    for plot in (shallow, deep):
        approve(ws, plot.name)
    (drawn,) = of(ws, shallow.name)
    assert (drawn.layer, drawn.look.fill, drawn.state) == ("plots", "", symbols.STATE_WORDS[symbols.SHALLOW])
    assert of(ws, deep.name)[0].layer == "released"


def test_every_reading_of_a_dispute_is_drawn_and_none_looks_released(ws: Workspace) -> None:
    plot = a_plot(ws, WEST)
    approve(ws, plot.name)
    record = records.get(ws, plot.name)
    for points in (RECTANGLE, FAR):
        measured = plots.measure(points)
        land = {"outline": measured.outline, "area_m2": str(measured.area_m2)}
        records.correct(ws, plot.name, land, "walked", heads=record.heads)
    found = of(ws, plot.name)
    assert sorted(max(one.lines[0].lats) for one in found) == [40.02072, 40.12072]
    assert {(one.layer, one.look.fill, one.state) for one in found} == {
        ("plots", "", symbols.STATE_WORDS["unsettled"])
    }


def test_retracted_ground_is_not_drawn_unless_that_is_disputed(ws: Workspace) -> None:
    gone, disputed, area = a_plot(ws), a_plot(ws), an_area(ws)
    records.retract(ws, gone.name, "not ours")
    records.retract(ws, area, "not there")
    records.correct(ws, disputed.name, {"depth_cm": 30}, "deeper", heads=disputed.heads)
    records.retract(ws, disputed.name, "not ours", heads=disputed.heads)
    assert of(ws, gone.name) == of(ws, area) == []
    [found] = of(ws, disputed.name)
    assert (found.layer, found.look.fill) == ("plots", "")


def test_rejected_ground_is_drawn_as_entered(ws: Workspace) -> None:
    plot = a_plot(ws)
    review.decide(ws, [plot.name], "rejected", "no such ground")
    [found] = of(ws, plot.name)
    assert found.look == symbols.of_plot("cleared", approved=False)
    assert found.state == symbols.STATE_WORDS["rejected"]


def test_hazards_by_class_and_a_teams_closed_one_stays_red_until_headquarters_says_so(tmp_path: Path) -> None:
    with deployment(tmp_path, "t7") as there:
        laptop = there.laptops["t7"]
        names = [an_area(laptop, one, "worked_on") for one in ("sha", "cha", "captured_record", "indication")]
        assert [of(laptop, name)[0].layer for name in names] == ["sha", "cha", "captured", "sha"]
        assert {of(laptop, name)[0].state for name in names} == {"worked on"}
        closed = an_area(laptop, "cha", "closed")
        assert of(laptop, closed)[0].look.fill
        there.carry(laptop)
        assert of(there.hq, closed)[0].look.fill
        approve(there.hq, closed)
        assert of(there.hq, closed)[0].look == symbols.of_hazard("cha", "closed", approved=True)


def test_both_statuses_of_a_disputed_hazard_are_drawn(ws: Workspace) -> None:
    name = an_area(ws)
    record = records.get(ws, name)
    records.correct(ws, name, {"status": "closed"}, "done", heads=record.heads)
    records.correct(ws, name, {"status": "worked_on"}, "not done", heads=record.heads)
    assert {one.look.state for one in of(ws, name)} == {"ended, not approved", "worked on"}
    assert all(one.look.fill for one in of(ws, name))


def test_ground_of_which_only_a_position_is_known_is_a_point(ws: Workspace) -> None:
    values = {"classification": "eod_spot", "status": "open", "informed_on": "2024-07-30"}
    name = areas.add(ws, values, position="40.02 46.98").name
    [found] = of(ws, name)
    assert (found.lines, found.points, found.layer) == ((), ((40.02, 46.98),), "cha")


def test_a_task_and_an_accident(ws: Workspace) -> None:
    task = tasks.create(ws, {"title": "Field", "task_kind": "clearance", "depth_required": 20},
                        outline=tasks.outline_of(RECTANGLE))  # fmt: skip
    values = {"happened_on": "2024-07-30", "accident_type": "mine", "killed": 1, "lat": "40.02", "lon": "46.98"}
    accident = records.add(ws, "accident", values)
    [drawn] = of(ws, task.name)
    assert (drawn.layer, drawn.look, drawn.label) == ("tasks", symbols.TASK, f"{task.fields['local_id']} · Field")
    [star] = of(ws, accident.name)
    assert (star.layer, star.points, star.filled) == ("accidents", ((40.02, 46.98),), True)


def test_only_what_changed_is_read_again(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = a_plot(ws, WEST), a_plot(ws, FAR)
    before = grounds(ws)
    assert all(new is old for new, old in zip(grounds(ws), before, strict=True))
    read: list[str] = []
    drawn = map_grounds._plot

    def noted(ws: Workspace, row: Row, state: str, approved: str, decisions: Sequence[Judgement]) -> list[Ground]:
        read.append(row.name)
        return drawn(ws, row, state, approved, decisions)

    monkeypatch.setattr(map_grounds, "_plot", noted)
    approve(ws, one.name)
    after = {ground.record: ground for ground in grounds(ws)}
    assert read == [one.name]
    assert after[other.name] is next(ground for ground in before if ground.record == other.name)


def test_another_programs_writing_is_seen_and_costs_only_what_changed(ws: Workspace) -> None:
    plot = a_plot(ws)
    [before] = grounds(ws)
    ws.store.caches.clear()  # what another connection's commit does
    assert grounds(ws)[0] is before
    assert before.record == plot.name
