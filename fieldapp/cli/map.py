"""``fieldapp map add|list|show|change|remove|package|take``: the base maps under the map of this computer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from fieldapp.cli.output import Context, error_document, shared_options, table
from fieldapp.operations import base_maps, map_package
from fieldapp.operations.base_maps import About, BaseMap, BaseMapState
from fieldapp.texts import N_, Texts

_ROWS = click.option(
    "--rows", type=click.Choice(["north", "south"]), default=None,
    help="Rows are counted from this end, whatever the format says. Compare with a known point.",
)  # fmt: skip
_LAYER = click.option("--layer", default="", help="The layer of a GeoPackage that holds several.")
_OPACITY = click.FloatRange(base_maps.LEAST_OPACITY, 1)
_FILE = click.Path(path_type=Path)


@click.group("map")
def map_group() -> None:
    """Base maps under the map: MBTiles, PMTiles, GeoPackage with raster tiles in Web Mercator; GeoTIFF by an extra."""


def _about_json(about: About) -> dict[str, Any]:
    return {
        "format": about.form, "name": about.name, "credit": about.credit, "images": about.kind,
        "bounds": dict(zip(("south", "west", "north", "east"), about.bounds, strict=True)),
        "zooms": [level.zoom for level in about.levels], "tile_px": about.levels[-1].tile_px, "rows": about.rows,
        "bytes": about.size_bytes, "system": about.system, "operation": about.operation,
    }  # fmt: skip


def _about_lines(about: About, texts: Texts) -> list[str]:
    south, west, north, east = about.bounds
    zooms = f"{about.levels[0].zoom} – {about.levels[-1].zoom}"
    return [
        f"{texts(N_('Format'))}: {about.form}, {about.kind}, {about.levels[-1].tile_px} px",
        f"{texts(N_('Zoom levels'))}: {zooms}",
        f"{texts(N_('Covers'))}: {south:.5f} {west:.5f} … {north:.5f} {east:.5f}",
        f"{texts(N_('Source named on the map'))}: {about.credit or '-'}",
        *([f"{texts(N_('Coordinate system'))}: {_system(about.system, about.operation)}"] if about.system else []),
    ]


def _system(name: str, operation: str) -> str:
    return " · ".join(word for word in (name, operation) if word)


def _json(place: int, one: BaseMap) -> dict[str, Any]:
    return {"number": place, "key": one.key, **asdict(one)}


def _state_json(place: int, state: BaseMapState, texts: Texts) -> dict[str, Any]:
    said: dict[str, Any] = _json(place, state.base_map) | {"state": state.error.cause if state.error else "ok"}
    if state.about is not None:
        said["found"] = _about_json(state.about)
    if state.error is not None:
        said |= error_document(state.error, texts)
    return said


@map_group.command("add")
@click.argument("file", type=_FILE)
@click.option("--title", default="", help="Its name in the list (default: the file's own).")
@click.option("--credit", default="", help="What the map names as its source (default: what the file says).")
@click.option("--opacity", type=_OPACITY, default=1.0, show_default=True)
@_ROWS
@_LAYER
@click.option("--finest-zoom", "finest", type=click.IntRange(0, 24),
              help="Of a GeoTIFF: make no tiles beyond this zoom level (default: as fine as its pixels).")
@shared_options
def add(context: Context, file: Path, title: str, credit: str, opacity: float, rows: str | None, layer: str,
        finest: int | None) -> None:
    """List a file as the uppermost base map, after it was checked. The file is read where it lies, never written.

    A GeoTIFF or COG is turned into tiles in the workspace first, by the extra “geotiff”.
    """
    with context.workspace() as ws, context.progress() as progress:
        made = base_maps.add(ws, file, title=title, credit=credit, opacity=opacity, rows=rows or "", layer=layer,
                             finest=finest, progress=progress)
        _say(context, base_maps.listed(ws), made)


def _say(context: Context, every: list[BaseMap], one: BaseMap) -> None:
    place = next((at for at, other in enumerate(every, 1) if other.key == one.key), 0)
    context.document(_json(place, one), f"{place}  {one.title}  {one.file}", *_made_from(one, context.texts))


def _made_from(one: BaseMap, texts: Texts) -> list[str]:
    """The line about the GeoTIFF that a base map was made of, if it was."""
    if not one.made_from:
        return []
    return [texts(N_("Made from {file}: {system}"), file=Path(one.made_from).name,
                  system=_system(one.system, one.operation))]  # fmt: skip


@map_group.command("list")
@shared_options
def list_maps(context: Context) -> None:
    """The base maps, the lowest first, and which of them cannot be read now and why."""
    with context.workspace() as ws:
        texts, found = context.texts, base_maps.states(ws)
        rows = [
            [str(at), one.base_map.title, f"{one.base_map.opacity:.2f}",
             texts(N_("shown")) if one.base_map.shown else texts(N_("hidden")),
             one.error.why(texts) if one.error else texts(N_("can be read")), one.base_map.file]
            for at, one in enumerate(found, 1)
        ]  # fmt: skip
        heads = N_("No."), N_("Name"), N_("Opacity"), N_("On the map"), N_("State"), N_("File")
        context.document(
            {"base_maps": [_state_json(at, one, texts) for at, one in enumerate(found, 1)]},
            *table([texts(head) for head in heads], rows),
        )


@map_group.command("show")
@click.argument("file", type=_FILE)
@_ROWS
@_LAYER
@shared_options
def show(context: Context, file: Path, rows: str | None, layer: str) -> None:
    """What a file of tiles holds: format, zooms, bounds, credit. Adds nothing."""
    about = base_maps.look(file, rows=rows or "", layer=layer)
    context.document(_about_json(about), about.name or file.name, *_about_lines(about, context.texts))


@map_group.command("change")
@click.argument("number")
@click.option("--opacity", type=_OPACITY)
@click.option("--place", type=click.IntRange(1, base_maps.MOST_MAPS), help="1 is the lowest.")
@click.option("--shown/--hidden", default=None, help="Draw it or not.")
@shared_options
def change(context: Context, number: str, opacity: float | None, place: int | None, shown: bool | None) -> None:
    """Give a base map another opacity or place, or hide it."""
    with context.workspace() as ws:
        key = base_maps.find(ws, number).key
        made = base_maps.change(ws, key, opacity=opacity, shown=shown, place=place)
        _say(context, base_maps.listed(ws), made)


@map_group.command("package")
@click.argument("file", type=_FILE)
@click.option("--map", "numbers", multiple=True, help="A base map by its number; once for each (default: all).")
@click.option("--areas", type=_FILE, help="Areas of interest: polygons in GeoJSON.")
@click.option("--line", type=click.Choice(["dashed", "dotted"]), default="dashed", show_default=True,
              help="How the areas are drawn.")
@click.option("--labels/--no-labels", default=True, help="Write their names on the map.")
@shared_options
def package(context: Context, file: Path, numbers: tuple[str, ...], areas: Path | None, line: str,
            labels: bool) -> None:
    """Put base maps and areas of interest into one signed file for laptops (name it NAME.fieldmap)."""
    with context.workspace() as ws, context.progress() as progress:
        keys = [base_maps.find(ws, number).key for number in numbers]
        _say_package(context, map_package.make(ws, file, keys=keys, areas=areas, line=line, labels=labels,
                                               progress=progress))  # fmt: skip


@map_group.command("take")
@click.argument("file", type=_FILE)
@click.option("--stranger", is_flag=True, help="Take it although your headquarters did not make it.")
@shared_options
def take(context: Context, file: Path, stranger: bool) -> None:
    """Verify a map package whole and list its base maps and areas here. Its files are copied into the workspace."""
    with context.workspace() as ws, context.progress() as progress:
        _say_package(context, map_package.take(ws, file, stranger=stranger, progress=progress))


def _say_package(context: Context, one: map_package.MapPackage) -> None:
    texts = context.texts
    context.document(
        map_package.as_json(one), one.file,
        texts.plural(N_("{count} base map"), N_("{count} base maps"), len(one.maps)),
        texts.plural(N_("{count} area of interest"), N_("{count} areas of interest"), one.areas),
        texts(N_("From your headquarters")) if one.from_hq else texts(N_("Not from your headquarters")),
    )


@map_group.command("remove")
@click.argument("number")
@shared_options
def remove(context: Context, number: str) -> None:
    """Take a base map off the list. The file stays where it is."""
    with context.workspace() as ws:
        gone = base_maps.remove(ws, base_maps.find(ws, number).key)
        context.document(_json(0, gone), f"{gone.title}  {gone.file}")
