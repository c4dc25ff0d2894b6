"""B7 to B9: a file that changes while it is read, was packed by a mail gateway, or bears a hostile name."""

from __future__ import annotations

import base64
import unicodedata
import zipfile
from pathlib import Path

import pytest

from fieldapp.errors import OperatorError
from fieldapp.operations import export, imports, inbox
from fieldapp.storage.merged import state_hash
from fieldapp.sync.errors import BundleError, NotABundle
from tests.builders import a_find, deployment


def test_b7_a_file_that_changes_while_it_is_read_is_taken_as_it_was_or_not_at_all(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        states = {state_hash(there.hq.store)}
        for step in range(1, 12):
            a_find(laptop)
            file = export.export_for_hq(laptop, there.stick).path
            size, calls = file.stat().st_size, [0]

            def overwrite(_step: str, _done: int, _total: int, file: Path = file, size: int = size,
                          calls: list[int] = calls, step: int = step) -> None:
                calls[0] += 1
                if calls[0] == step:
                    file.write_bytes(bytes(size))

            before = state_hash(there.hq.store)
            try:
                taken = imports.import_file(there.hq, file, progress=overwrite).new
            except BundleError:
                taken = 0
            assert (state_hash(there.hq.store) == before) is (taken == 0)
            states.add(state_hash(there.hq.store))
        assert len(states) > 3, "most changes come too late to matter: the bundle is read once, then from its copy"
        there.carry(laptop)
        assert inbox.gaps(there.hq) == []
        assert state_hash(there.hq.store) == state_hash(laptop.store)


def test_b8_renamed_is_the_same_bundle_and_repacked_is_none(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        file = export.export_for_hq(laptop, there.stick).path
        data = file.read_bytes()
        packed = tmp_path / "attachment.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
            out.write(file, file.name)
        spoilt = {
            "attachment.zip": packed.read_bytes(),
            "mail.fieldbundle": base64.encodebytes(data),
            "crlf.fieldbundle": data.replace(b"\n", b"\r\n"),
            "footer.fieldbundle": data + b"\n-- \nsent from my phone\n",
            "header.fieldbundle": b"X-Scanned: yes\r\n\r\n" + data,
        }
        for name, changed in spoilt.items():
            there_now = tmp_path / name
            there_now.write_bytes(changed)
            with pytest.raises(BundleError):
                imports.import_file(there.hq, there_now)
            assert there_now.read_bytes() == changed
        with pytest.raises(NotABundle):
            imports.import_file(there.hq, packed)
        renamed = file.rename(tmp_path / "Bericht von gestern.dat")
        assert imports.import_file(there.hq, renamed).new > 0


NAMES = tuple(
    f"{name}.fieldbundle"
    for name in ("a\nb", "🙂💣", "x" * 243, "\u202egnp", "\x1b[2J", " ", ".", "-rf", "a\u200bb", "<b>x", "{file}", "%s")
)


@pytest.mark.parametrize("name", NAMES, ids=[name.encode("unicode_escape").decode()[:20] for name in NAMES])
def test_b9_a_hostile_name_is_shown_escaped_and_is_no_hindrance(tmp_path: Path, name: str) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_find(there.laptops["laptop"])
        file = export.export_for_hq(there.laptops["laptop"], there.stick).path
        damaged = there.stick / name
        damaged.write_bytes(file.read_bytes()[:-1])
        (outcome,) = imports.import_files(there.hq, [damaged])
        assert outcome.status == "refused"
        for shown in (outcome.file, outcome.reason or ""):
            assert not [one for one in shown if unicodedata.category(one) in {"Cc", "Cf"}]
        file.rename(damaged)
        (outcome,) = imports.import_files(there.hq, [damaged])
        assert (outcome.status, outcome.reason) == ("imported", None)
        assert not [one for one in outcome.file if unicodedata.category(one) in {"Cc", "Cf"}]


def test_b9_a_name_that_is_a_way_out_of_the_folder_names_nothing_else(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        for name in ("../../hq/records.db", "/etc/passwd"):
            with pytest.raises(OperatorError):
                imports.import_file(there.hq, there.stick / name)
        assert not (there.hq.folder.parent / "records.db").exists()
