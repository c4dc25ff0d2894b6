"""Team exchange: who may read and write a team's bundle, what it carries, and that only headquarters makes safe."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from fieldapp.operations import export, headquarters, imports, inbox, lookup, records, review, words
from fieldapp.operations.errors import NoTeamMates, NotThisTeam
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage import journal
from tests.builders import Deployment, a_find, clock, deployment
from tests.builders_faults import written


def known_to_each_other(there: Deployment) -> list[Workspace]:
    laptops = list(there.laptops.values())
    for laptop in laptops:
        there.carry(laptop)
    for laptop in laptops:
        there.answer(laptop)
    return laptops


def pass_on(giver: Workspace, taker: Workspace, there: Deployment) -> imports.Outcome:
    return imports.import_file(taker, export.export_for_team(giver, "t7", there.stick).path)


def test_a_team_mates_find_comes_with_its_own_signature(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        name = a_find(second).name
        outcome = pass_on(second, lead, there)
        assert (outcome.status, outcome.new, outcome.quarantined) == ("imported", 1, 0)
        stream = journal.own_stream(second.store, "team/t7")
        assert stream is not None
        assert [(s.data, s.sig) for s in journal.segments_from(lead.store, stream)] == [
            (s.data, s.sig) for s in journal.segments_from(second.store, stream)
        ]
        assert records.get(lead, name).fields["depth_cm"] == 5


def test_what_only_went_to_a_team_stick_is_on_a_stick_for_both(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        name = a_find(second).name
        assert records.whereabouts(second, [name]) == {name: "here"}
        pass_on(second, lead, there)
        assert records.whereabouts(second, [name]) == {name: "stick"}
        assert records.whereabouts(lead, [name]) == {name: "stick"}


def test_what_is_safe_is_not_carried_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        a_find(second)
        pass_on(second, lead, there)
        assert there.exchange(lead).new == 1
        assert export.export_for_hq(lead, there.stick).events == 0
        pass_on(lead, second, there)
        assert export.export_for_hq(second, there.stick).events == 0


def test_a_decision_reaches_the_second_laptop_through_the_lead(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        name = a_find(second).name
        pass_on(second, lead, there)
        there.carry(lead)
        review.decide(there.hq, [name], "approved")
        there.answer(lead)
        pass_on(lead, second, there)
        assert [row["judged"] for row in lookup.rows(second, "decision")] == [name]


def test_headquarters_answer_brings_team_mates_finds(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        name = a_find(second).name
        there.carry(second)
        there.answer(lead)
        assert records.get(lead, name).name == name


def test_a_laptop_that_knows_no_team_mate_says_so(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead") as there:
        lead = there.laptops["lead"]
        there.exchange(lead)
        with pytest.raises(NoTeamMates):
            export.export_for_team(lead, "t7", there.stick)
        with pytest.raises(NotThisTeam):
            export.export_for_team(lead, "t8", there.stick)


def test_another_teams_laptop_can_neither_open_nor_send(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        other = there.join("other", "t8")
        lead, second, _ = known_to_each_other(there)
        file = export.export_for_team(lead, "t7", there.stick).path
        (refused,) = imports.import_files(other, [file])
        assert refused.code == "bundle_not_for_this_key"
        content = export._content(other, "team/t7", [], [], receipts=[])
        forged = written(other, content, [second.keys.recipient], there.stick)
        (refused,) = imports.import_files(second, [forged])
        assert refused.code == "unknown_sender"
        assert not lookup.rows(second, "find")


def test_a_revoked_laptop_is_no_longer_written_to(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second", "third") as there:
        lead, second, third = known_to_each_other(there)
        headquarters.revoke(there.hq, third.device, "lost")
        there.answer(lead)
        file = export.export_for_team(lead, "t7", there.stick).path
        assert imports.import_file(second, file).status == "imported"
        (refused,) = imports.import_files(third, [file])
        assert refused.code == "bundle_not_for_this_key"


def test_receipts_that_a_team_mate_made_up_are_left_aside(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        name = a_find(second).name
        stream = journal.own_stream(second.store, "team/t7")
        assert stream is not None
        pass_on(second, lead, there)
        content = words.beside(lead, export._content(lead, "team/t7", [], [], receipts=[]))
        raw = content.readable[words.WORD]
        for members in (
            {words.WORD: raw.replace(b'"hq_epoch":"1-', b'"hq_epoch":"9-')},
            {words.WORD_SIGNATURE: content.readable[words.WORD_SIGNATURE].replace(b"a", b"b", 1)},
            {words.WORD: b"{}"},
        ):
            changed = dataclasses.replace(content, readable={**content.readable, **members})
            outcome = imports.import_file(second, written(lead, changed, [second.keys.recipient], there.stick))
            assert len(outcome.alarms) == 1
            assert outcome.receipts == 0
            assert records.whereabouts(second, [name]) == {name: "stick"}


def test_an_old_word_changes_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        old = export.export_for_team(lead, "t7", there.stick).path
        name = a_find(second).name
        there.exchange(second)
        before = second.meta("hq_word")
        outcome = imports.import_file(second, old)
        assert (outcome.receipts, outcome.alarms) == (0, [])
        assert second.meta("hq_word") == before
        assert records.whereabouts(second, [name]) == {name: "hq"}


def test_a_gap_of_a_team_mate_is_closed_by_the_lead(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        a_find(second)
        there.carry(second)  # headquarters has it, the lead not
        a_find(second)
        pass_on(second, lead, there)
        assert there.carry(lead).new == 1
        assert inbox.gaps(there.hq) == inbox.gaps(lead) == []


def test_both_branches_of_a_cloned_team_mate_come_through_the_lead(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second") as there:
        lead, second = known_to_each_other(there)
        before = a_find(second).name
        second.close()
        shutil.copytree(second.folder, tmp_path / "copy")
        there.laptops["second"] = second = open_workspace(tmp_path / "second", clock=clock())
        there.laptops["copy"] = copy = open_workspace(tmp_path / "copy", clock=clock())
        names = {before, a_find(second).name, a_find(second).name, a_find(copy).name}
        pass_on(second, lead, there)
        assert there.exchange(lead).new == 3
        assert pass_on(copy, lead, there).forked == 1
        assert there.exchange(lead).forked == 1
        assert {row.name for row in lookup.rows(there.hq, "find")} == names
        assert export.export_for_hq(lead, there.stick).events == 0
