"""Seats and newcomers by commands: invite a seat, bundles between seats, accept or refuse a second laptop."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import done, run


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A headquarters, a laptop of team t7 whose first bundle came, and an empty stick; returns their folder."""
    done("init", tmp_path / "hq", "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt",
         "--key-file")
    done("hq", "invite", "--team", "t7", "--name", "laptop 1", "--to", tmp_path, workspace=tmp_path / "hq")
    done("init", tmp_path / "t7", "--invitation", tmp_path / "t7.fieldinvite", "--name", "Rəşad", "--key-file")
    (tmp_path / "stick").mkdir()
    sent(tmp_path, "t7")
    return tmp_path


def sent(base: Path, laptop: str, code: int = 0) -> str:
    """A find of a laptop goes to headquarters; returns the laptop's device."""
    done("find", "add", "TM-62M", workspace=base / laptop)
    written = done("bundle", "export", "--to", base / "stick", workspace=base / laptop)
    assert run("bundle", "import", written["file"], workspace=base / "hq").code == code
    return str(done("bundle", "inspect", written["file"], workspace=base / "hq")["manifest"]["sender"]["device"])


def test_a_seat_is_invited_joins_and_exchanges_by_bundles(base: Path) -> None:
    assert run("hq", "invite", "--to", base, workspace=base / "hq").code == 2
    invited = done("hq", "invite", "--seat", "--name", "officer 2", "--to", base, workspace=base / "hq")
    assert (invited["seat"], invited["team"], invited["file"]) == (True, None, str(base / "hq.fieldinvite"))
    made = done("init", base / "seat", "--invitation", invited["file"], "--name", "Leyla", "--key-file")
    assert (made["role"], made["team"]) == ("hq", "hq")
    first = done("bundle", "export", "--to", base / "stick", workspace=base / "seat")
    assert first["audience"] == "hq"
    done("bundle", "import", first["file"], workspace=base / "hq")
    back = done("bundle", "export", "--for", "seats", "--to", base / "stick", workspace=base / "hq")
    done("bundle", "import", back["file"], workspace=base / "seat")
    assert len(done("find", "list", workspace=base / "seat")["records"]) == 1
    hashes = {done("check", workspace=base / where)["state_hash"] for where in ("hq", "seat")}
    assert len(hashes) == 1
    refused = run("bundle", "export", "--for", "team", "--team", "t7", "--to", base / "stick", "--json",
                  workspace=base / "seat")
    assert (refused.code, refused.json["error"]["code"]) == (1, "only_root")


def test_the_second_use_of_an_invitation_is_listed_until_an_officer_accepts_it(base: Path) -> None:
    done("init", base / "two", "--invitation", base / "t7.fieldinvite", "--name", "Samir", "--key-file")
    device = sent(base, "two")
    (waiting,) = [d for d in done("hq", "devices", workspace=base / "hq")["devices"] if d["state"] == "waiting"]
    assert (waiting["device"], waiting["teams"], waiting["invitation"]) == (device, ["t7"], "laptop 1")
    assert (waiting["entries"], waiting["copies"], waiting["decided"]) == (1, 0, None)
    assert "waits for your decision" in run("hq", "devices", workspace=base / "hq").out
    assert len(done("find", "list", workspace=base / "hq")["records"]) == 1
    done("hq", "refuse", device, "--why", "not ours", workspace=base / "hq")
    (refused,) = [d for d in done("hq", "devices", workspace=base / "hq")["devices"] if d["state"] == "refused"]
    assert refused["decided"]["why"] == "not ours"
    assert len(done("hq", "quarantine", workspace=base / "hq")["quarantined"]) == 1
    done("hq", "accept", device, "--team", "t7", "--why", "the spare laptop", workspace=base / "hq")
    states = [d["state"] for d in done("hq", "devices", workspace=base / "hq")["devices"]]
    assert states == ["enrolled"] * 3
    assert len(done("find", "list", workspace=base / "hq")["records"]) == 2


def test_accepting_needs_a_known_newcomer_and_a_reason(base: Path) -> None:
    none = run("hq", "accept", "a" * 20, "--team", "t7", "--why", "x", "--json", workspace=base / "hq")
    assert (none.code, none.json["error"]["code"]) == (1, "record_missing")
    assert run("hq", "refuse", "a" * 20, "--why", " ", "--json", workspace=base / "hq").json["error"]["code"] == (
        "reason_needed"
    )
