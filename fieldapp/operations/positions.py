"""Positions as people type them: read in the frame that the deployment settled, read back, and kept as fields.

The frame says where work is expected, which datum operation takes SK-42 to WGS 84, and which systems an administrator
defined. What is stored with a point is never recomputed: text, system, operation and accuracy stay as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from fieldapp.domain import settings as declared
from fieldapp.domain.decimals import decimal_text
from fieldapp.geodesy import coordinates, custom
from fieldapp.geodesy.coordinates import SwapHint, Understood
from fieldapp.geodesy.crs import difference_m
from fieldapp.geodesy.districts import WorkArea, district_hint
from fieldapp.geodesy.frame import EPSG_15865, OPERATIONS, CustomSystem, DatumOperation, Frame, own_operation
from fieldapp.operations import settings
from fieldapp.operations.setting_errors import SettingNotValid
from fieldapp.operations.settings import Defined
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts

AUTO = "auto"
ACCURACY_FROM_M = 10.0
"""Digits that say less than this get a stated accuracy without a datum operation, too: 3 decimals, MGRS of 6 digits."""
USUAL_DIFFERENCE_M = 14.0
"""The published operations for Pulkovo 1942 lie within this of each other here; turned rotations more than 15 m off."""
_SHOWN_IN = "positions_in"


@dataclass(frozen=True)
class ReadBack:
    """What was understood of a typed position, to be shown before it is saved."""

    understood: Understood
    shown: str
    """The position in the format that was typed."""
    second: str
    """The same position in another format."""
    district: str | None
    """Code of the district it seems to lie in: a hint, never filled in silently."""
    swap: SwapHint | None
    """Set where the point lies outside the work area and its swap inside it: ask."""


def frame_of(ws: Workspace) -> Frame:
    """The frame in force here; made anew only when a setting or a coordinate system changed."""
    version = settings.version(ws)
    kept = ws.store.caches.get("frame")
    if kept is not None and kept[0] == version:
        found: Frame = kept[1]
        return found
    south, west, north, east = map(float, settings.value(ws, declared.WORK_AREA).split())
    operation = operation_of(settings.value(ws, declared.DATUM_OPERATION))
    made = (_system(one, ws.language) for one in settings.systems(ws))
    systems = tuple(one for one in made if one is not None)
    frame = Frame(WorkArea(south, west, north, east), operation, systems)
    if settings.version(ws) == version:
        ws.store.caches["frame"] = version, frame
    return frame


def operation_of(text: str) -> DatumOperation:
    """The datum operation that a setting names (plain form of ``fieldapp.domain.settings.operation``)."""
    if text in OPERATIONS:
        return OPERATIONS[text]
    numbers = tuple(float(part) for part in text.split()[1:])
    return own_operation(numbers[:-1], numbers[-1])


def _system(one: Defined, language: str) -> CustomSystem | None:
    """None where its operation is none that this version knows: nothing can be typed in it here."""
    plain = declared.operation(one.operation) if one.operation else ""
    if plain is None:
        return None
    return CustomSystem(one.code, one.name(language), one.definition, operation_of(plain) if plain else None)


@dataclass(frozen=True)
class OwnOperation:
    """How far a programme's own parameters lead from the shipped operation, in the middle of the work area."""

    metres: float

    def sentence(self, texts: Texts) -> str:
        """Said where the setting is shown; far off it names the usual mistake."""
        said = (
            N_("Own parameters: {metres} m from EPSG:15865 in the middle of the work area.")
            if self.metres <= USUAL_DIFFERENCE_M
            else N_(
                "Own parameters: {metres} m from EPSG:15865 in the middle of the work area. Are the rotations of the"
                " other convention, or is a number wrong?"
            )
        )
        return texts(said, metres=texts.number(self.metres, 1))


def own_operation_of(ws: Workspace) -> OwnOperation | None:
    """None while a shipped operation is in force."""
    frame = frame_of(ws)
    if frame.operation.parameters is None:
        return None
    area = frame.work_area
    lat, lon = (area.south + area.north) / 2, (area.west + area.east) / 2
    return OwnOperation(difference_m(frame.operation, EPSG_15865, lat, lon))


def check_system(ws: Workspace, one: Defined) -> None:
    """Raises SystemNotUnderstood where a system cannot be used here, SettingNotValid for an operation nobody knows."""
    system = _system(one, "en")
    if system is None:
        raise SettingNotValid(value=one.operation)
    custom.checked(system, frame_of(ws))


def read(text: str, frame: Frame, system: str = AUTO) -> ReadBack:
    """What ``text`` means as a position. Raises CoordinateNotUnderstood with what is wrong or ambiguous."""
    understood = coordinates.parse(text, frame, system)
    return ReadBack(
        understood,
        coordinates.format_position(understood.lat, understood.lon, understood.format, frame),
        coordinates.read_back(understood, frame),
        district_hint(understood.lat, understood.lon),
        coordinates.swap_hint(understood.lat, understood.lon, frame.work_area),
    )


def typed_fields(text: str, frame: Frame, system: str = AUTO) -> dict[str, object]:
    """The position fields of a typed position: computed, as typed, its system, the datum operation and its accuracy.

    Never receiver accuracy. Raises CoordinateNotUnderstood.
    """
    return fields_of(coordinates.parse(text, frame, system)) | {"fixed_by": "typed"}


def fields_of(understood: Understood) -> dict[str, object]:
    """The position fields of what was understood, without how it was fixed.

    An accuracy stands there where a datum operation was used or the digits say little; never a receiver's.
    """
    fields: dict[str, object] = {
        "lat": decimal_text(understood.lat, 9), "lon": decimal_text(understood.lon, 9),
        "typed_text": understood.text, "typed_crs": understood.crs,
    }  # fmt: skip
    if understood.operation:
        fields["datum_operation"] = understood.operation
    if understood.operation or understood.accuracy_m >= ACCURACY_FROM_M:
        metres = Decimal(repr(understood.accuracy_m)).quantize(Decimal("0.1"), rounding=ROUND_UP)
        fields |= {"accuracy_m": decimal_text(metres, 1), "accuracy_basis": "typed_digits"}
    return fields


def shown_format(ws: Workspace) -> str:
    """The format in which this computer shows positions: of ``coordinates.Format``; decimal degrees until chosen."""
    return ws.meta(_SHOWN_IN) or "dd"


def show_in(ws: Workspace, how: str) -> None:
    """Show positions in this format from now on, on this computer."""
    ws.set_meta(_SHOWN_IN, how)
