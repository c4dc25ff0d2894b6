"""Points of an outline, typed one to a row in any system, with their roles, holes and parts; each is read back below.

``PointsEditor(texts)`` is an input like any other: ``text()`` is the whole outline as typed (see ``typed_outline``),
``set_text`` shows one, ``changed(str)`` tells each change. It knows no plot and no hazardous area. What the points
mean is worked out by ``outline_values.look`` and said with ``say``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.domain.vocabulary import vocabulary
from fieldapp.texts import N_, Texts
from ui.forms.rows import EditRow, Line, RowColumn, RowsEditor
from ui.forms.typed_outline import RingAt, TypedLine, TypedOutlineText, as_text, from_text
from ui.widgets.buttons import Button
from ui.widgets.choice import Option
from ui.widgets.frame import scrolled
from ui.widgets.pick import Pick
from ui.widgets.position_typed import system_options

BY_PLACE = N_("by its place")
OUTSIDE = ("RP", "BM")
"""Roles of points that stand outside the ground: they are no corners of it."""
LEAST_AREA_PX = 236
LEAST_PLAIN_AREA_PX = 130


def role_options(texts: Texts) -> list[Option]:
    """The point types of GICHD, and none: start and turning points by their place."""
    entries = vocabulary("point_type").entries
    return [Option("", texts(BY_PLACE)), *(Option(one.code, one.names.in_language(texts.language)) for one in entries)]


def point_names(roles: Sequence[str]) -> list[str]:
    """Names of points by their roles: SP, TP1, TP2 ... by place; corners are counted, marks outside are not."""
    names: list[str] = []
    corner = 0
    for role in roles:
        if role in OUTSIDE:
            names.append(role)
            continue
        if role in ("TP", "IP"):
            names.append(f"{role}{corner}" if corner else role)
        else:
            names.append(role or ("SP" if corner == 0 else f"TP{corner}"))
        corner += 1
    return names


class PointsEditor(QWidget):
    """The points of an outline; one ring is edited at a time, the one that ``ring`` tells.

    ``step`` counts up when another point begins to be changed, so that one undo takes back one point.
    ``current_changed(int)`` tells the row that has the focus, ``ring_changed()`` that another ring is edited,
    ``list_asked(str)`` that a list is to be looked at before it is taken ("" by the button, else what was pasted).
    """

    changed = Signal(str)
    current_changed = Signal(int)
    ring_changed = Signal()
    list_asked = Signal(str)
    map_asked = Signal()
    """The outline is to be drawn on the map."""

    def __init__(self, texts: Texts, *, plain: bool = False) -> None:
        """``plain``: one ring of corners in any format and nothing else: no systems, roles, lists, holes, parts."""
        super().__init__()
        self._texts = texts
        self._typed = TypedOutlineText()
        self._at = RingAt(0, 0)
        self._quiet = False
        self._steps = 0
        self.system = Pick(texts(N_("Typed in")), system_options(texts), texts, per_row=2, apart=True)
        self.ring = Pick(texts(N_("Edited")), [Option("0 0", "")], texts, per_row=2, apart=True)
        self.role = Pick(texts(N_("Role")), role_options(texts), texts, per_row=2, apart=True)
        self.editor = RowsEditor(texts, [RowColumn("")], _names, self._line_name)
        self.area: QScrollArea = scrolled(self.editor)
        self.area.setMinimumHeight(LEAST_PLAIN_AREA_PX if plain else LEAST_AREA_PX)
        self.list_button = Button(texts(N_("Paste or open a list")), "clipboard-check")
        self.part_button = Button(texts(N_("Add part")), "plus")
        self.hole_button = Button(texts(N_("Add hole")), "plus")
        self.map_button = Button(texts(N_("On the map")), "map")
        self.drop_button = Button(texts(N_("Remove this ring")), "trash-2")
        self._plain = plain
        self._lay_out()
        self._connect()
        self._show_rings()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.system, 1)
        head.addWidget(self.list_button)
        column.addLayout(head)
        column.addWidget(self.system.options_area)
        self.parts = QWidget()
        parts = QHBoxLayout(self.parts)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(6)
        parts.addWidget(self.ring, 1)
        parts.addWidget(self.drop_button)
        column.addWidget(self.parts)
        column.addWidget(self.ring.options_area)
        column.addWidget(self.area, 1)
        strip = QHBoxLayout()
        strip.setSpacing(6)
        strip.addWidget(self.role, 1)
        for button in self.editor.buttons:
            strip.addWidget(button)
        column.addLayout(strip)
        column.addWidget(self.role.options_area)
        self.more = QWidget()
        more = QHBoxLayout(self.more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(6)
        more.addWidget(self.part_button, 1)
        more.addWidget(self.hole_button, 1)
        more.addWidget(self.map_button, 1)
        column.addWidget(self.more)
        for widget in (self.system, self.list_button, self.role, self.more):
            widget.setVisible(not self._plain)

    def _connect(self) -> None:
        self.editor.changed.connect(self._rows_changed)
        self.editor.current_changed.connect(self._row_reached)
        self.editor.list_pasted.connect(self.list_asked)
        self.list_button.clicked.connect(partial(self.list_asked.emit, ""))
        self.system.changed.connect(self._system_changed)
        self.ring.changed.connect(self._ring_chosen)
        self.role.changed.connect(self._role_chosen)
        self.map_button.clicked.connect(self.map_asked.emit)
        self.part_button.clicked.connect(self.add_part)
        self.hole_button.clicked.connect(self.add_hole)
        self.drop_button.clicked.connect(self.drop_ring)

    @property
    def rows(self) -> list[EditRow]:
        """The rows of the ring that is edited."""
        return self.editor.rows

    @property
    def step(self) -> int:
        """How often another point began to be changed."""
        return self.editor.step + self._steps

    def typed(self) -> TypedOutlineText:
        """The whole outline as typed."""
        return self._typed

    def at(self) -> RingAt:
        """Which ring is edited."""
        return self._at

    def points(self) -> list[str]:
        """The points of the edited ring as typed; an empty one between others is still missing."""
        return [one.text for one in self._typed.at(self._at)]

    def text(self) -> str:
        """The whole outline, one point to a line."""
        return as_text(self._typed)

    def set_text(self, text: str) -> None:
        """Show this outline; the ring that was edited stays the one where there is such a one."""
        if text == self.text():
            return
        self.take(from_text(text))

    def take(self, typed: TypedOutlineText, *, one_step: bool = False) -> None:
        """Show another outline. ``one_step``: it is a change of its own for Undo."""
        self._steps += one_step
        self._typed = typed
        places = [place for place, _ in typed.rings()]
        self._at = self._at if self._at in places else places[0]
        self._show_all()
        self.changed.emit(self.text())

    def set_systems(self, custom: Sequence[tuple[str, str]]) -> None:
        """Offer these systems of the deployment beside the known ones: code and name."""
        self.system.set_options(system_options(self._texts, custom))

    def insert_before(self, place: int) -> None:
        """An empty row before the one at ``place``."""
        self.editor.insert_before(place)

    def remove(self, place: int) -> None:
        """Take the row at ``place`` out."""
        self.editor.remove(place)

    def add_point(self, line: TypedLine) -> None:
        """Add a point at the end of the edited ring: one that the receiver gave, say."""
        self.editor.add(_row(line))

    def add_outline(self, found: TypedOutlineText) -> None:
        """Take an outline in: into an empty one as it is, else its points after those of the edited ring.

        Where it has several rings and something is typed already, they become parts of their own.
        """
        begun = self._typed.count > 0
        rings = list(found.rings())
        if not begun:
            self._at = RingAt(0, 0)
            self.take(TypedOutlineText(self._typed.system, found.parts), one_step=True)
        elif len(rings) == 1:
            ring = (*self._typed.at(self._at), *(replace(line, role="") for line in rings[0][1]))
            self.take(self._typed.with_ring(self._at, ring), one_step=True)
        else:
            self.take(TypedOutlineText(self._typed.system, (*self._typed.parts, *found.parts)), one_step=True)
        self.focus_first_free()

    def add_part(self, *_pressed: object) -> None:
        """Begin another part, and edit it."""
        typed, at = self._typed.with_new_part()
        self._go_on(typed, at)

    def add_hole(self, *_pressed: object) -> None:
        """Begin a hole in the edited part, and edit it."""
        typed, at = self._typed.with_new_hole(self._at.part)
        self._go_on(typed, at)

    def drop_ring(self, *_pressed: object) -> None:
        """Take the edited ring out; Undo brings it back."""
        self._go_on(self._typed.without(self._at), RingAt(0, 0))

    def edit_ring(self, at: RingAt) -> None:
        """Edit the ring at ``at``."""
        self.ring.set_text(_code(at))

    def say(self, sentences: Sequence[tuple[str, str]]) -> None:
        """What each row of the edited ring says below itself: sentence and tone."""
        self.editor.say(sentences)

    def current(self) -> int:
        """The row that has or had the focus last."""
        return self.editor.current()

    def focus_first_free(self) -> None:
        """Put the focus where typing goes on."""
        self.editor.focus_first_free()

    def ring_name(self, at: RingAt) -> str:
        """What a ring is called: the outline, part 2, hole 1 of part 2."""
        many = len(self._typed.parts) > 1
        if at.ring and many:
            return self._texts(N_("hole {hole} of part {part}"), hole=at.ring, part=at.part + 1)
        if at.ring:
            return self._texts(N_("hole {hole}"), hole=at.ring)
        return self._texts(N_("part {part}"), part=at.part + 1) if many else self._texts(N_("the outline"))

    def _line_name(self, row: str, _column: str) -> str:
        return self._texts(N_("Turning point {name}"), name=row)

    def _go_on(self, typed: TypedOutlineText, at: RingAt) -> None:
        self._at = at
        self.take(typed, one_step=True)
        self.focus_first_free()

    def _show_all(self) -> None:
        self._quiet = True
        self.system.set_text(self._typed.system)
        self._quiet = False
        self._show_rings()
        self._show_rows()

    def _show_rings(self) -> None:
        self._quiet = True
        self.ring.set_options([Option(_code(at), self.ring_name(at)) for at, _ in self._typed.rings()])
        self.ring.set_text(_code(self._at))
        self._quiet = False
        self.parts.setVisible(len(list(self._typed.rings())) > 1)

    def _show_rows(self) -> None:
        self.editor.set_content([_row(one) for one in self._typed.at(self._at)])
        self._show_role()
        self.ring_changed.emit()

    def _show_role(self) -> None:
        self._quiet = True
        self.role.set_text((self.editor.rows[self.editor.current()].tags or ("",))[0])
        self._quiet = False

    def _rows_changed(self) -> None:
        self._typed = self._typed.with_ring(self._at, [_line(row) for row in self.editor.content()])
        self.changed.emit(self.text())

    def _row_reached(self, place: int) -> None:
        self._show_role()
        self.area.ensureWidgetVisible(self.editor.rows[place])
        self.current_changed.emit(place)

    def _system_changed(self, code: str) -> None:
        if not self._quiet:
            self._steps += 1
            self._typed = TypedOutlineText(code, self._typed.parts)
            self.changed.emit(self.text())

    def _ring_chosen(self, code: str) -> None:
        if not self._quiet:
            self._at = RingAt(*map(int, code.split()))
            self._show_rows()

    def _role_chosen(self, code: str) -> None:
        place = self.editor.current()
        if not self._quiet and not self.editor.rows[place].content().empty:
            tags = self.editor.rows[place].tags
            self.editor.set_tags(place, (code, *tags[1:]))


def _code(at: RingAt) -> str:
    return f"{at.part} {at.ring}"


def _row(line: TypedLine) -> Line:
    tags = [line.role, line.system, line.known]
    while tags and not tags[-1]:
        tags.pop()
    return Line((line.text,), tuple(tags))


def _line(row: Line) -> TypedLine:
    return TypedLine(row.cells[0], *row.tags)


def _names(lines: Sequence[Line]) -> list[str]:
    return point_names([line.tags[0] if line.tags else "" for line in lines])
