"""``fieldapp gnss known-point``: the receiver held against a point that is known, once a day (M25)."""

from __future__ import annotations

import queue
from pathlib import Path

import click

from fieldapp.cli.gnss import source_named, states
from fieldapp.cli.output import Context, shared_options
from fieldapp.clock import SystemClock
from fieldapp.operations import known_point as checks
from fieldapp.operations import receiver_choice, receiver_log
from fieldapp.operations.positions import frame_of
from fieldapp.operations.receiver_state import Captured, ReceiverState
from fieldapp.operations.receiving import SerialSource, Source
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_

_PATIENCE_S = 60.0


@click.command("known-point")
@click.argument("position", default="")
@click.option("--port", help="Serial, USB or Bluetooth port; else the receiver chosen in this workspace.")
@click.option("--speed", type=click.IntRange(300, 3_000_000), help="Bits a second; else the usual ones are tried.")
@click.option("--gpsd", "address", metavar="HOST[:PORT]", help="A gpsd.")
@click.option("--replay", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A recorded log.")
@click.option("--for", "seconds", type=click.FloatRange(0.1, 3600), default=_PATIENCE_S, show_default=True,
              help="Wait for a fix so many seconds.")
@click.option("--skip", is_flag=True, help="Say that it is not checked today.")
@shared_options
def known_point(context: Context, position: str, port: str | None, speed: int | None, address: str | None,
                file: Path | None, seconds: float, skip: bool) -> None:
    """Stand on POSITION (in any format; else the point of the current task) and keep by how much the receiver is off.

    The difference goes into the day's record of work.
    """
    with context.workspace() as ws:
        if skip:
            checks.skip(ws)
        else:
            known = checks.point(ws, position)
            found = _captured(ws, source_named(port, speed, address, file, 0), seconds)
            checks.save(ws, known, found.lat, found.lon)
        checked = checks.of_day(ws, ws.clock.now().date())
        said = context.texts(N_("Known point: {words}"), words=checks.in_words(checked, context.texts))
        far = [context.texts(checks.FAR_OFF)] if checked.is_far else []
        context.document(checks.as_json(checked), said, *far)


def _captured(ws: Workspace, source: Source | None, seconds: float) -> Captured:
    """The first fix that passes. Raises what is wrong with the receiver where none does in time."""
    choice = receiver_choice.kept(ws)
    heard: queue.SimpleQueue[ReceiverState] = queue.SimpleQueue()
    clock = SystemClock()
    receiving = receiver_choice.receiving_of(choice, clock, frame_of(ws), receiver_log.log_of(ws), heard.put)
    try:
        receiving.start(source or receiver_choice.source_of(choice) or SerialSource())
        for state in states(receiving, heard, clock, seconds):
            if state.status == "live":
                break
        return receiving.capture()
    finally:
        receiving.stop()
