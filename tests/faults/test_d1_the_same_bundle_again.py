"""D1: the same bundle twice, 100 times, or at once in two processes: the second is nothing new, counts are equal."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from fieldapp.operations import export, imports, lookup
from fieldapp.operations.errors import WorkspaceInUse
from fieldapp.storage import ledger
from tests.builders import a_find, a_plot, deployment
from tests.builders_faults import everything_derived
from tests.faults.running import ROOT

HOLD = """
import sys
from pathlib import Path
from fieldapp.operations import imports
from fieldapp.operations.workspace import open_workspace
with open_workspace(Path(sys.argv[1])) as ws:
    print("open", flush=True)
    sys.stdin.readline()
    print(imports.import_file(ws, Path(sys.argv[2])).status, flush=True)
"""


def test_d1_the_second_import_is_nothing_new(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_find(there.laptops["laptop"])
        a_plot(there.laptops["laptop"])
        bundle = export.export_for_hq(there.laptops["laptop"], there.stick).path
        first = imports.import_file(there.hq, bundle)
        assert (first.status, first.new, first.known) == ("imported", 2, 0)
        before = everything_derived(there.hq.store)
        again = imports.import_file(there.hq, bundle)
        assert (again.status, again.new, again.known, again.differ, again.quarantined) == ("known", 0, 2, 0, 0)
        assert everything_derived(there.hq.store) == before


def test_d1_a_hundred_times_changes_nothing_and_is_noted_once(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_find(there.laptops["laptop"])
        bundle = export.export_for_hq(there.laptops["laptop"], there.stick).path
        renamed = bundle.with_name("other.fieldbundle")
        renamed.write_bytes(bundle.read_bytes())
        imports.import_file(there.hq, bundle)
        before = everything_derived(there.hq.store)
        outcomes = imports.import_files(there.hq, [bundle, renamed] * 50)
        assert {(one.status, one.new, one.known) for one in outcomes} == {("known", 0, 1)}
        assert everything_derived(there.hq.store) == before
        assert len(ledger.bundles(there.hq.store, "in")) == 1
        assert len(lookup.rows(there.hq, "find")) == 1


def command_line(workspace: Path, bundle: Path, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "fieldapp", "--workspace", str(workspace), "bundle", "import", str(bundle)]
    pipe = subprocess.PIPE
    return subprocess.Popen([*command, "--json", *more], cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def said(process: "subprocess.Popen[str]") -> tuple[int, Any]:
    out, errors = process.communicate(timeout=60)
    assert "locked" not in out + errors
    return process.returncode, json.loads(out)


def test_d1_the_second_process_is_told_that_the_workspace_is_in_use(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        there.exchange(there.laptops["laptop"])
        a_find(there.laptops["laptop"])
        bundle = export.export_for_hq(there.laptops["laptop"], there.stick).path
    arguments = [sys.executable, "-c", HOLD, str(tmp_path / "hq"), str(bundle)]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        code, document = said(command_line(tmp_path / "hq", bundle, "--wait", "0"))
        assert code == 1
        assert document["error"]["code"] == WorkspaceInUse.code
        assert document["error"]["message"].endswith(f"({first.pid}).")
        assert first.communicate("go\n", timeout=60)[0] == "imported\n"
    code, document = said(command_line(tmp_path / "hq", bundle))
    assert (code, [one["status"] for one in document["bundles"]]) == (0, ["known"])


def test_d1_of_processes_started_at_once_exactly_one_imports(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        there.exchange(there.laptops["laptop"])
        a_find(there.laptops["laptop"])
        bundle = export.export_for_hq(there.laptops["laptop"], there.stick).path
    results = [said(process) for process in [command_line(tmp_path / "hq", bundle) for _ in range(2)]]
    words = [
        document["error"]["code"] if "error" in document else document["bundles"][0]["status"]
        for _, document in results
    ]
    assert words.count("imported") == 1
    assert set(words) <= {"imported", "known", WorkspaceInUse.code}
