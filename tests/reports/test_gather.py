"""The weekly report out of real workspaces: entered, carried, imported, approved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fieldapp.operations import disposals, export, imports, lists, plots, records, reports, review
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


def test_districts_by_the_list_of_another_day_move_lines_and_no_total(tmp_path: Path) -> None:
    """Aghdara exists since December 2023: before, its ground was Tartar's, Kalbajar's and Aghdam's (M22)."""
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop, place="AZ-X-AGHDARA", position="40.3420 46.9300", quantity=3)
        a_find(laptop, place="AZ-X-AGHDARA", position="", quantity=2)
        a_find(laptop, place="AZ-X-QARVAND", quantity=1)
        plot = a_plot(laptop, place="AZ-TAR")
        there.exchange(laptop)
        review.decide(there.hq, [plot.name], "approved")
        lists.add(there.hq, "place", {
            "name_az": "Yeni Tərtər", "place_kind": "district", "valid_from": "2030",
            "formed_from": [{"place": "AZ-TAR"}],
        }, code="AZ-X-YENI")  # fmt: skip
        lists.change(there.hq, "place", "AZ-TAR", {"valid_to": "2029"}, "a law of 2029")
        now = week(there)
        before = reports.weekly(there.hq, FIRST, LAST, date(2023, 6, 1))
        later = reports.weekly(there.hq, FIRST, LAST, date(2031, 1, 1))
        found = [{code: one.line("ap_mine").found for code, one in report.districts.items()}
                 for report in (now, before, later)]
        assert found[0] == {"AZ-TAR": 0, "AZ-X-AGHDARA": 5, "AZ-AGM": 1}
        assert found[1] == {"AZ-TAR": 3, "AZ-X-AGHDARA": 2, "AZ-AGM": 1}, "one lies in Tartar; of two nobody knows"
        assert later.districts["AZ-X-YENI"].released_m2("cleared") == now.districts["AZ-TAR"].released_m2("cleared")
        assert now.totals == before.totals == later.totals
        assert notes(before, Texts("en"))[:2] == [
            "Districts are those of the list in force on 1 June 2023; no total depends on it.",
            "Aghdara was not in force on 1 June 2023; the list does not say where its records belong: its line stays.",
        ]


def test_a_plot_entered_on_an_old_list_and_settled_elsewhere_moves_lines_and_no_total(tmp_path: Path) -> None:
    """Story 12: entered as Tartar, settled by headquarters as Aghdara."""
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        plot = a_plot(laptop, place="AZ-TAR")
        there.exchange(laptop)
        review.decide(there.hq, [plot.name], "approved")
        before = week(there)
        records.correct(there.hq, plot.name, {"place": "AZ-X-AGHDARA"}, "formed in December 2023")
        review.decide(there.hq, [plot.name], "approved")
        after = week(there)
        assert (list(before.districts), list(after.districts)) == (["AZ-TAR"], ["AZ-X-AGHDARA"])
        assert before.totals == after.totals


B = ("40.02 46.981", "40.02 46.982171", "40.02072 46.982171", "40.02072 46.981")


def test_ground_in_two_plots_is_summed_and_said_net_of_what_they_share(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        one, other = a_plot(laptop), a_plot(laptop, B)
        there.exchange(laptop)
        review.decide(there.hq, [one.name], "approved")
        assert week(there).overlap_m2 == 0
        review.decide(there.hq, [other.name], "approved")
        report = week(there)
        assert str(report.released_m2) == "17587.5"
        assert float(report.overlap_m2) == pytest.approx(2770.9, abs=0.5)
        assert float(report.net_m2) == pytest.approx(14816.6, abs=0.5)
        assert any(line.startswith("Released ground: 17,587.5 m² in sum, 2,7") for line in notes(report, Texts()))


def test_ground_released_in_an_earlier_week_is_taken_off_the_net_of_a_later_one(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        before = a_plot(laptop, completed_on="2024-07-20")
        machine = a_plot(laptop, B, method="mechanical", completed_on="2024-07-21")
        later = a_plot(laptop, B)
        there.exchange(laptop)
        review.decide(there.hq, [before.name, machine.name, later.name], "approved")
        report = week(there)
        assert str(report.released_m2) == "7991.8"
        assert float(report.overlap_m2) == pytest.approx(2770.9, abs=0.5)


def test_new_ground_counts_only_once_the_team_has_signed_and_headquarters_has_approved_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        plot = a_plot(laptop)
        review.sign_off(laptop, [plot.name])
        there.exchange(laptop)
        review.decide(there.hq, [plot.name], "approved")
        there.answer(laptop)
        plots.correct_plot(laptop, plot.name, {}, "went on", points=LARGER)
        there.exchange(laptop)
        review.decide(there.hq, [plot.name], "approved")
        report = week(there)
        assert str(report.totals.released_m2("cleared")) == "9595.7"
        assert len(report.changed_plots) == 1
        there.answer(laptop)
        review.sign_off(laptop, [plot.name])
        there.exchange(laptop)
        report = week(there)
        assert report.changed_plots == ()
        assert report.totals.released_m2("cleared") > 9595


def test_a_corrected_plot_without_new_ground_needs_no_second_sign_off_to_count(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        plot = a_plot(laptop)
        review.sign_off(laptop, [plot.name])
        there.exchange(laptop)
        review.decide(there.hq, [plot.name], "approved")
        records.correct(there.hq, plot.name, {"remarks": "as the sketch has it"}, "asked by phone")
        review.decide(there.hq, [plot.name], "approved")
        assert week(there).changed_plots == ()
