"""What stands on a captured minefield record, as it is written, and how it is read. Nothing is worked out here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fieldapp.geodesy.traverse import UNITS, Unit

North = Literal["grid", "magnetic", "true"]
NORTHS: tuple[North, ...] = ("grid", "magnetic", "true")
Side = Literal["right", "left"]
SIDES: tuple[Side, ...] = ("right", "left")
SHIFTED, NOT_SHIFTED = "shifted", "none"


@dataclass(frozen=True)
class Tie:
    """A landmark as written, and the azimuth and distance from it to corner 1; with neither it is that corner."""

    text: str
    bearing: str = ""
    distance: str = ""
    name: str = ""


@dataclass(frozen=True)
class Strip:
    """A field along one line: its azimuth and length from corner 1, and how deep it lies to one side."""

    bearing: str
    length: str
    depth: str
    side: Side = "right"


@dataclass(frozen=True)
class Paper:
    """What stands on the record, and how it is read. All text as written; empty where nothing is."""

    ties: tuple[Tie, ...]
    strip: Strip | None = None
    legs: tuple[tuple[str, str], ...] = ()
    """Azimuth and distance from corner 1 round the field, where it is no strip."""
    system: str = "auto"
    unit: Unit = "mil6000"
    north: North = "grid"
    on: str = ""
    """Day or year of the azimuths: a magnetic one of 1993 needs the field of 1993."""
    declination: str = ""
    """Degrees east, where the record or a map gives it."""
    datum: str = SHIFTED
    """``none``: its coordinates are taken for WGS 84 without the shift of datum."""
    zone: str = ""
    """Another zone of the grid than the one written."""
    bearing_off: str = ""
    """Degrees by which azimuths may be off; empty: ``paper.INSTRUMENT_DEG``."""
    distance_off: str = ""
    """Per cent by which distances may be off; empty: ``paper.TAPED_PER_CENT``."""

    def dated(self, laid_on: str) -> Paper:
        """With the date the field was laid as that of its azimuths, where none was said of them."""
        return self if self.on.strip() or not laid_on.strip() else dataclasses.replace(self, on=laid_on.strip())

    def stored(self) -> dict[str, Any]:
        """As ``land.legs`` of a hazardous area: everything as typed, so that it can be worked out again."""
        plain = {
            name: getattr(self, name)
            for name in ("system", "unit", "north", "on", "declination", "datum", "zone", "bearing_off", "distance_off")
        }
        found: dict[str, Any] = {name: text for name, text in plain.items() if text}
        found["form"] = "record"
        found["ties"] = [_filled(dataclasses.asdict(tie)) for tie in self.ties]
        if self.strip is not None:
            found["strip"] = dataclasses.asdict(self.strip)
        if self.legs:
            found["legs"] = [{"bearing": bearing, "distance": distance} for bearing, distance in self.legs]
        return found


def from_stored(kept: Any) -> Paper | None:
    """The paper of a stored ``land.legs``; None where that holds something else or is of a form unknown here."""
    if not isinstance(kept, Mapping) or kept.get("form") != "record":
        return None
    try:
        strip = kept.get("strip")
        found = Paper(
            tuple(Tie(**_texts(tie)) for tie in kept["ties"]), Strip(**_texts(strip)) if strip else None,  # type: ignore[arg-type]
            tuple((str(leg["bearing"]), str(leg["distance"])) for leg in kept.get("legs", ())),
            **{name: str(text) for name, text in kept.items() if name not in ("form", "ties", "strip", "legs")},  # type: ignore[arg-type]
        )
    except (AttributeError, KeyError, TypeError):
        return None
    known = found.unit in UNITS and found.north in NORTHS and (found.strip is None or found.strip.side in SIDES)
    return found if found.ties and known else None


def _texts(members: Mapping[str, object]) -> dict[str, str]:
    return {name: str(text) for name, text in members.items()}


def _filled(members: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in members.items() if text}
