"""The card at the map's right: one record, several to choose from, a place, or what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.domain.checks import SEVERITY_WORDS
from fieldapp.geodesy.area import bearing_deg, distance_m
from fieldapp.geodesy.coordinates import format_position
from fieldapp.operations.browsing import HistoryEvent, Opened
from fieldapp.operations.map_card import Carded
from fieldapp.texts import N_, Texts
from ui import icons, theme
from ui.map.measuring import magnetic_deg
from ui.models.shown import Shown, kind_of
from ui.models.states import state_chip, what_was_done
from ui.session import Session
from ui.widgets.buttons import Button, Face, PaintedButton, PrimaryButton
from ui.widgets.cards import Facts, hairline
from ui.widgets.labels import IconLabel, PlainLabel, field_label, secondary

LatLon = tuple[float, float]
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
NOT_ALL_DRAWN = N_(
    "Nothing that is drawn now lies here. Not everything is drawn: something is filtered, switched off or not read yet."
    " “Within 50 m of here” looks at all records."
)
NOT_SAFE = N_("Nothing is recorded here. That does not mean it is safe.")
CONTENT_PX = 276
"""So wide is what stands on the card."""
_STEPS = 8
"""So many steps of the history stand on the card; Records has all."""
_FIELDS = {
    "find": ("depth_cm", "condition", "found_on", "found_by", "accuracy_m", "fixed_by"),
    "plot": ("release", "method", "area_m2", "depth_cm", "completed_on"),
    "hazardous_area": ("classification", "status", "area_m2"),
    "task": ("title", "status", "area_m2", "depth_required"),
}  # fmt: skip
"""What a card shows of a kind; of others all fields that are listed."""
_TONES = {"alarm": "danger", "danger": "danger", "look": "warn", "note": "text2"}


def position_text(session: Session, at: LatLon) -> str:
    """A place in the format this computer shows positions in; decimal degrees where that does not reach it."""
    try:
        return format_position(*at, session.positions_in, session.frame)
    except ValueError:
        return format_position(*at, "dd", session.frame)


def metres_text(metres: float, texts: Texts) -> str:
    """A distance as people say it: decimetres near, metres further off, kilometres far away."""
    if metres >= 10_000:
        return texts(N_("{count} km"), count=texts.number(metres / 1000, 1))
    return texts(N_("{count} m"), count=texts.number(metres, 1 if metres < 100 else 0))


def away_text(metres: float, bearing: float | None, texts: Texts) -> str:
    """Distance and bearing, ``61 m at 088° true``."""
    far = metres_text(metres, texts)
    if bearing is None:
        return far
    return texts(N_("{distance} at {bearing}° true"), distance=far, bearing=f"{round(bearing) % 360:03d}")


def from_here(own: LatLon | None, at: LatLon | None, texts: Texts, day: date) -> str:
    """How far it is from one's own position and in which direction, by both norths; empty where either is not known."""
    if own is None or at is None:
        return ""
    metres = distance_m(*own, *at)
    bearing = bearing_deg(*own, *at) if metres > 0 else None
    magnetic = magnetic_deg(own, bearing, day) if bearing is not None else None
    if bearing is None or magnetic is None:
        return away_text(metres, bearing, texts)
    return texts(N_("{distance} at {bearing}° true, {magnetic}° magnetic"), distance=metres_text(metres, texts),
                 bearing=f"{round(bearing) % 360:03d}", magnetic=f"{round(magnetic) % 360:03d}")  # fmt: skip


class FromYou(Facts):
    """Distance and direction from one's own position to a place. It follows the receiver: ``show_own``."""

    def __init__(self, session: Session, at: LatLon | None, own: LatLon | None) -> None:
        super().__init__()
        self._session, self._at = session, at
        self.said = ""
        self.show_own(own)

    def show_own(self, own: LatLon | None) -> None:
        """Say it from here; of a receiver that went silent, that it is not known now."""
        texts = self._session.texts
        said = from_here(own, self._at, texts, self._session.clock.now().date())
        if not said and self.said:
            said = texts(N_("no position now"))
        if said != self.said:
            self.said = said
            self.set_facts([(texts(N_("From you")), said)])


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column


