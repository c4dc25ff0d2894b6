"""The shapes that scripts rely on (design, section 6), and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from fieldapp.cli import main
from fieldapp.domain.registry import KINDS
from tests.cli.runner import done, run

VECTORS = Path(__file__).parent.parent / "oracle" / "vectors.json"


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """A headquarters and a laptop of team t7 that were set up by commands; returns their folder."""
    done("init", tmp_path / "hq", "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt",
         "--key-file")
    done("hq", "invite", "--team", "t7", "--name", "laptop 1", "--to", tmp_path, workspace=tmp_path / "hq")
    done("init", tmp_path / "t7", "--invitation", tmp_path / "t7.fieldinvite", "--name", "Rəşad", "--key-file")
    (tmp_path / "stick").mkdir()
    return tmp_path


def test_add_prints_the_record_with_id_and_local_id(chain: Path) -> None:
    shown = done("find", "add", "pmn2", "--at", "39.9899 46.8988", "--depth-cm", 5, workspace=chain / "t7")
    assert shown["id"]
    assert shown["local_id"]
    assert (shown["category"], shown["lat"], shown["depth_cm"]) == ("ap_mine", 39.9899, 5)
    listed = done("find", "list", workspace=chain / "t7")["records"]
    assert set(listed[0]) >= {field.name for field in KINDS["find"].fields}
    assert listed[0]["local_id"] == shown["local_id"]
    assert listed[0]["where"] == "here"


def test_import_says_for_each_bundle_what_it_brought_and_exits_1_when_one_was_refused(chain: Path) -> None:
    done("find", "add", "TM-62M", workspace=chain / "t7")
    file = Path(done("bundle", "export", "--to", chain / "stick", workspace=chain / "t7")["file"])
    preview = done("bundle", "import", file, "--dry-run", workspace=chain / "hq")
    first = done("bundle", "import", file, workspace=chain / "hq")["bundles"][0]
    assert set(first) >= {"file", "status", "new", "known", "differ", "quarantined", "pending", "reason"}
    assert (first["status"], first["new"]) == ("imported", 1) == (preview["bundles"][0]["status"], 1)
    (chain / "bad.fieldbundle").write_bytes(file.read_bytes()[:-1])
    ran = run("bundle", "import", file, chain / "bad.fieldbundle", "--json", workspace=chain / "hq")
    assert ran.code == 1
    assert [bundle["status"] for bundle in ran.json["bundles"]] == ["known", "refused"]
    assert ran.json["bundles"][1]["reason"]
    assert (chain / "bad.fieldbundle").exists()


def test_receipts_come_back_through_commands(chain: Path) -> None:
    done("find", "add", "TM-62M", workspace=chain / "t7")
    done("bundle", "export", "--to", chain / "stick", workspace=chain / "t7")
    done("bundle", "import", chain / "stick", workspace=chain / "hq")
    done("review", "approve", "--all", "--by", "Officer", workspace=chain / "hq")
    back = done("bundle", "export", "--team", "t7", "--to", chain / "stick", workspace=chain / "hq")
    done("bundle", "import", back["file"], workspace=chain / "t7")
    assert done("bundle", "status", workspace=chain / "t7")["hq"] == 1
    assert [d["role"] for d in done("hq", "devices", workspace=chain / "hq")["devices"]].count("field") == 1


def test_a_team_exchanges_through_commands(chain: Path) -> None:
    second = chain / "two.fieldinvite"
    done("hq", "invite", "--team", "t7", "--name", "laptop 2", "--to", second, workspace=chain / "hq")
    done("init", chain / "two", "--invitation", second, "--name", "Aysel", "--key-file")
    for laptop in ("t7", "two"):
        done("bundle", "export", "--to", chain / "stick", workspace=chain / laptop)
    done("bundle", "import", chain / "stick", workspace=chain / "hq")
    back = done("bundle", "export", "--team", "t7", "--to", chain / "stick", workspace=chain / "hq")
    for laptop in ("t7", "two"):
        done("bundle", "import", back["file"], workspace=chain / laptop)
    done("find", "add", "TM-62M", workspace=chain / "two")
    passed = done("bundle", "export", "--for", "team", "--to", chain / "stick", workspace=chain / "two")
    assert passed["audience"] == "team/t7"
    assert done("bundle", "import", passed["file"], workspace=chain / "t7")["bundles"][0]["new"] == 1
    assert done("bundle", "status", workspace=chain / "two")["stick"] == 1


def test_history_tells_old_and_new_value_who_and_why(chain: Path) -> None:
    number = done("find", "add", "TM-62M", workspace=chain / "t7")["local_id"]
    done("find", "correct", number, "--model-typed", "PMN-2", "--why", "misread the marking", workspace=chain / "t7")
    history = done("find", "history", number, workspace=chain / "t7")["history"]
    change = next(c for c in history[1]["changes"] if c["group"] == "what")
    assert change["before"][0]["model"] == "tm-62m"
    assert change["after"]["model"] == "pmn-2"
    assert (history[1]["by"], history[1]["why"]) == ("Rəşad", "misread the marking")


def test_an_error_is_one_document_with_code_message_kept_and_do(chain: Path) -> None:
    ran = run("find", "show", "NOT-0001-A", "--json", workspace=chain / "t7")
    assert ran.code == 1
    assert set(ran.json["error"]) == {"code", "message", "kept", "do"}
    assert ran.json["error"]["code"] == "record_missing"


def test_a_wrong_call_is_usage(chain: Path) -> None:
    assert run("find", "add", "--no-such-option", workspace=chain / "t7").code == 2
    assert run("bundle", "export", workspace=chain / "t7").code == 2


def test_check_says_ok_with_the_state_hash(chain: Path) -> None:
    done("find", "add", "TM-62M", workspace=chain / "t7")
    checked = done("check", "--read-data", workspace=chain / "t7")
    assert checked["ok"] is True
    assert checked["problems"] == []
    assert len(checked["state_hash"]) == 64


def test_debug_merge_returns_exactly_what_the_reference_model_returns() -> None:
    results = done("debug", "merge", VECTORS)["vectors"]
    for vector, result in zip(json.loads(VECTORS.read_text("utf-8")), results, strict=True):
        assert result == {"name": vector["name"], "result": vector["expected"]}


def test_weekly_report_has_the_documented_shape(chain: Path) -> None:
    done("find", "add", "TM-62M", workspace=chain / "t7")
    report = done("report", "weekly", "--from", "2024-07-29", "--to", "2024-08-04", workspace=chain / "t7")
    assert report["period"] == {"from": "2024-07-29", "to": "2024-08-04"}
    for line in ("ap_mine", "at_mine", "uxo"):
        assert set(report["totals"][line]) >= {"found", "neutralised", "outstanding"}
    assert set(report["totals"]["released_ha"]) >= {"cleared", "reduced", "cancelled", "bac"}
    assert set(report["completeness"]) >= {
        "teams_expected", "teams_reported", "gaps", "unsigned", "waiting_approval", "conflicts",
    }
    assert {"districts", "operators", "other_lines"} <= set(report)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command with its path of names."""
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in group.commands.items():
        here = (*path, name)
        found += commands(command, here) if isinstance(command, click.Group) else [(here, command)]
    return found


@pytest.mark.parametrize(("path", "command"), commands(main), ids=str)
def test_every_command_has_help_and_json(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help, path
    assert "--json" in {option for parameter in command.params for option in parameter.opts}, path
