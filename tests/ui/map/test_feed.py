"""What is saved or corrected is on the map at once, what the filter leaves out is not, and pixels show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from fieldapp.domain.symbols import CIRCLE, SHAPES
from fieldapp.operations import map_data, records
from fieldapp.operations.map_data import FindColumns
from fieldapp.texts import Texts
from tests.builders import a_find
from ui.map import feed
from ui.map.canvas import MapCanvas
from ui.map.feed import FindsFeed
from ui.map.view import View
from ui.session import Session

HERE, THERE = (40.0, 47.0), (40.0, 47.002)


@dataclass(frozen=True)
class After:
    """A filter: found from a day on."""

    day: int
    everything: bool = False

    def of(self, columns: FindColumns) -> NDArray[np.bool_]:
        return np.asarray(columns.day >= self.day)


class Shown:
    """A map over a session's finds."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        self.feed = FindsFeed(session)
        self.canvas = MapCanvas(Texts("en"))
        qtbot.addWidget(self.canvas)
        self.canvas.resize(500, 400)
        self.canvas.furniture.graticule = False
        self.canvas.set_layers([self.feed.layer])
        self.canvas.show_view(View.at(*HERE, 16, 500, 400))

    def after(self, work: Callable[[], object]) -> None:
        with self.qtbot.waitSignal(self.feed.changed, timeout=20_000):
            work()

    def save(self, position: tuple[float, float], **fields: object) -> None:
        typed = f"{position[0]} {position[1]}"
        self.after(lambda: self.session.do(lambda ws: a_find(ws, position=typed, **fields)))

    def symbol_at(self, position: tuple[float, float]) -> bool:
        """Is anything but bare ground at a place?"""
        image: QImage = self.canvas.grab().toImage()
        x, y = (round(at) for at in self.canvas.view.pixel(*position))
        return image.pixel(x, y) != image.pixel(5, 200)

    def numbers(self) -> list[int]:
        grid, newer = self.feed.layer.grid, self.feed.layer.newer
        return sorted(n for each in (grid.points if grid else None, newer) if each for n in each.number.tolist())


@pytest.fixture
def shown(session: Session, qtbot: QtBot) -> Shown:
    return Shown(session, qtbot)


def test_a_find_that_is_saved_stands_on_the_map_at_once_and_beside_the_index(shown: Shown) -> None:
    shown.after(shown.feed.refresh)
    assert not shown.symbol_at(HERE)
    shown.save(HERE)
    assert shown.symbol_at(HERE)
    assert (shown.feed.total, shown.feed.drawn, len(shown.feed.layer.grid or ())) == (1, 1, 0)
    shown.save(THERE)
    assert (shown.numbers(), len(shown.feed.layer.newer or ())) == ([1, 2], 2)


def test_a_find_that_is_corrected_or_retracted_leaves_its_place(shown: Shown) -> None:
    shown.after(shown.feed.refresh)
    shown.save(HERE)
    found: list[str] = []
    shown.session.ask(lambda ws: str(map_data.find_at(ws, 1)), found.append)
    shown.qtbot.waitUntil(lambda: bool(found))
    shown.after(lambda: shown.session.do(
        lambda ws: records.correct(ws, found[0], {"lat": str(THERE[0]), "lon": str(THERE[1])}, "mistyped")))
    assert (shown.symbol_at(HERE), shown.symbol_at(THERE)) == (False, True)
    shown.after(lambda: shown.session.do(lambda ws: records.retract(ws, found[0], "entered twice")))
    assert (shown.symbol_at(THERE), shown.feed.total, shown.numbers()) == (False, 0, [])


def test_many_new_finds_go_into_the_index(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MANY", 1)
    shown.after(shown.feed.refresh)
    shown.save(HERE)
    assert len(shown.feed.layer.grid or ()) == 0
    shown.save(THERE)
    assert (len(shown.feed.layer.grid or ()), shown.feed.layer.newer) == (2, None)


def test_a_filter_leaves_out_old_and_new_ones_without_reading_the_database(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.session.do(lambda ws: a_find(ws, position="40.0 47.0", found_on="2026-11-01"))
    shown.after(shown.feed.refresh)
    shown.save(THERE, found_on="2026-11-10")
    assert shown.numbers() == [1, 2]
    with monkeypatch.context() as patch:
        patch.setattr(map_data, "find_points", None)
        patch.setattr(map_data, "newer", None)
        shown.after(lambda: shown.feed.want(After(date(2026, 11, 5).toordinal())))
    assert shown.numbers() == [2]
    assert (shown.symbol_at(HERE), shown.symbol_at(THERE)) == (False, True)
    shown.save(HERE, found_on="2026-11-02")
    assert (shown.numbers(), shown.feed.drawn, shown.feed.total) == ([2], 1, 3)


def test_other_lists_make_every_point_anew_and_alike_ones_none(shown: Shown) -> None:
    shown.after(shown.feed.refresh)
    shown.save(HERE)
    before = shown.feed.columns
    shown.session.lists = replace(shown.session.lists)
    shown.feed.refresh()
    shown.qtbot.waitUntil(lambda: not shown.session.background.is_busy())
    assert shown.feed.columns is before
    shown.session.lists = replace(shown.session.lists, models={})
    shown.after(shown.feed.refresh)
    assert (shown.feed.columns is not before, shown.numbers(), len(shown.feed.layer.grid or ())) == (True, [1], 1)


def test_a_map_that_was_never_opened_reads_nothing(session: Session, qtbot: QtBot) -> None:
    shown = Shown(session, qtbot)
    with qtbot.waitSignal(session.changed):
        session.do(lambda ws: a_find(ws, position="40.0 47.0"))
    qtbot.waitUntil(lambda: not session.background.is_busy())
    assert (shown.feed.columns, shown.feed.box()) == (None, None)
    shown.after(shown.feed.refresh)
    assert shown.feed.columns is not None
    assert [SHAPES[place][0] for place in shown.feed.columns.shape] == [CIRCLE]
    box = shown.feed.box()
    assert box is not None
    assert box.west == box.east == pytest.approx(47 / 360 + 0.5)
