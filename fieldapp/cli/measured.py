"""``fieldapp find add-measured``: a find without a fix, by bearing and distance or along a baseline (M24)."""

from __future__ import annotations

from typing import Any

import click

from fieldapp.cli.entering import field_options, given_fields, print_saved
from fieldapp.cli.output import Context, shared_options
from fieldapp.domain.registry import KINDS
from fieldapp.geodesy.traverse import UNITS, Unit
from fieldapp.operations import fallbacks, finds, positions
from fieldapp.operations.fallbacks import NORTHS, Placed
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_

_FINDS = KINDS["find"]


def add_measured() -> click.Command:
    """The command, with an option for each declared field of a find."""
    command: click.Command = field_options(_FINDS, _command)  # type: ignore[assignment]  # as in ``records``
    return command


@click.command("add-measured")
@click.argument("what")
@click.option("--from", "start", default="", help="Where it is measured from: a find's number or a position; "
              "without it the last find.")
@click.option("--bearing", help="Bearing from there: 212, or 35-33 with --bearing-unit mil6000.")
@click.option("--bearing-unit", type=click.Choice(UNITS), default="deg", show_default=True,
              help="How the bearing is written.")
@click.option("--north", type=click.Choice(NORTHS), default="magnetic", show_default=True, help="Which north.")
@click.option("--declination", type=float, help="Own declination in degrees, east positive; else the model's.")
@click.option("--distance", help="Metres along the bearing.")
@click.option("--towards", help="The other end of a baseline, instead of a bearing.")
@click.option("--along", help="Metres along the baseline.")
@click.option("--aside", default="0", help="Metres to the side of the baseline.")
@click.option("--side", type=click.Choice(["left", "right"]), default="right", show_default=True, help="Which side.")
@click.option("--as", "by", help="Name of the person who enters it.")
@shared_options
def _command(context: Context, what: str, start: str, bearing: str | None, bearing_unit: Unit, north: str,
             declination: float | None, distance: str | None, towards: str | None, along: str | None, aside: str,
             side: str, by: str | None, **fields: Any) -> None:
    """Save a find whose position was measured from another point, without a receiver.

    Its accuracy is worked out from those of the starting point, the bearing and the distance.
    """
    if (bearing is None) == (towards is None):
        raise click.UsageError("either --bearing with --distance, or --towards with --along")
    with context.workspace() as ws:
        if bearing is not None:
            placed = _by_bearing(context, ws, start, (bearing, bearing_unit, north, declination), distance)
        else:
            placed = _by_baseline(context, ws, start, str(towards), (along, aside, side))
        record = finds.add_find(ws, given_fields(ws, fields) | placed.fields(), model_text=what, by=by)
        print_saved(context, ws, record)


def _by_bearing(
    context: Context, ws: Workspace, start: str, read: tuple[str, Unit, str, float | None], distance: str | None
) -> Placed:
    bearing, unit, north, declination = read
    metres = fallbacks.metres_of(distance or "", context.texts(N_("Distance")))
    return fallbacks.by_bearing(
        fallbacks.start_named(ws, start), bearing, north, metres, ws.clock.now().date(), unit=unit,
        declination_deg=declination,
    )  # fmt: skip


def _by_baseline(
    context: Context, ws: Workspace, start: str, towards: str, measured: tuple[str | None, str, str]
) -> Placed:
    along, aside, side = measured
    chainage_m = fallbacks.metres_of(along or "", context.texts(N_("Along the baseline")))
    offset_m = fallbacks.metres_of(aside, context.texts(N_("To the side")))
    end = fallbacks.typed_start(towards, positions.frame_of(ws)).place
    return fallbacks.by_baseline(fallbacks.start_named(ws, start), end, chainage_m, offset_m, side)
