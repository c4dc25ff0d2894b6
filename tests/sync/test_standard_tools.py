"""A bundle opens and verifies with age, unzip, zstd and minisign alone, as packaged by Debian."""

import subprocess
from pathlib import Path

import msgspec

from fieldapp.sync.keys import escrow_file
from fieldapp.sync.minisign import public_key_text
from tests.builders_sync import ESCROW, LAPTOP, PHOTO, bundle, device, event_lines, segment


def run(*command: str | Path) -> bytes:
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_age_unzip_minisign_and_zstd_open_and_verify_a_bundle(tmp_path: Path) -> None:
    mate = device("mate")
    path = bundle(tmp_path, segments=[segment(), segment(mate)]).path
    identity, archive, out = tmp_path / "escrow.txt", tmp_path / "inside.zip", tmp_path / "out"
    identity.write_text(escrow_file(ESCROW.receiving, ["escrow key"]))
    run("age", "-d", "-i", identity, "-o", archive, path)
    run("unzip", "-q", archive, "-d", out)
    run("minisign", "-V", "-m", out / "manifest.json", "-P", public_key_text(LAPTOP.signing_public))
    manifest = msgspec.json.decode((out / "manifest.json").read_bytes())
    for keys in (LAPTOP, mate):
        (entry,) = [one for one in manifest["segments"] if one["stream"].startswith(keys.device)]
        packed = out / entry["member"]
        run("minisign", "-V", "-m", packed, "-P", public_key_text(keys.signing_public))
        assert run("zstd", "-d", "-c", packed).splitlines()[1:] == event_lines()
    for member in manifest["members"]:
        assert run("sha256sum", out / member["name"]).split()[0].decode() == member["sha256"]
    (photo,) = (out / "photos").iterdir()
    assert photo.read_bytes() == PHOTO
