"""A watched folder: whole files once, half-copied ones later, bad ones by name, and nothing changed in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import export, lookup, post_desk, watching
from fieldapp.operations.errors import WrongRole
from fieldapp.operations.watching import Seen
from fieldapp.sync.errors import StickGone
from tests.builders import Deployment, a_find, deployment


def a_bundle(there: Deployment, laptop: str = "laptop") -> Path:
    a_find(there.laptops[laptop])
    return export.export_for_hq(there.laptops[laptop], there.stick).path


def looked(there: Deployment, seen: Seen, times: int = 2) -> list[str]:
    """Look so often, taking in what is ready; the states of what came, in order."""
    states = []
    for _ in range(times):
        taken = watching.take_in(there.hq, watching.look_in(there.stick, seen), seen)
        states += [outcome.status for outcome in taken.outcomes]
    return states


def test_a_bundle_is_read_at_the_second_look_and_only_once(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        bundle, seen = a_bundle(there), Seen()
        assert looked(there, seen, 1) == []
        assert looked(there, seen, 3) == ["imported"]
        assert len(lookup.rows(there.hq, "find")) == 1
        bundle.touch()
        assert looked(there, seen, 3) == ["known"], "a file that changed is looked at again, and nothing doubles"


def test_a_half_copied_file_is_waited_for_and_never_called_refused(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        bundle, seen = a_bundle(there), Seen()
        whole = bundle.read_bytes()
        bundle.write_bytes(whole[:900])
        (there.stick / (bundle.name + ".part")).write_bytes(whole)
        assert looked(there, seen, 3) == []
        assert seen.waiting == [bundle.name]
        bundle.write_bytes(whole[:1500])
        assert looked(there, seen, 3) == []
        bundle.write_bytes(whole)
        assert looked(there, seen, 3) == ["imported"]
        assert post_desk.refused(there.hq) == []


def test_a_bad_file_is_refused_by_name_after_a_while_and_stops_nobody(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        seen = Seen()
        bad = there.stick / "aaaa-1.fieldbundle"
        bad.write_bytes(b"age-encryption.org/v1\n" + b"x" * 4000)
        a_bundle(there)
        states = looked(there, seen, sum(watching.PATIENCE) + len(watching.PATIENCE))
        assert sorted(states) == ["imported", "refused"]
        assert [one.file for one in post_desk.refused(there.hq)] == ["aaaa-1.fieldbundle"]
        assert looked(there, seen, 3) == []
        assert bad.exists()


def test_what_is_not_for_us_is_refused_at_once_and_tried_again_when_asked(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        invitations, seen = there.hq.get_json("invitations", []), Seen()
        there.hq.set_json("invitations", [])
        a_bundle(there)
        assert looked(there, seen, 2) == ["refused"]
        there.hq.set_json("invitations", invitations)
        assert looked(there, seen, 4) == []
        assert [one.status for one in post_desk.retry(there.hq, there.stick)] == ["imported"]


def test_our_own_return_bundles_are_passed_over(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_bundle(there)
        seen = Seen()
        looked(there, seen)
        export.export_for_team(there.hq, "t7", there.stick)
        assert looked(there, seen, 3) == []
        assert seen.waiting == []


def test_what_was_seen_outlives_the_program_for_this_folder_alone(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_bundle(there)
        seen = Seen()
        looked(there, seen)
        watching.remember(there.hq, there.stick, seen)
        assert looked(there, watching.recall(there.hq, there.stick), 3) == []
        assert watching.recall(there.hq, tmp_path).files == {}
        watching.watch_folder(there.hq, there.stick)
        assert watching.watched_folder(there.hq) == there.stick
        watching.watch_folder(there.hq, None)
        assert watching.watched_folder(there.hq) is None


def test_a_folder_that_is_gone_is_named_and_what_was_seen_is_kept(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_bundle(there)
        seen = Seen()
        looked(there, seen)
        away = there.stick.rename(tmp_path / "away")
        with pytest.raises(StickGone):
            watching.look_in(there.stick, seen)
        away.rename(there.stick)
        assert looked(there, seen, 3) == []


def test_only_headquarters_watches(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        with pytest.raises(WrongRole):
            watching.take_in(there.laptops["laptop"], [], Seen())
        with pytest.raises(WrongRole):
            watching.watch_folder(there.laptops["laptop"], tmp_path)
