"""One check for each invariant, by its name. What they compare with is plain sets and the reference model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from fieldapp.operations import inbox, photos, verifying
from fieldapp.storage import journal, ledger
from fieldapp.storage.merged import merge_result, state_hash
from fieldapp.storage.rebuild import rebuild
from tests.builders_storage import reference
from tests.stateful.parties import CANARY, HAPPENED, Json, Party
from tests.stateful.world import World, files_with

CONDITIONS = ("functioned", "unarmed", "damaged", "deteriorated", "armed", "petrified")
"""From least to most dangerous; what today's program does not know is taken for the most dangerous."""
_MOST_BYTES = 40_000
_MOST_BYTES_A_LINE = 1_500
"""A bundle of this small world is never larger than so many bytes, and so many for each event in it."""


def check_party(world: World, party: Party) -> None:
    """Everything that must hold of one workspace after a step."""
    held = world.log.held(party)
    v2_no_loss(party, held)
    v3_no_invention(world, party, held)
    result = merge_result(party.ws.store)
    v7_deterministic_view(world, party, held, result)
    for what in ("conflicts", "forks", "gaps", "pending", "quarantined", "stale"):
        HAPPENED[what] += len(result[what])
    HAPPENED["workspaces checked"] += 1
    v8_conflict_honesty(held, result)
    v9_safety_bias(held, result)
    v10_identity(party, held, inbox.forks(party.ws))
    if party.name != "hq":
        v11_receipts(world, party, held)
        v13_words(party)


def v1_convergence(world: World) -> None:
    """Headquarters holds all that surviving laptops committed, and every whole bundle that reached it."""
    for laptop in world.laptops:
        assert laptop.expected <= world.hq.expected or world.stranded(laptop), f"V1: {laptop.name}"


def v2_no_loss(party: Party, held: Mapping[str, Json]) -> None:
    """What was saved here or taken from a bundle is here."""
    assert party.expected <= held.keys(), f"V2 on {party.name}"


def v3_no_invention(world: World, party: Party, held: Mapping[str, Json]) -> None:
    """Nothing is here that was not saved here or lay in a whole bundle, and each event is as its writer saved it."""
    assert held.keys() <= party.expected, f"V3, V5 on {party.name}"
    assert all(world.truth[i] is event or world.truth[i] == event for i, event in held.items()), "V3"


def v6_monotone(world: World, epoch: str, before: set[str]) -> None:
    """Within an epoch headquarters only gains."""
    if world.hq.ws.meta("epoch") == epoch:
        assert before <= world.hq.expected, "V6"


def v7_deterministic_view(world: World, party: Party, held: Mapping[str, Json], result: Json) -> None:
    """The records are what the reference model makes of the same events."""
    assert result == _reference(tuple(sorted(held)), party.ws.root, world), f"V7 on {party.name}"


@lru_cache(maxsize=256)
def _reference(ids: tuple[str, ...], root: str, world: World) -> Json:
    return reference((world.truth[i] for i in ids), root)


def v7_equal_to_a_rebuild(party: Party) -> None:
    before, digest = merge_result(party.ws.store), state_hash(party.ws.store)
    rebuild(party.ws.store)
    assert state_hash(party.ws.store) == digest, f"V7: {party.name} made anew"
    assert merge_result(party.ws.store) == before, f"V7: {party.name} made anew"


def counting(held: Mapping[str, Json], result: Json) -> dict[str, Json]:
    """The events that are not kept aside."""
    aside = {one["event"] for one in result["quarantined"]}
    aside |= {one["event"] for one in result["pending"] if not one["counts"]}
    return {i: event for i, event in held.items() if i not in aside}


def standing(events: Mapping[str, Json]) -> dict[tuple[str, str], dict[str, Any]]:
    """By record and group: the values that nobody replaced, by event."""
    replaced = {
        (event["record"], parent, group)
        for event in events.values()
        for parent in event["parents"]
        for group in event["set"]
    }
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for i, event in events.items():
        for group, value in event["set"].items():
            if (event["record"], i, group) not in replaced:
                found.setdefault((event["record"], group), {})[i] = value
    return found


def v8_conflict_honesty(held: Mapping[str, Json], result: Json) -> None:
    """Two values that nobody replaced are a listed conflict with both readable, and nothing else is."""
    live = standing(counting(held, result))
    wanted = {place: set(map(_text, found.values())) for place, found in live.items() if place[1] != "exists"}
    wanted = {place: readings for place, readings in wanted.items() if len(readings) > 1}
    listed = {(one["record"], one["group"]): set(map(_text, one["readings"])) for one in result["conflicts"]}
    assert {place: found for place, found in listed.items() if place[1] != "exists"} == wanted, "V8"
    for (record, _), found in live.items():
        for i, value in found.items():
            if value is False and _unseen(record, i, held[i], live):
                assert (record, "exists") in listed, "V8: a retraction that did not see a value is listed"


def _unseen(record: str, retraction: str, event: Json, live: Mapping[tuple[str, str], Mapping[str, Any]]) -> bool:
    """Does somebody's value stand that this retraction, and no other, has seen?"""
    if "exists" not in event["set"]:
        return False
    retractions = {i for i, value in live.get((record, "exists"), {}).items() if value is False}
    heads = {i for (name, _), found in live.items() if name == record for i in found}
    return retractions == {retraction} and bool(heads - retractions - set(event["parents"]))


