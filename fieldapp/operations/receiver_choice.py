"""Which receiver a laptop listens to: kept in its workspace, told to nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.errors import OperatorError
from fieldapp.geodesy.frame import Frame
from fieldapp.operations.receiver_datum import DECLARATIONS
from fieldapp.operations.receiving import GpsdSource, RawLog, ReceiverState, Receiving, ReplaySource, SerialSource
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_

OFF, SERIAL, GPSD, REPLAY = "off", "serial", "gpsd", "replay"
_META = "receiver"
_GPSD_HOST, _GPSD_PORT = "127.0.0.1", 2947


class ChoiceNotValid(OperatorError):
    """A speed, port or pace that is none. Fact ``value``: what was typed."""

    code = "receiver_choice"
    what = N_("“{value}” cannot be used for a receiver.")
    kept = N_("The receiver is as it was.")
    do = N_("Type a speed like 9600, host and port like 127.0.0.1:2947, or the path of a recorded log.")


@dataclass(frozen=True)
class Choice:
    """What to listen to, as typed. ``source`` is one of off, serial, gpsd, replay."""

    source: str = OFF
    port: str = ""
    """Name of the serial port; empty: whichever talks."""
    speed: str = ""
    """Bits a second; empty: found out."""
    address: str = ""
    """Host and port of gpsd; empty: this computer's."""
    path: str = ""
    """A recorded log."""
    pace: str = "1"
    """How many times as fast as it was recorded."""
    datum: str = "auto"
    """The datum the receiver is set to, where it does not say it itself: ``auto``, ``wgs84`` or ``sk42``."""


def kept(ws: Workspace) -> Choice:
    """What was chosen here; off until something was."""
    try:
        read = json.loads(ws.meta(_META) or "{}")
    except ValueError:
        return Choice()
    names = {one.name for one in fields(Choice)}
    found = Choice(**{name: str(value) for name, value in read.items() if name in names})
    return found if found.datum in DECLARATIONS else replace(found, datum="auto")


def keep(ws: Workspace, choice: Choice) -> Choice:
    """Listen to this from now on, also after a restart. Raises ChoiceNotValid before anything is kept."""
    source_of(choice)
    ws.set_meta(_META, json.dumps(asdict(choice), sort_keys=True))
    return choice


def source_of(choice: Choice) -> SerialSource | GpsdSource | ReplaySource | None:
    """The source that ``choice`` names; None for off. Raises ChoiceNotValid."""
    if choice.source == SERIAL:
        return SerialSource(choice.port.strip() or None, _whole(choice.speed) if choice.speed.strip() else None)
    if choice.source == GPSD:
        host, _, port = choice.address.strip().rpartition(":")
        host, port = (host, port) if host else (port, "")
        return GpsdSource(host or _GPSD_HOST, _whole(port) if port else _GPSD_PORT)
    if choice.source == REPLAY:
        if not choice.path.strip():
            raise ChoiceNotValid(value=choice.path)
        return ReplaySource(Path(choice.path.strip()), _pace(choice.pace))
    return None


def _whole(text: str) -> int:
    plain = text.strip()
    if not plain.isascii() or not plain.isdigit() or not 0 < int(plain[:9]) < 10_000_000:
        raise ChoiceNotValid(value=text)
    return int(plain)


def _pace(text: str) -> float:
    try:
        pace = float(text.strip().replace(",", ".") or "1")
    except ValueError:
        raise ChoiceNotValid(value=text) from None
    if not 0 <= pace <= 1000:
        raise ChoiceNotValid(value=text)
    return pace


def receiving_of(
    choice: Choice, now: Clock, frame: Frame, log: RawLog | None = None,
    on_cycle: Callable[[ReceiverState], None] | None = None,
) -> Receiving:
    """A receiver that obeys what was chosen; it listens once its ``start`` is given the source."""
    return Receiving(now, frame, log, declared=choice.datum, on_cycle=on_cycle)
