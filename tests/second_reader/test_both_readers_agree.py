"""Two readers, one page: what the product reads and refuses, a reader written from FORMAT.md alone reads and refuses.

They must agree on taking or refusing, on the name of every refusal, on every event id and on every head.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.canonical import parse
from fieldapp.operations import export, imports, lookup, records
from fieldapp.operations.workspace import Workspace
from fieldapp.sync.container import measure
from fieldapp.sync.demonstration import demonstration_devices, demonstration_keys
from fieldapp.sync.errors import BundleError
from fieldapp.sync.reading import Expectation, read_bundle
from fieldapp.sync.segments import sign_segment
from tests.builders import a_find, a_plot, deployment
from tests.builders_sync import (
    HQ,
    HQ_KEYS,
    LAPTOP,
    STRANGER,
    bundle,
    event_lines,
    expectation,
    inside,
    known,
    plain_zip,
    resigned,
    sealed,
    segment,
    zipped,
)
from tests.second_reader.container import Refused
from tests.second_reader.reader import DEMONSTRATION, Reading, events, opened

Json = dict[str, Any]
AT_HQ = Reading(HQ.receiving.text, HQ.recipient, "hq", "dep-1", knows=frozenset({LAPTOP.device}))


def verdict_of_the_product(path: Path, private: Path, expect: Expectation) -> Json:
    try:
        with read_bundle(path, [HQ.receiving], private, expect) as read:
            return {
                "manifest": parse(read.raw_manifest),
                "segments": {one.entry.member: one.ids() for one in read.segments if not one.refused},
                "refused": {one.entry.member: one.refused.code for one in read.segments if one.refused},
            }
    except BundleError as error:
        return {"refusal": error.code}


def verdict_of_the_second(data: bytes, reading: Reading) -> Json:
    try:
        read = opened(data, reading)
    except Refused as refusal:
        return {"refusal": refusal.name}
    taken = {one["member"]: one for one in read.manifest["segments"] if one["member"] not in read.refused_segments}
    ids = {name: list(one.ids) for name, one in zip(taken, read.segments, strict=True)}
    return {"manifest": read.manifest, "segments": ids, "refused": read.refused_segments}


def agreed(path: Path, **expected: Any) -> Json:
    """The one verdict of both readers."""
    first = verdict_of_the_product(path, path.parent, expectation(**expected))
    assert verdict_of_the_second(path.read_bytes(), AT_HQ) == first
    return first


def small(folder: Path) -> Path:
    return bundle(folder, recipients=[HQ.recipient], segments=[segment(lines=event_lines(count=1))], totals={}).path


def test_the_second_reader_shares_no_code_with_the_first() -> None:
    for name in ("reader.py", "container.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text(encoding="utf-8"))
        found = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        found += [one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names]
        assert not [module for module in found if module.startswith("fieldapp")]


def test_both_take_a_whole_bundle(tmp_path: Path) -> None:
    verdict = agreed(bundle(tmp_path, segments=[segment(), segment(STRANGER)]).path)
    assert len(verdict["segments"]) == 2
    assert not verdict["refused"]


def test_flips_and_cuts_of_the_sealed_file(tmp_path: Path) -> None:
    whole = small(tmp_path).read_bytes()
    path, dice = tmp_path / "x.fieldbundle", random.Random(1)
    taken = 0
    for _ in range(120):
        place, bit = dice.randrange(len(whole)), dice.randrange(8)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
        taken += "refusal" not in agreed(path)
        path.write_bytes(whole[: dice.randrange(len(whole))])
        taken += "refusal" not in agreed(path)
    assert not taken
    for start in range(24):
        path.write_bytes(whole[:start])
        assert "refusal" in agreed(path)


def test_flips_cuts_and_splices_of_the_zip_sealed_again(tmp_path: Path) -> None:
    whole = plain_zip(small(tmp_path), tmp_path)
    path, dice = tmp_path / "x.fieldbundle", random.Random(2)
    for _ in range(250):
        place, other = sorted(dice.randrange(len(whole)) for _ in range(2))
        for other_zip in (
            whole[:place] + bytes([whole[place] ^ 1 << dice.randrange(8)]) + whole[place + 1 :],
            whole[:place] + whole[other:] if dice.random() < 0.5 else whole[:other] + whole[place:],
        ):
            if other_zip != whole:
                assert "refusal" in agreed(sealed(other_zip, path))


def test_members_of_two_bundles_exchanged(tmp_path: Path) -> None:
    one = inside(small(tmp_path), tmp_path)
    other = inside(bundle(tmp_path, STRANGER, name="b", segments=[segment(STRANGER)]).path, tmp_path)
    for name in sorted({*one, *other}):
        mixed = {**one, **({name: other[name]} if name in other else {})}
        if mixed != one:
            assert "refusal" in agreed(sealed(zipped(mixed), tmp_path / "x.fieldbundle"))
        without = {key: value for key, value in one.items() if key != name}
        if without != one:
            assert "refusal" in agreed(sealed(zipped(without), tmp_path / "x.fieldbundle"))


VALUES: tuple[Any, ...] = (None, True, 0, -1, 1, 2, 2**53 - 1, "", "x", "y" * 201, "hq", "0" * 64, [], {}, ["a"], [{}])
"""What a signed manifest may be made to say in the place of anything."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield (*path, name)
        yield from places(one, (*path, name))


