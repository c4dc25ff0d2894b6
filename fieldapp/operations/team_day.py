"""What each laptop of a team did on a day, side by side for the lead: one column a laptop (M1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldapp import clock
from fieldapp.ids import DeviceId, RecordName
from fieldapp.operations import enrolment, inbox, lookup, today
from fieldapp.operations.review import JUDGED_KINDS
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import coverage
from fieldapp.storage.listing import Row
from fieldapp.storage.log import stream_ids
from fieldapp.texts import natural


@dataclass(frozen=True)
class LaptopDay:
    """One laptop's day, as far as it is here."""

    device: DeviceId
    name: str
    """Its name; empty where no record names it."""
    own: bool
    """Is it this computer?"""
    finds: int
    plots: int
    disposals: int
    photos: int
    last: RecordName | None
    last_number: str
    last_at: str
    """When its last record of the day was written (UTC); empty if there is none."""
    collected_at: str
    """When this computer last took in a stick on which the laptop's work came; empty if it never did."""
    collected: bool
    """Did its work come in on this day, or is it this computer?"""

    @property
    def missing(self) -> bool:
        """Not collected on this day: there may be more on it."""
        return not self.collected


def team_day(ws: Workspace, day: date) -> list[LaptopDay]:
    """The laptops of this computer's team with their work of ``day``: this one first, then by name.

    A laptop alone is its own team. At headquarters: every field laptop that wrote something of that day.
    """
    streams = stream_ids(ws.store)
    by_device: dict[DeviceId, list[Row]] = {}
    for row in today.records_of(ws, day):
        by_device.setdefault(streams[row["stream"]].split(".")[0], []).append(row)
    names = {one.device: one.name for one in enrolment.devices(ws)}
    team = {ws.device, *(one.device for one in enrolment.members(ws, ws.team))} if ws.role == "field" else set()
    photos = _photos(ws, by_device)
    came = _came(ws)
    found = [
        _column(ws, device, names.get(device, ""), by_device.get(device, []), photos.get(device, 0),
                came.get(device, ""), day)
        for device in sorted(team | by_device.keys())
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.own, natural(one.name), one.device))


def _column(
    ws: Workspace, device: DeviceId, name: str, rows: Sequence[Row], photos: int, came: str, day: date
) -> LaptopDay:
    counts = [sum(row.kind == kind for row in rows) for kind in JUDGED_KINDS]
    finds, disposals, plots = counts
    last = max(rows, key=lambda row: (row["at"] or "", row.name), default=None)
    own = device == ws.device
    came_on = clock.local(came, clock.offset_min(ws.clock.now())).date() if came else None
    return LaptopDay(
        device, name or (ws.person if own else ""), own, finds, plots, disposals, photos,
        last.name if last is not None else None,
        str(last.get("local_id") or last["id"][:8]) if last is not None else "",
        str(last["at"] or "") if last is not None else "", came,
        own or (came_on is not None and came_on >= day),
    )


def _photos(ws: Workspace, by_device: dict[DeviceId, list[Row]]) -> dict[DeviceId, int]:
    """Photos of the records of each laptop's day."""
    of = {row.name: device for device, rows in by_device.items() for row in rows}
    lots = {str(row["lot"]): device for device, rows in by_device.items() for row in rows if row.get("lot")}
    found: dict[DeviceId, int] = {}
    rows = {row.name: row for row in lookup.rows(ws, "photo", retracted=False, equal={"shows": list(of)})}
    rows |= {row.name: row for row in lookup.rows(ws, "photo", retracted=False, equal={"lot": list(lots)})}
    for row in rows.values():
        device = of.get(str(row["shows"])) or lots.get(str(row["lot"]))
        if device is not None:
            found[device] = found.get(device, 0) + 1
    return found


def _came(ws: Workspace) -> dict[DeviceId, str]:
    """When a stick of each laptop was last taken in here, or another's that carried its work."""
    found = coverage.last_taken_in(ws.store)
    for bundle in inbox.bundles(ws):
        if bundle.direction == "in" and bundle.sender:
            found[bundle.sender] = max(found.get(bundle.sender, ""), bundle.taken_at)
    return found


def as_json(one: LaptopDay) -> dict[str, Any]:
    """A laptop's day as the command line prints it."""
    return {
        "device": one.device, "name": one.name, "own": one.own, "finds": one.finds, "plots": one.plots,
        "disposals": one.disposals, "photos": one.photos, "last": one.last, "last_number": one.last_number or None,
        "last_at": one.last_at or None, "collected_at": one.collected_at or None, "collected": one.collected,
    }
