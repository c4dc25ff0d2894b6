"""What only a cycle kept is destroyed on the window's thread, however much another thread allocates."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui.collecting import Collecting


class Ring:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collecting(qtbot: QtBot) -> Iterator[Collecting]:
    made = Collecting()
    yield made
    made.stop()


def test_a_cycle_is_collected_on_the_windows_thread_while_the_worker_allocates(
    qtbot: QtBot, collecting: Collecting
) -> None:
    where: list[threading.Thread] = []
    weakref.finalize(Ring(), lambda: where.append(threading.current_thread()))
    kept: list[list[int]] = []
    worker = threading.Thread(target=lambda: kept.extend([at] for at in range(50_000)))
    worker.start()
    worker.join()
    assert not where, "the worker collected"
    qtbot.waitUntil(lambda: bool(where))
    assert where == [threading.main_thread()]


def test_python_collects_again_when_the_window_is_gone(collecting: Collecting) -> None:
    assert not gc.isenabled()
    collecting.stop()
    assert gc.isenabled()
