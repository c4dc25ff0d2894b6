"""C1: unsigned, unknown key, wrong key: distinct sentences; a revoked sender is read and told."""

from pathlib import Path

import pytest

from fieldapp.domain.canonical import parse
from fieldapp.errors import OperatorError
from fieldapp.sync.container import MANIFEST, SIGNATURE
from fieldapp.sync.demonstration import demonstration_keys
from fieldapp.sync.errors import (
    BundleAltered,
    BundleUnsigned,
    DemonstrationRefused,
    RealRefused,
    SegmentOfDemonstration,
    SegmentOfRealWork,
    SegmentSignatureWrong,
    SenderSignatureWrong,
    UnknownSender,
)
from fieldapp.sync.minisign import sign_text
from fieldapp.sync.reading import SenderState
from tests.builders_sync import (
    LAPTOP,
    STRANGER,
    bundle,
    inside,
    known,
    read_at_hq,
    resigned,
    sealed,
    segment,
    zipped,
)


def refused(members: dict[str, bytes], tmp_path: Path, error: type[OperatorError]) -> str:
    with pytest.raises(error) as caught:
        read_at_hq(sealed(zipped(members), tmp_path / "x.fieldbundle"), tmp_path)
    return str(caught.value)


def test_c1_unsigned_wrong_and_unknown_keys_have_sentences_of_their_own(tmp_path: Path) -> None:
    members = inside(bundle(tmp_path).path, tmp_path)
    manifest = members[MANIFEST]
    unsigned = {name: data for name, data in members.items() if name != SIGNATURE}
    sentences = {
        refused(unsigned, tmp_path, BundleUnsigned),
        refused(resigned(members, manifest, STRANGER), tmp_path, SenderSignatureWrong),
        refused(inside(bundle(tmp_path, STRANGER, name="s").path, tmp_path), tmp_path, UnknownSender),
    }
    assert len(sentences) == 3


def test_c1_a_signature_of_another_kind_does_not_count(tmp_path: Path) -> None:
    members = inside(bundle(tmp_path).path, tmp_path)
    other = sign_text(LAPTOP, members[MANIFEST], "fieldapp segment").encode()
    refused(members | {SIGNATURE: other}, tmp_path, SenderSignatureWrong)
    refused(members | {SIGNATURE: b""}, tmp_path, SenderSignatureWrong)


def test_c1_a_sender_cannot_use_the_name_of_another_device(tmp_path: Path) -> None:
    members = inside(bundle(tmp_path).path, tmp_path)
    manifest = parse(members[MANIFEST])
    manifest["sender"]["key"] = STRANGER.signing_public
    refused(resigned(members, manifest, STRANGER), tmp_path, SenderSignatureWrong)


def test_c1_a_revoked_sender_is_read_and_told(tmp_path: Path) -> None:
    with read_at_hq(bundle(tmp_path).path, tmp_path, sender=known(LAPTOP, state=SenderState.REVOKED)) as read:
        assert read.sender_state is SenderState.REVOKED
        assert [found.refused for found in read.segments] == [None]


def test_c1_a_segment_not_signed_by_its_own_laptop_is_refused_and_the_rest_taken(tmp_path: Path) -> None:
    forged = segment(STRANGER, signed_by=LAPTOP)
    borrowed = segment(LAPTOP, stream=f"{STRANGER.device}.bbbbbbbb")
    for bad in (forged, borrowed):
        with read_at_hq(bundle(tmp_path, segments=[segment(), bad]).path, tmp_path) as read:
            states = {found.entry.stream: type(found.refused) for found in read.segments}
            assert states == {segment().header.stream: type(None), bad.header.stream: SegmentSignatureWrong}
            (refusal,) = [found.refused for found in read.segments if found.refused]
            assert f"Entries 1 to 2 of {STRANGER.device}" in str(refusal)


def test_c1_demonstration_keys_are_refused_by_real_programmes_and_the_other_way_round(tmp_path: Path) -> None:
    practice = demonstration_keys("team-07")
    path = bundle(tmp_path, practice, segments=[segment(practice)], demonstration=True).path
    with pytest.raises(DemonstrationRefused):
        read_at_hq(path, tmp_path, sender=known(practice))
    read_at_hq(path, tmp_path, sender=known(practice), demonstration=True).close()
    hidden = bundle(tmp_path, practice, demonstration=False, name="h").path
    with pytest.raises(DemonstrationRefused):
        read_at_hq(hidden, tmp_path, sender=known(practice))
    with pytest.raises(RealRefused):
        read_at_hq(bundle(tmp_path, name="r").path, tmp_path, demonstration=True)


def test_c1_a_real_sender_that_calls_itself_demonstration_is_refused_everywhere(tmp_path: Path) -> None:
    path = bundle(tmp_path, demonstration=True).path
    for expected, error in ((True, BundleAltered), (None, BundleAltered), (False, DemonstrationRefused)):
        with pytest.raises(error):
            read_at_hq(path, tmp_path, demonstration=expected)


def test_c1_a_carried_segment_of_the_other_kind_is_refused_alone(tmp_path: Path) -> None:
    practice = demonstration_keys("team-07")
    with read_at_hq(bundle(tmp_path, segments=[segment(), segment(practice)]).path, tmp_path) as read:
        assert {type(found.refused) for found in read.segments} == {type(None), SegmentOfDemonstration}
    path = bundle(tmp_path, practice, segments=[segment(), segment(practice)], demonstration=True).path
    with read_at_hq(path, tmp_path, sender=known(practice), demonstration=True) as read:
        assert {type(found.refused) for found in read.segments} == {type(None), SegmentOfRealWork}
