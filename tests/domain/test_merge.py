"""The rule over events in memory, against the reference model: merge, authority, chains and danger."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.events import Event, decode
from fieldapp.domain.merge import danger_key
from fieldapp.domain.reference import merge
from fieldapp.domain.registry import DANGER
from tests.builders_storage import SCALES, Json, line_of, oracle, reference, vectors
from tests.storage.test_same_as_the_reference_model import worlds

ALL_SCALES = {
    place: tuple((member, tuple(scale) if isinstance(scale, list) else scale) for member, scale in members)
    for place, members in SCALES.items()
}


def as_events(events: list[Json]) -> list[Event]:
    return [decode(one["stream"], one["prev"], line_of(one)) for one in events if not oracle.malformed(one)]


@pytest.mark.parametrize("vector", vectors, ids=[vector["name"] for vector in vectors])
def test_every_vector_in_memory(vector: Json) -> None:
    assert merge(as_events(vector["events"]), vector["root"], ALL_SCALES) == reference(
        vector["events"], vector["root"]
    )


@settings(max_examples=60)
@given(events=worlds(), root=st.sampled_from(("hq0", "hq0", "lap1")))
def test_any_set_of_events_in_memory(events: list[Json], root: str) -> None:
    assert merge([*as_events(events), *as_events(events[:3])], root, ALL_SCALES) == reference(events, root)


SCALED = sorted({scale for members in DANGER.values() for _, scale in members if isinstance(scale, tuple)}, key=str)
PARTS: list[Any] = [
    None, True, False, 0, 1, -1, 7, 2**53 - 1, "", "0", "-0", "1", "-1", "10", "9", "2.5", "2.50", "1e3", "NaN", "+1",
    " 1", "1.", ".5", "1" * 16, "0." + "1" * 15, "0." + "1" * 16, [], [1], {}, {"a": 1}, "x", "unknown_code",
    *[code for scale in SCALED for code in scale],
]  # fmt: skip


@pytest.mark.parametrize("member", ["", "part"])
@pytest.mark.parametrize("scale", ["more", "less", *SCALED], ids=str)
def test_what_is_more_dangerous_is_as_the_reference_model_says(member: str, scale: tuple[object, ...] | str) -> None:
    values = [part if member == "" else {member: part} for part in PARTS] + [None, 3, "text", {}, {"other": 1}]
    there = [(member, list(scale) if isinstance(scale, tuple) else scale)]
    ours = sorted(values, key=lambda value: danger_key(value, [(member, scale)]))
    theirs = sorted(values, key=lambda value: oracle.danger(value, there))
    assert list(map(repr, ours)) == list(map(repr, theirs))
    for value in values:
        assert danger_key(value, [(member, scale)])[:-1] == oracle.danger(value, there)[:-1]
