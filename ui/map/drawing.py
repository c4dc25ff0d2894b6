"""Drawing on one map: begins, goes on after a break, keeps every corner at once, measures, hands over to a form.

Each step is committed to a draft of its own before the next frame, so that neither a crash nor another page loses
one. The map saves no record: the form it hands over to does, after somebody has looked at it there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from fieldapp.clock import local, offset_min
from fieldapp.errors import OperatorError
from fieldapp.operations import outlines
from fieldapp.operations.drafts import Draft
from fieldapp.operations.map_data import FindColumns
from fieldapp.texts import N_
from ui import sound, theme
from ui.background import is_alive
from ui.forms import typed_outline
from ui.forms.drawn import DRAFT, DrawnOutline, DrawOn
from ui.forms.outline_values import line_of
from ui.map import drawing_marks
from ui.map.canvas import MapCanvas
from ui.map.drawing_figures import Measuring, Said
from ui.map.drawing_outline import MOST_CORNERS, Drawn, Steps, from_typed, from_values, spot_of
from ui.map.drawing_panel import TARGETS, DrawingPanel, Offer
from ui.map.drawing_tool import DrawingTool, Snaps
from ui.map.view import Box, View
from ui.session import Session
from ui.widgets.buttons import Button, PrimaryButton

OF_ROLE = {"hq": ("area", "tasks"), "field": ("plot", "area")}
"""What is drawn where: the pages there that take an outline."""
_DRAFTS = {"plot": "plot", "area": "hazardous_area"}
"""What the draft of a new record is called, by the key of its form's page."""


_FIRST = N_("This drawing was not finished. Finish or discard it, then ask again.")


