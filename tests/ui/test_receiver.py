"""The receiver of a session: its log is kept, its time is a bound, a new datum operation is used at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fieldapp.clock import SetClock
from fieldapp.domain import settings as declared
from fieldapp.operations import headquarters, joining, receiver_log, settings
from fieldapp.operations.receiver_choice import SERIAL, Choice
from fieldapp.operations.workspace import open_workspace
from tests.builders_gnss import ScriptedSource, moment
from ui.session import Session


def _seconds(session: Session) -> float | None:
    state = session.receiver.state()
    return state.fix.day_s if state is not None and state.fix is not None else None


def test_a_session_keeps_the_log_and_takes_the_receivers_time_as_a_bound(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = ScriptedSource()
    monkeypatch.setattr("ui.receiver.source_of", lambda choice: source if choice.source == SERIAL else None)
    clock = SetClock(datetime(2025, 1, 1, 10, 0, tzinfo=UTC))
    session = Session(clock)
    session.open(joining.start_alone(tmp_path / "laptop", "Aysel", use_keyring=False, clock=clock))
    session.listen(Choice(SERIAL))
    qtbot.waitUntil(lambda: source.opened == 1)
    for at in range(16):
        clock.pass_time(1)
        source.say(moment(36_000 + at))
        qtbot.waitUntil(source.said.empty)
    source.say(moment(36_016))
    qtbot.waitUntil(lambda: _seconds(session) == 36_016)
    assert session.receiver.capture(average=False) is not None
    session.close()
    with open_workspace(tmp_path / "laptop", clock=clock) as ws:
        assert ws.meta("clock_floor") == "2026-11-22T09:50:16Z"
        (logged,) = receiver_log.days(ws)
        receiver_log.write_out(ws, datetime.fromisoformat(logged.day).date(), tmp_path / "day.log")
    assert (tmp_path / "day.log").read_bytes() == b"".join(moment(36_000 + at) for at in range(17))


def test_a_new_datum_operation_holds_for_a_receiver_that_is_listened_to(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = ScriptedSource()
    monkeypatch.setattr("ui.receiver.source_of", lambda choice: source if choice.source == SERIAL else None)
    clock = SetClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
    session = Session(clock)
    hq = headquarters.set_up(tmp_path / "hq", "Test", tmp_path / "escrow.txt", clock=clock, use_keyring=False)
    session.open(hq)
    session.listen(Choice(SERIAL))
    qtbot.waitUntil(lambda: source.opened == 1)
    with qtbot.waitSignal(session.changed):
        session.do(lambda ws: settings.change(ws, declared.DATUM_OPERATION, "EPSG:1808", "the ministry's choice"))
    qtbot.waitUntil(lambda: source.opened == 2)
    for at in range(8):
        source.say(moment(36_000 + at, 39.991187, 46.931196, datum="S42"))
    qtbot.waitUntil(lambda: session.receiver.state().operation == "EPSG:1808")  # type: ignore[union-attr]
    session.close()
