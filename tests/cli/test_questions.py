"""A question and its answer by commands alone."""

from __future__ import annotations

from pathlib import Path

from tests.cli.runner import done, run


def test_a_question_travels_to_the_team_is_answered_and_closed_by_commands(tmp_path: Path) -> None:
    hq, laptop, stick = tmp_path / "hq", tmp_path / "t7", tmp_path / "stick"
    stick.mkdir()
    done("init", hq, "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt", "--key-file")
    done("hq", "invite", "--team", "t7", "--to", stick, workspace=hq)
    done("init", laptop, "--invitation", stick / "t7.fieldinvite", "--name", "Rəşad", "--key-file")
    number = done("find", "add", "PMN-2", workspace=laptop)["local_id"]

    def there() -> None:
        file = done("bundle", "export", "--to", stick, workspace=laptop)["file"]
        done("bundle", "import", file, workspace=hq)

    def back() -> None:
        file = done("bundle", "export", "--team", "t7", "--to", stick, workspace=hq)["file"]
        done("bundle", "import", file, workspace=laptop)

    there()
    asked = done("review", "ask", number, "--text", "PMN-2 or PMN-4?", workspace=hq)
    assert (asked["state"], asked["number"], asked["team"]) == ("open", number, "t7")
    back()
    done("find", "correct", number, "--model-typed", "PMN-4", "--why", "looked again", workspace=laptop)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    said = done("review", "answer", number, "--text", "PMN-4", "--photo", tmp_path / "a.png", "--corrected",
                workspace=laptop)
    assert said["state"] == "answered"
    assert (said["entries"][0]["by"], bool(said["entries"][0]["photo"])) == ("Rəşad", True)
    assert len(said["entries"][0]["correction"]) == 64
    there()
    (waiting,) = done("review", "questions", "--state", "answered", "--team", "t7", workspace=hq)["questions"]
    assert waiting["question"] == asked["question"]
    done("review", "close", number, "--outcome", "PMN-4", workspace=hq)
    back()
    assert run("review", "questions", workspace=laptop).out.splitlines()[1].split()[3] == "Closed"
    assert [entry["kind"] for entry in done("review", "questions", workspace=laptop)["questions"][0]["entries"]] == [
        "closed", "answer", "question",
    ]
    by_number = run("review", "close", number, "--json", workspace=hq)
    assert (by_number.code, by_number.json["error"]["code"]) == (1, "no_open_question")
    again = run("review", "close", asked["question"], "--json", workspace=hq)
    assert (again.code, again.json["error"]["code"]) == (1, "nothing_changed")
