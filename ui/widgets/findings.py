"""What the clearance checks say, beside a form: one line each with icon and words, the more serious first.

The look's checks panel: ok, look, danger, not yet. It never blocks saving and never changes what was entered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.checks import Finding, Passed
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.cards import Card, clear
from ui.widgets.labels import IconLabel, PlainLabel, secondary
from ui.widgets.lists import CHECK_ICONS, CheckLine

LEVELS = {"alarm": "danger", "danger": "danger", "look": "look", "note": "look", "ok": "ok", "waiting": "not_yet"}
"""The level of a line by the severity of a finding, or the state of a check that found nothing."""
_ORDER = ("danger", "look", "not_yet", "ok")
WORDS = {"danger": N_("Danger"), "look": N_("Look"), "ok": N_("In order"), "not_yet": N_("Not yet")}
"""What a line's icon is called, for readers that do not see it."""
MOST = 5
"""So many findings are shown; of more, how many there are."""


def lines_of(findings: Sequence[Finding], texts: Texts) -> list[CheckLine]:
    """A line for each finding, the first ``MOST``, and how many there are beside them."""
    lines = [CheckLine(LEVELS[one.severity], one.sentence(texts)) for one in findings[:MOST]]
    more = len(findings) - MOST
    if more > 0:
        lines.append(CheckLine("look", texts(N_("To look at besides: {count}"), count=texts.number(more))))
    return lines


class Findings(QWidget):
    """The lines of a form's own checks and, above and below them, those of the clearance checks.

    ``framed``: a card with its title, as beside the Find form; else bare lines where there is little room.
    """

    def __init__(self, texts: Texts, *, framed: bool = True) -> None:
        super().__init__()
        self._texts = texts
        self._own: tuple[CheckLine, ...] = ()
        self._findings: tuple[Finding, ...] = ()
        self._passed: tuple[Passed, ...] = ()
        self._framed = framed
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10 if framed else 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        if framed:
            card = Card(texts(N_("Checks")))
            card.body.addLayout(self._rows)
            card.body.addStretch(1)
            card.body.addWidget(secondary(texts(N_("Checks never block saving."))))
            column.addWidget(card)
        else:
            column.addLayout(self._rows)

    def lines(self) -> tuple[CheckLine, ...]:
        """The lines of the form's own checks."""
        return self._own

    def shown(self) -> tuple[CheckLine, ...]:
        """All lines in the order they stand there."""
        found = lines_of(self._findings, self._texts)
        passed = [CheckLine(LEVELS[one.state], one.sentence(self._texts)) for one in self._passed]
        if not self._framed:  # one line says what is in order
            fine = " ".join(one.first for one in passed if one.level == "ok")
            passed = [one for one in passed if one.level != "ok"] + ([CheckLine("ok", fine)] if fine else [])
        return (*sorted(found, key=lambda one: _ORDER.index(one.level)), *self._own, *passed)

    def findings(self) -> tuple[Finding, ...]:
        """The findings shown."""
        return self._findings

    def set_lines(self, lines: Sequence[CheckLine]) -> None:
        """Show these lines of the form's own; the findings stay."""
        self._own = tuple(lines)
        self._show()

    def show_findings(
        self, findings: Sequence[Finding], passed: Sequence[Passed] = (), *, said: Collection[str] = ()
    ) -> None:
        """Show what the checks found, without rules and subjects that the form ``said`` itself."""
        self._findings = tuple(one for one in findings if one.rule not in said)
        self._passed = tuple(one for one in passed if one.subject not in said)
        self._show()

    def _show(self) -> None:
        clear(self._rows)
        for line in self.shown():
            self._rows.addLayout(self._row(line))

    def _row(self, line: CheckLine) -> QHBoxLayout:
        icon, tone = CHECK_ICONS[line.level]
        sign = IconLabel(icon, 24, tone)
        sign.setAccessibleName(self._texts(WORDS[line.level]))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        weight = theme.SEMIBOLD if line.level in ("danger", "look") or line.detail else theme.REGULAR
        words.addWidget(PlainLabel(line.first, theme.BODY, weight, wrap=True))
        if line.detail:
            words.addWidget(secondary(line.detail))
        row.addLayout(words, 1)
        return row
