"""A4: no room for the n-th page or byte of entry, export and import: said by name, nothing half applied or lost.

Pages run out by SQLite's own ``max_page_count``; bytes by a file-size limit, which stops every file of the process.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldapp.errors import OperatorError
from fieldapp.ids import SeededEntropy
from fieldapp.operations import drafts, export, finds, imports, lookup, photos, records, verifying
from fieldapp.operations.finds import FoundTogether
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage.errors import DiskFailed, DiskFull
from fieldapp.storage.merged import state_hash
from tests.builders import a_find, a_plot, alone, clock, deployment
from tests.builders_faults import JPEG, files_end_at

ALL_PAGES = 1_073_741_823
STEP_BYTES = 4096
FULL = ("disk_full", "disk_failed", "stick_full", "no_room")
"""Codes that say that there was no room; SQLite cannot tell a file-size limit from a failing disk."""
TYPED = {"model_text": "PMN-2", "depth_cm": "5"}


@contextmanager
def pages_end(ws: Workspace, room: int) -> Iterator[None]:
    """The database takes ``room`` more pages and no more."""
    (count,) = ws.store.rows("PRAGMA page_count")[0]
    ws.store.execute(f"PRAGMA max_page_count = {count + room}")
    try:
        yield
    finally:
        ws.store.execute(f"PRAGMA max_page_count = {ALL_PAGES}")


def names(ws: Workspace) -> set[str]:
    return {row.name for kind in ("find", "plot", "photo") for row in lookup.rows(ws, kind)}


def save_until_full(ws: Workspace, acknowledged: set[str]) -> OperatorError:
    """Save finds, plots and lots until one fails."""
    lot = FoundTogether({}, [{"model_text": "PMN"}, {"model_text": "TM-57"}])
    try:
        for _ in range(100):
            acknowledged.add(a_find(ws).name)
            acknowledged.add(a_plot(ws).name)
            acknowledged.update(record.name for record in finds.add_lot(ws, lot))
    except OperatorError as error:
        return error
    pytest.fail("the disk never got full")


def expect_whole(ws: Workspace, acknowledged: set[str]) -> None:
    assert names(ws) == acknowledged
    assert verifying.check(ws, read_data=True).problems == []
    assert [draft.fields for draft in drafts.kept(ws)] == [TYPED]


def test_a4_entry_when_the_database_may_not_grow(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        acknowledged: set[str] = set()
        drafts.keep(ws, "find", TYPED)
        for room in range(12):
            with pages_end(ws, room):
                error = save_until_full(ws, acknowledged)
            assert isinstance(error, DiskFull)
            assert "not saved" in str(error)
            expect_whole(ws, acknowledged)
        acknowledged.add(a_find(ws).name)
        expect_whole(ws, acknowledged)


def test_a4_entry_when_the_disk_is_full_at_the_nth_byte(tmp_path: Path) -> None:
    with alone(tmp_path / "base") as ws:
        drafts.keep(ws, "find", TYPED)
        first = a_find(ws).name
    for size in range(0, 60 * STEP_BYTES, 5 * STEP_BYTES):
        shutil.rmtree(tmp_path / "laptop", ignore_errors=True)
        shutil.copytree(tmp_path / "base", tmp_path / "laptop")
        acknowledged = {first}
        with open_workspace(tmp_path / "laptop", clock=clock()) as ws:
            with files_end_at(size + 1):
                error = save_until_full(ws, acknowledged)
            assert isinstance(error, DiskFull | DiskFailed)
            assert "not saved" in str(error)
            expect_whole(ws, acknowledged)
            acknowledged.add(a_find(ws).name)
        with open_workspace(tmp_path / "laptop", clock=clock()) as ws:
            expect_whole(ws, acknowledged)


def laptop_with_work(folder: Path) -> tuple[Path, Path, Path]:
    """Folders of a laptop with a find and photos to export, of its headquarters, and the stick."""
    with deployment(folder, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        name = a_find(laptop).name
        a_plot(laptop)
        for number in range(2):
            (folder / "photo.jpg").write_bytes(JPEG + bytes([number]) * 15_000)
            photos.add_photo(laptop, folder / "photo.jpg", shows=name)
        for old in there.stick.iterdir():
            old.unlink()
        return laptop.folder, there.hq.folder, there.stick


def copied(folder: Path) -> Path:
    trial = folder.with_name("trial")
    shutil.rmtree(trial, ignore_errors=True)
    shutil.copytree(folder, trial)
    return trial


def expect_nothing_noted(ws: Workspace, before: str) -> None:
    assert set(records.whereabouts(ws, sorted(names(ws))).values()) == {"here"}
    assert state_hash(ws.store) == before
    assert list(ws.private.iterdir()) == []
    assert list(ws.bundles.glob("*.part")) == []
    assert verifying.check(ws, read_data=True).problems == []


def test_a4_export_when_the_disk_or_stick_is_full_at_the_nth_byte(tmp_path: Path) -> None:
    laptop, hq, stick = laptop_with_work(tmp_path)
    failures = []
    for size in range(1, 200 * STEP_BYTES, 2 * STEP_BYTES):
        with open_workspace(copied(laptop), clock=clock()) as ws:
            before = state_hash(ws.store)
            try:
                with files_end_at(size):
                    written = export.export_for_hq(ws, stick)
            except OperatorError as error:
                failures.append(error.code)
                expect_nothing_noted(ws, before)
                written = export.export_for_hq(ws, stick)
                assert set(records.whereabouts(ws, sorted(names(ws))).values()) == {"stick"}
            else:
                break
    assert len(failures) > 3
    assert set(failures) <= set(FULL)
    assert all(path.name.endswith((".part", ".fieldbundle")) for path in stick.iterdir())
    with open_workspace(hq, clock=clock()) as there:
        outcomes = imports.import_files(there, sorted(stick.glob("*.fieldbundle")), dry_run=True)
        assert {outcome.new for outcome in outcomes} == {4}
        assert imports.import_file(there, written.path).new == 4
        assert photos.missing_photos(there) == []


def test_a4_export_when_the_database_may_not_grow(tmp_path: Path) -> None:
    laptop, _hq, stick = laptop_with_work(tmp_path)
    with open_workspace(laptop, clock=clock()) as ws:
        for number in range(20):
            a_find(ws, remarks=SeededEntropy(str(number)).take(1_900).hex())  # it cannot be packed small
        ws.store.execute("VACUUM")  # or the room is taken from pages that lie free
    codes = []
    for room in range(20):
        with open_workspace(copied(laptop), clock=clock()) as ws:
            before = state_hash(ws.store)
            try:
                with pages_end(ws, room):
                    export.export_for_hq(ws, stick).path.unlink()
            except DiskFull as error:
                codes.append(error.code)
                assert set(records.whereabouts(ws, sorted(names(ws))).values()) == {"here"}
                assert (state_hash(ws.store), list(ws.private.iterdir())) == (before, [])
                export.export_for_hq(ws, stick)
                assert set(records.whereabouts(ws, sorted(names(ws))).values()) == {"stick"}
    assert codes


def bundle_of(laptop: Path, stick: Path) -> Path:
    with open_workspace(laptop, clock=clock()) as ws:
        for _ in range(40):
            a_find(ws)
        return export.export_for_hq(ws, stick).path


def test_a4_import_when_the_disk_is_full_at_the_nth_byte(tmp_path: Path) -> None:
    laptop, hq, stick = laptop_with_work(tmp_path)
    bundle = bundle_of(laptop, stick)
    data, failures = bundle.read_bytes(), []
    for size in range(1, 400 * STEP_BYTES, 2 * STEP_BYTES):
        with open_workspace(copied(hq), clock=clock()) as ws:
            before = state_hash(ws.store)
            try:
                with files_end_at(size):
                    imports.import_file(ws, bundle)
            except OperatorError as error:
                failures.append(error.code)
                assert state_hash(ws.store) == before
                assert names(ws) == set()
                assert list(ws.private.iterdir()) == []
                assert list(ws.photos.glob("*.part")) == []
                assert bundle.read_bytes() == data
                assert imports.import_file(ws, bundle).new == 44
                assert photos.missing_photos(ws) == []
                assert verifying.check(ws, read_data=True).problems == []
            else:
                break
    assert len(failures) > 3
    assert set(failures) <= set(FULL)


def test_a4_import_when_the_database_may_not_grow(tmp_path: Path) -> None:
    laptop, hq, stick = laptop_with_work(tmp_path)
    bundle = bundle_of(laptop, stick)
    failures = 0
    for room in range(40):
        with open_workspace(copied(hq), clock=clock()) as ws:
            before = state_hash(ws.store)
            try:
                with pages_end(ws, room):
                    imports.import_file(ws, bundle)
            except DiskFull:
                failures += 1
                assert (state_hash(ws.store), names(ws)) == (before, set())
                assert imports.import_file(ws, bundle).new == 44
            else:
                break
            assert verifying.check(ws, read_data=True).problems == []
    assert failures >= 3


def test_a4_a_photo_that_does_not_fit_is_not_half_kept(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(JPEG + bytes(300_000))
    with alone(tmp_path / "laptop") as ws:
        with files_end_at(200_000), pytest.raises(DiskFull) as caught:
            photos.add_photo(ws, tmp_path / "photo.jpg")
        assert "The disk is full." in str(caught.value)
        assert (list(ws.photos.iterdir()), names(ws)) == ([], set())
        photos.add_photo(ws, tmp_path / "photo.jpg")
        assert photos.missing_photos(ws) == []


def test_a4_the_draft_before_stays_when_the_next_keystroke_does_not_fit(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        drafts.keep(ws, "find", TYPED)
        with pages_end(ws, 0), pytest.raises(DiskFull):
            drafts.keep(ws, "find", TYPED | {"remarks": "x" * 200_000})
        assert [draft.fields for draft in drafts.kept(ws)] == [TYPED]
