from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.errors import OperatorError
from fieldapp.operations.errors import RecordMissing
from fieldapp.texts import Texts
from ui import crash
from ui.background import Background, Cancelled, Op, Report


@pytest.fixture
def background(app: QApplication) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def test_results_come_back_on_the_windows_thread(qtbot: QtBot, background: Background) -> None:
    seen: list[tuple[str, threading.Thread]] = []
    names: list[str] = []

    def op(report: Report, _stop: Cancelled) -> int:
        names.append(threading.current_thread().name)
        report("Write", 1, 2)
        return 42

    background.run(
        op,
        lambda result: seen.append((str(result), threading.current_thread())),
        None,
        lambda step, done, total: seen.append((f"{step} {done}/{total}", threading.current_thread())),
    )
    qtbot.waitUntil(lambda: not background.is_busy())
    assert [text for text, _ in seen] == ["Write 1/2", "42"]
    assert {thread for _, thread in seen} == {threading.main_thread()}
    assert names[0].startswith("workspace")


def test_work_is_done_one_piece_after_the_other_in_one_thread(qtbot: QtBot, background: Background) -> None:
    order: list[tuple[int, int]] = []

    def numbered(number: int) -> Op[None]:
        return lambda _report, _stop: order.append((number, threading.get_ident()))

    for number in range(20):
        background.run(numbered(number))
    qtbot.waitUntil(lambda: not background.is_busy())
    assert [number for number, _ in order] == list(range(20))
    assert len({thread for _, thread in order}) == 1


def test_an_operator_error_goes_to_its_handler_with_three_parts(qtbot: QtBot, background: Background) -> None:
    errors: list[OperatorError] = []

    def op(_report: Report, _stop: Cancelled) -> None:
        raise RecordMissing(name="QKD-0001")

    background.run(op, None, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].parts(Texts())[0] == "There is no record QKD-0001 on this computer."


def test_any_other_error_takes_the_crash_path(
    qtbot: QtBot, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[BaseException] = []

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        caught.append(error)

    def op(_report: Report, _stop: Cancelled) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys, "excepthook", hook)
    background.run(op)
    qtbot.waitUntil(lambda: not background.is_busy())
    assert [type(error) for error in caught] == [ZeroDivisionError]


def test_cancel_reaches_the_work(qtbot: QtBot, background: Background) -> None:
    begun = threading.Event()
    ended: list[str] = []

    def op(_report: Report, stop: Cancelled) -> str:
        begun.set()
        while not stop():
            begun.wait(0.001)
        return "stopped"

    running = background.run(op, ended.append)
    begun.wait()
    running.cancel()
    qtbot.waitUntil(lambda: ended == ["stopped"])


def test_the_log_of_a_crash_holds_no_values(tmp_path: Path) -> None:
    def fail(position: str) -> None:
        raise ValueError(f"R. Sadigov at {position}")

    with pytest.raises(ValueError, match="Sadigov") as caught:
        fail("39.986906 46.929061")
    log = crash.write_log(caught.value, tmp_path, "2026-11-15T14:22:08Z")
    assert log is not None
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert "test_background.py" in text
    assert not [word for word in ("Sadigov", "39.98", "46.92") if word in text]


def test_a_folder_that_takes_no_log_does_not_stop_the_crash_window(app: QApplication, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert crash.write_log(ValueError(), blocked / "log", "2026-11-15T14:22:08Z") is None
    assert not crash.CrashWindow(Texts(), None).button.isHidden()
