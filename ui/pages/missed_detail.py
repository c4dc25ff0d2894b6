"""One missed item: where it lies, what was known when, who explained it, and the field for what comes next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import explaining, missed_detail
from fieldapp.operations.explaining import CAUSES, Alarm, Said
from fieldapp.operations.missed_detail import KNEW, STEPS, Opened, Step
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.models.shown import Shown
from ui.session import Session
from ui.widgets.banner import Banner, Chip, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import TextField
from ui.widgets.frame import scrolled
from ui.widgets.labels import IconLabel, PlainLabel, secondary
from ui.widgets.sketch import Point, Sketch


class MissedDetail(Card):
    """The right half of the page. Headquarters, or a laptop on its own, explains; a team adds notes."""

    go = Signal(str, object)
    """Key of another page, and the record to open there."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._texts = session, session.texts
        self._shown = Shown(session.texts, session.clock, session.current_lists)
        self.current: Alarm | None = None
        self._asking = False
        """The cause is asked for: it needs the room that the histories have."""
        self.explains = session.role == "hq" or bool(session.about and not session.about.deployment)
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(10)
        self._scroll = scrolled(inside)
        self.body.addWidget(self._scroll, 1)
        self._problem = QVBoxLayout()
        self.body.addLayout(self._problem)
        self._build_inputs()
        keys = QShortcut(QKeySequence("Ctrl+Return"), self, self.send.click)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.show_nothing()

    def _build_inputs(self) -> None:
        texts = self._texts
        causes = self._session.current_lists().vocabulary(CAUSES)
        options = [Option(entry.code, entry.names.in_language(texts.language)) for entry in causes]
        self.cause = Choice(texts(N_("Cause")), options, per_row=2)
        self.cause.changed.connect(lambda _code: self._show_ready())
        label = N_("How it came about") if self.explains else N_("What the team knows of it")
        self.text = TextField(texts(label), "", 2)
        self.text.changed.connect(lambda _text: self._show_ready())
        self.open_find = Button(texts(N_("Find")), "crosshair")
        self.open_plot = Button(texts(N_("Plot")), "hexagon")
        self.open_find.clicked.connect(lambda: self._go(0))
        self.open_plot.clicked.connect(lambda: self._go(1))
        self.back = Button(texts(N_("Back")), "chevron-left")
        self.back.clicked.connect(lambda: self._ask(False))
        self.ask = PrimaryButton(texts(N_("Explain ...")), "pencil")
        self.ask.clicked.connect(lambda: self._ask(True))
        send = N_("Explain") if self.explains else N_("Add note")
        self.send = PrimaryButton(texts(send), "check-check" if self.explains else "send")
        self.send.clicked.connect(self._send)
        row = QHBoxLayout()
        for button in (self.open_find, self.open_plot, self.back, self.ask, self.send):
            row.addWidget(button, 2 if isinstance(button, PrimaryButton) else 1)
        self._asked = QVBoxLayout()
        self.body.addLayout(self._asked)
        for part in (self.cause, self.text):
            self.body.addWidget(part)
        self.body.addLayout(row)

    def _go(self, place: int) -> None:
        if self.current is not None:
            self.go.emit("records", self.current.pair[place])

    def enter(self) -> None:
        """Go on to what is to be filled in."""
        if self.ask.isVisible():
            self._ask(True)
        elif self.text.isVisible():
            self.text.setFocus()

    def _ask(self, asking: bool) -> None:
        """Ask for the cause, or show the histories again; what was typed stays."""
        self._asking = asking
        self._show_parts()
        (self.cause if asking else self.ask).setFocus()

    def show_nothing(self) -> None:
        """No missed item is chosen."""
        self.current = None
        clear(self._rows)
        clear(self._problem)
        self._rows.addWidget(EmptyState(self._texts(N_("Choose a missed item to read it.")), icon="triangle-alert"))
        self._show_parts()

    def _show_parts(self) -> None:
        """Show what this missed item needs now."""
        alarm = self.current
        closes = alarm is not None and self.explains and alarm.open
        asking = self._asking and closes
        clear(self._asked)
        if asking and alarm is not None:
            self._asked.addLayout(self._head(alarm))
            self._asked.addWidget(secondary(self._texts(N_("It is open again when the find or the plot changes."))))
            self._asked.addStretch(1)
        self._scroll.setVisible(not asking)
        self.body.setStretchFactor(self._asked, 1 if asking else 0)
        for part, shown in (
            (self.cause, asking), (self.back, asking), (self.ask, closes and not asking),
            (self.text, asking or (alarm is not None and not self.explains)),
            (self.send, asking or (alarm is not None and not self.explains)),
            (self.open_find, alarm is not None and not asking), (self.open_plot, alarm is not None and not asking),
        ):
            part.setVisible(shown)
        self._show_ready()

    def show_alarm(self, alarm: Alarm) -> None:
        """Show this missed item; what is typed for it stays."""
        if self.current is None or self.current.pair[:2] != alarm.pair[:2]:
            clear(self._problem)
            self.cause.set_text("")
            self.text.set_text("")
            self._asking = False
        self.current = alarm
        pair = alarm.pair
        self._session.ask(lambda ws: missed_detail.opened(ws, pair.find, pair.plot), self._show)

    def _show(self, opened: Opened) -> None:
        alarm = opened.alarm
        if self.current is None or self.current.pair[:2] != alarm.pair[:2]:
            return
        self.current = alarm
        clear(self._rows)
        self._rows.addLayout(self._head(alarm))
        first, *others = explaining.sentences(alarm, self._texts)
        tone = "danger" if alarm.open else "ok"
        self._rows.addWidget(Banner(tone, first, "\n".join([*others, *explaining.facts(alarm, self._texts)])))
        for said in alarm.explained:
            self._rows.addWidget(self._explained(said))
        for said in opened.notes:
            self._rows.addWidget(self._comment(said))
        self._rows.addWidget(self._sketch(opened), 1)
        self._rows.addLayout(self._histories(opened))
        self._rows.addStretch(1)
        self._show_parts()

    def _head(self, alarm: Alarm) -> QHBoxLayout:
        texts = self._texts
        head = QHBoxLayout()
        head.setSpacing(10)
        title = texts(N_("{find} in plot {plot}"), find=alarm.number, plot=alarm.plot_number)
        head.addWidget(PlainLabel(title, theme.TITLE, theme.SEMIBOLD, wrap=True), 1)
        if alarm.open:
            word = N_("Open again") if alarm.reopened else N_("Not explained")
            head.addWidget(Chip(texts(word), "danger", "triangle-alert"))
        else:
            head.addWidget(Chip(texts(N_("Explained")), "ok", "check-check"))
        return head

    def _who(self, by: str, at: str, laptop: str = "") -> str:
        return " \u00b7 ".join(part for part in (by, laptop, self._shown.moment(at)) if part)

    def _explained(self, said: Said) -> QWidget:
        cause = self._session.current_lists().name(CAUSES, said.cause, self._texts.language)
        detail = "\n".join(part for part in (said.text, self._who(said.by, said.at)) if part)
        if said.current:
            return Banner("ok", cause, detail, icon="check-check")
        first = self._texts(N_("Explained before the last change: {cause}"), cause=cause)
        return Banner("stale", first, detail)

    def _comment(self, said: Said) -> QWidget:
        return Banner("info", said.text, self._who(said.by, said.at))

    def _sketch(self, opened: Opened) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        sketch = Sketch(self._texts)
        sketch.setFixedHeight(220)
        sketch.show_points([Point(*point) for point in opened.drawn.points], opened.drawn.place)
        column.addWidget(sketch)
        column.addWidget(secondary(self._texts(N_("The circle is the find, as both were entered."))))
        return box

    def _histories(self, opened: Opened) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        for kind, word in (("find", N_("The find")), ("plot", N_("The plot"))):
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(PlainLabel(self._texts(word), theme.BODY, theme.SEMIBOLD))
            for step in opened.steps:
                if step.kind == kind:
                    column.addWidget(self._step(step))
            column.addStretch(1)
            row.addLayout(column, 1)
        return row

    def _step(self, step: Step) -> QWidget:
        texts = self._texts
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        tone = "text2"
        if step.kind == "find" and step.knew:
            tone = "danger"
        row.addWidget(IconLabel("history", 20, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(texts(STEPS[step.kind, step.what]), wrap=True))
        words.addWidget(PlainLabel(texts(KNEW[step.kind, step.knew]), theme.SECONDARY, theme.SEMIBOLD, tone, wrap=True))
        words.addWidget(secondary(self._who(step.by, step.at, step.laptop)))
        row.addLayout(words, 1)
        return box

    def _show_ready(self) -> None:
        ready = bool(self.text.text().strip()) and (not self.explains or bool(self.cause.text()))
        self.send.setEnabled(ready)

    def _send(self) -> None:
        alarm, cause, text = self.current, self.cause.text(), self.text.text()
        if alarm is None or not self.send.isEnabled() or not self.send.isVisible():
            return
        self.send.setEnabled(False)
        write: Callable[[Workspace], str]
        if self.explains:
            def write(ws: Workspace) -> str:
                return explaining.explain(ws, alarm, cause, text)
        else:
            def write(ws: Workspace) -> str:
                return explaining.add_note(ws, alarm, text)
        self._session.do(write, self._sent, self._failed)

    def _sent(self, _name: str) -> None:
        clear(self._problem)
        self._asking = False
        self.cause.set_text("")
        self.text.set_text("")

    def _failed(self, error: OperatorError) -> None:
        clear(self._problem)
        self._problem.addWidget(error_banner(error.parts(self._texts)))
        self._show_ready()
