"""The form of a kind that has none of its own: all its declared fields, where it happened, and a reason to correct."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.kinds import Kind
from fieldapp.domain.personal import PERSONAL
from fieldapp.operations import personal
from fieldapp.operations.browsing import Record
from fieldapp.operations.drafts import SECRET
from fieldapp.operations.personal import Reading
from fieldapp.texts import N_
from ui import theme
from ui.forms import entered_values
from ui.forms.capture import position_block
from ui.forms.declared import form_widgets
from ui.forms.record_form import RecordForm, laid_out
from ui.forms.where import PositionReader
from ui.session import Session
from ui.widgets import Banner, Button, Card, Field, PlainLabel, PositionBlock, TextField

COLUMNS = 2
BESIDE = 3
"""Choices of so many options fit into one column."""


class EnteredForm(RecordForm):
    """Enter a record of ``kind``, or correct ``record``; ``numbers`` are those of the records it names."""

    def __init__(
        self, session: Session, kind: Kind, record: Record | None = None, numbers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(session, record, kind)
        self.items = form_widgets(kind, self.texts, ("lat", "lon"), session.current_lists)
        self.position: PositionBlock | None = None
        self.personal_card: Card | None = None
        self.personal_button = Button(self.texts(N_("Enter personal data")), "key-round")
        self._secret: list[QWidget] = []
        self._lay_out()
        for item in self.items:
            self.add(item.field.name, item.input)
        self.add_shared()
        if record is not None:
            self.open_record(entered_values.values_of(record, numbers or {}, session.lists, self.texts.language))
        self.body.setSpacing(theme.GAP)

    def first(self) -> QWidget:
        """Where entering begins."""
        return self.items[0].widget

    def start(self) -> None:
        """Put the focus where entering begins."""
        self.first().setFocus()

    def input_of_group(self, input_name: str) -> str:
        """The typed position is the group ``position``, the points that of the outline, the fields' groups else."""
        group = self.kind.group_of.get({"points": "outline", "position": "lat"}.get(input_name, input_name))
        return "sealed" if input_name.startswith(SECRET) else group.name if group else ""

    def _lay_out(self) -> None:
        texts = self.texts
        if self.record is not None:
            why = Card()
            why.body.addWidget(self.reason)
            self.body.addWidget(why)
        main = QVBoxLayout()
        main.setSpacing(theme.GAP)
        card = Card()
        if self.kind.private and self.session.role == "hq" and self.record is None:
            team = Field(texts(N_("Code of the team it belongs to")), texts(N_("empty: headquarters alone")))
            self.add("owner", team)
            card.body.addWidget(team)
        card.body.addLayout(laid_out(self.items, COLUMNS, BESIDE))
        if "outline" in self.kind.by_name:
            points = TextField(texts(N_("Turning points, one a line, as typed")), lines=4)
            self.add("points", points)
            card.body.addWidget(points)
        main.addWidget(card)
        if self.kind.name == "victim":
            main.addWidget(self._personal())
        main.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        if "lat" in self.kind.by_name:
            row.addWidget(self._where())
        row.addLayout(main, 1)
        self.body.addLayout(row, 1)

    def _where(self) -> QWidget:
        card = Card(self.texts(N_("Where it happened")), "WGS 84")
        card.setFixedWidth(404)
        self.position = position_block(self.session, PositionReader(self.session))
        self.add("position", self.position)
        card.body.addWidget(self.position)
        card.body.addStretch(1)
        return card

    def _personal(self) -> Card:
        texts = self.texts
        card = Card(texts(N_("Personal data")))
        self.personal_card = card
        card.body.addWidget(PlainLabel(texts(N_(
            "Only headquarters can read them. They are sealed when you save, travel in no bundle, and stand in no "
            "list, search, export or report. Name nobody in the fields above."
        )), wrap=True))  # fmt: skip
        if self.record is not None and self.record.fields.get("personal_sha256"):
            self.personal_button.setText(texts(N_("Show personal data")))
            card.body.addWidget(PlainLabel(texts(N_("It is noted who looked, and when.")), wrap=True))
            self.personal_button.clicked.connect(self._ask_personal)
        else:
            self.personal_button.clicked.connect(self._open_personal)
        card.body.addWidget(self.personal_button)
        for field in PERSONAL.fields:
            label = field.names.in_language(texts.language)
            place = texts(N_("year-month-day: 2026-11-15")) if field.name == "date_of_birth" else ""
            widget = TextField(label) if field.multiline else Field(label, placeholder=place)
            widget.hide()
            self.add(SECRET + field.name, widget)
            self._secret.append(widget)
            card.body.addWidget(widget)
        return card

    def _ask_personal(self) -> None:
        record = self.record
        if record is not None:
            self.personal_button.setEnabled(False)
            self.session.ask(lambda ws: personal.look(ws, record.name), self._show_personal)

    def _show_personal(self, readings: list[Reading]) -> None:
        values = readings[0].values if readings else {}
        if values is None:
            said = self.texts(N_("They can be corrected only on the computer that can open them."))
            first = self.texts(N_("These personal data are not on this computer, or are sealed for somebody else."))
            banner = Banner("stale", first, said)
            if self.personal_card is not None:
                self.personal_card.body.addWidget(banner)
            return
        shown = {SECRET + name: str(value) for name, value in values.items()}
        typed = self.values()
        self._start = {**self._start, **shown}
        self.set_values({name: text for name, text in shown.items() if not typed.get(name)})
        self._open_personal()

    def _open_personal(self) -> None:
        self.personal_button.hide()
        for widget in self._secret:
            widget.show()
        self._secret[0].setFocus()

    def personal_shown(self) -> bool:
        """Do the personal fields stand open?"""
        return any(not widget.isHidden() for widget in self._secret)

    def next(self) -> None:
        """Empty the form for the next record."""
        self.clear_error()
        self.clear()
        self.start()
