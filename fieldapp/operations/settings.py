"""Settings and coordinate systems in force: headquarters' words, before them the laptop's own, before them as shipped.

Headquarters writes them as records that every laptop gets. A laptop on its own keeps its own settings beside the log;
once it belongs to a deployment, only headquarters' count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.domain.registry import KINDS
from fieldapp.domain.settings import SETTINGS, Setting
from fieldapp.domain.validation import groups_to_set
from fieldapp.operations import lookup
from fieldapp.operations.errors import NothingChanged, ReasonNeeded, WrongRole
from fieldapp.operations.list_errors import CodeNotValid, EntryExists, EntryMissing, NameNeeded
from fieldapp.operations.records import problems_error
from fieldapp.operations.setting_errors import SettingNotValid, SettingUnknown
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage import records as stored
from fieldapp.storage.generations import generation

_KINDS = ("setting", "coordinate_system")
_OWN = "setting:"
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_CODE = 40


@dataclass(frozen=True)
class InForce:
    """One setting as it is in force. ``origin``: ``shipped``, ``own`` (of a laptop on its own) or ``hq``."""

    setting: Setting
    value: str
    origin: str


@dataclass(frozen=True)
class Defined:
    """A coordinate system that headquarters defined; ``operation`` as the setting of the datum operation is written."""

    code: str
    names: Mapping[str, str]
    definition: str
    operation: str
    withdrawn: bool

    def name(self, language: str) -> str:
        """Its name in ``language``, else in any."""
        return self.names.get(language) or next(iter(self.names.values()), self.code)


def all_settings(ws: Workspace) -> list[InForce]:
    """Every setting as it is in force, in declared order."""
    said = _said(ws)
    return [_in_force(ws, one, said) for one in SETTINGS.values()]


def value(ws: Workspace, code: str) -> str:
    """The value of a setting that is in force. Raises SettingUnknown."""
    return _in_force(ws, _declared(code), _said(ws)).value


def number(ws: Workspace, code: str) -> float:
    """The value of a setting that is a number."""
    return float(value(ws, code))


def change(ws: Workspace, code: str, text: str, why: str = "") -> InForce:
    """Give a setting another value. Headquarters says why; a laptop can do it only while it has no headquarters.

    Raises SettingUnknown, SettingNotValid, ReasonNeeded, NothingChanged, WrongRole.
    """
    setting = _declared(code)
    plain = setting.check(text)
    if plain is None:
        raise SettingNotValid(value=text.strip())
    with ws.store.transaction():
        if ws.role != "hq" and ws.deployment is not None:
            raise WrongRole
        if plain == value(ws, code):
            raise NothingChanged
        if ws.role != "hq":
            ws.set_meta(_OWN + code, plain)
        elif not why.strip():
            raise ReasonNeeded
        else:
            name = f"setting/hq/{code}"
            record = stored.read(ws.store, name)
            write(ws, name, {"value": plain}, parents=record.heads if record else (), why=why.strip())
        return _in_force(ws, setting, _said(ws))


def reset(ws: Workspace, code: str, why: str = "") -> InForce:
    """Put a setting back as shipped."""
    return change(ws, code, _declared(code).default, why)


def systems(ws: Workspace, *, withdrawn: bool = False) -> list[Defined]:
    """The coordinate systems that headquarters defined, by code; ``withdrawn`` ones too, if asked."""
    found = []
    for row in lookup.rows(ws, "coordinate_system", owner="hq", retracted=False, order="oldest"):
        names = {lang: str(row[f"name_{lang}"]) for lang in ("en", "az", "ru") if row[f"name_{lang}"]}
        one = Defined(row["id"], names, row["definition"] or "", row["operation"] or "", bool(row["withdrawn"]))
        if withdrawn or not one.withdrawn:
            found.append(one)
    return sorted(found, key=lambda one: one.code)


def add_system(ws: Workspace, code: str, fields: Mapping[str, object]) -> Defined:
    """Define a coordinate system: ``name_en`` ..., ``definition``, ``operation``.

    Raises WrongRole, CodeNotValid, EntryExists, NameNeeded, FieldsNotValid, and what ``positions.check_system`` does.
    """
    ws.require_hq()
    if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
        raise CodeNotValid(code=code)
    if not any(str(fields.get(name) or "").strip() for name in ("name_en", "name_az", "name_ru")):
        raise NameNeeded
    with ws.store.transaction():
        if stored.read(ws.store, f"coordinate_system/hq/{code}") is not None:
            raise EntryExists(code=code)
        return _write_system(ws, code, fields, "")


def change_system(ws: Workspace, code: str, fields: Mapping[str, object], why: str) -> Defined:
    """Change or withdraw a defined system, with a reason. Stored positions keep what they were computed with.

    Raises WrongRole, EntryMissing, ReasonNeeded, NothingChanged, FieldsNotValid, and what ``positions.check_system``
    does.
    """
    ws.require_hq()
    if not why.strip():
        raise ReasonNeeded
    with ws.store.transaction():
        if stored.read(ws.store, f"coordinate_system/hq/{code}") is None:
            raise EntryMissing(code=code)
        return _write_system(ws, code, fields, why.strip())


def _write_system(ws: Workspace, code: str, fields: Mapping[str, object], why: str) -> Defined:
    from fieldapp.operations import positions  # which makes frames of the systems here

    kind, name = KINDS["coordinate_system"], f"coordinate_system/hq/{code}"
    record = stored.read(ws.store, name)
    values, problems = groups_to_set(kind, dict(fields), dict(record.values) if record else {}, ws.lists)
    if problems:
        raise problems_error(kind, problems, ws.language)
    if not values:
        raise NothingChanged
    write(ws, name, values, parents=record.heads if record else (), why=why or None)
    made = next(one for one in systems(ws, withdrawn=True) if one.code == code)
    positions.check_system(ws, made)  # within the transaction: a system nobody can use is not written
    return made


def _declared(code: str) -> Setting:
    if code not in SETTINGS:
        raise SettingUnknown(code=code)
    return SETTINGS[code]


def _said(ws: Workspace) -> dict[str, str]:
    """What headquarters says, by code; remembered until one of its records changes."""
    now = generation(ws.store, ("setting",))
    kept = ws.store.caches.get("settings")
    if kept is not None and kept[0] == now:
        return dict(kept[1])
    rows = lookup.rows(ws, "setting", owner="hq", retracted=False)
    said = {row["id"]: row["value"] for row in rows if row["value"]}
    if generation(ws.store, ("setting",)) == now:
        ws.store.caches["settings"] = now, said
    return said


def _in_force(ws: Workspace, setting: Setting, said: Mapping[str, str]) -> InForce:
    """A value this version cannot read (of a newer one, or forged) leaves the shipped one in force."""
    own = ws.meta(_OWN + setting.code) if ws.role != "hq" and ws.deployment is None else ""
    for text, origin in ((said.get(setting.code, ""), "hq"), (own, "own")):
        plain = setting.check(text) if text else None
        if plain is not None:
            return InForce(setting, plain, origin)
    return InForce(setting, setting.default, "shipped")


def version(ws: Workspace) -> object:
    """Changes whenever a setting or a coordinate system may have changed; for what is made from them."""
    own = tuple(ws.meta(_OWN + code) for code in SETTINGS) if ws.role != "hq" else ()
    return generation(ws.store, _KINDS), own, ws.deployment is None
