"""Two machines that write one log (a copied or restored workspace), and the officer's next step (M29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.domain.events import Event
from fieldapp.ids import DeviceId, EventId, RecordName, StreamId
from fieldapp.operations import enrolment, headquarters, inbox
from fieldapp.operations.enrolment import Device
from fieldapp.operations.errors import RecordMissing
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal
from fieldapp.storage.log import pieces_of, stream_ids
from fieldapp.sync.invitation import Invitation
from fieldapp.texts import N_, natural

ON_THE_MACHINE = N_(
    "On the machine, make a new workspace with this invitation. The old one stays as it is; export it once more."
)
"""What is done with the fresh invitation: a key that was cut off cannot be enrolled again."""
NEXT_STEP = N_(
    "Invite one of the machines anew: the old key is cut off, later entries are kept aside, none is lost."
)
"""What an officer does about a fork."""


@dataclass(frozen=True)
class Branch:
    """What one of the machines wrote after the logs parted."""

    head: EventId
    last: int
    """Number of its last entry that is here."""
    entries: int
    first_at: str
    last_at: str
    by: tuple[str, ...]
    """Who wrote, as the entries say."""
    records: tuple[RecordName, ...]


@dataclass(frozen=True)
class Fork:
    """A log that two machines write: one number, two entries."""

    stream: StreamId
    device: DeviceId
    name: str
    teams: tuple[str, ...]
    seq: int
    """The first number that has two entries."""
    branches: tuple[Branch, ...]
    both: tuple[RecordName, ...]
    """Records that more than one branch changed."""
    cut_off: bool
    """The old key is cut off already: nothing is left to do."""


def forks(ws: Workspace) -> list[Fork]:
    """All logs that two machines write, those that wait for an officer first."""
    devices = {device.device: device for device in enrolment.devices(ws)}
    ends = journal.branches(ws.store)
    numbers = {name: n for n, name in stream_ids(ws.store).items()}
    found = []
    for fork in inbox.forks(ws):
        stream, seq = str(fork["stream"]), int(fork["seq"])
        events: dict[EventId, Event] = {}
        for piece in pieces_of(ws.store, numbers[stream], seq):
            events.update((event.id, event) for event in piece.events() if event.seq >= seq)
        branches = [_branch(head, last, events) for last, head in ends.get(stream, ()) if head in events]
        found.append(_fork(stream, seq, branches, devices.get(stream.split(".", maxsplit=1)[0])))
    return sorted(found, key=lambda one: (one.cut_off, natural(one.name), one.stream))


def _fork(stream: StreamId, seq: int, branches: Sequence[Branch], device: Device | None) -> Fork:
    touched = [name for branch in branches for name in branch.records]
    both = tuple(sorted({name for name in touched if touched.count(name) > 1}))
    writer = stream.split(".", maxsplit=1)[0]
    teams = tuple(team for team in (device.teams if device else ()) if team != writer)
    name = device.name if device else writer
    return Fork(stream, writer, name, teams, seq, tuple(branches), both, bool(device and device.revoked))


def _branch(head: EventId, last: int, events: dict[EventId, Event]) -> Branch:
    chain: list[Event] = []
    at: EventId | None = head
    while at is not None and at in events:
        chain.append(events[at])
        at = events[at].prev
    times = sorted(str(event.value.get("at") or "") for event in chain)
    by = tuple(sorted({str(event.value.get("by") or "") for event in chain}))
    records = tuple(sorted({event.record for event in chain}))
    return Branch(head, last, len(chain), times[0], times[-1], by, records)


def reenrol(ws: Workspace, device: DeviceId, to: Path, why: str, *, keep: Sequence[str] = ()) -> Invitation:
    """Cut a laptop's or seat's old key off and write a fresh invitation, for one machine, to ``to``.

    The machine starts a new workspace with it. What came until now goes on counting: of a log with branches all of
    them, or only those whose heads (or their beginnings) are in ``keep``. Later entries under the old key, of either
    machine, are kept aside. A key that is cut off already stays cut off where it was, unless ``keep`` chooses anew.
    All or nothing.
    Raises RecordMissing for a device or head that is not here, and the invitation's own errors.
    """
    ws.require_hq()
    known = enrolment.device(ws, device)
    team = next((team for team in known.teams if team != device), None) if known else None
    seat = known is not None and known.role == "hq" and device != ws.root
    if known is None or (team is None and not seat):
        raise RecordMissing(name=device)
    with ws.store.transaction():
        if keep or not known.revoked:
            headquarters.revoke(ws, device, why, keep=keep)
        if team is None:
            return headquarters.invite_seat(ws, to, device_name=known.name)
        return headquarters.invite(ws, team, to, device_name=known.name)
