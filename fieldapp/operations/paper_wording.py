"""What is said of a captured record and of its accuracy, for the window and the command line."""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.geodesy.coordinates import Position, format_position
from fieldapp.operations import leg_records
from fieldapp.operations.paper import Paper, Reading, WorkedOut, closure_of
from fieldapp.operations.record_accuracy import Accuracy, RecordAccuracy
from fieldapp.texts import N_, Texts

_OTHERWISE = {
    ("mils", "mil6000"): N_("Mils of 6000 to the circle"),
    ("mils", "mil6400"): N_("Mils of 6400 to the circle"),
    ("datum", "none"): N_("No shift of datum: its numbers taken for WGS 84"),
    ("datum", "shifted"): N_("Shift of datum from SK-42"),
    ("north", "grid"): N_("Azimuths from grid north"),
    ("north", "magnetic"): N_("Azimuths from magnetic north"),
    ("north", "true"): N_("Azimuths from true north"),
    ("system", "sk42"): N_("Written in SK-42, not in WGS 84"),
}
_FAR_M = 10_000

UNIT_WORDS = {
    "mil6000": N_("mils, 6000"), "deg": N_("degrees"), "dms": N_("deg min sec"), "mil6400": N_("mils, 6400"),
}  # fmt: skip
NORTH_WORDS = {"grid": N_("grid"), "magnetic": N_("magnetic"), "true": N_("true")}

NOT_SAFE = N_("Ground outside a record is not safe because of that.")


def otherwise(reading: Reading, texts: Texts) -> str:
    """The other reading in a few words."""
    return _otherwise(reading.what, reading.value, texts)


def _otherwise(what: str, value: str, texts: Texts) -> str:
    if what == "zone":
        return texts(N_("Zone {zone}"), zone=value)
    words = _OTHERWISE.get((what, value))
    return texts(words) if words else f"{what} {value}"


def shape_words(value: object, texts: Texts) -> str:
    """Legs, single points, a stored paper, its other readings or mines in a few words; empty for anything else."""
    if said := leg_records.words(value):
        return said
    if isinstance(value, dict) and value.get("form") == "record":
        return texts.plural(N_("{count} landmark, as written"), N_("{count} landmarks, as written"),
                            len(value.get("ties", ())))  # fmt: skip
    rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    if rows and all("moved_m" in one for one in rows):
        return "; ".join(
            texts(N_("{name}: {value}"), name=_otherwise(str(one.get("what")), str(one.get("value")), texts),
                  value=metres(float(one["moved_m"]), texts)) for one in rows
        )  # fmt: skip
    if rows and all("quantity" in one for one in rows):
        return "; ".join(f"{one.get('text', '')} = {one['quantity']}" for one in rows)
    return ""


def metres(value: float, texts: Texts) -> str:
    """A distance: whole metres, from 10 km on kilometres."""
    if value >= _FAR_M:
        return texts(N_("{value} km"), value=texts.number(value / 1000))
    return texts(N_("{value} m"), value=texts.number(value, 1 if value < 10 else 0))


def place(at: Position) -> str:
    """A position in decimal degrees."""
    return format_position(at.lat, at.lon, "dd")


def apart(said: str, off_m: float, texts: Texts) -> str:
    """A landmark and how far from the first one's corner 1 its own lies."""
    return texts(N_("{place} \u00b7 its corner 1 lies {metres} from the first"), place=said,
                 metres=metres(off_m, texts))  # fmt: skip


def facts(worked: WorkedOut, texts: Texts, *, brief: bool = False) -> list[tuple[str, str]]:
    """Names and values that follow from a record, in order; ``brief``: without further corners and the area."""
    found = [(texts(N_("Landmark")), place(worked.landmarks[0].at))]
    if worked.corner is not None:
        found.append((texts(N_("Corner 1")), place(worked.corner)))
    if not brief:
        found += [
            (texts(N_("Corner {number}"), number=number), place(at)) for number, at in enumerate(worked.corners[1:], 2)
        ]
    if worked.area_m2 is not None and not brief:
        found.append((texts(N_("Area")), texts(N_("{value} m²"), value=texts.number(worked.area_m2, 1))))
    if worked.accuracy_m is not None:
        found.append((texts(N_("May be off by")), metres(worked.accuracy_m, texts)))
    if worked.declination is not None:
        one = worked.declination
        name = texts(N_("{model}, {year}"), model=one.model, year=f"{one.year:.1f}") if one.model else ""
        degrees = texts(N_("{value}° E"), value=texts.number(one.deg, 2))
        found.append((texts(N_("Declination")), f"{degrees} {name}".strip()))
    return found


