"""F5: a segment that unpacks to far more than it says, or says more than any: refused, and little memory taken."""

import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from fieldapp.domain.segments import MAX_UNPACKED_BYTES, NotASegment, decode_segment
from fieldapp.sync.bundle import PackedSegment
from fieldapp.sync.errors import SegmentDamaged
from fieldapp.sync.segments import sign_segment
from tests.builders_sync import LAPTOP, bundle, read_at_hq, segment


def bomb(header: bytes, size: int, said: int | None = None) -> bytes:
    """A frame of ``size`` zero bytes behind a header line; ``said`` is written as its content size."""
    packer = zstandard.ZstdCompressor(level=1).compressobj(size=len(header) + 1 + size)
    data = packer.compress(header + b"\n")
    for _ in range(size >> 20):
        data += packer.compress(bytes(1 << 20))
    data += packer.flush()
    if said is not None:
        assert data[4] & 0xC0 == 0x80  # content size in 4 bytes
        place = 5 if data[4] & 0x20 else 6
        data = data[:place] + said.to_bytes(4, "little") + data[place + 4 :]
    return data


@pytest.mark.parametrize("said", [None, 200, MAX_UNPACKED_BYTES, MAX_UNPACKED_BYTES + 1])
def test_f5_a_bomb_is_refused_as_its_segment_alone(tmp_path: Path, said: int | None) -> None:
    one = segment(lines=[b"{}"], stream=f"{LAPTOP.device}.bbbbbbbb")
    data = bomb(one.header.line(), 512 << 20, said)
    assert len(data) < 100_000
    with pytest.raises(NotASegment):
        decode_segment(data)
    packed = PackedSegment(one.header, one.last, one.head, data, sign_segment(LAPTOP, data))
    with read_at_hq(bundle(tmp_path, segments=[segment(), packed]).path, tmp_path) as read:
        assert [type(found.refused) for found in read.segments] == [type(None), SegmentDamaged]


@pytest.mark.parametrize("said", [MAX_UNPACKED_BYTES, 2**31])
def test_f5_unpacking_a_bomb_takes_no_more_memory_than_the_limit(tmp_path: Path, said: int) -> None:
    file = tmp_path / "bomb"
    file.write_bytes(bomb(segment().header.line(), 512 << 20, said))
    script = """
import resource, sys
from pathlib import Path
from fieldapp.domain.segments import MAX_UNPACKED_BYTES, NotASegment, decode_segment
data = Path(sys.argv[1]).read_bytes()
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
room = used + 2 * MAX_UNPACKED_BYTES
resource.setrlimit(resource.RLIMIT_AS, (room, room))
try:
    decode_segment(data)
except NotASegment as error:
    print("refused", error)
"""
    done = subprocess.run([sys.executable, "-c", script, file], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("refused")


def test_f5_a_window_larger_than_any_segment_needs_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=20)
    body = segment().header.line() + b"\n" + b"{}\n" * 1_999 + b" " * (1 << 20) + b"\n"
    data = bytearray(zstandard.ZstdCompressor(compression_params=parameters).compress(body))
    assert not data[4] & 0x20  # a window is said apart from the size
    assert len(decode_segment(bytes(data))[1]) == 2_000
    for exponent, error in ((26, "window"), (40, "packing|window")):
        data[5] = exponent - 10 << 3
        with pytest.raises(NotASegment, match=error):
            decode_segment(bytes(data))
