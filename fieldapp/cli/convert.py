"""``fieldapp convert``: a position from any format to any other, with the datum operation and its accuracy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from fieldapp.cli.output import Context, shared_options
from fieldapp.geodesy.coordinates import format_position
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations import positions
from fieldapp.operations.errors import WorkspaceInUse, WorkspaceMissing
from fieldapp.operations.positions import ReadBack
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_

T = TypeVar("T")

FORMATS = ("dd", "dm", "dms", "utm", "mgrs", "sk42", "sk42-gk", "sk42-gk3", "ck63")
"""What every position is shown in where the format reaches; systems of one's own come after them."""


@click.command()
@click.argument("text")
@click.option("--from", "system", default=positions.AUTO, show_default=True,
              help=f"What it is typed in: {', '.join(FORMATS)}, or a system of one's own.")
@click.option("--to", "wanted", multiple=True, help="Only these formats; once for each.")
@shared_options
def convert(context: Context, text: str, system: str, wanted: tuple[str, ...]) -> None:
    """Read a position in any format and show it in every other.

    With a workspace its settings count: datum operation, work area, coordinate systems of one's own.
    """
    frame = settled(context, positions.frame_of, FRAME)
    offered = (*FORMATS, *(one.code for one in frame.systems))
    unknown = [one for one in wanted if one not in offered]
    if unknown:
        raise click.UsageError(f"--to takes {', '.join(offered)}")
    read = positions.read(text, frame, system)
    shown = _shown(read, frame, wanted or offered)
    context.document(_document(context, read, shown), *_lines(context, read, shown))


def settled(context: Context, read: Callable[[Workspace], T], shipped: T) -> T:
    """What the workspace's settings say, by ``read``; ``shipped`` where there is no workspace or it is taken."""
    try:
        with context.workspace() as ws:
            return read(ws)
    except WorkspaceMissing:
        return shipped
    except WorkspaceInUse as error:
        said = N_("The workspace is open elsewhere: read with the settings as shipped. {what}")
        click.echo(context.texts(said, what=error.parts(context.texts)[0]), err=True)
        return shipped


def _shown(read: ReadBack, frame: Frame, formats: tuple[str, ...]) -> dict[str, str]:
    """By format, without those that do not reach the place (UTM at the poles, CK-63 outside its zones)."""
    found = {}
    for how in formats:
        try:
            found[how] = format_position(read.understood.lat, read.understood.lon, how, frame)
        except ValueError:
            continue
    return found


def _document(context: Context, read: ReadBack, shown: dict[str, str]) -> dict[str, Any]:
    understood = read.understood
    return {
        "lat": understood.lat, "lon": understood.lon, "format": understood.format,
        "formats": {how.replace("-", "_"): text for how, text in shown.items()},
        "crs": understood.crs, "operation": understood.operation or None,
        "accuracy_m": round(understood.accuracy_m, 3), "operation_accuracy_m": understood.operation_accuracy_m,
        "digits_m": round(understood.uncertainty_m, 3), "district_hint": read.district,
        "swapped": read.swap is not None, "notes": [note.sentence(context.texts) for note in understood.notes],
    }  # fmt: skip


def _lines(context: Context, read: ReadBack, shown: dict[str, str]) -> list[str]:
    width = max(map(len, shown), default=0)
    lines = [f"{how:{width}}  {text}" for how, text in shown.items()]
    texts = context.texts
    metres = texts.number(read.understood.accuracy_m, 1)
    if read.understood.operation:
        lines.append(texts(N_("From the digits typed and {operation}: ± {metres} m"), metres=metres,
                           operation=read.understood.operation))
    else:
        lines.append(texts(N_("From the digits typed: ± {metres} m"), metres=metres))
    if read.swap is not None:
        lines.append(read.swap.sentence(texts))
    return [*lines, *(note.sentence(texts) for note in read.understood.notes)]
