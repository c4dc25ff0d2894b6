"""Outstanding items: what was found and is not dealt with, in whose hands, for how long; tags that wait to be joined.

Headquarters sees all of it; a laptop what its own team found or holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import enrolment, outstanding
from fieldapp.operations.outstanding import REASONS, Held, Item, Loose, Outstanding
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts, fold
from ui import theme
from ui.models.shown import Shown
from ui.pages.disposal import Dispose
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, StatTile, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import TextField
from ui.widgets.labels import PlainLabel, secondary, title
from ui.widgets.model_field import Hit, ModelField
from ui.widgets.table import Cell, Column, DataTable

OLD_DAYS = 14
"""Items held longer than this are marked."""
MOST_BANNERS = 3
"""So many over-claims are said in their own words; of the others the number."""
_TILES = ("ap_mine", "at_mine", "uxo")


PAGE = 100
"""So many lines of a list are shown at first, and so many more each time."""


def read(ws: Workspace, size: int = PAGE) -> tuple[Outstanding, dict[str, str]]:
    """What is outstanding (on a laptop, its team's), of each list the first ``size`` lines, and the names of teams."""
    names = {one.code: one.name for one in enrolment.teams(ws)}
    return outstanding.outstanding(ws, team=None if ws.role == "hq" else ws.team, limit=size), names


class OutstandingPage(Page):
    """Three lists: items, the hands they are in, and tags without a find. Opened from Tasks."""

    key = "outstanding"
    title = N_("Outstanding items")
    icon = "shield"
    in_rail = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self._found: Outstanding | None = None
        self._names: dict[str, str] = {}
        self._size = PAGE
        self._said = QVBoxLayout()
        self.column.addLayout(self._said)
        texts = self.texts
        tiles = Card()
        row = QHBoxLayout()
        rollup = session.lists.vocabulary("rollup")
        self.tiles = {
            line: StatTile("\u2026", rollup.name(line, texts.language), f"ordnance-{line.split('_')[0]}")
            for line in _TILES
        }
        self.tiles["other"] = StatTile("\u2026", texts(N_("other lines")))
        for tile in self.tiles.values():
            row.addWidget(tile, 1)
        tiles.body.addLayout(row)
        self.column.addWidget(tiles)
        self.column.addWidget(self._lists(), 1)
        self.dispose = PrimaryButton(texts(N_("Log disposal")), "shield-check")
        self.dispose.clicked.connect(self._dispose)

    def _lists(self) -> Card:
        texts = self.texts
        self.which = Choice("", [
            Option("items", texts(N_("Items"))), Option("held", texts(N_("Where they are"))),
            Option("loose", texts(N_("Tags to join"))),
        ], filled=True)  # fmt: skip
        self.which.setAccessibleName(texts(N_("Which list")))
        self.which.set_text("items")
        self.which.changed.connect(self._which_changed)
        self.items: DataTable[Item] = DataTable(self._item_columns())
        self.held: DataTable[Held] = DataTable(self._held_columns())
        self.loose: DataTable[Loose] = DataTable(self._loose_columns())
        self.items.opened.connect(lambda item: self.go.emit("records", item.finds[0]))
        self.loose.opened.connect(self._ask_find)
        self.join = Button(texts(N_("Join to a find")), "git-compare")
        self.join.clicked.connect(self._join_pressed)
        self.more = Button(texts(N_("Show more")), "chevron-down")
        self.more.clicked.connect(self._show_more)
        self.empty = EmptyState(texts(N_("Counting \u2026")), icon="shield-check")
        card = Card()
        card.body.addWidget(self.which)
        for table in self._tables():
            table.setMinimumHeight(220)
            card.body.addWidget(table, 1)
        card.body.addWidget(self.empty, 1)
        card.body.addWidget(self.more)
        card.body.addWidget(self.join)
        self._show_list()
        return card

    def _tables(self) -> tuple[DataTable[Any], ...]:
        return self.items, self.held, self.loose

    def _item_columns(self) -> list[Column[Item]]:
        texts, shown = self.texts, self.shown
        return [
            Column(texts(N_("No.")), lambda one: Cell(one.number, bold=True)),
            Column(texts(N_("What")), self._what, stretch=True),
            Column(texts(N_("Team")), lambda one: self._name(one.team), stretch=True),
            Column(texts(N_("District")), lambda one: shown.place(one.place)),
            Column(texts(N_("Left")), lambda one: texts(
                N_("{fine} of {all}"), fine=self._amount(one.left, one.unit), all=texts.number(one.found)), right=True),
            Column(texts(N_("Found on")), lambda one: shown.day_text(one.found_on)),
            Column(texts(N_("Days")), lambda one: self._days(one.age_days), right=True),
            Column(texts(N_("Where it is")), self._where, stretch=True),
        ]  # fmt: skip

    def _held_columns(self) -> list[Column[Held]]:
        texts, shown = self.texts, self.shown
        return [
            Column(texts(N_("State")), lambda one: Cell(self._state(one.state), bold=True)),
            Column(texts(N_("Store")), lambda one: one.store or "\u2013", stretch=True),
            Column(texts(N_("Team")), lambda one: self._name(one.holder), stretch=True),
            Column(texts(N_("What")), lambda one: self._line(one.line), stretch=True),
            Column(texts(N_("Quantity")), lambda one: self._amount(one.quantity, one.unit), right=True),
            Column(texts(N_("Since")), lambda one: shown.day_text(one.since)),
            Column(texts(N_("Days")), lambda one: self._days(one.age_days), right=True),
        ]

    def _loose_columns(self) -> list[Column[Loose]]:
        texts, shown = self.texts, self.shown
        return [
            Column(texts(N_("No.")), lambda one: Cell(one.number, bold=True)),
            Column(texts(N_("Team")), lambda one: self._name(one.team), stretch=True),
            Column(texts(N_("Tag as written")), lambda one: one.tag or "\u2013", stretch=True),
            Column(texts(N_("What was done")), lambda one: self.session.lists.name(
                "disposal_outcome", one.outcome, texts.language), stretch=True),
            Column(texts(N_("Quantity")), lambda one: "\u2013" if one.quantity is None else self._amount(
                one.quantity, one.unit), right=True),
            Column(texts(N_("Done on")), lambda one: shown.day_text(one.done_on)),
            Column(texts(N_("Reason")), lambda one: texts(REASONS[one.reason]), stretch=True),
        ]  # fmt: skip

    def _name(self, code: str) -> str:
        return self._names.get(code, code) or "\u2013"

    def _amount(self, quantity: object, unit: str) -> str:
        return self.shown.decimal(quantity) if unit == "piece" else self.shown.quantity(quantity, unit)

    def _days(self, days: int) -> Cell:
        return Cell(self.texts.number(days), "warn" if days > OLD_DAYS else "text", "clock" if days > OLD_DAYS else "")

    def _line(self, code: str) -> str:
        return outstanding.line_name(code, self.session.lists, self.texts)

    def _state(self, code: str) -> str:
        return self.session.lists.name("custody", code, self.texts.language)

    def _what(self, one: Item) -> str:
        """The line, and of which models it is made up."""
        language, lists = self.texts.language, self.session.current_lists()
        named = ", ".join(outstanding.model_name(lists, name, language) for name, _ in one.models[:3])
        named += " \u2026" if len(one.models) > 3 else ""
        line = outstanding.line_name(one.line, lists, self.texts)
        return self.texts(N_("{what}: {items}"), what=line, items=named) if named else line

    def _where(self, one: Item) -> str:
        held = one.holdings[0] if len(one.holdings) == 1 else None
        if held is None:
            return "; ".join(f"{self._state(each.state)} {self._amount(each.quantity, one.unit)}"
                             for each in one.holdings)
        whose = held.store or (self._name(held.holder) if held.holder != one.team else "")
        return f"{self._state(held.state)}: {whose}" if whose else self._state(held.state)

    def foot_actions(self) -> Sequence[QWidget]:
        """A laptop logs what was done with the chosen items."""
        return (self.dispose,) if self.session.role == "field" else ()

    def _dispose(self) -> None:
        chosen = self.items.chosen_row() if self.which.text() == "items" else None
        self.go.emit("disposal", Dispose(chosen.number) if chosen is not None else None)

    def subtitle(self) -> str:
        """What outstanding means."""
        return self.texts(N_("Found, and neither neutralised nor destroyed."))

    def refresh(self) -> None:
        """Count, in the background."""
        size = self._size
        self.session.ask(lambda ws: read(ws, size), self._show, self._failed)

    def _show_more(self) -> None:
        self._size += PAGE
        self.refresh()

    def _show(self, counted: tuple[Outstanding, dict[str, str]]) -> None:
        found, self._names = counted
        self._found = found
        number = self.shown.decimal
        for line in _TILES:
            self.tiles[line].set_figure(number(found.lines.get((line, "piece"), 0)))
        others = [self._amount(left, unit) for (line, unit), left in found.lines.items() if line not in _TILES]
        self.tiles["other"].set_figure(" + ".join(others) or "0")
        self.items.set_rows(found.items)
        self.held.set_rows(found.held[: self._size])
        self.loose.set_rows(found.loose)
        for table in self._tables():
            if table.rows.rowCount() and table.chosen_row() is None:
                table.selectRow(0)
        clear(self._said)
        for one in found.over[:MOST_BANNERS]:
            first = self.texts(N_("{name}: {what}"), name=one.number, what=outstanding.over_claim(one, self.texts))
            self._said.addWidget(Banner("warn", first, self._what(one)))
        more = found.over_count - MOST_BANNERS
        if more > 0:
            self._said.addWidget(Banner("warn", self.texts.plural(
                N_("{count} more claim beyond what was found"), N_("{count} more claims beyond what was found"), more,
            )))  # fmt: skip
        self._show_list()

    def _which_changed(self, code: str) -> None:
        if not code:
            self.which.set_text("items")
            return
        self._show_list()

    def _show_list(self) -> None:
        shown: dict[str, DataTable[Any]] = {"items": self.items, "held": self.held, "loose": self.loose}
        which = self.which.text()
        for name, table in shown.items():
            table.setVisible(name == which and table.rows.rowCount() > 0)
        filled = shown[which].rows.rowCount() > 0
        self.empty.setVisible(not filled)
        if self._found is not None:
            said = N_("Every tag is joined to its find.") if which == "loose" else N_("Nothing is outstanding.")
            self.empty.set_sentence(self.texts(said))
            found = self._found
            there = {"items": found.item_count, "held": len(found.held), "loose": found.loose_count}
            self.more.setVisible(there[which] > shown[which].rows.rowCount())
        else:
            self.more.hide()
        self.join.setVisible(which == "loose" and filled)

    def _join_pressed(self) -> None:
        chosen = self.loose.chosen_row()
        if chosen is not None:
            self._ask_find(chosen)

    def _ask_find(self, one: Loose) -> None:
        dialog = JoinDialog(self, self.texts, one)

        def join(answer: tuple[str, str]) -> None:
            find, why = answer
            self.session.do(
                lambda ws: outstanding.join(ws, one.record, find, why), lambda _record: dialog.accept(), dialog.refused
            )

        def look(text: str) -> None:
            self.session.ask(
                lambda ws: outstanding.bearing(ws, text),
                lambda rows: self._offer([
                    Hit(row.name, str(row["local_id"] or row.name), self.shown.what("find", row)) for row in rows
                ]),
            )  # fmt: skip

        dialog.given.connect(join)
        dialog.looked_for.connect(look)
        dialog.open()

    def _offer(self, hits: list[Hit]) -> None:
        for dialog in self.findChildren(JoinDialog):  # none any more where it was closed meanwhile
            dialog.offer(hits)

    def _failed(self, error: OperatorError) -> None:
        clear(self._said)
        self._said.addWidget(error_banner(error.parts(self.texts)))


class JoinDialog(QDialog):
    """Which find a tag belongs to, and how one knows. ``given((find, why))``; stays open until it is done."""

    given = Signal(object)
    looked_for = Signal(str)
    """A tag is being written: whoever has the finds calls ``offer``."""

    def __init__(self, parent: QWidget, texts: Texts, one: Loose) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []
        self._texts = texts
        heading = texts(N_("Which find bears the tag “{tag}”"), tag=one.tag)
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(640)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.item = ModelField(texts(N_("Number of the find")), texts, self._offered)
        self.item.line.textEdited.connect(self.looked_for)
        self.why = TextField(texts(N_("Reason")), texts(N_("everyone can read it in the history")))
        self.keep = Button(texts(N_("Leave as it is")), "x")
        self.go = PrimaryButton(texts(N_("Join")), "check")
        self.keep.clicked.connect(self.reject)
        self.go.clicked.connect(self._give)
        for field in (self.item, self.why):
            field.changed.connect(lambda _text: self._check())
        self._problem = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(heading))
        column.addLayout(self._problem)
        column.addWidget(PlainLabel(texts(REASONS[one.reason]), wrap=True))
        column.addWidget(self.item)
        column.addWidget(self.why)
        column.addWidget(secondary(texts(N_("The tag stays as written; the disposal names its find from now on."))))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.go)
        column.addLayout(row)
        self._check()
        self.item.setFocus()

    def offer(self, hits: list[Hit]) -> None:
        """Finds whose tag begins with what is written."""
        self._hits = hits
        self.item.search_again()

    def _offered(self, text: str) -> list[Hit]:
        return [hit for hit in self._hits if fold(text) in fold(hit.name)]

    def _check(self) -> None:
        self.go.setEnabled(bool(self.item.text().strip() and self.why.text().strip()))

    def _give(self) -> None:
        self.go.setEnabled(False)
        self.given.emit((self.item.code() or self.item.text().strip(), self.why.text().strip()))

    def refused(self, error: OperatorError) -> None:
        """Say why it was not done; what was typed stays."""
        clear(self._problem)
        self._problem.addWidget(error_banner(error.parts(self._texts)))
        self._check()
