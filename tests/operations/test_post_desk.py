"""The post desk with real bundles: a stick comes with bundles and goes home with its teams' answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import OperatorError
from fieldapp.operations import export, headquarters, imports, post_desk, records
from fieldapp.operations.errors import WrongRole
from fieldapp.operations.headquarters import set_up
from fieldapp.storage.merged import state_hash
from tests.builders import Deployment, a_find, deployment
from tests.builders_faults import carried, packed, sealed_day


def sticks(there: Deployment, *names: str) -> None:
    """Each of these laptops logs a find and writes its bundle to the stick."""
    for name in names:
        a_find(there.laptops[name])
        export.export_for_hq(there.laptops[name], there.stick)


def test_one_action_takes_in_every_bundle_and_answers_each_team_once_on_the_same_stick(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        three = there.join("three", "t8")
        sticks(there, "one", "two", "three")
        served = post_desk.serve(there.hq, there.stick)
        assert [outcome.status for outcome in served.outcomes] == ["imported"] * 3
        assert sorted(team for team, _ in served.answers) == ["t7", "t8"]
        assert all(written.path.parent == there.stick for _, written in served.answers)
        assert served.safe_to_unplug
        assert post_desk.unanswered(there.hq) == []
        answers = dict(served.answers)
        for laptop in (there.laptops["one"], there.laptops["two"], three):
            imports.import_file(laptop, answers[laptop.team].path)
            names = [row.name for row in records.list_records(laptop, "find")]
            assert set(records.whereabouts(laptop, names).values()) == {"hq"}


def test_a_bad_bundle_does_not_stop_the_others_nor_the_answer(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        sticks(there, "one")
        (there.stick / "aaaa-1.fieldbundle").write_bytes(b"age-encryption.org/v1\n" + b"x" * 4000)
        served = post_desk.serve(there.hq, there.stick)
        assert [outcome.status for outcome in served.outcomes if outcome.file == "aaaa-1.fieldbundle"] == ["refused"]
        assert [one.file for one in served.refused] == ["aaaa-1.fieldbundle"]
        assert [team for team, _ in served.answers] == ["t7"]


def test_the_same_stick_again_brings_nothing_new_is_answered_again_and_our_own_files_are_no_input(
    tmp_path: Path,
) -> None:
    with deployment(tmp_path, "one") as there:
        sticks(there, "one")
        first = post_desk.serve(there.hq, there.stick)
        before = state_hash(there.hq.store)
        again = post_desk.serve(there.hq, there.stick)
        assert [(outcome.status, outcome.new) for outcome in again.outcomes] == [("known", 0)]
        assert again.safe_to_unplug
        assert {written.path for _, written in first.answers}.isdisjoint({w.path for _, w in again.answers})
        assert state_hash(there.hq.store) == before


def test_stopping_keeps_what_came_in_and_writes_no_answer(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        sticks(there, "one", "two")
        served = post_desk.serve(there.hq, there.stick, cancelled=lambda: len(records_at(there)) > 0)
        assert served.stopped
        assert not served.safe_to_unplug
        assert len(served.outcomes) == len(records_at(there)) == 1
        assert served.answers == []
        assert len(post_desk.unanswered(there.hq)) == 1


def records_at(there: Deployment) -> list[str]:
    """The finds that headquarters holds."""
    return [row.name for row in records.list_records(there.hq, "find")]


def test_a_stick_that_was_imported_and_not_answered_is_listed_until_it_is(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        sticks(there, "one", "one", "two")
        imports.import_files(there.hq, imports.bundles_in([there.stick]))
        waiting = {one.name: one.bundles for one in post_desk.unanswered(there.hq)}
        assert waiting == {"one": 2, "two": 1}
        export.export_for_team(there.hq, "t7", there.stick)
        assert post_desk.unanswered(there.hq) == []
        there.carry(there.laptops["one"])
        (one,) = post_desk.unanswered(there.hq)
        assert (one.name, one.teams, one.bundles) == ("one", ("t7",), 1)


def test_an_answer_that_cannot_be_written_is_named_and_the_stick_is_not_safe(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        three = there.join("three", "t8")
        there.exchange(three)
        headquarters.revoke(there.hq, three.device, "lost")
        a_find(three)
        export.export_for_hq(three, there.stick)
        sticks(there, "one")
        served = post_desk.serve(there.hq, there.stick)
        assert [team for team, _ in served.answers] == ["t7"]
        assert [(one.team, one.code) for one in served.not_written] == [("t8", "no_laptop_yet")]
        assert not served.safe_to_unplug


def test_a_refused_file_comes_in_when_its_reason_is_gone_and_leaves_the_list(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        invitation = [dict(one) for one in there.hq.get_json("invitations", [])]
        there.hq.set_json("invitations", [])
        sticks(there, "one")
        refused = post_desk.serve(there.hq, there.stick)
        assert [outcome.code for outcome in refused.outcomes] == ["unknown_sender"]
        (listed,) = post_desk.refused(there.hq)
        assert listed.reason == refused.outcomes[0].reason
        assert [one.status for one in post_desk.retry(there.hq, there.stick)] == ["refused"]
        assert len(post_desk.refused(there.hq)) == 1, "the same file is listed once"
        there.hq.set_json("invitations", invitation)
        (file,) = there.stick.glob("*.fieldbundle")
        file.rename(file.with_name("renamed.fieldbundle"))
        assert [(one.status, one.new) for one in post_desk.retry(there.hq, there.stick)] == [("imported", 1)]
        assert post_desk.refused(there.hq) == []
        assert post_desk.retry(there.hq, there.stick) == []


def test_what_was_kept_aside_for_want_of_a_grant_counts_by_itself_once_there_is_one(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        there.exchange(one)
        headquarters.revoke(there.hq, one.device, "reported lost")
        late = a_find(one)
        assert there.carry(one).quarantined == 1
        device = records.get(there.hq, f"device/hq/{one.device}")
        grant = dict(device.values["grant"]) | {"until": None}
        records.settle(there.hq, device.name, "grant", grant, "found again")
        assert records.get(there.hq, late.name).settled


def test_only_headquarters_has_a_post_desk(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there, pytest.raises(WrongRole):
        post_desk.serve(there.laptops["one"], there.stick)


def test_a_stick_of_another_programme_is_refused_and_gets_no_answer(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        sticks(there, "one")
        other = set_up(tmp_path / "other", "Other", tmp_path / "other.txt", use_keyring=False)
        try:
            served = post_desk.serve(other, there.stick)
            assert [outcome.status for outcome in served.outcomes] == ["refused"]
            assert served.answers == []
            with pytest.raises(OperatorError):
                post_desk.serve(other, tmp_path / "no such stick")
        finally:
            other.close()


def test_a_team_whose_laptop_was_carried_by_another_teams_is_answered_too(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead") as there:
        lead, other = there.laptops["lead"], there.join("other", "t8")
        there.exchange(lead)
        there.exchange(other)
        for path in there.stick.glob("*.fieldbundle"):
            path.unlink()
        name = a_find(other).name
        carried(lead, there.stick, [packed(sealed_day(other))])
        imports.import_files(there.hq, imports.bundles_in([there.stick]))
        assert [one.teams for one in post_desk.unanswered(there.hq)] == [("t7", "t8")]
        served = post_desk.serve(there.hq, there.stick)
        assert [team for team, _ in served.answers] == ["t7", "t8"]
        assert served.safe_to_unplug
        imports.import_file(other, dict(served.answers)["t8"].path)
        assert records.whereabouts(other, [name]) == {name: "hq"}
        assert post_desk.unanswered(there.hq) == []