DROPPED: Any = object()
"""Says of a value that it is not there at all."""


def looked_up(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def altered(manifest: Json, path: tuple[Any, ...], value: Any) -> Json:
    """A copy that says ``value`` at one place."""
    made: Json = copy.deepcopy(manifest)
    target = looked_up(made, path[:-1])
    if value is DROPPED:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return made


def test_manifests_that_say_something_else_signed_again(tmp_path: Path) -> None:
    asked = [{"stream": f"{LAPTOP.device}.aaaaaaaa", "from": 1, "to": 2, "head": "0" * 64}]
    receipts = [{"stream": f"{LAPTOP.device}.aaaaaaaa", "seq": 1, "head": "0" * 64, "epoch": "e"}]
    members = inside(bundle(tmp_path, recipients=HQ_KEYS).path, tmp_path)
    begun = parse(members["manifest.json"]) | {"asked": asked, "asked_photos": ["0" * 64], "receipts": receipts}
    special: list[tuple[tuple[Any, ...], Any]] = [
        (("minimum_reader",), 0),
        (("minimum_reader",), 2),
        (("sender", "key"), STRANGER.signing_public),
        (("sender", "device"), STRANGER.device),
        (("sender", "key"), LAPTOP.signing_public[:-1]),
        (("sender", "key"), LAPTOP.signing_public[:-2] + "9="),
        (("deployment", "id"), "dep-2"),
        (("demonstration",), True),
        (("recipient", "keys"), sorted({STRANGER.recipient, *HQ_KEYS})),
        (("recipient", "keys"), [STRANGER.recipient]),
    ]
    ways = list(places(begun))
    dice, path, codes = random.Random(3), tmp_path / "x.fieldbundle", set()
    sampled = [(way, value) for way in ways for value in dice.sample(VALUES, 4)]
    added = [((*way, "new"), 1) for way in [(), *ways] if isinstance(looked_up(begun, way), dict)]
    for way, value in [*special, *sampled, *added, *((way, DROPPED) for way in ways)]:
        manifest = altered(begun, way, value)
        verdict = agreed(sealed(zipped(resigned(members, manifest, LAPTOP)), path))
        codes.add(verdict.get("refusal", "taken"))
        assert value != 1 or way[-1] != "new" or "refusal" not in verdict or way[0] == "lists"
    assert {"taken", "bundle_altered", "bundle_too_new", "sender_signature_wrong"} <= codes
    assert {"other_deployment", "not_addressed_here", "demonstration_refused"} <= codes


RAW: tuple[Callable[[bytes], bytes], ...] = (
    lambda raw: raw + b"\n",
    lambda raw: b"\xef\xbb\xbf" + raw,
    lambda raw: raw.replace(b'"app"', b'"app" '),
    lambda raw: raw.replace(b'{"app"', b'{"app":"1","app"'),
    lambda raw: raw.replace(b'"number":1', b'"number":1.0'),
    lambda raw: raw.replace(b'"number":1', b'"number":9007199254740992'),
    lambda raw: raw.replace(b"Programme", b"Pro\\u0067ramme"),
    lambda raw: raw.replace(b"Programme", b"Pro\\ud800gramme"),
    lambda raw: raw.replace(b"Programme", b"Pro\xffgramme"),
    lambda raw: raw.replace(b'"lists":{}', b'"lists":{"Upper":"1"}'),
    lambda raw: raw.replace(b'"totals":{', b'"totals":{"a":' + b'{"a":' * 40 + b"1" + b"}" * 40 + b","),
    lambda raw: raw.replace(b"2026-11-22T06:15:00Z", b"2026-13-22T06:15:00Z"),
    lambda raw: raw.replace(b"2026-11-22T06:15:00Z", "٢٠٢٦-11-22T06:15:00Z".encode()),
    lambda raw: b"[]",
    lambda raw: b"",
    lambda raw: b"[" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(RAW)))
def test_manifests_in_another_spelling_signed_again(number: int, tmp_path: Path) -> None:
    members = inside(bundle(tmp_path).path, tmp_path)
    spelt = RAW[number](members["manifest.json"])
    assert spelt != members["manifest.json"]
    packed = zipped(resigned(members, spelt, LAPTOP))
    assert agreed(sealed(packed, tmp_path / "x.fieldbundle")) == {"refusal": "bundle_altered"}


