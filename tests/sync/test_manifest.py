"""The form of a manifest, rule by rule."""

from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.canonical import canonical, parse
from fieldapp.sync.manifest import FORMAT, NewerManifest, NotAManifest, photo_member, read_manifest, segment_member
from tests.builders_sync import ESCROW, HQ, PHOTO_SHA256, bundle

HEAD = "ab" * 32


@pytest.fixture
def value(tmp_path: Path) -> Any:
    return parse(bundle(tmp_path).manifest.to_bytes())


def refused(value: Any, rule: str) -> None:
    with pytest.raises(NotAManifest, match=rule):
        read_manifest(canonical(value))


def with_members(value: Any, *names: str) -> Any:
    more = [{"name": name, "size": 1, "sha256": HEAD} for name in names]
    return value | {"members": sorted([*value["members"], *more], key=lambda member: str(member["name"]))}


def test_a_manifest_is_its_own_canonical_bytes(value: Any) -> None:
    assert read_manifest(canonical(value)).to_bytes() == canonical(value)


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.minisig"])
def test_the_manifest_does_not_list_itself(value: Any, name: str) -> None:
    entry = {"name": name, "size": 1, "sha256": HEAD}
    refused(value | {"members": [entry, *value["members"]]}, "members")


def test_members_are_sorted_and_named_once(value: Any) -> None:
    refused(value | {"members": value["members"][::-1]}, "members")
    refused(value | {"members": [*value["members"], value["members"][-1]]}, "members")


def test_a_photo_is_named_by_its_sum(value: Any) -> None:
    assert photo_member(PHOTO_SHA256) in [member["name"] for member in value["members"]]
    refused(with_members(value, photo_member("cd" * 32)), "photos")


def test_nothing_lies_among_the_segments_but_segments_and_signatures(value: Any) -> None:
    refused(with_members(value, "segments/hidden"), "segments")
    refused(value | {"segments": []}, "segments")


def test_a_segments_member_is_named_after_it(value: Any) -> None:
    (entry,) = value["segments"]
    refused(value | {"segments": [entry | {"head": HEAD}]}, "segment member")


@pytest.mark.parametrize(
    ("first", "last", "prev"), [(1, 2_001, None), (2, 1, HEAD), (5, 3, HEAD), (1, 2, HEAD), (3, 4, None)]
)
def test_a_segments_numbers_are_possible(value: Any, first: int, last: int, prev: str | None) -> None:
    (entry,) = value["segments"]
    member = segment_member(entry["stream"], first, last, entry["head"])
    other = entry | {"from": first, "to": last, "prev": prev, "member": member}
    refused(value | {"segments": [other]}, "segment numbers")


def test_recipients_keys_are_sorted_and_named_once(value: Any) -> None:
    keys = sorted([HQ.recipient, ESCROW.recipient])
    for wrong in (keys[::-1], [*keys, keys[1]]):
        refused(value | {"recipient": {"audience": "hq", "keys": wrong}}, "recipient keys")


@pytest.mark.parametrize("number", [-1, 2**53 - 1 + 1, True, "1"])
def test_numbers_are_small_whole_and_not_negative(value: Any, number: Any) -> None:
    with pytest.raises((NotAManifest, ValueError)):
        read_manifest(canonical(value | {"bundle": {"id": "a", "number": number}}))


def test_a_newer_manifest_names_the_format_it_needs(value: Any) -> None:
    with pytest.raises(NewerManifest, match=str(FORMAT + 1)):
        read_manifest(canonical(value | {"minimum_reader": FORMAT + 1}))
