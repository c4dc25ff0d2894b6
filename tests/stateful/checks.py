"""Invariants in plain sets, without the reference model's code: conflicts, forks and receipts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from fieldapp.storage import journal, ledger
from tests.stateful.world import Party

Json = dict[str, Any]


def check_conflicts(held: Mapping[str, Json], result: Json) -> None:
    """V8: two values that nobody replaced are a listed conflict with both readable, and nothing else is. V9."""
    aside = {one["event"] for one in result["quarantined"]} | {
        one["event"] for one in result["pending"] if not one["counts"]
    }
    readings: dict[tuple[str, str], set[str]] = {}
    counting = {i: event for i, event in held.items() if i not in aside}
    replaced = {
        (event["record"], parent, group)
        for event in counting.values()
        for parent in event["parents"]
        for group in event["set"]
    }
    for i, event in counting.items():
        for group, value in event["set"].items():
            if group != "exists" and (event["record"], i, group) not in replaced:
                readings.setdefault((event["record"], group), set()).add(_text(value))
    listed = {(one["record"], one["group"]): one["readings"] for one in result["conflicts"]}
    wanted = {place: found for place, found in readings.items() if len(found) > 1}
    assert {place: set(map(_text, found)) for place, found in listed.items() if place[1] != "exists"} == wanted, "V8"
    for record, group in listed:
        kind = record.split("/")[0]
        if group == "exists" and kind in ("find", "plot"):
            assert result["records"][record]["retracted"] is (kind == "plot"), "V9"


def check_forks(held: Mapping[str, Json], forks: Iterable[Json]) -> None:
    """V10: where two events share a stream and a number there is an alarm, and nowhere else."""
    places: dict[tuple[str, int], int] = {}
    for event in held.values():
        place = event["stream"], event["seq"]
        places[place] = places.get(place, 0) + 1
    doubled = {stream for (stream, _), count in places.items() if count > 1}
    assert {fork["stream"] for fork in forks} == doubled, "V10"


def check_receipts(laptop: Party, held: Mapping[str, Json], at_hq: set[str]) -> None:
    """V11: what this laptop shows as safe lies at headquarters, with everything before it."""
    open_here = {one.id for one in journal.streams(laptop.ws.store) if one.own and not one.closed}
    for receipt in ledger.receipts(laptop.ws.store):
        assert receipt.head in held or receipt.stream not in open_here, "V10: another installation writes there"
        i = receipt.head if receipt.head in held else None
        while i is not None:
            assert i in at_hq, "V11"
            i = held[i]["prev"]
    own = [event for event in held.values() if event["stream"].startswith(laptop.ws.device + ".")]
    shown = ledger.whereabouts(laptop.ws.store, {event["record"] for event in own})
    safe = {i for i, event in held.items() if event in own and shown.get(event["record"]) == "hq"}
    assert safe <= at_hq, "V11"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