class DrawnLayer:
    """What is drawn, below the finds: nothing drawn here may hide one. A drawing that waits is dashed."""

    def __init__(self) -> None:
        self.code, self.visible, self.opacity, self.credit = "drawing", True, 1.0, ""
        self.drawn: Drawn | None = None
        """The drawing that waits."""
        self.tool: DrawingTool | None = None
        """The tool at work; it draws its handles itself, over everything."""

    @property
    def seen(self) -> Drawn | None:
        """What is drawn, at work or waiting; None where nothing is."""
        drawn = self.tool.now if self.tool is not None else self.drawn
        return drawn if drawn is not None and drawn.count else None

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Its ground and lines."""
        drawn = self.seen
        if drawn is not None:
            drawing_marks.draw_outline(painter, view, tokens, drawn, at_work=self.tool is not None)


class Drawing(QObject):
    """``asked(panel)``: show this panel and let ``tool`` have the canvas. ``rested()``: drawing ended for now.
    ``found()``: there is a drawing that is not finished, see ``offer``. ``given(page, DrawnOutline)``: it is handed
    over. ``kept(str)``: the sentence for the foot bar.
    """

    asked = Signal(QWidget)
    rested = Signal()
    found = Signal()
    given = Signal(str, object)
    kept = Signal(str)

    def __init__(
        self, session: Session, canvas: MapCanvas, snaps: Snaps, finds: Callable[[], Sequence[FindColumns]]
    ) -> None:
        """``finds``: the points of finds that the map holds."""
        super().__init__(canvas)
        self._session, self._texts, self._canvas, self._snaps = session, session.texts, canvas, snaps
        self.targets: Sequence[str] = OF_ROLE.get(session.role, ("plot", "area"))
        self.target, self._of = self.targets[0], DrawOn("")
        self._kept_at = ""
        self._known = self._unreadable = False
        """Whether the kept drawing was looked for; whether this version cannot read it."""
        self._waiting_for: list[DrawOn | None] = []
        """What was asked for before the kept drawing was looked for."""
        self.layer = DrawnLayer()
        self.tool: DrawingTool | None = None
        self.panel: DrawingPanel | None = None
        self._measuring = Measuring(session, finds, self._show_figures, self._not_measured)
        texts = self._texts
        self.undo = Button(texts(N_("Undo")), "undo-2")
        self.redo = Button(texts(N_("Redo")), "repeat")
        self.here = Button(texts(N_("Corner here")), "locate-fixed")
        self.close_ring = Button(texts(N_("Close the ring")), "hexagon")
        self.finish_button = PrimaryButton("", "arrow-right")
        for button in self.buttons():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the keys with the map
        self.undo.clicked.connect(lambda: self._tell("undo"))
        self.redo.clicked.connect(lambda: self._tell("redo"))
        self.here.clicked.connect(self.take_here)
        self.close_ring.clicked.connect(lambda: self._tell("close"))
        self.finish_button.clicked.connect(self.finish)

    @property
    def active(self) -> bool:
        """Is it drawn at the moment?"""
        return self.tool is not None

    def buttons(self) -> tuple[Button, ...]:
        """The buttons of the foot bar, made once."""
        return self.undo, self.redo, self.here, self.close_ring, self.finish_button

    def _tell(self, what: str) -> None:
        if self.tool is not None:
            {"undo": self.tool.undo, "redo": self.tool.redo, "close": self.tool.close}[what]()

    @property
    def record(self) -> str:
        """The record whose outline is corrected; "" for a new one."""
        return self._of.record if self.target == self._of.target else ""

    def look_for_draft(self) -> None:
        """Find what was drawn before the window was closed, or the power failed; another page may have discarded it."""
        if not self.active:
            self._session.load_draft(DRAFT, self._found)

    def _found(self, draft: Draft | None) -> None:
        if self.active:
            return
        known, self._known = self._known, True
        if draft is None:
            self.layer.drawn, self._unreadable = None, False
        elif self.layer.drawn is None:
            self._kept_at = draft.at
            self._read(draft)
        if not known and (self.layer.drawn is not None or self._unreadable):
            self.found.emit()
        self._canvas.update()
        asked, self._waiting_for = self._waiting_for, []
        if asked:
            self.begin(asked[-1])

    def _read(self, draft: Draft) -> None:
        fields = draft.fields
        try:
            drawn = from_values(fields, self._session.frame)
        except (OperatorError, ValueError, KeyError):  # of another version: it stays, for that one
            self._unreadable = True
            return
        self.layer.drawn = drawn if drawn.count else None
        wanted = fields.get("target", "")
        self.target = wanted if wanted in self.targets else self.targets[0]
        self._of = DrawOn(fields.get("of", ""), fields.get("began", ""), fields.get("record", ""))

    def offer(self) -> Offer | None:
        """Asks whether the drawing that waits is continued or discarded; None where none waits."""
        texts, drawn = self._texts, self.layer.drawn
        if drawn is None and not self._unreadable:
            return None
        time = self._local_time(self._kept_at) if self._kept_at else ""
        said = texts(N_("Kept {time} by another version: this one cannot read it."), time=time)
        if drawn is not None:
            said = texts.plural(N_("{count} corner, kept {time}."), N_("{count} corners, kept {time}."), drawn.count,
                                time=time)  # fmt: skip
        made = Offer(texts, said, readable=drawn is not None)
        made.pressed.connect(self.go_on)
        made.discarded.connect(self.discard)
        return made

    def go_on(self) -> None:
        """Go on with the drawing that waits, or begin one."""
        self.begin()

    def begin(self, on: DrawOn | None = None) -> None:
        """Draw: go on with the drawing that waits; else on the outline of a form, or a new one.

        Where one waits and a form asks for another, the one that waits goes first: it is said, and nothing is lost.
        """
        if not self._known:
            self._waiting_for.append(on)
            self.look_for_draft()
        elif self._unreadable:
            self.found.emit()
        elif self.tool is not None:
            self.tool.said = self._texts(_FIRST) if on is not None else ""
            self.tool.shown.emit()
        else:
            self._begin(on)

    def _begin(self, on: DrawOn | None) -> None:
        waiting, refused = self.layer.drawn, ""
        drawn = waiting or Drawn()
        if on is not None and waiting is None:
            try:
                drawn = self._of_form(on)
            except OperatorError as error:
                refused = error.parts(self._texts)[0]
        elif on is not None:
            refused = self._texts(_FIRST)
        self.layer.drawn = None
        tool = self.tool = self.layer.tool = DrawingTool(self._texts, Steps(drawn), self._snaps, self)
        tool.said = refused
        tool.exclude = self._same_ground()
        tool.changed.connect(self._keep)
        tool.shown.connect(self._shown)
        tool.ended.connect(self.rest)
        tool.finish_asked.connect(self.finish)
        tool.here_asked.connect(self.take_here)
        tool.pan_asked.connect(lambda x, y: self._canvas.show_view(self._canvas.view.moved(x, y)))
        self.panel = DrawingPanel(self._texts, tool, self._session.current_frame(), self.targets, self.target)
        self.panel.show_record(bool(self.record))
        self.panel.target_changed.connect(self._retarget)
        self.panel.discard_asked.connect(self.discard)
        self.asked.emit(self.panel)
        self._look_at(drawn)
        self._shown()
        if drawn.count and waiting is None:
            self._keep()

    def _same_ground(self) -> tuple[str, ...]:
        """What is drawn here, as it stands elsewhere: the record, and the draft of the form that it came from."""
        of = self._of
        if self.target != of.target or not (of.record or of.text):
            return ()
        draft = f"draft/{of.record or _DRAFTS.get(of.target, '')}"
        return (of.record, draft) if of.record else (draft,)

    def _look_at(self, drawn: Drawn) -> None:
        """Show all of it, where some of it is out of view."""
        corners = [corner for part in drawn.rings() for ring in part for corner in ring]
        if corners:
            lats, lons = zip(*corners, strict=True)
            box, seen = Box.of_degrees(min(lats), min(lons), max(lats), max(lons)), self._canvas.view.box
            if min(box.west - seen.west, seen.east - box.east, box.north - seen.north, seen.south - box.south) < 0:
                self._canvas.show_box(box)

    def _of_form(self, on: DrawOn) -> Drawn:
        typed = typed_outline.from_text(on.text)
        if typed.count > MOST_CORNERS:
            raise TooManyCorners(count=typed.count, most=MOST_CORNERS)
        drawn = from_typed(typed, self._session.current_frame())
        self.target, self._of = on.target, on
        return drawn

    def rest(self) -> None:
        """Stop drawing for now: what is drawn stays seen and kept, and is offered again."""
        if self.tool is not None:
            self.let_go()
            self.rested.emit()

    def let_go(self) -> None:
        """Something else is done on the map: what is drawn stays seen and kept."""
        if self.tool is not None:
            self.layer.drawn = self.tool.steps.now if self.tool.steps.now.count else None
            self.tool = self.layer.tool = self.panel = None
            self._measuring.forget()
            self._canvas.update()

    def discard(self) -> None:
        """Forget the drawing: somebody said so."""
        self._forget()
        self.rested.emit()
        self._canvas.update()

    def _forget(self) -> None:
        self.tool = self.layer.tool = self.panel = self.layer.drawn = None
        self._measuring.forget()
        self.target, self._of, self._unreadable = self.targets[0], DrawOn(""), False
        self._session.drop_draft(DRAFT)

    def take_here(self) -> None:
        """The receiver's position is a corner. A fix that cannot be believed is refused with a sentence and a sound."""
        tool, panel = self.tool, self.panel
        if tool is None or panel is None:
            return
        try:
            captured = self._session.receiver.capture(average=False)
            if captured is None:
                raise NoReceiver
        except OperatorError as error:
            sound.alarm()
            panel.refuse(error)
            return
        panel.accept()
        if tool.steps.now.open:  # who walks on adds corners, whatever was looked at in between
            tool.chosen = None
        tool.put(spot_of(line_of(outlines.from_captured(captured))))

    def finish(self) -> None:
        """Hand the outline over to its form, which reads it back, checks it and saves it."""
        tool = self.tool
        if tool is None or not tool.steps.now.count:
            return
        began = self._of.text if self.target == self._of.target else ""
        self.given.emit(self.target, DrawnOutline(tool.steps.now.text(), self.record, began, self.handed_over))

    def handed_over(self) -> None:
        """The form has the outline in its own draft."""
        if is_alive(self):
            self.discard()
        else:  # the pages were made again meanwhile
            self._session.drop_draft(DRAFT)

    def _retarget(self, code: str) -> None:
        self.target = code
        if self.tool is not None and self.panel is not None:
            self.tool.exclude = self._same_ground()
            self.panel.show_record(bool(self.record))
        self._keep()
        self._shown()

    def _keep(self) -> None:
        """Commit what is drawn now."""
        tool = self.tool
        if tool is not None and not tool.steps.now.count:
            self._session.drop_draft(DRAFT)
        elif tool is not None:
            of = self._of
            values = {"target": self.target, "of": of.target, "record": of.record, "began": of.text}
            self._session.keep_draft(DRAFT, tool.steps.now.values() | values, self._say_kept)

    def _say_kept(self, at: str) -> None:
        self._kept_at = at
        self.kept.emit(self._texts(N_("Draft kept {time}"), time=self._local_time(at)))

    def _local_time(self, at: str) -> str:
        return local(at, offset_min(self._session.clock.now())).strftime("%H:%M:%S")

    def _shown(self) -> None:
        tool = self.tool
        if tool is None:
            return
        steps = tool.steps
        self.undo.setEnabled(steps.can_undo)
        self.redo.setEnabled(steps.can_redo)
        self.close_ring.setEnabled(steps.now.can_close)
        self.finish_button.setEnabled(steps.now.count > 0)
        self.finish_button.setText(self._texts(N_("To the form: {kind}"), kind=self._texts(TARGETS[self.target])))
        self._measuring.ask(tool.now, self.record, self.target)
        self._canvas.update()

    def _show_figures(self, said: Said) -> None:
        if is_alive(self) and self.tool is not None and self.panel is not None:
            self.tool.places = said.places
            self.panel.show_figures(said)
            self._canvas.update()

    def _not_measured(self, error: OperatorError) -> None:
        if is_alive(self) and self.panel is not None:
            self.panel.refuse(error)


class TooManyCorners(OperatorError):
    """An outline is too long to be drawn on by hand."""

    code = "too_many_corners"
    what = N_("This outline has {count} corners; {most} are the most that are drawn on by hand.")
    kept = N_("It stands in the form as it was.")
    do = N_("Correct it in the form.")


class NoReceiver(OperatorError):
    """A corner was to come from the receiver, and none is chosen."""

    code = "no_receiver"
    what = N_("No receiver is chosen.")
    do = N_("Choose one under Settings, or type the coordinates.")
