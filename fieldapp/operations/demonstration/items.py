"""What the teams find, where, on which day, and what becomes of it. The numbers are those of ``programme``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from fieldapp.operations.demonstration.dice import Dice
from fieldapp.operations.demonstration.ground import Metres, PlannedPlot, position
from fieldapp.operations.demonstration.programme import (
    EOD_TEAM,
    FIRST,
    LAST,
    WEEK_AFTER,
    WEEK_BEFORE,
    District,
    Lot,
)

IN_PLACE, CENTRAL, MADE_SAFE = "in_place", "central", "made_safe"
"""What becomes of a find: destroyed where it lies; handed to the EOD team, which destroys it by its tag; or
neutralised first, then handed over."""
WRONG_MODEL, WRONG_QUANTITY, WRONG_POSITION, TWICE = "wrong_model", "wrong_quantity", "wrong_position", "twice"
"""Slips that the teams make and put right."""
OLD_PLACE = "old_place"
"""The district by the list of before December 2023; headquarters puts it right."""

_AP = ("PMN-2", "PMN-2", "PMN-2", "ПМН-2", "PMN", "PMN", "PMN-E", "OZM-72", "POMZ-2M", "POMZ-2", "MON-50", "MON-100",
       "PFM-1", "PMN-4", "PMD-6")
_AT = ("TM-62M", "TM-62M", "TM-62M", "ТМ-62М", "TM-57", "TM-62P3", "TM-62P2", "TM-46", "TM-72", "PT Mi-Ba III")
_SINGLE = ("122 mm", "152 mm", "100 mm", "9M22U", "9M27K", "RPG-18", "60 mm M-49", "F-1", "RGD-5", "PG-7", "9N235",
           "9N210", "PTAB-2.5", "OG-9")
_SEVERAL = ("60 mm M-49", "122 mm", "100 mm", "RGD-5", "RGO", "OG-7", "VOG-25", "9N235", "9N210", "ShOAB-0.5", "M095")
_MANY = ("M-49", "VOG-17", "VOG-25", "OG-9", "RGD-5", "F-1", "9N235", "9N210")
_PIECES = (1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 24, 30, 36, 48, 60)
_ROW = 6
"""Mines of one row, found one after the other by the same hands."""
_REMARKS = (
    "", "", "", "", "", "Kol-kos altında.", "Köhnə səngərin kənarında.", "Yol kənarı, işarələnib.",
    "Dağılmış evin həyətində.", "Found by dog, confirmed by hand.", "Under a collapsed wall.",
    "Bağ yerində, kök altında.", "Beside the irrigation channel.",
)


@dataclass(frozen=True)
class Item:
    """Pieces of one model, as somebody types them."""

    typed: str
    quantity: str = "1"
    unit: str = "piece"
    category: str = ""
    """Said only where the model is not in the list."""
    state: str = ""
    depth_cm: int = 10
    condition: str = "armed"
    anti_lift: bool = False


@dataclass(frozen=True)
class Spot:
    """One find, or a lot of several, at one place."""

    team: int
    place: str
    day: date
    position: str | None
    items: tuple[Item, ...]
    end: str = IN_PLACE
    remarks: str = ""
    finder: int = 0
    slip: str = ""


_MISSES = 11
"""On Monday this team finds a mine in ground that it reported as cleared."""
BESIDE_M = 620.0
"""East of a plot's middle: beyond its corners, at the edge of its square; the next plot begins 90 m farther."""
_UNLISTED = Item("Naməlum 57 mm mərmi, yazısı silinib", category="projectile", state="uxo", depth_cm=15,
                 condition="deteriorated")
_SLIPS: tuple[tuple[str, str, bool, dict[str, Any]], ...] = (
    ("AZ-XVD", "PMN-2", False, {"slip": WRONG_MODEL}),
    ("AZ-AGM", "PMN-2", False, {"slip": WRONG_MODEL}),
    ("AZ-FUZ", "", True, {"slip": WRONG_QUANTITY}),
    ("AZ-TAR", "", True, {"slip": WRONG_QUANTITY}),
    ("AZ-CAB", "", True, {"slip": WRONG_QUANTITY}),
    ("AZ-KAL", "", False, {"slip": WRONG_POSITION}),
    ("AZ-AGM", "", False, {"slip": WRONG_POSITION}),
    ("AZ-CAB", "", False, {"slip": TWICE}),
    ("AZ-X-AGHDARA", "", False, {"slip": OLD_PLACE}),
    ("AZ-SUS", "", False, {"position": None, "remarks": "Qəbuledici siqnal tutmadı: dərə, sıx ağaclıq."}),
    ("AZ-LAC", "", False, {"items": (_UNLISTED,)}),
)
"""District, model as typed ("" for any UXO), more than one piece, and what is changed in the spot."""


