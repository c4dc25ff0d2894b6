"""``fieldapp near``: what lies within some metres of a place."""

from __future__ import annotations

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.domain.registry import KINDS
from fieldapp.operations import nearby, positions
from fieldapp.operations.nearby import Nearby
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts


@click.command()
@click.argument("position")
@click.option("--radius", "radius_m", type=click.FloatRange(0, nearby.MOST_RADIUS_M), default=nearby.RADIUS_M,
              show_default=True, help="Metres around the place.")
@click.option("--from", "system", default=positions.AUTO, show_default=True,
              help="The system the position is typed in, as for convert.")
@shared_options
def near(context: Context, position: str, radius_m: float, system: str) -> None:
    """What lies within some metres of a place: finds, plots, hazardous areas, tasks, accidents; the nearest first.

    Every reading of a disputed position or outline counts.
    """
    texts = context.texts
    with context.workspace() as ws:
        read = positions.read(position, positions.frame_of(ws), system)
        here = read.understood
        found = nearby.within(ws, here.lat, here.lon, radius_m)
        many = sum(one.kind == "find" for one in found) >= nearby.MOST_FINDS
        said = [texts(N_("Only the {count} nearest finds are listed."), count=nearby.MOST_FINDS)] if many else []
        document = {
            "lat": here.lat, "lon": here.lon, "read_as": read.shown, "radius_m": radius_m, "complete": not many,
            "near": [nearby.as_json(one) for one in found],
        }  # fmt: skip
        context.document(document, read.shown, *_lines(ws, found, radius_m, texts), *said)


def _lines(ws: Workspace, found: list[Nearby], radius_m: float, texts: Texts) -> list[str]:
    if not found:
        return [texts(N_("Nothing recorded within {metres} m of here."), metres=texts.number(radius_m))]
    heads = [texts(one) for one in (N_("Metres"), N_("Bearing"), N_("No."), N_("What"))]
    return table(heads, [
        [texts.number(one.metres, 1), "" if one.bearing_deg is None else f"{one.bearing_deg:05.1f}°", one.number,
         _what(ws, one, texts)]
        for one in found
    ])  # fmt: skip


def _what(ws: Workspace, one: Nearby, texts: Texts) -> str:
    row = one.row
    kind = KINDS[one.kind].names.in_language(texts.language)
    if one.kind != "find":
        return kind
    named = ws.lists.item_name(row["model"], row["model_text"], texts.language)
    return named or ws.lists.name("category", row["category"], texts.language) or kind
