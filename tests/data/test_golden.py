"""Every golden set is read by today's program as by the one that wrote it, and nobody ever changed a byte of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.operations import enrolment, export, imports, lookup, records, verifying
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.sync.manifest import FORMAT
from tests.builders import a_find, clock
from tests.data.make_golden import held
from tests.second_reader.reader import Reading, events, opened

HERE = Path(__file__).parent
SETS = sorted(path.name for path in HERE.glob("format-*"))


@pytest.fixture(params=SETS)
def golden(request: pytest.FixtureRequest) -> Path:
    """The folder of one set."""
    return HERE / str(request.param)


@pytest.fixture
def expected(golden: Path) -> Any:
    return json.loads((golden / "expected.json").read_text(encoding="utf-8"))


def copied(golden: Path, whose: str, to: Path) -> Workspace:
    shutil.copytree(golden / whose, to / whose)
    return open_workspace(to / whose, clock=clock())


@pytest.fixture
def hq(golden: Path, tmp_path: Path) -> Iterator[Workspace]:
    with copied(golden, "hq", tmp_path) as ws:
        yield ws


@pytest.fixture
def laptop(golden: Path, tmp_path: Path) -> Iterator[Workspace]:
    with copied(golden, "laptop", tmp_path) as ws:
        yield ws


def test_there_is_a_set_of_the_present_format() -> None:
    assert f"format-{FORMAT}" in SETS


def test_no_golden_file_was_changed() -> None:
    lines = [line.split("  ", 1) for line in (HERE / "SHA256SUMS").read_text("utf-8").splitlines()]
    files = [path for name in SETS for path in (HERE / name).rglob("*") if path.is_file()]
    found = {path.relative_to(HERE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert found == {name: digest for digest, name in lines}


def test_a_workspace_of_that_time_opens_with_all_it_held(hq: Workspace, laptop: Workspace, expected: Any) -> None:
    for name, ws in (("hq", hq), ("laptop", laptop)):
        assert held(ws) == expected[name]["before"]
        assert verifying.check(ws, read_data=True).problems == []


def test_a_laptops_bundle_of_that_time_comes_in(golden: Path, hq: Workspace, expected: Any) -> None:
    outcome = imports.import_file(hq, golden / "to-hq.fieldbundle")
    assert (outcome.status, outcome.new, outcome.refused_segments) == ("imported", expected["hq"]["new"], [])
    assert held(hq) == expected["hq"]["after"]
    again = imports.import_file(hq, golden / "to-hq.fieldbundle")
    assert (again.status, again.new) == ("known", 0)
    assert verifying.check(hq, read_data=True).problems == []


def test_a_return_bundle_of_that_time_comes_in(golden: Path, laptop: Workspace, expected: Any) -> None:
    outcome = imports.import_file(laptop, golden / "to-team.fieldbundle")
    assert (outcome.status, outcome.new) == ("imported", expected["laptop"]["new"])
    assert outcome.receipts == expected["laptop"]["receipts"] > 0
    assert held(laptop) == expected["laptop"]["after"]
    mine = [name for name in expected["laptop"]["before"] if name.startswith("find/")]
    assert set(records.whereabouts(laptop, mine).values()) == {"hq"}


def test_work_goes_on_in_both(hq: Workspace, laptop: Workspace, tmp_path: Path) -> None:
    name = a_find(laptop).name
    assert imports.import_file(hq, export.export_for_hq(laptop, tmp_path).path).status == "imported"
    assert name in held(hq)
    assert imports.import_file(laptop, export.export_for_team(hq, "t7", tmp_path).path).receipts
    assert records.whereabouts(laptop, [name]) == {name: "hq"}


def test_the_second_reader_reads_the_same_events(golden: Path, hq: Workspace, laptop: Workspace) -> None:
    knows = frozenset(device.device for device in enrolment.devices(hq)) | {hq.device}
    for ws, file, audience in ((hq, "to-hq", "hq"), (laptop, "to-team", "team/t7")):
        path = golden / f"{file}.fieldbundle"
        assert ws.deployment is not None
        reading = Reading(ws.keys.receiving.text, ws.keys.recipient, audience, ws.deployment.id, knows=knows)
        read = opened(path.read_bytes(), reading)
        assert not read.refused_segments
        imports.import_file(ws, path)
        told = [event for segment in read.segments for event in events(segment)]
        assert told
        for event in told:
            assert event["id"] in lookup.events_of(ws, event["record"])
