"""The receiver's log: sealed, by day, whole, and never in the way of the positions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import finds, joining, receiver_log, receiver_time
from fieldapp.operations.receiver_errors import LogFileThere, NothingLogged
from fieldapp.operations.receiver_log import PIECE_BYTES, PIECE_S, SealedLog
from fieldapp.operations.receiving import Receiving
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import coverage
from tests.builders_gnss import ScriptedSource, moment, until

RX210 = (Path(__file__).parents[1] / "gnss" / "data" / "rx210.log").read_bytes()
DAY = date(2026, 11, 22)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    clock = SetClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
    with joining.start_alone(tmp_path / "laptop", "Aysel", use_keyring=False, clock=clock) as made:
        yield made


def pass_time(ws: Workspace, seconds: float) -> None:
    assert isinstance(ws.clock, SetClock)
    ws.clock.pass_time(seconds)


def test_what_was_sent_comes_out_whole_and_was_never_readable_on_the_disk(ws: Workspace, tmp_path: Path) -> None:
    log = receiver_log.log_of(ws)
    for at in range(0, len(RX210), 100):
        log.write(RX210[at : at + 100])
        pass_time(ws, 12)
    log.close()
    (logged,) = receiver_log.days(ws)
    assert (logged.day, logged.pieces) == ("2026-11-22", 4)
    for path in ws.gnss.iterdir():
        assert path.read_bytes().startswith(b"age-encryption.org/v1")
    assert receiver_log.write_out(ws, DAY, tmp_path / "out.log") == 0
    assert (tmp_path / "out.log").read_bytes() == RX210


def test_a_piece_is_sealed_after_five_minutes_and_after_a_megabyte(ws: Workspace) -> None:
    log = receiver_log.log_of(ws)
    log.write(b"$GPGGA\r\n")
    assert not receiver_log.days(ws)
    pass_time(ws, PIECE_S)
    log.write(b"$GPGGA\r\n")
    assert receiver_log.days(ws)[0].pieces == 1
    log.write(b"x" * PIECE_BYTES)
    assert receiver_log.days(ws)[0].pieces == 2


def test_each_day_has_its_own(ws: Workspace) -> None:
    log = receiver_log.log_of(ws)
    for _ in range(3):
        log.write(RX210)
        log.close()
        pass_time(ws, 86_400)
    assert [logged.day for logged in receiver_log.days(ws)] == ["2026-11-22", "2026-11-23", "2026-11-24"]


def test_the_oldest_pieces_go_when_all_are_too_large(ws: Workspace) -> None:
    log = SealedLog(ws.gnss, ws.keys.recipient, ws.clock, most_bytes=20_000)
    for _ in range(12):
        log.write(os.urandom(4_000))
        log.close()
        pass_time(ws, 1)
    names = sorted(path.name for path in ws.gnss.iterdir())
    assert 3 <= len(names) <= 5
    assert names[-1].startswith("2026-11-22_100011")
    assert sum(path.stat().st_size for path in ws.gnss.iterdir()) <= 20_000


def test_a_damaged_piece_is_left_out_and_counted(ws: Workspace, tmp_path: Path) -> None:
    log = receiver_log.log_of(ws)
    for _ in range(3):
        log.write(RX210)
        log.close()
    middle = sorted(ws.gnss.iterdir())[1]
    middle.write_bytes(middle.read_bytes()[:-9])
    assert receiver_log.write_out(ws, DAY, tmp_path / "out.log") == 1
    assert (tmp_path / "out.log").read_bytes() == RX210 * 2


def test_no_file_is_overwritten_and_a_day_without_a_log_is_said(ws: Workspace, tmp_path: Path) -> None:
    log = receiver_log.log_of(ws)
    log.write(RX210)
    log.close()
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(LogFileThere):
        receiver_log.write_out(ws, DAY, tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "mine"
    with pytest.raises(NothingLogged):
        receiver_log.write_out(ws, date(2020, 1, 1), tmp_path / "none.log")
    assert not (tmp_path / "none.log").exists()


def test_a_disk_that_refuses_is_said_and_stops_no_position(ws: Workspace) -> None:
    receiving = Receiving(ws.clock, log=receiver_log.log_of(ws))
    source = ScriptedSource()
    ws.gnss.rmdir()
    receiving.start(source)
    for at in range(6):
        source.say(moment(at))
    until(lambda: receiving.state().status == "live")
    pass_time(ws, PIECE_S)
    for at in range(6):
        source.say(moment(300 + at))
    until(lambda: receiving.state().log_failed)
    until(lambda: receiving.state().status == "live")
    ws.gnss.mkdir()
    receiving.stop()
    assert receiver_log.days(ws)[0].pieces == 1


def test_a_recorded_log_is_not_logged_again(ws: Workspace) -> None:
    receiving = Receiving(ws.clock, log=receiver_log.log_of(ws))
    source = ScriptedSource()
    source.replayed = True
    receiving.start(source)
    source.say(moment(1), moment(2))
    source.end()
    assert receiving.wait(20)
    receiving.stop()
    assert not receiver_log.days(ws)


@pytest.mark.parametrize(("replayed", "doubted"), [(False, True), (True, False)])
def test_a_clock_behind_the_receivers_time_is_in_doubt_from_then_on(
    ws: Workspace, replayed: bool, doubted: bool
) -> None:
    assert isinstance(ws.clock, SetClock)
    ws.clock.set(datetime(2025, 1, 1, tzinfo=UTC))
    source = ScriptedSource()
    source.replayed = replayed
    cycles: list[object] = []
    receiving = Receiving(ws.clock, on_cycle=cycles.append)
    receiving.start(source)
    source.say(moment(36_000))
    for at in range(1, 15):
        pass_time(ws, 1)
        source.say(moment(36_000 + at))
        heard = at
        until(lambda: len(cycles) >= heard)  # noqa: B023 - it is waited for here
    captured = receiving.capture()
    receiving.stop()
    assert receiver_time.note(ws, captured) is doubted
    finds.add_find(ws, {"category": "uxo"})
    assert (len(coverage.doubtful(ws.store)) == 1) is doubted
