"""From the map page to a sheet: its button, and what the map shows now, handed to the dialog that sets up the sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtGui import QKeySequence, QShortcut

from fieldapp.operations import map_sheet
from fieldapp.operations.base_maps import BaseMap, TilesNotRead, TileSource
from fieldapp.operations.browsing import Row
from fieldapp.operations.map_card import Offered
from fieldapp.operations.map_sheet import SheetFacts
from fieldapp.texts import N_
from ui.dialogs.print_map import PrintMapDialog
from ui.map.base_maps_feed import BaseMapsFeed
from ui.map.canvas import MapCanvas
from ui.map.choosing import Choosing
from ui.map.feed import FindsFeed
from ui.map.filters import Wanted
from ui.map.printing import OnScreen, printable
from ui.map.printing_base import SheetMaps
from ui.map.printing_words import left_out, words_of_filter
from ui.session import Session
from ui.widgets.buttons import Button

_BASE, _OWN = "base:", "own"


class Source(Protocol):
    """The map page, as far as a sheet asks it."""

    session: Session
    canvas: MapCanvas
    finds: FindsFeed
    choosing: Choosing
    base_maps: BaseMapsFeed
    wanted: Wanted
    offered: Offered | None

    def subtitle(self) -> str:
        """The task that is worked on."""


class Printing:
    """The button "Print" and Ctrl+P of a map. ``names`` are those of layers by code, ``task`` says a task in words."""

    def __init__(self, page: Source, names: Callable[[], Mapping[str, str]], task: Callable[[Row], str]) -> None:
        self._page, self._names, self._task = page, names, task
        self.button = Button(page.session.texts(N_("Print")), "printer")
        self.button.clicked.connect(self.ask)
        QShortcut(QKeySequence("Ctrl+P"), page.canvas, self.button.click)
        self.set_ready(False)

    def set_ready(self, ready: bool) -> None:
        """Whether everything is read: half a map is not printed."""
        self.button.setEnabled(ready)

    def on_screen(self) -> OnScreen:
        """What a sheet takes over, and what it has to say that it does not show."""
        page = self._page
        finds, texts, layers, about = page.finds, page.session.texts, page.canvas.layers(), page.session.about
        names = {code: name for code, name in self._names().items() if code != _OWN}
        drawn = [layer for layer in layers if layer.visible and layer.opacity > 0]
        keys = frozenset(layer.code.removeprefix(_BASE) for layer in drawn if layer.code.startswith(_BASE))
        said = left_out(layers, names, finds.drawn, finds.total, self._filter(), texts)
        heading = page.subtitle() or (about.deployment if about is not None else "") or texts(N_("Map"))
        return OnScreen(page.canvas.view, printable(layers), keys, said, heading)

    def _filter(self) -> list[str]:
        page = self._page
        wanted, offered = page.wanted, page.offered
        if wanted.everything:
            return []
        teams = offered.teams if offered is not None else {}
        tasks = {row.name: row for row in (offered.tasks if offered is not None else ())}
        task = self._task(tasks[wanted.task]) if wanted.task in tasks else wanted.task
        category = page.choosing.category(wanted.category or "")
        return words_of_filter(wanted, category, teams.get(wanted.team, wanted.team), task, page.session.texts)

    def ask(self) -> None:
        """Open the dialog; what is drawn is never older than what the sheet says of it."""
        page = self._page
        texts = page.session.texts
        keys = {one.code.removeprefix(_BASE) for one in page.canvas.layers() if one.code.startswith(_BASE)}
        keys |= set(page.base_maps.problems)
        page.session.ask(
            lambda ws: (map_sheet.facts(ws, texts), map_sheet.open_base_maps(ws, keys)), self._open,
            page.choosing.failed,
        )  # fmt: skip

    def _open(self, read: tuple[SheetFacts, list[tuple[BaseMap, TileSource | TilesNotRead]]]) -> None:
        facts, found = read
        now = self.on_screen()
        wanted = now.base_maps | set(self._page.base_maps.problems)  # what the map misses is missed on the sheet, too
        for one, tiles in found:
            if one.key not in wanted and isinstance(tiles, TileSource):
                tiles.close()
        maps = SheetMaps.of([(one, tiles) for one, tiles in found if one.key in wanted])
        PrintMapDialog(self._page.canvas, self._page.session, now, facts, maps).open()
