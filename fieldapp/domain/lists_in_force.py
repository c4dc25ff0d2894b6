"""The lists as they are in force in one workspace: those shipped, with what headquarters added or changed.

A value object: made anew when headquarters' entries change, handed to whatever shows, counts or looks up. A code that
nobody here knows is kept and shown as it is; it resolves by itself once its entry arrives.

A model that was written as text resolves by its folded spelling (M12): names before aliases, offered models before
withdrawn ones. A spelling of several models resolves to none: it is shown, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from fieldapp.domain import ordnance, organisations, places, vocabulary
from fieldapp.domain.kinds import Names
from fieldapp.domain.ordnance import Hit, Model, ModelIndex, search_key
from fieldapp.domain.organisations import Organisation
from fieldapp.domain.places import FormedFrom, Place
from fieldapp.domain.vocabulary import Entry, Vocabulary
from fieldapp.texts import fold

KIND_OF_LIST = {
    "model": "model", "place": "district", "organisation": "organisation", "team": "team", "person": "person",
    "vocabulary": "vocabulary",
}  # fmt: skip
"""The record kind that holds headquarters' entries of each list, by the list's name."""
MAX_SPELLINGS = 200
"""So many aliases or variants of one entry are read; what a record holds beyond is kept and not looked at."""


_Named = Model | Place | Organisation | Entry


@dataclass(frozen=True, slots=True)
class Team:
    """A team as headquarters names it."""

    code: str
    name: str
    organisation: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the programme: name, team's code, role in words."""

    code: str
    name: str
    team: str = ""
    role: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What headquarters says of one entry: kind and id of its record, and the columns that have a value."""

    kind: str
    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Lists:
    """All lists in force. ``vocabularies`` holds those that headquarters touched; the others are as shipped."""

    models: Mapping[str, Model]
    places: Mapping[str, Place]
    organisations: Mapping[str, Organisation]
    teams: Mapping[str, Team] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)

    # -- codes of any field -------------------------------------------------------------------------------------

    def vocabulary(self, name: str) -> Vocabulary:
        """The vocabulary or list ``name``, the word a field declares. Raises KeyError for one that does not exist."""
        known = self._own.get(name) or self.vocabularies.get(name)
        return known if known is not None else vocabulary.vocabulary(name)

    @cached_property
    def _own(self) -> dict[str, Vocabulary]:
        own: dict[str, Collection[Model | Place | Organisation]] = {
            "model": self.models.values(), "place": self.places.values(), "organisation": self.organisations.values(),
        }  # fmt: skip
        return {name: _vocabulary_of(name, listed) for name, listed in own.items()}

    def name(self, vocabulary_name: str, code: object, language: str = "en") -> str:
        """The name of a code; the code itself where nobody here knows it; nothing for none."""
        return self.vocabulary(vocabulary_name).name(str(code), language) if code else ""

    # -- ordnance models ----------------------------------------------------------------------------------------

    def model_name(self, code: str, language: str = "en") -> str:
        """The name of a model; the code itself where nobody here knows it."""
        known = self.models.get(code)
        return known.name(language) if known else code

    def search_models(self, text: str, limit: int = 8) -> list[Hit]:
        """``ModelIndex.search`` over the models that are offered."""
        return self._index.search(text, limit)

    @cached_property
    def _index(self) -> ModelIndex:
        return ModelIndex(tuple(model for model in self.models.values() if not model.withdrawn))

    @cached_property
    def _spelled(self) -> tuple[dict[str, set[str]], ...]:
        """Codes by folded spelling: names, then aliases, of offered models; then the same of withdrawn ones."""
        found: tuple[dict[str, set[str]], ...] = ({}, {}, {}, {})
        for model in self.models.values():
            names = (model.names.en, model.names.az, model.names.ru, model.code)
            for level, spellings in enumerate((names, model.aliases)):
                for key in filter(None, map(search_key, spellings)):
                    found[level + 2 * model.withdrawn].setdefault(key, set()).add(model.code)
        return found

    def models_meant(self, text: object) -> tuple[Model, ...]:
        """The models that a text may mean: one where it resolves, several where it is ambiguous."""
        key = search_key(str(text)) if text else ""
        codes: set[str] = next((level[key] for level in self._spelled if key in level), set()) if key else set()
        return tuple(self.models[code] for code in sorted(codes))

    def meant(self, text: object) -> Model | None:
        """The one model that a text means; None where it is not in the list, or stands for several."""
        found = self.models_meant(text)
        return found[0] if len(found) == 1 else None

    def item(self, model: object, model_text: object) -> Model | None:
        """The model of a record: by its code, else by the text as typed."""
        return self.models.get(str(model)) if model else self.meant(model_text)

    def category(self, category: str | None, model: object, model_text: object = None) -> str | None:
        """The category that counts: what the record says, else that of its model."""
        if category:
            return category
        known = self.item(model, model_text)
        return (known.category or None) if known else None

    def item_name(self, model: object, model_text: object, language: str) -> str:
        """What a record calls its item: the model's name, also where only a text was typed; else the text."""
        if model:
            return self.model_name(str(model), language)
        known = self.meant(model_text)
        return known.name(language) if known else str(model_text or "")

    # -- places -------------------------------------------------------------------------------------------------

    def place_name(self, code: str, language: str = "en") -> str:
        """The name of a place; the code itself where nobody here knows it."""
        known = self.places.get(code)
        return known.name(language) if known else code

    @cached_property
    def _place_keys(self) -> dict[str, str]:
        keys: dict[str, str] = {}
        for found in sorted(self.places.values(), key=lambda one: one.withdrawn, reverse=True):
            for text in (found.code, found.names.en, found.names.az, found.names.ru, *found.variants):
                keys[fold(text)] = found.code
        return keys

    def find_place(self, text: str) -> Place | None:
        """The place that ``text`` names in any language, spelling or as its code; None where there is none."""
        code = self._place_keys.get(fold(text))
        return self.places[code] if code else None

    def district_of(self, code: str) -> str | None:
        """The code of the district that a place lies in (a district or city itself); None where it is not known."""
        known = self.places.get(code)
        return (known.parent or known.code) if known else None

    def on_day(self, code: str, day: date, inside: Callable[[], str | None] | None = None) -> str:
        """The district in force on ``day`` for what is listed under ``code``, as far as the list says.

        Before a place existed, that is the one it was formed from; after it ended, the one then formed from it. Of
        several it is the one that ``inside`` names (where the position lies); else the code stays: no guess.
        """
        seen: set[str] = set()
        while (known := self.places.get(code)) is not None and code not in seen and not known.in_force(day):
            seen.add(code)
            if known.valid_from > day.isoformat():
                others = {part.place for part in known.formed_from}
            else:
                later = [one for one in self.places.values() if one.valid_from >= known.valid_to and one.in_force(day)]
                others = {one.code for one in later if any(part.place == code for part in one.formed_from)}
            if len(others) > 1 and inside is not None:
                others &= {inside() or ""}
            if len(others) != 1:
                break
            code = others.pop()
        return self.district_of(code) or code

    def in_public_order(self, codes: Collection[str]) -> list[str]:
        """``codes`` as notices name them: known districts in public order, then all others by code."""
        listed = [place for place in self.places.values() if not place.parent]
        ordered = sorted(listed, key=lambda place: place.public_order or len(listed) + 1)
        known = [place.code for place in ordered if place.code in codes]
        return known + sorted(set(codes).difference(known))

    # -- organisations ------------------------------------------------------------------------------------------

    def organisation_name(self, code: str, language: str = "en") -> str:
        """The organisation's name; the code itself where nobody here knows it."""
        known = self.organisations.get(code)
        return known.names.in_language(language) if known else code

    # -- searching records --------------------------------------------------------------------------------------

    def spelled_like(self, text: str) -> dict[str, frozenset[str]]:
        """For a search over records: folded codes and model texts, by column, of entries whose names hold ``text``."""
        wanted, key = fold(text), search_key(text)
        if not wanted:
            return {}
        models = [
            model for model in self.models.values()
            if any(key in search_key(one) for one in (*_names_of(model.names), *model.aliases))
        ]  # fmt: skip
        found = {
            place.code for place in self.places.values()
            if any(wanted in fold(one) for one in (*_names_of(place.names), *place.variants))
        }  # fmt: skip
        texts = {search_key(one) for model in models for one in (*_names_of(model.names), *model.aliases)}
        meant = {one for one in texts if self.meant(one) in models}
        return {
            "model": frozenset(search_key(model.code) for model in models),
            "model_text": frozenset(meant), "place": frozenset(map(search_key, found)),
        }  # fmt: skip


