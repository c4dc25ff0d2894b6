"""The weekly report out of real workspaces: entered, carried, imported, approved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fieldapp.operations import disposals, export, imports, plots, records, reports, review
from fieldapp.reports.notes import notes
from fieldapp.reports.weekly import WeeklyReport
from fieldapp.texts import Texts
from tests.builders import RECTANGLE, Deployment, a_find, a_plot, deployment

FIRST, LAST = date(2024, 7, 29), date(2024, 8, 4)
LARGER = (*RECTANGLE[:2], "40.0209 46.981406", "40.0209 46.98")


def week(there: Deployment) -> WeeklyReport:
    return reports.weekly(there.hq, FIRST, LAST)


def test_a_find_counts_from_import_and_loses_its_mark_with_the_approval(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        find = a_find(laptop, place="AZ-AGM", quantity=3)
        assert week(there).totals.line("ap_mine").found == 0
        there.carry(laptop)
        report = week(there)
        assert (report.totals.line("ap_mine").found, report.waiting.finds, report.completeness.unsigned) == (3, 1, 1)
        assert (list(report.districts), list(report.operators)) == (["AZ-AGM"], ["anama"])
        review.sign_off(laptop, [find.name])
        there.exchange(laptop)
        review.decide(there.hq, [find.name], "approved")
        report = week(there)
        assert (report.totals.line("ap_mine").found, report.waiting.finds, report.completeness.unsigned) == (3, 0, 0)


def test_a_wrong_model_counts_as_corrected_whatever_bundle_came_first(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        find = a_find(laptop, model_text="TM-62M")
        first = export.export_for_hq(laptop, there.stick)
        records.correct(laptop, find.name, {"category": "ap_mine", "model": "pmn-2"}, "looked again")
        second = export.export_for_hq(laptop, there.stick)
        for bundle in (second, first, second):
            imports.import_file(there.hq, bundle.path)
            totals = week(there).totals
            assert (totals.line("ap_mine").found, totals.line("at_mine").found) == (1, 0)


def test_a_team_that_never_had_the_find_destroys_it_by_its_tag(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, other = there.laptops["laptop"], there.join("other", "t12")
        find = a_find(laptop, model_text="F-1", quantity=312)
        line = {"outcome": "central_demolition", "quantity": 310, "done_on": "2024-08-02"}
        disposals.add_disposal(other, line, of=str(find.fields["local_id"]).lower().replace("-", " "))
        there.carry(other)
        assert [each.reason for each in week(there).unresolved] == ["not_here"]
        there.carry(laptop)
        uxo = week(there).totals.line("uxo")
        assert (uxo.found, uxo.destroyed, uxo.outstanding) == (312, 310, 2)
        assert week(there).unresolved == ()


def test_an_enlarged_plot_counts_by_its_last_approved_state_until_it_is_approved_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        plot = a_plot(laptop)
        there.exchange(laptop)
        report = week(there)
        assert report.totals.released_m2("cleared") == 0
        assert report.waiting.plots == 1
        review.decide(there.hq, [plot.name], "approved")
        assert str(week(there).totals.released_m2("cleared")) == "9595.7"
        there.answer(laptop)
        plots.correct_plot(laptop, plot.name, {}, "went on", points=LARGER)
        there.exchange(laptop)
        report = week(there)
        assert str(report.totals.released_m2("cleared")) == "9595.7"
        (changed,) = report.changed_plots
        more = Texts().number(changed.current_m2 - changed.approved_m2, 1)
        assert f"1 plot changed since approval (+{more} m²). It counts as approved." in notes(report, Texts())
        review.decide(there.hq, [plot.name], "approved")
        report = week(there)
        assert (report.totals.released_m2("cleared"), report.changed_plots) == (changed.current_m2, ())


def test_a_retracted_plot_and_a_rejected_one_count_no_longer(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        withdrawn, rejected = a_plot(laptop), a_plot(laptop)
        there.exchange(laptop)
        review.decide(there.hq, [withdrawn.name, rejected.name], "approved")
        review.decide(there.hq, [rejected.name], "rejected", "the north edge was not searched")
        assert str(week(there).totals.released_m2("cleared")) == "9595.7"
        there.answer(laptop)
        records.retract(laptop, withdrawn.name, "a mine was found there")
        there.carry(laptop)
        report = week(there)
        assert report.totals.released_m2("cleared") == 0
        assert [plot.withdrawn for plot in report.changed_plots] == [True]


def test_a_question_answered_and_then_approved_is_an_approval(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        plot = a_plot(laptop)
        there.carry(laptop)
        review.decide(there.hq, [plot.name], "queried", "which method?")
        assert week(there).totals.released_m2("cleared") == 0
        review.decide(there.hq, [plot.name], "approved")
        assert str(week(there).totals.released_m2("cleared")) == "9595.7"


def test_a_team_counts_as_heard_of_once_a_laptop_of_it_wrote_in_the_period(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        there.join("silent", "t12")
        laptop = there.laptops["laptop"]
        a_find(laptop)
        there.carry(laptop)
        there.carry(there.laptops["silent"])
        has = week(there).completeness
        assert (has.teams_expected, has.teams_reported, has.teams_missing) == (2, 1, ("Team t12",))
        later = reports.weekly(there.hq, date(2024, 8, 5), date(2024, 8, 11)).completeness
        assert later.teams_reported == 0


def test_a_record_without_a_district_takes_that_of_its_task(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        records.add(there.hq, "task", {"title": "Qarvand", "task_kind": "clearance", "place": "AZ-X-QARVAND"})
        number = next(iter(records.list_records(there.hq, "task")))["local_id"]
        a_find(laptop, task=str(number).lower())
        there.carry(laptop)
        assert list(week(there).districts) == ["AZ-AGM"]
