"""Missed items: finds in ground that was released before. The same page on a laptop and at headquarters (M18)."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations import explaining
from fieldapp.operations.explaining import Alarm
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.models.shown import Shown
from ui.pages.missed_detail import MissedDetail
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.cards import Card, EmptyState
from ui.widgets.choice import Choice, Option
from ui.widgets.table import Cell, Column, DataTable


def read_open(ws: Workspace) -> int:
    """How many missed items nobody has explained."""
    return len(explaining.all_open(ws))


def missed_banner(count: int, texts: Texts) -> Banner:
    """The red banner of the first page: it stays until every missed item is explained."""
    first = texts.plural(
        N_("{count} missed item: found in ground that was released before"),
        N_("{count} missed items: found in ground that was released before"), count,
    )  # fmt: skip
    return Banner("danger", first, texts(N_("Only an explanation takes this line away.")), texts(N_("Show")))


class MissedPage(Page):
    """Opened with the name of a find or a plot it shows the first missed item about that record."""

    key = "missed"
    title = N_("Missed items")
    icon = "triangle-alert"
    in_rail = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self._wanted = ""
        self.detail = MissedDetail(session)
        self.detail.go.connect(self.go)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._list_card())
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addWidget(left, 40)
        halves.addWidget(self.detail, 60)
        self.column.addLayout(halves, 1)
        self.setFocusProxy(self.table)

    def _list_card(self) -> Card:
        texts = self.texts
        self.which = Choice(
            "", [Option("open", texts(N_("Not explained"))), Option("all", texts(N_("All")))], filled=True
        )
        self.which.setAccessibleName(texts(N_("Which missed items")))
        self.which.set_text("open")
        self.which.changed.connect(self._which_changed)
        columns: list[Column[Alarm]] = [
            Column(texts(N_("Find")), lambda one: Cell(one.number, bold=True)),
            Column(texts(N_("What")), lambda one: self.shown.brief("find", one.find), stretch=True),
            Column(texts(N_("Plot")), lambda one: one.plot_number),
            Column(texts(N_("State")), self._state),
        ]
        self.table: DataTable[Alarm] = DataTable(columns)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _one: self.detail.enter())
        self.empty = EmptyState(texts(N_("No missed item waits for an explanation.")), icon="shield-check")
        self.empty.hide()
        card = Card()
        for part in (self.which, self.table, self.empty):
            card.body.addWidget(part, 0 if part is self.which else 1)
        return card

    def _state(self, one: Alarm) -> Cell:
        if not one.open:
            return Cell(self.texts(N_("Explained")), "ok", "check-check", chip=True)
        word = N_("Open again") if one.reopened else N_("Not explained")
        return Cell(self.texts(word), "danger", "triangle-alert", chip=True)

    def subtitle(self) -> str:
        """What closes them."""
        return self.texts(N_("Only an explanation closes them, no clock and no correction."))

    def open_with(self, what: object) -> None:
        """Show the missed item about this find or plot."""
        if isinstance(what, str):
            self._wanted = what

    def _which_changed(self, code: str) -> None:
        if code:
            self.refresh()
        else:
            self.which.set_text("open")

    def refresh(self) -> None:
        """Read the list again; what is chosen and typed stays."""
        read = explaining.all_open if self.which.text() == "open" else explaining.every
        self.session.ask(read, self._show)

    def _show(self, found: list[Alarm]) -> None:
        chosen = self.table.chosen_row()
        pair = chosen.pair[:2] if chosen is not None else None
        one = next((alarm for alarm in found if self._wanted in alarm.pair[:2]), None) if self._wanted else None
        self._wanted = ""
        one = one or next((alarm for alarm in found if alarm.pair[:2] == pair), found[0] if found else None)
        self.table.set_rows(found, keep=lambda row: row is one)
        self.table.setVisible(bool(found))
        self.empty.setVisible(not found)
        if one is None:
            self.detail.show_nothing()
        else:
            self._choose(one)

    def _choose(self, one: Alarm) -> None:
        self.detail.show_alarm(one)
