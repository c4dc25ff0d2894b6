"""From what stands in the Find form to a saved or corrected find, and what can be said of it before it is saved."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp import ids
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.domain.records.shared import POSITION
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import groups_to_set, missing_for_sign_off
from fieldapp.geodesy.area import distance_m
from fieldapp.geodesy.districts import WORK_AREA, WorkArea
from fieldapp.operations import finds, photos, records
from fieldapp.operations.browsing import Record
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.forms.record_form import as_typed, name_of
from ui.forms.spoken import in_words
from ui.forms.surroundings import metres_text
from ui.forms.where import Where, placed_fields, saved_text
from ui.widgets.lists import CheckLine
from ui.widgets.position_given import FALLBACKS, TAKEN

FIND = KINDS["find"]
NEAR_M = 5
"""Two finds closer than this may be one item."""
KNOWN_FINDS = 200
"""So many of the latest finds are compared with a new one."""
SAID = frozenset((
    "outside_work_area", "swapped_axes", "in_work_area", "no_near_duplicate", "position", "no_number", "blank_number",
))
"""Rules and subjects of the clearance checks that the form's own lines say already, at once."""
_SAME_ITEM = N_("The same item?")
_APART = frozenset(("model", "lat", "lon"))
"""Declared fields that the form takes in another shape: a model's text, a position's text."""


@dataclass(frozen=True)
class Known:
    """A find recorded before, as far as the form needs it."""

    name: str
    number: str
    model: str
    category: str
    lat: float | None
    lon: float | None


def known_finds(ws: Workspace) -> list[Known]:
    """The latest finds here, newest first."""
    rows = records.list_records(ws, "find", retracted=False, limit=KNOWN_FINDS)
    return [
        Known(row.name, str(row["local_id"] or ""), str(row["model"] or ""), str(row["category"] or ""),
              row["lat"], row["lon"])
        for row in rows
    ]  # fmt: skip


def fields_of(values: Mapping[str, str]) -> dict[str, object]:
    """The declared fields among the form's values, as typed; model and position stand apart."""
    return {name: text for name, text in values.items() if name in FIND.by_name and name not in _APART}


def draft_of(values: Mapping[str, str], model: str, where: Where | None) -> dict[str, object]:
    """The fields of the find as it would be saved now, for the clearance checks; ``model``: a code of the list."""
    fields = fields_of(values) | {"quantity": values.get("quantity") or "1", "unit": values.get("unit") or "piece"}
    fields["model_text" if not model else "model"] = model or values.get("model", "").strip()
    return fields | (dict(where.fields) | {"lat": where.lat, "lon": where.lon} if where is not None else {})


def said_of(lines: Iterable[CheckLine], texts: Texts) -> frozenset[str]:
    """What these lines of the form say already: also the near find, where it is among the latest ones."""
    near = any(line.first == texts(_SAME_ITEM) for line in lines)
    return SAID | {"near_duplicate"} if near else SAID


def save(ws: Workspace, values: Mapping[str, str], *, lot_begins: bool = False) -> Record:
    """Save the find that ``values`` describe. ``lot_begins``: the next one lies at the same place."""
    fields = fields_of(values)
    if lot_begins and not fields.get("lot"):
        fields["lot"] = ids.uuid7(ws.clock.now(), ws.entropy)
    fields |= placed_fields(ws, values.get("position", ""))
    photo = values.get("photo", "").strip()
    if not photo:
        return finds.add_find(ws, fields, model_text=values.get("model", ""))
    with ws.store.transaction():
        record = finds.add_find(ws, fields, model_text=values.get("model", ""))
        photos.add_photo(ws, Path(photo), shows=record.name)
    return record


def correct(ws: Workspace, name: str, before: Mapping[str, str], now: Mapping[str, str]) -> Record:
    """Correct the find ``name``: only what differs between ``before`` and ``now`` is written.

    ``now["heads"]`` are the versions the form was opened with, ``now["reason"]`` the reason.
    """
    changed = {one: text for one, text in fields_of(now).items() if text != before.get(one, "")}
    model, position = now["model"], now["position"]
    model_text = None
    if model != before["model"]:
        if model.strip():
            model_text = model
            changed["category"] = now["category"]
        else:
            changed |= {"model": None, "model_text": None}
    if position != before["position"]:
        if position.strip():
            changed |= placed_fields(ws, position)
        else:
            changed |= {one.name: None for one in FIND.group_by_name["position"].fields}
    return finds.correct_find(
        ws, name, changed, now["reason"], model_text=model_text, heads=now["heads"].split()
    )


def values_of(record: Record, language: str, lists: Lists) -> dict[str, str]:
    """What the form shows of a saved find."""
    values = {one.name: as_typed(record.fields.get(one.name)) for one in FIND.fields if one.name not in _APART}
    model = record.fields.get("model")
    values["model"] = lists.model_name(str(model), language) if model else as_typed(record.fields.get("model_text"))
    values["position"] = position_text(record)
    values["heads"] = " ".join(record.heads)
    return values


