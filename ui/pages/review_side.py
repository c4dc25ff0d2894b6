"""Review's right side: the chosen record with the reasons to look at it, and the decision on the marked ones."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.attention import Rule
from fieldapp.operations import since
from fieldapp.operations.attention import Line
from fieldapp.operations.since import Since
from fieldapp.texts import N_
from ui.models.shown import Shown, kind_of
from ui.session import Session
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, Facts, InfoRow, clear, hairline
from ui.widgets.fields import Field, TextField
from ui.widgets.frame import scrolled
from ui.widgets.labels import PlainLabel, secondary

TONES = {1: "danger", 2: "danger", 3: "warn", 4: "text2", 5: "text2"}
"""Tone of a reason by its severity."""
ICONS = {1: "git-compare", 2: "triangle-alert", 3: "circle-alert", 4: "circle-help", 5: "message-square"}
_CHANGED = ("changed_since_approval", "changed_since_rejection", "answered")
_NOT_SHOWN = ("local_id", "lat", "lon", "lot", "batch", "fixed_by", "typed_crs", "unit")


def reason_icon(rule: Rule) -> str:
    """The icon of a reason: its severity is never said by colour alone."""
    return ICONS[rule.severity]


class AboutRecord(Card):
    """The chosen record: why it needs a look, what changed since a decision, its values."""

    looked = Signal(object)
    """The line that was looked at."""
    asked = Signal(object)
    """The line whose team is to be asked."""
    disputed = Signal(object)
    """The line whose readings are to be compared and settled."""

    def __init__(self, session: Session, shown: Shown) -> None:
        super().__init__(session.texts(N_("The record")))
        self.session, self.texts, self.shown = session, session.texts, shown
        self.line: Line | None = None
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)  # room for the scroll bar
        self.reasons = QVBoxLayout()
        self.reasons.setSpacing(8)
        self.since = QVBoxLayout()
        self.facts = Facts()
        self.settle = Button(self.texts(N_("Settle ...")), "git-compare")
        """Stands under the reasons where two people said different things."""
        self.settle.clicked.connect(lambda: self.disputed.emit(self.line))
        self.settle.hide()
        column.addLayout(self.reasons)
        column.addWidget(self.settle)
        column.addLayout(self.since)
        column.addWidget(self.facts)
        column.addStretch(1)
        self.body.addWidget(scrolled(inside), 1)
        self.ask = Button(self.texts(N_("Ask about it")), "message-square")
        self.seen = Button(self.texts(N_("Looked at")), "check")
        row = QHBoxLayout()
        for button in (self.ask, self.seen):
            button.setEnabled(False)
            row.addWidget(button, 1)
        self.body.addLayout(row)
        self.ask.clicked.connect(lambda: self.asked.emit(self.line))
        self.seen.clicked.connect(lambda: self.looked.emit(self.line))

    def show_nothing(self) -> None:
        """No record is chosen."""
        self.line = None
        self.settle.hide()
        for button in (self.ask, self.seen):
            button.setEnabled(False)
        for part in (self.reasons, self.since):
            clear(part)
        self.facts.set_facts(())

    def show_line(self, line: Line) -> None:
        """Show a record; what changed since a decision follows when it has been read."""
        self.show_nothing()
        self.line = line
        self.ask.setEnabled(line.listed.row["owner"] != "hq")
        self.seen.setEnabled(not line.opened)
        self.seen.setText(self.texts(N_("Was looked at")) if line.opened else self.texts(N_("Looked at")))
        for rule in line.reasons:
            self.reasons.addWidget(InfoRow(reason_icon(rule), self.texts(rule.sentence), tone=TONES[rule.severity]))
        self.settle.setVisible(any(rule.code == "conflict" for rule in line.reasons))
        if line.reasons:
            self.reasons.addWidget(hairline())
        self.facts.set_facts(list(self._values(line)))
        if any(rule.code in _CHANGED for rule in line.reasons):
            self.session.ask(
                lambda ws: since.since_decision(ws, line.name), lambda found: self._show_since(line, found)
            )

    def _values(self, line: Line) -> Iterator[tuple[str, str]]:
        shown, row = self.shown, line.listed.row
        shown.know(line.listed.numbers)
        yield self.texts(N_("No.")), shown.number(row, row["id"])
        if row.get("lat") is not None:
            yield self.texts(N_("Position")), shown.position(row)
        for one in kind_of(line.name).fields:
            text = shown.value(one, row[one.name])
            if text and one.name not in _NOT_SHOWN:
                yield shown.field_name(one), text
        yield self.texts(N_("Logged by")), str(row["by"] or "")

    def _show_since(self, line: Line, found: Since | None) -> None:
        if found is None or self.line is not line:
            return
        clear(self.since)
        said = self.texts(N_("Changed since {day}, {by}"), day=self.shown.moment(found.at), by=found.by)
        self.since.addWidget(PlainLabel(said, wrap=True))
        lines = []
        kind = kind_of(line.name)
        for group, change in found.changes.items():
            before = change.before[0] if change.before else None
            if group == "exists":
                shown = [self.shown.group_value(kind, group, value) for value in (before, change.after)]
                lines.append((self.texts(N_("State")), self._both(*shown)))
                continue
            changes = self.shown.changes(kind, group, before, change.after)
            lines += [(one.field, self._both(one.old, one.new)) for one in changes]
        if found.new_ground_m2 is not None:
            lines.append((self.texts(N_("New ground")), self.shown.area(found.new_ground_m2)))
            lines.append((self.texts(N_("Ground left out")), self.shown.area(found.lost_ground_m2)))
        self.since.addWidget(Facts(lines))
        if found.new_ground_m2:
            self.since.addWidget(secondary(self.texts(N_("New ground needs both signatures again."))))
        self.since.addWidget(hairline())

    def _both(self, old: str, new: str) -> str:
        nothing = self.texts(N_("nothing entered"))
        return self.texts(N_("{old} → {new}"), old=old or nothing, new=new or nothing)


class DecisionCard(Card):
    """Who decides what: ``decide(verdict)`` tells approved, queried or rejected; ``all_plain()`` the rest at once."""

    decide = Signal(str)
    all_plain = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        texts = self.texts = session.texts
        self.body.setSpacing(8)
        self.by = Field(texts(N_("Decided by")))
        """Stands where the page puts it."""
        self.by.set_text(session.about.person if session.about else "")
        self.remark = TextField(texts(N_("Remark")), texts(N_("needed to ask or reject")), lines=2)
        self.body.addWidget(self.remark)
        self.query = Button(texts(N_("Ask the team")), "message-square")
        self.reject = Button(texts(N_("Reject")), "x", "danger")
        self.approve = PrimaryButton("", "check")
        row = QHBoxLayout()
        row.addWidget(self.query, 1)
        row.addWidget(self.reject, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.approve)
        self._at_once = False
        self.query.clicked.connect(lambda: self.decide.emit("queried"))
        self.reject.clicked.connect(lambda: self.decide.emit("rejected"))
        self.approve.clicked.connect(lambda: self.all_plain.emit() if self._at_once else self.decide.emit("approved"))

    def show_marks(self, marked: int, plain: int, to_open: int) -> None:
        """What the buttons do: ``marked`` records, else all ``plain`` ones at once, of which ``to_open`` are closed."""
        texts = self.texts
        named, said = bool(self.by.text().strip()), bool(self.remark.text().strip())
        self.query.setEnabled(marked > 0 and said and named)
        self.reject.setEnabled(marked > 0 and said and named)
        self._at_once = not marked and plain > 0
        self.approve.setEnabled(named and (marked > 0 or (self._at_once and not to_open)))
        if marked:
            words = texts.plural(N_("Approve {count} record"), N_("Approve {count} records"), marked)
        elif self._at_once and to_open:
            words = texts.plural(N_("Open {count} drawn record first"), N_("Open {count} drawn records first"), to_open)
        elif self._at_once:
            words = texts.plural(
                N_("Approve {count} without remarks"), N_("Approve all {count} without remarks"), plain
            )
        else:
            words = texts(N_("Nothing is marked"))
        self.approve.setText(words)
