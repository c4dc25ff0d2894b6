"""A team's day at its laptop: finds, lots, slips put right, disposals, plots, sign-off - by everybody's verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp import ids
from fieldapp.clock import SetClock
from fieldapp.domain.counting import PUBLIC_LINES, rollup
from fieldapp.operations import disposals, finds, plots, records, review
from fieldapp.operations.demonstration.ground import PlannedPlot
from fieldapp.operations.demonstration.items import (
    CENTRAL,
    IN_PLACE,
    MADE_SAFE,
    OLD_PLACE,
    TWICE,
    WRONG_MODEL,
    WRONG_POSITION,
    WRONG_QUANTITY,
    Item,
    Spot,
)
from fieldapp.operations.demonstration.plan import Plan
from fieldapp.operations.demonstration.programme import DEMOLITION_DAYS, EOD_TEAM, Team, at, team
from fieldapp.operations.finds import FoundTogether
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record

_GROUND = "40.043100 46.998300"
"""The central demolition ground."""
_OWN_LINES = {"non_explosive": "inert", "fuze": "stored", "small_arms_ammunition": "stored",
              "bulk_explosive": "burned_low_order"}
_LARGEST_DEMOLITION = 200
"""Pieces of one tag that are destroyed on one day; the rest follows on the next."""


@dataclass(frozen=True)
class Handed:
    """Items handed to the EOD team: all that their tag says, which is all the EOD team knows of them."""

    tag: str
    category: str
    pieces: int
    place: str
    found_on: date


@dataclass
class Desk:
    """A laptop, its team, its clock, and the tasks it knows: by district, the record or the number as told."""

    ws: Workspace
    team: Team
    clock: SetClock
    tasks: dict[str, str]


def work(desk: Desk, plan: Plan, day: date) -> list[Handed]:
    """Enter and sign one day; returns what was handed to the EOD team. One transaction."""
    spots, completed = plan.spots_on(desk.team.number, day), plan.plots_on(desk.team.number, day)
    if not spots and not completed:
        return []
    handed: list[Handed] = []
    entered: list[Record] = []
    with desk.ws.store.transaction():
        for number, spot in enumerate(spots):
            desk.clock.set(at(day, 8, 15 + number * 480 // len(spots)))
            found = _find(desk, spot)
            desk.clock.set(at(day, 8, 18 + number * 480 // len(spots)))
            done = _dispose(desk, spot, found)
            entered += [*found, *done]
            handed += _handed(spot, found)
        desk.clock.set(at(day, 17, 10))
        entered += [_plot(desk, plot) for plot in completed]
        sign(desk, entered, day)
    return handed


def sign(desk: Desk, entered: Sequence[Record], day: date) -> None:
    """Sign off what is complete, in the evening of ``day``."""
    desk.clock.set(at(day, 17, 45))
    complete = [record.name for record in entered if not record.retracted and not review.still_needed(record)]
    review.sign_off(desk.ws, complete, by=desk.team.people[0])


def demolish(desk: Desk, handed: Sequence[Handed], day: date) -> None:
    """Destroy on the central ground what was handed over before ``day``, by the tags; sign it off."""
    last = day == DEMOLITION_DAYS[-1]
    entered: list[Record] = []
    desk.clock.set(at(day, 14, 30))
    with desk.ws.store.transaction():
        batch = ids.uuid7(desk.clock.now(), desk.ws.entropy)
        for lot in handed:
            pieces = _pieces_on(lot, last=last)
            if pieces:
                entered.append(disposals.add_disposal(
                    desk.ws,
                    {"outcome": "central_demolition", "category": lot.category, "quantity": pieces,
                     "place": lot.place, "batch": batch, "store": "Mərkəzi məhvetmə meydançası"},
                    of=lot.tag, position=_GROUND,
                ))  # fmt: skip
        sign(desk, entered, day)


def _pieces_on(lot: Handed, *, last: bool) -> int:
    early = lot.found_on < DEMOLITION_DAYS[0] - timedelta(days=1)
    first_day = min(lot.pieces, _LARGEST_DEMOLITION) if early else 0
    return lot.pieces - first_day if last else first_day


def _find(desk: Desk, spot: Spot) -> list[Record]:
    """Enter a find or a lot, with the slip it was entered with; what is returned is right."""
    shared: dict[str, object] = {
        "place": "AZ-TAR" if spot.slip == OLD_PLACE else spot.place, "task": desk.tasks.get(spot.place),
        "found_by": desk.team.people[1:][spot.finder % (len(desk.team.people) - 1)], "remarks": spot.remarks,
    }
    if len(spot.items) > 1:
        lines = [{**_fields(item), "model_text": item.typed} for item in spot.items]
        return finds.add_lot(desk.ws, FoundTogether(shared, lines), position=spot.position)
    item = spot.items[0]
    fields = {**shared, **_fields(item)}
    if spot.slip == WRONG_QUANTITY:
        fields["quantity"] = f"{item.quantity}0"
    typed = "TM-62M" if spot.slip == WRONG_MODEL else item.typed
    where = _misread(spot.position) if spot.slip == WRONG_POSITION and spot.position else spot.position
    found = finds.add_find(desk.ws, fields, model_text=typed, position=where)
    return [_put_right(desk.ws, spot, item, found, fields)]


def _put_right(ws: Workspace, spot: Spot, item: Item, found: Record, fields: dict[str, object]) -> Record:
    if spot.slip == WRONG_MODEL:
        return finds.correct_find(ws, found.name, {}, "TM-62M seçilib, tapılan PMN-2-dir.", model_text=item.typed)
    if spot.slip == WRONG_QUANTITY:
        return finds.correct_find(ws, found.name, {"quantity": item.quantity}, "Bir sıfır artıq yazılıb.")
    if spot.slip == WRONG_POSITION:
        return finds.correct_find(ws, found.name, {}, "Digit misread from the receiver.", position=spot.position)
    if spot.slip == TWICE:
        second = finds.add_find(ws, fields, model_text=item.typed, position=spot.position)
        records.retract(ws, second.name, "Eyni tapıntı iki dəfə yazılıb.")
    return found


def _fields(item: Item) -> dict[str, object]:
    return {
        "quantity": item.quantity, "unit": item.unit, "category": item.category, "ordnance_state": item.state,
        "depth_cm": item.depth_cm, "condition": item.condition, "anti_lift": True if item.anti_lift else None,
    }


def _misread(position: str) -> str:
    """The position with one digit wrong: some 300 m away."""
    place = 7 if position.startswith("38N") else 5
    return f"{position[:place]}{(int(position[place]) + 3) % 10}{position[place + 1:]}"


def _dispose(desk: Desk, spot: Spot, found: Sequence[Record]) -> list[Record]:
    """What the team itself does with what it found, the same day."""
    done: list[Record] = []
    for record in found:
        category = str(record.fields["category"])
        public = rollup(category) in PUBLIC_LINES
        for outcome in _outcomes(spot.end) if public else (_OWN_LINES.get(category, "destroyed_in_place"),):
            fields: dict[str, object] = {
                "outcome": outcome, "quantity": record.fields["quantity"], "unit": record.fields["unit"],
                "place": spot.place, "task": desk.tasks.get(spot.place),
                "other_team": team(EOD_TEAM).title if outcome in {"moved", "handed_over"} else None,
                "store": "Komandanın anbarı" if outcome == "stored" else None,
            }
            done.append(disposals.add_disposal(
                desk.ws, fields, of=str(record.fields["local_id"]), position=spot.position or _GROUND,
            ))
    return done


def _outcomes(end: str) -> tuple[str, ...]:
    return {IN_PLACE: ("destroyed_in_place",), CENTRAL: ("moved",), MADE_SAFE: ("neutralised", "handed_over")}[end]


def _handed(spot: Spot, found: Sequence[Record]) -> list[Handed]:
    """One tag hangs on the pile: the first number, with all pieces of the public lines."""
    if spot.end == IN_PLACE:
        return []
    public = [record for record in found if rollup(str(record.fields["category"])) in PUBLIC_LINES]
    pieces = sum(int(record.fields["quantity"]) for record in public)
    return [Handed(str(public[0].fields["local_id"]), str(public[0].fields["category"]), pieces, spot.place, spot.day)]


def _plot(desk: Desk, plot: PlannedPlot) -> Record:
    fields: dict[str, object] = {
        "release": plot.release, "method": plot.method, "depth_cm": plot.depth_cm,
        "started_on": (plot.day - timedelta(days=plot.depth_cm // 2)).isoformat(), "staff": 6 + plot.depth_cm // 10,
        "place": plot.place, "task": desk.tasks.get(plot.place), "remarks": plot.remarks,
    }
    return plots.add_plot(desk.ws, fields, plot.points)