def spots_of(district: District, plots: Sequence[PlannedPlot]) -> list[Spot]:
    """Everything found in the week in one district; pieces add up to its share of the published figures."""
    dice = Dice(f"spots {district.place}")
    near = _Near(district, plots, dice)
    spots = [
        *_mines(dice, near, district.ap_mines, _AP, 3),
        *_mines(dice, near, district.at_mines, _AT, 2),
        *(_dump(dice, near, lot) for lot in district.lots),
        *_uxo(dice, near, district.uxo - sum(lot.pieces for lot in district.lots)),
    ]
    return _with_slips(district.place, [*spots, *_odds(dice, near)])


def _east_m(metres: float, *, beside: bool) -> float:
    """Metres east of a plot's middle; ``beside`` it, in a strip that no plot reaches."""
    return BESIDE_M + metres / 10 if beside else metres


class _Near:
    """Chooses team, day and ground for the next spots."""

    def __init__(self, district: District, plots: Sequence[PlannedPlot], dice: Dice) -> None:
        self.place = district.place
        self._teams, self._plots, self._dice = district.teams, plots, dice

    def spot(self, *items: Item, days: int = 6) -> Spot:
        """A spot of one of the district's teams, on its own ground if it has any, on one of the first ``days``.

        The EOD team is called out on Sunday.
        """
        dice, team = self._dice, self._dice.of(self._teams)
        day = LAST if team == EOD_TEAM else FIRST + timedelta(days=dice.below(days))
        return Spot(
            team, self.place, day, self.beside(team, day, dice.between(-180, 180), dice.between(-180, 180)), items,
            remarks=dice.of(_REMARKS), finder=dice.below(2),
        )

    def beside(self, team: int, day: date, east_m: float, north_m: float) -> str:
        """A place on ground that the team works on, that day or later."""
        centre, beside = self._ground(team, day)
        return position(centre, _east_m(east_m, beside=beside), north_m, degrees=not self._dice.one_in(4))

    def row(self, team: int, day: date) -> Iterator[str]:
        """Places some metres apart on one line."""
        (centre, beside), dice = self._ground(team, day), self._dice
        east, north = _east_m(dice.between(-150, 90), beside=beside), dice.between(-150, 90)
        step_east, step_north = dice.between(2, 9), dice.between(-3, 6)
        for number in range(_ROW):
            yield position(centre, east + number * step_east, north + number * step_north)

    def _ground(self, team: int, day: date) -> tuple[Metres, bool]:
        """The middle of a plot that the team has not finished before ``day``; else of any, and True: stay beside it.

        A find in ground that was released before it was found would be a missed item.
        """
        own = [plot for plot in self._plots if plot.team == team]
        in_work = [plot for plot in own if plot.day >= day]
        return self._dice.of(in_work or own or list(self._plots)).centre, not in_work


def _mines(dice: Dice, near: _Near, count: int, models: Sequence[str], handed_one_in: int) -> Iterator[Spot]:
    """Mines, in rows; now and then two or three lie in one hole."""
    left = count
    while left:
        first = near.spot()
        for place in near.row(first.team, first.day):
            pieces = min(left, 1 if dice.below(8) else dice.between(2, 3))
            if not pieces:
                return
            item = Item(
                dice.of(models), str(pieces), depth_cm=dice.between(3, 18),
                condition=dice.of(("armed", "armed", "damaged")), anti_lift=models is _AT and dice.one_in(7),
            )
            end = dice.of((CENTRAL, MADE_SAFE)) if dice.one_in(handed_one_in * 2) else IN_PLACE
            yield replace(first, position=place, items=(item,), end=_possible(first, end), finder=dice.below(2),
                          remarks=dice.of(_REMARKS))
            left -= pieces


def _uxo(dice: Dice, near: _Near, count: int) -> Iterator[Spot]:
    """Unexploded ordnance on its own, from one piece to sixty."""
    left = count
    while left:
        pieces = min(left, dice.of(_PIECES))
        models = _SINGLE if pieces == 1 else _SEVERAL if pieces < 20 else _MANY
        abandoned = pieces >= 20 and dice.one_in(2)
        item = Item(
            dice.of(models), str(pieces), state="axo" if abandoned else "uxo",
            depth_cm=dice.of((0, 0, 0, 5, 10, 20, 35)),
            condition=dice.of(("armed", "damaged", "deteriorated")) if not abandoned else "unarmed",
        )
        spot = near.spot(item)
        yield replace(spot, end=_possible(spot, CENTRAL if dice.one_in(4) else IN_PLACE))
        left -= pieces


