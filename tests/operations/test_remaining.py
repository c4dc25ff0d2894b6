"""What is left of a task: approved ground only, every square metre once, and what is said beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from fieldapp.operations import drafts, headquarters, lookup, plots, records, remaining, review, tasks
from fieldapp.operations.remaining import Remaining, remarks_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from fieldapp.storage.records import Record
from tests.builders import RECTANGLE, a_find, a_plot, hq

B = ("40.02 46.981", "40.02 46.982171", "40.02072 46.982171", "40.02072 46.981")
"""Story 7's rectangle B: 7,991.8 m2, of which 2,770.9 lie in A."""
WEST = ("40.02 46.98", "40.02 46.9805", "40.02072 46.9805", "40.02072 46.98")
FAR = ("40.12 46.98", "40.12 46.9805", "40.12072 46.9805", "40.12072 46.98")


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with hq(tmp_path / "hq") as made:
        yield made


def task(ws: Workspace, points: tuple[str, ...] = RECTANGLE, **fields: object) -> Record:
    values = {"title": "A", "task_kind": "clearance", "depth_required": 20, **fields}
    return tasks.create(ws, values, outline=tasks.outline_of(points))


def approve(ws: Workspace, *plots: Record) -> None:
    review.decide(ws, [plot.name for plot in plots], "approved")


def left(ws: Workspace, of: Record) -> Remaining:
    return remaining.remaining(ws, [lookup.rows_of(ws, [of.name])[of.name]])[of.name]


def near(found: Decimal | None, wanted: float, by: float = 0.5) -> bool:
    return found is not None and abs(float(found) - wanted) <= by


def test_only_approved_ground_is_taken_off_and_what_lies_outside_is_said_apart(ws: Workspace) -> None:
    of = task(ws)
    plot = a_plot(ws, B, task=of.name)
    before = left(ws, of)
    assert near(before.remaining_m2, 9595.7, 0)
    assert near(before.entered_m2, 2770.9)
    assert before.done_m2 == before.per_cent == Decimal(0)
    approve(ws, plot)
    after = left(ws, of)
    assert near(after.remaining_m2, 9595.7 - 2770.9)
    assert near(after.released_m2["cleared"], 2770.9)
    assert near(after.outside_m2, 7991.8 - 2770.9)
    assert after.entered_m2 == after.signed_m2 == 0
    assert near(after.per_cent, 28.9, 0.1)
    assert [(part.state, part.named, part.line) for part in after.parts] == [("approved", True, "cleared")]


def test_a_square_metre_counts_once_and_the_lines_add_up(ws: Workspace) -> None:
    of = task(ws)
    approve(ws, a_plot(ws, WEST), a_plot(ws, RECTANGLE, release="cancelled"), a_plot(ws, B, release="reduced"))
    found = left(ws, of)
    west = float(plots.measure(WEST).area_m2 or 0)
    assert near(found.released_m2["cleared"], west)
    assert near(found.released_m2["reduced"], 2770.9)
    assert near(found.released_m2["cancelled"], 9595.7 - 2770.9 - west)
    assert found.remaining_m2 == 0
    assert found.per_cent == 100


def test_a_plot_that_lies_there_counts_with_a_remark_and_one_elsewhere_or_beside_does_not(ws: Workspace) -> None:
    of = task(ws, WEST)
    lies = a_plot(ws, RECTANGLE, task="T-9")
    beside = ("40.02 46.9795", "40.02 46.98", "40.02072 46.98", "40.02072 46.9795")
    approve(ws, lies, a_plot(ws, beside), a_plot(ws, FAR))
    found = left(ws, of)
    assert found.remaining_m2 == 0
    assert [(part.plot, part.named, part.outside_m2) for part in found.parts] == [(lies.name, False, Decimal(0))]
    assert found.outside_m2 == 0


def test_a_plot_that_names_the_task_by_its_number_and_lies_elsewhere_is_all_outside(ws: Workspace) -> None:
    of = task(ws)
    plot = a_plot(ws, FAR, task=of.fields["local_id"])
    approve(ws, plot)
    found = left(ws, of)
    assert found.remaining_m2 == found.task_m2
    assert found.outside_m2 == Decimal(str(plot.fields["area_m2"]))


def test_the_plots_of_the_task_before_count_for_the_one_that_follows(ws: Workspace) -> None:
    headquarters.name_team(ws, "t7", "Team 7")
    first = task(ws)
    approve(ws, a_plot(ws, B, task=first.name))
    given = tasks.assign(ws, first.name, "t7")
    found = left(ws, given)
    assert near(found.remaining_m2, 9595.7 - 2770.9)
    assert found.parts[0].named


