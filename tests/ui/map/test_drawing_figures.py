"""What is said of an outline in drawing, and where it is marked."""

from __future__ import annotations

from fieldapp.domain.checks import finding
from fieldapp.operations.drawing import Figures
from fieldapp.texts import Texts
from ui.map.drawing_figures import said_of
from ui.map.drawing_outline import Drawn


def test_a_long_leg_is_said_and_lays_no_mark_on_the_corner_it_is_dragged_by() -> None:
    crossing, at = (40.0001, 47.0001), (40.0, 47.0)
    problems = (
        finding("self_crossing", (), crossing),
        finding("long_leg", (), at, first=1, second=2, metres=5_187.0),
    )
    said = said_of(Drawn(open=False), Figures(points=4, problems=problems), Texts("en"))
    assert said.places == (crossing,)
    assert "From point 1 to point 2 it is 5,187 m." in said.problem[1]
