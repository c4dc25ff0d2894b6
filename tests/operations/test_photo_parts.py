"""Records first and thin, photos in parts that fit the stick, each part importable alone (M10)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fieldapp.cli.bundles import preview_lines
from fieldapp.operations import export, imports, photo_parts, photos
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import Texts
from tests.builders import Deployment, a_find, deployment

PHOTO_BYTES = 20_000


def shoot(ws: Workspace, folder: Path, count: int, start: int = 0) -> list[str]:
    """Photos of one find; their hashes, oldest first."""
    name = a_find(ws).name
    made = []
    for n in range(start, start + count):
        picture = folder / f"{n}.png"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([n]) * PHOTO_BYTES)
        photos.add_photo(ws, picture, shows=name)
        made.append(hashlib.sha256(picture.read_bytes()).hexdigest())
    return made


def at_hq(there: Deployment) -> set[str]:
    return {path.stem for path in there.hq.photos.glob("*.age")}


def room_for(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """Each stick has room for so many photos beside the records."""
    room = photo_parts.BESIDE_BYTES + many * (PHOTO_BYTES + 2_000)
    left = [room]

    def free(_folder: Path) -> int:
        return left[0]

    real = photo_parts.note_written

    def note(ws: Workspace, written: list[photo_parts.Waiting], wanted: list[str]) -> None:
        left[0] -= len(written) * (PHOTO_BYTES + 2_000)
        real(ws, written, wanted)

    monkeypatch.setattr(photo_parts, "free_bytes", free)
    monkeypatch.setattr(photo_parts, "note_written", note)


def test_photos_that_fit_travel_in_the_file_of_the_records(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        made = shoot(there.laptops["one"], tmp_path, 3)
        written = export.export_for_hq(there.laptops["one"], there.stick)
        assert (written.photos, written.photos_wanted, written.parts, written.photos_percent) == (3, 3, (), 100)
        imports.import_file(there.hq, written.path)
        assert at_hq(there) == set(made)


def test_records_go_first_and_photos_follow_in_parts_the_oldest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployment(tmp_path, "one") as there:
        made = shoot(there.laptops["one"], tmp_path, 5)
        monkeypatch.setattr(photo_parts, "PART_BYTES", 2 * (PHOTO_BYTES + 2_000))
        written = export.export_for_hq(there.laptops["one"], there.stick)
        assert written.photos == 0
        assert [part.photos for part in written.parts] == [2, 2, 1]
        assert written.photos_percent == 100
        assert len(list(there.stick.glob("*.fieldbundle"))) == 4
        imports.import_file(there.hq, written.path)
        assert at_hq(there) == set()
        imports.import_file(there.hq, written.parts[0].path)
        assert at_hq(there) == set(made[:2])


@pytest.mark.parametrize("order", [[3, 2, 1, 0], [1, 0, 3, 2]])
def test_each_part_is_importable_alone_also_before_the_laptop_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: list[int]
) -> None:
    with deployment(tmp_path, "one") as there:
        made = shoot(there.laptops["one"], tmp_path, 5)
        monkeypatch.setattr(photo_parts, "PART_BYTES", 2 * (PHOTO_BYTES + 2_000))
        written = export.export_for_hq(there.laptops["one"], there.stick)
        files = [written.path, *(part.path for part in written.parts)]
        for place in order:
            (seen,) = imports.import_files(there.hq, [files[place]], dry_run=True)
            assert seen.status == "imported"
            assert imports.import_file(there.hq, files[place]).status == "imported"
        assert at_hq(there) == set(made)
        assert imports.import_file(there.hq, files[1]).status == "known"


def test_a_second_stick_goes_on_where_the_first_was_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with deployment(tmp_path, "one") as there:
        made = shoot(there.laptops["one"], tmp_path, 5)
        with monkeypatch.context() as first:
            room_for(first, 3)
            one = export.export_for_hq(there.laptops["one"], there.stick)
        assert (one.photos_written, one.photos_percent) == (3, 60)
        assert export.photo_share(one, Texts("en")) == "On this stick: records 100 %, photos 60 % (3 of 5)."
        other = tmp_path / "other"
        other.mkdir()
        with monkeypatch.context() as second:
            room_for(second, 2)
            two = export.export_for_hq(there.laptops["one"], other)
        for written in (two, one):
            for file in (written.path, *(part.path for part in written.parts)):
                imports.import_file(there.hq, file)
        assert at_hq(there) == set(made)


def test_photos_that_did_not_come_are_asked_for_and_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployment(tmp_path, "one") as there:
        laptop = there.laptops["one"]
        made = shoot(laptop, tmp_path, 3)
        with monkeypatch.context() as full:
            room_for(full, 0)
            thin = export.export_for_hq(laptop, there.stick)
        assert (thin.photos_written, thin.photos_percent) == (0, 0)
        imports.import_file(there.hq, thin.path)
        there.answer(laptop)
        again = export.export_for_hq(laptop, there.stick)
        assert (again.events, again.photos) == (0, 3)
        imports.import_file(there.hq, again.path)
        assert at_hq(there) == set(made)
        there.answer(laptop)
        assert export.export_for_hq(laptop, there.stick).photos_wanted == 0


def test_a_part_that_cannot_be_written_leaves_the_records_on_the_stick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployment(tmp_path, "one") as there:
        shoot(there.laptops["one"], tmp_path, 5)
        monkeypatch.setattr(photo_parts, "PART_BYTES", 2 * (PHOTO_BYTES + 2_000))
        calls = []

        def stop_in_the_second_file() -> bool:
            calls.append(1)
            return len(list(there.stick.glob("*.fieldbundle"))) > 1

        written = export.export_for_hq(there.laptops["one"], there.stick, cancelled=stop_in_the_second_file)
        assert calls
        assert (len(written.parts), written.photos_written, written.photos_percent) == (1, 2, 40)
        assert imports.import_file(there.hq, written.path).new > 0


def test_headquarters_asks_each_team_for_its_own_photos_only(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        there.join("two", team="t8")
        lost = {}
        for start, (name, laptop) in enumerate(there.laptops.items()):
            lost[name] = shoot(laptop, tmp_path, 1, start)
            imports.import_file(there.hq, export.export_for_hq(laptop, there.stick, thin=True).path)
        for name, team in (("one", "t7"), ("two", "t8")):
            answer = export.export_for_team(there.hq, team, there.stick).path
            assert imports.inspect(there.laptops[name], answer).manifest.asked_photos == lost[name]


def test_a_part_says_what_it_brings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with deployment(tmp_path, "one") as there:
        shoot(there.laptops["one"], tmp_path, 2)
        monkeypatch.setattr(photo_parts, "PART_BYTES", PHOTO_BYTES + 2_000)
        written = export.export_for_hq(there.laptops["one"], there.stick)
        (seen,) = imports.import_files(there.hq, [written.parts[1].path], dry_run=True)
        assert "  1 new photo" in preview_lines(seen, Texts("en"))
        assert imports.import_file(there.hq, written.parts[1].path).photos_new == 1