def position_text(record: Record) -> str:
    """The position as a position block shows it: as it was typed, else as it was saved; empty where there is none."""
    lat, lon = record.fields.get("lat"), record.fields.get("lon")
    if record.fields.get("fixed_by") in (*TAKEN, *FALLBACKS) and lat is not None and lon is not None:
        return saved_text({field.name: record.fields.get(field.name) for field in POSITION.fields})
    typed = record.fields.get("typed_text")
    if typed:
        return str(typed)
    return f"{lat} {lon}" if lat is not None and lon is not None else ""


@dataclass(frozen=True)
class Facts:
    """What the checks look at."""

    values: Mapping[str, str]
    model: str
    """Code of the model taken from the list, or empty."""
    where: Where | None
    known: Sequence[Known]
    itself: str = ""
    """Name of the record that is being corrected."""
    lists: Lists = dataclasses.field(default_factory=shipped_lists)
    work_area: WorkArea = WORK_AREA


def checks(facts: Facts, texts: Texts) -> list[CheckLine]:
    """The lines of the checks panel. None of them stops a save; none changes what was entered."""
    lines = [*_model(facts, texts), *_quantity(facts, texts), *_place(facts, texts), *_near(facts, texts)]
    return [*lines, _sign_off(facts, texts)]


def _model(facts: Facts, texts: Texts) -> Iterable[CheckLine]:
    typed, category = facts.values["model"].strip(), facts.values["category"]
    known = facts.lists.models.get(facts.model) if facts.model else None
    if not typed and not category:
        yield CheckLine("not_yet", texts(N_("Not said what it is")), texts(N_("Model, category or a text")))
    elif typed and known is None:
        yield CheckLine("look", texts(N_("Model not in the list")), texts(N_("Kept as typed. HQ adds it later.")))
    elif known is not None and category and known.category not in ("", category):
        name = facts.lists.name("category", known.category, texts.language)
        yield CheckLine(
            "look", texts(N_("Another category?")),
            texts(N_("{model} is listed as {category}."), model=known.name(texts.language), category=name),
        )  # fmt: skip


def _quantity(facts: Facts, texts: Texts) -> Iterable[CheckLine]:
    quantity = facts.values["quantity"]
    if quantity and finds.needs_reading_back(quantity, facts.model or None, facts.lists):
        words = in_words(quantity, texts.language) or quantity
        yield CheckLine("look", texts(N_("Quantity {quantity}?"), quantity=quantity), texts(
            N_("Read it back: {words}."), words=words))  # fmt: skip
    if facts.values.get("unit", "") in ("", "piece") and "." in quantity:
        yield CheckLine("look", texts(N_("Part of a piece?")), texts(N_("Choose the unit under More fields.")))


def _place(facts: Facts, texts: Texts) -> Iterable[CheckLine]:
    if facts.where is None:
        return
    if facts.where.swap is not None:
        yield CheckLine("danger", texts(N_("Swapped?")), texts(N_("Outside the work area as typed.")))
    elif not facts.work_area.holds(facts.where.lat, facts.where.lon):
        yield CheckLine("look", texts(N_("Outside the work area")), texts(N_("Look at the numbers again.")))
    else:
        yield CheckLine("ok", texts(N_("Inside the work area")))


def nearest(facts: Facts) -> tuple[Known, float] | None:
    """The recorded find nearest to the typed position, and the metres to it."""
    if facts.where is None:
        return None
    here = facts.where
    distances = [
        (distance_m(here.lat, here.lon, one.lat, one.lon), place)
        for place, one in enumerate(facts.known)
        if one.lat is not None and one.lon is not None and one.name != facts.itself
    ]
    if not distances:
        return None
    metres, place = min(distances)
    return facts.known[place], metres


def _near(facts: Facts, texts: Texts) -> Iterable[CheckLine]:
    found = nearest(facts)
    if found is None or facts.values.get("lot"):
        return
    other, metres = found
    how_far = metres_text(metres, texts)
    detail = texts(N_("Nearest {number}, {distance}"), number=other.number, distance=how_far)
    if metres >= NEAR_M:
        yield CheckLine("ok", texts(N_("No find within {metres} m"), metres=NEAR_M), detail)
    elif facts.model and other.model == facts.model:
        yield CheckLine("look", texts(_SAME_ITEM), detail)
    else:
        yield CheckLine("look", texts(N_("A find within {metres} m"), metres=NEAR_M), detail)


def _sign_off(facts: Facts, texts: Texts) -> CheckLine:
    typed = dict(fields_of(facts.values))
    if facts.where is not None:
        typed |= {"lat": f"{facts.where.lat:.9f}", "lon": f"{facts.where.lon:.9f}"}
    # Number, day and one piece are filled in by saving.
    given = {"local_id": "-", "found_on": "2000-01-01", "quantity": "1"}
    typed = {**typed, **{name: typed.get(name) or text for name, text in given.items()}}
    changes, _problems = groups_to_set(FIND, typed, lists=facts.lists)
    missing = missing_for_sign_off(FIND, changes)
    names = [name_of(one, texts) for one in missing if one.name not in ("lat", "lon")]
    if any(one.name == "lat" for one in missing):
        names.insert(0, texts(N_("Position")))
    if not names:
        return CheckLine("ok", texts(N_("Complete for sign-off")))
    return CheckLine("not_yet", texts(N_("Needed to sign off")), ", ".join(names))
