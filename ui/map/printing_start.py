"""From the map page to a sheet: what the map shows now, handed to the dialog that sets up the sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from fieldapp.operations import map_sheet
from fieldapp.operations.base_maps import BaseMap, TilesNotRead, TileSource
from fieldapp.operations.browsing import Row
from fieldapp.operations.map_card import Offered
from fieldapp.operations.map_sheet import SheetFacts
from fieldapp.texts import N_, Texts
from ui.dialogs.print_map import PrintMapDialog
from ui.map.canvas import MapCanvas
from ui.map.feed import FindsFeed
from ui.map.filters import Wanted
from ui.map.printing import OnScreen, printable
from ui.map.printing_base import SheetMaps
from ui.map.printing_words import left_out, words_of_filter
from ui.session import OnFailure, Session

_BASE, _OWN = "base:", "own"


@dataclass(frozen=True)
class Shown:
    """The map as it is: ``names`` of layers by code; categories and tasks in words; a heading, which may be empty."""

    canvas: MapCanvas
    names: Mapping[str, str]
    finds: FindsFeed
    wanted: Wanted
    offered: Offered | None
    category: Callable[[str], str]
    task: Callable[[Row], str]
    heading: str


def on_screen(session: Session, shown: Shown) -> OnScreen:
    """What a sheet takes over, and what it has to say that it does not show."""
    finds, texts, layers = shown.finds, session.texts, shown.canvas.layers()
    names = {code: name for code, name in shown.names.items() if code != _OWN}
    drawn = [layer for layer in layers if layer.visible and layer.opacity > 0]
    keys = frozenset(layer.code.removeprefix(_BASE) for layer in drawn if layer.code.startswith(_BASE))
    said = left_out(layers, names, finds.drawn, finds.total, _filter(shown, texts), texts)
    about = session.about
    heading = shown.heading or (about.deployment if about is not None else "") or texts(N_("Map"))
    return OnScreen(shown.canvas.view, printable(layers), keys, said, heading)


def _filter(shown: Shown, texts: Texts) -> list[str]:
    wanted, offered = shown.wanted, shown.offered
    if wanted.everything:
        return []
    teams = offered.teams if offered is not None else {}
    tasks = {row.name: row for row in (offered.tasks if offered is not None else ())}
    task = shown.task(tasks[wanted.task]) if wanted.task in tasks else wanted.task
    return words_of_filter(wanted, shown.category(wanted.category or ""), teams.get(wanted.team, wanted.team), task,
                           texts)  # fmt: skip


def ask(parent: QWidget, session: Session, shown: Callable[[], Shown], on_failure: OnFailure) -> None:
    """Open the dialog over what the map shows; ``shown`` is asked once the facts are there.

    So what is drawn is never older than what the sheet says of it.
    """
    keys = {layer.code.removeprefix(_BASE) for layer in shown().canvas.layers() if layer.code.startswith(_BASE)}

    def opened(read: tuple[SheetFacts, list[tuple[BaseMap, TileSource | TilesNotRead]]]) -> None:
        facts, found = read
        now = on_screen(session, shown())
        maps = SheetMaps.of([(one, tiles) for one, tiles in found if one.key in now.base_maps])
        PrintMapDialog(parent, session, now, facts, maps).open()

    texts = session.texts
    session.ask(lambda ws: (map_sheet.facts(ws, texts), map_sheet.open_base_maps(ws, keys)), opened, on_failure)
