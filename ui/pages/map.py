"""The map: every find and all ground at once, what is under a click, filters, going places, measuring."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.operations import map_card
from fieldapp.operations.browsing import Row
from fieldapp.operations.map_card import Offered
from fieldapp.texts import N_
from ui.dialogs.base_maps import BaseMapsDialog
from ui.forms.drawn import DrawOn
from ui.forms.live import receiver_chip
from ui.map.base_maps_feed import BaseMapsFeed
from ui.map.boxing import BoxTool
from ui.map.canvas import MapCanvas
from ui.map.card import position_text
from ui.map.choosing import Choosing
from ui.map.drawing import Drawing
from ui.map.drawing_panel import DrawingPanel
from ui.map.extent import of_everything, of_task
from ui.map.feed import FindsFeed
from ui.map.filters import FilterPanel, Wanted
from ui.map.goto import GotoPanel
from ui.map.grounds import GroundLayers, GroundReader, Prepared
from ui.map.keys import KeysPanel, letter_of
from ui.map.layer import Tool
from ui.map.legend import LegendPanel, entries
from ui.map.measuring import MeasuringTool
from ui.map.over import Over
from ui.map.own_position import OwnPositionLayer
from ui.map.printing_start import Printing
from ui.map.side import Side
from ui.map.snapping import Snapping
from ui.map.tool_panels import LAYERS, LayersPanel, MeasuringPanel
from ui.map.view import position_of
from ui.map.which_task import in_order, left_out, task_list
from ui.models.shown import Shown
from ui.pages.disposal import Dispose
from ui.pages.form_page import Continue
from ui.pages.map_drawing import DrawingHere
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.choice import Option
from ui.widgets.frame import scrolled

_OWN_ZOOM = 18.0
"""One's own position is looked at from so near, unless the map is nearer already."""
_LEGEND_PX, _STILL_MS = 230, 150