def v9_safety_bias(held: Mapping[str, Json], result: Json) -> None:
    """A disputed find is there and shown as dangerous as anybody says; a disputed release is not."""
    for one in result["conflicts"]:
        kind, record = one["record"].split("/")[0], result["records"][one["record"]]
        if one["group"] == "exists" and kind in {"find", "plot"}:
            assert record["retracted"] is (kind == "plot"), "V9: present, and never released"
        if kind == "find" and one["group"] == "condition":
            HAPPENED["danger disputed"] += 1
            worst = max((value for value in one["readings"] if value), key=CONDITIONS.index)
            assert record["values"]["condition"] == worst, "V9: the more dangerous is shown"
    everyone = counting(held, result)
    withdrawn = {event["record"] for event in everyone.values() if event["set"].get("exists") is False}
    for event in everyone.values():
        if event["record"].startswith("find/") and event["record"] not in withdrawn:
            assert not result["records"][event["record"]]["retracted"], "V9: no find hides"


def v10_identity(party: Party, held: Mapping[str, Json], forks: Iterable[Json]) -> None:
    """Where two events share a stream and a number there is an alarm, and nowhere else; chains have no holes."""
    places: dict[tuple[str, int], int] = {}
    for event in held.values():
        place = event["stream"], event["seq"]
        places[place] = places.get(place, 0) + 1
        before = event["prev"]
        assert (before is None) is (event["seq"] == 1), "V10"
        if before in held:
            earlier = held[before]
            assert (earlier["stream"], earlier["seq"]) == (event["stream"], event["seq"] - 1), "V10"
    doubled = {stream for (stream, _), count in places.items() if count > 1}
    assert {fork["stream"] for fork in forks} == doubled, f"V10 on {party.name}"


def v11_receipts(world: World, laptop: Party, held: Mapping[str, Json]) -> None:
    """What a laptop shows as safe lay at headquarters in the epoch it knows, with everything before it."""
    store = laptop.ws.store
    open_here = {one.id for one in journal.streams(store) if one.own and not one.closed}
    for receipt in ledger.receipts(store):
        assert receipt.head in held or receipt.stream not in open_here, "V10: another installation writes there"
        i = receipt.head if receipt.head in held else None
        while i is not None:
            assert i in world.in_epoch.get(receipt.epoch, set()), "V11: headquarters never had that"
            i = held[i]["prev"]
    at_hq = world.held_in_epochs(laptop)
    confirmed = ledger.confirmed(store)
    for i, event in held.items():
        if event["seq"] <= confirmed.get(event["stream"], 0):
            assert i in at_hq, "V11: confirmed"
    own = {i: event for i, event in held.items() if event["stream"].startswith(laptop.ws.device + ".")}
    shown = ledger.whereabouts(store, {event["record"] for event in own.values()})
    assert {i for i, event in own.items() if shown.get(event["record"]) == "hq"} <= at_hq, "V11: shown as safe"


def v13_words(laptop: Party) -> None:
    """The word of headquarters that a laptop goes by is never an older one than before."""
    kept = laptop.ws.get_json("hq_word", None)
    now = (ledger.epoch_number(kept["epoch"]), int(kept["number"])) if kept else (0, 0)
    assert now >= laptop.word, "V13"
    laptop.word = now


def v15_fairness(world: World) -> None:
    """After the fair exchanges every laptop shows all it wrote as safe, and nothing is left to send."""
    devices = [laptop.ws.device for laptop in world.laptops]
    for laptop in world.laptops:  # copies that both run, and who is cut off, are excepted: README.md
        if laptop.ws.device in world.revoked or devices.count(laptop.ws.device) > 1 or world.stranded(laptop):
            continue
        names = [e["record"] for e in world.log.held(laptop).values() if e["stream"].startswith(laptop.ws.device)]
        where = ledger.whereabouts(laptop.ws.store, names)
        assert {name: place for name, place in where.items() if place != "hq"} == {}, f"V15 on {laptop.name}"
        again = world.write_out(laptop)
        assert again is not None
        assert not {i for i in again.events or () if world.log.events[i]["stream"].startswith(laptop.ws.device)}, "V15"
    for laptop in world.laptops:
        here = {d for d in photos.named_photos(laptop.ws) if photos.photo_path(laptop.ws, d).exists()}
        assert not here & set(photos.missing_photos(world.hq.ws)) or world.stranded(laptop), "V2: a photo stayed behind"


def v16_bounds(world: World) -> None:
    """A bundle grows with what is in it, and with nothing else."""
    for one in world.bundles:
        if one.events is not None:
            assert one.path.stat().st_size < _MOST_BYTES + _MOST_BYTES_A_LINE * one.lines, "V16"
            assert one.lines <= len(one.events) * (1 + len(world.laptops)), "V16: the same lines over and over"


def v17_names(world: World) -> None:
    """After each step: no name of a file on the stick tells anything, and none is half written."""
    assert not [path for path in world.stick.iterdir() if CANARY in path.name], "V17"
    assert {one.path for one in world.bundles} == set(world.stick.glob("*.fieldbundle")), "V5: a half-written bundle"


def v17_nothing_readable(world: World) -> None:
    """What people typed and photographed stands in no file: sticks, backups, temporaries, logs, databases."""
    assert not files_with(world.folder, [CANARY]), "V17"


def everything_verifies(world: World) -> None:
    """``check --read-data`` finds nothing wrong anywhere: V3, and V7 by a rebuild of every workspace."""
    for party in world.parties.values():
        problems = verifying.check(party.ws, read_data=True).problems
        assert problems == [], f"V3 on {party.name}"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
