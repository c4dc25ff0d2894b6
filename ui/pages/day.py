"""Day: the lead's review of one day, its control totals, sign-off, and the way to the stick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.checks import SEVERITY_WORDS, Finding
from fieldapp.domain.registry import KINDS
from fieldapp.errors import OperatorError
from fieldapp.operations import browsing, checks_of_records, known_point, review, team_day, today
from fieldapp.operations.browsing import Listed
from fieldapp.operations.known_point import Checked
from fieldapp.operations.team_day import LaptopDay
from fieldapp.operations.today import DayTotals
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.models.shown import Shown
from ui.pages.checks import TONES
from ui.pages.day_laptops import LaptopColumns
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, Chip, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, Facts, clear, hairline
from ui.widgets.findings import LEVELS, Findings
from ui.widgets.labels import IconLabel, PlainLabel, secondary
from ui.widgets.lists import CheckLine
from ui.widgets.table import Cell, Column, DataTable

MOST_FINDINGS = 3
"""So many are said in words below the list; its lines mark all of them."""


@dataclass(frozen=True)
class OneDay:
    """A day as the page shows it."""

    day: date
    lines: list[Listed]
    totals: DayTotals
    laptops: list[LaptopDay]
    checked: Checked
    """The known-point check of the day."""
    findings: list[tuple[str, Finding]]
    """What the checks say of the records that are not signed yet, each with the number of its record."""


def read_day(ws: Workspace, day: date) -> OneDay:
    """The records of a day, oldest first, with what they need, the day's totals, and each laptop's part of it."""
    rows = today.records_of(ws, day)
    lines = browsing.day(ws, rows)
    unsigned = [line.row.name for line in lines if line.signed != "approved"]
    found = checks_of_records.of_named_records(ws, unsigned)
    return OneDay(
        day, lines, today.totals(ws, rows), team_day.team_day(ws, day), known_point.of_day(ws, day),
        list(zip(checks_of_records.called(ws, found), found, strict=True)),
    )  # fmt: skip


class DayPage(Page):
    """Opens on the current day. What is complete can be signed off; the rest says what it needs."""

    key = "day"
    title = N_("Day")
    icon = "clipboard-check"
    shortcut = "F7"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self.day = session.clock.now().date()
        self._one: OneDay | None = None
        self._changed = 0
        self.problem = QVBoxLayout()
        self.column.addLayout(self.problem)
        halves = QHBoxLayout()
        halves.setSpacing(14)
        self.laptops = LaptopColumns(self.texts, self.shown)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.laptops)
        left.addWidget(self._list_card(), 1)
        halves.addLayout(left, 1)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addLayout(self._day_row())
        right.addWidget(self._totals_card())
        right.addWidget(self._sign_card())
        right.addStretch(1)
        side = QWidget()
        side.setFixedWidth(400)
        side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        halves.addWidget(side)
        self.column.addLayout(halves, 1)
        self.all_checks = Button(self.texts(N_("Check all records ...")), "shield-check")
        self.all_checks.clicked.connect(lambda: self.go.emit("checks", None))
        self.export = Button(self.texts(N_("Export to stick")), "usb")
        self.export.clicked.connect(lambda: self.go.emit("export", None))

    def _list_card(self) -> Card:
        texts, shown = self.texts, self.shown
        chips = QWidget()
        self._chips = QHBoxLayout(chips)
        self._chips.setContentsMargins(0, 0, 0, 0)
        card = Card(texts(N_("Records of the day")), side=chips)
        self.table: DataTable[Listed] = DataTable([
            Column(texts(N_("No.")), lambda line: shown.number(line.row, line.row["id"])),
            Column(texts(N_("What")), lambda line: shown.what(line.row.kind, line.row), stretch=True),
            Column(texts(N_("Time")), lambda line: shown.time(line.row["at"])),
            Column(texts(N_("Logged by")), lambda line: str(line.row["by"] or "")),
            Column(texts(N_("Checks")), self._checks),
        ])  # fmt: skip
        self.table.setMinimumHeight(240)
        self.table.opened.connect(lambda line: self.go.emit("records", line.row.name))
        self.empty = EmptyState(texts(N_("Nothing is logged on this day.")), icon="calendar-days")
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        self.findings = Findings(texts, framed=False)
        card.body.addWidget(self.findings)
        card.body.addWidget(secondary(texts(N_("Enter opens a record with its history."))))
        return card

    def _checks(self, line: Listed) -> Cell:
        texts = self.texts
        if line.missed:
            return Cell(texts(N_("Missed item")), "danger", "triangle-alert", chip=True)
        if line.missing:
            fields = [KINDS[line.row.kind].by_name[name] for name in line.missing]
            names = [texts(N_("Position")) if one.name == "lat" else self.shown.field_name(one)
                     for one in fields if one.name != "lon"]  # fmt: skip
            if len(names) == 1:
                return Cell(texts(N_("Missing: {field}"), field=names[0]), "warn", "triangle-alert", chip=True)
            said = texts.plural(N_("{count} field missing"), N_("{count} fields missing"), len(names))
            return Cell(said, "warn", "triangle-alert", chip=True)
        if line.row["unsettled"]:
            return Cell(texts(N_("To settle")), "warn", "git-compare", chip=True)
        found = [one for _, one in self._one.findings if one.records[:1] == (line.row.name,)] if self._one else []
        if found:
            tone, icon = TONES[found[0].severity]
            return Cell(texts(SEVERITY_WORDS[found[0].severity]), tone, icon, chip=True)
        if line.signed == "approved":
            return Cell(texts(N_("Signed off")), "ok", "check-check", chip=True)
        if line.signed == "changed":
            return Cell(texts(N_("Changed since sign-off")), "warn", "repeat", chip=True)
        return Cell(texts(N_("Complete")), "ok", "check", chip=True)

    def _day_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.before = Button("", "chevron-left")
        self.before.setAccessibleName(self.texts(N_("The day before")))
        self.after = Button("", "chevron-right")
        self.after.setAccessibleName(self.texts(N_("The day after")))
        self.now = Button("", "calendar-days")
        self.before.clicked.connect(lambda: self.show_day(self.day - timedelta(days=1)))
        self.after.clicked.connect(lambda: self.show_day(self.day + timedelta(days=1)))
        self.now.clicked.connect(lambda: self.show_day(self.session.clock.now().date()))
        row.addWidget(self.before)
        row.addWidget(self.now, 1)
        row.addWidget(self.after)
        return row

    def _totals_card(self) -> Card:
        texts = self.texts
        card = Card(texts(N_("Control totals")))
        card.body.setSpacing(4)
        self.figures: dict[str, PlainLabel] = {}
        for name, word, icon in (
            ("ap_mine", N_("AP mines"), "ordnance-ap"),
            ("at_mine", N_("AT mines"), "ordnance-at"),
            ("uxo", N_("UXO"), "ordnance-uxo"),
            ("", "", ""),
            ("cleared", N_("Cleared"), ""),
            ("reduced", N_("Reduced"), ""),
            ("photos", N_("Photos"), ""),
        ):
            if not name:
                card.body.addWidget(hairline())
                continue
            row = QHBoxLayout()
            if icon:
                row.addWidget(IconLabel(icon, 26))
            row.addWidget(PlainLabel(texts(word)), 1)
            self.figures[name] = PlainLabel("", theme.POSITION, theme.SEMIBOLD)
            row.addWidget(self.figures[name])
            card.body.addLayout(row)
        card.body.addWidget(hairline())
        self.facts = Facts()
        card.body.addWidget(self.facts)
        return card

    def _sign_card(self) -> Card:
        card = Card(self.texts(N_("Sign off")))
        card.body.setSpacing(6)
        card.body.addWidget(secondary(self.texts(N_("You state that these totals match the paper sheet."))))
        self.sign = PrimaryButton("", "pencil-line")
        self.sign.clicked.connect(self._sign_off)
        card.body.addWidget(self.sign)
        return card

    def subtitle(self) -> str:
        """What for, whose, when."""
        about = self.session.about
        who = about.person if about else ""
        parts = (self.texts(N_("Review and sign-off")), who, self.texts.day(self.day))
        return " \u00b7 ".join(part for part in parts if part)

    def foot_line(self) -> tuple[str, str, str]:
        """Unsigned is no obstacle."""
        said = self.texts(N_("Unsigned records can be exported too; HQ sees that they are unsigned."))
        return said, "info", "text2"

    def foot_actions(self) -> Sequence[QWidget]:
        """The checks of everything, and the way to the stick."""
        return (self.all_checks, self.export)

    def open_with(self, what: object) -> None:
        """Show a day."""
        if isinstance(what, date):
            self.day, self._changed = what, 0

    def show_day(self, day: date) -> None:
        """Show another day."""
        self.day, self._changed = day, 0
        self.refresh()
        self.frame_changed.emit()

    def refresh(self) -> None:
        """Read the day."""
        day = self.day
        self.now.setText(self.texts.short_day(day))
        self.session.ask(lambda ws: read_day(ws, day), self._show, self._failed)

    def _show(self, one: OneDay) -> None:
        if one.day != self.day:
            return
        self._one = one
        clear(self.problem)
        self._say_changed()
        self._say_missed(one)
        chosen = self.table.chosen_row()
        name = chosen.row.name if chosen else ""
        self.table.set_rows(one.lines, keep=lambda line: line.row.name == name)
        self.table.setVisible(bool(one.lines))
        self.empty.setVisible(not one.lines)
        self._show_chips(one)
        self.laptops.set_laptops(one.laptops)
        self._show_totals(one.totals, one.checked)
        self.findings.set_lines([
            CheckLine(LEVELS[found.severity], number, found.sentence(self.texts))
            for number, found in one.findings if found.severity != "note"
        ][:MOST_FINDINGS])  # fmt: skip
        ready = len(self._ready())
        self.sign.setEnabled(ready > 0)
        self.sign.setText(
            self.texts.plural(N_("Sign off {count} record"), N_("Sign off {count} records"), ready)
            if ready
            else self.texts(N_("Nothing to sign off"))
        )

    def _say_changed(self) -> None:
        """What changed between showing and signing is not signed: it was not seen."""
        if self._changed:
            first = self.texts.plural(
                N_("{count} record changed meanwhile and is not signed off"),
                N_("{count} records changed meanwhile and are not signed off"), self._changed,
            )  # fmt: skip
            said = self.texts(N_("The signature holds for what was shown. Look at what is new, then sign again."))
            self.problem.addWidget(Banner("warn", first, said, icon="repeat"))

    def _say_missed(self, one: OneDay) -> None:
        """Who signs the day off is told which of its records are part of a missed item."""
        numbers = [self.shown.number(line.row, line.row["id"]) for line in one.lines if line.missed]
        if numbers:
            first = self.texts.plural(
                N_("{count} record of this day is part of a missed item"),
                N_("{count} records of this day are part of a missed item"), len(numbers),
            )  # fmt: skip
            banner = Banner("danger", first, ", ".join(numbers), self.texts(N_("Show")))
            banner.pressed.connect(lambda: self.go.emit("missed", None))
            self.problem.addWidget(banner)

    def _show_chips(self, one: OneDay) -> None:
        clear(self._chips)
        look = sum(bool(line.missing or line.row["unsettled"]) for line in one.lines)
        number = self.texts.number
        if look:
            self._chips.addWidget(
                Chip(self.texts(N_("{count} to look at"), count=number(look)), "warn", "triangle-alert")
            )
        if len(one.lines) > look:
            fine = self.texts(N_("{count} complete"), count=number(len(one.lines) - look))
            self._chips.addWidget(Chip(fine, "ok", "check"))

    def _show_totals(self, totals: DayTotals, checked: Checked) -> None:
        texts = self.texts
        for name, pieces in totals.pieces.items():
            self.figures[name].setText(texts.number(pieces))
        self.figures["cleared"].setText(self.shown.area(totals.cleared_m2))
        self.figures["reduced"].setText(self.shown.area(totals.reduced_m2))
        self.figures["photos"].setText(texts.number(totals.photos))
        between = ""
        if totals.first_at:
            between = f"{self.shown.time(totals.first_at)} \u2013 {self.shown.time(totals.last_at)}"
        self.facts.set_facts([
            (texts(N_("Plots")), texts.number(totals.plots)),
            (texts(N_("First and last")), between),
            (texts(N_("Check word")), totals.check_word),
            (texts(N_("Known point")), known_point.in_words(checked, texts)),
        ])  # fmt: skip

    def _ready(self) -> dict[str, list[str]]:
        """Names and heads of the records that can be signed off: complete, settled, not signed as they are."""
        lines = self._one.lines if self._one else []
        return {
            line.row.name: line.row.heads
            for line in lines
            if not line.missing and not line.row["unsettled"] and line.signed != "approved"
        }

    def _sign_off(self) -> None:
        heads = self._ready()
        self.sign.setEnabled(False)

        def sign(ws: Workspace) -> list[str]:
            review.sign_off(ws, heads, heads=heads)
            return review.changed_since(ws, heads)

        self.session.do(sign, self._signed, self._failed)

    def _signed(self, changed: list[str]) -> None:
        self._changed = len(changed)

    def _failed(self, error: OperatorError) -> None:
        clear(self.problem)
        banner: Banner = error_banner(error.parts(self.texts))
        self.problem.addWidget(banner)
