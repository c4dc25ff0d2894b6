"""Squares are drawn once each, around any size of window, and only as long as something is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui import theme
from ui.map.squares import Squares
from ui.map.view import View


class Wall(QWidget):
    """A widget that draws squares, and counts which were asked for."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.asked: Counter[tuple[float, float]] = Counter()
        self.missing = -1
        self.squares = Squares(self._draw_in)
        self.resize(width, height)
        self.view = View.at(40.0, 47.0, 12.3, width, height)

    def _draw_in(self, painter: QPainter, view: View, tokens: theme.Tokens) -> Iterator[None]:
        self.asked[view.x, view.y] += 1
        if view.x < self.view.x:
            painter.fillRect(0, 0, view.width, view.height, QColor(tokens.text))
            yield

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#ffffff"))
        self.missing = len(self.squares.draw(painter, self.view, theme.current(), self))
        painter.end()


@pytest.mark.parametrize("size", [(700, 500), (3000, 1700)])
def test_every_square_of_the_view_and_around_it_is_drawn_once(app: object, qtbot: QtBot, size: tuple[int, int]) -> None:
    wall = Wall(*size)
    qtbot.addWidget(wall)
    wall.show()
    columns, rows = size[0] / 256, size[1] / 256
    qtbot.waitUntil(lambda: len(wall.asked) >= int(columns + 2) * int(rows + 2), timeout=20_000)
    qtbot.waitUntil(lambda: wall.squares._next() is None, timeout=20_000)
    assert len(wall.asked) <= (columns + 4) * (rows + 4)
    for step in range(4):
        wall.view = wall.view.moved(60 if step % 2 else -60, 0)
        wall.grab()
        qtbot.waitUntil(lambda: wall.squares._next() is None, timeout=20_000)
    assert set(wall.asked.values()) == {1}, "squares were thrown away and drawn again"
    assert wall.missing == 0


def test_the_picture_is_whole_to_the_edges(app: object, qtbot: QtBot) -> None:
    wall = Wall(700, 500)
    qtbot.addWidget(wall)
    wall.grab()
    wall.squares.finish()
    image = wall.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ink = QColor(theme.current().text).rgb()
    assert all(image.pixel(x, y) == ink for x in (0, 60, 200) for y in (0, 255, 256, 257, 499))
    assert all(image.pixel(699, y) == QColor("#ffffff").rgb() for y in (0, 250, 499)), "the other half is blank"


def test_while_a_zoom_is_new_the_old_picture_stands_in(app: object, qtbot: QtBot) -> None:
    wall = Wall(700, 500)
    qtbot.addWidget(wall)
    wall.grab()
    wall.squares.finish()
    wall.grab()
    wall.view = wall.view.zoomed(1)
    image = wall.grab().toImage()
    assert wall.missing == 0
    assert QColor(image.pixel(60, 250)).lightness() < 60
    wall.view = wall.view.zoomed(-3)
    wall.grab()
    assert wall.missing > 0, "beyond the old picture the layer has to draw something itself"
    wall.squares.forget()
    wall.grab()
    assert wall.missing > 0


def test_nothing_is_left_to_finish_once_it_is_forgotten(app: object, qtbot: QtBot) -> None:
    wall = Wall(700, 500)
    qtbot.addWidget(wall)
    wall.grab()
    wall.squares.forget()
    wall.squares.finish()
    assert not wall.asked