class RecordCard(QWidget):
    """One record: what, when, who, state, checks, position, history. ``opened(name)``, ``disposal_asked(number)``."""

    opened = Signal(str)
    disposal_asked = Signal(str)

    def __init__(
        self, session: Session, carded: Carded, at: LatLon | None, own: LatLon | None, state: str = ""
    ) -> None:
        """``state``: what its drawing says of it, in words."""
        super().__init__()
        self._session, self._texts, self.state = session, session.texts, state
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self.record = carded.opened.record
        self.shown.know(carded.opened.numbers)
        texts, record = self._texts, self.record
        column = _column(self)
        column.addLayout(self._head(carded.opened))
        if state:  # the chip says where the record is, which nobody is to read as what the ground is
            column.addWidget(PlainLabel(state, theme.BODY, theme.SEMIBOLD, wrap=True))
        self.chip = state_chip(carded.opened.listed, session.role, texts)
        column.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignLeft)
        number = self.number = self.shown.number(record.fields, record.id)
        self.open = PrimaryButton(texts(N_("Open")))
        self.open.clicked.connect(lambda: self.opened.emit(record.name))
        self.dispose = Button(texts(N_("Log disposal")))
        self.dispose.clicked.connect(lambda: self.disposal_asked.emit(number))
        beside = self.open.sizeHint().width() + self.dispose.sizeHint().width() + 8 <= CONTENT_PX
        buttons = QHBoxLayout() if beside else QVBoxLayout()
        buttons.addWidget(self.open, 1)
        if record.kind == "find" and session.role == "field" and not record.retracted:
            buttons.addWidget(self.dispose, 1)
        column.addLayout(buttons)
        column.addWidget(hairline())
        self.facts = self._facts(carded.opened)
        column.addWidget(Facts(self.facts))
        self.from_you = FromYou(session, at, own)
        column.addWidget(self.from_you)
        if at is not None:
            column.addWidget(PlainLabel(position_text(session, at), theme.BODY, theme.SEMIBOLD, wrap=True))
        self.checks = [
            (one.severity, texts(N_("{severity}: {sentence}"), severity=texts(SEVERITY_WORDS[one.severity]),
                                 sentence=one.sentence(texts)))
            for one in carded.findings
        ]  # fmt: skip
        if self.checks:
            column.addWidget(field_label(texts(N_("Checks"))))
        for severity, said in self.checks:
            column.addWidget(PlainLabel(said, theme.SECONDARY, tone=_TONES[severity], wrap=True))
        column.addWidget(field_label(texts(N_("History, newest first"))))
        self.history = [self._step(carded.opened, step) for step in carded.opened.history]
        for said in self.history[:_STEPS]:
            column.addWidget(secondary(said))

    def _head(self, opened: Opened) -> QHBoxLayout:
        record, shown = opened.record, self.shown
        row, words = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(10)
        words.setSpacing(1)
        row.addWidget(IconLabel(shown.icon(record.kind, record.fields), 32), 0, Qt.AlignmentFlag.AlignTop)
        self.what = shown.what(record.kind, record.fields) or kind_of(record.name).names.in_language(
            self._texts.language)  # fmt: skip
        words.addWidget(PlainLabel(self.what, theme.TITLE, theme.SEMIBOLD, wrap=True))
        lists, language = self._session.lists, self._texts.language
        kind = kind_of(record.name).names.in_language(language)
        if record.kind == "find":
            category = lists.category(*(record.fields.get(one) for one in ("category", "model", "model_text")))
            kind = lists.name("category", category, language) or kind
        words.addWidget(secondary(kind))
        row.addLayout(words, 1)
        return row

    def _facts(self, opened: Opened) -> list[tuple[str, str]]:
        record, shown, texts = opened.record, self.shown, self._texts
        kind = kind_of(record.name)
        names: Iterable[str] = _FIELDS.get(record.kind, [one.name for one in kind.list_columns()])
        found = [
            (shown.field_name(kind.by_name[name]), shown.value(kind.by_name[name], record.fields.get(name)))
            for name in names if name in kind.by_name
        ]  # fmt: skip
        found.append((texts(N_("Team")), opened.teams.get(record.owner, record.owner)))
        return [(word, value) for word, value in found if value]

    def _step(self, opened: Opened, step: HistoryEvent) -> str:
        parts = [what_was_done(step, self._texts), step.by or "", self.shown.moment(step.at),
                 self._texts(N_("Reason: {reason}"), reason=step.why) if step.why else ""]  # fmt: skip
        return " \u00b7 ".join(part for part in parts if part)


