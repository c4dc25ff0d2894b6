"""UTM: zone with hemisphere or band, easting, northing; read from tokens, and printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.geodesy import degrees
from fieldapp.geodesy.crs import UTM_NORTH, UTM_SOUTH, from_utm, to_utm, utm_crs, utm_zone
from fieldapp.geodesy.degrees import rounded
from fieldapp.geodesy.districts import WorkArea
from fieldapp.geodesy.errors import CoordinateNotUnderstood
from fieldapp.geodesy.reading import Reading
from fieldapp.geodesy.spelling import Token, is_cyrillic

BANDS = "CDEFGHJKLMNPQRSTUVWX"
"""Latitude bands of 8 degrees from 80 S (X has 12), as MGRS letters them."""
_BAND_TOLERANCE_DEG = 0.00001
"""A metre: a northing rounded to metres may fall just across its band's edge."""

_EAST_LABELS = frozenset({"e", "me", "m", "east", "easting"})
_NORTH_LABELS = frozenset({"n", "mn", "m", "north", "northing"})


def is_utm(pieces: Sequence[Token]) -> bool:
    """Whether ``pieces`` (thousands joined) have the layout of UTM: a number, a word, two more numbers."""
    return (
        len(pieces) >= 4
        and (pieces[0].kind, pieces[1].kind) == ("number", "word")
        and sum(token.kind == "number" for token in pieces) == 3
        and not any(token.mark for token in pieces)
    )


def read(pieces: Sequence[Token], work_area: WorkArea) -> Reading:
    """The place that ``pieces`` of ``is_utm`` spell. Raises CoordinateNotUnderstood.

    ``work_area`` decides what ``38S`` means (band S in the north or the southern hemisphere): the reading that alone
    lies inside it.
    """
    zone_token, letter, easting, northing = _parts(pieces)
    zone = int(zone_token.text) if zone_token.text.isdecimal() and zone_token.whole_digits <= 2 else 0
    if not 1 <= zone <= 60:
        raise CoordinateNotUnderstood("zone", zone_token.text, zone_token.at)
    if easting.signed or len(easting.whole.lstrip("0")) != 6:
        raise CoordinateNotUnderstood("easting", easting.text, easting.at)
    if northing.signed or northing.whole_digits not in {7, 8} or float(northing.text) > 10_000_000:
        raise CoordinateNotUnderstood("northing", northing.text, northing.at)
    grid = _Grid(zone, float(easting.text), float(northing.text))
    crs, lat, lon = _half(grid, letter, work_area)
    uncertainty_m = math.hypot(0.5 * 10.0**-easting.decimals, 0.5 * 10.0**-northing.decimals)
    return Reading(lat, lon, "utm", crs, uncertainty_m)


def text(lat: float, lon: float) -> str:
    """``38N 662106 4428361``, below the equator ``38 south ...``. Raises ValueError outside 80 S to 84 N."""
    if not UTM_SOUTH <= lat <= UTM_NORTH:
        raise ValueError(f"no UTM at latitude {lat}")
    zone, north = utm_zone(lon), lat >= 0
    easting, northing = to_utm(lat, lon, utm_crs(zone, north=north))
    half = "N" if north else " south"
    return f"{zone}{half} {rounded(easting, 1):06d} {rounded(northing, 1):07d}"


def check_band(band: str, lat: float, at: int, place: str, *, reach_deg: float = 0.0) -> None:
    """Refuse a band letter that does not go with the latitude: S and T meet at 40 N, where it is easily mistyped.

    ``reach_deg``: how far around ``lat`` the digits typed may mean.
    """
    reach_deg += _BAND_TOLERANCE_DEG
    south = -80 + 8 * BANDS.index(band)
    north = UTM_NORTH if band == "X" else south + 8
    if not south - reach_deg <= lat <= north + reach_deg:
        raise CoordinateNotUnderstood("band", band, at, letter=band, place=place)