def _dump(dice: Dice, near: _Near, lot: Lot) -> Spot:
    """An abandoned store: one place, several models, and what counts on lines of its own."""
    depth = dice.of((0, 40, 120))
    items = [Item(typed, str(pieces), state="axo", depth_cm=depth, condition="unarmed") for typed, pieces in lot.lines]
    items += [Item(*extra, depth_cm=depth, condition="deteriorated") for extra in lot.extras]
    spot = near.spot(*items, days=4)
    return replace(spot, end=_possible(spot, CENTRAL), remarks="Tərk edilmiş döyüş sursatı anbarı, bir yerdə.")


def _odds(dice: Dice, near: _Near) -> Iterator[Spot]:
    """What is found beside: on lines of its own, or on none."""
    if dice.one_in(2):
        yield near.spot(Item("Grad motor", str(dice.between(1, 4)), depth_cm=0, condition="functioned"))
    if dice.one_in(4):
        yield near.spot(Item("UAV remains", depth_cm=0, condition="functioned"))
    if dice.one_in(3):
        yield near.spot(Item("AT mine fuze", str(dice.between(2, 9)), depth_cm=5, condition="damaged"))
    if near.place in {"AZ-LAC", "AZ-SUS"}:
        yield near.spot(Item("booby trap", depth_cm=0))


def _possible(spot: Spot, end: str) -> str:
    """Handed over in time for the central demolition of Friday or Saturday, and not by those who run it."""
    return IN_PLACE if spot.team == EOD_TEAM or spot.day > FIRST + timedelta(days=4) else end


def _with_slips(place: str, spots: list[Spot]) -> list[Spot]:
    """The week's slips and gaps, each put into the first spot of a district that it fits."""
    changed = list(spots)
    for where, typed, several, to in _SLIPS:
        if where == place:
            number = next(at for at, spot in enumerate(changed) if _fits(spot, typed, several=several))
            changed[number] = replace(changed[number], **to)
    return changed


def _fits(spot: Spot, typed: str, *, several: bool) -> bool:
    item = spot.items[0]
    plain = len(spot.items) == 1 and not spot.slip and spot.position is not None and spot.end == IN_PLACE
    return plain and (item.typed == typed or (not typed and bool(item.state))) and (item.quantity != "1") is several


def outside_the_week(near: dict[int, tuple[str, str]], beside: dict[int, str]) -> list[Spot]:
    """Finds of the Friday before and the Monday after; ``near`` has district and a typed position for each team.

    On Monday they lie ``beside`` ground that was released, but for one: team 11's AT mine is a missed item.
    """
    found: list[Spot] = []
    for team, typed, pieces, day in (
        (1, "PMN-2", 2, WEEK_BEFORE), (2, "F-1", 3, WEEK_BEFORE), (3, "PMN-E", 1, WEEK_BEFORE),
        (4, "122 mm", 6, WEEK_BEFORE), (4, "PMN", 1, WEEK_BEFORE), (5, "9N235", 5, WEEK_BEFORE),
        (6, "RGD-5", 12, WEEK_BEFORE), (7, "TM-62M", 1, WEEK_BEFORE), (8, "OG-7", 4, WEEK_BEFORE),
        (9, "60 mm M-49", 2, WEEK_BEFORE), (10, "9N235", 14, WEEK_BEFORE), (11, "100 mm", 1, WEEK_BEFORE),
        (12, "OG-9", 7, WEEK_BEFORE), (13, "OZM-72", 1, WEEK_BEFORE), (14, "152 mm", 1, WEEK_BEFORE),
        (4, "9N210", 9, WEEK_AFTER), (7, "PMN-2", 1, WEEK_AFTER), (7, "152 mm", 1, WEEK_AFTER),
        (11, "TM-57", 1, WEEK_AFTER), (12, "F-1", 31, WEEK_AFTER), (2, "POMZ-2M", 1, WEEK_AFTER),
    ):
        place, where = near[team]
        if day == WEEK_AFTER and team != _MISSES:
            where = beside.get(team, where)
        state = "" if typed.startswith(("PMN", "TM-", "OZM", "POMZ")) else "uxo"
        found.append(Spot(team, place, day, where, (Item(typed, str(pieces), state=state),)))
    return found
