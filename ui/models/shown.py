"""Values of records as the reader sees them: names for codes, units, days and local times."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fieldapp.clock import Clock, local, offset_min
from fieldapp.domain.kinds import Field, FieldType, Group, Kind
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.domain.registry import KINDS
from fieldapp.geodesy.coordinates import format_position
from fieldapp.operations.entry import ENTERED
from fieldapp.operations.paper_wording import shape_words
from fieldapp.texts import N_, Texts
from ui import icons
from ui.widgets.lists import Change

PLAIN_ICONS = {
    "plot": "hexagon", "disposal": "shield-check", "accident": "triangle-alert", "victim": "user-check",
    "quality_visit": "clipboard-check", "hazardous_area": "shield-x", "progress": "calendar-days",
    "programme": "file-chart-column",
}  # fmt: skip
_UNITS_IN_NAMES = {"depth_cm": N_("{value} cm"), "area_m2": N_("{value} m²"), "declared_m2": N_("{value} m²")}


class Shown:
    """Texts of records in one language and this place's time, named by the reference lists in force."""

    def __init__(self, texts: Texts, clock: Clock, lists: Callable[[], Lists] = shipped_lists) -> None:
        self.texts, self._clock, self._lists = texts, clock, lists
        self._numbers: dict[str, str] = {}

    @property
    def lists(self) -> Lists:
        """The reference lists in force now."""
        return self._lists()

    def know(self, numbers: Mapping[str, str]) -> None:
        """Numbers of records by name: these are shown where a value names one of them."""
        self._numbers.update(numbers)

    def number(self, row: Mapping[str, Any], record_id: str) -> str:
        """The number people know a record by; the first letters of its id where it has none."""
        return str(row.get("local_id") or record_id[:8])

    def brief(self, kind: str, row: Mapping[str, Any]) -> str:
        """``what`` for a narrow column: one piece is not said."""
        single = kind == "find" and row.get("quantity") == 1 and row.get("unit") in (None, "piece")
        return self.item(row) if single else self.what(kind, row)

    def what(self, kind: str, row: Mapping[str, Any]) -> str:
        """What a record is about, in a few words: ``PMN-2, 1 piece``; ``Cleared, 1,604 m²``."""
        texts = self.texts
        if kind == "plot":
            return self._joined(self._code("release", row.get("release")), self.area(row.get("area_m2")))
        if kind == "disposal":
            what = self._code("disposal_outcome", row.get("outcome"))
            item = self.item(row) or str(row.get("tag") or "")
            return texts(N_("{done}: {items}"), done=what, items=self._joined(item, self.amount(row)))
        if kind in ENTERED:
            return self._in_short(KINDS[kind], row)
        return self._joined(self.item(row), self.amount(row))

    def _in_short(self, kind: Kind, row: Mapping[str, Any]) -> str:
        """The kind and its listed codes, texts and figures: ``Accident: Mine accident; Killed 1; Injured 2``."""
        parts = []
        for one in kind.list_columns():
            value = self.value(one, row.get(one.name))
            if value and one.name not in ("local_id", "place", kind.day) and one.type is not FieldType.RECORD:
                plain = one.type in (FieldType.CODE, FieldType.TEXT)
                parts.append(value if plain else self.texts(
                    N_("{name} {value}"), name=self.field_name(one), value=value))  # fmt: skip
        name = kind.names.in_language(self.texts.language)
        return self.texts(N_("{kind}: {values}"), kind=name, values="; ".join(parts)) if parts else name

    def day_of(self, kind: str, row: Mapping[str, Any]) -> str:
        """The date of information of a record; empty for kinds that have none."""
        day = KINDS[kind].day
        return self.day_text(row.get(day)) if day else ""

    def _joined(self, one: str, two: str) -> str:
        return self.texts(N_("{what}, {amount}"), what=one, amount=two) if one and two else one or two

    def item(self, row: Mapping[str, Any]) -> str:
        """The model, also where a text stands for it; or the text as typed, or the category."""
        named = self._lists().item_name(row.get("model"), row.get("model_text"), self.texts.language)
        return named or self._code("category", row.get("category"))

    def amount(self, row: Mapping[str, Any]) -> str:
        """Quantity and unit."""
        quantity = row.get("quantity")
        if quantity is None:
            return ""
        return self.quantity(quantity, str(row.get("unit") or "piece"))

    def quantity(self, quantity: Any, unit: str) -> str:
        """A quantity in its unit, with the plural of pieces."""
        exact = Decimal(str(quantity))
        if unit == "piece" and exact == exact.to_integral_value():
            return self.texts.plural(N_("{count} piece"), N_("{count} pieces"), int(exact))
        return self.texts(N_("{value} {unit}"), value=self.decimal(quantity), unit=self._code("unit", unit))

    def area(self, area_m2: Any) -> str:
        """Square metres without decimals; a plain word where they are not known."""
        if area_m2 is None:
            return self.texts(N_("area not known"))
        return self.texts(N_("{value} m²"), value=self.texts.number(area_m2))

    def size(self, size_bytes: int) -> str:
        """The size of a file, in kB below 100 kB, else in MB."""
        if size_bytes < 100_000:
            return self.texts(N_("{size} kB"), size=self.texts.number(size_bytes / 1e3, 1))
        return self.texts(N_("{size} MB"), size=self.texts.number(size_bytes / 1e6, 1))

    def decimal(self, value: Any) -> str:
        """A number with as many decimals as it has, in this language's style."""
        exact = Decimal(str(value)).normalize()
        return self.texts.number(exact, max(0, -int(exact.as_tuple().exponent)))

    def _code(self, name: str, code: object) -> str:
        return self._lists().name(name, code, self.texts.language)

    def place(self, code: object) -> str:
        """Name of a district."""
        return self._code("place", code)

    def icon(self, kind: str, row: Mapping[str, Any]) -> str:
        """The icon of a record: its map symbol, or its kind's."""
        category = self._lists().category(row.get("category"), row.get("model"), row.get("model_text"))
        return PLAIN_ICONS.get(kind) or icons.ordnance(category or "")

    def day_text(self, text: object) -> str:
        """A day of a record, ``15 Nov 2026``; as it stands where it is no day."""
        try:
            return self.texts.short_day(date.fromisoformat(str(text)))
        except ValueError:
            return str(text or "")

    def local(self, stamp: str) -> datetime:
        """A stamp as local time here."""
        return local(stamp, offset_min(self._clock.now()))

    def moment(self, stamp: object) -> str:
        """A stamp as local day and time, ``15 Nov 2026 14:18``; as it stands where it is none."""
        try:
            moment = self.local(str(stamp))
        except ValueError:
            return str(stamp or "")
        return self.texts(N_("{day} {time}"), day=self.texts.short_day(moment.date()), time=moment.strftime("%H:%M"))

    def when(self, stamp: object) -> str:
        """A stamp of today as local time of day, any other as its day: an old 14:18 says nothing."""
        try:
            day = self.local(str(stamp)).date()
        except ValueError:
            return ""
        return self.time(stamp) if day == self._clock.now().date() else self.texts.short_day(day)

    def time(self, stamp: object) -> str:
        """A stamp as local time of day."""
        try:
            return self.local(str(stamp)).strftime("%H:%M")
        except ValueError:
            return ""

    def field_name(self, one: Field) -> str:
        """Name of a field, without the unit where its value shows it."""
        name = one.names.in_language(self.texts.language)
        return name.rsplit(", ", 1)[0] if one.name in _UNITS_IN_NAMES else name

    def value(self, one: Field, value: Any) -> str:
        """A field's value; empty where it has none. Shapes are counted, never printed.

        A record's name is shown as its number, and where the record is not here, not at all.
        """
        if value is None or one.type is FieldType.RECORD:
            return self._numbers.get(str(value), "")
        if one.name == "model_text" and (known := self._lists().meant(value)) is not None:
            return self.texts(N_("{text} (in the list: {model})"), text=value, model=known.name(self.texts.language))
        if one.type is FieldType.TEXT:
            return self._numbers.get(str(value), str(value))
        if one.type is FieldType.BOOLEAN:
            return self.texts(N_("Yes")) if value else self.texts(N_("No"))
        if one.type is FieldType.CODE and one.vocabulary:
            return self._code(one.vocabulary, value)
        if one.type is FieldType.DAY:
            return self.day_text(value)
        if one.type is FieldType.MOMENT:
            return self.moment(value)
        if one.type is FieldType.SHAPE:
            return self._shape(value)
        if one.type in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.AMOUNT):
            return self._measured(one, value)
        return str(value)

    def _measured(self, one: Field, value: Any) -> str:
        try:
            text = str(value) if one.name in ("lat", "lon") else self.decimal(value)
        except ArithmeticError:
            return str(value)
        unit = _UNITS_IN_NAMES.get(one.name)
        return self.texts(unit, value=text) if unit else text

    def _shape(self, value: Any) -> str:
        if isinstance(value, str):  # as a list's row has it
            try:
                value = json.loads(value)
            except ValueError:
                value = None
        points = sum(len(ring) for part in value for ring in part) if _is_outline(value) else 0
        if words := shape_words(value, self.texts):
            return words
        if not points:
            return self.texts(N_("as drawn"))
        return self.texts.plural(N_("{count} turning point"), N_("{count} turning points"), points)

    def group_value(self, kind: Kind, group: str, value: Any) -> str:
        """All of a group's value in one line, for choosing between readings."""
        if group == "exists":
            return self.texts(N_("The record stands")) if value else self.texts(N_("Retracted"))
        declared = kind.group_by_name.get(group)
        if declared is None:
            return str(value)
        if group == "position" and isinstance(value, dict):
            return self.position(value)
        shown = [text for one in declared.fields if (text := self.value(one, member(declared, one, value)))]
        return ", ".join(shown) or self.texts(N_("nothing entered"))

    def position(self, value: Mapping[str, Any]) -> str:
        """A position as decimal degrees."""
        try:
            return format_position(float(value["lat"]), float(value["lon"]), "dd")
        except (KeyError, TypeError, ValueError):
            return self.texts(N_("no position"))

    def changes(self, kind: Kind, group: str, before: Any, after: Any) -> Iterator[Change]:
        """The fields of a group that differ, old and new value as shown."""
        declared = kind.group_by_name.get(group)
        if declared is None:
            yield Change(group, "" if before is None else str(before), str(after))
            return
        if group == "position":
            old = self.position(before) if before else ""
            yield Change(self.texts(N_("Position")), old, self.position(after) if after else "")
            return
        for one in declared.fields:
            old, new = member(declared, one, before), member(declared, one, after)
            if old != new:
                yield Change(self.field_name(one), self.value(one, old), self.value(one, new))


def member(group: Group, one: Field, value: Any) -> Any:
    """The value of one field inside its group's value."""
    if group.bare:
        return value
    return value.get(one.key) if isinstance(value, dict) else None


def _is_outline(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(part, list) and all(isinstance(ring, list) for ring in part) for part in value
    )


def kind_of(name: str) -> Kind:
    """The kind a record's name says."""
    return KINDS[name.split("/", maxsplit=1)[0]]
