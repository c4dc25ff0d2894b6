"""A form that loses nothing: every change is committed as typed, valid or not, and offered again after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.clock import local, offset_min
from fieldapp.operations.drafts import Draft
from fieldapp.texts import N_
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.choice import Choice
from ui.widgets.fields import Input, NumberField


class DraftForm(QWidget):
    """Base of forms. Add inputs with ``add``; put them into ``body``.

    ``kept(str)`` brings the sentence for the foot bar ("Draft kept 14:22:08") once the draft is on disk. ``edited()``
    follows each change. Ctrl+Z takes the last change back, Ctrl+Y makes it again.
    """

    kept = Signal(str)
    edited = Signal()

    def __init__(self, session: Session, form: str) -> None:
        super().__init__()
        self.session, self.form = session, form
        self.texts = session.texts
        self._inputs: dict[str, Input] = {}
        self._shown: dict[str, str] = {}
        self._undo: list[tuple[str, str]] = []
        self._redo: list[tuple[str, str]] = []
        self._start: Mapping[str, str] = {}
        self._quiet = False
        self.looked_for_draft = False
        """What was kept of this form is shown by now, or nothing was."""
        self._question: Banner | None = None
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        for keys, act in (("Ctrl+Z", self.undo), ("Ctrl+Y", self.redo), ("Ctrl+Shift+Z", self.redo)):
            QShortcut(QKeySequence(keys), self, act)

    def add(self, name: str, widget: Input) -> None:
        """Take an input into the draft under ``name``."""
        self._inputs[name] = widget
        self._shown[name] = widget.text()
        widget.changed.connect(partial(self._changed, name))

    def values(self) -> dict[str, str]:
        """What is entered, by name, as typed; empty fields included."""
        return {name: widget.text() for name, widget in self._inputs.items()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Show these values; names the form does not have are left alone. Nothing is committed by this."""
        self._quiet = True
        for name, widget in self._inputs.items():
            if name in values:
                widget.set_text(values[name])
            self._shown[name] = widget.text()
        self._quiet = False
        self._undo.clear()
        self._redo.clear()
        self.edited.emit()

    def begin_with(self, values: Mapping[str, str]) -> None:
        """Show these values as what nobody has changed yet: those of a record that is corrected."""
        self._start = dict(values)
        self.set_values(values)
        self._start = self.values()

    def untouched(self) -> dict[str, str]:
        """The values of the form while nobody has entered anything."""
        return {name: self._start.get(name, "") for name in self._inputs}

    def clear(self) -> None:
        """Empty every field."""
        self.set_values(dict.fromkeys(self._inputs, ""))

    def undo(self) -> bool:
        """Take the last change back; typing in one field without a break is one change. False: nothing to undo."""
        return self._step_back(self._undo, self._redo)

    def redo(self) -> bool:
        """Make the change again that was taken back last. False: there is none."""
        return self._step_back(self._redo, self._undo)

    def _step_back(self, steps: list[tuple[str, str]], other_way: list[tuple[str, str]]) -> bool:
        if not steps:
            return False
        name, text = steps.pop()
        other_way.append((name, self._inputs[name].text()))
        self._quiet = True
        self._inputs[name].set_text(text)
        self._quiet = False
        self._shown[name] = text
        self._keep()
        return True

    def restore(self) -> None:
        """Look for a draft; if there is one, show its values and ask: continue or discard."""
        self.session.load_draft(self.form, self._offer)

    def saved(self) -> None:
        """The record is saved: forget the draft and the undo steps."""
        self._undo.clear()
        self._redo.clear()
        self.session.drop_draft(self.form)
        self._answer()

    def letters_to(self, number: NumberField, choice: Choice) -> None:
        """Send a letter typed into ``number`` on to ``choice``: "5 a" is depth 5, armed."""
        number.letter.connect(lambda letter: choice.press_letter(letter) and choice.setFocus())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Z and Ctrl+Y from inside a line, which keeps the keys from shortcuts."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo) or _is_ctrl_y(event):
            self.redo()
        else:
            super().keyPressEvent(event)

    def question(self) -> Banner | None:
        """The banner that asks about a draft, while it asks."""
        return self._question

    def _changed(self, name: str, _text: str) -> None:
        before, now = self._shown[name], self._inputs[name].text()
        if self._quiet or before == now:
            return
        if not self._undo or self._undo[-1][0] != name or isinstance(self._inputs[name], Choice):
            self._undo.append((name, before))
        self._redo.clear()
        self._shown[name] = now
        self._answer()
        self._keep()

    def _keep(self) -> None:
        self.session.keep_draft(self.form, self.values(), self._say_kept)
        self.edited.emit()

    def _say_kept(self, at: str) -> None:
        self.kept.emit(self.texts(N_("Draft kept {time}"), time=self._local_time(at)))

    def _local_time(self, at: str) -> str:
        return local(at, offset_min(self.session.clock.now())).strftime("%H:%M:%S")

    def _offer(self, draft: Draft | None) -> None:
        self.looked_for_draft = True
        untouched = self.untouched()
        if draft is None or self.values() != untouched or draft.fields in ({}, untouched):
            return
        self.set_values(draft.fields)
        texts = self.texts
        said = texts(N_("Kept {time}, everything as typed. Continue, or discard it and start empty."),
                     time=self._local_time(draft.at))  # fmt: skip
        self._question = Banner(
            "warn", texts(N_("This was not finished")), said, texts(N_("Continue")), "pencil", texts(N_("Discard"))
        )
        self._question.pressed.connect(self._answer)
        self._question.second_pressed.connect(self._discard)
        self.body.insertWidget(0, self._question)
        self._say_kept(draft.at)

    def _discard(self) -> None:
        self.set_values(self.untouched())
        self.saved()

    def _answer(self) -> None:
        if self._question is not None:
            self.body.removeWidget(self._question)
            self._question.hide()
            self._question.deleteLater()
            self._question = None


def _is_ctrl_y(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier
