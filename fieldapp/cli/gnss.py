"""``fieldapp gnss``: the receiver watched, its ports, its log."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event

import click

from fieldapp.cli.output import DONE, OPERATOR, Context, error_document, shared_options, table
from fieldapp.clock import Clock, SystemClock
from fieldapp.errors import OperatorError
from fieldapp.gnss.gpsd import PORT
from fieldapp.gnss.ports import Port, PortSilent, find_port, ports
from fieldapp.operations import receiver_choice, receiver_log
from fieldapp.operations.positions import frame_of
from fieldapp.operations.receiver_datum import DECLARATIONS
from fieldapp.operations.receiver_state import Captured, ReceiverState
from fieldapp.operations.receiving import GpsdSource, Receiving, ReplaySource, SerialSource, Source
from fieldapp.texts import N_, parse_day

_LOOK_EVERY_S = 0.25


@click.group()
def gnss() -> None:
    """The GNSS receiver: watch it, find its port, take its log out."""


@gnss.command("watch")
@click.option("--port", help="Serial, USB or Bluetooth port (COM5, /dev/ttyUSB0); without any source all are tried.")
@click.option("--speed", type=click.IntRange(300, 3_000_000), help="Bits a second; else the usual ones are tried.")
@click.option("--gpsd", "address", metavar="HOST[:PORT]", help=f"A gpsd (port {PORT} where none is named).")
@click.option("--replay", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A recorded log.")
@click.option("--pace", type=click.FloatRange(0, 1000), default=1.0, show_default=True,
              help="Of a replay: 1 as recorded, 10 ten times as fast, 0 as fast as possible.")
@click.option("--for", "seconds", type=click.FloatRange(0.1, 864_000), help="End after so many seconds.")
@click.option("--average", "wanted", type=click.IntRange(5, 6_000), help="End with the average of so many fixes.")
@click.option("--declared", type=click.Choice(DECLARATIONS), help="The datum the receiver is set to.")
@click.option("--log", "keep_log", is_flag=True, help="Use the workspace: its settings, its datum operation, its log.")
@shared_options
def watch(context: Context, port: str | None, speed: int | None, address: str | None, file: Path | None, pace: float,
          seconds: float | None, wanted: int | None, declared: str | None, keep_log: bool) -> int:
    """Listen to a receiver until Ctrl+C: a line for each moment it speaks of, with what is wrong with it.

    With --json each line is one JSON document; the last one is the average or why there is none,
    where one was asked for.
    """
    if sum(given is not None for given in (port, address, file)) > 1:
        raise click.UsageError("--port, --gpsd and --replay exclude each other")
    source = source_named(port, speed, address, file, pace)
    heard: queue.SimpleQueue[ReceiverState] = queue.SimpleQueue()
    with ExitStack() as opened:
        clock: Clock = SystemClock()
        if keep_log:
            ws = opened.enter_context(context.workspace())
            choice = receiver_choice.kept(ws)
            source = source or receiver_choice.source_of(choice)
            choice = replace(choice, datum=declared or choice.datum)
            receiving = receiver_choice.receiving_of(
                choice, ws.clock, frame_of(ws), receiver_log.log_of(ws), heard.put
            )  # fmt: skip
        else:
            receiving = Receiving(clock, declared=declared or "auto", on_cycle=heard.put)
        opened.callback(receiving.stop)
        receiving.start(source or SerialSource())
        if wanted is not None:
            receiving.begin_average()
        try:
            for state in states(receiving, heard, clock, seconds):
                _show(context, state)
                if wanted is not None and state.average is not None and state.average.n >= wanted:
                    break
        except KeyboardInterrupt:
            pass  # the way to end it
        except BrokenPipeError:  # so is the end of who reads the lines
            return DONE
        return DONE if wanted is None else _end_with_average(context, receiving)


def source_named(
    port: str | None, speed: int | None, address: str | None, file: Path | None, pace: float
) -> Source | None:
    """The source that the options name; None where they name none."""
    if address is not None:
        host, _, number = address.rpartition(":") if ":" in address else (address, "", "")
        if number and not (number.isascii() and number.isdigit() and 0 < int(number) < 65_536):
            raise click.BadParameter("HOST or HOST:PORT", param_hint="--gpsd")
        return GpsdSource(host.strip("[]"), int(number) if number else PORT)
    if file is not None:
        return ReplaySource(file, pace)
    return SerialSource(port, speed) if port is not None or speed is not None else None


def states(
    receiving: Receiving, heard: queue.SimpleQueue[ReceiverState], clock: Clock, seconds: float | None
) -> Iterator[ReceiverState]:
    """Each moment the receiver speaks of, and each change of its status in between, until the end."""
    began, shown = clock.monotonic(), ""
    while seconds is None or clock.monotonic() - began < seconds:
        try:
            state = heard.get(timeout=_LOOK_EVERY_S)
        except queue.Empty:
            state = receiving.state()
            if state.ended:
                return
            if state.status == shown:
                continue
        shown = state.status
        yield state


def _show(context: Context, state: ReceiverState) -> None:
    if context.as_json:
        click.echo(json.dumps(state.as_json(context.texts), ensure_ascii=False))
        return
    fix = state.fix if state.status in ("live", "poor") else None
    place = "" if fix is None else f"{fix.lat:.7f} {fix.lon:.7f}  "
    counted = "" if state.average is None else f"  n={state.average.n} R95={state.average.r95_m:.1f} m"
    click.echo(place + state.sentence(context.texts) + counted)


def _end_with_average(context: Context, receiving: Receiving) -> int:
    try:
        _show_average(context, receiving.capture(average_so_far=True))
    except OperatorError as error:
        if not context.as_json:
            raise
        click.echo(json.dumps(error_document(error, context.texts), ensure_ascii=False))
        return OPERATOR
    return DONE


def _show_average(context: Context, captured: Captured) -> None:
    if context.as_json:
        said = {"captured": captured.fields(), "warnings": captured.warnings(context.texts)}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    n = captured.average.n if captured.average else 1
    click.echo(context.texts(
        N_("Average of {n} fixes: {lat} {lon}, accuracy {accuracy} m."), n=n, lat=f"{captured.lat:.7f}",
        lon=f"{captured.lon:.7f}", accuracy=context.texts.number(captured.accuracy_m, 1),
    ))  # fmt: skip
    for warning in captured.warnings(context.texts):
        click.echo(warning)


@gnss.command("ports")
@click.option("--find", is_flag=True, help="Listen to each at each speed until one talks NMEA.")
@shared_options
def show_ports(context: Context, find: bool) -> None:
    """The serial, USB and Bluetooth ports of this computer, and which one a receiver is on."""
    listed = ports()
    found = _find(context, listed) if find else None
    context.document(
        {"ports": [{"port": one.port, "description": one.description} for one in listed], "found": found},
        *(table([context.texts(N_("Port")), context.texts(N_("What it is"))],
                [[one.port, one.description] for one in listed]) if listed else [context.texts(N_("No port."))]),
        *([] if found is None else [context.texts(N_("A receiver is on {port} at {speed} bits a second."), **found)]),
        *([context.texts(N_("No receiver was heard on any port."))] if find and found is None else []),
    )  # fmt: skip


def _find(context: Context, listed: list[Port]) -> dict[str, object] | None:
    def tell(port: str, speed: int) -> None:
        click.echo(context.texts(N_("Listening to {port} at {speed} ..."), port=port, speed=speed), err=True)

    if not listed:
        return None
    try:
        found = find_port(None, None, Event(), tell=None if context.as_json else tell)
    except PortSilent:
        return None
    return {"port": found.port, "speed": found.speed}


@gnss.command("log")
@click.argument("day", required=False)
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the day's log to this file.")
@shared_options
def log(context: Context, day: str | None, file: Path | None) -> None:
    """What the receiver sent, by day; with DAY (YYYY-MM-DD) and --to a file to replay, which anybody can read."""
    if (day is None) != (file is None):
        raise click.UsageError("DAY and --to belong together")
    with context.workspace() as ws:
        if day is not None and file is not None:
            try:
                wanted = parse_day(day)
            except ValueError as error:
                raise click.BadParameter("YYYY-MM-DD", param_hint="DAY") from error
            damaged = receiver_log.write_out(ws, wanted, file)
            said = context.texts(N_("Written to {file}. Anybody can read it: it says where people were."), file=file)
            hurt = [context.texts(N_("Damaged pieces left out: {count}"), count=damaged)] if damaged else []
            context.document({"day": day, "file": str(file), "damaged": damaged}, said, *hurt)
            return
        listed = receiver_log.days(ws)
        heads = [context.texts(N_("Day")), context.texts(N_("Pieces")), context.texts(N_("KB"))]
        rows = [[one.day, str(one.pieces), str(-(-one.sealed_bytes // 1024))] for one in listed]
        context.document(
            {"days": [one.as_json() for one in listed]},
            *(table(heads, rows) if rows else [context.texts(N_("No log was kept yet."))]),
        )
