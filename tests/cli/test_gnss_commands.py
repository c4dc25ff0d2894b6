"""``fieldapp gnss`` as scripts use it."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

from fieldapp.gnss import ports
from fieldapp.operations import receiver_log
from fieldapp.operations.workspace import open_workspace
from tests.builders_gnss import moment
from tests.cli.runner import done, run
from tests.terminals import open_terminal

DATA = Path(__file__).parents[1] / "gnss" / "data"


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    """A workspace that commands made."""
    done("init", tmp_path / "laptop", "--name", "Aysel", "--key-file")
    return tmp_path / "laptop"


def lines(*words: object, workspace: Path | None = None) -> list[dict[str, object]]:
    """The JSON lines of ``fieldapp gnss watch WORDS``."""
    ran = run("gnss", "watch", *words, "--json", workspace=workspace)
    assert ran.code == 0, (ran.out, ran.err)
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_replay_prints_a_line_for_each_moment_and_the_average_last() -> None:
    said = lines("--replay", DATA / "rx210.log", "--pace", "0", "--average", "30")
    assert {"status", "lat", "lon", "age_s", "accuracy_m", "fix_type", "satellites", "hdop", "gnss_time", "datum",
            "datum_operation", "refusals", "average", "warnings", "sentence", "source"} == set(said[0])  # fmt: skip
    assert [one["status"] for one in said[:-1]].count("no_fix") == 21
    last = said[-1]["captured"]
    assert isinstance(last, dict)
    assert (last["fixed_by"], last["accuracy_basis"]) == ("average", "spread")
    assert float(last["lat"]) == pytest.approx(50.0023, abs=0.0001)


def test_people_are_told_in_words() -> None:
    ran = run("gnss", "watch", "--replay", DATA / "haicom-305N.log", "--pace", "0", "--lang", "az")
    assert ran.code == 0
    assert "Hələ fiksasiya yoxdur" in ran.out
    assert "Zəif fiksasiya: peyk azdır" in ran.out
    assert "-27.2106733 153.0520000  Canlı ölçmə" in ran.out


def test_an_average_that_was_not_reached_is_an_error_of_the_operator(tmp_path: Path) -> None:
    (tmp_path / "short.log").write_bytes(b"".join(moment(at) for at in range(5)))
    ran = run("gnss", "watch", "--replay", tmp_path / "short.log", "--pace", "0", "--average", "50", "--json")
    assert ran.code == 1
    assert json.loads(ran.out.splitlines()[-1])["error"]["code"] == "average_too_short"


def test_a_receiver_declared_to_be_in_sk42_is_converted(tmp_path: Path) -> None:
    (tmp_path / "sk42.log").write_bytes(b"".join(moment(at, 39.991187, 46.931196) for at in range(8)))
    said = lines("--replay", tmp_path / "sk42.log", "--pace", "0", "--declared", "sk42")
    assert (said[-1]["datum"], said[-1]["datum_operation"]) == ("S42", "EPSG:15865")
    assert (said[-1]["lat"], said[-1]["lon"]) == (pytest.approx(39.9911, abs=1e-6), pytest.approx(46.93, abs=1e-6))


@pytest.mark.parametrize(
    "words",
    [
        ("--port", "COM1", "--gpsd", "localhost"), ("--gpsd", "localhost:gps"), ("--replay", "none.log"),
        ("--pace", "-1"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_usage(words: tuple[str, ...]) -> None:
    assert run("gnss", "watch", *words).code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_port_is_watched_with_the_workspaces_log_and_taken_out_to_be_replayed(laptop: Path, tmp_path: Path) -> None:
    ours, theirs = open_terminal()
    import tty

    tty.setraw(theirs)
    stopped = Event()

    def talk() -> None:
        seconds = 0
        while not stopped.wait(0.02):
            seconds += 1
            os.write(ours, moment(seconds))

    talking = Thread(target=talk, daemon=True)
    talking.start()
    said = lines("--port", os.ttyname(theirs), "--speed", "9600", "--average", "6", "--log", workspace=laptop)
    stopped.set()
    talking.join()
    os.close(ours)
    os.close(theirs)
    assert "captured" in said[-1]
    (logged,) = done("gnss", "log", workspace=laptop)["days"]
    written = tmp_path / "day.log"
    assert done("gnss", "log", logged["day"], "--to", written, workspace=laptop)["damaged"] == 0
    replayed = lines("--replay", written, "--pace", "0")
    assert sum(one["status"] == "live" for one in replayed) >= 6


def test_a_log_is_asked_for_by_day_and_file(laptop: Path, tmp_path: Path) -> None:
    assert done("gnss", "log", workspace=laptop) == {"days": []}
    assert run("gnss", "log", "2026-11-22", workspace=laptop).code == 2
    assert run("gnss", "log", "yesterday", "--to", tmp_path / "x", workspace=laptop).code == 2
    ran = run("gnss", "log", "2026-11-22", "--to", tmp_path / "x", "--json", workspace=laptop)
    assert (ran.code, ran.json["error"]["code"]) == (1, "nothing_logged")
    with open_workspace(laptop) as ws:
        log = receiver_log.log_of(ws)
        log.write(moment(1))
        log.close()
        day = receiver_log.days(ws)[0].day
    assert date.fromisoformat(day).isoformat() == day
    assert "KB" in run("gnss", "log", workspace=laptop).out


def test_ports_are_listed_and_the_receiver_among_them_named(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [ports.Port("COM3", "Modem"), ports.Port("COM5", "u-blox GNSS")]
    command = sys.modules["fieldapp.cli.gnss"]  # the package's name of it is the group
    monkeypatch.setattr(command, "ports", lambda: listed)
    monkeypatch.setattr(command, "find_port", lambda *_, tell: ports.Found("COM5", 9600))
    assert done("gnss", "ports")["ports"] == [
        {"port": "COM3", "description": "Modem"}, {"port": "COM5", "description": "u-blox GNSS"}
    ]  # fmt: skip
    assert done("gnss", "ports", "--find")["found"] == {"port": "COM5", "speed": 9600}
    assert "A receiver is on COM5 at 9600 bits a second." in run("gnss", "ports", "--find").out