def test_machine_ground_and_shallow_ground_stay_to_be_done(ws: Workspace) -> None:
    of = task(ws, depth_required=30)
    approve(ws, a_plot(ws, WEST, method="mechanical", depth_cm=30), a_plot(ws, B))
    found = left(ws, of)
    assert near(found.follow_up_m2, float(plots.measure(WEST).area_m2 or 0))
    assert near(found.shallow_m2, 2770.9)
    assert found.remaining_m2 == found.task_m2
    assert sorted(part.shallow for part in found.parts) == [False, True]


def test_a_plot_enlarged_after_approval_counts_as_it_was_approved(ws: Workspace) -> None:
    of = task(ws)
    plot = a_plot(ws, WEST)
    approve(ws, plot)
    before = left(ws, of)
    plots.correct_plot(ws, plot.name, {}, "walked again", points=RECTANGLE)
    after = left(ws, of)
    assert after.remaining_m2 == before.remaining_m2
    assert near(after.entered_m2, float(after.remaining_m2 or 0))
    assert [part.state for part in after.parts] == ["changed"]
    records.retract(ws, plot.name, "not ours")
    assert left(ws, of).remaining_m2 == of_area(of)


def of_area(of: Record) -> Decimal:
    return Decimal(str(of.fields["area_m2"]))


def test_rejected_and_disputed_plots_release_nothing(ws: Workspace) -> None:
    of = task(ws)
    plot = a_plot(ws, WEST)
    review.decide(ws, [plot.name], "rejected", "no such ground")
    assert left(ws, of).parts[0].state == "rejected"
    records.correct(ws, plot.name, {"depth_cm": 30}, "one", heads=plot.heads)
    records.correct(ws, plot.name, {"depth_cm": 40}, "other", heads=plot.heads)
    approve(ws, records.get(ws, plot.name))
    found = left(ws, of)
    assert found.parts[0].state == "unsettled"
    assert found.done_m2 == 0


def test_a_plot_that_crosses_itself_and_a_task_without_area_have_nothing_to_measure(ws: Workspace) -> None:
    of = task(ws)
    approve(ws, a_plot(ws, (RECTANGLE[0], RECTANGLE[2], RECTANGLE[1], RECTANGLE[3]), task=of.name))
    assert left(ws, of).remaining_m2 == of_area(of)
    spot = tasks.create(ws, {"title": "Shell at the bridge", "task_kind": "eod_spot"}, position="40.02 46.98")
    plot = a_plot(ws, WEST, task=spot.name)
    found = left(ws, spot)
    assert (found.task_m2, found.remaining_m2, found.per_cent) == (None, None, None)
    assert found.outside_m2 == Decimal(str(plot.fields["area_m2"]))


def test_what_is_remembered_of_plots_never_outlives_a_change(ws: Workspace) -> None:
    of = task(ws)
    plot = a_plot(ws, WEST)
    approve(ws, plot)
    one = left(ws, of)
    assert left(ws, of) == one
    moved = plots.correct_plot(ws, plot.name, {}, "wrong corner", points=FAR)
    approve(ws, moved)
    assert left(ws, of).done_m2 == 0


def test_what_is_left_is_measured_once_until_a_plot_a_task_or_a_judgement_changes(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = task(ws)
    plot = a_plot(ws, B, task=of.name)
    measured: list[int] = []
    measure = remaining._measured

    def counted(ws: Workspace, rows: Sequence[Row]) -> dict[str, Remaining]:
        measured.append(len(rows))
        return measure(ws, rows)

    monkeypatch.setattr(remaining, "_measured", counted)
    for change, again in (
        (lambda: None, 1), (lambda: None, 0), (lambda: drafts.keep(ws, "find", {"remarks": "seen"}), 0),
        (lambda: a_find(ws), 0), (lambda: approve(ws, plot), 1), (lambda: a_plot(ws, WEST), 1),
        (lambda: records.correct(ws, of.name, {"depth_required": 50}, "deeper"), 1),
        (lambda: review.decide(ws, [plot.name], "rejected", "wrong place"), 1),
    ):  # fmt: skip
        change()
        measured.clear()
        left(ws, of)
        assert measured == [again]


def test_what_a_rolled_back_change_made_is_forgotten(ws: Workspace) -> None:
    of = task(ws)

    def approve_and_fail() -> None:
        with ws.store.transaction():
            approve(ws, a_plot(ws, B, task=of.name))
            assert left(ws, of).done_m2 > 0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        approve_and_fail()
    assert left(ws, of).done_m2 == 0


def test_nothing_lies_outside_a_task_without_area() -> None:
    assert remarks_of(Remaining("task/t7/a", None, outside_m2=Decimal(500))) == []
    assert len(remarks_of(Remaining("task/t7/a", Decimal(9), outside_m2=Decimal(500)))) == 1
