"""The post desk by commands: the documents that scripts read, and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.cli.bundles import desk_lines
from fieldapp.operations import post_desk
from fieldapp.texts import Texts
from tests.builders import a_find, deployment
from tests.cli.runner import done, run


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """A headquarters, a laptop of team t7 and its first bundle on a stick, by commands; returns their folder."""
    done("init", tmp_path / "hq", "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt",
         "--key-file")
    done("hq", "invite", "--team", "t7", "--name", "laptop 1", "--to", tmp_path, workspace=tmp_path / "hq")
    done("init", tmp_path / "t7", "--invitation", tmp_path / "t7.fieldinvite", "--name", "Rəşad", "--key-file")
    (tmp_path / "stick").mkdir()
    done("find", "add", "TM-62M", workspace=tmp_path / "t7")
    done("bundle", "export", "--to", tmp_path / "stick", workspace=tmp_path / "t7")
    return tmp_path


def test_the_desk_imports_answers_and_says_when_to_unplug(chain: Path) -> None:
    served = done("bundle", "desk", chain / "stick", workspace=chain / "hq")
    assert [(one["status"], one["new"]) for one in served["bundles"]] == [("imported", 1)]
    (answer,) = served["answers"]
    assert (answer["team"], served["not_written"], served["safe_to_unplug"]) == ("t7", [], True)
    done("bundle", "import", answer["file"], workspace=chain / "t7")
    assert done("bundle", "status", workspace=chain / "t7")["hq"] == 1
    assert done("bundle", "unanswered", workspace=chain / "hq") == {"unanswered": []}


def test_a_refused_file_makes_the_desk_exit_1_with_its_document_and_stands_in_the_list(chain: Path) -> None:
    (chain / "stick" / "bad.fieldbundle").write_bytes(b"age-encryption.org/v1\n" + b"x" * 4000)
    ran = run("bundle", "desk", chain / "stick", "--json", workspace=chain / "hq")
    assert ran.code == 1
    assert len(ran.json["answers"]) == 1, "the team of the good bundle is answered"
    (listed,) = done("bundle", "refused", workspace=chain / "hq")["refused"]
    (reason,) = [one["reason"] for one in ran.json["bundles"] if one["status"] == "refused"]
    assert (listed["file"], listed["reason"]) == ("bad.fieldbundle", reason)
    again = run("bundle", "retry", chain / "stick", "--json", workspace=chain / "hq")
    assert (again.code, [one["file"] for one in again.json["bundles"]]) == (1, ["bad.fieldbundle"])


def test_a_stick_that_was_only_imported_waits_for_its_answer(chain: Path) -> None:
    done("bundle", "import", chain / "stick", workspace=chain / "hq")
    (waiting,) = done("bundle", "unanswered", workspace=chain / "hq")["unanswered"]
    assert (waiting["name"], waiting["teams"], waiting["bundles"]) == ("laptop 1", ["t7"], 1)
    said = run("bundle", "unanswered", workspace=chain / "hq").out
    assert "laptop 1" in said


def test_people_read_what_came_and_what_was_written(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        texts = Texts("en")
        empty = desk_lines(post_desk.serve(there.hq, there.stick), texts)
        assert empty == ["There is no bundle on this stick."]
        a_find(there.laptops["one"])
        there.carry(there.laptops["one"])
        lines = desk_lines(post_desk.serve(there.hq, there.stick), texts)
        assert lines[1].startswith("Return bundle for team t7, written and read back: ")
        assert lines[-1] == "Safe to unplug."


def test_a_folder_with_headquarters_own_answer_in_it_is_imported_without_complaint(chain: Path) -> None:
    done("bundle", "desk", chain / "stick", workspace=chain / "hq")
    again = done("bundle", "import", chain / "stick", workspace=chain / "hq")
    assert [one["status"] for one in again["bundles"]] == ["known"]
    assert done("bundle", "refused", workspace=chain / "hq") == {"refused": []}


def test_a_laptop_is_told_when_nothing_in_a_folder_is_for_it(chain: Path) -> None:
    (chain / "empty").mkdir()
    assert "No bundle for this workspace lies there." in run("bundle", "import", chain / "empty",
                                                             workspace=chain / "t7").out  # fmt: skip


def test_the_preview_names_kinds_and_compares_control_totals(chain: Path) -> None:
    seen = run("bundle", "import", chain / "stick", "--dry-run", workspace=chain / "hq").out
    assert "New by kind: Find 1" in seen
    assert "The sender counts 1 finds (0 AP, 1 AT, 0 UXO), 0 plots, 0 m²." in seen
    assert "Here of its team, with this: 1 finds (0 AP, 1 AT, 0 UXO), 0 plots, 0 m²." in seen
    assert "Fewer here" not in seen


def test_a_refusal_is_said_in_the_language_asked_for(chain: Path) -> None:
    (chain / "bad.fieldbundle").write_bytes(b"x" * 4000)
    said = run("bundle", "import", chain / "bad.fieldbundle", "--lang", "ru", workspace=chain / "hq").out
    assert "Nothing was imported" not in said
    assert "Ничего не загружено" in said
