"""Several imports at once take their turns; a watched folder by commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from fieldapp.operations import export
from fieldapp.operations.workspace import open_workspace
from tests.builders import a_find, deployment
from tests.cli.runner import done, run

ROOT = Path(__file__).parents[2]


def test_three_processes_that_import_at_once_all_succeed(tmp_path: Path) -> None:
    bundles = []
    with deployment(tmp_path, "one", "two", "three") as there:
        for laptop in there.laptops.values():
            there.exchange(laptop)
            a_find(laptop)
            bundles.append(export.export_for_hq(laptop, there.stick).path)
    command = [sys.executable, "-m", "fieldapp", "--workspace", str(tmp_path / "hq"), "bundle", "import", "--json"]
    started = [
        subprocess.Popen([*command, *map(str, bundles)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    states = sorted(one["status"] for out, _ in said for one in json.loads(out)["bundles"])
    assert states == ["imported"] * 3 + ["known"] * 6
    assert len(done("find", "list", workspace=tmp_path / "hq")["records"]) == 3


def test_without_waiting_the_sentence_names_the_program_that_has_the_workspace(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        there.exchange(there.laptops["one"])
        ran = run("bundle", "import", there.stick, "--wait", "0", "--json", workspace=tmp_path / "hq")
        assert ran.code == 1
        assert ran.json["error"]["code"] == "workspace_in_use"
        name = (tmp_path / "hq" / "workspace.user").read_text().strip()
        assert name in ran.json["error"]["message"]
        waited = run("bundle", "import", there.stick, "--wait", "0.3", workspace=tmp_path / "hq")
        assert waited.code == 1
        assert name in waited.err.splitlines()[0]
    assert not (tmp_path / "hq" / "workspace.user").exists()
    open_workspace(tmp_path / "hq").close()


def test_watch_once_takes_in_what_is_complete_and_names_what_is_not(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        there.exchange(there.laptops["one"])
        for path in there.stick.glob("*.fieldbundle"):
            path.unlink()
        a_find(there.laptops["one"])
        path = export.export_for_hq(there.laptops["one"], there.stick).path
        (there.stick / "half.fieldbundle").write_bytes(path.read_bytes()[:700])
    watched = done("bundle", "watch", tmp_path / "stick", "--once", "--every", "0.1", workspace=tmp_path / "hq")
    assert [(one["file"], one["status"]) for one in watched["bundles"]] == [(path.name, "imported")]
    assert watched["waiting"] == ["half.fieldbundle"]
    again = done("bundle", "watch", tmp_path / "stick", "--once", "--every", "0.1", workspace=tmp_path / "hq")
    assert again["bundles"] == []
    assert done("bundle", "refused", workspace=tmp_path / "hq")["refused"] == []
    gone = run("bundle", "watch", tmp_path / "gone", "--once", "--json", workspace=tmp_path / "hq")
    assert (gone.code, gone.json["error"]["code"]) == (1, "stick_gone")
