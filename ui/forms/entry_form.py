"""One entry of a reference list as a form: its declared fields, other spellings one to a line, and the reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.lists_in_force import KIND_OF_LIST, Lists, shipped_lists
from fieldapp.domain.registry import KINDS
from fieldapp.operations.lists import Listed
from fieldapp.texts import N_, Texts
from ui.forms.declared import form_widgets
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.fields import Field, Input, TextField
from ui.widgets.frame import scrolled
from ui.widgets.labels import title

_SPELLINGS = {"model": "aliases", "place": "variants"}
_FACT_OF = {"place_kind": "kind", "organisation_kind": "kind", "of_category": "category"}
"""Declared fields and the member of a ``Listed`` that holds them, where it is called otherwise."""


class EntryForm(QWidget):
    """``saved(object, str, str)``: the fields that differ from ``listed``, the code typed for a new one, the reason.

    Without ``listed`` it is a new entry; its code may be left empty. ``left()`` follows the button that leaves.
    """

    saved = Signal(object, str, str)
    left = Signal()

    def __init__(
        self, texts: Texts, list_name: str, lists: Callable[[], Lists], listed: Listed | None = None,
        given: dict[str, str] | None = None, code: str = "",
    ) -> None:
        super().__init__()
        self._list_name, self._listed = list_name, listed
        self._kind = KINDS[KIND_OF_LIST[list_name]]
        self.inputs: dict[str, Input] = {}
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(10)
        heading = texts(N_("Change {name}"), name=listed.name(texts.language)) if listed else texts(N_("New entry"))
        rows.addWidget(title(heading))
        self.code = Field(texts(N_("Code")), texts(N_("made from the name where it is empty")))
        self.code.setHidden(listed is not None)
        leave_out = ["withdrawn", "code", *(["vocabulary"] if listed else [])]
        rows.addWidget(self.code)
        for item in form_widgets(self._kind, texts, leave_out, lists):
            item.widget.set_note("") if hasattr(item.widget, "set_note") else None
            self.inputs[item.field.name] = item.input
            rows.addWidget(item.widget)
        if list_name in _SPELLINGS:
            name = _SPELLINGS[list_name]
            words = self._kind.by_name[name].names.in_language(texts.language)
            spelled = TextField(words, texts(N_("one to a line")), lines=3)
            self.inputs[name] = spelled
            rows.addWidget(spelled)
        if list_name == "place":
            words = self._kind.by_name["formed_from"].names.in_language(texts.language)
            origins = TextField(words, texts(N_("a code and km² to a line: AZ-TAR 851.25")), lines=2)
            self.inputs["formed_from"] = origins
            rows.addWidget(origins)
        rows.addStretch(1)
        self.reason = TextField(texts(N_("Reason")), texts(N_("everyone can read it in the history")), lines=1)
        self.save = PrimaryButton(texts(N_("Save")), "check")
        self.leave = Button(texts(N_("Leave as it is")), "x")
        self._fill(given or {}, code)
        self._lay_out(inside)

    def _lay_out(self, inside: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(inside), 1)
        column.addWidget(self.reason)
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave, 1)
        buttons.addWidget(self.save, 2)
        column.addLayout(buttons)
        self.save.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)
        self.reason.changed.connect(lambda _text: self._check())
        keys = QShortcut(QKeySequence("Ctrl+Return"), self, self.save.click)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._check()

    def _fill(self, given: dict[str, str], code: str) -> None:
        self.code.set_text(code)
        self._before = self._texts_of(self._listed) if self._listed else {}
        for name, text in {**self._before, **given}.items():
            if name in self.inputs:
                self.inputs[name].set_text(text)

    def _texts_of(self, listed: Listed) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in self.inputs:
            if name.startswith("name_"):
                found[name] = listed.names[name.removeprefix("name_")]
            elif name == "name":
                found[name] = listed.names["en"]
            elif name == "formed_from":
                parts = listed.facts.get(name, [])
                found[name] = "\n".join(f"{one['place']} {one['area_km2']}".strip() for one in parts)
            elif name in ("aliases", "variants"):
                shipped = _shipped_spellings(self._list_name, listed.code)
                found[name] = "\n".join(one for one in listed.facts.get(name, []) if one not in shipped)
            else:
                found[name] = str(listed.facts.get(_FACT_OF.get(name, name), "") or "")
        return found

    def _check(self) -> None:
        self.save.setEnabled(self._listed is None or bool(self.reason.text().strip()))

    def _give(self) -> None:
        if not self.save.isEnabled():
            return
        fields: dict[str, object] = {}
        for name, one in self.inputs.items():
            text = one.text()
            if text == self._before.get(name, ""):
                continue
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            if name in ("aliases", "variants"):
                fields[name] = lines
            elif name == "formed_from":
                parts = [line.replace(",", ".").split(maxsplit=1) for line in lines]
                fields[name] = [{"place": part[0], "area_km2": "".join(part[1:])} for part in parts]
            else:
                fields[name] = text.strip() or None
        self.saved.emit(fields, self.code.text().strip(), self.reason.text().strip())


def _shipped_spellings(list_name: str, code: str) -> tuple[str, ...]:
    """Spellings that came with the program: they are not headquarters' to change."""
    shipped = shipped_lists()
    if list_name == "model":
        return shipped.models[code].aliases if code in shipped.models else ()
    return shipped.places[code].variants if code in shipped.places else ()
