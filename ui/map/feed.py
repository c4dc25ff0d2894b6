"""Feeds the finds of the workspace to the map: read and indexed in the worker, filtered there, kept up as they come.

A find that is saved or imported is drawn at once, beside the index; when an older one changed, or many came, the index
is made anew behind the scene and then takes the place of the old one. A filter looks at the columns in memory: the
database is not read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from fieldapp.domain.lists_in_force import Lists
from fieldapp.errors import OperatorError
from fieldapp.operations import map_data
from fieldapp.operations.map_data import FindColumns, News
from fieldapp.operations.workspace import Workspace
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid, Points, worlds_of
from ui.map.view import Box
from ui.session import Session

MANY = 2_000
"""More new points than these are taken into the index rather than drawn beside it."""


class Wanted(Protocol):
    """A filter of finds."""

    @property
    def everything(self) -> bool:
        """Does it leave nothing out?"""

    def of(self, columns: FindColumns) -> NDArray[np.bool_]:
        """Which points it leaves."""


@dataclass(frozen=True)
class _Read:
    """What the worker has made: all points, and the index of those that are wanted."""

    columns: FindColumns
    grid: Grid
    wanted: Wanted | None
    lists: Lists


def points_of(columns: FindColumns) -> Points:
    """The points as the map draws them, known by the number of their find."""
    x, y = worlds_of(columns.lat, columns.lon)
    return Points(x, y, columns.rank, columns.shape, columns.gone, columns.n)


class FindsFeed(QObject):
    """Holds the columns of all finds and the layer of those that are wanted.

    ``changed()``: something else is drawn, so draw a frame. ``packing(int)``: so many parts are still to be packed
    before the first map (0: none); a large workspace does that once. ``failed(OperatorError)``: it could not be read,
    and what was drawn before stays.
    """

    changed = Signal()
    failed = Signal(object)
    packing = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.layer = FindsLayer()
        self.columns: FindColumns | None = None
        """The points that the index was made from, before the filter."""
        self.added: list[FindColumns] = []
        """Those that came since."""
        self.wanted: Wanted | None = None
        self._lists: Lists | None = None
        self._busy = self._again = False
        session.changed.connect(self._something_changed)

    @property
    def total(self) -> int:
        """Points in all."""
        return sum(len(each) for each in self.parts())

    @property
    def drawn(self) -> int:
        """Points that the filter leaves."""
        held = (self.layer.grid, self.layer.newer)
        return sum(len(each) for each in held if each is not None)

    def refresh(self) -> None:
        """Bring the map up to date; nothing happens where nothing is new. Whoever asks meanwhile is served after."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        read = self.parts()
        if not read or not _alike(self._session.lists, self._lists):
            self._load()
        else:
            mark = read[-1].mark
            self._session.ask(lambda ws: map_data.newer(ws, mark), self._take_news, self._failed)

    def want(self, wanted: Wanted) -> None:
        """Draw only these from now on."""
        self.wanted = wanted
        columns = self.columns
        if columns is not None:
            self._session.background.run(
                lambda _report, _stop: (columns, wanted, _grid(columns, wanted)), self._take_filtered
            )

    def box(self, of_task: str = "") -> Box | None:
        """The box around all finds, or those of a task, in world coordinates; None for none."""
        boxes = []
        for columns in self.parts():
            some = columns.taken(columns.of_words(columns.task, [of_task])) if of_task else columns
            if len(some):
                x, y = worlds_of(some.lat, some.lon)
                boxes.append((x.min(), y.min(), x.max(), y.max()))
        if not boxes:
            return None
        west, north, east, south = zip(*boxes, strict=True)
        return Box(float(min(west)), float(min(north)), float(max(east)), float(max(south)))

    def parts(self) -> list[FindColumns]:
        """All points, the newest last; none before the first reading."""
        return [] if self.columns is None else [self.columns, *self.added]

    def _something_changed(self, _result: object) -> None:
        if self.columns is not None or self._busy:  # a map that was never opened reads nothing
            self.refresh()

    def _load(self) -> None:
        wanted = self.wanted
        self._session.ask(lambda ws: _read(ws, wanted), self._take, self._failed)

    def _take(self, read: _Read | int) -> None:
        if isinstance(read, int):  # more to pack first: others get their turn in between
            self.packing.emit(read)
            self._load()
            return
        first = self.columns is None
        self.columns, self.added, self._lists = read.columns, [], read.lists
        if read.wanted is self.wanted:
            self.layer.show_grid(read.grid)
        elif self.wanted is not None:
            self.want(self.wanted)
        if first:
            self.packing.emit(0)
        self._done()

    def _take_news(self, news: News) -> None:
        waiting = sum(len(each) for each in self.added) + len(news.points)
        if news.all_changed or waiting > MANY:
            self._load()
        elif len(news.points):
            self.added.append(news.points)
            self._show_added()
            self._done()
        else:
            self._done(drawn_anew=False)

    def _take_filtered(self, made: tuple[FindColumns, Wanted, Grid]) -> None:
        columns, wanted, grid = made
        if columns is self.columns and wanted is self.wanted:  # else another is on its way
            self.layer.show_grid(grid)
            self._show_added()
            self.changed.emit()

    def _show_added(self) -> None:
        """Those that came since are drawn one by one, as far as they are wanted."""
        each = [points_of(_wanted(columns, self.wanted)) for columns in self.added]
        self.layer.newer = Points.together(each) if each else None

    def _done(self, *, drawn_anew: bool = True) -> None:
        self._busy = False
        if drawn_anew:
            self.changed.emit()
        if self._again:
            self._again = False
            self.refresh()

    def _failed(self, error: OperatorError) -> None:
        self._busy = False
        self.failed.emit(error)


def _alike(lists: Lists, others: Lists | None) -> bool:
    """Do finds mean the same by both? Lists are made anew at times without another word in them."""
    return others is not None and (
        lists is others or (lists.models == others.models and lists.vocabularies == others.vocabularies)
    )


def _wanted(columns: FindColumns, wanted: Wanted | None) -> FindColumns:
    return columns if wanted is None or wanted.everything else columns.taken(wanted.of(columns))


def _grid(columns: FindColumns, wanted: Wanted | None) -> Grid:
    return Grid(points_of(_wanted(columns, wanted))).build()


def _read(ws: Workspace, wanted: Wanted | None) -> _Read | int:
    left = map_data.prepare(ws)
    if left:
        return left
    columns = map_data.find_points(ws)
    return _Read(columns, _grid(columns, wanted), wanted, ws.lists)