def _names_of(names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys((names.en, names.az, names.ru)))


def _vocabulary_of(name: str, listed: Iterable[Model | Place | Organisation]) -> Vocabulary:
    entries = {
        one.code: Entry(one.code, one.names, category=getattr(one, "category", ""), withdrawn=one.withdrawn)
        for one in listed
    }
    return Vocabulary(name, tuple(entry for entry in entries.values() if not entry.withdrawn), entries)


@lru_cache(maxsize=1)
def shipped_lists() -> Lists:
    """The lists as they are shipped, before any headquarters said anything."""
    return Lists(ordnance.models(), places.places(), organisations.organisations())


def in_force(said: Iterable[Said]) -> Lists:
    """The shipped lists with what headquarters says of single entries."""
    shipped = shipped_lists()
    models, found_places = dict(shipped.models), dict(shipped.places)
    organs = dict(shipped.organisations)
    teams: dict[str, Team] = {}
    people: dict[str, Person] = {}
    entries: dict[str, dict[str, Entry]] = {}
    for one in said:
        code, values = code_of(one), one.values
        if one.kind == "model":
            models[code] = _model(models.get(code), code, values)
        elif one.kind == "district":
            found_places[code] = _place(found_places.get(code), code, values)
        elif one.kind == "organisation":
            organs[code] = _organisation(organs.get(code), code, values)
        elif one.kind == "team":
            teams[code] = Team(
                code, _text(values, "name") or code, _text(values, "organisation"), bool(values.get("withdrawn"))
            )
        elif one.kind == "person":
            people[code] = Person(
                code, _text(values, "name") or code, _text(values, "team"), _text(values, "role"),
                bool(values.get("withdrawn")),
            )  # fmt: skip
        elif one.kind == "vocabulary" and _text(values, "vocabulary") in entry_lists():
            name = _text(values, "vocabulary")
            rows = entries.setdefault(name, dict(vocabulary.vocabulary(name).by_code))
            rows[code] = _entry(rows.get(code), code, values)
    vocabularies = {
        name: Vocabulary(name, tuple(row for row in rows.values() if not row.withdrawn), rows)
        for name, rows in entries.items()
    }
    return Lists(models, found_places, organs, teams, people, vocabularies)


