"""Reference lists: show, add, change, withdraw. Headquarters writes; every laptop gets them with its return bundle.

A code is never taken away: a withdrawn one stays readable and is offered no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from fieldapp import ids
from fieldapp.domain.kinds import Kind
from fieldapp.domain.lists_in_force import KIND_OF_LIST, Lists, entry_lists, formed, record_id, shipped_lists, spellings
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import Problem, groups_to_set
from fieldapp.operations.errors import NothingChanged, ReasonNeeded
from fieldapp.operations.list_errors import CodeNotValid, EntryExists, EntryMissing, NameNeeded
from fieldapp.operations.records import problems_error
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage import records as stored
from fieldapp.storage.records import Record
from fieldapp.texts import N_, fold

LIST_NAMES = tuple(KIND_OF_LIST)
"""The lists by name: model, place, organisation, team, person, vocabulary."""
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TEAM = re.compile(r"[a-z0-9]{1,32}")
_TIME = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_LONGEST_CODE = 40
_NAMED = ("name_en", "name_az", "name_ru", "name")


@dataclass(frozen=True)
class Listed:
    """One entry of a list as it is in force. ``names`` by language; ``facts`` are the other members that have a value.

    ``origin``: ``shipped``, ``added`` or ``changed`` (by headquarters).
    """

    list_name: str
    code: str
    names: dict[str, str]
    facts: dict[str, Any]
    withdrawn: bool
    origin: str

    def name(self, language: str) -> str:
        """Its name in ``language``."""
        return self.names.get(language) or self.names["en"]


def entries(ws: Workspace, list_name: str, *, text: str = "", withdrawn: bool = True, part: str = "") -> list[Listed]:
    """The entries of a list in its order. ``text`` is searched in codes, names and spellings, folded.

    ``part``: of the vocabularies, only this one. ``withdrawn``: those that are offered no more, too.
    """
    lists, shipped = ws.lists, shipped_lists()
    wanted = fold(text)
    found = []
    for key, one in _rows(lists, list_name, part).items():
        before = _rows(shipped, list_name, part).get(key) if list_name in ("model", "place", "organisation") else None
        if list_name == "vocabulary":
            name, code = key.split("/", 1)
            before = shipped.vocabulary(name).by_code.get(code)
        if one.withdrawn and not withdrawn:
            continue
        listed = _listed(list_name, key, one, "added" if before is None else "shipped" if before == one else "changed")
        if wanted and not any(wanted in fold(text) for text in _texts(listed)):
            continue
        found.append(listed)
    return found


def entry(ws: Workspace, list_name: str, code: str) -> Listed:
    """One entry; of a vocabulary ``<vocabulary>/<code>``. Raises EntryMissing."""
    found = next((one for one in entries(ws, list_name) if fold(one.code) == fold(code)), None)
    if found is None:
        raise EntryMissing(code=code)
    return found


def as_json(listed: Listed) -> dict[str, Any]:
    """An entry as the command line prints it."""
    return asdict(listed)


def _rows(lists: Lists, list_name: str, part: str) -> Mapping[str, Any]:
    if list_name == "vocabulary":
        names = [name for name in entry_lists() if part in ("", name)]
        return {f"{name}/{code}": one for name in names for code, one in lists.vocabulary(name).by_code.items()}
    by_list: dict[str, Mapping[str, Any]] = {
        "model": lists.models, "place": lists.places, "organisation": lists.organisations, "team": lists.teams,
        "person": lists.people,
    }  # fmt: skip
    return by_list[list_name]


_FACTS = {
    "model": ("category", "sub_category", "aliases", "usual_quantity"),
    "place": ("kind", "parent", "variants", "valid_from", "valid_to", "formed_from"),
    "organisation": ("short", "kind"), "team": ("organisation",), "person": ("team", "role"),
    "vocabulary": ("rollup", "category", "key"),
}  # fmt: skip


def _listed(list_name: str, key: str, one: Any, origin: str) -> Listed:
    names = getattr(one, "names", None)
    named = {"en": names.en, "az": names.az, "ru": names.ru} if names else dict.fromkeys(("en", "az", "ru"), one.name)
    facts = {name: getattr(one, name) for name in _FACTS[list_name] if getattr(one, name)}
    if "formed_from" in facts:
        facts["formed_from"] = [asdict(part) for part in facts["formed_from"]]
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}
    return Listed(list_name, key, named, plain, one.withdrawn, origin)


def _texts(listed: Listed) -> list[str]:
    spelled = [*listed.facts.get("aliases", ()), *listed.facts.get("variants", ())]
    return [listed.code, *listed.names.values(), *spelled, str(listed.facts.get("team", ""))]


def add(
    ws: Workspace, list_name: str, fields: Mapping[str, object], *, code: str = "", why: str = "", part: str = ""
) -> Listed:
    """Add an entry. ``fields`` by field name of its kind; ``part`` names the vocabulary of a vocabulary entry.

    Without a ``code`` one is made from its name. Raises EntryExists, CodeNotValid, NameNeeded, FieldsNotValid.
    """
    ws.require_hq()
    names = [str(fields[name]).strip() for name in _NAMED if fields.get(name)]
    if not any(names):
        raise NameNeeded
    with ws.store.transaction():
        code = code.strip() or _code_from(ws, list_name, names[0], part)
        _check_code(list_name, code)
        key = f"{part}/{code}" if list_name == "vocabulary" else code
        if list_name == "vocabulary" and part not in entry_lists():
            raise EntryMissing(code=part)
        if key in _rows(ws.lists, list_name, "") or stored.read(ws.store, _record(list_name, code, part)) is not None:
            raise EntryExists(code=code)
        own = {"vocabulary": part, "code": code} if list_name == "vocabulary" else {}
        _write(ws, list_name, code, {**fields, **own}, why, part)
        return entry(ws, list_name, key)


def change(
    ws: Workspace, list_name: str, code: str, fields: Mapping[str, object], why: str,
    *, heads: Sequence[str] | None = None,
) -> Listed:
    """Change an entry, shipped or added, with a reason. What is not among ``fields`` stays as it is.

    ``heads``: of its record when the form was opened. Raises EntryMissing, ReasonNeeded, NothingChanged,
    FieldsNotValid.
    """
    ws.require_hq()
    if not why.strip():
        raise ReasonNeeded
    with ws.store.transaction():
        here = entry(ws, list_name, code)
        part, code = here.code.split("/", 1) if list_name == "vocabulary" else ("", here.code)
        own = {"vocabulary": part, "code": code} if list_name == "vocabulary" else {}
        if not _write(ws, list_name, code, {**fields, **own}, why, part, heads):
            raise NothingChanged
        return entry(ws, list_name, here.code)


def withdraw(ws: Workspace, list_name: str, code: str, why: str, *, back: bool = False) -> Listed:
    """Offer an entry no more, with a reason; ``back``: offer it again. It stays readable either way."""
    return change(ws, list_name, code, {"withdrawn": not back}, why)


def record_of(ws: Workspace, list_name: str, code: str) -> Record | None:
    """Headquarters' record about an entry, if it ever said anything about it."""
    part, _, own = code.rpartition("/") if list_name == "vocabulary" else ("", "", code)
    return stored.read(ws.store, _record(list_name, own, part))


