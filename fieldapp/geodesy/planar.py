"""Eastings and northings without a UTM zone: Gauss-Krueger, CK-63 and the projected systems of the programme.

X is the northing here, as on Soviet maps. Numbers may stand in either order if only one of them is possible; nothing
is possible that lies outside the work area, or where another zone, order or system would be inside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fieldapp.geodesy import custom, degrees
from fieldapp.geodesy.crs import SK42, sk42_way
from fieldapp.geodesy.degrees import rounded
from fieldapp.geodesy.errors import CoordinateNotUnderstood, SystemName, SystemNotUnderstood
from fieldapp.geodesy.frame import Frame
from fieldapp.geodesy.notes import Note
from fieldapp.geodesy.reading import Reading
from fieldapp.geodesy.spelling import HEMISPHERES, Token
from fieldapp.geodesy.systems import ZONES, system_name

_NORTHINGS = frozenset({"x", "х", "mn", "northing"})
_EASTINGS = frozenset({"y", "у", "me", "easting"})
ZONE_WORDS = frozenset({"zone", "зона", "зоне", "зоны", "zona", "zonası"})
_LABELS = _NORTHINGS | _EASTINGS
_METRES_PER_DEGREE = 111_133.0
_SAME_DEG = 1e-6
"""Two systems that put the same numbers within 10 cm of each other are no ambiguity."""

Order = tuple[Token, Token]
"""Northing, easting."""


@dataclass(frozen=True)
class Pair:
    """Two numbers and what was said of them. ``orders`` are the possible ones, the likelier first."""

    orders: tuple[Order, ...]
    zone: int | None
    """The zone that was named beside them."""

    @property
    def labelled(self) -> bool:
        """Whether it was said which number is which."""
        return len(self.orders) == 1

    def swapped(self) -> Pair:
        """With northing and easting exchanged."""
        return replace(self, orders=tuple((easting, northing) for northing, easting in self.orders))


def is_grid(pieces: Sequence[Token]) -> bool:
    """Whether ``pieces`` (thousands joined) can be no degrees: long numbers, or labels X and Y."""
    found = False
    for token in pieces:
        if token.mark:
            return False
        found = found or len(token.whole) >= 5 or token.text in _LABELS
    return found


def read(pieces: Sequence[Token], frame: Frame, systems: Iterable[str], chosen: str = "") -> Reading:
    """The one place in the work area that the two numbers mean in one of ``systems`` (codes of zones or custom ones).

    ``chosen`` is the one system that was asked for, empty if none was. A place outside the work area is returned only
    where it is a good one of a Soviet grid and no other reading is inside. Raises CoordinateNotUnderstood.
    """
    pair = _pair(pieces)
    systems = tuple(systems)
    found, broken = _readings(pair, frame, systems)
    taken = [reading for reading in found if frame.work_area.holds(reading.lat, reading.lon)]
    if not taken:
        _refuse(pair, frame, systems, chosen)
        taken, broken = _readings(pair, frame, systems, anywhere=True)
    if len(taken) > 1:
        raise CoordinateNotUnderstood("several", readings=tuple(
            (system_name(reading.format, frame), degrees.text(reading.lat, reading.lon, "dd")) for reading in taken
        ))  # fmt: skip
    if not taken:
        raise CoordinateNotUnderstood("off_area")
    return taken[0]._replace(notes=taken[0].notes + broken) if broken else taken[0]


def text(lat: float, lon: float, system: str, frame: Frame) -> str:
    """``SK-42 X 4430416 Y 8664942``, ``CK-63 X ... Y ...``, ``local1 N 4415902 E 48574``: whole metres.

    A geographic system of the programme gives ``local1 39.991187° N 46.931196° E``. Raises ValueError where the system
    has no coordinates.
    """
    own = frame.system(system)
    if own is not None:
        try:
            return _custom_text(lat, lon, custom.opened(own, frame))
        except SystemNotUnderstood as broken:
            raise ValueError(f"no {system}: {broken.reason}") from broken
    zones = ZONES[system]
    lon42, _ = sk42_way(SK42, frame.operation).from_wgs84(lat, lon)
    zone = zones.zone(lon42)
    if zone is None or not frame.operation.holds(lat, lon):
        raise ValueError(f"no {system} at longitude {lon}")
    easting, northing = sk42_way(zones.crs(zone), frame.operation).from_wgs84(lat, lon)
    if not (math.isfinite(easting) and zones.reaches(rounded(easting, 1) % 1_000_000) and zones.goes_to(northing)):
        raise ValueError(f"no {system} at {lat}, {lon}")
    return f"{'CK-63' if system == 'ck63' else 'SK-42'} X {rounded(northing, 1):07d} Y {rounded(easting, 1)}"


def _custom_text(lat: float, lon: float, opened: custom.Opened) -> str:
    easting, northing = opened.way.from_wgs84(lat, lon)
    if not (math.isfinite(easting) and math.isfinite(northing)):
        raise ValueError(f"no {opened.system.code} at {lat}, {lon}")
    if opened.geographic:
        return f"{opened.system.code} {degrees.text(northing, easting, 'dd')}"
    return f"{opened.system.code} N {rounded(northing, 1)} E {rounded(easting, 1)}"


def _pair(pieces: Sequence[Token]) -> Pair:
    """The two numbers, their labels and the zone named beside them. Raises CoordinateNotUnderstood."""
    rest, zone = _without_zone(pieces)
    layout = "".join(token.kind[0] for token in rest)
    numbers = [token for token in rest if token.kind == "number"]
    labels = [token for token in rest if token.kind == "word"]
    if len(numbers) != 2:
        raise CoordinateNotUnderstood("count", count=len(numbers))
    first, second = numbers
    if first.text == second.text:
        raise CoordinateNotUnderstood("same_number")
    if layout in {"nn", "nsn"}:
        return Pair(((first, second), (second, first)), zone)
    if layout not in {"wnwn", "wnswn", "nwnw", "nwsnw"}:
        for label in labels:
            _is_northing(label)
        raise CoordinateNotUnderstood("layout")
    north, other = map(_is_northing, labels)
    if north == other:
        raise CoordinateNotUnderstood("same_axis")
    return Pair(((first, second) if north else (second, first),), zone)


def _without_zone(pieces: Sequence[Token]) -> tuple[list[Token], int | None]:
    rest = list(pieces)
    at = next((at for at, token in enumerate(rest[:-1]) if token.kind == "word" and token.text in ZONE_WORDS), None)
    if at is None:
        return rest, None
    number = rest[at + 1]
    if number.kind != "number" or not number.text.isdecimal() or number.whole_digits > 2:
        raise CoordinateNotUnderstood("layout")
    del rest[at : at + 2]
    if rest and at == len(rest) and rest[-1].kind == "separator":
        rest.pop()
    elif rest and at == 0 and rest[0].kind == "separator":
        rest.pop(0)
    return rest, int(number.text)


def _is_northing(label: Token) -> bool:
    if label.text in _LABELS:
        return label.text in _NORTHINGS
    half = HEMISPHERES.get(label.text)
    if half is None or half[1] < 0:
        raise CoordinateNotUnderstood("word", label.text, label.at)
    return half[0] == "lat"


def _readings(
    pair: Pair, frame: Frame, systems: Iterable[str], *, anywhere: bool = False
) -> tuple[list[Reading], tuple[Note, ...]]:
    """Every possible place near the work area (``anywhere``: of Soviet grids far off, too), and systems not tried."""
    found: list[Reading] = []
    broken: list[Note] = []
    zoned = [system for system in systems if system in ZONES]
    opened: list[custom.Opened] = []
    for own in frame.systems:
        if own.code in systems:
            try:
                opened.append(custom.opened(own, frame))
            except SystemNotUnderstood:
                broken.append(Note("not_tried", {"chosen": SystemName(own.name)}))
    for number, order in enumerate(pair.orders):
        soviet = _in_zones(order, zoned, pair.zone, frame, anywhere=anywhere)
        for reading in (*soviet, *_in_customs(order, opened, frame)):
            if not any(_same_place(reading, other) for other in found):
                found.append(_easting_first(reading, order) if number else reading)
    return found, tuple(broken)


def _in_zones(
    order: Order, systems: Iterable[str], said: int | None, frame: Frame, *, anywhere: bool
) -> Iterator[Reading]:
    """The places in Soviet grids whose rules the numbers keep, if they lie where the datum operation holds.

    ``said`` is a zone that was named in words: it may stand for the missing digit, and must not contradict it.
    """
    northing, easting = order
    digits = easting.text if said is None or easting.whole_digits != 6 else f"{said}{easting.text}"
    whole = digits.partition(".")[0]
    if not (whole.isdecimal() and 7 <= len(whole) <= 8 and 6 <= northing.whole_digits <= 8) or northing.signed:
        return
    zone, rest, metres_north = int(whole[:-6]), int(whole[-6:]), float(northing.text)
    if said is not None and said != zone:
        return
    if not anywhere and not _near(metres_north, frame):
        return
    for system in systems:
        grid = ZONES[system]
        if grid.has(zone) and grid.reaches(rest) and grid.goes_to(metres_north):
            crs = grid.crs(zone)
            lat, lon = sk42_way(crs, frame.operation).to_wgs84(float(digits), metres_north)
            if frame.operation.holds(lat, lon):
                yield Reading(lat, lon, system, crs, _uncertainty_m(order), frame.operation)


def _near(metres_north: float, frame: Frame) -> bool:
    """Whether a northing of a Soviet grid is within a degree of the work area: the meridian's arc varies by less."""
    lat = metres_north / _METRES_PER_DEGREE
    return frame.work_area.south - 1 < lat < frame.work_area.north + 1


