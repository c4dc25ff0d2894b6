"""The panel of drawing at the map's side: what it measures, what it is near, and what is done by buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.domain.vocabulary import vocabulary
from fieldapp.errors import OperatorError
from fieldapp.geodesy.frame import Frame
from fieldapp.operations import positions
from fieldapp.texts import N_, Texts
from ui import theme
from ui.forms.typed_outline import RingAt, TypedLine
from ui.map.drawing_figures import Said
from ui.map.drawing_outline import LEAST, Drawn, Spot, spot_of
from ui.map.drawing_tool import DrawingTool
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Facts
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field
from ui.widgets.labels import PlainLabel, secondary

TARGETS = {"plot": N_("Plot"), "area": N_("Hazardous area"), "tasks": N_("Task")}
"""Pages that take an outline, and what becomes of it there."""


def sure_banner(texts: Texts) -> Banner:
    """Asks once more before a drawing is forgotten: ``pressed`` is yes."""
    first, said = texts(N_("Discard the drawing?")), texts(N_("Its corners are forgotten."))
    return Banner("warn", first, said, texts(N_("Discard")), second=texts(N_("Keep")), below=True)


def _sure_ring_banner(texts: Texts) -> Banner:
    """Asks once more before a ring goes: ``pressed`` is yes."""
    return Banner("warn", texts(N_("Remove this ring?")), " ", texts(N_("Remove")), second=texts(N_("Keep")),
                  below=True)  # fmt: skip


class Offer(QWidget):
    """Offers a drawing that waits: ``pressed`` continues, ``discarded`` follows the second yes."""

    pressed = Signal()
    discarded = Signal()

    def __init__(self, texts: Texts, said: str, *, readable: bool = True) -> None:
        super().__init__()
        go_on = texts(N_("Continue")) if readable else ""
        self.banner = Banner("warn", texts(N_("A drawing is not finished")), said, go_on, "pencil",
                             texts(N_("Discard")), below=True)  # fmt: skip
        self.sure = sure_banner(texts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.sure)
        self.sure.hide()
        self.banner.pressed.connect(self.pressed)
        self.banner.second_pressed.connect(self.sure.show)
        self.sure.second_pressed.connect(self.sure.hide)
        self.sure.pressed.connect(self.discarded)


class DrawingPanel(QWidget):
    """Shows and drives one tool. ``target_changed(str)``: it is drawn for another form; ``discard_asked()``.

    Its ``foot`` stands below it and does not scroll: the buttons there stay in place whatever is said above them.
    """

    target_changed = Signal(str)
    discard_asked = Signal()

    def __init__(self, texts: Texts, tool: DrawingTool, frame: Frame, targets: Sequence[str], target: str) -> None:
        super().__init__()
        self._texts, self._tool, self._frame = texts, tool, frame
        options = [Option(code, texts(TARGETS[code])) for code in targets]
        self.target = Choice(texts(N_("What is drawn")), options, filled=True)
        self.target.set_text(target)
        self._target = target
        self.corrects = secondary(texts(N_("The outline of a saved record is corrected.")))
        self.corrects.hide()
        self.facts = Facts()
        self.figures = Said()
        self.problem = Banner("danger", " ", " ")
        self.problem.hide()
        self.warning = Banner("warn", " ", " ")
        self.warning.hide()
        self.refused = Banner("stale", " ", " ")
        self.refused.hide()
        self.said = PlainLabel("", theme.BODY, theme.SEMIBOLD, wrap=True)
        self.near = PlainLabel("", theme.BODY, theme.SEMIBOLD, wrap=True)
        self.near.hide()
        self.corner = PlainLabel("", theme.BODY, wrap=True)
        self._make_buttons()
        self._make_typing()
        self._lay_out()
        self.target.setVisible(len(options) > 1)  # not before it has a parent: it would be a window of its own
        self._connect()
        self.show_now()

    def _make_buttons(self) -> None:
        texts = self._texts
        self.snap = Button(texts(N_("Snap to what is there")))
        self.snap.setCheckable(True)
        self.hole = Button(texts(N_("Add hole")), "plus")
        self.part = Button(texts(N_("Add part")), "plus")
        self.take_out = Button(texts(N_("Take corner out")), "minus")
        self.drop_ring = Button(texts(N_("Remove this ring")), "trash-2")
        self.discard = Button(texts(N_("Discard the drawing")), "trash-2")
        self.sure = sure_banner(texts)
        self.sure.hide()
        self.sure_ring = _sure_ring_banner(texts)
        self.sure_ring.hide()
        self._ring_asked: tuple[Drawn, RingAt] | None = None
        self._discard_asked = self._refusal = False
        for button in (self.snap, self.hole, self.part, self.take_out, self.drop_ring, self.discard):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the keys with the map
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setMinimumSize(theme.TARGET, theme.TARGET)

    def _make_typing(self) -> None:
        texts = self._texts
        self.typed = Field(texts(N_("Corner by coordinates")))
        self.read_as = secondary("")
        self.put = Button(texts(N_("Put a corner there")), "crosshair")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        rows: tuple[QWidget, ...] = (
            self.facts, self.problem, self.warning, self.near, self.corner, self.target, self.corrects, self.typed,
            self.read_as, self.put, self.drop_ring, self.discard,
        )  # fmt: skip
        for widget in rows:
            column.addWidget(widget)
        column.addWidget(secondary(self._texts(N_(
            "Click or Space: a corner. Enter or a double click closes. Backspace takes the last back. Tab chooses a "
            "corner, arrows move it, Delete takes it out. S: snapping on or off; Alt holds it off. Esc leaves; the "
            "drawing is kept."
        ))))  # fmt: skip
        self.foot = self._made_foot()

    def _made_foot(self) -> QWidget:
        """What answers to a press, and below it buttons, from the bottom up: none moves when something is said."""
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        answers: tuple[QWidget, ...] = self.refused, self.said, self.sure, self.sure_ring
        for widget in answers:
            column.addWidget(widget)
        for pair in ((self.snap, self.take_out), (self.hole, self.part)):
            row = QHBoxLayout()
            row.setSpacing(8)
            for button in pair:
                row.addWidget(button, 1)
            column.addLayout(row)
        return foot

    def _connect(self) -> None:
        tool = self._tool
        tool.shown.connect(self.show_now)
        tool.changed.connect(self.accept)
        self.target.changed.connect(self._target_changed)
        self.snap.clicked.connect(tool.switch_snapping)
        self.hole.clicked.connect(lambda: tool.change(tool.steps.now.with_new_hole(tool.ring_meant.part)))
        self.part.clicked.connect(lambda: tool.change(tool.steps.now.with_new_part()))
        self.take_out.clicked.connect(tool.take_chosen)
        self.drop_ring.clicked.connect(self._ask_ring)
        self.sure_ring.second_pressed.connect(self._ask)
        self.sure_ring.pressed.connect(self._drop_ring)
        self.typed.changed.connect(lambda _text: self._read())
        self.typed.line.entered.connect(self._put)
        self.put.clicked.connect(self._put)
        self.discard.clicked.connect(lambda: self._ask(discard=True))
        self.sure.second_pressed.connect(self._ask)
        self.sure.pressed.connect(self.discard_asked)
        for keys, act in (("Ctrl+Z", tool.undo), ("Ctrl+Y", tool.redo), ("Ctrl+Shift+Z", tool.redo),
                          ("F5", tool.here_asked.emit)):  # fmt: skip
            QShortcut(QKeySequence(keys), self, act)
        self._read()

    def show_now(self) -> None:
        """Show what the tool has now."""
        tool, now = self._tool, self._tool.now
        spot = tool.spot()
        self.said.setText(tool.said)
        self.corner.setText(self.corner_words(spot) if spot is not None else self._texts(N_("Set the first corner.")))
        self.snap.setChecked(tool.snaps.enabled)
        whole = len(now.ring) >= LEAST and not now.open
        self.hole.setEnabled(whole)
        self.part.setEnabled(whole)
        self.take_out.setEnabled(bool(now.ring))
        self.drop_ring.setEnabled(bool(now.count) or now.at.part + now.at.ring > 0)
        self.put.setText(self._texts(N_("Put {corner} there") if tool.chosen else N_("Put a corner there"),
                                     corner=tool.name()))  # fmt: skip

        if self._ring_asked is not None and self._ring_asked != (tool.steps.now, tool.ring_meant):
            self._ring_asked = None
        self._answer()

    def _answer(self) -> None:
        """One answer at a time, there is little room: a question first, then a refusal, then what happened."""
        asks = self._discard_asked or self._ring_asked is not None
        self.sure.setVisible(self._discard_asked)
        self.sure_ring.setVisible(self._ring_asked is not None)
        self.refused.setVisible(self._refusal and not asks)
        self.said.setVisible(bool(self.said.text()) and not self._refusal and not asks)

    def _ask(self, *, discard: bool = False, ring: tuple[Drawn, RingAt] | None = None) -> None:
        self._discard_asked, self._ring_asked = discard, ring
        self._answer()

    def _ask_ring(self) -> None:
        """Say how much goes; an empty ring goes at once."""
        texts, tool = self._texts, self._tool
        now, at = tool.steps.now, tool.ring_meant
        rings = now.parts[at.part] if at.ring == 0 else (now.ring_at(at),)
        count = sum(map(len, rings))
        if not count:
            tool.drop_ring(at)
            return
        said = texts.plural(N_("{count} corner goes."), N_("{count} corners go."), count)
        if len(rings) > 1:
            said = texts.plural(N_("{count} corner goes, with those of its holes."),
                                N_("{count} corners go, with those of its holes."), count)  # fmt: skip
        self.sure_ring.say("warn", texts(N_("Remove this ring?")), said)
        self._ask(ring=(now, at))

    def _drop_ring(self) -> None:
        asked = self._ring_asked
        if asked is not None:
            self._ask()
            self._tool.drop_ring(asked[1])

    def show_record(self, corrects: bool) -> None:
        """Say whether the outline goes back to the record it came from."""
        self.corrects.setVisible(corrects)

    def corner_words(self, spot: Spot) -> str:
        """What is known of a corner: its name, how it was fixed, how well, and what it was moved onto."""
        texts, known = self._texts, spot.known
        how = vocabulary("fixed_by").name(spot.source, texts.language) if spot.source else texts(N_("Recorded"))
        if not known.get("accuracy_m"):
            return texts(N_("{corner}: {how}"), corner=self._tool.name(), how=how)
        metres, onto = texts.number(float(str(known["accuracy_m"])), 1), str(known.get("snapped_to", ""))
        said = N_("{corner}: {how}, snapped, ±{metres} m") if onto else N_("{corner}: {how}, ±{metres} m")
        if onto in self._tool.names:
            said = N_("{corner}: {how}, snapped to {name}, ±{metres} m")
        return texts(said, corner=self._tool.name(), how=how, metres=metres, name=self._tool.names.get(onto, ""))

    def show_figures(self, said: Said) -> None:
        """Show what was measured, and what is wrong."""
        self.figures = said
        self.facts.set_facts(said.facts)
        self.near.setText("\n".join(said.near))
        self.near.setVisible(bool(said.near))
        banners = (self.problem, said.problem, said.tone), (self.warning, said.warning, "warn")
        for banner, (first, detail), tone in banners:
            banner.setVisible(bool(first))
            if first:
                banner.say(tone, first, detail)

    def refuse(self, error: OperatorError) -> None:
        """Say why the receiver's position was not taken."""
        what, kept, do = error.parts(self._texts)
        self.refused.say("stale", what, " ".join(part for part in (kept, do) if part))
        self._refusal = True
        self._answer()

    def accept(self) -> None:
        """Nothing is refused any more: the outline went on."""
        self._refusal = False
        self.show_now()

    def _target_changed(self, code: str) -> None:
        if code:
            self._target = code
            self.target_changed.emit(code)
        else:  # a second press takes the choice back, and something is drawn always
            self.target.set_text(self._target)

    def _read(self) -> None:
        text, said, tone = self.typed.text().strip(), "", "text2"
        self.put.setEnabled(False)
        if text:
            try:
                read = positions.read(text, self._frame)
            except OperatorError as error:
                what, _kept, do = error.parts(self._texts)
                said, tone = f"{what} {do}".strip(), "danger"
            else:
                said = f"{read.shown}\n{read.second}"
                if read.swap is not None:
                    said, tone = read.swap.sentence(self._texts), "warn"
                self.put.setEnabled(True)
        self.read_as.setText(said)
        self.read_as.set_tone(tone)
        self.read_as.setVisible(bool(said))

    def _put(self) -> None:
        if self.put.isEnabled():
            self._tool.put(spot_of(TypedLine(self.typed.text().strip()), self._frame))
            self.typed.set_text("")
