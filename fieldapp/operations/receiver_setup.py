"""Which receiver this laptop listens to. It is this computer's affair: never an event, never carried elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from fieldapp import clock
from fieldapp.gnss.gpsd import PORT
from fieldapp.gnss.ports import Port, ports, speeds_offered
from fieldapp.gnss.sources import GpsdSource, SerialSource, Source
from fieldapp.operations import writing
from fieldapp.operations.positions import frame_of
from fieldapp.operations.receiver_datum import DECLARATIONS
from fieldapp.operations.receiver_log import log_of
from fieldapp.operations.receiver_state import CLOCK_TOLERANCE_S, Captured, ReceiverState
from fieldapp.operations.receiving import Receiving
from fieldapp.operations.workspace import Workspace

__all__ = ["DECLARATIONS", "KINDS", "Port", "Receiver", "choose", "chosen", "note_time", "of_workspace", "ports",
           "source_of", "speeds_offered"]  # fmt: skip

KINDS = ("auto", "port", "gpsd", "none")
"""How a receiver is reached: found by itself on any port, on a named port, by gpsd, or none is used."""
_CHOSEN = "receiver"


@dataclass(frozen=True)
class Receiver:
    """The receiver of this laptop."""

    kind: str = "auto"
    port: str = ""
    """Name of the port, of kind ``port``."""
    speed: int | None = None
    """Bits a second; None tries the usual ones."""
    host: str = "127.0.0.1"
    gpsd_port: int = PORT
    declared: str = "auto"
    """The datum that a person says it is set to: one of ``DECLARATIONS``."""


def chosen(ws: Workspace) -> Receiver:
    """The receiver that was chosen here; found by itself where nobody has chosen."""
    kept = ws.get_json(_CHOSEN, {})
    return Receiver(**{name: kept[name] for name in asdict(Receiver()) if name in kept})


def choose(ws: Workspace, receiver: Receiver) -> None:
    """Use this receiver from now on."""
    if receiver.kind not in KINDS or receiver.declared not in DECLARATIONS:
        raise ValueError(f"no such receiver: {receiver}")
    ws.set_json(_CHOSEN, asdict(receiver))


def source_of(receiver: Receiver) -> Source | None:
    """What to listen to; None where no receiver is used."""
    if receiver.kind == "none":
        return None
    if receiver.kind == "gpsd":
        return GpsdSource(receiver.host, receiver.gpsd_port)
    return SerialSource(receiver.port or None if receiver.kind == "port" else None, receiver.speed)


def of_workspace(
    ws: Workspace, *, declared: str | None = None, on_cycle: Callable[[ReceiverState], None] | None = None
) -> Receiving:
    """Receiving with this workspace's clock, datum operation, declared datum and log. Nothing is started."""
    return Receiving(
        ws.clock, frame_of(ws), log_of(ws), declared=declared or chosen(ws).declared, on_cycle=on_cycle
    )  # fmt: skip


def note_time(ws: Workspace, captured: Captured) -> bool:
    """Take the receiver's time of a captured position as a bound: this computer's clock cannot be right before it.

    Events that are written with an earlier time say that their clock is in doubt. Only a time that has gone on as the
    clock for a while counts, never one of a recorded log. True where this computer's clock is before the bound.
    """
    if not captured.steady or captured.fix.time is None:
        return False
    bound = captured.fix.time - timedelta(seconds=CLOCK_TOLERANCE_S)
    writing.raise_clock_floor(ws, clock.stamp(bound))
    return ws.clock.now() < bound
