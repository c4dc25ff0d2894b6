"""Synthetic streams of finds, signed by many devices, in the shape the unit's rows have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fieldapp.domain.canonical import canonical
from fieldapp.domain.segments import SEGMENT_FORMAT, SegmentHeader, encode_segment, head_of
from fieldapp.ids import SeededEntropy, stream_id, uuid7
from fieldapp.sync.bundle import PackedSegment
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.segments import sign_segment

STREAMS = 40
SEGMENT = 2_000
_START = datetime(2024, 1, 1, 6, tzinfo=UTC)
_MODELS = (("ap_mine", "ap_blast", "pmn-2"), ("at_mine", "at_blast", "tm-62m"), ("projectile", None, None),
           ("submunition", None, "9n235"))
_NOTES = ("", "", "", "near the road", "köhnə səngər", "у забора", "two metres off", "north edge of the lane")


@dataclass(frozen=True)
class Laptop:
    """A device of the benchmark with its one stream."""

    keys: DeviceKeys
    stream: str
    team: str


def laptops(count: int = STREAMS) -> list[Laptop]:
    """The benchmark's devices: the same on every run."""
    made = []
    for number in range(count):
        keys = DeviceKeys.from_entropy(SeededEntropy(f"benchmark {number}"))
        made.append(Laptop(keys, stream_id(keys.device, SeededEntropy(f"stream {number}")), f"t{number}"))
    return made


def find_fields(dice: random.Random, moment: datetime, number: int, prefix: str) -> dict[str, object]:
    """The groups of one find: about twenty fields, a note in five of eight."""
    category, sub_category, model = dice.choice(_MODELS)
    what: dict[str, object] = {"category": category, "ordnance_state": "uxo"}
    if sub_category:
        what["sub_category"] = sub_category
    if model:
        what["model"] = model
    note = dice.choice(_NOTES)
    groups: dict[str, object] = {
        "local_id": f"{prefix}-{number:04d}-A", "what": what, "amount": {"quantity": dice.choice((1, 1, 1, 2, 5)),
                                                                         "unit": "piece"},
        "position": {
            "lat": f"{39.5 + dice.random():.6f}".rstrip("0"), "lon": f"{46.5 + dice.random():.6f}".rstrip("0"),
            "fixed_by": "typed", "typed_text": "as typed", "typed_crs": "EPSG:4326",
        },
        "depth_cm": dice.randrange(40), "condition": "armed", "anti_lift": False,
        "found": {"found_on": moment.date().isoformat(), "found_at": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
                  "found_by": "R. Sadigov"},
        "task": "task/hq/t-118", "place": "AZ-AGM",
    }
    if note:
        groups["remarks"] = note
    return groups


def lines(laptop: Laptop, count: int, first: int = 1, seed: int = 0) -> Iterator[bytes]:
    """The canonical event lines of ``count`` new finds of one stream, from number ``first``."""
    dice = random.Random(f"{laptop.stream}{seed}{first}")
    entropy = SeededEntropy(f"{laptop.stream}{seed}{first}")
    for seq in range(first, first + count):
        moment = _START + timedelta(minutes=7 * seq)
        yield canonical({
            "app": "0.1.0", "at": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "by": "R. Sadigov", "clock": "ok",
            "offset_min": 240, "parents": [], "record": f"find/{laptop.team}/{uuid7(moment, entropy)}", "seq": seq,
            "set": find_fields(dice, moment, seq, laptop.team.upper()),
        })


def packed(laptop: Laptop, count: int, first: int = 1, prev: str | None = None, seed: int = 0) -> Iterator[
    PackedSegment
]:
    """The signed segments of ``count`` finds of one laptop."""
    whole = list(lines(laptop, count, first, seed))
    for start in range(0, count, SEGMENT):
        part = whole[start : start + SEGMENT]
        header = SegmentHeader(f"team/{laptop.team}", SEGMENT_FORMAT, first + start, laptop.keys.signing_public, prev,
                               laptop.stream)
        data = encode_segment(header, part)
        prev = head_of(header, part)
        yield PackedSegment(header, first + start + len(part) - 1, prev, data, sign_segment(laptop.keys, data))
