"""What records name and the lists do not know: models written as text (M12), and codes nobody here knows.

A text is mapped once, as an alias of a model: from then on every record with that text resolves, here and on every
laptop that has the alias. Records are not rewritten; taking the alias away takes the mapping back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from fieldapp.domain.kinds import FieldType
from fieldapp.domain.lists_in_force import spellings
from fieldapp.domain.ordnance import search_key
from fieldapp.domain.registry import KINDS
from fieldapp.operations import lists, lookup
from fieldapp.operations.errors import ReasonNeeded
from fieldapp.operations.list_errors import AlreadyMeans, EntryMissing, NotMapped
from fieldapp.operations.lists import Listed
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import listing
from fieldapp.storage.listing import Filter
from fieldapp.texts import N_

EXAMPLES = 3
"""So many records are named for each text or code."""
WHAT_TO_DO = {
    "model": N_("Add the model to the list, with this code."),
    "place": N_("Add the place to the list, with this code."),
    "organisation": N_("Add the organisation to the list, with this code."),
    "team": N_("Add the team, with this code."),
    "vocabulary": N_("Add the entry to the vocabulary, or update the program: a newer one may know it."),
}
"""What headquarters does about a code nobody here knows, by list."""


@dataclass
class NotInList:
    """One text that stands for no model, however it is spelled: what was typed, how often, by whom, as what."""

    text: str
    """The commonest spelling."""
    records: int = 0
    spellings: dict[str, int] = field(default_factory=dict)
    teams: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    """Numbers of some of the records."""
    may_be: list[str] = field(default_factory=list)
    """Codes of the models it may mean, where it is the name of several."""


@dataclass
class UnknownCode:
    """A code in records that no list here knows. It is kept and shown as it is, and resolves once it is listed."""

    list_name: str
    code: str
    part: str = ""
    """The vocabulary, of a vocabulary's code."""
    records: int = 0
    teams: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)


def unmapped(ws: Workspace) -> list[NotInList]:
    """Texts of live finds and disposals that stand for no model, folded alike, the most frequent first."""
    in_force = ws.lists
    found: dict[str, NotInList] = {}
    for kind in ("find", "disposal"):
        which = Filter(equal={"model": None}, filled=("model_text",))
        rows = listing.tally(ws.store, kind, ("model_text", "owner", "category"), which)
        for (text, owner, category), records, example in rows:
            if in_force.meant(text) is None:
                one = found.setdefault(search_key(text) or text, NotInList(text))
                one.records += records
                one.spellings[text] = one.spellings.get(text, 0) + records
                _note(one.teams, owner)
                _note(one.categories, category)
                _note(one.examples, f"{kind}/{owner}/{example}")
    for one in found.values():
        one.text = max(one.spellings, key=lambda text: (one.spellings[text], text))
        one.may_be = [model.code for model in in_force.models_meant(one.text)]
        one.examples = _numbers(ws, one.examples)
    return sorted(found.values(), key=lambda one: (-one.records, one.text))


def unknown(ws: Workspace) -> list[UnknownCode]:
    """Codes in live records that nobody here knows, by list, the most frequent first."""
    in_force = ws.lists
    found: dict[tuple[str, str, str], UnknownCode] = {}
    for kind in KINDS.values():
        coded = {
            field_.name: field_.vocabulary for field_ in kind.fields
            if field_.type is FieldType.CODE and field_.vocabulary is not None
        }  # fmt: skip
        known = {name: in_force.vocabulary(vocabulary).by_code for name, vocabulary in coded.items()}
        for owner, record_id, codes in listing.outside(ws.store, kind.name, known):
            for vocabulary, code in zip(coded.values(), codes, strict=True):
                if code is not None:
                    own = vocabulary in lists.LIST_NAMES
                    key = (vocabulary if own else "vocabulary", str(code), "" if own else vocabulary)
                    one = found.setdefault(key, UnknownCode(*key))
                    one.records += 1
                    _note(one.teams, owner)
                    if len(one.examples) < EXAMPLES:
                        one.examples.append(f"{kind.name}/{owner}/{record_id}")
    for one in found.values():
        one.examples = _numbers(ws, one.examples)
    return sorted(found.values(), key=lambda one: (lists.LIST_NAMES.index(one.list_name), -one.records, one.code))


def _note(seen: list[str], value: str | None) -> None:
    if value and value not in seen:
        seen.append(value)


def _numbers(ws: Workspace, names: Iterable[str]) -> list[str]:
    some = list(names)[:EXAMPLES]
    rows = lookup.rows_of(ws, some)
    return [str(rows[name].get("local_id") or rows[name]["id"]) if name in rows else name for name in some]


def unmapped_as_json(one: NotInList) -> dict[str, Any]:
    """A text as the command line prints it."""
    return asdict(one)


def unknown_as_json(one: UnknownCode) -> dict[str, Any]:
    """An unknown code as the command line prints it."""
    return asdict(one)


def map_text(ws: Workspace, text: str, code: str, why: str = "") -> Listed:
    """Say once that ``text`` means the model ``code``: every record with that text resolves, however it is spelled.

    Raises EntryMissing, AlreadyMeans where the text is the name or alias of a model already.
    """
    ws.require_hq()
    text = _clean(text)
    if not search_key(text):
        raise EntryMissing(code=text)
    with ws.store.transaction():
        here = lists.entry(ws, "model", code)
        meant = ws.lists.models_meant(text)
        if meant:
            raise AlreadyMeans(text=text, model=", ".join(model.name(ws.language) for model in meant))
        reason = why.strip() or f"“{text}” = {here.code}"
        return lists.change(ws, "model", here.code, {"aliases": [*_mapped_to(ws, here.code), text]}, reason)


def map_to_new(ws: Workspace, text: str, fields: dict[str, object], *, code: str = "", why: str = "") -> Listed:
    """Add a model that ``text`` is a name of: the name in all languages where ``fields`` give none."""
    ws.require_hq()
    text = _clean(text)
    named = any(fields.get(name) for name in ("name_en", "name_az", "name_ru"))
    values = dict(fields) if named else {**fields, "name_en": text, "name_az": text, "name_ru": text}
    with ws.store.transaction():
        meant = ws.lists.models_meant(text)
        if meant:
            raise AlreadyMeans(text=text, model=", ".join(model.name(ws.language) for model in meant))
        if search_key(text) not in {search_key(str(values.get(n) or "")) for n in ("name_en", "name_az", "name_ru")}:
            given = values.get("aliases")
            values["aliases"] = [*(given if isinstance(given, list | tuple) else ()), text]
        return lists.add(ws, "model", values, code=code, why=why)


def unmap(ws: Workspace, text: str, why: str) -> Listed:
    """Take a mapping back: the alias goes, records with that text are "not in list" again. Raises NotMapped."""
    ws.require_hq()
    if not why.strip():
        raise ReasonNeeded
    key = search_key(_clean(text))
    with ws.store.transaction():
        for code in ws.lists.models:
            aliases = _mapped_to(ws, code)
            left = [alias for alias in aliases if search_key(alias) != key]
            if left != aliases:
                return lists.change(ws, "model", code, {"aliases": left}, why)
    raise NotMapped(text=text)


def mapped(ws: Workspace) -> list[tuple[str, str]]:
    """Texts that headquarters mapped, with the code of the model each means, by text."""
    found = [(text, code) for code in ws.lists.models for text in _mapped_to(ws, code)]
    return sorted(found)


def _mapped_to(ws: Workspace, code: str) -> list[str]:
    record = lists.record_of(ws, "model", code)
    return list(spellings(record.values.get("aliases"))) if record else []


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
