"""What grounds cover of one another: Story 7's two rectangles, and outlines that say no ground."""

from __future__ import annotations

from decimal import Decimal

from fieldapp.geodesy.cover import Grounds, all_of, common, ground, square_metres, without


def box(west: str, east: str, south: str = "40.02", north: str = "40.02072") -> list[list[list[dict[str, str]]]]:
    """A rectangle as a plot's outline has it."""
    return [[[{"lat": lat, "lon": lon} for lat, lon in (
        (south, west), (south, east), (north, east), (north, west),
    )]]]  # fmt: skip


A, B = box("46.98", "46.981406"), box("46.981", "46.982171")


def test_the_overlap_of_story_7_is_measured_on_the_ellipsoid() -> None:
    one, other = ground(A), ground(B)
    assert square_metres(one) == Decimal("9595.7")
    assert abs(square_metres(common(one, other)) - Decimal("2770.9")) <= Decimal("0.5")
    assert abs(square_metres(all_of([one, other])) - Decimal("14816.6")) <= Decimal("0.5")
    assert square_metres(without(one, other)) == square_metres(one) - square_metres(common(one, other))


def test_a_hole_is_no_ground() -> None:
    hole = [[*A[0], [*box("46.9805", "46.981", "40.0202", "40.0205")[0][0]]]]
    assert square_metres(ground(hole)) < square_metres(ground(A)) - 1000


def test_a_crossing_outline_says_no_ground_and_is_not_mended() -> None:
    first, second, third, fourth = A[0][0]
    assert ground([[[first, third, second, fourth]]]) is None
    assert ground([]) is None
    assert ground([[[first, second]]]) is None


def test_only_those_that_meet_are_found() -> None:
    far = ground(box("47.5", "47.6"))
    assert Grounds([ground(A), far, ground(B)]).meeting(ground(A)) == [0, 2]
    assert Grounds([]).meeting(ground(A)) == []


def test_nothing_has_no_square_metres() -> None:
    assert square_metres(all_of([])) == 0
    assert square_metres(common(ground(A), ground(box("46.981406", "46.99")))) == 0
