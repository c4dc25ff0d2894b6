"""D10: headquarters restored from last week: nothing is "safe" that it lost, and the next exchanges bring all again."""

from __future__ import annotations

import shutil
from pathlib import Path

from fieldapp.operations import backup, export, imports, lookup, photos, records, review, today, verifying
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage import ledger
from tests.builders import Deployment, a_find, clock, deployment
from tests.builders_faults import JPEG


def week(there: Deployment, tmp_path: Path) -> tuple[Workspace, list[str]]:
    """Two finds, of which headquarters decided one after what will be its last backup, with a photo."""
    laptop = there.laptops["laptop"]
    names = [a_find(laptop).name]
    there.exchange(laptop)
    backup.backup(there.hq, tmp_path / "last week.backup")
    names.append(a_find(laptop).name)
    (tmp_path / "photo.jpg").write_bytes(JPEG + b"seen")
    photos.add_photo(laptop, tmp_path / "photo.jpg", shows=names[1])
    there.carry(laptop)
    review.decide(there.hq, names, "approved")
    there.answer(laptop)
    assert set(records.whereabouts(laptop, names).values()) == {"hq"}
    return laptop, names


def put_back(there: Deployment, tmp_path: Path) -> None:
    there.hq.close()
    shutil.rmtree(there.hq.folder)
    there.hq = backup.restore(
        tmp_path / "last week.backup", tmp_path / "hq again", backup.keys_in(tmp_path / "hq-escrow.txt"),
        clock=clock(), use_keyring=False,
    )


def alike(there: Deployment, laptop: Workspace) -> None:
    checked = [verifying.check(ws, read_data=True) for ws in (there.hq, laptop)]
    assert checked[0].problems == checked[1].problems == []
    assert checked[0].state_hash == checked[1].state_hash


def test_d10_the_next_exchanges_deliver_everything_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, names = week(there, tmp_path)
        old = there.hq.meta("epoch")
        put_back(there, tmp_path)
        assert ledger.epoch_number(there.hq.meta("epoch")) == ledger.epoch_number(old) + 1
        there.exchange(laptop)
        assert records.whereabouts(laptop, names) == {names[0]: "hq", names[1]: "stick"}
        assert today.places(laptop).hq == 1
        taken = there.carry(laptop)
        assert taken.kinds == {"decision": 2, "find": 1, "photo": 1}
        assert (taken.photos, taken.quarantined) == (1, 0)
        there.answer(laptop)
        assert set(records.whereabouts(laptop, names).values()) == {"hq"}
        assert len(review.judgements(there.hq, "decision")) == 2
        alike(there, laptop)
        assert export.export_for_hq(laptop, there.stick).events == 0


def test_d10_an_older_return_bundle_makes_nothing_safe_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, names = week(there, tmp_path)
        old = export.export_for_team(there.hq, "t7", there.stick).path
        put_back(there, tmp_path)
        there.exchange(laptop)
        outcome = imports.import_file(laptop, old)
        assert (outcome.receipts, outcome.alarms) == (0, [])
        assert records.whereabouts(laptop, names) == {names[0]: "hq", names[1]: "stick"}


def test_d10_what_headquarters_writes_after_it_stands_beside_what_it_lost(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, names = week(there, tmp_path)
        put_back(there, tmp_path)
        review.decide(there.hq, [names[0]], "rejected", "looked at again")
        for _ in range(2):
            there.exchange(laptop)
        there.exchange(laptop)
        alike(there, laptop)
        assert {row["judged"] for row in lookup.rows(there.hq, "decision")} == set(names)


def test_d10_a_headquarters_whose_folder_was_copied_back_learns_it_from_its_own_signature(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        names = [a_find(laptop).name]
        there.exchange(laptop)
        there.hq.close()
        shutil.copytree(there.hq.folder, tmp_path / "image")
        there.hq = open_workspace(there.hq.folder, clock=clock())
        names.append(a_find(laptop).name)
        there.exchange(laptop)
        there.hq.close()
        shutil.rmtree(there.hq.folder)
        shutil.copytree(tmp_path / "image", there.hq.folder)
        there.hq = open_workspace(there.hq.folder, clock=clock())
        old = there.hq.meta("epoch")
        assert len(there.carry(laptop).alarms) == 1
        assert ledger.epoch_number(there.hq.meta("epoch")) == ledger.epoch_number(old) + 1
        there.answer(laptop)
        assert records.whereabouts(laptop, names)[names[1]] == "stick"
        assert there.exchange(laptop).alarms == []
        assert set(records.whereabouts(laptop, names).values()) == {"hq"}
        alike(there, laptop)


def test_d10_one_backup_restored_twice_never_makes_safe_what_either_lost(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, names = week(there, tmp_path)
        put_back(there, tmp_path)
        for _ in range(2):
            there.exchange(laptop)
        there.hq.close()
        there.hq = backup.restore(
            tmp_path / "last week.backup", tmp_path / "hq once more", backup.keys_in(tmp_path / "hq-escrow.txt"),
            clock=clock(), use_keyring=False,
        )
        assert len(there.carry(laptop).alarms) == 1
        there.answer(laptop)
        assert records.whereabouts(laptop, names)[names[1]] == "stick"
        there.exchange(laptop)
        assert set(records.whereabouts(laptop, names).values()) == {"hq"}
        alike(there, laptop)
