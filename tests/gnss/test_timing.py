"""How late a fix is: heard later than said."""

from __future__ import annotations

from fieldapp.gnss.timing import Lateness


def test_a_receiver_that_keeps_up_is_not_late() -> None:
    lateness = Lateness()
    assert [lateness.late_s(float(at), 100.0 + at) for at in range(30)] == [0.0] * 30
    assert lateness.steady == 29


def test_what_waited_in_a_buffer_is_as_late_as_it_waited() -> None:
    lateness = Lateness()
    lateness.late_s(1, 101)
    assert 58 < lateness.late_s(2, 161) <= 59
    assert 57 < lateness.late_s(3, 161) <= 58
    assert lateness.late_s(61, 161) == 0
    assert lateness.steady == 0


def test_midnight_is_no_step_back() -> None:
    lateness = Lateness()
    lateness.late_s(86_399, 10)
    assert lateness.late_s(0, 11) == 0
    assert lateness.steady == 1


def test_a_step_back_of_the_receivers_time_begins_anew() -> None:
    lateness = Lateness()
    lateness.late_s(1000, 10)
    lateness.late_s(1000, 60)
    assert lateness.late_s(900, 61) == 0


def test_a_slow_clock_is_forgiven() -> None:
    lateness = Lateness()
    shown = [lateness.late_s(at, at * 1.00005) for at in range(0, 40_000, 100)]
    assert max(shown) < 0.1


def test_no_time_is_no_lateness() -> None:
    assert Lateness().late_s(None, 5) == 0
