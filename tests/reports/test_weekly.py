"""The weekly report's numbers, from facts built by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from fieldapp.domain.counting import Deed, Found, Line, PlotState
from fieldapp.reports.document import document
from fieldapp.reports.facts import WeeklyFacts
from fieldapp.reports.notes import notes
from fieldapp.reports.weekly import Waiting, WeeklyReport, build
from fieldapp.texts import Texts
from tests.builders_reports import FIRST, LAST, plot, published_week

EN = Texts("en")
MINE = Found("find/team-01/1", "team-01", "2024-08-01", "ap_mine", 1, local_id="T01-0001-A", place="AZ-AGM")


def week(facts: WeeklyFacts) -> WeeklyReport:
    return build(facts, FIRST, LAST)


def test_the_published_week_adds_up(published: WeeklyReport) -> None:
    made = json.loads(json.dumps(document(published, EN)))
    totals = made["totals"]
    assert [totals[line]["found"] for line in ("ap_mine", "at_mine", "uxo")] == [280, 87, 8086]
    assert [totals[line]["neutralised"] for line in ("ap_mine", "at_mine", "uxo")] == [280, 87, 8086]
    assert [totals[line]["outstanding"] for line in ("ap_mine", "at_mine", "uxo")] == [0, 0, 0]
    assert totals["released_ha"] == {"cleared": 2790.9, "reduced": 0.0, "cancelled": 0.0, "bac": 0.0}
    assert 27_908_500 <= totals["released_m2"]["cleared"] < 27_909_500
    assert made["period"] == {"from": "2024-07-29", "to": "2024-08-04"}
    assert [line["line"] for line in made["other_lines"]] == ["saa"]
    assert made["completeness"] == {
        "teams_expected": 13, "teams_reported": 13, "teams_missing": [], "gaps": 0, "unsigned": 0, "unsettled": 0,
        "conflicts": 0, "waiting_approval": 0, "missed_items": [],
    }  # fmt: skip
    assert isinstance(totals["ap_mine"]["found"], int)


def test_districts_come_in_public_order_and_lines_add_up_in_pieces_and_square_metres(published: WeeklyReport) -> None:
    rows = document(published, EN)["districts"]
    assert [row["name"] for row in rows] == (
        "Tartar Aghdara Kalbajar Aghdam Khojaly Khankendi Khojavend Lachin Shusha Fuzuli Gubadli Jabrayil Zangilan"
    ).split()
    for rows_of in (published.districts, published.operators):
        assert sum(row.line("uxo").found for row in rows_of.values()) == 8086
        assert sum(row.released_m2("cleared") for row in rows_of.values()) == published.totals.released_m2("cleared")
    assert list(published.operators) == ["anama", "mod", "sbs", "operator-1"]


def test_hectares_are_rounded_once_from_the_sum() -> None:
    report = week(WeeklyFacts(plots=[plot("plot/team-01/1", "500"), plot("plot/team-01/2", "499")]))
    assert report.totals.released_ha("cleared") == Decimal("0.1")
    assert report.totals.released_m2("cleared") == 999


def test_finds_count_from_import_and_are_marked_provisional_until_approved() -> None:
    report = week(WeeklyFacts([MINE]))
    assert report.totals.line("ap_mine").found == 1
    assert (report.waiting.finds, report.completeness.unsigned) == (1, 1)
    assert "1 find is provisional: it counts, and is not approved yet." in notes(report, EN)
    approved = week(WeeklyFacts([MINE], approved={MINE.record}, signed={MINE.record}))
    assert (approved.waiting.finds, approved.completeness.unsigned) == (0, 0)


@pytest.mark.parametrize(("day", "found"), [("2024-07-28", 0), ("2024-07-29", 1), ("2024-08-04", 1), ("2024-08-05", 0)])
def test_both_days_of_the_period_belong_to_it(day: str, found: int) -> None:
    assert week(WeeklyFacts([replace(MINE, found_on=day)])).totals.line("ap_mine").found == found


def test_destroyed_elsewhere_in_another_week() -> None:
    lot = [
        Found(f"find/t7/{i}", "t7", "2024-06-03", category, quantity, local_id=f"T07-010{i}", lot="lot", place="AZ-AGM")
        for i, (category, quantity) in enumerate([("projectile", 180), ("mortar_bomb", 97), ("grenade", 35)])
    ]
    handed = Deed("disposal/t7/1", "t7", "handed_over", 312, "2024-06-03", find=lot[0].record)
    done = [
        Deed(f"disposal/t12/{i}", "t12", "central_demolition", quantity, day, tag="t07-0100")
        for i, (quantity, day) in enumerate([(200, "2024-06-10"), (110, "2024-06-12")])
    ]
    facts = WeeklyFacts(lot, [handed, *done])
    week_23 = build(facts, date(2024, 6, 3), date(2024, 6, 9)).totals.line("uxo")
    assert (week_23.found, week_23.neutralised, week_23.outstanding) == (312, 0, 312)
    report = build(facts, date(2024, 6, 10), date(2024, 6, 16))
    week_24 = report.totals.line("uxo")
    assert (week_24.found, week_24.destroyed, week_24.outstanding) == (0, 310, 2)
    assert report.operators["t12"].line("uxo").destroyed == 310
    more = replace(facts, deeds=[*facts.deeds, replace(done[0], record="disposal/t12/9", quantity=5)])
    last = build(more, date(2024, 6, 10), date(2024, 6, 16))
    assert (last.totals.line("uxo").destroyed, last.totals.line("uxo").outstanding) == (312, 0)
    assert "T07-0100: 3 more destroyed than found." in notes(last, EN)


def test_a_disposal_whose_item_is_not_here_is_listed_and_counts_nowhere() -> None:
    line = Deed(
        "disposal/t12/1", "t12", "destroyed_in_place", 3, "2024-08-01", tag="T07-9999-X", category="projectile"
    )
    report = week(WeeklyFacts([MINE], [line]))
    assert report.totals.line("uxo").neutralised == 0
    assert "Not counted, no such item here: Destroyed in place, 3, tag T07-9999-X." in notes(report, EN)
    assert document(report, EN)["unresolved_disposals"][0]["line"] == "uxo"


def test_plots_wait_for_approval_and_machine_only_ground_stands_apart() -> None:
    waiting = replace(plot("plot/team-01/1", "7900"), approved=None)
    machine = PlotState("cleared", "mechanical", Decimal(5000), "2024-08-02")
    processed = plot("plot/team-01/3", "5000", current=machine, approved=machine)
    report = week(WeeklyFacts(plots=[waiting, plot("plot/team-01/2", "1200.5"), processed]))
    assert report.totals.released_m2("cleared") == Decimal("1200.5")
    assert report.waiting == Waiting(plots=1, plots_m2=Decimal(7900))
    assert notes(report, EN) == [
        "1 plot is waiting for approval and not counted: 7,900.0 m².",
        "Processed, follow-up pending: 5,000.0 m². Not in the hectares.",
    ]


def test_an_enlarged_plot_counts_as_approved_and_the_report_says_what_was_added() -> None:
    enlarged = PlotState("cleared", "manual", Decimal("10000.2"), "2024-08-02")
    report = week(WeeklyFacts(plots=[plot("plot/team-01/1", "9595.7", current=enlarged, changed=True)]))
    assert report.totals.released_m2("cleared") == Decimal("9595.7")
    assert notes(report, EN) == ["1 plot changed since approval (+404.5 m²). It counts as approved."]


@pytest.mark.parametrize("current", [None, PlotState("not_released", "manual", Decimal(9595), "2024-08-02")])
def test_a_plot_withdrawn_after_approval_counts_no_longer(current: PlotState | None) -> None:
    report = week(WeeklyFacts(plots=[plot("plot/team-01/1", "9595.7", current=current, changed=True)]))
    assert report.totals.released_m2("cleared") == 0
    assert notes(report, EN) == ["1 plot was withdrawn after approval: 9,595.7 m² no longer counted."]


def test_what_has_no_date_or_quantity_or_listed_model_is_said() -> None:
    facts = WeeklyFacts(
        [replace(MINE, found_on=None), replace(MINE, record="find/team-01/2", local_id="T01-0002-B", quantity=None)],
        models_as_typed={"find/team-01/2"}, unsettled={"find/team-01/2"},
    )  # fmt: skip
    report = week(facts)
    assert (report.undated, report.unmeasured, report.models_as_typed) == (("T01-0001-A",), ("T01-0002-B",), 1)
    assert report.completeness.unsettled == 1


def test_abandoned_ordnance_is_part_of_uxo_unless_the_deployment_says_otherwise() -> None:
    facts = WeeklyFacts([Found("find/t/1", "t", "2024-08-01", "projectile", 12, ordnance_state="axo"), MINE])
    assert (week(facts).totals.line("uxo").found, week(facts).axo_found) == (12, 12)
    apart = build(facts, FIRST, LAST, axo_apart=True)
    assert apart.totals.line("uxo").found == 0
    assert apart.other_lines[Line("axo")].found == 12


def test_a_place_without_work_in_the_period_is_in_no_sentence_but_keeps_its_outstanding_items() -> None:
    earlier = replace(MINE, record="find/team-01/9", found_on="2024-06-01", place="AZ-LAC")
    report = week(WeeklyFacts([MINE, earlier]))
    assert list(report.districts) == ["AZ-AGM", "AZ-LAC"]
    assert report.worked_in == ("AZ-AGM",)
    assert report.totals.line("ap_mine").outstanding == 2


def test_teams_that_did_not_report_are_named() -> None:
    facts = replace(
        published_week(), teams_expected={"team-01", "team-02"}, teams_reported={"team-01"},
        team_names={"team-02": "Team 2"},
    )  # fmt: skip
    assert week(facts).completeness.teams_missing == ("Team 2",)
