"""The base maps in the window: add a file or a map package, show or hide, paler or stronger, higher, remove.

The uppermost stands first, as it lies on the map. What cannot be read says why on its line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import base_maps, map_package
from fieldapp.operations.base_maps import BaseMap, SeveralTileLayers, TileRowsConflict, ToTurn
from fieldapp.operations.map_package import ENDING, MapPackage, MapPackageOfStranger
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.map.base_maps_feed import BaseMapsFeed
from ui.map.package_form import PackageForm
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, clear, hairline
from ui.widgets.labels import PlainLabel, secondary
from ui.widgets.progress import ProgressPanel

_STEP = 0.25


class BaseMapsCard(Card):
    """Shows what ``feed`` has and changes the list through the session; the feed follows.

    It grows with the list: put it into ``ui.widgets.frame.scrolled``.
    """

    def __init__(self, session: Session, feed: BaseMapsFeed) -> None:
        super().__init__(session.texts(N_("Base maps")))
        self._session, self._feed, self._texts = session, feed, session.texts
        self._said = QVBoxLayout()
        self._turned = QVBoxLayout()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self._panel: ProgressPanel | None = None
        self.add = Button(self._texts(N_("Add a base map or map package")), "folder-open")
        self.add.clicked.connect(self._choose)
        self.pack = Button(self._texts(N_("Make a map package")), "save")
        self.pack.clicked.connect(self._ask_package)
        for part in (self._said, self._turned, self._rows):
            self.body.addLayout(part)
        for button in (self.add, self.pack):
            self.body.addWidget(button)
        self.body.addStretch(1)
        feed.listed.connect(self._show)
        feed.turning.changed.connect(self._show_turning)
        feed.turning.progressed.connect(self._progress)
        feed.turning.failed.connect(self._refused)
        self._show()
        self._show_turning()
        if feed.turning.unseen is not None:
            self._refused(*feed.turning.unseen)

    def take(self, file: Path, *, stranger: bool = False, rows: str = "", layer: str = "") -> None:
        """Add a file of tiles, turn a GeoTIFF into some, or take a map package in; what is wrong is said in the card.

        ``rows``: counted from this end, against what the file's format says. ``layer``: one of several in the file.
        """
        clear(self._said)
        if file.name.lower().endswith(ENDING):
            panel = ProgressPanel(self._texts, self._session.clock)
            self._say(panel)
            running = self._session.work(
                lambda ws, report, stop: map_package.take(ws, file, stranger=stranger, progress=report, cancelled=stop),
                self._package_taken, lambda error: self._refused(error, file), panel.report,
            )  # fmt: skip
            panel.cancelled.connect(running.cancel)
        else:
            self._session.ask(lambda ws: base_maps.to_turn(ws, file), lambda job: self._add(file, rows, layer, job),
                              lambda error: self._refused(error, file))  # fmt: skip

    def _add(self, file: Path, rows: str, layer: str, job: ToTurn | None) -> None:
        if job is not None:
            self._feed.turning.start(job)
        else:
            self._session.do(lambda ws: base_maps.add(ws, file, rows=rows, layer=layer),
                             on_failure=lambda error: self._refused(error, file))  # fmt: skip

    def _package_taken(self, taken: MapPackage) -> None:
        texts = self._texts
        maps = texts.plural(N_("{count} base map"), N_("{count} base maps"), len(taken.maps))
        areas = texts.plural(N_("{count} area of interest"), N_("{count} areas of interest"), taken.areas)
        self._say(Banner("ok", texts(N_("Map package taken: {file}"), file=Path(taken.file).name), f"{maps} · {areas}"))

    def _ask_package(self) -> None:
        form = PackageForm(self._session, self._feed.base_maps)
        form.ended.connect(self._packed)
        self._say(form)
        self.pack.setEnabled(False)
        form.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _packed(self, said: QWidget | None) -> None:
        self.pack.setEnabled(True)
        clear(self._said)
        if said is not None:
            self._say(said)

    def _say(self, one: QWidget) -> None:
        self.pack.setEnabled(True)
        clear(self._said)
        self._said.addWidget(one)
        QTimer.singleShot(0, self, self._show_top)

    def _show_top(self) -> None:
        """What is said stands at the top, the buttons at the foot of a long list."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            above.verticalScrollBar().setValue(0)

    def _show_turning(self) -> None:
        """The progress of the GeoTIFF that is being turned now; another one has to wait."""
        turning = self._feed.turning
        clear(self._turned)
        self._panel = None
        self.add.setEnabled(turning.file is None)
        if turning.file is None:
            return
        self._panel = ProgressPanel(self._texts, self._session.clock, pulled=self._texts(N_(
            "{file}: you may close this window and go on working."), file=turning.file.name))  # fmt: skip
        self._panel.cancelled.connect(turning.stop)
        self._panel.report(*turning.so_far)
        self._turned.addWidget(self._panel)
        QTimer.singleShot(0, self, self._show_top)

    def _progress(self, step: str, done: int, total: int) -> None:
        if self._panel is not None:
            self._panel.report(step, done, total)

    def _choose(self) -> None:
        forms = f"*.mbtiles *.pmtiles *.gpkg *.tif *.tiff *{ENDING}"
        kinds = f"{self._texts(N_('Base maps and map packages'))} ({forms});;* (*)"
        chosen, _kind = QFileDialog.getOpenFileName(self, self._texts(N_("Choose a base map")), "", kinds)
        if chosen:
            self.take(Path(chosen))

    def _refused(self, error: OperatorError, file: Path) -> None:
        self._feed.turning.unseen = None
        what, kept, do = error.parts(self._texts)
        if isinstance(error, MapPackageOfStranger):
            banner = Banner("warn", what, do, self._texts(N_("Take it all the same")), below=True)
            banner.pressed.connect(lambda: self.take(file, stranger=True))
        elif isinstance(error, TileRowsConflict):
            banner = Banner("warn", what, do, self._texts(N_("Add it with its rows the other way round")), below=True)
            banner.pressed.connect(lambda: self.take(file, rows=error.rows))
        else:
            banner = error_banner((what, kept, do))
        self._say(banner)
        for layer in error.layers if isinstance(error, SeveralTileLayers) else ():
            button = Button(self._texts(N_("Add layer {name}"), name=layer), "plus")
            button.clicked.connect(lambda _checked=False, layer=layer: self.take(file, layer=layer))
            self._said.addWidget(button)

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
        problem = self._feed.words_of(one.key, texts)
        if problem:
            column.addWidget(PlainLabel(problem, theme.SECONDARY, theme.REGULAR, "warn", wrap=True))
        said = texts(N_("{percent} % strong"), percent=round(one.opacity * 100)) if one.shown else texts(N_("hidden"))
        column.addWidget(secondary(" · ".join(word for word in (said, one.credit) if word)))
        if one.made_from:
            system = " · ".join(word for word in (one.system, one.operation) if word)
            column.addWidget(secondary(texts(N_("Made from {file}: {system}"), file=Path(one.made_from).name,
                                             system=system)))  # fmt: skip
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
        self._packed(None)
        self._session.do(op, on_failure=lambda error: self._refused(error, Path()))
