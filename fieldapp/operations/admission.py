"""An officer's word on laptops that sent records and are not enrolled: accepted or refused, and nothing lost (M5)."""

from __future__ import annotations

from fieldapp.ids import DeviceId
from fieldapp.operations import headquarters, imports, senders
from fieldapp.operations.errors import ReasonNeeded, RecordMissing
from fieldapp.operations.imports import Outcome
from fieldapp.operations.senders import Newcomer
from fieldapp.operations.workspace import Workspace


def newcomer(ws: Workspace, device: DeviceId) -> Newcomer:
    """The newcomer with this id. Raises RecordMissing for a device that is enrolled or never sent anything."""
    found = next((one for one in senders.newcomers(ws) if one.device == device), None)
    if found is None:
        raise RecordMissing(name=device)
    return found


def accept(ws: Workspace, device: DeviceId, team: str, why: str) -> list[Outcome]:
    """Enrol a newcomer for a team. What was kept aside of it counts from now on; copies of its bundles are imported.

    Returns what these imports did; a copy that is refused again stays. Raises ReasonNeeded, RecordMissing, TeamCode,
    and OnlyRoot at another seat.
    """
    ws.require_root()
    if not why.strip():
        raise ReasonNeeded
    one = newcomer(ws, device)
    signing_key, receiving_key = senders.keys_of(ws, device)
    with ws.store.transaction():
        headquarters.name_team(ws, team, "")
        headquarters.enrol(
            ws, device, name=one.invitation or one.name, team=team, signing_key=signing_key,
            receiving_key=receiving_key, why=why,
        )
        senders.decide(ws, device, "accepted", why)
    outcomes = imports.import_files(ws, senders.copies_of(ws, device))
    if all(outcome.status != "refused" for outcome in outcomes):
        senders.forget_copies(ws, device)
    return outcomes


def refuse(ws: Workspace, device: DeviceId, why: str) -> None:
    """Refuse a newcomer. It stays listed, what it sent stays kept aside, and it can be accepted later all the same.

    Raises ReasonNeeded, RecordMissing, and OnlyRoot at another seat.
    """
    ws.require_root()
    if not why.strip():
        raise ReasonNeeded
    senders.decide(ws, newcomer(ws, device).device, senders.REFUSED, why)
