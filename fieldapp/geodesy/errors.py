"""Why a typed position is no position, and why a coordinate system cannot be used."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.errors import OperatorError
from fieldapp.texts import N_, Texts


class SystemName(str):
    """A coordinate system as people call it: translated where it is shown."""

    __slots__ = ()


def said(facts: Mapping[str, object], texts: Texts) -> dict[str, object]:
    """``facts`` with the names of systems in the language of ``texts``; several readings become one list."""
    shown: dict[str, object] = {}
    for name, fact in facts.items():
        if isinstance(fact, SystemName):
            shown[name] = texts(fact)
        elif isinstance(fact, tuple):
            shown[name] = "; ".join(f"{texts(system)}: {place}" for system, place in fact)
        else:
            shown[name] = fact
    return shown


REASONS = {
    # of the text as a whole
    "empty": N_("No position was typed."),
    "too_long": N_("This text is too long for a position."),
    "character": N_("“{part}” has no meaning in a position."),
    "number": N_("“{part}” is not a number that can be read in one way only."),
    "commas": N_("“{part}” can be read in several ways: its commas may be decimal signs or may separate numbers."),
    "sign": N_("“{part}” stands where no sign is expected."),
    "word": N_("“{part}” is not a word for north, south, east or west."),
    "ambiguous_word": N_("“{part}” may be north (şimal) or east (şərq)."),
    "lookalike": N_("“{part}” is a Latin letter; Cyrillic С is north, and cənub (south) begins with the same shape."),
    "count": N_("A position has two numbers; {count} can be read here."),
    "layout": N_("The order of numbers and words cannot be read."),
    "several": N_("This can be read in several ways: {readings}."),
    # of the system
    "system": N_("“{part}” is no coordinate system that is known here."),
    "other_system": N_("“{part}” is not written as {chosen}, which was chosen."),
    "said_system": N_("“{part}” names another coordinate system than the one chosen: {chosen}."),
    # of degrees
    "mark": N_("The sign {part} does not follow its number of degrees, minutes or seconds."),
    "maybe_minutes": N_("“{part}” may be decimal degrees, or degrees and minutes of one half of a position."),
    "minutes_range": N_("“{part}” are no minutes or seconds: those are below 60 and have one or two digits."),
    "fraction": N_("“{part}” has a fraction, but minutes or seconds follow it."),
    "uneven": N_("One half has minutes or seconds that the other half lacks."),
    "one_hemisphere": N_("“{part}” may belong to the number before it or after it."),
    "same_axis": N_("Both numbers are marked as latitude, or both as longitude."),
    "sign_and_hemisphere": N_("“{part}” has a sign as well as a word for its hemisphere."),
    "lat_range": N_("“{part}” is no latitude: those go from 0 to 90, and latitude comes first."),
    "lon_range": N_("“{part}” is no longitude: those go from 0 to 180."),
    # of UTM and MGRS
    "zone": N_("“{part}” is no UTM zone: those go from 1 to 60."),
    "zone_letter": N_("“{part}” is no letter of a UTM zone."),
    "easting": N_("“{part}” is no UTM easting: those have six digits before the point and come first."),
    "northing": N_("“{part}” is no UTM northing: those have seven digits before the point, up to 10 000 000."),
    "off_earth": N_("“{part}” lies outside the zone that UTM covers."),
    "band": N_("Band {letter} does not go with this northing, which lies at {place}."),
    "zone_s": N_("“{part}” may be band S in the north, at {north}, or the southern hemisphere, at {south}."),
    "cyrillic": N_("“{part}” is typed in Cyrillic; UTM and MGRS have Latin letters."),
    "square": N_("“{part}” is no 100 km square of MGRS in this zone and band."),
    "square_digits": N_("An MGRS position has two groups of equally many digits, 1 to 5 each: “{part}” has not."),
    # of Gauss-Krueger, CK-63 and own grids
    "no_zone": N_("“{part}” has no zone: Gauss-Krueger eastings begin with their zone digit, UTM begins like 38N."),
    "zone_or_utm": N_(
        "The zone digit is missing in front of “{part}”: Gauss-Krueger would be {eastings} here, UTM begins like 38N."
    ),
    "zone_missing": N_("The zone digit is missing in front of “{part}”: in the work area it would be {eastings}."),
    "zone_wrong": N_("“{part}” begins with a zone outside the work area: in it, this would be {eastings}."),
    "zone_said": N_("The text says zone {zone}, but “{part}” begins with another one."),
    "zone_system": N_("“{part}” does not begin with a zone of {chosen}; in the work area it is one of {other}."),
    "same_number": N_("Northing and easting are the same number."),
    "axes_swapped": N_("Northing and easting are swapped (X is the northing): the other way round this is {place}."),
    "off_area": N_(
        "These numbers lie nowhere near the work area in any system tried: are they swapped, or is a digit missing or"
        " wrong?"
    ),
}


class CoordinateNotUnderstood(OperatorError):
    """A typed position that is no position, or that can be read in more than one way.

    ``reason`` is a stable word (a key of the sentences above), ``part`` the piece of the text it is about, and
    ``at`` where that piece begins in the text with its odd signs made plain (None: the text as a whole).
    """

    code = "coordinate_not_understood"
    kept = N_("What you typed is still there.")
    do = N_("Type it like 39.9899 46.8988 or 38N 664771 4428553.")

    def __init__(self, reason: str, part: str = "", at: int | None = None, **facts: object) -> None:
        super().__init__(reason=reason, part=part, at=at, **facts)
        self.reason, self.part, self.at = reason, part, at

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """What is wrong with the text, what was kept and how to type it, in the language of ``texts``."""
        return texts(REASONS[self.reason], **said(self.facts, texts)), texts(self.kept), texts(self.do)


SYSTEM_REASONS = {
    "code": N_("“{part}” cannot be the code of a coordinate system: small letters, digits and hyphens, 2 to 24 of them,"
               " and none that is known already."),
    "too_long": N_("The definition is longer than {most} characters."),
    "form": N_("The definition is no EPSG code (EPSG:2937), no PROJ string (+proj=...) and no WKT."),
    "shift": N_("The definition holds “{part}”: leave it out and give the datum operation in its own place."),
    "unreadable": N_("The definition cannot be read: {detail}"),
    "kind": N_("The definition is neither a projected nor a geographic system of two axes."),
    "unit": N_("The definition counts in “{part}”: only metres and degrees are read."),
    "meridian": N_("The definition counts longitudes from another meridian than Greenwich."),
    "no_operation": N_("No way of known accuracy leads from the datum “{part}” to WGS 84: give a datum operation."),
    "not_here": N_("The system gives no usable coordinates in the work area."),
}  # fmt: skip


class SystemNotUnderstood(OperatorError):
    """A coordinate system of an administrator that cannot be used. ``reason`` is a key of the sentences above."""

    code = "coordinate_system_not_understood"
    kept = N_("Nothing was changed.")
    do = N_("Correct the definition, or ask who gave it to you.")

    def __init__(self, reason: str, part: str = "", **facts: object) -> None:
        super().__init__(reason=reason, part=part, **facts)
        self.reason, self.part = reason, part

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """What is wrong with the system, what was kept and what to do, in the language of ``texts``."""
        return texts(SYSTEM_REASONS[self.reason], **self.facts), texts(self.kept), texts(self.do)
