"""Laptops and their logs as headquarters sees them: what came, what is missing, who is silent, with which version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldapp.domain.events import Event
from fieldapp.ids import DeviceId, StreamId
from fieldapp.operations import enrolment, inbox
from fieldapp.operations.enrolment import Device
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import coverage, journal
from fieldapp.storage.ledger import Bundle
from fieldapp.storage.log import events_at, stream_ids
from fieldapp.texts import N_, Texts

NAG_AFTER_DAYS = 7
"""A laptop whose last bundle is older is named."""


@dataclass(frozen=True)
class Gap:
    """Numbers ``first`` to ``last`` of a log have not come; ``head`` is what return bundles ask for."""

    first: int
    last: int
    head: str
    after: str
    """When the entry before the gap was written (UTC); empty where nothing before it is here."""
    before: str
    """When the entry behind the gap was written."""


@dataclass(frozen=True)
class Log:
    """One stream of a laptop."""

    stream: StreamId
    audience: str
    received: tuple[tuple[int, int], ...]
    """Ranges of numbers (first, last) that are here."""
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Laptop:
    """One enrolled device."""

    device: DeviceId
    name: str
    role: str
    teams: tuple[str, ...]
    revoked: bool
    last_at: str
    """When its last bundle was taken in (UTC); empty if none was."""
    silent_days: int | None
    """Whole days since then; None if no bundle ever came."""
    bundles: int
    app: str
    """The version of fieldapp that wrote its last bundle; empty where that is not known."""
    newest_read: int | None
    """The newest bundle format that it reads, as its last bundle says."""
    doubts: int
    """Entries written while its clock could not be right."""
    logs: tuple[Log, ...]

    @property
    def silent(self) -> bool:
        """Has it been silent for too long?"""
        return not self.revoked and self.silent_days is not None and self.silent_days > NAG_AFTER_DAYS

    @property
    def gaps(self) -> list[Gap]:
        """What is missing of all its logs."""
        return [gap for log in self.logs for gap in log.gaps]


def laptops(ws: Workspace) -> list[Laptop]:
    """All enrolled devices in the order of their names."""
    bundles = _by_sender(inbox.bundles(ws))
    logs = _logs(ws)
    doubts: dict[DeviceId, int] = {}
    for stream, _ in coverage.doubtful(ws.store):
        doubts[_device(stream)] = doubts.get(_device(stream), 0) + 1
    now = ws.clock.now()
    return [
        _laptop(one, bundles.get(one.device, []), doubts.get(one.device, 0), logs.get(one.device, ()), now)
        for one in enrolment.devices(ws)
    ]


def _laptop(one: Device, bundles: Sequence[Bundle], doubts: int, logs: Iterable[Log], now: datetime) -> Laptop:
    last_at = max((bundle.taken_at for bundle in bundles), default="")
    counts: Mapping[str, Any] = max(bundles, key=lambda b: int(b.counts.get("number") or 0)).counts if bundles else {}
    silent = max(0, (now - datetime.fromisoformat(last_at)).days) if last_at else None
    return Laptop(
        one.device, one.name, one.role, tuple(team for team in one.teams if team != one.device), one.revoked, last_at,
        silent, len(bundles), str(counts.get("app") or ""), counts.get("newest_read"), doubts, tuple(logs),
    )


def _by_sender(bundles: Iterable[Bundle]) -> dict[DeviceId, list[Bundle]]:
    found: dict[DeviceId, list[Bundle]] = {}
    for bundle in bundles:
        if bundle.direction == "in" and bundle.sender:
            found.setdefault(bundle.sender, []).append(bundle)
    return found


def _logs(ws: Workspace) -> dict[DeviceId, list[Log]]:
    """Every log that is here, with what is missing of it, by the device that writes it."""
    gaps = _gaps(ws)
    received = coverage.received(ws.store)
    found: dict[DeviceId, list[Log]] = {}
    for stream in journal.streams(ws.store):
        log = Log(
            stream.id, stream.audience, tuple(received.get(stream.id, ())), tuple(gaps.get(stream.id, ()))
        )
        found.setdefault(stream.device, []).append(log)
    return found


def _gaps(ws: Workspace) -> dict[StreamId, list[Gap]]:
    found: dict[StreamId, list[Gap]] = {}
    gaps = inbox.gaps(ws)
    numbers = {name: n for n, name in stream_ids(ws.store).items()}
    for gap in gaps:
        stream, first, last = str(gap["stream"]), int(gap["from"]), int(gap["to"])
        around = events_at(ws.store, [(numbers[stream], first - 1), (numbers[stream], last + 1)]).values()
        after = max((_written(event) for event in around if event.seq == first - 1), default="")
        before = min((_written(event) for event in around if event.seq == last + 1), default="")
        found.setdefault(stream, []).append(Gap(first, last, str(gap["head"]), after, before))
    return found


def _written(event: Event) -> str:
    return str(event.value.get("at") or "")


def _device(stream: StreamId) -> DeviceId:
    return stream.split(".", maxsplit=1)[0]


def silence(one: Laptop, texts: Texts) -> str:
    """The sentence for a laptop that is silent for too long."""
    return texts.plural(
        N_("{name}: no bundle for {count} day"), N_("{name}: no bundle for {count} days"), one.silent_days or 0,
        name=one.name,
    )


def as_json(one: Laptop) -> dict[str, Any]:
    """A device as ``hq devices`` prints it."""
    return {
        "device": one.device, "name": one.name, "role": one.role, "teams": list(one.teams), "revoked": one.revoked,
        "state": "cut_off" if one.revoked else "enrolled",
        "last_at": one.last_at or None, "silent_days": one.silent_days, "bundles": one.bundles, "app": one.app or None,
        "newest_read": one.newest_read, "clock_doubts": one.doubts,
        "logs": [
            {"stream": log.stream, "audience": log.audience, "received": [list(pair) for pair in log.received],
             "gaps": [
                 {"from": gap.first, "to": gap.last, "head": gap.head, "after": gap.after or None,
                  "before": gap.before or None}
                 for gap in log.gaps
             ]}
            for log in one.logs
        ],
    }
