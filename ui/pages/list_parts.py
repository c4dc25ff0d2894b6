"""Parts of the Reference lists page: an entry in words, and what a text that is in no list may mean."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.domain.lists_in_force import KIND_OF_LIST, Lists
from fieldapp.domain.registry import KINDS
from fieldapp.operations.lists import Listed
from fieldapp.operations.not_in_list import NotInList
from fieldapp.texts import N_, Texts
from ui.forms.declared import model_search
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Facts
from ui.widgets.labels import PlainLabel, title
from ui.widgets.model_field import ModelField

_FIELD_OF = {
    ("place", "kind"): "place_kind", ("organisation", "kind"): "organisation_kind",
    ("vocabulary", "category"): "of_category",
}  # fmt: skip
"""Members of a ``Listed`` and the declared field that names them, where it is called otherwise."""
_LANGUAGES = {"en": "English", "az": "Azərbaycanca", "ru": "Русский"}


def what_it_is(one: Listed, lists: Lists, language: str) -> str:
    """An entry in a few words: of a model its category, of a place its kind or district, of a person the team."""
    facts = one.facts
    if one.list_name == "model":
        return lists.name("category", facts.get("category"), language)
    if one.list_name == "place":
        kind = lists.name("place_kind", facts.get("kind"), language)
        parent = facts.get("parent")
        return f"{kind}, {lists.place_name(parent, language)}" if parent else kind
    if one.list_name == "organisation":
        return lists.name("organisation_kind", facts.get("kind"), language)
    if one.list_name == "team":
        return lists.organisation_name(facts.get("organisation", ""), language)
    if one.list_name == "person":
        team = lists.teams.get(facts.get("team", ""))
        return ", ".join(filter(None, (team.name if team else facts.get("team"), facts.get("role"))))
    return one.code.split("/", maxsplit=1)[0]


def entry_facts(one: Listed, lists: Lists, texts: Texts) -> list[tuple[str, str]]:
    """All that is known of an entry, as lines of a word and its value."""
    kind, found = KINDS[KIND_OF_LIST[one.list_name]], [(texts(N_("Code")), one.code)]
    if one.list_name not in ("team", "person"):
        found += [(language, one.names[code]) for code, language in _LANGUAGES.items()]
    for member, value in one.facts.items():
        field = kind.by_name.get(_FIELD_OF.get((one.list_name, member), member))
        if field is None:
            continue
        if member == "formed_from":
            shown = ", ".join(_origin(part, lists, texts) for part in value)
        elif isinstance(value, list):
            shown = ", ".join(map(str, value))
        else:
            shown = lists.name(field.vocabulary, value, texts.language) if field.vocabulary else str(value)
        found.append((field.names.in_language(texts.language), shown))
    return found


def _origin(part: dict[str, str], lists: Lists, texts: Texts) -> str:
    name = lists.place_name(part["place"], texts.language)
    return texts(N_("{place} ({area} km²)"), place=name, area=part["area_km2"]) if part["area_km2"] else name


def unlisted_banner(texts: Texts, count: int, go: Callable[[str, object], object]) -> Banner:
    """Says that something in the records is in no list, and leads there by ``go(page, what)``."""
    first = texts.plural(
        N_("{count} model or code in the records is in no list"),
        N_("{count} models and codes in the records are in no list"), count,
    )  # fmt: skip
    said = texts(N_("They are kept as they are and resolve by themselves once the list has them."))
    banner = Banner("warn", first, said, texts(N_("Show")), "layers")
    banner.pressed.connect(lambda: go("lists", "unmapped"))
    return banner


class MapCard(QWidget):
    """One text that is in no list: how it was spelled, by whom, and the model it means.

    ``mapped(str)``: the code of the model chosen. ``new_asked()``: it is to be a new model.
    """

    mapped = Signal(str)
    new_asked = Signal()

    def __init__(self, texts: Texts, one: NotInList, lists: Callable[[], Lists]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        in_force, language = lists(), texts.language
        column.addWidget(title(one.text))
        spelled = ", ".join(f"{text} ({texts.number(count)})" for text, count in one.spellings.items())
        facts = [(texts(N_("Written as")), spelled), (texts(N_("For example")), ", ".join(one.examples))]
        if one.categories:
            names = [in_force.name("category", code, language) for code in one.categories]
            facts.append((texts(N_("Entered as")), ", ".join(names)))
        if one.may_be:
            names = [in_force.model_name(code, language) for code in one.may_be]
            facts.append((texts(N_("Name of several models")), ", ".join(names)))
        column.addWidget(Facts(facts))
        self.model = ModelField(texts(N_("It means the model")), texts, model_search(language, lists))
        self.model.setVisible(not one.may_be)
        column.addWidget(self.model)
        self.map = PrimaryButton(texts(N_("Map to this model")), "check")
        self.map.setVisible(not one.may_be)
        self.new = Button(texts(N_("Add as a new model ...")), "plus")
        self.new.setVisible(not one.may_be)
        said = N_("The text stays in the records; every record with it is shown and counted as this model.")
        if one.may_be:
            said = N_("Take the name away from all models but one; until then it is shown as typed.")
        column.addWidget(PlainLabel(texts(said), wrap=True))
        column.addStretch(1)
        column.addWidget(self.new)
        column.addWidget(self.map)
        self.model.changed.connect(lambda _text: self._check())
        self.model.picked.connect(lambda _hit: self._check())
        self.map.clicked.connect(lambda: self.mapped.emit(self.model.code()))
        self.new.clicked.connect(self.new_asked)
        self._check()

    def _check(self) -> None:
        self.map.setEnabled(bool(self.model.code()))