class MapPage(Page):
    """The canvas at the left, its card and legend at the right. Other pages open it with a record's name."""

    key = "map"
    title = N_("Map")
    icon = "map"
    shortcut = "F4"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        texts = self.texts
        self.column.setContentsMargins(0, 0, 0, 0)
        self.shown = Shown(texts, session.clock, session.current_lists)
        self.canvas = MapCanvas(texts)
        self.over = Over(self.canvas, texts)
        self.side = Side(texts)
        self.finds = FindsFeed(session)
        self.choosing = Choosing(session, self.canvas, self.finds, self.side.card)
        self.base_maps = BaseMapsFeed(session)
        self.ground = GroundLayers(texts)
        self._reader = GroundReader(texts)
        self.ground.want_edges = lambda: self._reader.make_edges(self.refresh)
        self._ground_read = False
        self.own = OwnPositionLayer(texts, session.clock)
        self.legend = LegendPanel(texts)
        self.drawing = Drawing(session, self.canvas, Snapping(self.ground), self.finds.parts)
        self._drawing_here = DrawingHere(self, self.drawing)
        self.wanted = Wanted()
        self.offered: Offered | None = None
        self._placed = False
        self._lay_out()
        self.go_to = Button(texts(N_("Go to")), "crosshair")
        self.filter = Button(texts(N_("Filter")), "list-filter")
        self.near = Button(texts(N_("Within 50 m")), "search")
        self.task = Button(texts(N_("Task")), "hexagon")
        self.home = Button(texts(N_("Everything")), "house")
        self.printing = Printing(self, self._layer_words, self._task_word)
        self.letters: list[tuple[str, str, Callable[[], object]]] = [
            ("g", N_("Go to a position"), self.ask_position), ("w", N_("Within 50 m"), self.show_around),
            ("f", N_("Filter"), self.ask_filter), ("t", N_("Task"), self.show_task),
            ("b", N_("Choose in a box"), self.choose_in_a_box), ("m", N_("Measure"), self.measure),
            ("d", N_("Draw"), self.drawing.go_on), ("l", N_("Layers"), self.show_layers),
            ("p", N_("Print"), self.printing.button.click), ("?", N_("Keys of the map"), self.show_keys),
        ]  # fmt: skip
        """Keys that are letters: what they do in words, and the doing."""
        self._connect()
        self.restack()
        self.show_nothing()

    def _lay_out(self) -> None:
        texts = self.texts
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.side)
        self.column.addLayout(row, 1)
        self.setFocusProxy(self.canvas)
        low = Card(texts(N_("Legend")))
        low.body.setContentsMargins(14, 10, 8, 10)
        low.body.addWidget(scrolled(self.legend))
        low.setMaximumHeight(_LEGEND_PX)
        self.side.low.addWidget(low)
        panels = FilterPanel, GotoPanel, LayersPanel, DrawingPanel
        self.side.card.shown.connect(lambda: low.setVisible(not isinstance(self.side.card.content, panels)))
        self._settled = QTimer(self)
        """The legend follows once the view has stood still: it looks at everything that is drawn."""
        self._settled.setSingleShot(True)
        self._settled.setInterval(_STILL_MS)
        self._settled.timeout.connect(self._show_legend)

    def _connect(self) -> None:
        canvas, over, choosing = self.canvas, self.over, self.choosing
        canvas.clicked.connect(choosing.click)
        canvas.boxed.connect(choosing.box)
        canvas.hovered.connect(lambda lat, lon: over.pointer.say(position_text(self.session, (lat, lon))))
        canvas.strayed.connect(lambda: over.pointer.say(""))
        canvas.view_changed.connect(self._settled.start)
        canvas.home_asked.connect(self.show_everything)
        canvas.own_asked.connect(self.show_own)
        canvas.on_tab = self._drawing_here.step
        self.own.changed.connect(canvas.update)
        self.own.follow(self.session.receiver)
        over.nearer.clicked.connect(lambda: canvas.zoom_by(1))
        over.farther.clicked.connect(lambda: canvas.zoom_by(-1))
        over.own.clicked.connect(self.show_own)
        over.measure.clicked.connect(lambda on: self.measure() if on else self.put_away())
        over.box.clicked.connect(lambda on: self.choose_in_a_box() if on else self.put_away())
        over.drawing.clicked.connect(lambda on: self.drawing.go_on() if on else self.put_away())
        over.layers.clicked.connect(lambda on: self.show_layers() if on else self.put_away())
        over.keys.clicked.connect(self.show_keys)
        self.side.card.closed.connect(self.put_away)
        self.finds.changed.connect(self._drawn)
        self.finds.failed.connect(choosing.failed)
        self.base_maps.changed.connect(canvas.update)
        self.base_maps.listed.connect(self.restack)
        self.base_maps.listed.connect(self._say_filtered)
        self.base_maps.failed.connect(choosing.failed)
        self.destroyed.connect(self.base_maps.close)
        self.finds.packing.connect(self._say_packing)
        choosing.open_asked.connect(lambda name: self.go.emit("records", name))
        choosing.disposal_asked.connect(lambda number: self.go.emit("disposal", Dispose(number)))
        self.go_to.clicked.connect(self.ask_position)
        self.filter.clicked.connect(self.ask_filter)
        self.near.clicked.connect(self.show_around)
        self.task.clicked.connect(self.show_task)
        self.home.clicked.connect(self.show_everything)

    def subtitle(self) -> str:
        """The task that is worked on."""
        row = self.offered.current if self.offered is not None else None
        return "" if row is None else self._task_word(row)

    def _task_word(self, row: Row) -> str:
        number, words = self.shown.number(row, row["id"]), str(row["title"] or "")
        return self.texts(N_("{number} \u00b7 {what}"), number=number, what=words) if words else number

    def chip(self) -> QWidget | None:
        """What the receiver says."""
        return receiver_chip(self.session.receiver.state(), self.texts)

    def foot_actions(self) -> Sequence[QWidget]:
        """Going places and filtering; while something is drawn what is done with it."""
        if self.drawing.active:
            return self.drawing.buttons()
        return self.go_to, self.near, self.filter, self.task, self.home, self.printing.button

    def foot_line(self) -> tuple[str, str, str]:
        """When the drawing was kept last."""
        return self._drawing_here.kept, "circle-check", "ok"

    def open_with(self, what: object) -> None:
        """Look at the record of this name; draw on the outline of a form, or go on with the drawing that was kept."""
        if isinstance(what, str):
            self._placed = True
            self.choosing.choose(what, look=True)
        elif isinstance(what, DrawOn):
            self._placed = self._placed or bool(what.text)
            self.drawing.begin(what)
        elif isinstance(what, Continue):
            self._placed = True
            self.drawing.go_on()

    def restack(self) -> None:
        """Hand the canvas its layers, the lowest first."""
        ground = self.ground
        self.canvas.set_layers([
            *self.base_maps.layers(), *ground.under_finds, self.drawing.layer, self.finds.layer, *ground.over_finds,
            self.own, ground.drafts, self.choosing.layer,
        ])  # fmt: skip

    def _show_legend(self) -> None:
        self.legend.show_entries(entries(self.canvas.layers(), self.canvas.view, self.texts))

    def refresh(self) -> None:
        """Read what is new."""
        self.drawing.look_for_draft()
        self.finds.refresh()
        if self.offered is None:
            self.base_maps.load()
        self.own.read_the_day(self.session)
        self.session.ask(self._reader.read, self._take_ground, self.choosing.failed)
        self.session.ask(map_card.offered, self._take_offered)

    def _take_ground(self, prepared: Prepared) -> None:
        self._ground_read = True
        self.ground.show(prepared)
        self.choosing.ground_changed()
        self._drawn()

    def _take_offered(self, offered: Offered) -> None:
        first = self.offered is None
        self.offered = offered
        self.task.setEnabled(bool(in_order(self.offered)))
        if first:
            self.frame_changed.emit()
        if not self._placed:
            self._place_first()

    def _drawn(self) -> None:
        self.printing.set_ready(self.finds.columns is not None and self._ground_read)
        self.canvas.update()
        self._settled.start()
        self._say_filtered()
        if not self._placed:
            self._place_first()

    def _place_first(self) -> None:
        """Where the map looks when it is first opened: everything, as soon as that is known."""
        if self.offered is not None and self.finds.columns is not None and self._ground_read:
            self._placed = True
            self.show_everything()

    def _say_packing(self, left: int) -> None:
        """A large workspace is packed once, before its first map."""
        self.over.nothing.say("" if not left else self.texts.plural(
            N_("Preparing the map: {count} part left"), N_("Preparing the map: {count} parts left"), left))
        if not left:
            self._say_filtered()

    def _say_filtered(self) -> None:
        panel = self.side.card.content
        if isinstance(panel, FilterPanel):
            panel.say_doubtful(sum(int(self.wanted.doubtful(each).sum()) for each in self.finds.parts()))
        number = self.texts.number
        nothing = self.finds.columns is not None and not self.finds.total
        self.over.nothing.say(self.texts(N_("No find is recorded here yet.")) if nothing else "")
        said = "" if self.wanted.everything else self.texts(
            N_("Filtered: {some} of {all} finds"), some=number(self.finds.drawn), all=number(self.finds.total))
        words = self._layer_words()
        off = {layer.code for layer in self.canvas.layers() if layer.code in words and not layer.visible}
        hidden = self.texts.plural(N_("{count} layer switched off"), N_("{count} layers switched off"), len(off))
        unread = self.base_maps.trouble(self.texts)
        self.over.filtered.say(" \u00b7 ".join(filter(None, (said, hidden if off else "", unread))))

    def show_nothing(self) -> None:
        """What can be done here: a drawing that is not finished goes first."""
        said = N_("Press a symbol or ground to see what it is.")
        empty = EmptyState(self.texts(said), icon="crosshair")
        self.side.card.show_widget(self.drawing.offer() or empty, closable=False)

    def put_away(self) -> None:
        """End the tool and close what stands on the card; what is drawn waits."""
        self.drawing.let_go()
        self._take_up(None)
        self.choosing.forget()
        self.show_nothing()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_up(self, tool: Tool | None) -> None:
        """Work with this tool; another one ends."""
        self.canvas.set_tool(tool)
        self.over.measure.setChecked(isinstance(tool, MeasuringTool))
        self.over.box.setChecked(isinstance(tool, BoxTool))
        self.over.drawing.setChecked(tool is not None and tool is self.drawing.tool)
        self.over.layers.setChecked(False)

    def show_panel(self, panel: QWidget, heading: str, tool: Tool | None = None) -> None:
        """Show a panel, with its tool where it has one."""
        self._take_up(tool)
        self.over.layers.setChecked(isinstance(panel, LayersPanel))
        self.choosing.forget()
        self.side.card.show_widget(panel, heading, foot=panel.foot if isinstance(panel, DrawingPanel) else None)

    def measure(self) -> None:
        """Measure until Esc."""
        tool = MeasuringTool(self.texts, self.session.clock.now().date())
        tool.ended.connect(self.put_away)
        self.canvas.left.connect(tool.forget_pointer)
        self.show_panel(MeasuringPanel(self.texts, tool), self.texts(N_("Measure")), tool)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_in_a_box(self) -> None:
        """The next drag is a box; its records are listed."""
        tool = BoxTool()
        tool.ended.connect(self.put_away)
        tool.boxed.connect(lambda *_box: self._take_up(None))
        tool.boxed.connect(self.choosing.box)
        said = EmptyState(self.texts(N_("Drag across the map: what lies in the box is listed.")), icon="square-dashed")
        self.show_panel(said, self.texts(N_("Choose in a box")), tool)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_keys(self) -> None:
        """List the keys of the map."""
        self.show_panel(KeysPanel(self.texts, [(key, self.texts(word)) for key, word, _ in self.letters]),
                    self.texts(N_("Keys of the map")))  # fmt: skip
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_layers(self) -> None:
        """Choose what is drawn."""
        panel = LayersPanel(self.texts)
        panel.offer(self.canvas.layers(), self._layer_words())
        panel.changed.connect(self._drawn)
        maps = Button(self.texts(N_("Base maps")), "map")
        maps.clicked.connect(self.ask_base_maps)
        panel.add_below(maps)
        self.show_panel(panel, self.texts(N_("Layers")))

    def ask_base_maps(self) -> None:
        """Add, order and remove base maps."""
        BaseMapsDialog(self, self.session, self.base_maps).open()

    def _layer_words(self) -> dict[str, str]:
        based = {f"base:{one.key}": one.title for one in self.base_maps.base_maps}
        return based | {code: self.texts(word) for code, word in LAYERS.items()}

    def ask_position(self) -> None:
        """Go to a position that is typed."""
        panel = GotoPanel(self.texts, self.session.frame)
        panel.asked.connect(self.go_there)
        self.show_panel(panel, self.texts(N_("Go to a position")))
        panel.position.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_there(self, lat: float, lon: float) -> None:
        """Look at a position from near, and say what it is."""
        self.canvas.show_view(self.canvas.view.centred(lat, lon, max(self.canvas.view.zoom, _OWN_ZOOM)))
        self.choosing.forget()
        self.choosing.around(lat, lon)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_filter(self) -> None:
        """Choose which finds are drawn."""
        panel = FilterPanel(self.texts)
        parts, names = self.finds.parts(), self.offered.teams if self.offered is not None else {}
        codes = sorted({part.categories[at] for part in parts for at in np.unique(part.category)})
        teams = sorted({team for part in parts for team in part.owners()})
        panel.offer(
            [Option(f"={code}", self.choosing.category(code)) for code in codes],
            [Option(code, names.get(code, code)) for code in teams],
            [Option(row.name, self._task_word(row)) for row in in_order(self.offered)],
            left_out(self.offered, self.texts),
        )
        panel.show_wanted(self.wanted)
        panel.changed.connect(self.want)
        self.show_panel(panel, self.texts(N_("Filter")))
        self._say_filtered()
        panel.since.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def want(self, wanted: object) -> None:
        """Draw only these finds."""
        if isinstance(wanted, Wanted):
            self.wanted = wanted
            self.finds.want(wanted)

    def show_own(self) -> None:
        """Look at one's own position; say where it is to be had from while there is none."""
        own = self.choosing.own_position()
        if own is not None:
            self.canvas.show_view(self.canvas.view.centred(*own, max(self.canvas.view.zoom, _OWN_ZOOM)))
            return
        said = N_("No position now. Choose a receiver in Settings, or wait until it has a fix.")
        self.put_away()
        self.side.card.show_widget(EmptyState(self.texts(said), icon="satellite"))

    def show_around(self) -> None:
        """What lies within 50 m of what is chosen, of one's own position, or of the middle of the map."""
        layer = self.choosing.layer
        at = layer.mark or layer.at
        own = self.choosing.own_position()
        here = self.canvas.view.middle if own is None else own
        if at is not None:
            here = position_of(*at)
        self.choosing.around(*here)

    def show_task(self) -> None:
        """Look at the task that is filtered by or the only one; of several, ask which."""
        tasks = in_order(self.offered)
        asked = [row for row in tasks if row.name == self.wanted.task] or tasks
        if len(asked) == 1:
            self.go_to_task(asked[0])
        elif asked:
            rest = left_out(self.offered, self.texts)
            listed = task_list(asked, self._task_word, self.shown, self.texts, rest)
            of = {row.name: row for row in asked}
            listed.chosen.connect(lambda name: self.go_to_task(of[name]))
            self.show_panel(listed, self.texts(N_("Task")))
            listed.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to_task(self, row: Row) -> None:
        """Look at a task and its finds."""
        box = of_task(row, self.finds)
        if box is not None:
            self.canvas.show_box(box)
        self.choosing.choose(row.name)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_everything(self) -> None:
        """Look at everything of the current task, or at all records."""
        row = self.offered.current if self.offered is not None else None
        box = (of_task(row, self.finds) if row is not None else None) or of_everything(self.ground, self.finds)
        if box is not None:
            self.canvas.show_box(box)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts away what is open, Enter opens what is chosen, letters are the buttons."""
        asked = [do for key, _, do in self.letters if key == letter_of(event)]
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.choosing.record and self.canvas.hasFocus():
            self.go.emit("records", self.choosing.record)
        elif asked:
            asked[0]()
        else:
            super().keyPressEvent(event)
