"""One record: what it is, what is open about it, its history newest first, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations.browsing import HistoryEvent, Opened
from fieldapp.texts import N_
from ui import theme
from ui.models.shown import Shown, kind_of
from ui.models.states import PLACES, state_chip, what_was_done
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, Facts, clear
from ui.widgets.frame import scrolled
from ui.widgets.labels import IconLabel, PlainLabel, field_label, secondary
from ui.widgets.lists import Change, HistoryEntry, HistoryList

_HIDDEN = frozenset((
    "lat", "lon", "local_id", "lot", "batch", "fixed_by", "accuracy_basis", "typed_crs", "personal_sha256",
    "personal_bytes",
))  # fmt: skip

_ON_MAP = frozenset(("find", "plot", "hazardous_area", "task", "accident"))
"""Kinds that the map draws."""


class RecordDetail(Card):
    """The right half of the Records page. Its signals ask for what the buttons say."""

    correct_asked = Signal()
    retract_asked = Signal()
    restore_asked = Signal()
    question_asked = Signal()
    """On a laptop: answer what headquarters asks. At headquarters: ask the team."""
    personal_asked = Signal()
    """Show the personal data of a victim."""
    map_asked = Signal()
    carry_asked = Signal()
    """Send personal data from a laptop, or take them in at headquarters."""
    publish_asked = Signal()
    """Tell all teams of a team's hazardous area."""
    settle_asked = Signal(str)
    """The group whose readings are to be settled."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._texts = session, session.texts
        self._shown = Shown(session.texts, session.clock, session.current_lists)
        self._inside = QWidget()
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(8)
        self.body.addWidget(scrolled(self._inside), 1)
        self.correct = PrimaryButton(self._texts(N_("Correct")), "pencil")
        self.restore = PrimaryButton(self._texts(N_("Restore ...")), "undo-2")
        self.retract = Button(self._texts(N_("Retract ...")), "ban", "danger")
        self.ask = Button(self._texts(N_("Ask the team")), "message-square")
        buttons = QHBoxLayout()
        for button, signal in (
            (self.correct, self.correct_asked), (self.restore, self.restore_asked), (self.retract, self.retract_asked),
        ):  # fmt: skip
            button.clicked.connect(signal)
            buttons.addWidget(button, 2 if isinstance(button, PrimaryButton) else 1)
        self.ask.clicked.connect(self.question_asked)
        self.on_map = Button(self._texts(N_("Show on the map")), "map")
        self.on_map.clicked.connect(self.map_asked)
        self.personal = Button(self._texts(N_("Show personal data")), "key-round")
        self.personal.clicked.connect(self.personal_asked)
        beside = QHBoxLayout()
        beside.addWidget(self.ask, 1)
        beside.addWidget(self.on_map, 1)
        self.body.addLayout(beside)
        verb = N_("Take in ...") if session.role == "hq" else N_("Send to headquarters ...")
        self.carry = Button(self._texts(verb), "usb")
        self.carry.clicked.connect(self.carry_asked)
        self.publish = Button(self._texts(N_("Publish to all teams")), "send")
        self.publish.clicked.connect(self.publish_asked)
        self.body.addWidget(self.publish)
        self.body.addWidget(self.personal)
        self.body.addWidget(self.carry)
        self.body.addLayout(buttons)
        self.history = HistoryList(self._texts)
        self.banners: list[Banner] = []
        self.progress: Facts | None = None
        self._name = ""
        self.show_nothing()

    def show_nothing(self) -> None:
        """No record is chosen."""
        clear(self._rows)
        self.banners = []
        self._rows.addWidget(EmptyState(self._texts(N_("Choose a record to see its history.")), icon="history"))
        for button in (
            self.correct, self.restore, self.ask, self.on_map, self.retract, self.personal, self.carry, self.publish,
        ):  # fmt: skip
            button.hide()

    def show_record(self, opened: Opened) -> None:
        """Show a record."""
        self._shown.know(opened.numbers)
        self._name, self.progress = opened.record.name, None
        clear(self._rows)
        self._rows.addLayout(self._head(opened))
        self.banners = list(self._banners(opened))
        for banner in self.banners:
            self._rows.addWidget(banner)
        self._rows.addWidget(field_label(self._texts(N_("History, newest first"))))
        total = len(opened.history)
        self.history = HistoryList(
            self._texts, [self._entry(opened, step, total - place) for place, step in enumerate(opened.history)]
        )
        self._rows.addWidget(self.history)
        self._rows.addWidget(field_label(self._texts(N_("As it stands now"))))
        self._rows.addWidget(Facts(self._facts(opened)))
        self._rows.addStretch(1)
        gone = opened.record.retracted
        self.correct.setVisible(opened.mine and not gone)
        self.retract.setVisible(opened.mine and not gone)
        self.restore.setVisible(opened.mine and gone)
        has_part = bool(opened.record.fields.get("personal_sha256"))
        self.personal.setVisible(has_part)
        self.carry.setVisible(has_part)
        a_teams = self._session.role == "hq" and opened.record.owner != "hq"
        self.ask.setVisible(a_teams)
        self.on_map.setVisible(opened.record.kind in _ON_MAP and not gone)
        self.publish.setVisible(a_teams and opened.record.kind == "hazardous_area")

    def show_progress(
        self, name: str, facts: Sequence[tuple[str, str]], remarks: Sequence[str], heading: str = ""
    ) -> None:
        """How far the programme ``name`` has come, under its title, while it is the one shown.

        With another ``heading``: what else is worked out of the record of that name.
        """
        if name != self._name:
            return
        self.progress = Facts(facts)
        below = 1 + len(self.banners)
        for place, widget in enumerate((field_label(heading or self._texts(N_("Progress"))), self.progress)):
            self._rows.insertWidget(below + place, widget)
        for place, remark in enumerate(remarks, below + 2):
            self._rows.insertWidget(place, secondary(remark))

    def _head(self, opened: Opened) -> QVBoxLayout:
        record = opened.record
        head, row = QVBoxLayout(), QHBoxLayout()
        head.setSpacing(2)
        row.setSpacing(10)
        row.addWidget(IconLabel(self._shown.icon(record.kind, record.fields), 32), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(PlainLabel(self._shown.number(record.fields, record.id), theme.PAGE, theme.SEMIBOLD))
        row.addStretch(1)
        row.addWidget(state_chip(opened.listed, self._session.role, self._texts))
        head.addLayout(row)
        head.addWidget(secondary(self._shown.what(record.kind, record.fields)))
        return head

    def _banners(self, opened: Opened) -> list[Banner]:
        texts, found = self._texts, []
        if opened.asked:
            answer = texts(N_("Answer")) if self._session.role == "field" else ""
            banner = Banner("info", texts(N_("HQ asks")), texts(N_("“{question}”"), question=opened.asked), answer)
            banner.pressed.connect(self.question_asked)
            found.append(banner)
        for conflict in opened.record.conflicts:
            kind = kind_of(opened.record.name)
            readings = [self._shown.group_value(kind, conflict.group, one) for one in conflict.readings]
            said = texts(
                N_("Shown until settled: {first}. Also recorded: {others}."),
                first=readings[0], others="; ".join(readings[1:]),
            )  # fmt: skip
            name = self.group_name(opened, conflict.group)
            first = texts(N_("{field}: the readings differ"), field=name)
            banner = Banner("warn", first, said, texts(N_("Settle ...")) if opened.mine else "", "git-compare")
            banner.pressed.connect(lambda group=conflict.group: self.settle_asked.emit(group))
            found.append(banner)
        return found

    def group_name(self, opened: Opened, group: str) -> str:
        """Name of a group of fields, as its first field says."""
        kind = kind_of(opened.record.name)
        if group == "position":
            return self._texts(N_("Position"))
        if group not in kind.group_by_name:
            return self._texts(N_("Record"))
        return self._shown.field_name(kind.group_by_name[group].fields[0])

    def _entry(self, opened: Opened, step: HistoryEvent, number: int) -> HistoryEntry:
        kind = kind_of(opened.record.name)
        changes: list[Change] = []
        if step.parents:
            for group, change in step.changes.items():
                if group != "exists":
                    before = change.before[0] if change.before else None
                    changes += self._shown.changes(kind, group, before, change.after)
        return HistoryEntry(
            str(number),
            what_was_done(step, self._texts),
            self._who(opened, step),
            tuple(changes),
            step.why or "",
            PLACES.get(opened.places.get(step.event, "")),
        )

    def _who(self, opened: Opened, step: HistoryEvent) -> str:
        laptop = opened.devices.get(step.event, "")
        parts = [step.by or "", self._shown.moment(step.at), laptop if laptop != step.by else ""]
        return " \u00b7 ".join(part for part in parts if part)

    def _facts(self, opened: Opened) -> list[tuple[str, str]]:
        record, shown = opened.record, self._shown
        facts = []
        if "position" in kind_of(record.name).group_by_name:
            position = record.values.get("position")
            facts.append((self._texts(N_("Position")), shown.position(position if isinstance(position, dict) else {})))
        for one in kind_of(record.name).fields:
            text = "" if one.name in _HIDDEN else shown.value(one, record.fields.get(one.name))
            if text:
                facts.append((shown.field_name(one), text))
        if self._session.role == "hq":
            facts.append((self._texts(N_("Team")), opened.teams.get(record.owner, record.owner)))
        return facts
