"""The rule over events in memory, against the reference model: merge, authority, chains and danger."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.authority import (
    NOT_ENROLLED,
    ONLY_HQ,
    ONLY_ROOT,
    OTHER_TEAM,
    ROLE,
    UNDECIDED,
    Authority,
)
from fieldapp.domain.events import Event, decode
from fieldapp.domain.merge import danger_key
from fieldapp.domain.reference import merge
from fieldapp.domain.registry import DANGER
from tests.builders_storage import SCALES, Json, event, event_id, line_of, oracle, reference, vectors
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


def authority_of(events: list[Event], root: str) -> Authority:
    held = {event.id: event for event in events}

    def lookup(stream: str, seq: int, i: str) -> Event | None:
        found = held.get(i)
        return found if found and (found.stream, found.seq) == (stream, seq) else None

    return Authority(events, root, lookup)


@settings(max_examples=60)
@given(events=worlds())
def test_the_answer_for_all_events_of_a_device_is_that_for_each_of_them(events: list[Json]) -> None:
    """What the fast way asks once, asked of every event."""
    made = as_events(events)
    authority = authority_of(made, "hq0")
    for one in made:
        kind, owner, _ = one.record.split("/")
        answer = authority.simple(one.device, kind, owner)
        assert answer is UNDECIDED or answer == authority.refuse(one)


def test_a_plain_grant_is_decided_once_for_all() -> None:
    """Asking each single event would be right as well, and ten times as slow: so it is asked for."""
    grants: list[tuple[str, list[str], Any]] = [
        ("field", ["t7"], None), ("hq", [], None), ("odd", [], None), ("field", ["t7"], []),
    ]
    root: list[Json] = []
    for name, (role, teams, until) in zip("abcd", grants, strict=True):
        prev = event_id(root[-1]) if root else None
        value = {"grant": {"role": role, "teams": teams, "until": until}}
        root.append(event("hq0.a", len(root) + 1, prev, f"device/hq/{name}", value))
    authority = authority_of(as_events(root), "hq0")
    asked = [(name, kind) for name in ("a", "b", "c", "d", "x", "hq0") for kind in ("find", "task", "device")]
    found = {(name, kind): authority.simple(name, kind, "t7") for name, kind in asked}
    assert {name: found[name, "find"] for name in ("a", "b", "c", "x", "hq0")} == {
        "a": None, "b": None, "c": ROLE, "x": NOT_ENROLLED, "hq0": None
    }
    assert (found["a", "task"], found["b", "task"]) == (ONLY_HQ, None)
    assert found["b", "device"] is found["d", "find"] is UNDECIDED
    assert authority.simple("a", "find", "t8") == OTHER_TEAM


SEAT_WRITES: dict[str, tuple[str, Json, str | None]] = {
    "the root's own record": ("device/hq/hq0", {"grant": {"role": "hq", "teams": [], "until": []}}, ONLY_ROOT),
    "the root's name": ("device/hq/hq0", {"name": "x"}, ONLY_ROOT),
    "another seat": ("device/hq/hq2", {"name": "x"}, ONLY_ROOT),
    "a laptop": ("device/hq/lap1", {"grant": {"role": "field", "teams": ["t7"], "until": None}}, None),
    "a laptop made a seat": ("device/hq/lap1", {"grant": {"role": "hq", "teams": [], "until": None}}, ONLY_ROOT),
    "a find named like the root": ("find/t7/hq0", {"depth_cm": 5}, None),
    "a find named like a seat, with a grant": ("find/t7/hq2", {"grant": {"role": "hq"}}, None),
}


@pytest.mark.parametrize("name", list(SEAT_WRITES))
def test_what_a_seat_may_write_about_devices(name: str) -> None:
    record, changes, reason = SEAT_WRITES[name]
    one = event("hq0.a", 1, None, "device/hq/hq1", {"grant": {"role": "hq", "teams": [], "until": None}})
    two = event("hq0.a", 2, event_id(one), "device/hq/hq2", {"grant": {"role": "hq", "teams": [], "until": None}})
    events = [one, two, event("hq1.a", 1, None, record, changes)]
    result = merge(as_events(events), "hq0", ALL_SCALES)
    assert result == reference(events, "hq0")
    assert [found["reason"] for found in result["quarantined"]] == ([reason] if reason else [])


def test_a_decision_that_was_taken_back_is_not_stale() -> None:
    find = event("hq0.a", 1, None, "find/t7/01", {"depth_cm": 5})
    decision = event("hq0.a", 2, event_id(find), "decision/t7/01", {"of": {"record": "find/t7/01", "seen": ["x"]}})
    back = event("hq0.a", 3, event_id(decision), "decision/t7/01", {"exists": False}, parents=[event_id(decision)])
    for events, stale in (([find, decision], ["decision/t7/01"]), ([find, decision, back], [])):
        result = merge(as_events(events), "hq0", ALL_SCALES)
        assert result["stale"] == stale
        assert result == reference(events, "hq0")
