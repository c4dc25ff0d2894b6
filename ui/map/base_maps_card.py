"""The base maps in the window: add a file or a map package, show or hide, paler or stronger, higher, remove.

The uppermost stands first, as it lies on the map. What cannot be read says why on its line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import base_maps, map_package
from fieldapp.operations.base_maps import BaseMap
from fieldapp.operations.map_package import ENDING, MapPackageOfStranger
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.map.base_maps_feed import BaseMapsFeed
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, clear, hairline
from ui.widgets.labels import PlainLabel, secondary

_STEP = 0.25


class BaseMapsCard(Card):
    """Shows what ``feed`` has and changes the list through the session; the feed follows.

    It grows with the list: put it into ``ui.widgets.frame.scrolled``.
    """

    def __init__(self, session: Session, feed: BaseMapsFeed) -> None:
        super().__init__(session.texts(N_("Base maps")))
        self._session, self._feed, self._texts = session, feed, session.texts
        self._said = QVBoxLayout()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        add = Button(self._texts(N_("Add a base map or map package")), "folder-open")
        add.clicked.connect(self._choose)
        self.body.addLayout(self._said)
        self.body.addLayout(self._rows)
        self.body.addWidget(add)
        self.body.addStretch(1)
        feed.listed.connect(self._show)
        self._show()

    def take(self, file: Path, *, stranger: bool = False) -> None:
        """Add a file of tiles, or take a map package in; what is wrong with it is said in the card."""
        clear(self._said)
        if file.name.lower().endswith(ENDING):
            self._session.do(lambda ws: map_package.take(ws, file, stranger=stranger),
                             on_failure=lambda error: self._refused(error, file))  # fmt: skip
        else:
            self._session.do(lambda ws: base_maps.add(ws, file), on_failure=lambda error: self._refused(error, file))

    def _choose(self) -> None:
        kinds = f"{self._texts(N_('Base maps and map packages'))} (*.mbtiles *.pmtiles *.gpkg *{ENDING});;* (*)"
        chosen, _kind = QFileDialog.getOpenFileName(self, self._texts(N_("Choose a base map")), "", kinds)
        if chosen:
            self.take(Path(chosen))

    def _refused(self, error: OperatorError, file: Path) -> None:
        what, kept, do = error.parts(self._texts)
        if isinstance(error, MapPackageOfStranger):
            banner = Banner("warn", what, do, self._texts(N_("Take it all the same")), below=True)
            banner.pressed.connect(lambda: self.take(file, stranger=True))
        else:
            banner = error_banner((what, kept, do))
        clear(self._said)
        self._said.addWidget(banner)

    def _show(self) -> None:
        clear(self._rows)
        every = self._feed.base_maps
        if not every:
            self._rows.addWidget(secondary(self._texts(N_(
                "No base map yet. The map works without: with a grid, districts and your records."))))  # fmt: skip
        for place, one in reversed(list(enumerate(every, 1))):
            if place != len(every):
                self._rows.addWidget(hairline())
            self._rows.addWidget(self._row(one, place, last=place == len(every)))

    def _row(self, one: BaseMap, place: int, *, last: bool) -> QWidget:
        texts, row = self._texts, QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(PlainLabel(one.title, theme.BODY, theme.SEMIBOLD, wrap=True))
        problem = self._feed.problems.get(one.key)
        if problem is not None:
            column.addWidget(PlainLabel(problem.why(texts), theme.SECONDARY, theme.REGULAR, "warn", wrap=True))
        said = texts(N_("{percent} % strong"), percent=round(one.opacity * 100)) if one.shown else texts(N_("hidden"))
        column.addWidget(secondary(" · ".join(word for word in (said, one.credit) if word)))
        key, buttons = one.key, QHBoxLayout()
        offered: list[tuple[str, str, bool, Callable[[Workspace], BaseMap]]] = [
            (N_("Hide") if one.shown else N_("Show"), "", True,
             lambda ws: base_maps.change(ws, key, shown=not one.shown)),
            (N_("Paler"), "minus", one.opacity > _STEP,
             lambda ws: base_maps.change(ws, key, opacity=one.opacity - _STEP)),
            (N_("Stronger"), "plus", one.opacity < 1,
             lambda ws: base_maps.change(ws, key, opacity=one.opacity + _STEP)),
            (N_("Higher"), "", not last, lambda ws: base_maps.change(ws, key, place=place + 1)),
            (N_("Remove"), "trash-2", True, lambda ws: base_maps.remove(ws, key)),
        ]  # fmt: skip
        pairs = QVBoxLayout()
        for at, (word, icon, possible, op) in enumerate(offered):
            button = Button(texts(word), icon)
            button.setEnabled(possible)
            button.setAccessibleName(f"{texts(word)}: {one.title}")
            button.clicked.connect(lambda _checked=False, op=op: self._do(op))
            if at == 3:
                pairs.addLayout(buttons)
                buttons = QHBoxLayout()
            buttons.addWidget(button)
        buttons.addStretch(1)
        pairs.addLayout(buttons)
        column.addLayout(pairs)
        return row

    def _do(self, op: Callable[[Workspace], BaseMap]) -> None:
        clear(self._said)
        self._session.do(op, on_failure=lambda error: self._refused(error, Path()))
