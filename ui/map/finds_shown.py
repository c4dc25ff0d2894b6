"""The finds of the map: read and indexed in the worker, filtered, and brought up to date when something was saved."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from fieldapp.operations import map_data
from fieldapp.operations.map_data import FindColumns, Mark
from fieldapp.operations.workspace import Workspace
from ui.map.filters import Wanted, points_of
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid
from ui.map.view import Box
from ui.session import Session


@dataclass(frozen=True)
class _Read:
    columns: FindColumns
    grid: Grid
    left: int
    """Parts that are not packed yet."""


class FindsShown(QObject):
    """Holds the columns of all finds and the layer of those that are wanted. ``changed()``: another set is drawn."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.layer = FindsLayer()
        self.columns: FindColumns | None = None
        self.wanted = Wanted()

    @property
    def total(self) -> int:
        """Points in all."""
        return len(self.columns) if self.columns is not None else 0

    @property
    def drawn(self) -> int:
        """Points that the filter leaves."""
        return len(self.layer.grid) if self.layer.grid is not None else 0

    def refresh(self) -> None:
        """Read what is new; nothing happens where nothing is."""
        mark = self.columns.mark if self.columns is not None else None
        self._session.ask(lambda ws: _read(ws, mark, self.wanted), self._take)

    def want(self, wanted: Wanted) -> None:
        """Draw only these from now on."""
        self.wanted = wanted
        columns = self.columns
        if columns is not None:
            self._session.ask(lambda _ws: _Read(columns, _grid(columns, wanted), 0), self._take_filtered)

    def _take(self, read: _Read | int) -> None:
        if isinstance(read, int):  # nothing new, or more to pack first: others get their turn in between
            if read:
                self.refresh()
            return
        self.columns = read.columns
        if self.wanted.everything:
            self.layer.show_grid(read.grid)
            self.changed.emit()
        else:
            self.want(self.wanted)

    def _take_filtered(self, read: _Read) -> None:
        if read.columns is self.columns:
            self.layer.show_grid(read.grid)
            self.changed.emit()

    def box(self, of_task: str = "") -> Box | None:
        """The box around all finds, or those of a task; None for none."""
        columns = self.columns
        if columns is None or not len(columns):
            return None
        points = points_of(columns if not of_task else columns.taken(columns.of_words(columns.task, [of_task])))
        if not len(points):
            return None
        return Box(float(points.x.min()), float(points.y.min()), float(points.x.max()), float(points.y.max()))


def _grid(columns: FindColumns, wanted: Wanted) -> Grid:
    shown = columns if wanted.everything else columns.taken(wanted.of(columns))
    return Grid(points_of(shown)).build()


def _read(ws: Workspace, mark: Mark | None, wanted: Wanted) -> _Read | int:
    left = map_data.prepare(ws)
    if left:
        return left
    if mark is not None:
        news = map_data.newer(ws, mark)
        if not news.all_changed and not len(news.points):
            return 0
    columns = map_data.find_points(ws)
    return _Read(columns, _grid(columns, wanted), 0)
