"""What is said of an outline in drawing, and where it is marked."""

from __future__ import annotations

from decimal import Decimal

from fieldapp.domain.checks import finding
from fieldapp.ids import RecordName
from fieldapp.operations.drawing import Figures, Overlap
from fieldapp.texts import Texts
from ui.map.drawing_figures import said_of
from ui.map.drawing_outline import Drawn


def test_a_long_leg_is_said_and_lays_no_mark_on_the_corner_it_is_dragged_by() -> None:
    crossing, at = (40.0001, 47.0001), (40.0, 47.0)
    problems = (
        finding("self_crossing", (), crossing),
        finding("long_leg", (), at, first=1, second=2, metres=5_187.0),
    )
    said = said_of(Drawn(open=False), Figures(points=4, problems=problems), Texts("en"), lambda _at: "38S 1 2")
    assert said.problem[0] == "The outline crosses or touches itself at 38S 1 2."
    assert said.places == (crossing,)
    assert "From point 1 to point 2 it is 5,187 m." in said.problem[1]


def test_many_problems_and_many_plots_are_told_in_few_lines() -> None:
    slips = tuple(finding("short_leg", (), (40.0, 47.0), first=n, second=n + 1, metres=0.5) for n in range(20))
    plots = tuple(Overlap(RecordName(f"plot/{n}"), f"P-{n}", 100.0 - n) for n in range(25))
    figures = Figures(4, 100.0, Decimal(5000), plots, 2800.0, problems=slips, problem_count=90)
    closed, texts = Drawn(open=False), Texts("en")
    said = said_of(closed, figures, texts, str)
    assert len(said.problem[1].splitlines()) == 3
    assert said.problem[1].endswith("87 more like these")
    first, detail = said.warning
    assert first == "25 plots cover ground of it already."
    assert detail == "Of 5,000.0 m², 2,800.0 m² lie in no earlier plot."
    assert said.near[:2] == ("Plots that cover ground of it:", "P-0: 100.0 m²")
    assert (len(said.near), said.near[-1]) == (22, "and 5 more")
    assert "lie in plot P-0 as well" in said_of(closed, Figures(overlaps=plots[:1]), texts, str).warning[0]
    task = said_of(closed, figures, texts, str, "tasks")
    assert task.warning == ("", ""), "plots are what a task is for"
    assert task.near[0] == "Plots that release ground in it: 25"
    assert task.near[1].startswith("P-0, P-1, ")
