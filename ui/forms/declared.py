"""Inputs for the fields a record kind declares: a field added to the declaration appears in its form by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from fieldapp.domain.kinds import Field as Declared
from fieldapp.domain.kinds import FieldType, Kind
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.domain.vocabulary import Entry
from fieldapp.texts import N_, Texts, fold
from ui import icons
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field, Input, NumberField, TextField
from ui.widgets.model_field import Hit, ModelField, Search

IN_A_ROW = 5
"""Vocabularies of at most so many codes are a row of options; longer ones are typed."""

ListsNow = Callable[[], Lists]
"""Gives the lists in force at the moment it is called: what headquarters adds is found without a new form."""

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.AMOUNT)


@dataclass(frozen=True)
class FormItem:
    """One declared field and its input. ``widget`` and ``input`` are the same object, typed for layout and form."""

    field: Declared
    widget: QWidget
    input: Input


def form_widgets(
    kind: Kind, texts: Texts, leave_out: Sequence[str] = (), lists: ListsNow = shipped_lists
) -> list[FormItem]:
    """Labelled inputs for the form fields of ``kind``, in declared order.

    ``leave_out`` names fields a page shows in its own way (a position, an outline). Their texts are what
    ``fieldapp.domain.validation`` reads: codes for CODE fields, ``true`` and ``false`` for BOOLEAN ones, else as typed.
    """
    items = []
    for field in kind.form_fields():
        if field.name in leave_out or field.type is FieldType.SHAPE:
            continue
        widget = input_for(field, texts, lists)
        items.append(FormItem(field, widget, widget))
    return items


def input_for(
    field: Declared, texts: Texts, lists: ListsNow = shipped_lists
) -> Choice | Field | TextField | NumberField | ModelField:
    """The input of one declared field, by its type."""
    label = field.names.in_language(texts.language)
    note = texts(N_("needed to sign off")) if field.required else ""
    if field.type in _NUMBERS:
        least, most = field.minimum or 0, 10_000_000 if field.maximum is None else field.maximum
        return NumberField(label, least, most, note, fraction=field.type is not FieldType.INTEGER)
    if field.type is FieldType.BOOLEAN:
        return Choice(label, [Option("false", texts(N_("No"))), Option("true", texts(N_("Yes")))], note=note)
    if field.vocabulary == "model":
        return ModelField(label, texts, model_search(texts.language, lists))
    if field.type is FieldType.CODE and field.vocabulary:
        return _coded(label, field.vocabulary, texts, note, lists)
    if field.type is FieldType.DAY:
        return Field(label, note, placeholder=texts(N_("year-month-day: 2026-11-15")))
    return TextField(label, note) if field.multiline else Field(label, note)


def _coded(label: str, name: str, texts: Texts, note: str, lists: ListsNow) -> Choice | CodeField:
    entries = lists().vocabulary(name).entries
    if len(entries) > IN_A_ROW:
        return CodeField(label, texts, name, lists)
    language = texts.language
    options = [Option(entry.code, entry.names.in_language(language), entry.key) for entry in entries]
    return Choice(label, options, note=note)


class CodeField(ModelField):
    """A code of a long vocabulary, typed by its name in any of our languages. ``text()`` is the code."""

    def __init__(
        self, label: str, texts: Texts, vocabulary_name: str, lists: ListsNow = shipped_lists
    ) -> None:
        self._vocabulary, self._language, self._lists = vocabulary_name, texts.language, lists
        super().__init__(label, texts, vocabulary_search(vocabulary_name, texts.language, lists))

    def text(self) -> str:
        """The code; what was typed where it is no name of the list."""
        return self.code() or self.line.text()

    def set_text(self, text: str) -> None:
        """Show the name of the code ``text``; any other text as it is."""
        super().set_text(self._lists().name(self._vocabulary, text, self._language))


def model_search(language: str, lists: ListsNow = shipped_lists) -> Search:
    """The search over the ordnance models that are offered, names in ``language``."""

    def search(text: str) -> list[Hit]:
        in_force = lists()
        categories = in_force.vocabulary("category")
        return [
            Hit(
                hit.model.code,
                hit.model.name(language),
                " \u00b7 ".join([categories.name(hit.model.category, language), *hit.model.aliases[:3]]),
                icons.ordnance(hit.model.category),
            )
            for hit in in_force.search_models(text)
        ]

    return search


def vocabulary_search(name: str, language: str, lists: ListsNow = shipped_lists) -> Search:
    """The search over a vocabulary: exact names, then beginnings, then names that contain the text."""

    def rank(entry: Entry, wanted: str) -> int:
        keys = {fold(entry.names.en), fold(entry.names.az), fold(entry.names.ru), fold(entry.code)}
        if wanted in keys:
            return 0
        if any(key.startswith(wanted) for key in keys):
            return 1
        return 2 if any(wanted in key for key in keys) else 3

    def search(text: str) -> list[Hit]:
        wanted, entries = fold(text), lists().vocabulary(name).entries
        ranked = sorted(((rank(entry, wanted), place) for place, entry in enumerate(entries))) if wanted else []
        return [
            Hit(entries[place].code, entries[place].names.in_language(language)) for grade, place in ranked if grade < 3
        ]

    return search
