"""Questions to a team and their answers, through bundles; story 9."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fieldapp.domain.registry import HQ_KINDS
from fieldapp.operations import (
    browsing,
    export,
    headquarters,
    imports,
    inbox,
    joining,
    photos,
    questions,
    records,
    review,
)
from fieldapp.operations.errors import (
    ClosedByDecision,
    NobodyToAsk,
    NothingChanged,
    NotThisTeams,
    OnlyField,
    RecordMissing,
    TextNeeded,
    WrongRole,
)
from fieldapp.operations.questions import Thread
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage.merged import state_hash
from tests.builders import Deployment, a_find, alone, deployment, hq

JPEG = b"\xff\xd8\xff\xe0 a photo of a marking"
ASKED = "PMN-2 or PMN-4? photo unreadable"


def only(ws: Workspace) -> Thread:
    """The one thread of this workspace."""
    (one,) = questions.threads(ws)
    return one


def state(ws: Workspace) -> str:
    return only(ws).state


def asked(there: Deployment, laptop: Workspace, text: str = ASKED) -> str:
    """A find of ``laptop`` that headquarters asked about, with the question on the laptop; the question's name."""
    find = a_find(laptop)
    there.carry(laptop)
    question = questions.ask(there.hq, find.name, text)
    there.answer(laptop)
    return question.name


def test_story_9_laptop_2_answers_for_laptop_3_with_a_new_photo(tmp_path: Path) -> None:
    names = ("one", "two", "three", "four")
    with deployment(tmp_path, *names) as there:
        team, other = [there.laptops[name] for name in names], there.join("other", "t8")
        find = a_find(there.laptops["three"])
        records.correct(there.laptops["three"], find.name, {"depth_cm": 8}, "measured again")
        for laptop in (*team, other):
            there.exchange(laptop)
        questions.ask(there.hq, find.name, ASKED)
        (back,) = {export.export_for_team(there.hq, "t7", there.stick).path}
        for laptop in team:
            imports.import_file(laptop, back)
        there.answer(other)
        assert [len(questions.threads(laptop, states=("open",))) for laptop in team] == [1, 1, 1, 1]
        assert questions.threads(other) == []
        two = there.laptops["two"]
        assert (only(two).number, only(two).text) == (find.fields["local_id"], ASKED)
        (photo := tmp_path / "again.jpg").write_bytes(JPEG)
        questions.answer(two, only(two).name, "PMN-4: the pressure plate is square.", photo_file=photo)
        assert state(two) == "answered"
        there.carry(two)
        seen = only(there.hq)
        assert (seen.state, seen.entries[0].by, seen.entries[0].photo_file) == ("answered", "Two", "again.jpg")
        assert records.get(there.hq, seen.entries[0].photo).fields["shows"] == find.name
        assert photos.read_photo(there.hq, hashlib.sha256(JPEG).hexdigest()) == JPEG
        records.correct(there.hq, find.name, {"model": "pmn-4"}, "as the team's second photo shows")
        questions.close(there.hq, seen.name, "Thank you, PMN-4.")
        there.answer(two)
        there.answer(there.laptops["three"])
        assert [state(ws) for ws in (there.hq, two, there.laptops["three"])] == ["closed"] * 3
        ends = [(one.text, one.by) for one in only(two).entries[::2]]
        assert ends == [("Thank you, PMN-4.", "Officer"), (ASKED, "Officer")]
        assert [len(records.history(ws, find.name)) for ws in (there.hq, there.laptops["three"])] == [3, 3]
        assert [event["record"] for event in inbox.quarantined(there.hq)] == []


def test_an_answer_can_name_the_correction_that_was_made(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        find = a_find(laptop)
        records.correct(laptop, find.name, {"depth_cm": 6}, "before the question")
        there.carry(laptop)
        questions.ask(there.hq, find.name, "How deep?")
        there.answer(laptop)
        question = only(laptop).name
        assert questions.own_correction(laptop, question) is None
        records.correct(laptop, find.name, {"depth_cm": 12}, "read from the wrong mark")
        made = questions.own_correction(laptop, question)
        assert made == records.history(laptop, find.name)[-1].event
        questions.answer(laptop, question, "", correction=made)
        there.carry(laptop)
        assert (state(there.hq), only(there.hq).entries[0].correction) == ("answered", made)
        with pytest.raises(RecordMissing):
            questions.answer(laptop, question, "", correction="ab" * 32)


def test_an_answer_that_crosses_the_closing_shows_the_thread_as_answered_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        question = asked(there, laptop)
        questions.answer(laptop, question, "PMN-2")
        there.carry(laptop)
        questions.answer(laptop, question, "No, wait: PMN-4")
        questions.close(there.hq, question)
        there.answer(laptop)
        assert state(laptop) == "answered"
        there.carry(laptop)
        shown = only(there.hq)
        assert [entry.text for entry in shown.entries] == ["No, wait: PMN-4", "", "PMN-2", ASKED]
        assert shown.state == "answered"
        questions.close(there.hq, question, "PMN-4 it is")
        there.answer(laptop)
        assert state(there.hq) == state(laptop) == "closed"
        with pytest.raises(NothingChanged):
            questions.close(there.hq, question)


def test_two_laptops_answer_apart_from_each_other_without_a_conflict(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        one, two = there.laptops["one"], there.laptops["two"]
        there.exchange(two)
        question = asked(there, one)
        there.answer(two)
        questions.answer(one, question, "PMN-2")
        questions.answer(two, question, "PMN-4")
        files = [export.export_for_hq(laptop, there.stick).path for laptop in (two, one)]
        hashes = set()
        for turn in (files, [*files[::-1], *files]):
            for file in turn:
                imports.import_file(there.hq, file)
            hashes.add(state_hash(there.hq.store))
        assert len(hashes) == 1
        assert sorted(entry.text for entry in only(there.hq).entries) == ["PMN-2", ASKED, "PMN-4"]
        assert inbox.conflicts(there.hq) == []


def test_another_teams_answer_does_not_count_in_the_thread(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        question = asked(there, there.laptops["one"])
        other = there.join("other", "t8")
        forged = {"question": question, "remarks": "nothing to worry about"}
        write(other, "answer/t8/0192f0c1-0000-7000-8000-000000000001", forged)
        write(other, "answer/t7/0192f0c1-0000-7000-8000-000000000002", forged)
        there.carry(other)
        assert state(there.hq) == "open"
        assert [event["record"].split("/")[1] for event in inbox.quarantined(there.hq)] == ["t7"]


def test_a_laptop_cannot_ask_or_close_and_a_question_it_forges_is_kept_aside(tmp_path: Path) -> None:
    assert "question" in HQ_KINDS
    assert "answer" not in HQ_KINDS
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        question = asked(there, laptop)
        with pytest.raises(WrongRole):
            questions.ask(laptop, a_find(laptop).name, "Which?")
        with pytest.raises(WrongRole):
            questions.close(laptop, question)
        heads = records.get(laptop, question).heads
        write(laptop, question, {"closing": {"answers": [], "closed": True}}, parents=heads)
        there.carry(laptop)
        assert state(there.hq) == "open"
        assert len(inbox.quarantined(there.hq)) == 1


def test_what_cannot_be_asked_answered_or_closed_says_why(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        question = asked(there, laptop)
        with pytest.raises(TextNeeded):
            questions.answer(laptop, question, "  ")
        with pytest.raises(TextNeeded):
            questions.ask(there.hq, only(there.hq).about, "\n")
        with pytest.raises(OnlyField):
            questions.answer(there.hq, question, "PMN-2")
        with pytest.raises(NobodyToAsk):
            questions.ask(there.hq, f"device/hq/{laptop.device}", "Whose?")
        with pytest.raises(RecordMissing):
            questions.answer(laptop, only(laptop).about, "a find is no question")
        there.join("other", "t8")
        stranger = there.laptops["other"]
        write(stranger, "question/t7/0192f0c1-0000-7000-8000-000000000003", {"question": "forged"}, audience="team/t8")
        with pytest.raises(NotThisTeams):
            questions.answer(stranger, "question/t7/0192f0c1-0000-7000-8000-000000000003", "for another team")


def test_a_query_in_review_is_a_thread_that_ends_with_the_next_decision(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        one, two = there.laptops["one"], there.laptops["two"]
        find = a_find(one)
        for laptop in (one, two):
            there.exchange(laptop)
        review.decide(there.hq, [find.name], "queried", "Depth 12, photo shows 5?")
        for laptop in (one, two):
            there.answer(laptop)
        assert [(only(ws).state, only(ws).text) for ws in (one, two)] == [("open", "Depth 12, photo shows 5?")] * 2
        questions.answer(two, only(two).name, "Five.")
        there.carry(two)
        assert state(there.hq) == "answered"
        records.correct(one, find.name, {"depth_cm": 7}, "measured again")
        assert state(one) == "answered"
        there.carry(one)
        with pytest.raises(ClosedByDecision):
            questions.close(there.hq, only(there.hq).name)
        review.decide(there.hq, [find.name], "approved")
        there.answer(one)
        assert state(there.hq) == state(one) == "closed"


def test_a_question_about_what_a_newcomer_logged_alone_goes_to_the_whole_team(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with hq(tmp_path / "hq") as there, alone(tmp_path / "new") as new:
        find = a_find(new)
        headquarters.invite(there, "t7", stick / "new.fieldinvite")
        joining.join(new, stick / "new.fieldinvite")
        imports.import_file(there, export.export_for_hq(new, stick).path)
        question = questions.ask(there, find.name, "Which marking?")
        assert question.owner == "t7"
        review.decide(there, [find.name], "queried", "And how deep?")
        imports.import_file(new, export.export_for_team(there, "t7", stick).path)
        for one in questions.threads(new):
            questions.answer(new, one.name, "See the tag.")
        imports.import_file(there, export.export_for_hq(new, stick).path)
        assert [one.state for one in questions.threads(there)] == ["answered", "answered"]


def test_the_record_shows_that_headquarters_asks_until_it_is_answered(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        question = asked(there, laptop)
        about = only(laptop).about
        for ws in (there.hq, laptop):
            assert [line.asked for line in browsing.part(ws, browsing.Wanted()).lines] == [True]
            assert browsing.open_record(ws, about).asked == ASKED
        questions.answer(laptop, question, "PMN-4")
        assert [line.asked for line in browsing.part(laptop, browsing.Wanted()).lines] == [False]
        assert browsing.open_record(laptop, about).asked == ""


def test_a_thread_is_found_by_name_id_and_number_of_the_record(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        question = asked(there, there.laptops["laptop"])
        for text in (question, question.rpartition("/")[2], only(there.hq).number):
            assert questions.find_thread(there.hq, text).name == question
        with pytest.raises(RecordMissing):
            questions.find_thread(there.hq, "T9-0001-X")