def entry_lists() -> tuple[str, ...]:
    """The vocabularies whose entries headquarters may add or change; models, places and organisations stand apart."""
    return tuple(name for name in vocabulary.vocabulary_names() if name not in vocabulary.OWN_LISTS)


def code_of(one: Said) -> str:
    """The code that a list record is about: its id, of places in capitals, of vocabulary entries as the record says."""
    if one.kind == "district":
        return one.id.upper()
    return _text(one.values, "code") or one.id if one.kind == "vocabulary" else one.id


def record_id(kind: str, code: str, vocabulary_name: str = "") -> str:
    """The id of the record about a code: record names hold lower-case letters, digits and hyphens only."""
    lower = code.lower().replace("_", "-")
    return f"{vocabulary_name.replace('_', '-')}--{lower}" if kind == "vocabulary" else lower


def _text(values: Mapping[str, Any], column: str) -> str:
    value = values.get(column)
    return value if isinstance(value, str) else ""


def _named(before: _Named | None, code: str, values: Mapping[str, Any]) -> Names:
    """The names: what headquarters gives, else what was shipped, else another language's, else the code."""
    own = [_text(values, f"name_{language}") for language in ("en", "az", "ru")]
    old = [before.names.en, before.names.az, before.names.ru] if before else ["", "", ""]
    given = [new or was for new, was in zip(own, old, strict=True)]
    some = next(filter(None, given), code)
    return Names(*(name or some for name in given))


