"""B5 through the import that people use: every sampled damage is refused by name and sentence, the file untouched.

The exhaustive loop over every bit and every length is ``test_b5_every_bit_flip_and_truncation``.
"""

from collections.abc import Iterator
from pathlib import Path

from fieldapp.operations import export, imports, inbox, lookup
from fieldapp.storage import ledger
from fieldapp.storage.merged import state_hash
from tests.builders import a_find, deployment

SAMPLES = 60


def damaged(whole: bytes) -> Iterator[bytes]:
    """Truncations and bit flips spread over the whole file, its beginning and end among them."""
    for sample in range(SAMPLES):
        place = sample * (len(whole) - 1) // (SAMPLES - 1)
        yield whole[:place]
        yield whole[:place] + bytes([whole[place] ^ 1 << sample % 8]) + whole[place + 1 :]


def test_b5_damaged_bundles_are_refused_with_name_and_sentence_and_left_as_they_are(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        there.exchange(laptop)
        a_find(laptop)
        bundle = export.export_for_hq(laptop, there.stick).path
        folder = tmp_path / "damaged"
        folder.mkdir()
        contents = {}
        for number, data in enumerate(damaged(bundle.read_bytes())):
            path = folder / f"damaged-{number}.fieldbundle"
            path.write_bytes(data)
            contents[path] = data
        before = state_hash(there.hq.store), len(ledger.bundles(there.hq.store))
        outcomes = imports.import_files(there.hq, [*contents, bundle])
        for path, outcome in zip(contents, outcomes[:-1], strict=True):
            assert (outcome.status, outcome.file, outcome.new) == ("refused", path.name, 0)
            assert outcome.code in {"bundle_damaged", "not_a_bundle", "bundle_not_for_this_key"}
            assert outcome.reason is not None
            assert outcome.reason.startswith(path.name)
            assert "the file was left as it is" in outcome.reason
            assert path.read_bytes() == contents[path]
        assert outcomes[-1].status == "imported", "one bad bundle never stops the rest"
        assert {one.file for one in inbox.refused(there.hq)} == {path.name for path in contents}
        assert list(there.hq.private.iterdir()) == []
        assert state_hash(there.hq.store) != before[0]
        assert len(lookup.rows(there.hq, "find")) == 2


def test_b5_a_dry_run_refuses_the_same_and_notes_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        bundle = export.export_for_hq(laptop, there.stick).path
        bundle.write_bytes(bundle.read_bytes()[:-1])
        before = state_hash(there.hq.store)
        (outcome,) = imports.import_files(there.hq, [bundle], dry_run=True)
        assert (outcome.status, outcome.code) == ("refused", "bundle_damaged")
        assert (inbox.refused(there.hq), state_hash(there.hq.store)) == ([], before)
