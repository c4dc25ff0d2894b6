"""A second, independent reader of bundles, written from `fieldapp/sync/FORMAT.md` alone.

`opened` returns what a bundle says, or raises `Refused` with a name of the page's table. A segment that is refused is
named in `Opened.refused_segments`; the rest of the bundle stands. Nothing is written anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.second_reader.container import (
    MOST_SIGNATURE_BYTES,
    Refused,
    base64_bytes,
    decoded,
    decrypted,
    device_id,
    first_line,
    signed,
    unpacked,
    unzipped,
)

READS: Final = 1
READS_SEGMENTS: Final = 0
MOST_MANIFEST: Final = 8 * 2**20
MOST_LINES: Final = 2_000
MOST_LINE: Final = 2**20
MOST_TEXT: Final = 200
AUDIENCE: Final = re.compile(r"hq|all|team/[a-z0-9][a-z0-9_-]{0,39}")
STREAM: Final = re.compile(r"([a-z2-7]{20})\.[a-z2-7]{1,40}")
DEVICE: Final = re.compile(r"[a-z2-7]{20}")
KEY_TEXT: Final = re.compile(r"[A-Za-z0-9+/]{43}=")
AGE_KEY: Final = re.compile(r"age1[a-z0-9]{58}")
SUM: Final = re.compile(r"[0-9a-f]{64}")
BUNDLE_ID: Final = re.compile(r"[0-9a-z-]{1,64}")
STAMP: Final = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
)
HEADER_MEMBERS: Final = ["audience", "format", "from", "key", "prev", "stream"]
DEMONSTRATION: Final = frozenset(
    (
        "ejofggewah4qzui7aefy r2jltgruzjmnxxzizjfd n4rpkkn7xvsw4q65ypc6 voqjsepjux5jjpbmsnqq gnwvlmzvpmmdaq55h3zr "
        "aa5ahrkemzwphct5ov3w 62u74geky2teoytd4pjy 6okynufpthmubteovtrt ya22kyisfimozlkpe2xl k7stm7hlecyjx4w5ifpg "
        "b5fdatupf6hyw5nxbki7 6olujshhh3ocko5xo3wr 3bsv2a2wtj5w3nnsp7gz mnx5zd53ufdpcsbrrijb qtiffeq77btacj567ykp"
    ).split()
)
"""Section 13."""


@dataclass(frozen=True)
class Reading:
    """Who reads: the facts that checks 2 and 6 to 9 need.

    `knows` are the devices whose bundles are taken without a token; None takes all.
    """

    identity: str
    key: str
    audience: str
    deployment: str
    knows: frozenset[str] | None = None
    tokens: tuple[bytes, ...] = ()
    demonstration: bool = False


@dataclass(frozen=True)
class Segment:
    """One segment that stood: its stream, the ids in their order, and the lines as they came."""

    stream: str
    audience: str
    first: int
    ids: tuple[str, ...]
    lines: tuple[bytes, ...]


@dataclass
class Opened:
    """What a bundle says."""

    manifest: dict[str, Any]
    members: Mapping[str, bytes]
    segments: list[Segment] = field(default_factory=list)
    refused_segments: dict[str, str] = field(default_factory=dict)

    @property
    def heads(self) -> dict[str, set[str]]:
        """The last id of every run that stood, by stream."""
        heads: dict[str, set[str]] = {}
        for segment in self.segments:
            heads.setdefault(segment.stream, set()).add(segment.ids[-1])
        return heads


def opened(sealed: bytes, reading: Reading) -> Opened:
    """Checks 1 to 11 of section 8 in their order."""
    return opened_zip(decrypted(sealed, reading.identity), reading)


def opened_zip(data: bytes, reading: Reading) -> Opened:
    """Checks 3 to 11 on what age gave."""
    members = unzipped(data)
    manifest = _manifest(members["manifest.json"])
    _check_sender(manifest, members)
    _check_addressee(manifest, reading)
    _check_members(manifest, members)
    result = Opened(manifest, members)
    for entry in manifest["segments"]:
        try:
            result.segments.append(_segment(entry, members, reading))
        except Refused as refusal:
            result.refused_segments[entry["member"]] = refusal.name
    return result


def _need(condition: bool, why: str, name: str = "bundle_altered") -> None:
    if not condition:
        raise Refused(name, why)


def _manifest(data: bytes) -> dict[str, Any]:
    _need(len(data) <= MOST_MANIFEST, "manifest", "bundle_too_large")
    try:
        manifest = decoded(data)
    except ValueError as problem:
        raise Refused("bundle_altered", str(problem)) from problem
    _need(isinstance(manifest, dict), "no object")
    oldest = manifest.get("minimum_reader")
    _need(_whole(oldest), "minimum_reader")
    _need(oldest <= READS, "minimum_reader", "bundle_too_new")
    for name, fits in FORM.items():
        _need(name in manifest and fits(manifest[name]), name)
    for name, fits in OPTIONAL.items():
        _need(name not in manifest or fits(manifest[name]), name)
    return dict(manifest)


def _whole(value: object, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _text(value: object, most: int = MOST_TEXT, least: int = 0) -> bool:
    return isinstance(value, str) and least <= len(value) <= most


def _like(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _has(**parts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    names = {name.rstrip("_"): fits for name, fits in parts.items()}
    return lambda value: (
        isinstance(value, dict) and all(name in value and fits(value[name]) for name, fits in names.items())
    )


def _each(fits: Callable[[Any], bool], most: int = 10_000) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and len(value) <= most and all(map(fits, value))


def _rising(values: list[Any]) -> bool:
    return all(before < after for before, after in itertools.pairwise(values))


def _maybe(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


def _keys(value: Any) -> bool:
    return bool(value) and _each(_like(AGE_KEY), 1_000)(value) and _rising(value)


def _key(value: object) -> bool:
    try:
        base64_bytes(value, 32)
    except ValueError:
        return False
    return True


def _segment_entry(value: Any) -> bool:
    form = _has(
        stream=_like(STREAM),
        audience=_like(AUDIENCE),
        from_=lambda number: _whole(number, 1),
        to=lambda number: _whole(number, 1),
        prev=_maybe(_like(SUM)),
        head=_like(SUM),
        member=_text,
    )
    if not form(value) or not value["from"] <= value["to"] < value["from"] + MOST_LINES:
        return False
    name = f"segments/{value['stream']}-{value['from']}-{value['to']}-{value['head'][:8]}.jsonl.zst"
    return bool((value["prev"] is None) == (value["from"] == 1) and value["member"] == name)


MEMBER_ENTRY: Final = _has(name=_text, size=_whole, sha256=_like(SUM))
RECEIPT: Final = _has(stream=_like(STREAM), seq=lambda number: _whole(number, 1), head=_like(SUM), epoch=_text)
ASKED: Final = _has(
    stream=_like(STREAM),
    from_=lambda number: _whole(number, 1),
    to=lambda number: _whole(number, 1),
    head=_like(SUM),
)
FORM: Final[dict[str, Callable[[Any], bool]]] = {
    "format": _whole,
    "minimum_reader": _whole,
    "newest_read": _whole,
    "bundle": _has(id=_like(BUNDLE_ID), number=lambda number: _whole(number, 1)),
    "created": _like(STAMP),
    "app": _text,
    "deployment": _has(id=lambda value: _text(value, 64, 1), name=_text),
    "sender": _has(device=_like(DEVICE), key=_like(KEY_TEXT), recipient=_like(AGE_KEY), name=_text),
    "recipient": _has(audience=_like(AUDIENCE), keys=_keys),
    "token_proof": _maybe(_like(SUM)),
    "hq_epoch": _maybe(_text),
    "demonstration": lambda value: isinstance(value, bool),
    "lists": lambda value: isinstance(value, dict) and len(value) <= 200 and all(map(_text, value.values())),
    "members": lambda value: _each(MEMBER_ENTRY, 20_000)(value) and _rising([entry["name"] for entry in value]),
    "segments": _each(_segment_entry),
    "receipts": _each(RECEIPT, 20_000),
    "totals": lambda value: isinstance(value, dict),
}
OPTIONAL: Final[dict[str, Callable[[Any], bool]]] = {"asked": _each(ASKED), "asked_photos": _each(_like(SUM), 20_000)}


def _check_sender(manifest: dict[str, Any], members: Mapping[str, bytes]) -> None:
    sender, signature = manifest["sender"], members["manifest.json.minisig"]
    _need(len(signature) <= MOST_SIGNATURE_BYTES, "signature", "bundle_too_large")
    try:
        key = base64_bytes(sender["key"], 32)
    except ValueError as problem:
        raise Refused("sender_signature_wrong", str(problem)) from problem
    right = signed(members["manifest.json"], signature, key, "fieldapp manifest")
    _need(right and device_id(key) == sender["device"], "signature or device", "sender_signature_wrong")


def _check_addressee(manifest: dict[str, Any], reading: Reading) -> None:
    device = manifest["sender"]["device"]
    known = device in DEMONSTRATION
    practice = manifest["demonstration"] or known
    _need(reading.demonstration or not practice, "demonstration", "demonstration_refused")
    _need(manifest["demonstration"] == known, "demonstration")
    _need(known or not reading.demonstration, "real work", "real_refused")
    _need(manifest["deployment"]["id"] == reading.deployment, "deployment", "other_deployment")
    addressed = manifest["recipient"]["audience"] == reading.audience and reading.key in manifest["recipient"]["keys"]
    _need(addressed, "addressee", "not_addressed_here")
    said = f"fieldapp token proof\n{device}\n{manifest['bundle']['id']}".encode()
    proofs = [hmac.digest(token, said, hashlib.sha256).hex() for token in reading.tokens]
    welcome = reading.knows is None or device in reading.knows or manifest["token_proof"] in proofs
    _need(welcome, "sender", "unknown_sender")


def _check_members(manifest: dict[str, Any], members: Mapping[str, bytes]) -> None:
    listed = {entry["name"]: entry for entry in manifest["members"]}
    _need(list(listed) == list(members)[2:], "other members than listed")
    for name, body in list(members.items())[2:]:
        entry = listed[name]
        _need(len(body) == entry["size"] and hashlib.sha256(body).hexdigest() == entry["sha256"], name)
        _need(not name.startswith("photos/") or name == "photos/" + entry["sha256"], "a photo by another name")
    named = [entry["member"] for entry in manifest["segments"]]
    _need(len(set(named)) == len(named), "a segment twice")
    wanted = {name + end for name in named for end in ("", ".minisig")}
    _need(wanted == {name for name in members if name.startswith("segments/")}, "members in segments/")


def _segment(entry: dict[str, Any], members: Mapping[str, bytes], reading: Reading) -> Segment:
    packed, signature = members[entry["member"]], members[entry["member"] + ".minisig"]
    device, damaged = entry["stream"].partition(".")[0], "segment_damaged"
    demonstration = device in DEMONSTRATION
    _need(reading.demonstration or not demonstration, device, "segment_of_demonstration")
    _need(demonstration or not reading.demonstration, device, "segment_of_real_work")
    _need(len(signature) <= MOST_SIGNATURE_BYTES, "signature", damaged)
    first = first_line(packed)
    header = _header(first)
    key = base64_bytes(header["key"], 32)
    _need(device_id(key) == header["stream"].partition(".")[0], "key of another", "segment_signature_wrong")
    _need(signed(packed, signature, key, "fieldapp segment"), "signature", "segment_signature_wrong")
    lines = unpacked(packed).split(b"\n")
    _need(lines.pop() == b"" and lines[:1] == [first], "the last line has no end", damaged)
    del lines[0]
    _need(1 <= len(lines) <= MOST_LINES and all(0 < len(line) <= MOST_LINE for line in lines), "lines", damaged)
    ids, before = [], header["prev"] or ""
    for line in lines:
        before = hashlib.sha256(f"{header['stream']}\n{before}\n".encode() + line).hexdigest()
        ids.append(before)
    told = {"from": header["from"], "to": header["from"] + len(lines) - 1, "head": ids[-1], "prev": header["prev"]}
    told |= {"stream": header["stream"], "audience": header["audience"]}
    _need(all(entry[name] == value for name, value in told.items()), "other than the manifest says", damaged)
    return Segment(header["stream"], header["audience"], header["from"], tuple(ids), tuple(lines))


def _header(line: bytes) -> dict[str, Any]:
    damaged = "segment_damaged"
    try:
        header = decoded(line)
    except ValueError as problem:
        raise Refused(damaged, str(problem)) from problem
    _need(isinstance(header, dict) and _whole(header.get("format")), "header", damaged)
    _need(header["format"] <= READS_SEGMENTS, "format", "segment_too_new")
    right = list(header) == HEADER_MEMBERS and _has(
        audience=_like(AUDIENCE),
        from_=lambda number: _whole(number, 1),
        key=_key,
        prev=_maybe(_like(SUM)),
        stream=_like(STREAM),
    )(header)
    _need(right and (header["prev"] is None) == (header["from"] == 1), "header", damaged)
    return dict(header)


def events(segment: Segment) -> list[dict[str, Any]]:
    """The events of a segment, by `oracle/README.md` section 2; `Refused` when a line is none.

    Each has `stream` and `prev` again, and `id`.
    """
    found = []
    before: str | None = None
    for number, (line, name) in enumerate(zip(segment.lines, segment.ids, strict=True), segment.first):
        try:
            event = decoded(line)
        except ValueError as problem:
            raise Refused("segment_damaged", str(problem)) from problem
        right = isinstance(event, dict) and event.get("seq") == number and not {"stream", "prev", "id"} & set(event)
        right = right and isinstance(event.get("record"), str) and isinstance(event.get("set"), dict)
        right = right and all(_names(event.get(member, [])) for member in ("parents", "needs")) and "parents" in event
        _need(right, f"line {number} is no event", "segment_damaged")
        found.append({**event, "stream": segment.stream, "id": name, "prev": before})
        before = name
    return found


def _names(value: object) -> bool:
    return isinstance(value, list) and all(map(_like(SUM), value)) and _rising(value)
