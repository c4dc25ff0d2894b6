"""What an entered position was read as, for the position block of any form, and the fields it becomes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fieldapp.clock import local, offset_min
from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import SwapHint, format_position, swap_hint
from fieldapp.geodesy.districts import district_hint
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations import fallbacks, positions
from fieldapp.operations.fallbacks import Placed
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.session import Session
from ui.widgets import Reading
from ui.widgets.position_given import AVERAGE, FALLBACKS, LIVE, TAKEN, TYPED, Given, given

__all__ = ["PositionReader", "Where", "position_fields", "reading_of"]

@dataclass(frozen=True)
class Where:
    """A place that was understood, however it was fixed. WGS 84 degrees; ``fields`` are those of the position."""

    lat: float
    lon: float
    way: str = TYPED
    district: str | None = None
    """Code of the district it seems to lie in: a hint, never filled in silently."""
    swap: SwapHint | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


ReadFacts = Callable[[Where], tuple[tuple[str, str], ...]]


def no_facts(_where: Where) -> tuple[tuple[str, str], ...]:
    """Nothing is near that is known."""
    return ()


def words_of(texts: Texts) -> dict[str, str]:
    """What the measures of a point are called, where one of them cannot be read."""
    return {
        "distance": texts(N_("Distance")), "chainage": texts(N_("Along the baseline")),
        "offset": texts(N_("To the side")),
    }  # fmt: skip


def position_fields(text: str, frame: Frame, day: dt.date, texts: Texts) -> dict[str, object]:
    """The position fields of what stands in a position block. Raises the OperatorErrors of the way it was fixed."""
    known = given(text)
    if known.way in TAKEN:
        return dict(_captured(known))
    if known.way in FALLBACKS:
        return fallbacks.placed(known.parts, known.way, frame, day, words_of(texts)).fields()
    return positions.typed_fields(known.text, frame, known.system)


def placed_fields(ws: Workspace, text: str) -> dict[str, object]:
    """The position fields of what stood in a position block; none where nothing did. Raises as ``position_fields``."""
    if not text.strip():
        return {}
    return position_fields(text, positions.frame_of(ws), ws.clock.now().date(), Texts(ws.language))


def captured_text(way: str, fields: Mapping[str, object], taken_at: str) -> str:
    """A captured position as it stands in a position block and its draft. ``taken_at``: a stamp, UTC."""
    kept = {name: value for name, value in fields.items() if value is not None}
    return Given(way, parts={"fields": json.dumps(kept, default=str), "taken_at": taken_at}).as_text()


def saved_text(fields: Mapping[str, object]) -> str:
    """A saved position that nobody typed, as it stands in the position block of a correction."""
    kept = {name: value for name, value in fields.items() if value is not None}
    return Given(LIVE, parts={"fields": json.dumps(kept, default=str, sort_keys=True), "saved": "yes"}).as_text()


def _captured(known: Given) -> dict[str, object]:
    found = json.loads(known.parts.get("fields", "{}"))
    return found if isinstance(found, dict) else {}


def reading_of(text: str, texts: Texts, facts: ReadFacts = no_facts, frame: Frame = FRAME) -> Reading:
    """Read a typed position: what it means in two formats, whether it seems swapped, and ``facts`` about it."""
    return _typed(given(text), texts, facts, frame)


def error_reading(error: OperatorError, texts: Texts) -> Reading:
    """A position that cannot be used, why, and what to do."""
    what, kept, do = error.parts(texts)
    return Reading("danger", what, f"{kept} {do}")


def _typed(known: Given, texts: Texts, facts: ReadFacts, frame: Frame) -> Reading:
    try:
        read = positions.read(known.text, frame, known.system)
    except OperatorError as error:
        return error_reading(error, texts)
    understood = read.understood
    fields = {"fixed_by": TYPED, **positions.fields_of(understood)}
    where = Where(understood.lat, understood.lon, TYPED, read.district, read.swap, fields)
    if read.swap is not None:
        return _swapped(read, read.swap, where, texts, known)
    quality = [(texts(N_("Digits")), _about(understood.uncertainty_m, texts))]
    if understood.operation_accuracy_m is not None:
        quality.append((texts(N_("Datum")), _about(understood.operation_accuracy_m, texts)))
        quality.append((texts(N_("Together")), _about(understood.accuracy_m, texts)))
    notes = [note.sentence(texts) for note in understood.notes]
    tone, first = ("warn", texts(N_("Look at this position"))) if notes else (
        "ok", texts(N_("Position read as typed")))  # fmt: skip
    no_receiver = texts(N_("No receiver accuracy."))
    if understood.operation_accuracy_m is not None and understood.operation:
        no_receiver = texts(
            N_("No receiver accuracy. ± {metres} m from the datum ({operation})."),
            metres=texts.number(understood.operation_accuracy_m, 1), operation=understood.operation,
        )  # fmt: skip
    return Reading(
        tone, first, "\n".join([*notes, no_receiver]), read.shown, read.second, facts=facts(where), value=where,
        quality=tuple(quality),
    )  # fmt: skip


def _swapped(
    read: positions.ReadBack, swap: SwapHint, where: Where, texts: Texts, known: Given
) -> Reading:
    swapped = Given(TYPED, f"{swap.lat!r} {swap.lon!r}", known.system).as_text()
    place = format_position(swap.lat, swap.lon, "dd")
    other_way = texts(N_("The other way round it is {place}, inside the work area."), place=place)
    return Reading(
        "warn", texts(N_("Swapped?")), other_way, read.shown, read.second, swapped, texts(N_("Swap")), value=where
    )


def _about(metres: float | None, texts: Texts) -> str:
    if metres is None:
        return "\u2014"
    return texts(N_("± {metres} m"), metres=texts.number(metres, 1 if metres < 100 else 0))


class PositionReader:
    """Reads whatever stands in a position block of ``session``; ``facts`` say what is near."""

    def __init__(self, session: Session, facts: ReadFacts = no_facts) -> None:
        self.session, self.facts = session, facts

    def __call__(self, text: str) -> Reading:
        """What ``text`` is read as."""
        known, session = given(text), self.session
        if known.way in TAKEN:
            return self._taken(known, text)
        if known.way in FALLBACKS:
            return self._measured(known)
        return _typed(known, session.texts, self.facts, session.frame)

    def fields(self, text: str) -> dict[str, object]:
        """The position fields of ``text``; see ``position_fields``."""
        session = self.session
        return position_fields(text, session.frame, session.clock.now().date(), session.texts)

    def _where(self, fields: Mapping[str, object], way: str) -> Where:
        lat, lon = float(str(fields["lat"])), float(str(fields["lon"]))
        swap = swap_hint(lat, lon, self.session.frame.work_area)
        return Where(lat, lon, way, district_hint(lat, lon), swap, fields)

    def _shown(self, where: Where) -> tuple[str, str]:
        frame, how = self.session.frame, self.session.positions_in
        other = "mgrs" if how == "dd" else "dd"
        return (format_position(where.lat, where.lon, how, frame), format_position(where.lat, where.lon, other, frame))

    def _taken(self, known: Given, text: str) -> Reading:
        texts, fields = self.session.texts, _captured(known)
        try:
            where = self._where(fields, known.way)
        except (KeyError, ValueError):
            return Reading("danger", texts(N_("The position of the draft cannot be read")),
                           texts(N_("Take it again, or type it.")))  # fmt: skip
        time = self._time(known.parts.get("taken_at", ""))
        large, small = self._shown(where)
        if known.parts.get("saved"):
            tone, first, detail = "ok", texts(N_("Position as it was saved")), self._how(fields)
        elif self.session.receiver.was_taken_here(text):
            tone, first = "ok", texts(N_("Position taken"))
            if known.way == AVERAGE:
                first = texts(N_("Position taken: average"))
            detail = texts(N_("Taken at {time}."), time=time)
        else:
            tone, first = "warn", texts(N_("Position taken before the restart, at {time}"), time=time)
            detail = texts(N_("Kept as it was taken. If this is another place, take it again."))
        return Reading(
            tone, first, detail, large, small, facts=self.facts(where), value=where,
            quality=self._quality(fields), icon="circle-check" if tone == "ok" else "history",
        )  # fmt: skip

    def _how(self, fields: Mapping[str, object]) -> str:
        """How a saved position was fixed."""
        code, language = str(fields.get("fixed_by") or ""), self.session.texts.language
        how = self.session.lists.name("fixed_by", code, language)
        return f"{how}. {fields['typed_text']}" if fields.get("typed_text") else f"{how}."

    def _quality(self, fields: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
        texts = self.session.texts

        def number(name: str, places: int) -> str:
            value = fields.get(name)
            return "\u2014" if value is None else texts.number(float(str(value)), places)

        accuracy = fields.get("accuracy_m")
        return (
            (texts(N_("Accuracy")), _about(float(str(accuracy)) if accuracy is not None else None, texts)),
            (texts(N_("Fix")), str(fields.get("fix_type") or "\u2014")),
            (texts(N_("Satellites")), number("satellites", 0)),
            (texts(N_("HDOP")), number("hdop", 1)),
        )

    def _time(self, stamp: str) -> str:
        try:
            return local(stamp, offset_min(self.session.clock.now())).strftime("%H:%M")
        except ValueError:
            return "\u2014"

    def _measured(self, known: Given) -> Reading:
        session, texts = self.session, self.session.texts
        if not _is_begun(known):
            return Reading("stale", texts(N_("No position yet")), texts(N_("Type the bearing and the distance.")))
        try:
            found = fallbacks.placed(
                known.parts, known.way, session.frame, session.clock.now().date(), words_of(texts)
            )
        except OperatorError as error:
            return error_reading(error, texts)
        where = self._where(found.fields(), known.way)
        large, small = self._shown(where)
        quality = ((texts(N_("Accuracy")), _about(found.accuracy_m, texts)),
                   (texts(N_("True bearing")), _degrees(found.true_deg, texts)))  # fmt: skip
        return Reading(
            "ok", texts(N_("Position measured by hand")), self._basis(found), large, small,
            facts=((texts(N_("Starting point")), found.start.name), *self.facts(where)), value=where,
            quality=quality, icon="compass",
        )  # fmt: skip

    def _basis(self, found: Placed) -> str:
        """What the accuracy rests on, and how the bearing was turned."""
        texts = self.session.texts
        said = [texts(N_("No receiver accuracy."))]
        if found.accuracy_m is None:
            said.append(texts(N_("The accuracy of the starting point is not known: none is stated.")))
        if found.declination_deg is not None:
            said.append(texts(N_("Turned by {degrees} to true north ({model})."), model=found.model,
                              degrees=_degrees(found.declination_deg, texts)))  # fmt: skip
        return " ".join(said)


def _degrees(degrees: float, texts: Texts) -> str:
    return texts(N_("{degrees}°"), degrees=texts.number(degrees, 1))


def _is_begun(known: Given) -> bool:
    return any(known.parts.get(name) for name in ("bearing", "distance", "chainage", "towards"))
