"""Whatever a receiver does with its datum, no fix is ever live a hundred metres from where it stands (M25)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.geodesy.frame import EPSG_15865
from fieldapp.gnss.decoding import Decoder
from fieldapp.gnss.fix import Fix, Gates
from fieldapp.gnss.spread import distance_m
from fieldapp.operations.receiver_datum import SK42_CODES, DatumWatch
from fieldapp.operations.receiver_heard import Heard
from tests.builders_gnss import PLACE, dtm, moment, sentence

SHOWN = {"W84": PLACE, "S42": (39.991187, 46.931196), "ROM": (39.9905, 46.9281)}
"""What the receiver shows where it stands, by the datum it is set to."""

STYLES = {
    "last": lambda at, datum: moment(at, *SHOWN[datum]) + dtm(datum),
    "first": lambda at, datum: dtm(datum) + moment(at, *SHOWN[datum]),
    "only another": lambda at, datum: moment(at, *SHOWN[datum]) + (dtm(datum) if datum != "W84" else b""),
    "only WGS 84": lambda at, datum: moment(at, *SHOWN[datum]) + (dtm(datum) if datum == "W84" else b""),
    "every third": lambda at, datum: moment(at, *SHOWN[datum]) + (dtm(datum) if at % 3 == 0 else b""),
}


def accepted(pieces: list[bytes]) -> list[Fix]:
    """The fixes that could have been captured, in WGS 84."""
    heard = Heard("", DatumWatch("auto", EPSG_15865), replayed=False)
    decoder, gates, found = Decoder(), Gates(), []
    for at, piece in enumerate(pieces):
        for cycle in decoder.feed(piece, float(at)):
            heard.take(cycle, gates)
            if heard.good is not None and heard.good.heard_at == cycle.heard_at and not heard.refusals:
                found.append(heard.good)
    return found


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(list(STYLES)), st.lists(st.tuples(st.sampled_from(list(SHOWN)), st.integers(1, 15)),
                                               min_size=1, max_size=6))  # fmt: skip
def test_no_change_of_datum_goes_unseen(style: str, stretches: list[tuple[str, int]]) -> None:
    """But for the first three seconds: nothing is known of the receiver yet, and nobody switches it that soon."""
    first = "W84" if style == "only WGS 84" else stretches[0][0]  # of a receiver that never said it nothing is known
    stretches = [(first, stretches[0][1] + 5), *stretches[1:]]
    datums = [datum for datum, seconds in stretches for _ in range(seconds)]
    pieces = [STYLES[style](at, datum) for at, datum in enumerate(datums)]
    wrong = [fix for fix in accepted(pieces) if distance_m(fix.lat, fix.lon, *PLACE) > 0.5]
    assert not wrong


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("datum", ["W84", "S42"])
def test_a_receiver_that_stays_in_its_datum_is_live_soon(style: str, datum: str) -> None:
    pieces = [STYLES[style](at, datum) for at in range(30)]
    assert len(accepted(pieces)) >= 22


@pytest.mark.parametrize("code", sorted(SK42_CODES))
def test_the_names_of_sk42_mean_the_same(code: str) -> None:
    pieces = [moment(at, *SHOWN["S42"], datum=code) for at in range(12)]
    fixes = accepted(pieces)
    assert fixes
    assert max(distance_m(fix.lat, fix.lon, *PLACE) for fix in fixes) < 0.5


def test_garmins_own_datum_sentence_is_obeyed() -> None:
    """Their receivers have no DTM: they name the map's datum in words."""
    named = sentence("PGRMM,S-42 (Pulkovo 1942)")
    fixes = accepted([named + moment(at, *SHOWN["S42"]) for at in range(12)])
    assert fixes
    assert max(distance_m(fix.lat, fix.lon, *PLACE) for fix in fixes) < 0.5
    assert len(accepted([sentence("PGRMM,WGS 84") + moment(at) for at in range(12)])) >= 10
    assert not accepted([sentence("PGRMM,European 1950") + moment(at, *SHOWN["ROM"]) for at in range(12)])


def test_two_receivers_that_take_turns_on_one_line_are_never_live() -> None:
    """One of them is a hundred metres off, and nobody can say which."""
    first, second = PLACE, SHOWN["S42"]
    pieces = [moment(0.5 * at, *(second if at % 2 else first)) for at in range(40)]
    assert len(accepted(pieces)) <= 1


def test_one_wild_fix_costs_a_moment_not_the_receiver() -> None:
    pieces = [moment(at, *(SHOWN["S42"] if at == 10 else PLACE)) for at in range(20)]
    fixes = accepted(pieces)
    assert len(fixes) >= 15
    assert all((fix.lat, fix.lon) == pytest.approx(PLACE) for fix in fixes)
