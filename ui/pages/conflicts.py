"""Conflicts: records on which two people said different things. Settled one by one, or together where alike."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from fieldapp.domain.canonical import canonical
from fieldapp.domain.registry import KINDS
from fieldapp.errors import OperatorError
from fieldapp.operations import conflicts, enrolment
from fieldapp.operations.conflicts import Line, Opened, Part, Settled, Wanted
from fieldapp.operations.enrolment import Team
from fieldapp.operations.wording import group_words
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, fold
from ui.models.shown import Shown, member
from ui.pages.conflict_detail import ConflictDetail
from ui.pages.conflict_readings import shown_group
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, Chip, error_banner
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import LineEdit
from ui.widgets.labels import IconLabel, secondary
from ui.widgets.table import Cell, Column, DataTable

PART_ROWS = 30
OLD_DAYS = 7
_READING_LETTERS = 40


@dataclass(frozen=True)
class Looked:
    """What one look at the workspace brought."""

    part: Part
    line: Line | None
    """What to show beside the list."""
    moved: bool = False
    """Is it what was open before, with other readings now?"""


def look(ws: Workspace, wanted: Wanted, rows: int, before: Opened | None, record: str) -> Looked:
    """The list, and the conflict to show beside it: that on ``record``, or what was open ``before``, or the first.

    That one is opened by itself, once the list stands there: who said what is read out of the log, which takes longer.
    """
    part = conflicts.part(ws, wanted, limit=max(rows, PART_ROWS))
    if record:
        for mark in conflicts.on_record(ws, record):
            return Looked(part, conflicts.line(ws, mark, wanted))
    if before is not None:
        found = conflicts.line(ws, before.line.alike.alike, wanted)
        if found is not None:
            return Looked(part, found)
        for one in before.records:
            for mark in conflicts.on_record(ws, one.name):
                found = conflicts.line(ws, mark, wanted)
                if found is not None and found.alike.group == before.line.alike.group:
                    return Looked(part, found, moved=True)
    return Looked(part, part.lines[0] if part.lines else None)


class ConflictsPage(Page):
    """Opened with the name of a record it shows what is disputed on that one."""

    key = "conflicts"
    title = N_("Conflicts")
    icon = "git-compare"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self._teams: list[Team] = []
        self._record = ""
        self._part: Part | None = None
        self._opening = ""
        self._above = QVBoxLayout()
        self.said: list[Banner] = []
        self.detail = ConflictDetail(session)
        self.detail.settle_asked.connect(self._settle)
        self.detail.open_asked.connect(lambda name: self.go.emit("records", name))
        self.detail.refused.connect(self._failed)
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addWidget(self._list_card(), 46)
        halves.addWidget(self.detail, 54)
        self.column.addLayout(self._above)
        self.column.addLayout(halves, 1)

    def _list_card(self) -> Card:
        texts = self.texts
        card = Card()
        self.team = LineEdit()
        self.team.setPlaceholderText(texts(N_("All teams")))
        self.team.setAccessibleName(texts(N_("Team")))
        self.team.textChanged.connect(lambda _text: self._filtered())
        self.count = secondary("", wrap=False)
        row = QHBoxLayout()
        row.addWidget(IconLabel("search"))
        row.addWidget(self.team, 1)
        row.addWidget(self.count)
        kinds = [Option(name, texts(word)) for name, word in (
            ("all", N_("All")), ("find", N_("Finds")), ("plot", N_("Plots")), ("disposal", N_("Disposals")),
        )]  # fmt: skip
        self.kind = Choice("", kinds, filled=True)
        self.kind.setAccessibleName(texts(N_("Kind of record")))
        week = texts.plural(N_("Over {count} day"), N_("Over {count} days"), OLD_DAYS)
        self.age = Choice("", [Option("any", texts(N_("Any age"))), Option("old", week)], filled=True)
        self.age.setAccessibleName(texts(N_("Age")))
        for choice, first in ((self.kind, "all"), (self.age, "any")):
            choice.set_text(first)
            choice.changed.connect(partial(self._choice_changed, choice, first))
        self.table: DataTable[Line] = DataTable([
            Column(texts(N_("No.")), self._number),
            Column(texts(N_("Readings")), lambda line: f"{self._disputed(line)}\n{self._readings(line)}", stretch=True),
            Column(texts(N_("Age")), self._age, right=True),
        ])  # fmt: skip
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _line: self.detail.focus_choice())
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.empty = EmptyState(texts(N_("Nobody contradicts anybody.")), icon="circle-check")
        self.empty.hide()
        card.body.addLayout(row)
        for part in (self.kind, self.age):
            card.body.addWidget(part)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        return card

    def _number(self, line: Line) -> Cell:
        if line.alike.records == 1:
            return Cell(line.number, bold=True)
        said = self.texts.plural(N_("{count} record"), N_("{count} records"), line.alike.records)
        return Cell(said, bold=True, icon="layers")

    def _disputed(self, line: Line) -> str:
        kind = KINDS.get(line.alike.kind)
        name = kind.names.in_language(self.texts.language) if kind else line.alike.kind
        return self.texts(N_("{kind}: {field}"), kind=name, field=shown_group(self.shown, *_kind_and_group(line)))

    def _readings(self, line: Line) -> str:
        words = [
            group_words(*_kind_and_group(line), reading, self.texts, self.session.lists) if text is None else text
            for reading, text in zip(line.alike.readings, self._differing(line), strict=True)
        ]
        return " / ".join(textwrap.shorten(word, _READING_LETTERS, placeholder=" \u2026") for word in words)

    def _differing(self, line: Line) -> list[str | None]:
        """Of each reading what tells it from the others; None where the fields of the group are not known."""
        readings, kind = line.alike.readings, KINDS.get(line.alike.kind)
        group = kind.group_by_name.get(line.alike.group) if kind else None
        if kind is None or group is None or not all(one is None or group.bare or isinstance(one, dict)
                                                    for one in readings):
            return [None] * len(readings)
        if group.bare or group.name == "position":
            return [self.shown.group_value(kind, group.name, one) for one in readings]
        parts = [(one, [member(group, one, value) for value in readings]) for one in group.fields]
        differ = [one for one, values in parts if len({canonical(value) for value in values}) > 1]
        return [
            ", ".join(self.shown.value(one, member(group, one, value)) or "\u2013" for one in differ)
            for value in readings
        ]

    def _age(self, line: Line) -> Cell:
        if line.days is None:
            return Cell("\u2013")
        said = self.texts.plural(N_("{count} day"), N_("{count} days"), line.days)
        return Cell(said, "warn" if line.days >= OLD_DAYS else "text", bold=line.days >= OLD_DAYS)

    def subtitle(self) -> str:
        """What counts meanwhile, and how a settlement travels."""
        return self.texts(N_(
            "Until settled the more dangerous reading counts. What you settle reaches the team with its return bundle."
        ))

    def chip(self) -> Chip | None:
        """How many are open."""
        if self._part is None or not self._part.conflicts:
            return None
        return Chip(self.texts.number(self._part.conflicts), "warn", "git-compare")

    def open_with(self, what: object) -> None:
        """Show what is disputed on the record with this name."""
        if isinstance(what, str):
            self._record = what
            self.team.clear()
            self.kind.set_text("all")
            self.age.set_text("any")

    def wanted(self) -> Wanted:
        """The filters as they stand; a team is found by its code or any part of its name."""
        typed = fold(self.team.text())
        named = [team.code for team in self._teams if typed and typed in (fold(team.code), fold(team.name))]
        named += [team.code for team in self._teams if typed and typed in fold(f"{team.name} {team.code}")]
        kind = self.kind.text()
        team = named[0] if named else self.team.text().strip()
        return Wanted("" if kind == "all" else kind, team, OLD_DAYS if self.age.text() == "old" else 0)

    def _choice_changed(self, choice: Choice, first: str, code: str) -> None:
        if code:
            self._filtered()
        else:
            choice.set_text(first)

    def _filtered(self) -> None:
        self._clear_above()
        self.refresh()

    def refresh(self) -> None:
        """Read list and readings again; what is chosen and typed stays, where it still fits what is shown."""
        if not self._teams:
            self.session.ask(enrolment.teams, self._take_teams)
        wanted, rows, before, record = self.wanted(), self.table.rows.rowCount(), self.detail.opened, self._record
        self.session.ask(
            lambda ws: look(ws, wanted, rows, before, record), lambda found: self._show(found, wanted), self._failed
        )

    def _take_teams(self, teams: list[Team]) -> None:
        self._teams = teams

    def _show(self, found: Looked, wanted: Wanted) -> None:
        if wanted != self.wanted():
            return
        self._part = found.part
        lines = found.part.lines
        bar = self.table.verticalScrollBar().value()
        mark = found.line.alike.alike if found.line is not None else ""
        self.table.set_rows(lines, keep=lambda line: line.alike.alike == mark)
        self.table.verticalScrollBar().setValue(bar)
        self.table.setVisible(bool(lines))
        filtered = wanted != conflicts.EVERYTHING
        nothing = N_("Nothing is disputed among these.") if filtered else N_("Nobody contradicts anybody.")
        self.empty.set_sentence(self.texts(nothing))
        self.empty.setVisible(not lines)
        self.count.setText(
            self.texts.plural(N_("{count} disputed"), N_("{count} disputed"), found.part.conflicts) if lines else ""
        )
        self.frame_changed.emit()
        self._opening = mark
        if not mark or self.detail.opened is None:
            self._show_opened(None)
        if not mark:
            self._record = ""
            return
        self.session.ask(
            lambda ws: conflicts.opened(ws, mark, wanted),
            lambda opened: self._show_first(mark, opened, moved=found.moved), self._failed,
        )  # fmt: skip

    def _show_first(self, mark: str, opened: Opened | None, *, moved: bool) -> None:
        """Show what was read beside a list just read, unless the reader chose another line meanwhile."""
        if mark != self._opening:
            return
        self._record = ""
        if opened is None:
            self.refresh()
        else:
            self._show_opened(opened, moved=moved)

    def _show_opened(self, opened: Opened | None, *, moved: bool = False) -> None:
        before = self.detail.opened
        if opened is None:
            self.detail.show_nothing(self.texts(N_("Choose a difference to see its readings.")))
            return
        if before is not None and before.id == opened.id:
            return  # what was chosen and typed was said of exactly this
        same = before is not None and before.line.alike.alike == opened.line.alike.alike
        self.detail.show_conflict(opened, keep=moved or same)
        if moved or (same and before is not None and set(before.heads) & set(opened.heads)):
            self._say_moved()

    def _say_moved(self) -> None:
        """The readings under the reader's eyes are others now: nothing was settled unseen."""
        if not any(banner.tone() == "warn" for banner in self.said):
            detail = self.texts(N_("Nothing was settled unseen. Look at the readings again, then choose."))
            self._say(Banner("warn", self.texts(N_("This changed meanwhile")), detail, icon="git-compare"))

    def _say(self, banner: Banner) -> None:
        self.said.append(banner)
        self._above.addWidget(banner)

    def _clear_above(self) -> None:
        self.said = []
        clear(self._above)

    def _choose(self, line: Line) -> None:
        self._clear_above()
        wanted, mark = self.wanted(), line.alike.alike
        self._record, self._opening = "", mark
        self.session.ask(lambda ws: conflicts.opened(ws, mark, wanted), self._show_chosen, self._failed)

    def _show_chosen(self, opened: Opened | None) -> None:
        chosen = self.table.chosen_row()
        if opened is None:
            self.refresh()
        elif chosen is not None and chosen.alike.alike == opened.line.alike.alike:
            self._show_opened(opened)

    def _scrolled(self, value: int) -> None:
        bar, rows = self.table.verticalScrollBar(), self.table.rows.rowCount()
        if rows and self._part is not None and rows < self._part.groups and value >= bar.maximum() - bar.pageStep():
            wanted = self.wanted()
            self.session.ask(
                lambda ws: conflicts.part(ws, wanted, limit=PART_ROWS, offset=rows),
                lambda part: self._go_on(part, wanted, rows),
            )

    def _go_on(self, part: Part, wanted: Wanted, rows: int) -> None:
        if wanted == self.wanted() and rows == self.table.rows.rowCount():
            self.table.rows.add_rows(part.lines)

    def _settle(self, value: object, why: str) -> None:
        opened = self.detail.opened
        if opened is None:
            return
        self._clear_above()
        group, heads = opened.line.alike.group, opened.heads
        readings: Sequence[object] = [one.value for one in opened.readings]
        numbers = {one.name: one.number for one in opened.records}
        self.session.do(
            lambda ws: conflicts.settle(ws, group, value, why, heads=heads, readings=readings),
            lambda done: self._settled(done, numbers, why), self._failed,
        )  # fmt: skip

    def _settled(self, done: Settled, numbers: dict[str, str], why: str) -> None:
        texts = self.texts
        self._clear_above()
        if done.done:
            first = texts.plural(N_("{count} record settled"), N_("{count} records settled"), len(done.done))
            detail = texts(N_("The team sees it with its next return bundle."))
            banner = Banner("ok", first, detail, texts(N_("Take back")))
            banner.pressed.connect(partial(self._undo, done, why))
            self._say(banner)
        for names, sentence in (
            (done.still_open, N_("Another reading came meanwhile; still open: {numbers}")),
            (done.gone, N_("Settled by somebody else meanwhile: {numbers}")),
        ):  # fmt: skip
            if names:
                listed = ", ".join(numbers[name] for name in names)
                self._say(Banner("warn", texts(sentence, numbers=listed), "", icon="git-compare"))

    def _undo(self, done: Settled, why: str) -> None:
        reason = self.texts(N_("Taken back: {reason}"), reason=why)
        self._record = next(iter(done.done))
        self._clear_above()
        self.session.do(lambda ws: conflicts.reopen(ws, done, reason), self._reopened, self._failed)

    def _reopened(self, names: list[str]) -> None:
        first = self.texts.plural(N_("{count} record is disputed again"), N_("{count} records are disputed again"),
                                  len(names))  # fmt: skip
        self._say(Banner("ok", first, self.texts(N_("All readings stand beside each other again.")), icon="undo-2"))

    def _failed(self, error: OperatorError) -> None:
        self._clear_above()
        self._say(error_banner(error.parts(self.texts)))
        if self.detail.opened is not None:
            self.detail.settle.setEnabled(True)


def _kind_and_group(line: Line) -> tuple[str, str]:
    return line.alike.kind, line.alike.group
