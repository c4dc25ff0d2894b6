"""Who may write what: decided from the event and the grants alone (oracle section 4), never by time or arrival.

The root device may do everything. Grants are ``device/hq/<device>`` records, group ``grant``, merged in two layers:
what the root wrote decides who is an HQ seat; what the root and those seats wrote decides about everybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.events import Event
from fieldapp.domain.merge import by_record, live
from fieldapp.domain.registry import HQ_KINDS
from fieldapp.texts import N_

AFTER_CUT_OFF = N_("after the cut-off of a revoked device")
NOT_ENROLLED = N_("device not enrolled")
ONLY_HQ = N_("only HQ writes this kind")
OTHER_TEAM = N_("another team's record")
ROLE = N_("role not understood")
ONLY_ROOT = N_("only the root device enrols or revokes HQ seats")
"""Why an event does not count: the reference model's words, translated where they are shown."""

Lookup = Callable[[str, int, str], Event | None]
"""The event with this stream, number and id, if it is here."""


class Undecided:
    """Answer of ``Authority.simple`` where the single event has to be looked at."""


UNDECIDED = Undecided()


class Authority:
    """The answer to "does this event count?" for one set of events.

    ``enrolments`` are all events on ``device/hq/...`` records, quarantined ones too; ``root`` is the device that
    founded the deployment; ``lookup`` finds events by place and id, to walk back from a cut-off.
    """

    def __init__(
        self, enrolments: Iterable[Event], root: str, lookup: Lookup, hq_kinds: Collection[str] = HQ_KINDS
    ) -> None:
        self.root = root
        self._lookup, self._hq_kinds = lookup, hq_kinds
        self._within: dict[tuple[str, int, str], tuple[frozenset[str], int]] = {}
        self._seats: set[str] = set()
        events = [e for e in enrolments if e.record.startswith("device/hq/")]
        self.grants = _collect(e for e in events if e.device == root)
        self._seats = {name for name, readings in self.grants.items() if any(g["role"] == "hq" for g in readings)}
        self.grants = _collect(
            [e for e in events if e.device in {root, *self._seats} and self.refuse(e) is None]
        )

    @property
    def seats(self) -> frozenset[str]:
        """Devices that the root made HQ seats."""
        return frozenset(self._seats)

    def refuse(self, event: Event) -> str | None:
        """Why this event is quarantined; None if it counts."""
        if event.device == self.root:
            return None
        grants = self.grants.get(event.device)
        if not grants:
            return NOT_ENROLLED
        kind, owner, target = event.record.split("/")
        for grant in grants:  # if grants are in conflict, all of them must allow the event
            reason = self._refused_by(grant, event, kind, owner, target)
            if reason:
                return reason
        return None

    def _refused_by(self, grant: dict[str, Any], event: Event, kind: str, owner: str, target: str) -> str | None:
        if grant["until"] is not None and not self._accepted(event, grant["until"]):
            return AFTER_CUT_OFF
        if grant["role"] == "field" and kind in self._hq_kinds:
            return ONLY_HQ
        if grant["role"] == "field" and owner not in grant["teams"]:
            return OTHER_TEAM
        if grant["role"] not in ("field", "hq"):
            return ROLE
        seat = target == self.root or target in self._seats
        raises = "grant" in event.set and grant_of(event.set["grant"])["role"] != "field"
        return ONLY_ROOT if kind == "device" and (seat or raises) else None

    def simple(self, device: str, kind: str, owner: str) -> str | None | Undecided:
        """The answer for all events of ``device`` on records of this kind and owner, where there is just one."""
        if device == self.root:
            return None
        grants = self.grants.get(device)
        if not grants:
            return NOT_ENROLLED
        if kind == "device" or len(grants) > 1 or grants[0]["until"] is not None:
            return UNDECIDED
        grant = grants[0]
        if grant["role"] == "field":
            if kind in self._hq_kinds:
                return ONLY_HQ
            return None if owner in grant["teams"] else OTHER_TEAM
        return None if grant["role"] == "hq" else ROLE

    def _accepted(self, event: Event, until: list[tuple[str, int, str]]) -> bool:
        """Is the event on a chain that ends in a cut-off? Below a gap in that chain: by number."""
        for stream, seq, cut in until:
            ids, floor = self._chain(stream, seq, cut)
            if event.id in ids or (event.stream == stream and event.seq < floor):
                return True
        return False

    def _chain(self, stream: str, seq: int, cut: str) -> tuple[frozenset[str], int]:
        key = (stream, seq, cut)
        if key not in self._within:
            ids: set[str] = set()
            at: str | None = cut
            while at is not None and (held := self._lookup(stream, seq, at)) is not None:
                ids.add(at)
                at, seq = held.prev, seq - 1
            self._within[key] = (frozenset(ids), seq)
        return self._within[key]


def _collect(events: Iterable[Event]) -> dict[str, list[dict[str, Any]]]:
    """The readings of every device's grant, in canonical order."""
    return {
        name.split("/")[2]: sorted((grant_of(here[i].set["grant"]) for i in live(here).get("grant", ())), key=canonical)
        for name, here in by_record(events).items()
    }


def grant_of(value: object) -> dict[str, Any]:
    """A grant with every member present and of the right shape; anything else allows nothing."""
    members: Mapping[str, Any] = value if isinstance(value, dict) else {}
    teams, until = members.get("teams"), members.get("until")
    if until is not None:
        until = [p for p in until if isinstance(p, list) and list(map(type, p)) == [str, int, str]] if isinstance(
            until, list
        ) else []
    return {"role": members.get("role"), "teams": teams if isinstance(teams, list) else [], "until": until}
