"""Positions: read from text, printed in several formats, and read back in another one before they are saved.

Formats: ``dd`` (decimal degrees, latitude first unless hemispheres say otherwise) and ``utm`` (zone, easting,
northing). Nothing is guessed: what can be read in two ways is refused with both readings.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from fieldapp.geodesy.crs import UTM_NORTH, UTM_SOUTH, WGS84, from_utm, to_utm, utm_crs, utm_zone
from fieldapp.geodesy.districts import WORK_AREA, WorkArea
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.notes import Note
from fieldapp.geodesy.spelling import HEMISPHERES, Axis, CoordinateNotUnderstood, Token, plain, tokens
from fieldapp.texts import N_, Texts

__all__ = [
    "CoordinateNotUnderstood", "Format", "Note", "Position", "SwapHint", "Understood",
    "format_position", "parse", "read_back", "swap_hint",
]  # fmt: skip

Format = str
"""``dd`` or ``utm``."""

METRES_PER_DEGREE = 111_320.0
"""Of longitude on the equator, rounded up: used for the uncertainty of typed digits only."""

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
"""Latitude bands of 8 degrees from 80 S (X has 12), as MGRS letters them."""
_BAND_TOLERANCE_DEG = 0.00001
"""A metre: a northing rounded to metres may fall just across its band's edge."""


