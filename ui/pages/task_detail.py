"""One task at the side of the list: its sketch, what is asked, what is done, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.records.task import ENDED
from fieldapp.domain.registry import KINDS
from fieldapp.operations import task_board
from fieldapp.operations.remaining import Remaining, remarks_of
from fieldapp.operations.task_board import Line
from fieldapp.texts import N_
from ui import theme
from ui.models.shown import Shown
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, Facts
from ui.widgets.frame import scrolled
from ui.widgets.sketch import Point, Sketch

TASK = KINDS["task"]
STATUS_LOOK = {
    "planned": ("plain", "circle"),
    "assigned": ("info", "send"),
    "ongoing": ("ok", "loader"),
    "suspended": ("warn", "clock"),
    "completed": ("ok", "circle-check"),
    "abandoned": ("stale", "ban"),
    "closed": ("stale", "check"),
}
"""Tone and icon of each status, in the order in which a task goes through them."""
_SHOWN = ("task_kind", "depth_required", "method", "other_methods", "place", "qc_asked", "starts_on", "due_on",
          "programme", "remarks")  # fmt: skip
_NAMED_POINTS = 24
"""A sketch with more points than this would be all names."""


class TaskDetail(QWidget):
    """Facts and buttons of the chosen task; each button (enabled while one is chosen) tells its ``Line``."""

    give_asked = Signal(object)
    status_asked = Signal(object)
    history_asked = Signal(object)
    current_asked = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.texts, self.shown = session.texts, Shown(session.texts, session.clock, session.current_lists)
        self.at_hq = session.role == "hq"
        self.line: Line | None = None
        self.wanted = ""
        """Name of the task to choose once it is listed."""
        self.setFixedWidth(370)
        texts = self.texts
        self.sketch = Sketch(texts)
        self.sketch.setMinimumHeight(150)
        self.facts = Facts()
        self.facts.setContentsMargins(0, 0, 8, 0)
        self.give = Button(texts(N_("Give to a team")), "send")
        self.status = Button(texts(N_("Status")), "pencil")
        self.history = Button(texts(N_("History")), "history")
        self.current = Button("", "crosshair")
        for button, signal in (
            (self.give, self.give_asked), (self.status, self.status_asked), (self.history, self.history_asked),
            (self.current, self.current_asked),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(self.line))
        card = Card(texts(N_("The task")))
        card.body.addWidget(self.sketch, 2)
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.facts)
        lines.addStretch(1)
        card.body.addWidget(scrolled(inside), 3)
        row = QHBoxLayout()
        for button in (self.status, self.history) if self.at_hq else (self.history,):
            row.addWidget(button, 1)
        card.body.addWidget(self.give if self.at_hq else self.current)
        card.body.addLayout(row)
        for button in (self.current,) if self.at_hq else (self.give, self.status):
            button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(card)
        self.show_task(None, None)

    def show_task(self, line: Line | None, left: Remaining | None) -> None:
        """Show a task and, once it is counted, what is left of it."""
        self.line = line
        ended = line is not None and line.row["status"] in ENDED
        self.give.setEnabled(line is not None and not ended)
        self.status.setEnabled(line is not None)
        self.history.setEnabled(line is not None)
        self.current.setEnabled(line is not None and not ended)
        chosen = line is not None and line.current
        self.current.setText(self.texts(N_("Log for no task")) if chosen else self.texts(N_("Work on this task")))
        points = task_board.points_of(line.row) if line is not None else []
        named = len(points) <= _NAMED_POINTS
        self.sketch.show_points([Point(lat, lon, name if named else "") for lat, lon, name in points])
        self.sketch.setVisible(bool(points))
        self.facts.set_facts(self._facts(line, left) if line is not None else ())

    def _facts(self, line: Line, left: Remaining | None) -> list[tuple[str, str]]:
        texts, row = self.texts, line.row
        facts = [(texts(N_("No.")), self.shown.number(row, row["id"]))]
        for name in _SHOWN:
            one = TASK.by_name[name]
            text = self.shown.value(one, row[name])
            if text:
                facts.append((self.shown.field_name(one), text))
        facts += [(texts(N_("Item {number}"), number=item["number"]), self._item(item)) for item in line.items]
        if left is None:
            return facts
        if left.task_m2 is None or left.remaining_m2 is None:
            facts.append((texts(N_("Remaining")), texts(N_("no area to measure"))))
            return [*facts, *self._remarks(left)]
        facts.append((texts(N_("Remaining")), self._m2(left.remaining_m2)))
        released = self.shown.lists.vocabulary("release")
        facts += [(released.name(name, texts.language), self._m2(m2)) for name, m2 in left.released_m2.items() if m2]
        return [*facts, *self._remarks(left)]

    def _item(self, item: Mapping[str, Any]) -> str:
        """What, how many, and where: the store, or the place where they lie."""
        where = item["store"] or (self.shown.position(item) if item["lat"] is not None else "")
        return ", ".join(filter(None, (self.shown.what("find", item), where)))

    def _remarks(self, left: Remaining) -> list[tuple[str, str]]:
        texts = self.texts
        facts = [("", texts(message, m2=texts.number(m2, 1))) for message, m2 in remarks_of(left)]
        strangers = [part.number for part in left.parts if not part.named]
        if strangers:
            facts.append(("", texts(N_("Lie in it without naming it: {plots}."), plots=", ".join(strangers))))
        return facts

    def _m2(self, m2: object) -> str:
        return self.texts(N_("{value} m²"), value=self.texts.number(float(str(m2)), 1))
