"""The receiver's time as a bound: a laptop's clock cannot be right before it (M19)."""

from __future__ import annotations

from datetime import timedelta

from fieldapp import clock
from fieldapp.operations import writing
from fieldapp.operations.receiver_state import CLOCK_TOLERANCE_S, Captured
from fieldapp.operations.workspace import Workspace


def note(ws: Workspace, captured: Captured) -> bool:
    """Remember the receiver's time of a captured position; True where this computer's clock is before it.

    Events that are written with an earlier time say from then on that their clock is in doubt. Ten minutes are
    forgiven: the bound holds for ever. Only a time that has gone on as the clock for a while counts, never one of a
    recorded log.
    """
    if not captured.steady or captured.fix.time is None:
        return False
    bound = captured.fix.time - timedelta(seconds=CLOCK_TOLERANCE_S)
    writing.raise_clock_floor(ws, clock.stamp(bound))
    return ws.clock.now() < bound
