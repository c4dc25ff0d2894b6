"""What looks odd about a record that was just saved. It is said, never forbidden, and nothing is changed."""

from __future__ import annotations

from datetime import date

from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import field_value
from fieldapp.geodesy import coordinates
from fieldapp.operations import positions
from fieldapp.operations.finds import needs_reading_back
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from fieldapp.texts import N_, Texts

_DAYS = ("found_on", "done_on", "completed_on")


def of_record(ws: Workspace, record: Record) -> list[str]:
    """Sentences about a swapped pair, a day in the future, an odd quantity, a place that was not there that day."""
    texts = Texts(ws.language)
    return [
        *_position(ws, record, texts), *_day(ws, record, texts), *_quantity(ws, record, texts),
        *_place(ws, record, texts),
    ]  # fmt: skip


def _position(ws: Workspace, record: Record, texts: Texts) -> list[str]:
    kind = KINDS[record.kind]
    if "lat" not in kind.by_name:
        return []
    lat, lon = (field_value(kind, record.values, name) for name in ("lat", "lon"))
    if lat is None or lon is None:
        return []
    hint = coordinates.swap_hint(float(lat), float(lon), positions.frame_of(ws).work_area)
    return [] if hint is None else [hint.sentence(texts)]


def _day(ws: Workspace, record: Record, texts: Texts) -> list[str]:
    today = ws.clock.now().date().isoformat()
    later = [str(record.fields[name]) for name in _DAYS if str(record.fields.get(name) or "") > today]
    return [texts(N_("The day {day} has not come yet."), day=day) for day in later]


def _quantity(ws: Workspace, record: Record, texts: Texts) -> list[str]:
    quantity = record.fields.get("quantity")
    if quantity is None:
        return []
    unit = record.fields.get("unit")
    if unit in (None, "piece") and not float(str(quantity)).is_integer():
        return [texts(N_("{quantity} pieces: a part of a piece?"), quantity=quantity)]
    model = record.fields.get("model")
    if record.kind == "find" and unit in (None, "piece") and needs_reading_back(quantity, model, ws.lists):
        return [texts(N_("{quantity} pieces: is that right?"), quantity=texts.number(str(quantity)))]
    return []


def _place(ws: Workspace, record: Record, texts: Texts) -> list[str]:
    """A place dated outside the time it exists in is remarked, never blocked (M22)."""
    place = ws.lists.places.get(str(record.fields.get("place") or ""))
    days = [str(record.fields[name]) for name in _DAYS if record.fields.get(name)]
    if place is None:
        return []
    name = place.name(texts.language)
    found = []
    for day in days:
        if place.in_force(date.fromisoformat(day)):
            continue
        early = day < place.valid_from
        sentence = N_("{place} exists from {since} only.") if early else N_("{place} existed until {until} only.")
        found.append(texts(sentence, place=name, since=place.valid_from, until=place.valid_to))
    return found