@dataclass(frozen=True)
class Line:
    """One record to choose: its name, what it is, more of it, its icon."""

    record: str
    first: str
    detail: str
    icon: str


class PickRow(PaintedButton):
    """A line of a list: icon, what it is, more of it below."""

    _LEFT = 48

    def __init__(self, line: Line) -> None:
        super().__init__(line.first)
        self._line = line
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def face(self, tokens: theme.Tokens) -> Face:
        """A thin edge: there may be many."""
        return Face(tokens.card, tokens.edge, tokens.text, 1)

    def _heights(self) -> tuple[int, int]:
        width = max(self.width() - self._LEFT - 8, 40)
        first, detail = (
            QFontMetrics(font).boundingRect(QRect(0, 0, width, 2_000), _WRAP, text).height() + 4
            for font, text in ((theme.font(theme.BODY, theme.SEMIBOLD), self._line.first),
                               (theme.font(theme.SECONDARY), self._line.detail))
        )  # fmt: skip
        return first, detail

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """What it is, more of it."""
        first, detail = self._heights()
        width = self.width() - self._LEFT - 8
        return [
            (self._line.first, theme.font(theme.BODY, theme.SEMIBOLD), QRect(self._LEFT, 5, width, first)),
            (self._line.detail, theme.font(theme.SECONDARY), QRect(self._LEFT, 5 + first, width, detail)),
        ]

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """As high as its words need."""
        height = max(theme.TARGET, sum(self._heights()) + 10)
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Icon and words, from the left."""
        icons.draw(painter, self._line.icon, QRectF(12, (self.height() - 26) / 2, 26, 26), face.ink)
        painter.setPen(QColor(face.ink))
        for text, font, box in self.text_boxes():
            painter.setFont(font)
            painter.drawText(box, _WRAP, text)


class ListCard(QWidget):
    """Several records: how many of what, and a line for each of the first ones. ``chosen(name)``."""

    chosen = Signal(str)

    def __init__(self, texts: Texts, heading: str, lines: Sequence[Line], of: int = 0,
                 counts: Sequence[tuple[str, str]] = (), place: str = "", rest: str = "") -> None:  # fmt: skip
        """``of`` is how many there are; ``rest`` says where those are that are not listed."""
        super().__init__()
        self.heading = heading
        self.lines = tuple(lines)
        self.counts = tuple(counts)
        column = _column(self)
        column.addWidget(PlainLabel(heading, theme.TITLE, theme.SEMIBOLD, wrap=True))
        if place:
            column.addWidget(PlainLabel(place, theme.BODY, theme.SEMIBOLD, wrap=True))
        if not lines:
            column.addWidget(secondary(texts(NOT_SAFE)))
        if counts:
            column.addWidget(Facts(counts))
        if of > len(lines):
            said = texts(N_("The first {some} of {all}. Zoom in or filter to see the others."),
                         some=texts.number(len(lines)), all=texts.number(of))  # fmt: skip
            column.addWidget(secondary(rest or said))
        self.rows = [PickRow(line) for line in lines]
        for row, line in zip(self.rows, lines, strict=True):
            row.clicked.connect(lambda _=False, name=line.record: self.chosen.emit(name))
            column.addWidget(row)


class PlaceCard(QWidget):
    """A place where nothing is recorded: its position, and what lies around it. ``around_asked()``."""

    around_asked = Signal()

    def __init__(self, session: Session, at: LatLon, own: LatLon | None, *, all_drawn: bool = True) -> None:
        """``all_drawn``: nothing that is recorded is left out of the map; else nobody knows what lies there."""
        super().__init__()
        texts = session.texts
        column = _column(self)
        column.addWidget(PlainLabel(texts(N_("This place")), theme.TITLE, theme.SEMIBOLD, wrap=True))
        self.position = PlainLabel(position_text(session, at), theme.BODY, theme.SEMIBOLD, wrap=True)
        column.addWidget(self.position)
        self.from_you = FromYou(session, at, own)
        column.addWidget(self.from_you)
        self.said = secondary(texts(NOT_SAFE if all_drawn else NOT_ALL_DRAWN))
        column.addWidget(self.said)
        self.around = Button(texts(N_("Within 50 m of here")), "crosshair")
        self.around.clicked.connect(self.around_asked)
        column.addWidget(self.around)
