"""FORMAT.md says what the code does, where the two can be compared."""

import re
from pathlib import Path

import fieldapp.sync
from fieldapp.domain import segments
from fieldapp.sync import container, errors, invitation, manifest, minisign, stick
from fieldapp.sync.errors import BundleError, SegmentError
from fieldapp.sync.segments import SEGMENT_COMMENT
from tests.builders_sync import bundle, inside

TEXT = (Path(fieldapp.sync.__file__).parent / "FORMAT.md").read_text(encoding="utf-8")
FLAT = " ".join(TEXT.split())


def test_every_refusal_is_in_the_document_and_no_other() -> None:
    found = set(re.findall(r"`([a-z_]+)`", TEXT.split("| refused as")[1].split("\n\n")[0]))
    cases = [one for one in vars(errors).values() if isinstance(one, type)]
    codes = {one.code for one in cases if issubclass(one, (BundleError, SegmentError))}
    assert found == codes - {BundleError.code, SegmentError.code}


def test_every_member_of_manifest_and_invitation_is_in_the_document() -> None:
    for name in [*manifest.Manifest.__struct_fields__, *invitation.Invitation.__struct_fields__]:
        assert f"`{name}`" in TEXT, name


def test_limits_and_fixed_texts_are_the_same() -> None:
    for words in [
        f"up to {segments.MAX_EVENTS:,} consecutive events",
        f"packed at most {segments.MAX_PACKED_BYTES >> 20} MiB,",
        f"unpacked at most {segments.MAX_UNPACKED_BYTES >> 20} MiB,",
        f"at most {segments.MAX_HEADER_BYTES:,} bytes; `prev`",
        f"lines of at most {segments.MAX_LINE_BYTES >> 20} MiB",
        f"At most {container.ZIP_LIMITS.members:,} members",
        f"At most {manifest.MAX_MANIFEST_BYTES >> 20} MiB, canonical",
        f"at most {minisign.MAX_SIGNATURE_BYTES} bytes in all",
        f"At most {invitation.MAX_INVITATION_BYTES >> 10} KiB",
        f"at most {stick.MAX_FILES:,} directory entries",
        f"# Bundle format {manifest.FORMAT}",
        minisign.UNTRUSTED_COMMENT,
        f"`{manifest.MANIFEST_COMMENT}`, `{SEGMENT_COMMENT}` or `{invitation.INVITATION_COMMENT}`",
    ]:
        assert words in FLAT, words


def test_the_example_is_the_beginning_of_a_real_manifest(tmp_path: Path) -> None:
    (example,) = re.findall(r'    (\{"app".*?), \.\.\.\}', TEXT, re.DOTALL)
    real = inside(bundle(tmp_path).path, tmp_path)["manifest.json"]
    assert real.startswith(re.sub(r"\n +", "", example).encode())