def _parts(pieces: Sequence[Token]) -> tuple[Token, Token, Token, Token]:
    """Zone, its letter or word, easting, northing: bare, or labelled in front (E 664771) or behind (664771 mE)."""
    letter, *rest = pieces[1:]
    if len(letter.text) == 2 and letter.text[1] == "e":  # 38N E664771: letter and label stand together
        rest.insert(0, letter._replace(text="e"))
        letter = letter._replace(text=letter.text[0])
    layout = "".join(token.kind[0] for token in rest)
    bare = [token for token in rest if token.kind != "separator"]
    numbers = [token for token in bare if token.kind == "number"]
    labels = [token for token in bare if token.kind == "word"]
    if layout.removeprefix("s") not in {"nn", "nsn", "wnwn", "wnswn", "nwnw", "nwsnw"}:
        raise CoordinateNotUnderstood("layout")
    for label, known in zip(labels, (_EAST_LABELS, _NORTH_LABELS), strict=False):
        if label.text not in known:
            raise CoordinateNotUnderstood("word", label.text, label.at)
    return pieces[0], letter, numbers[0], numbers[1]


@dataclass(frozen=True)
class _Grid:
    """Zone, easting and northing (metres) before it is known which side of the equator they are on."""

    zone: int
    easting: float
    northing: float

    def crs(self, *, north: bool) -> str:
        return utm_crs(self.zone, north=north)

    def place(self, *, north: bool) -> tuple[float, float] | None:
        """Latitude and longitude, or None where UTM is not defined."""
        lat, lon = from_utm(self.easting, self.northing, self.crs(north=north))
        south_edge, north_edge = (0.0, UTM_NORTH) if north else (UTM_SOUTH, 0.0)
        inside = south_edge - _BAND_TOLERANCE_DEG <= lat <= north_edge + _BAND_TOLERANCE_DEG
        return (lat, lon) if inside and abs(lon) <= 180 else None


def _half(grid: _Grid, letter: Token, work_area: WorkArea) -> tuple[str, float, float]:
    """CRS, latitude and longitude that the zone's letter or word leads to."""
    word = letter.text.upper()
    if word == "S":
        return _half_of_s(grid, letter, work_area)
    if word not in {"N", "NORTH", "SOUTH"} and (len(word) != 1 or word not in BANDS):
        cyrillic = len(word) == 1 and is_cyrillic(word)
        raise CoordinateNotUnderstood("cyrillic" if cyrillic else "zone_letter", letter.text.upper(), letter.at)
    north = word != "SOUTH" and (word == "NORTH" or word >= "N")
    place = grid.place(north=north)
    if place is None:
        raise CoordinateNotUnderstood("off_earth", f"{grid.northing:.0f}")
    if word not in {"N", "NORTH", "SOUTH"}:
        check_band(word, place[0], letter.at, degrees.text(*place, "dd"))
    return grid.crs(north=north), *place


def _half_of_s(grid: _Grid, letter: Token, work_area: WorkArea) -> tuple[str, float, float]:
    """The letter S: a band of the north (32 to 40 N), or the southern hemisphere."""
    readings = {north: place for north in (True, False) if (place := grid.place(north=north)) is not None}
    if len(readings) == 2:
        expected = {north: place for north, place in readings.items() if work_area.holds(*place)}
        readings = expected if len(expected) == 1 else readings
    if len(readings) == 2:
        facts = {half: degrees.text(*readings[north], "dd") for half, north in (("north", True), ("south", False))}
        raise CoordinateNotUnderstood("zone_s", f"{grid.zone}S", letter.at, **facts)
    if not readings:
        raise CoordinateNotUnderstood("off_earth", f"{grid.northing:.0f}")
    [(north, place)] = readings.items()
    if north:
        check_band("S", place[0], letter.at, degrees.text(*place, "dd"))
    return grid.crs(north=north), *place