@dataclass(frozen=True)
class Position:
    """A place in WGS 84 degrees, north and east positive."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Understood:
    """What a typed position was taken to be. ``text`` is what was typed, ``crs`` the system it was typed in."""

    lat: float
    lon: float
    format: Format
    text: str
    crs: str
    uncertainty_m: float
    """From the digits typed: half a unit of the last digit along both axes together."""
    operation: str = ""
    """Code of the datum operation that led to WGS 84; empty where none was needed."""
    operation_accuracy_m: float | None = None
    notes: tuple[Note, ...] = ()
    """What a person should look at before saving."""

    @property
    def accuracy_m(self) -> float:
        """Digits typed and datum operation together, in metres."""
        return math.hypot(self.uncertainty_m, self.operation_accuracy_m or 0.0)

    @property
    def position(self) -> Position:
        """The place alone."""
        return Position(self.lat, self.lon)


@dataclass(frozen=True)
class SwapHint:
    """The same two numbers the other way round, which would lie in the work area."""

    lat: float
    lon: float

    def sentence(self, texts: Texts) -> str:
        """The question to ask, in the language of ``texts``."""
        place = format_position(self.lat, self.lon, "dd")
        return texts(N_("Swapped? The other way round it is {place}, inside the work area."), place=place)


def parse(text: str, frame: Frame = FRAME, system: str = "auto") -> Understood:
    """The position that ``text`` spells, in decimal degrees or UTM; ``system`` is one of those or ``auto``.

    The work area of ``frame`` decides what ``38S`` means (band S in the north or the southern hemisphere): the reading
    that alone lies inside it. Raises CoordinateNotUnderstood for everything else that has not exactly one reading.
    """
    if system not in {"auto", "dd", "utm"}:
        raise CoordinateNotUnderstood("system", system)
    understood = _parse(text, frame.work_area)
    if system not in {"auto", understood.format}:
        raise CoordinateNotUnderstood("other_system", text)
    if frame.work_area.holds(understood.lat, understood.lon):
        return understood
    return replace(understood, notes=(Note("outside"),))


def _parse(text: str, work_area: WorkArea) -> Understood:
    pieces = tokens(plain(text))
    bare = [token for token in pieces if token.kind != "degree"]
    layout = "".join(token.kind[0] for token in bare)
    if layout in {"nwnn", "nwsnn", "nwnsn", "nwsnsn"} and len(bare) == len(pieces):
        return _parse_utm(text, [token for token in bare if token.kind != "separator"], work_area)
    numbers = [token for token in bare if token.kind == "number"]
    if len(numbers) != 2:
        raise CoordinateNotUnderstood("count", count=len(numbers))
    words = [token for token in bare if token.kind == "word"]
    if layout in {"nn", "nsn"}:
        _refuse_minutes(numbers, pieces, separated="s" in layout)
        return _degrees(text, numbers[0], 1, numbers[1], 1)
    for word in words:
        if word.text not in HEMISPHERES and word.text != "ş":
            raise CoordinateNotUnderstood("lookalike" if word.text == "c" else "word", word.text, word.at)
    if layout in {"nwn", "nwsn", "nswn"}:
        raise CoordinateNotUnderstood("one_hemisphere", words[0].text, words[0].at)
    if layout not in {"nwnw", "nwsnw", "wnwn", "wnswn"}:
        raise CoordinateNotUnderstood("layout")
    return _parse_hemispheres(text, numbers, words)


def swap_hint(lat: float, lon: float, work_area: WorkArea = WORK_AREA) -> SwapHint | None:
    """The swapped position, if only that one lies in the work area: to be asked about, never applied."""
    if work_area.holds(lat, lon) or not work_area.holds(lon, lat):
        return None
    return SwapHint(lat=lon, lon=lat)


def format_position(lat: float, lon: float, how: Format, frame: Frame = FRAME) -> str:  # noqa: ARG001  # systems come next
    """``39.989900° N 46.898800° E`` (dd) or ``38N 662106 4428361`` (utm; ``38 south ...`` below the equator).

    Rounded once, half up, in the smallest unit printed; ``parse`` reads both. Raises ValueError for a position that
    is none, for UTM outside 80 S to 84 N, and for a format that is not known in ``frame``.
    """
    if how not in {"dd", "utm"}:
        raise ValueError(f"no format: {how}")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"no position: {lat}, {lon}")
    if how == "dd":
        return f"{_degrees_text(lat, 'N', 'S')} {_degrees_text(lon, 'E', 'W')}"
    if not UTM_SOUTH <= lat <= UTM_NORTH:
        raise ValueError(f"no UTM at latitude {lat}")
    zone, north = utm_zone(lon), lat >= 0
    easting, northing = to_utm(lat, lon, utm_crs(zone, north=north))
    half = "N" if north else " south"
    return f"{zone}{half} {_rounded(easting, 0):06d} {_rounded(northing, 0):07d}"


def read_back(understood: Understood, frame: Frame = FRAME) -> str:
    """The position in the format it was not typed in, to be compared with the source.

    Near the poles, where UTM has no coordinates, decimal degrees again.
    """
    how: Format = "dd" if understood.format == "utm" else "utm"
    if not UTM_SOUTH <= understood.lat <= UTM_NORTH:
        how = "dd"
    return format_position(understood.lat, understood.lon, how, frame)


def _rounded(value: float, places: int) -> int:
    """``value`` in units of its last printed digit, half up: all printing goes on in integers."""
    return int((Decimal(repr(value)) * 10**places).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _degrees_text(value: float, positive: str, negative: str) -> str:
    micro = _rounded(value, 6)
    degrees, fraction = divmod(abs(micro), 1_000_000)
    return f"{degrees}.{fraction:06d}° {negative if micro < 0 else positive}"


def _refuse_minutes(numbers: list[Token], pieces: list[Token], *, separated: bool) -> None:
    """Refuse what may be degrees and minutes of one half: ``40 07.407``, ``40° 07``."""
    signs = sum(token.kind == "degree" for token in pieces)
    first, second = numbers
    whole_then_small = not first.decimals and not second.signed and float(second.text) < 60
    if signs == 1 or (whole_then_small and not separated and signs == 0):
        raise CoordinateNotUnderstood("maybe_minutes", f"{first.text} {second.text}", first.at)


def _parse_hemispheres(text: str, numbers: list[Token], words: list[Token]) -> Understood:
    """Two numbers with a hemisphere word each, in either order."""
    halves = [HEMISPHERES.get(word.text) for word in words]
    for here, other in ((0, 1), (1, 0)):
        if halves[here] is None:
            known = halves[other]
            if known is None:
                raise CoordinateNotUnderstood("ambiguous_word", words[here].text, words[here].at)
            halves[here] = ("lon", 1) if known[0] == "lat" else ("lat", 1)
    sides: dict[Axis, tuple[Token, int]] = {}
    for number, half in zip(numbers, halves, strict=True):
        if number.signed:
            raise CoordinateNotUnderstood("sign_and_hemisphere", number.text, number.at)
        if half is not None:
            sides[half[0]] = (number, half[1])
    if len(sides) != 2:
        raise CoordinateNotUnderstood("same_axis")
    return _degrees(text, *sides["lat"], *sides["lon"])


def _degrees(text: str, lat: Token, lat_sign: int, lon: Token, lon_sign: int) -> Understood:
    for token, limit, reason in ((lat, 90, "lat_range"), (lon, 180, "lon_range")):
        if token.whole_digits > 3 or abs(Decimal(token.text)) > limit:
            raise CoordinateNotUnderstood(reason, token.text, token.at)
    lat_deg = lat_sign * float(lat.text) + 0.0
    lon_deg = lon_sign * float(lon.text) + 0.0
    uncertainty_m = METRES_PER_DEGREE * math.hypot(
        0.5 * 10.0**-lat.decimals, 0.5 * 10.0**-lon.decimals * math.cos(math.radians(lat_deg))
    )
    return Understood(lat_deg, lon_deg, "dd", text, WGS84, uncertainty_m)


def _parse_utm(text: str, pieces: list[Token], work_area: WorkArea) -> Understood:
    """Zone, letter or word, easting, northing."""
    zone_token, letter, easting, northing = pieces
    zone = int(zone_token.text) if zone_token.text.isdecimal() and zone_token.whole_digits <= 2 else 0
    if not 1 <= zone <= 60:
        raise CoordinateNotUnderstood("zone", zone_token.text, zone_token.at)
    if easting.signed or len(easting.text.partition(".")[0].lstrip("0")) != 6:
        raise CoordinateNotUnderstood("easting", easting.text, easting.at)
    if northing.signed or northing.whole_digits not in {7, 8} or Decimal(northing.text) > 10_000_000:
        raise CoordinateNotUnderstood("northing", northing.text, northing.at)
    grid = _Grid(zone, float(easting.text), float(northing.text))
    crs, lat, lon = _half(grid, letter, work_area)
    uncertainty_m = math.hypot(0.5 * 10.0**-easting.decimals, 0.5 * 10.0**-northing.decimals)
    return Understood(lat, lon, "utm", text, crs, uncertainty_m)


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
    if word not in {"N", "NORTH", "SOUTH"} and (len(word) != 1 or word not in _BANDS):
        raise CoordinateNotUnderstood("zone_letter", letter.text, letter.at)
    north = word != "SOUTH" and (word == "NORTH" or word >= "N")
    place = grid.place(north=north)
    if place is None:
        raise CoordinateNotUnderstood("off_earth", f"{grid.northing:.0f}")
    if word not in {"N", "NORTH", "SOUTH"}:
        _check_band(word, place, letter)
    return grid.crs(north=north), *place


def _half_of_s(grid: _Grid, letter: Token, work_area: WorkArea) -> tuple[str, float, float]:
    """The letter S: a band of the north (32 to 40 N), or the southern hemisphere."""
    readings = {north: place for north in (True, False) if (place := grid.place(north=north)) is not None}
    if len(readings) == 2:
        expected = {north: place for north, place in readings.items() if work_area.holds(*place)}
        readings = expected if len(expected) == 1 else readings
    if len(readings) == 2:
        facts = {half: format_position(*readings[north], "dd") for half, north in (("north", True), ("south", False))}
        raise CoordinateNotUnderstood("zone_s", f"{grid.zone}S", letter.at, **facts)
    if not readings:
        raise CoordinateNotUnderstood("off_earth", f"{grid.northing:.0f}")
    [(north, place)] = readings.items()
    if north:
        _check_band("S", place, letter)
    return grid.crs(north=north), *place


def _check_band(band: str, place: tuple[float, float], letter: Token) -> None:
    """Refuse a band letter that does not go with the latitude: S and T meet at 40 N, where it is easily mistyped."""
    south = -80 + 8 * _BANDS.index(band)
    north = UTM_NORTH if band == "X" else south + 8
    if not south - _BAND_TOLERANCE_DEG <= place[0] <= north + _BAND_TOLERANCE_DEG:
        raise CoordinateNotUnderstood("band", band, letter.at, letter=band, place=format_position(*place, "dd"))