def spellings(value: object) -> tuple[str, ...]:
    """The texts of a stored list of spellings; anything else in it is left aside."""
    listed = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(text for text in listed if isinstance(text, str) and text))[:MAX_SPELLINGS]


def _model(before: Model | None, code: str, values: Mapping[str, Any]) -> Model:
    base = before or Model(code, "", "", Names(code, code, code), "")
    category = _text(values, "category")
    usual = values.get("usual_quantity")
    return replace(
        base, names=_named(before, code, values),
        category=category or base.category,
        sub_category=_text(values, "sub_category") if category else base.sub_category,
        aliases=tuple(dict.fromkeys((*base.aliases, *spellings(values.get("aliases"))))),
        usual_quantity=usual if isinstance(usual, int) else base.usual_quantity,
        withdrawn=bool(values.get("withdrawn")),
    )  # fmt: skip


def formed(value: object) -> tuple[FormedFrom, ...]:
    """The places that a stored ``formed_from`` names."""
    listed = value if isinstance(value, list) else []
    return tuple(
        FormedFrom(part["place"], str(part.get("area_km2") or ""))
        for part in listed[:MAX_SPELLINGS]
        if isinstance(part, dict) and isinstance(part.get("place"), str)
    )


def _place(before: Place | None, code: str, values: Mapping[str, Any]) -> Place:
    base = before or Place(code, "", Names(code, code, code), "")
    kind = _text(values, "place_kind")
    dated = _text(values, "valid_from") or _text(values, "valid_to")
    return replace(
        base, names=_named(before, code, values), kind=kind or base.kind,
        parent=_text(values, "parent") if kind else base.parent,
        variants=tuple(dict.fromkeys((*base.variants, *spellings(values.get("variants"))))),
        valid_from=_text(values, "valid_from") if dated else base.valid_from,
        valid_to=_text(values, "valid_to") if dated else base.valid_to,
        formed_from=formed(values.get("formed_from")) or base.formed_from, withdrawn=bool(values.get("withdrawn")),
    )  # fmt: skip


def _organisation(before: Organisation | None, code: str, values: Mapping[str, Any]) -> Organisation:
    names = _named(before, code, values)
    base = before or Organisation(code, "private", names.en, names)
    return replace(
        base, names=names, kind=_text(values, "organisation_kind") or base.kind,
        short=_text(values, "short") or base.short, withdrawn=bool(values.get("withdrawn")),
    )  # fmt: skip


def _entry(before: Entry | None, code: str, values: Mapping[str, Any]) -> Entry:
    base = before or Entry(code, Names(code, code, code))
    return replace(
        base, names=_named(before, code, values), rollup=_text(values, "rollup") or base.rollup,
        category=_text(values, "of_category") or base.category, withdrawn=bool(values.get("withdrawn")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs between two versions of the lists. ``list_name`` is a key of ``KIND_OF_LIST``."""

    list_name: str
    code: str
    what: str
    """``added``, ``changed`` or ``withdrawn``."""


def changes(before: Lists, after: Lists) -> list[Change]:
    """What differs, by list and code."""
    found: list[Change] = []
    for name, old, new in (
        ("model", before.models, after.models), ("place", before.places, after.places),
        ("organisation", before.organisations, after.organisations), ("team", before.teams, after.teams),
        ("person", before.people, after.people), ("vocabulary", _coded(before, after), _coded(after, before)),
    ):  # fmt: skip
        found += [Change(name, code, _what(old.get(code), one)) for code, one in new.items() if old.get(code) != one]
    return found


def _coded(lists: Lists, other: Lists) -> dict[str, Entry]:
    touched = {*lists.vocabularies, *other.vocabularies}
    return {
        f"{name}/{code}": entry for name in sorted(touched) for code, entry in lists.vocabulary(name).by_code.items()
    }


def _what(before: Any, after: Any) -> str:
    if before is None:
        return "added"
    return "withdrawn" if after.withdrawn and not before.withdrawn else "changed"