def remarks(worked: WorkedOut, paper: Paper, texts: Texts) -> list[str]:
    """What has to be looked at: how landmarks were read, cross-checks, a walk that does not close."""
    said = [note.sentence(texts) for mark in worked.landmarks for note in mark.understood.notes]
    for number, mark in enumerate(worked.landmarks[1:], 2):
        if mark.off_m is not None:
            said.append(texts(N_("Landmark {number} puts corner 1 {metres} from where landmark 1 does."),
                              number=number, metres=metres(mark.off_m, texts)))  # fmt: skip
    if (closed := closure_of(worked)) is not None:
        facts = {"metres": metres(closed.misclosure_m, texts), "length": metres(closed.length_m, texts)}
        if closed.ratio_n is None:
            said.append(texts(N_("The walk round closes: {metres} in {length}."), **facts))
        else:
            said.append(texts(N_("The walk round misses corner 1 by {metres} in {length}, 1:{ratio}."),
                              ratio=texts.number(closed.ratio_n, 0), **facts))  # fmt: skip
    if worked.ends_off_m is not None:
        said.append(texts(N_("The walk ends {metres} from corner 1: its last point is taken for a corner."),
                          metres=metres(worked.ends_off_m, texts)))  # fmt: skip
    if paper.datum == "none":
        said.append(texts(N_("Read without the shift of datum: if the record is in SK-42, this is about 100 m off.")))
    return list(dict.fromkeys(said))


def warnings(worked: WorkedOut, texts: Texts) -> list[str]:
    """One sentence for each other reading."""
    inside = N_("{reading}: corner 1 would move by {metres}.")
    out = N_("{reading}: corner 1 would move by {metres}, out of the work area.")
    return [
        texts(inside if one.inside else out, reading=otherwise(one, texts), metres=metres(one.moved_m, texts))
        for one in worked.readings
    ]


_TOLERANCES = {
    "record": N_("tolerance {metres}, as entered"),
    "accuracy": N_("tolerance {metres}, from its stated accuracy"),
    "default": N_("tolerance {metres}, assumed"),
}


def accuracy_lines(one: RecordAccuracy, verdict: str, texts: Texts) -> list[str]:
    """What finds say of one record; ``verdict`` is its verdict's name."""
    if one.searched and not one.judged:
        verdict = texts(N_("Searched in part, no verdict yet"))
    name = texts(N_("{number} \u00b7 {what}"), number=one.number, what=one.title) if one.title else one.number
    lines = [texts(N_("{name}: {value}"), name=name, value=verdict)]
    percent = one.searched_percent
    if percent is None:
        lines.append(texts(N_("Searched: its area is not known.")))
    else:
        lines.append(texts(N_("Searched: {value} % of its ground."), value=texts.number(percent, 1)))
    if not one.measurable:
        lines.append(texts(N_("It has no outline: no find can be held against it.")))
        return lines
    tolerance = texts(_TOLERANCES[one.tolerance_from], metres=metres(one.tolerance_m, texts))
    lines.append(texts(N_("Finds inside {inside}, outside {outside} ({tolerance})."), inside=one.inside,
                       outside=one.outside, tolerance=tolerance))  # fmt: skip
    lines += [
        texts(N_("{model}: {expected} on the record, {found} found inside."), model=model, expected=expected,
              found=found) for model, expected, found in one.by_model
    ]  # fmt: skip
    if not one.searched:
        lines.append(texts(N_("Not searched is not wrong: nothing can be said of it yet.")))
    return lines


def all_lines(found: Accuracy, verdicts: Sequence[str], texts: Texts) -> list[str]:
    """The figures over all records; ``verdicts`` are the lines of each record."""
    lines = [*verdicts]
    if found.confirmed_percent is None:
        lines.append(texts(N_("No record has a verdict yet.")))
    else:
        lines.append(texts(
            N_("Of {judged} records with a verdict {value} % are confirmed wholly or partly; {unsearched} % of all "
               "{count} were not searched."), judged=found.judged, value=texts.number(found.confirmed_percent, 1),
            unsearched=texts.number(found.unsearched_percent or 0, 1), count=len(found.records),
        ))  # fmt: skip
    lines.append(texts(N_("Finds outside any recorded area: {outside} of {count}."), outside=found.finds_outside,
                       count=found.finds))  # fmt: skip
    lines.append(texts(N_("Accidents outside any recorded area: {outside} of {count}."),
                       outside=found.accidents_outside, count=found.accidents))  # fmt: skip
    lines.append(texts(NOT_SAFE))
    return lines

