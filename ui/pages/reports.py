"""Reports: the weekly report of a chosen week, how complete it is, and the bulletin's sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import flat_files, reports
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui import theme
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, InfoRow, StatTile, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.labels import PlainLabel, secondary
from ui.widgets.table import Cell, Column, DataTable

LANGUAGE_NAMES = {"az": "Azərbaycan", "en": "English", "ru": "Русский"}
_LINES = {"ap_mine": N_("AP mines"), "at_mine": N_("AT mines"), "uxo": N_("UXO")}
_GROUND = ("cleared", "reduced")


@dataclass(frozen=True)
class DistrictLine:
    """One row of the table: pieces found by public line, hectares by release."""

    name: str
    found: tuple[int, ...]
    ha: tuple[object, ...]
    total: bool = False


@dataclass(frozen=True)
class Week:
    """A report as the page shows it."""

    first: date
    last: date
    report: Any
    sentences: dict[str, str]
    warnings: dict[str, str]


def read_week(ws: Workspace, first: date, last: date) -> Week:
    """The weekly report and its sentence in three languages."""
    report = reports.weekly(ws, first, last)
    return Week(
        first,
        last,
        report,
        {language: reports.bulletin_sentence(report, language) for language in LANGUAGE_NAMES},
        {language: reports.bulletin_warning(report, language) for language in LANGUAGE_NAMES},
    )


def read_opening_week(ws: Workspace, today: date) -> Week:
    """The week the page opens on: the latest with something approved in it."""
    return read_week(ws, *reports.opening_week(ws, today))


class ReportsPage(Page):
    """Opens on the latest week that holds approved records, until another one is chosen."""

    key = "reports"
    title = N_("Reports")
    icon = "file-chart-column"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.first, self.last = reports.week_of(session.clock.now().date() - timedelta(days=7))
        self._chosen = False
        self.week: Week | None = None
        self._above = QVBoxLayout()
        self.column.addLayout(self._above)
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addWidget(self._report_card(), 1)
        halves.addWidget(self._side())
        self.column.addLayout(halves, 1)
        self._build_actions()

    def _report_card(self) -> Card:
        texts = self.texts
        self.period = PlainLabel("", theme.BODY, theme.SEMIBOLD, wrap=True)
        card = Card()
        card.body.addLayout(self._weeks())
        row = QHBoxLayout()
        self.figures = {
            "ap_mine": StatTile("\u2013", texts(N_("AP mines")), "ordnance-ap", theme.FIGURE),
            "at_mine": StatTile("\u2013", texts(N_("AT mines")), "ordnance-at", theme.FIGURE),
            "uxo": StatTile("\u2013", texts(N_("UXO")), "ordnance-uxo", theme.FIGURE),
            "cleared": StatTile("\u2013", texts(N_("cleared")), "", theme.FIGURE),
        }
        for tile in self.figures.values():
            row.addWidget(tile, 1)
        card.body.addLayout(row)
        self.table: DataTable[DistrictLine] = DataTable(self._columns(), tappable=False)
        self.table.setMinimumHeight(180)
        card.body.addWidget(self.table, 1)
        self.rule = secondary(texts(N_("Pieces found. Hectares of approved plots, by the day of completion.")))
        card.body.addWidget(self.rule)
        return card

    def _weeks(self) -> QHBoxLayout:
        """The period, and the week before and after."""
        texts = self.texts
        self.before, self.after = Button("", "chevron-left"), Button("", "chevron-right")
        self.before.setAccessibleName(texts(N_("The week before")))
        self.after.setAccessibleName(texts(N_("The week after")))
        self.this = Button("", "calendar-days")
        self.before.clicked.connect(lambda: self.show_week(self.first - timedelta(days=7)))
        self.after.clicked.connect(lambda: self.show_week(self.first + timedelta(days=7)))
        self.this.clicked.connect(self._show_opening)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.period, 1)
        row.addWidget(self.before)
        row.addWidget(self.this)
        row.addWidget(self.after)
        return row

    def _columns(self) -> list[Column[DistrictLine]]:
        texts = self.texts
        columns: list[Column[DistrictLine]] = [
            Column(texts(N_("District")), lambda line: Cell(line.name, bold=line.total), stretch=True)
        ]
        for place, word in enumerate((N_("AP mines"), N_("AT mines"), N_("UXO"))):
            columns.append(Column(texts(word), _number(texts, place), right=True))
        for place, word in enumerate((N_("Cleared, ha"), N_("Reduced, ha"))):
            columns.append(Column(texts(word), _hectares(texts, place), right=True))
        return columns

    def _side(self) -> QWidget:
        texts = self.texts
        side = QWidget()
        side.setFixedWidth(390)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        options = [Option(code, name) for code, name in LANGUAGE_NAMES.items()]
        self.language = Choice(texts(N_("Sentence for the bulletin")), options, filled=True)
        self.language.set_text(texts.language)
        self.language.changed.connect(self._language_changed)
        column.addWidget(self.language)
        self.sentence = Banner("info", "", icon="quote")
        column.addWidget(self.sentence)
        card = Card(texts(N_("How complete is it")))
        self._complete = QVBoxLayout()
        self._complete.setSpacing(6)
        card.body.addLayout(self._complete)
        card.body.addStretch(1)
        column.addWidget(card, 1)
        return side

    def _build_actions(self) -> None:
        texts = self.texts
        self.copy = Button(texts(N_("Copy sentence")), "copy")
        self.copy.clicked.connect(self._copy)
        self.saves: dict[str, Button] = {}
        for form, word, icon in (
            ("json", N_("Save JSON"), "table"), ("text", N_("Save text"), "file-text"),
            ("html", N_("Save HTML"), "save"),
        ):  # fmt: skip
            button = Button(texts(word), icon)
            button.clicked.connect(lambda _=False, form=form: self._ask_where(form))
            self.saves[form] = button

    def subtitle(self) -> str:
        """Which report."""
        return self.texts(N_("Weekly report"))

    def foot_line(self) -> tuple[str, str, str]:
        """How hectares are rounded."""
        if self.week is None:
            return "", "info", "text2"
        area = self.texts.number(self.week.report.totals.released_m2("cleared"))
        return self.texts(N_("Hectares are rounded once, from {area} m² cleared."), area=area), "info", "text2"

    def foot_actions(self) -> Sequence[QWidget]:
        """Copy and save."""
        return (self.copy, *self.saves.values())

    def show_week(self, day: date) -> None:
        """Show the week that holds ``day``."""
        self.open_with(day)
        self.refresh()

    def _show_opening(self) -> None:
        self._chosen = False
        self.refresh()

    def open_with(self, what: object) -> None:
        """Show the week of a day."""
        if isinstance(what, date):
            self.first, self.last = reports.week_of(what)
            self._chosen = True

    def refresh(self) -> None:
        """Read the report."""
        if not self._chosen:
            today = self.session.clock.now().date()
            self.session.ask(lambda ws: read_opening_week(ws, today), self._show, self._failed)
            return
        first, last = self.first, self.last
        self._name_week()
        self.session.ask(lambda ws: read_week(ws, first, last), self._show, self._failed)

    def _name_week(self) -> None:
        week = self.first.isocalendar()
        self.this.setText(self.texts(N_("Week {week}, {year}"), week=week.week, year=week.year))

    def _show(self, week: Week) -> None:
        if not self._chosen:
            self.first, self.last = week.first, week.last
            self._name_week()
        if week.first != self.first:
            return
        self.week = week
        texts, totals = self.texts, week.report.totals
        days = {"first": texts.short_day(week.first), "last": texts.short_day(week.last)}
        self.period.setText(texts(N_("{first} \u2013 {last}, Monday to Sunday"), **days))
        for name, word in _LINES.items():
            items = totals.line(name)
            self.figures[name].set_figure(texts.number(items.found), texts(
                N_("{line}; neutralised: {count}"), line=texts(word), count=texts.number(items.neutralised)
            ))  # fmt: skip
        hectares = texts.number(totals.released_ha("cleared"), 1)
        self.figures["cleared"].set_figure(texts(N_("{hectares} ha"), hectares=hectares))
        self.table.set_rows(district_lines(week.report, texts))
        self._show_sentence()
        self._show_completeness(week.report)
        self.frame_changed.emit()

    def _language_changed(self, code: str) -> None:
        if code:
            self._show_sentence()
        else:
            self.language.set_text(self.texts.language)

    def _show_sentence(self) -> None:
        if self.week is not None:
            code = self.language.text() or self.texts.language
            warning = self.week.warnings[code]
            self.sentence.say("warn" if warning else "info", self.week.sentences[code], warning, "quote")

    def _show_completeness(self, report: Any) -> None:
        clear(self._complete)
        has, texts = report.completeness, self.texts
        reported = texts(
            N_("{reported} of {expected} teams reported"),
            reported=texts.number(has.teams_reported), expected=texts.number(has.teams_expected),
        )  # fmt: skip
        missing = ", ".join(has.teams_missing)
        lines = [
            (not has.teams_missing, reported, missing),
            (not has.gaps, texts.plural(N_("{count} gap in laptops' logs"), N_("{count} gaps in laptops' logs"),
                                        has.gaps), texts(N_("see Laptops")) if has.gaps else ""),
            (not has.unsigned, texts.plural(N_("{count} record is unsigned"), N_("{count} records are unsigned"),
                                            has.unsigned), ""),
            (not report.waiting.records,
             texts.plural(N_("{count} record waits for approval"), N_("{count} records wait for approval"),
                          report.waiting.records),
             self._plots_waiting(report)),
            (not has.conflicts, texts.plural(N_("{count} difference is open"), N_("{count} differences are open"),
                                             has.conflicts),
             texts(N_("see Conflicts")) if has.conflicts and self.session.role == "hq" else ""),
        ]  # fmt: skip
        for fine, first, detail in lines:
            icon, tone = ("check", "ok") if fine else ("triangle-alert", "warn")
            self._complete.addWidget(InfoRow(icon, first, detail, tone=tone))
        for note in reports.ground_notes(report, texts.language):
            self._complete.addWidget(InfoRow("triangle-alert", note, tone="warn"))

    def _plots_waiting(self, report: Any) -> str:
        if not report.waiting.plots:
            return ""
        area = self.texts.number(report.waiting.plots_m2)
        return self.texts(N_("plots among them: {area} m², not counted yet"), area=area)

    def _copy(self) -> None:
        if self.week is not None:
            code = self.language.text() or self.texts.language
            QGuiApplication.clipboard().setText(self.week.sentences[code])
            self._say(Banner("ok", self.texts(N_("The sentence is copied"))))

    def _ask_where(self, form: str) -> None:
        ending = "txt" if form == "text" else form
        name = f"weekly-{self.first.isoformat()}-{self.language.text() or self.texts.language}.{ending}"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, self.texts(N_("Save the weekly report")), str(Path.home() / name)
        )
        if chosen:
            self.save(form, Path(chosen))

    def save(self, form: str, path: Path) -> None:
        """Write the report as html, text or json in the chosen language."""
        if self.week is None:
            return
        report, language = self.week.report, self.language.text() or self.texts.language
        self.session.ask(lambda _ws: _write(report, form, language, path), self._saved, self._failed)

    def _saved(self, path: Path) -> None:
        self._say(Banner("ok", self.texts(N_("Saved: {file}"), file=str(path))))

    def _say(self, banner: Banner) -> None:
        clear(self._above)
        self._above.addWidget(banner)

    def said(self) -> str:
        """The first line of what the page says above the report."""
        item = self._above.itemAt(0)
        widget = item.widget() if item is not None else None
        return widget.words()[0] if isinstance(widget, Banner) else ""

    def _failed(self, error: OperatorError) -> None:
        self._say(error_banner(error.parts(self.texts)))


def _write(report: Any, form: str, language: str, path: Path) -> Path:
    flat_files.write(path, reports.render(report, form, language).encode())
    return path


def _number(texts: Texts, place: int) -> Any:
    return lambda line: Cell(texts.number(line.found[place]), bold=line.total)


def _hectares(texts: Texts, place: int) -> Any:
    return lambda line: Cell(texts.number(line.ha[place], 1), bold=line.total)


def district_lines(report: Any, texts: Texts) -> list[DistrictLine]:
    """The districts worked in, in the given order, and the total."""

    def line(name: str, figures: Any, total: bool = False) -> DistrictLine:
        found = tuple(figures.line(one).found for one in _LINES)
        return DistrictLine(name, found, tuple(figures.released_ha(one) for one in _GROUND), total)

    lines = [
        line(report.lists.place_name(code, texts.language) if code else texts(N_("No district named")), figures)
        for code, figures in report.districts.items()
        if figures.worked
    ]
    return [*lines, line(texts(N_("Total")), report.totals, total=True)]