def _in_customs(order: Order, systems: Iterable[custom.Opened], frame: Frame) -> Iterator[Reading]:
    """The places in projected systems of the programme that lie in the work area and in the system's own area."""
    northing, easting = float(order[0].text), float(order[1].text)
    for opened in systems:
        if opened.geographic:
            continue
        lat, lon = opened.way.to_wgs84(easting, northing)
        area = opened.system.area or frame.work_area
        if (
            frame.work_area.holds(lat, lon)
            and area.holds(lat, lon)
            and custom.round_trips(opened.way, easting, northing)
        ):
            yield Reading(lat, lon, opened.system.code, opened.crs, _uncertainty_m(order), opened.operation)


def _uncertainty_m(order: Order) -> float:
    northing, easting = order
    return math.hypot(0.5 * 10.0**-northing.decimals, 0.5 * 10.0**-easting.decimals)


def _same_place(one: Reading, other: Reading) -> bool:
    return abs(one.lat - other.lat) < _SAME_DEG and abs(one.lon - other.lon) < _SAME_DEG


def _easting_first(reading: Reading, order: Order) -> Reading:
    northing, easting = order
    return reading._replace(notes=(Note("easting_first", {"northing": northing.text, "easting": easting.text}),))


def _inside(pair: Pair, frame: Frame, systems: Iterable[str]) -> list[Reading]:
    return [one for one in _readings(pair, frame, systems)[0] if frame.work_area.holds(one.lat, one.lon)]


