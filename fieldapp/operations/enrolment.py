"""Devices, teams and their grants, as the records say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from fieldapp.ids import DeviceId
from fieldapp.operations import lookup
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from fieldapp.texts import natural


@dataclass(frozen=True)
class Device:
    """One enrolled device."""

    device: DeviceId
    name: str
    role: str
    teams: tuple[str, ...]
    revoked: bool
    signing_key: str
    receiving_key: str
    tag_prefix: str


@dataclass(frozen=True)
class Team:
    """One invited team."""

    code: str
    name: str
    organisation: str


def devices(ws: Workspace, ids: Collection[DeviceId] | None = None) -> list[Device]:
    """All devices that records name, or those of them with these ids, in order of their names."""
    found = [_device(row) for row in lookup.rows(ws, "device", ids=ids)]
    return sorted(found, key=lambda device: (natural(device.name), device.device))


def _device(row: Row) -> Device:
    teams = lookup.shape(row, "teams")
    return Device(
        row["id"], str(row["name"] or ""), str(row["role"] or ""),
        tuple(str(team) for team in teams) if isinstance(teams, list) else (), row["until"] is not None,
        str(row["signing_key"] or ""), str(row["receiving_key"] or ""), str(row["tag_prefix"] or ""),
    )


def device(ws: Workspace, device_id: DeviceId) -> Device | None:
    """The device with this id, if a record names it."""
    rows = lookup.rows(ws, "device", ids=[device_id])
    return _device(rows[0]) if rows else None


def teams(ws: Workspace) -> list[Team]:
    """All invited teams in order of their codes."""
    found = [
        Team(row["id"], str(row["name"] or row["id"]), str(row["organisation"] or ""))
        for row in lookup.rows(ws, "team", retracted=False)
    ]
    return sorted(found, key=lambda team: natural(team.code))


def team(ws: Workspace, code: str) -> Team | None:
    """The team with this code."""
    return next((team for team in teams(ws) if team.code == code), None)


def members(ws: Workspace, team_code: str) -> list[Device]:
    """Devices whose current grant names the team and has no cut-off."""
    return [d for d in devices(ws) if d.role == "field" and team_code in d.teams and not d.revoked]


def seats(ws: Workspace) -> list[Device]:
    """Other seats of this headquarters whose grant has no cut-off and that bundles can be encrypted to."""
    others = {ws.device, ws.root}
    return [d for d in devices(ws) if d.role == "hq" and not d.revoked and d.receiving_key and d.device not in others]


def grant_value(teams_granted: list[str], until: list[Any] | None = None, role: str = "field") -> dict[str, Any]:
    """The value of a grant's group, as the merge reads it."""
    return {"role": role, "teams": teams_granted, "until": until}
