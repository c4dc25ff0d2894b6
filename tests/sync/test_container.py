"""The ZIP inside a bundle."""

import io
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.sync import container
from fieldapp.sync.container import (
    MANIFEST,
    SIGNATURE,
    ChunkReader,
    Member,
    NotOurZip,
    TooMuch,
    ZipLimits,
    ZipReader,
    measure,
    read_zip,
    write_zip,
    zip_chunks,
)
from tests.builders_sync import as_members

MEMBERS = {MANIFEST: b"{}", SIGNATURE: b"signature", "README.txt": b"", "segments/a-1": b"x" * 70_000, "photos/b": b"y"}
WHOLE = write_zip(as_members(MEMBERS.items()))

names = st.from_regex(r"\A(?:[a-z]{1,5}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,8}\Z")


@given(st.dictionaries(names, st.binary(max_size=50), max_size=8))
def test_any_members_come_back_whatever_order_they_were_given_in(
    tmp_path_factory: pytest.TempPathFactory, members: dict[str, bytes]
) -> None:
    file = tmp_path_factory.mktemp("zip") / "z"
    file.write_bytes(write_zip(as_members(members.items())))
    assert file.read_bytes() == write_zip(as_members(reversed(members.items())))
    with read_zip(file) as archive:
        assert {name: archive.read(name, 50) for name in archive.entries} == members
        assert [archive.sha256(name) for name in members] == [measure("", data).sha256 for data in members.values()]


def test_manifest_and_signature_come_first() -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
        assert archive.namelist() == [MANIFEST, SIGNATURE, "README.txt", "photos/b", "segments/a-1"]
        assert archive.testzip() is None


def test_unzip_and_python_read_what_we_write(tmp_path: Path) -> None:
    file = tmp_path / "z.zip"
    file.write_bytes(WHOLE)
    subprocess.run(["unzip", "-q", file, "-d", tmp_path / "out"], check=True)
    for name, data in MEMBERS.items():
        assert (tmp_path / "out" / name).read_bytes() == data
    with zipfile.ZipFile(file) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_members_come_from_memory_files_and_streams_alike(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"data")
    written = {write_zip([measure("f", source)]) for source in (b"data", tmp_path / "f", lambda: io.BytesIO(b"data"))}
    assert len(written) == 1


@pytest.mark.parametrize("later", [b"", b"dat", b"data!", b"gata"])
def test_a_source_that_changed_since_it_was_measured_stops_the_writing(tmp_path: Path, later: bytes) -> None:
    (tmp_path / "f").write_bytes(b"data")
    member = measure("f", tmp_path / "f")
    (tmp_path / "f").write_bytes(later)
    with pytest.raises(OSError, match="changed"):
        write_zip([member])


@pytest.mark.parametrize(
    "name", ["", "../x", "/x", "C:x", "a/b/c", "a\\b", "x\n", "имя", ".hidden", "a/", "x" * 121, "con nul"]
)
def test_names_that_could_mean_a_place_are_not_written(name: str) -> None:
    with pytest.raises(NotOurZip):
        write_zip([measure(name, b"")])


def test_a_name_twice_is_not_written() -> None:
    with pytest.raises(NotOurZip):
        write_zip([measure("a", b"1"), measure("a", b"2")])


def test_no_zip_of_four_gibibytes_is_written() -> None:
    huge = Member("a", 2**32 - 100, 0, "", b"")
    with pytest.raises(TooMuch):
        next(zip_chunks([huge]))


def test_limits_hold_for_members_and_sizes(tmp_path: Path) -> None:
    file = tmp_path / "z"
    file.write_bytes(WHOLE)
    with pytest.raises(TooMuch):
        read_zip(file, ZipLimits(members=4))
    with pytest.raises(TooMuch):
        read_zip(file, ZipLimits(total_bytes=len(WHOLE) - 1))
    with read_zip(file, ZipLimits(members=5, total_bytes=len(WHOLE))) as archive, pytest.raises(TooMuch):
        archive.read("segments/a-1", 69_999)


def test_an_unknown_member_is_a_key_error(tmp_path: Path) -> None:
    (tmp_path / "z").write_bytes(WHOLE)
    with read_zip(tmp_path / "z") as archive, pytest.raises(KeyError):
        archive.read("no", 1)


@given(st.lists(st.binary(max_size=20)), st.integers(1, 30))
def test_a_stream_of_chunks_reads_as_one(chunks: list[bytes], count: int) -> None:
    reader, found = ChunkReader(iter(chunks)), b""
    while piece := reader.read(count):
        assert len(piece) <= count
        found += piece
    assert found == b"".join(chunks) == ChunkReader(iter(chunks)).read()


def refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "z"
    file.write_bytes(data)
    with pytest.raises(NotOurZip):
        read_whole(file)


def read_whole(file: Path) -> None:
    with read_zip(file) as archive:
        for name in archive.entries:
            archive.sha256(name)


def test_other_peoples_zips_are_refused(tmp_path: Path) -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", method) as archive:
            archive.writestr(MANIFEST, b"{}" * 100)
        refused(tmp_path, made.getvalue())


def test_every_bit_flip_and_truncation_of_a_small_zip_is_refused(tmp_path: Path) -> None:
    whole = write_zip(as_members([(MANIFEST, b"{}"), ("a", b"12")]))
    for end in range(len(whole)):
        refused(tmp_path, whole[:end])
    for place in range(len(whole)):
        for bit in range(8):
            refused(tmp_path, whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])


def test_bytes_before_after_and_between_are_refused(tmp_path: Path) -> None:
    one = write_zip(as_members([("a", b"12")]))
    central = one.index(b"PK\x01\x02")
    for data in [b"x" + WHOLE, WHOLE + b"x", WHOLE + WHOLE, b"", one[:central] + b"junk" + one[central:]]:
        refused(tmp_path, data)
    moved = bytearray(one[:central] + b"junk" + one[central:])
    moved[-6:-2] = struct.pack("<I", central + 4)
    refused(tmp_path, bytes(moved))


def by_hand(members: list[tuple[str, bytes, int]], moved: int = 0, tail: bytes = b"") -> bytes:
    """Our headers around members in any order, with any checksum; ``moved`` is added to the last one's place."""
    body, central, count = b"", b"", len(members)
    for number, (name, data, crc) in enumerate(members, start=1):
        place = len(body) + (moved if number == count else 0)
        central += container._central_header(name, len(data), crc, place)
        body += container._local_header(name, len(data), crc) + data
    central += tail
    return body + central + container._end_record(count, len(central), len(body))


A, B = ("a", b"12", zlib.crc32(b"12")), ("b", b"34", zlib.crc32(b"34"))


def opened(tmp_path: Path, data: bytes) -> ZipReader:
    (tmp_path / "z").write_bytes(data)
    return read_zip(tmp_path / "z")


def test_our_own_headers_in_another_arrangement_are_refused_when_opened(tmp_path: Path) -> None:
    with opened(tmp_path, by_hand([A, B])) as archive:
        assert archive.read("b", 2) == b"34"
    for data in [by_hand([B, A]), by_hand([A, A]), by_hand([A, B], moved=-3), by_hand([A, B], tail=b"hidden")]:
        with pytest.raises(NotOurZip):
            opened(tmp_path, data)


def test_a_checksum_that_does_not_fit_is_refused_when_read(tmp_path: Path) -> None:
    with opened(tmp_path, by_hand([("a", b"12", 7)])) as archive:
        with pytest.raises(NotOurZip):
            archive.read("a", 2)
        with pytest.raises(NotOurZip):
            archive.sha256("a")