def _refuse(pair: Pair, frame: Frame, systems: Sequence[str], chosen: str) -> None:
    """Raise what is probably wrong where nothing lies in the work area; return where nothing better is known."""
    if pair.labelled and (swapped := _inside(pair.swapped(), frame, systems)):
        place = degrees.text(swapped[0].lat, swapped[0].lon, "dd")
        raise CoordinateNotUnderstood("axes_swapped", place=place)
    easting = pair.orders[0][1]
    if pair.zone is not None and _inside(replace(pair, zone=None), frame, systems):
        raise CoordinateNotUnderstood("zone_said", easting.text, easting.at, zone=pair.zone)
    if chosen and (others := _inside(pair, frame, [system for system in ZONES if system != chosen])):
        raise CoordinateNotUnderstood(
            "zone_system", easting.text, easting.at,
            chosen=system_name(chosen, frame), other=system_name(others[0].format, frame),
        )  # fmt: skip
    for order in pair.orders:
        _refuse_zone(order, frame, systems, chosen)
    for northing, easting in pair.orders:
        if easting.whole_digits == 6 and northing.whole_digits == 7 and any(system in ZONES for system in systems):
            raise CoordinateNotUnderstood("no_zone", easting.text, easting.at)


def _refuse_zone(order: Order, frame: Frame, systems: Iterable[str], chosen: str) -> None:
    """Refuse an easting that lies in the work area as soon as another zone stands in front of it."""
    northing, easting = order
    if easting.whole_digits not in {6, 7, 8}:
        return
    eastings = [
        tried.text
        for system in systems if system in ZONES
        for zone in _zones_here(system, frame)
        if _inside(Pair(((northing, tried := _with_zone(easting, zone)),), None), frame, [system])
    ]  # fmt: skip
    if not eastings:
        return
    reason = "zone_wrong" if easting.whole_digits > 6 else "zone_missing" if chosen else "zone_or_utm"
    raise CoordinateNotUnderstood(reason, easting.text, easting.at, eastings=" / ".join(eastings))


def _with_zone(easting: Token, zone: int) -> Token:
    cut = easting.whole_digits - 6
    return easting._replace(text=f"{zone}{easting.text[cut:]}", whole=f"{zone}{easting.whole[cut:]}")


def _zones_here(system: str, frame: Frame) -> range:
    """The zones that meet the work area."""
    zones, area = ZONES[system], frame.work_area
    first, last = zones.zone(area.west), zones.zone(area.east)
    return range(zones.least if first is None else first, (zones.most if last is None else last) + 1)