def with_segment(tmp_path: Path, data: bytes, signature: str) -> Path:
    """A bundle of a sender who packs and signs whatever he likes as a segment."""
    members = inside(bundle(tmp_path, recipients=[HQ.recipient]).path, tmp_path)
    manifest = parse(members["manifest.json"])
    name = manifest["segments"][0]["member"]
    members |= {name: data, name + ".minisig": signature.encode()}
    for entry in manifest["members"]:
        found = measure(entry["name"], members[entry["name"]])
        entry |= {"size": found.size, "sha256": found.sha256}
    return sealed(zipped(resigned(members, manifest, LAPTOP)), tmp_path / "x.fieldbundle")


def test_segments_that_are_not_what_the_manifest_says(tmp_path: Path) -> None:
    good, dice, codes = segment(), random.Random(4), set()
    data = good.data
    other = segment(STRANGER).data
    assert isinstance(data, bytes)
    assert isinstance(other, bytes)
    others = [data, data + b"\0", data + data, b"\x50\x2a\x4d\x18\0\0\0\0" + data, b"", other]
    others += [data[: dice.randrange(len(data))] for _ in range(30)]
    for place in [*range(12), *(dice.randrange(len(data)) for _ in range(80))]:
        others.append(data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1 :])
    for one in others:
        for signature in (good.signature, sign_segment(LAPTOP, one)):
            verdict = agreed(with_segment(tmp_path, one, signature))
            (code,) = verdict["refused"].values() or ["taken"]
            assert (code == "taken") == (one == data)
            codes.add(code)
    for signature in (sign_segment(STRANGER, data), good.signature[:-1], good.signature + "\n", "é\n" * 4):
        assert agreed(with_segment(tmp_path, data, signature))["refused"]
    assert codes >= {"taken", "segment_damaged", "segment_signature_wrong"}


def test_signatures_in_another_form(tmp_path: Path) -> None:
    members = inside(small(tmp_path), tmp_path)
    lines = members["manifest.json.minisig"].split(b"\n")
    forms = [b"", b"\n" * 4, b"\n" * 512, b"\n" * 513, b"\n".join(lines[:-1]), b"\n".join([*lines, b""])]
    forms += [b"\r\n".join(lines), b"\n".join([b"untrusted comment: other", *lines[1:]])]
    forms += [b"\n".join([*lines[:2], b"trusted comment: fieldapp segment", *lines[3:]])]
    forms += [b"\n".join([*lines[:1], lines[1][:-2] + b"x=", *lines[2:]])]
    for form in forms:
        altered_members = members | {"manifest.json.minisig": form}
        code = "bundle_too_large" if len(form) > 512 else "sender_signature_wrong"
        assert agreed(sealed(zipped(altered_members), tmp_path / "x.fieldbundle")) == {"refusal": code}


def test_whose_bundle_it_is(tmp_path: Path) -> None:
    assert demonstration_devices() == DEMONSTRATION
    place = demonstration_keys("team-01")
    assert agreed(bundle(tmp_path, STRANGER, segments=[]).path, sender=known(LAPTOP)) == {"refusal": "unknown_sender"}
    assert agreed(bundle(tmp_path, audience="team/t7", name="b").path) == {"refusal": "not_addressed_here"}
    demonstrated = bundle(tmp_path, place, demonstration=True, segments=[], name="c").path
    assert agreed(demonstrated) == {"refusal": "demonstration_refused"}
    carried = agreed(bundle(tmp_path, segments=[segment(place)], name="d").path)
    assert list(carried["refused"].values()) == ["segment_of_demonstration"]


def held(ws: Workspace) -> set[str]:
    """The heads of all streams, as the product's database has them."""
    return {head for _stream, _seq, head in lookup.ends(ws)}


def test_what_the_product_carries_there_and_back(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        plot, find = a_plot(laptop), a_find(laptop, remarks="у дерева, ağacın yanında")
        records.correct(laptop, find.name, {"depth_cm": 7}, "measured again")
        records.retract(laptop, plot.name, "twice")
        read = at(there.hq, export.export_for_hq(laptop, there.stick).path, "hq")
        assert set().union(*read.heads.values()) <= held(laptop)
        imports.import_file(there.hq, there.stick / _newest(there.stick))
        assert set().union(*read.heads.values()) <= held(there.hq)
        found = {one["id"]: one for part in read.segments for one in events(part)}
        for name in (plot.name, find.name):
            history = [one.event for one in records.history(there.hq, name)]
            assert history
            assert all(found[one]["record"] == name for one in history)
        back = at(laptop, export.export_for_team(there.hq, "t7", there.stick).path, "team/t7")
        assert set().union(*back.heads.values()) <= held(there.hq)
        own = {head for stream, _seq, head in lookup.ends(laptop) if stream.startswith(laptop.device)}
        assert own <= {one["head"] for one in back.manifest["receipts"]}


def at(ws: Workspace, path: Path, audience: str) -> Any:
    """The second reader's reading with this workspace's keys."""
    assert ws.deployment
    key = ws.keys.receiving
    return opened(path.read_bytes(), Reading(key.text, key.recipient, audience, ws.deployment.id))


def _newest(stick: Path) -> str:
    return max((path.stat().st_mtime_ns, path.name) for path in stick.glob("*.fieldbundle"))[1]
