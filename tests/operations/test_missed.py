"""The missed-item alarm (M18): every case of the rule over real workspaces, and who closes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import checks, checks_of_records, explaining, finds, missed, plots, records, review
from fieldapp.operations.errors import ReasonNeeded
from fieldapp.operations.missed_errors import CauseNeeded, NoMissedItem, NotYoursToExplain, SeveralMissedItems
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.rebuild import rebuild
from fieldapp.texts import Texts
from tests.builders import START, a_find, a_plot, alone, deployment
from tests.builders_missed import (
    ALSO_INSIDE,
    INSIDE,
    LARGER,
    OUTSIDE,
    SMALLER,
    acquainted,
    alarms,
    found_inside,
    levels,
    orders,
    pass_on,
)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with alone(tmp_path / "alone") as made:
        yield made


def test_find_then_plot_on_one_laptop_was_drawn_round_it(ws: Workspace) -> None:
    find = found_inside(ws)
    a_plot(ws)
    assert (levels(ws, find), alarms(ws)) == (["round"], set())


def test_plot_then_find_on_one_laptop_is_a_missed_item(ws: Workspace) -> None:
    plot = a_plot(ws)
    find = found_inside(ws)
    assert alarms(ws) == {(find.name, plot.name)}
    assert orders(ws) == ["had_plot"]
    assert [one.find for one in missed.of_plot(ws, plot.name)] == [find.name]


def test_no_find_outside_is_a_missed_item(ws: Workspace) -> None:
    a_plot(ws)
    assert levels(ws, a_find(ws, position=OUTSIDE)) == []


def test_a_slow_clock_and_wrong_dates_silence_nothing(tmp_path: Path) -> None:
    slow = SetClock(START, timedelta(minutes=1))
    with alone(tmp_path / "a") as ws:
        ws.clock = slow
        plot = a_plot(ws, completed_on="2031-01-01")
        slow.set(START - timedelta(days=4000))
        find = found_inside(ws, found_on="2001-01-01")
        assert alarms(ws) == {(find.name, plot.name)}


def test_two_laptops_of_a_team_without_exchange_alarm_for_the_order_is_unknown(tmp_path: Path) -> None:
    with deployment(tmp_path, "north", "south") as there:
        north, south = acquainted(there)
        find, plot = found_inside(north), a_plot(south)
        for laptop in (north, south):
            there.carry(laptop)
        assert alarms(there.hq) == {(find.name, plot.name)}
        assert orders(there.hq) == ["unknown"]


def test_a_plot_drawn_after_the_team_mates_finds_came_was_drawn_round_them(tmp_path: Path) -> None:
    with deployment(tmp_path, "north", "south") as there:
        north, south = acquainted(there)
        find = found_inside(north)
        pass_on(north, south, there)
        a_plot(south)
        there.carry(south)
        for ws in (south, there.hq):
            assert (levels(ws, find), alarms(ws)) == (["round"], set())


def test_a_find_of_a_team_mate_that_came_after_the_plot_is_a_missed_item(tmp_path: Path) -> None:
    with deployment(tmp_path, "north", "south") as there:
        north, south = acquainted(there)
        plot = a_plot(south)
        pass_on(south, north, there)
        find = found_inside(north)
        there.carry(north)
        assert alarms(there.hq) == {(find.name, plot.name)}
        assert orders(there.hq) == ["had_plot"]


def test_what_only_headquarters_knew_says_nothing_about_the_writer(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        other = there.join("east", "t8")
        north, east = acquainted(there)
        find = found_inside(north)
        there.carry(north)
        there.answer(other)  # headquarters has the find by now, and its word reaches the other team without it
        plot = a_plot(east)
        there.carry(east)
        assert alarms(there.hq) == {(find.name, plot.name)}


def test_headquarters_knows_both_its_find_in_a_plot_is_missed_its_plot_round_a_find_is_not(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        before = found_inside(north)
        there.carry(north)
        plot = records.add(there.hq, "plot", {**_released(), **plots.land(_RECTANGLE)}, owner="t7")
        after = finds.add_find(there.hq, {"depth_cm": 5}, model_text="PMN-2", position=ALSO_INSIDE)
        assert levels(there.hq, before) == ["round"]
        assert alarms(there.hq) == {(after.name, plot.name)}


def test_an_item_that_was_known_inside_may_be_corrected_within_the_plot(ws: Workspace) -> None:
    find = found_inside(ws)
    a_plot(ws)
    finds.correct_find(ws, find.name, {}, "read again", position=ALSO_INSIDE)
    assert (levels(ws, find), alarms(ws)) == (["round"], set())


def test_a_find_corrected_into_a_plot_by_somebody_who_knew_the_plot_is_a_missed_item(ws: Workspace) -> None:
    find = a_find(ws, position=OUTSIDE)
    plot = a_plot(ws)
    assert alarms(ws) == set()
    finds.correct_find(ws, find.name, {}, "read again", position=INSIDE)
    assert alarms(ws) == {(find.name, plot.name)}


def test_a_position_that_came_after_the_plot_was_not_known_inside(ws: Workspace) -> None:
    find = found_inside(ws, position="")
    plot = a_plot(ws)
    finds.correct_find(ws, find.name, {}, "fixed later", position=INSIDE)
    assert alarms(ws) == {(find.name, plot.name)}


def test_a_plot_enlarged_over_an_old_find_by_somebody_who_knew_it_was_drawn_round_it(ws: Workspace) -> None:
    plot = a_plot(ws)
    find = a_find(ws, position=OUTSIDE)
    plots.correct_plot(ws, plot.name, {}, "cleared on", points=LARGER)
    assert (levels(ws, find), alarms(ws)) == (["round"], set())


def test_a_correction_of_the_plot_takes_no_alarm_away(ws: Workspace) -> None:
    plot, find = a_plot(ws), found_inside(ws)
    plots.correct_plot(ws, plot.name, {}, "a vertex was wrong", points=LARGER)
    assert alarms(ws) == {(find.name, plot.name)}
    plots.correct_plot(ws, plot.name, {}, "not so far", points=SMALLER)
    assert alarms(ws) == {(find.name, plot.name)}
    assert explaining.all_open(ws)[0].since() == ["apart"]


def test_a_correction_of_the_find_takes_no_alarm_away(ws: Workspace) -> None:
    plot, find = a_plot(ws), found_inside(ws)
    finds.correct_find(ws, find.name, {"depth_cm": 60}, "deeper")
    assert alarms(ws) == {(find.name, plot.name)}
    finds.correct_find(ws, find.name, {}, "read again", position=OUTSIDE)
    assert alarms(ws) == {(find.name, plot.name)}
    assert explaining.all_open(ws)[0].since() == ["apart"]


@pytest.mark.parametrize("kind", ["find", "plot"])
def test_retracting_either_takes_no_alarm_away(ws: Workspace, kind: str) -> None:
    plot, find = a_plot(ws), found_inside(ws)
    records.retract(ws, {"find": find, "plot": plot}[kind].name, "a mistake")
    (alarm,) = explaining.all_open(ws)
    assert (alarm.pair[:2], alarm.since()) == ((find.name, plot.name), [f"{kind}_retracted"])


def test_a_find_in_a_plot_that_its_writer_knew_to_be_withdrawn_is_none(ws: Workspace) -> None:
    plot = a_plot(ws)
    records.retract(ws, plot.name, "another field")
    assert levels(ws, found_inside(ws)) == []


def test_a_restored_plot_claims_the_ground_anew(ws: Workspace) -> None:
    plot = a_plot(ws)
    records.retract(ws, plot.name, "another field")
    before = found_inside(ws)
    records.restore(ws, plot.name, "the right field after all")
    after = found_inside(ws)
    assert levels(ws, before) == ["round"]
    assert alarms(ws) == {(after.name, plot.name)}


def test_a_find_beyond_an_outline_that_was_cut_back_before_is_none(ws: Workspace) -> None:
    plot = a_plot(ws)
    plots.correct_plot(ws, plot.name, {}, "not so far", points=SMALLER)
    assert levels(ws, found_inside(ws)) == []


@pytest.mark.parametrize(("depth", "level"), [(5, "alarm"), (20, "alarm"), (21, "below"), (None, "alarm")])
def test_above_the_depth_cleared_to_and_at_an_unknown_depth_is_an_alarm(
    ws: Workspace, depth: int | None, level: str
) -> None:
    a_plot(ws)
    assert levels(ws, found_inside(ws, depth_cm=depth)) == [level]


def test_a_depth_said_later_does_not_silence(ws: Workspace) -> None:
    a_plot(ws)
    find = found_inside(ws, depth_cm=None)
    finds.correct_find(ws, find.name, {"depth_cm": 90}, "measured")
    assert levels(ws, find) == ["alarm"]


@pytest.mark.parametrize("release", ["reduced", "reduced_without_asset", "cancelled"])
def test_ground_that_was_not_cleared_to_a_depth_alarms_at_any(ws: Workspace, release: str) -> None:
    a_plot(ws, release=release)
    assert levels(ws, found_inside(ws, depth_cm=300)) == ["alarm"]


def test_bac_counts_with_its_depth(ws: Workspace) -> None:
    a_plot(ws, release="bac")
    assert [levels(ws, found_inside(ws, depth_cm=depth)) for depth in (5, 30)] == [["alarm"], ["below"]]


def test_ground_that_is_said_not_to_be_released_claims_nothing(ws: Workspace) -> None:
    a_plot(ws, release="not_released")
    assert levels(ws, found_inside(ws)) == []


def test_machine_only_ground_was_never_released(ws: Workspace) -> None:
    a_plot(ws, method="mechanical")
    assert (levels(ws, found_inside(ws)), alarms(ws)) == (["follow_up"], set())


def test_a_plot_that_is_not_finished_is_no_release(ws: Workspace) -> None:
    plot = a_plot(ws)
    records.correct(ws, plot.name, {"completed_on": None}, "still at work")
    find = found_inside(ws)
    assert levels(ws, find) == ["unfinished"]
    records.correct(ws, plot.name, {"completed_on": "2024-08-02"}, "done")
    assert levels(ws, find) == ["round"]  # who finished it knew the find
    assert levels(ws, found_inside(ws)) == ["alarm"]


def test_a_plot_that_headquarters_approved_is_released_whatever_day_it_lacks(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        plot = a_plot(north)
        records.correct(north, plot.name, {"completed_on": None}, "still at work")
        find = found_inside(north)
        there.carry(north)
        assert (levels(there.hq, find), alarms(there.hq)) == (["unfinished"], set())
        review.decide(there.hq, [plot.name], "approved")
        assert alarms(there.hq) == {(find.name, plot.name)}


def test_an_outline_that_crosses_itself_holds_all_its_loops(ws: Workspace) -> None:
    a_plot(ws, ("40.02 46.98", "40.02072 46.981406", "40.02 46.981406", "40.02072 46.98"))
    east, north = a_find(ws, position="40.0203 46.9813"), a_find(ws, position="40.0207 46.9807")
    assert [levels(ws, east), levels(ws, north)] == [["alarm"], []]


@pytest.mark.parametrize(("group", "team", "hq"), [
    ("outline", SMALLER, LARGER), ("outline", LARGER, SMALLER), ("depth", 2, 20), ("depth", 20, 2),
])
def test_of_disputed_readings_of_a_plot_the_most_alarming_counts(
    tmp_path: Path, group: str, team: object, hq: object
) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        plot = a_plot(north, SMALLER, depth_cm=2) if group == "outline" else a_plot(north, depth_cm=2)
        there.exchange(north)
        for ws, said in ((north, team), (there.hq, hq)):
            if group == "outline":
                plots.correct_plot(ws, plot.name, {"depth_cm": 20}, "seen", points=said)  # type: ignore[arg-type]
            else:
                records.correct(ws, plot.name, {"depth_cm": said, "remarks": f"{said}"}, "seen")
        there.exchange(north)
        find = found_inside(north)
        there.carry(north)
        for ws in (north, there.hq):
            assert alarms(ws) == {(find.name, plot.name)}


def test_of_disputed_positions_of_a_find_the_most_alarming_counts(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        plot = a_plot(north)
        find = a_find(north, position=OUTSIDE)
        there.exchange(north)
        finds.correct_find(there.hq, find.name, {}, "from the sketch", position=INSIDE)
        finds.correct_find(north, find.name, {}, "read again", position="40.0304 46.9807")
        there.exchange(north)
        for ws in (north, there.hq):
            assert alarms(ws) == {(find.name, plot.name)}


def test_a_laptop_that_worked_alone_knows_its_own_finds_after_it_joined(tmp_path: Path) -> None:
    from fieldapp.operations import headquarters, joining

    with deployment(tmp_path, "north") as there, alone(tmp_path / "newcomer") as newcomer:
        find = found_inside(newcomer)
        invitation = there.stick / "newcomer.fieldinvite"
        headquarters.invite(there.hq, "t9", invitation, team_name="Team t9", device_name="new", organisation="anama")
        joining.join(newcomer, invitation)
        there.carry(newcomer)
        there.answer(newcomer)
        a_plot(newcomer)
        there.carry(newcomer)
        assert [levels(ws, find) for ws in (newcomer, there.hq)] == [["round"], ["round"]]


def test_at_entry_all_that_is_here_is_known(ws: Workspace) -> None:
    a_plot(ws)
    withdrawn = a_plot(ws)
    records.retract(ws, withdrawn.name, "twice")
    (one,) = missed.at_entry(ws, 40.0203, 46.9807, 5)
    assert one.sentence(Texts("en")).startswith(f"Inside plot {one.number}, which was released before")
    assert [found.level for found in missed.at_entry(ws, 40.0203, 46.9807, 50)] == ["below"]
    assert missed.at_entry(ws, 40.1, 46.9807, 5) == []


def test_the_alarms_are_the_same_made_anew(ws: Workspace) -> None:
    plot, find = a_plot(ws), found_inside(ws)
    plots.correct_plot(ws, plot.name, {}, "cut back", points=SMALLER)
    kept = explaining.all_open(ws)[0].pair
    rebuild(ws.store)
    assert [one.pair for one in explaining.all_open(ws)] == [kept]
    assert kept[:2] == (find.name, plot.name)


def test_an_explanation_closes_the_alarm_until_find_or_plot_change(ws: Workspace) -> None:
    plot, find = a_plot(ws), found_inside(ws)
    explaining.explain(ws, explaining.find_one(ws, find.name), "re_laid", "Seen by two witnesses")
    assert alarms(ws) == set()
    (said,) = explaining.every(ws)[0].explained
    assert (said.cause, said.text, said.by, said.current) == ("re_laid", "Seen by two witnesses", "Aysel", True)
    records.correct(ws, plot.name, {"remarks": "seen"}, "seen")
    (alarm,) = explaining.all_open(ws)
    assert (alarm.reopened, alarm.explained[0].current) == (True, False)
    explaining.explain(ws, alarm, "re_laid", "Still so")
    assert alarms(ws) == set()
    records.retract(ws, find.name, "twice")
    assert alarms(ws) == {(find.name, plot.name)}


def test_an_explanation_closes_what_was_shown_and_no_more(ws: Workspace) -> None:
    a_plot(ws)
    find = found_inside(ws)
    shown = explaining.find_one(ws, find.name)
    finds.correct_find(ws, find.name, {"quantity": 3}, "counted again")
    explaining.explain(ws, shown, "other", "One piece")
    assert explaining.find_one(ws, find.name).reopened


def test_only_headquarters_explains_and_the_team_adds_notes(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        plot, find = a_plot(north), found_inside(north)
        there.exchange(north)
        alarm = explaining.find_one(north, find.name)
        with pytest.raises(NotYoursToExplain):
            explaining.explain(north, alarm, "re_laid", "We think so")
        explaining.add_note(north, alarm, "We think it was laid again")
        there.exchange(north)
        assert alarms(there.hq) == {(find.name, plot.name)}
        shown = explaining.find_one(there.hq, find.name)
        assert [one.text for one in explaining.notes(there.hq, shown)] == ["We think it was laid again"]
        explaining.explain(there.hq, shown, "missed_by_process", "The lane was not searched twice")
        there.exchange(north)
        assert [alarms(ws) for ws in (north, there.hq)] == [set(), set()]


def test_what_a_laptop_explained_alone_is_open_again_at_its_headquarters(tmp_path: Path) -> None:
    from fieldapp.operations import headquarters, joining

    with deployment(tmp_path, "north") as there, alone(tmp_path / "newcomer") as newcomer:
        plot, find = a_plot(newcomer), found_inside(newcomer)
        explaining.explain(newcomer, explaining.find_one(newcomer, find.name), "re_laid", "I saw it")
        invitation = there.stick / "newcomer.fieldinvite"
        headquarters.invite(there.hq, "t9", invitation, team_name="Team t9", device_name="new", organisation="anama")
        joining.join(newcomer, invitation)
        there.carry(newcomer)
        assert alarms(there.hq) == {(find.name, plot.name)}


def test_an_explanation_names_a_cause_and_says_how(ws: Workspace) -> None:
    a_plot(ws)
    alarm = explaining.find_one(ws, found_inside(ws).name)
    with pytest.raises(CauseNeeded, match="re_laid"):
        explaining.explain(ws, alarm, "no_idea", "text")
    with pytest.raises(ReasonNeeded):
        explaining.explain(ws, alarm, "re_laid", " ")
    with pytest.raises(ReasonNeeded):
        explaining.add_note(ws, alarm, "")


def test_a_find_in_two_released_plots_is_named_with_one_of_them(ws: Workspace) -> None:
    first, second = a_plot(ws), a_plot(ws)
    find = found_inside(ws)
    with pytest.raises(SeveralMissedItems, match=str(first.fields["local_id"])):
        explaining.find_one(ws, find.name)
    alarm = explaining.find_one(ws, find.name, str(second.fields["local_id"]))
    assert alarm.pair.plot == second.name
    with pytest.raises(NoMissedItem):
        explaining.find_one(ws, str(a_find(ws, position=OUTSIDE).fields["local_id"]))


def _released() -> dict[str, object]:
    return {"release": "cleared", "method": "manual", "depth_cm": 20, "completed_on": "2024-07-30"}


_RECTANGLE = ("40.02 46.98", "40.02 46.981406", "40.02072 46.981406", "40.02072 46.98")


def test_the_checks_of_the_workspace_and_before_the_signature_name_it(ws: Workspace) -> None:
    plot, find = a_plot(ws), found_inside(ws)
    for found in (checks_of_records.of_records(ws), checks_of_records.of_named_records(ws, [find.name])):
        first = found[0]
        assert (first.rule, first.severity, first.records) == ("missed_item", "alarm", (find.name, plot.name))
        assert str(plot.fields["local_id"]) in first.sentence(Texts("en"))
    explaining.explain(ws, explaining.find_one(ws, find.name), "re_laid", "Seen by two")
    assert "missed_item" not in {one.rule for one in checks_of_records.of_records(ws)}


def test_the_form_warns_by_the_same_rule(ws: Workspace) -> None:
    a_plot(ws, ("40.02 46.98", "40.02072 46.981406", "40.02 46.981406", "40.02072 46.98"))
    (warned,) = [one for one in checks.of_find(ws, {"lat": "40.0203", "lon": "46.9813", "depth_cm": 5})
                 if one.rule == "in_released_ground"]  # fmt: skip
    assert warned.severity == "danger"