def _record(list_name: str, code: str, part: str) -> str:
    kind = KIND_OF_LIST[list_name]
    return f"{kind}/hq/{record_id(kind, code, part)}"


def _write(
    ws: Workspace, list_name: str, code: str, fields: Mapping[str, object], why: str, part: str,
    heads: Sequence[str] | None = None,
) -> bool:
    """Write what differs from the entry as it is; False where nothing does."""
    kind, name = KINDS[KIND_OF_LIST[list_name]], _record(list_name, code, part)
    record = stored.read(ws.store, name)
    said = record.values if record else {}
    shown = _shown_values(kind, code, part)
    asked, problems = _checked(fields)
    values, more = groups_to_set(kind, asked, {**shown, **said}, ws.lists)
    if problems or more:
        raise problems_error(kind, [*problems, *more], ws.language)
    if not set(values) - {"entry"}:
        return False
    parents = heads if heads is not None else record.heads if record else ()
    write(ws, name, values, parents=parents, why=why.strip() or None)
    return True


def _checked(fields: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """``fields`` with lists of spellings and origins in their plain form, and what cannot be taken."""
    values, problems = dict(fields), []
    for name in ("aliases", "variants"):
        if name in values:
            texts = [str(text) for text in _sequence(values[name])]
            values[name] = list(spellings([unicodedata.normalize("NFC", text).strip() for text in texts])) or None
    if "formed_from" in values:
        parts = formed(list(_sequence(values["formed_from"])))
        values["formed_from"] = [
            {"place": part.place, **({"area_km2": part.area_km2} if part.area_km2 else {})} for part in parts
        ] or None  # fmt: skip
    for name in ("valid_from", "valid_to"):
        text = str(values.get(name) or "")
        if text and not _is_time(text):
            problems.append(Problem(name, N_("is not a year, month or day written YYYY, YYYY-MM or YYYY-MM-DD"), {}))
    return values, problems


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else []


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01" * (2 - text.count("-")))
    except ValueError:
        return False
    return True


def _shown_values(kind: Kind, code: str, part: str) -> dict[str, Any]:
    """A shipped entry as groups of its record would say it, so that a change of one member keeps the others."""
    shipped = shipped_lists()
    found: dict[str, Any] = {}
    one: Any = {
        "model": shipped.models.get(code), "district": shipped.places.get(code),
        "organisation": shipped.organisations.get(code),
        "vocabulary": shipped.vocabulary(part).by_code.get(code) if part else None,
    }.get(kind.name)  # fmt: skip
    if one is None:
        return found
    found["names"] = {"en": one.names.en, "az": one.names.az, "ru": one.names.ru}
    if kind.name == "model":
        found["what"] = {"category": one.category, "sub_category": one.sub_category}
        found["usual_quantity"] = one.usual_quantity
    if kind.name == "district":
        found["tree"] = {"place_kind": one.kind, **({"parent": one.parent} if one.parent else {})}
        found["validity"] = {"valid_from": one.valid_from} if one.valid_from else None
    if kind.name == "organisation":
        found |= {"short": one.short, "organisation_kind": one.kind}
    if kind.name == "vocabulary":
        found |= {"rollup": one.rollup or None, "of_category": one.category or None}
    return {**found, "withdrawn": False}


def _check_code(list_name: str, code: str) -> None:
    form = {"vocabulary": _WORD, "team": _TEAM}.get(list_name, _CODE)
    text = code.lower() if list_name == "place" else code
    if not form.fullmatch(text) or len(code) > _LONGEST_CODE or (list_name == "place" and code != code.upper()):
        raise CodeNotValid(code=code)


def _code_from(ws: Workspace, list_name: str, name: str, part: str) -> str:
    """A code that nobody uses, from a name; of a name without Latin letters from the time and chance."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ə", "e").replace("ı", "i"))
    latin = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")[:24]
    if not latin or any("\u0400" <= c <= "\u04ff" for c in plain) or list_name == "person":
        latin = f"{list_name}-{ids.uuid7(ws.clock.now(), ws.entropy)[-8:]}"
    made = {"place": "AZ-X-" + latin.upper(), "team": latin.replace("-", ""), "vocabulary": latin.replace("-", "_")}
    code = first = made.get(list_name, latin)
    if list_name == "vocabulary" and not first[0].isalpha():
        code = first = "c_" + first
    taken, number = _rows(ws.lists, list_name, part), 1
    while (f"{part}/{code}" if list_name == "vocabulary" else code) in taken:
        number += 1
        joint = {"team": "", "vocabulary": "_"}.get(list_name, "-")
        code = f"{first}{joint}{number}"
    return code
