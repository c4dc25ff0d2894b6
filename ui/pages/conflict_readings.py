"""Readings of a conflict beside each other: fields down, readings across, with who said each, when and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.canonical import canonical
from fieldapp.domain.kinds import FieldType, Group
from fieldapp.domain.registry import KINDS
from fieldapp.geodesy.area import distance_m
from fieldapp.operations.conflicts import Holder, Opened, Reading
from fieldapp.operations.wording import group_words
from fieldapp.texts import N_
from ui import theme
from ui.models.shown import Shown, member
from ui.widgets.banner import Chip
from ui.widgets.labels import IconLabel, PlainLabel, field_label, secondary

_POINTS = 40
_DIGEST_LETTERS = 12


class Readings:
    """Makes the grids in which the readings of one conflict are compared."""

    def __init__(self, shown: Shown) -> None:
        self._texts, self._shown = shown.texts, shown

    def beside(self, opened: Opened, some: Sequence[tuple[int, Reading]]) -> QWidget:
        """A grid: fields down, readings across; the fields in which any two readings differ are marked."""
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        grid.setColumnMinimumWidth(0, 120)
        for column, (place, reading) in enumerate(some, 1):
            grid.setColumnStretch(column, 1)
            grid.addWidget(self._title(place, reading), 0, column, Qt.AlignmentFlag.AlignTop)
        line = 1
        for name, values, differs in self._fields(opened, [reading for _, reading in some]):
            grid.addWidget(self._field(name, differs=differs), line, 0, Qt.AlignmentFlag.AlignTop)
            for column, value in enumerate(values, 1):
                weight = theme.SEMIBOLD if differs else theme.REGULAR
                label = PlainLabel(value, theme.VALUE if differs else theme.BODY, weight, wrap=True)
                grid.addWidget(label, line, column, Qt.AlignmentFlag.AlignTop)
            line += 1
        grid.addWidget(self._field(self._texts(N_("Said by")), differs=False), line, 0, Qt.AlignmentFlag.AlignTop)
        for column, (_, reading) in enumerate(some, 1):
            grid.addWidget(self._holders(opened, reading), line, column, Qt.AlignmentFlag.AlignTop)
        return box

    def _title(self, place: int, reading: Reading) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        number = self._texts(N_("Reading {number}"), number=place)
        column.addWidget(PlainLabel(number, theme.TITLE, theme.SEMIBOLD))
        if reading.dangerous:
            column.addWidget(Chip(self._texts(N_("More dangerous")), "danger", "triangle-alert"))
        if reading.shown:
            column.addWidget(secondary(self._texts(N_("Shown until it is settled"))))
        return box

    def _field(self, name: str, *, differs: bool) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if differs:
            row.addWidget(IconLabel("git-compare", 20, "warn"), 0, Qt.AlignmentFlag.AlignTop)
        label = field_label(name)
        label.setWordWrap(True)
        row.addWidget(label, 1)
        if differs:
            box.setAccessibleName(self._texts(N_("{field}: the readings differ"), field=name))
        return box

    def _fields(self, opened: Opened, some: Sequence[Reading]) -> Iterator[tuple[str, list[str], bool]]:
        """Each field of the group: its name, its value in ``some`` readings, and whether any two readings differ."""
        alike, texts = opened.line.alike, self._texts
        kind = KINDS.get(alike.kind)
        group = kind.group_by_name.get(alike.group) if kind else None
        every = [reading.value for reading in opened.readings]
        if group is None or not all(group.bare or value is None or isinstance(value, dict) for value in every):
            name = shown_group(self._shown, alike.kind, alike.group)
            lists = self._shown.lists
            yield name, [group_words(alike.kind, alike.group, one.value, texts, lists) for one in some], True
            return
        for one in group.fields:
            parts = [member(group, one, value) for value in every]
            if all(part is None for part in parts):
                continue
            differs = len({canonical(part) for part in parts}) > 1
            values = [member(group, one, reading.value) for reading in some]
            words = [self._shown.value(one, value) or texts(N_("nothing entered")) for value in values]
            if one.type is FieldType.DIGEST:
                words = [word[:_DIGEST_LETTERS] for word in words]
            if one.type is FieldType.SHAPE and differs:
                words = ["\n".join((word, *_points(value))) for word, value in zip(words, values, strict=True)]
            yield self._shown.field_name(one), words, differs
        if group.name == "position":
            yield texts(N_("From reading 1")), [self._apart(every[0], one.value) for one in some], False
        for key in _unknown(group, every):
            parts = [value.get(key) if isinstance(value, dict) else None for value in every]
            words = [canonical(one.value.get(key) if isinstance(one.value, dict) else None).decode() for one in some]
            yield key, words, len({canonical(part) for part in parts}) > 1

    def _apart(self, one: Any, other: Any) -> str:
        """How far two readings of a position lie apart."""
        try:
            at = [float(value[name]) for value in (one, other) for name in ("lat", "lon")]
        except (KeyError, TypeError, ValueError):
            return "\u2013"
        if one == other:
            return "\u2013"
        return self._texts(N_("{distance} m"), distance=self._texts.number(distance_m(*at), 1))

    def _holders(self, opened: Opened, reading: Reading) -> QWidget:
        """Who holds the reading: each writer once, with how many records, when, and why."""
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        said: dict[tuple[str, str], list[Holder]] = {}
        for holder in reading.holders:
            said.setdefault((self._who(holder), holder.why), []).append(holder)
        for (who, why), many in said.items():
            column.addWidget(PlainLabel(who, theme.BODY, theme.REGULAR, wrap=True))
            column.addWidget(secondary(self._when(many)))
            if why:
                column.addWidget(secondary(self._texts(N_("Reason: {reason}"), reason=why)))
            if changed := self._changed(opened, many):
                column.addWidget(secondary(self._texts(N_("Changed: {fields}"), fields=changed)))
        return box

    def _changed(self, opened: Opened, many: Sequence[Holder]) -> str:
        """What was changed in a record that somebody else retracted."""
        alike = opened.line.alike
        groups = {group for one in many for group in one.changed} - {"exists"} if alike.group == "exists" else set()
        return ", ".join(sorted(shown_group(self._shown, alike.kind, group) for group in groups))

    def _who(self, holder: Holder) -> str:
        where = self._texts(N_("Headquarters")) if holder.hq else ""
        laptop = "" if holder.hq or holder.laptop == holder.by else holder.laptop
        parts = [holder.by, where, *(() if holder.hq else holder.teams), laptop]
        return " \u00b7 ".join(part for part in parts if part)

    def _when(self, many: Sequence[Holder]) -> str:
        texts, first, last = self._texts, many[0], many[-1]
        when = self._shown.moment(first.at)
        if len(many) > 1:
            when = texts.plural(
                N_("{count} record, {first} \u2013 {last}"), N_("{count} records, {first} \u2013 {last}"),
                len({one.record for one in many}), first=when, last=self._shown.moment(last.at),
            )  # fmt: skip
        if any(one.doubt for one in many):
            when = texts(N_("{when}, by a clock in doubt"), when=when)
        return when


def shown_group(shown: Shown, kind_name: str, group: str) -> str:
    """Name of a group of fields as lists show it."""
    kind = KINDS.get(kind_name)
    if group == "exists":
        return shown.texts(N_("Whole record"))
    if group == "position":
        return shown.texts(N_("Position"))
    declared = kind.group_by_name.get(group) if kind else None
    return shown.field_name(declared.fields[0]) if declared else group


def _unknown(group: Group, values: Sequence[Any]) -> list[str]:
    """Members of newer versions: they are shown as they were written."""
    known = {one.key for one in group.fields}
    keys = {key for value in values if isinstance(value, dict) for key in value} if not group.bare else set()
    return sorted(keys - known)


def _points(value: Any) -> list[str]:
    """The first points of an outline, one to a line: two outlines of four points each differ only there."""
    found = [
        f"{point.get('lat', '')} {point.get('lon', '')}"
        for part in _items(value)
        for ring in _items(part)
        for point in _items(ring)
        if isinstance(point, dict)
    ]
    return [*found[:_POINTS], "\u2026"] if len(found) > _POINTS else found


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
