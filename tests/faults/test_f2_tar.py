"""F2: tar is not supported at all."""

import io
import tarfile
from pathlib import Path

import pytest

from fieldapp.sync.errors import BundleAltered, NotABundle
from tests.builders_sync import bundle, inside, read_at_hq, sealed


def test_f2_a_tar_outside_and_inside_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in inside(bundle(tmp_path).path, tmp_path).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    file = tmp_path / "x.fieldbundle"
    file.write_bytes(made.getvalue())
    with pytest.raises(NotABundle):
        read_at_hq(file, tmp_path)
    with pytest.raises(BundleAltered):
        read_at_hq(sealed(made.getvalue(), file), tmp_path)
