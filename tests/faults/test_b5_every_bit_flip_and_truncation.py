"""B5: every truncation and every single-bit flip of a reference bundle, and of the ZIP inside it, is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.sync.errors import (
    BundleAltered,
    BundleDamaged,
    BundleError,
    BundleNotForThisKey,
    BundleUnsigned,
    NotABundle,
    SenderSignatureWrong,
)
from tests.builders_sync import HQ, bundle, event_lines, plain_zip, read_at_hq, sealed, segment

OUTSIDE = (NotABundle, BundleDamaged, BundleNotForThisKey)
INSIDE = (BundleAltered, BundleUnsigned, SenderSignatureWrong)
PARTS = 4
"""The flips of one file are spread over this many tests, which can run side by side."""


def reference(folder: Path) -> Path:
    """A small bundle: one segment with one event."""
    one = segment(lines=event_lines(count=1))
    return bundle(folder, recipients=[HQ.recipient], segments=[one], photos=[], readable={}, totals={}).path


def altered(whole: bytes, part: int) -> Iterator[bytes]:
    """Every fourth truncation and every fourth byte with each of its bits flipped."""
    for place in range(part, len(whole), PARTS):
        yield whole[:place]
        for bit in range(8):
            yield whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]


def refused(path: Path, private: Path, expected: tuple[type[BundleError], ...]) -> None:
    with pytest.raises(expected):
        read_at_hq(path, private)


@pytest.mark.parametrize("part", range(PARTS))
def test_b5_every_bit_flip_and_truncation_of_a_bundle_is_refused(tmp_path: Path, part: int) -> None:
    whole = reference(tmp_path).read_bytes()
    file, private = tmp_path / "x.fieldbundle", tmp_path / "private"
    private.mkdir()
    for data in altered(whole, part):
        file.write_bytes(data)
        refused(file, private, OUTSIDE)
    assert list(private.iterdir()) == []
    file.write_bytes(whole)
    read_at_hq(file, private).close()


@pytest.mark.parametrize("part", range(PARTS))
def test_b5_every_bit_flip_and_truncation_of_the_zip_inside_is_refused(tmp_path: Path, part: int) -> None:
    whole = plain_zip(reference(tmp_path), tmp_path)
    file, private = tmp_path / "x.fieldbundle", tmp_path / "private"
    private.mkdir()
    for data in altered(whole, part):
        refused(sealed(data, file), private, INSIDE)
    assert list(private.iterdir()) == []
    read_at_hq(sealed(whole, file), private).close()
