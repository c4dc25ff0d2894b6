"""``fieldapp area add|correct|measure|publish|accuracy|import``, beside the verbs every record kind has.

A captured record is typed as it is written: its landmarks with azimuth and distance, a strip or legs from corner 1, and
how its azimuths and coordinates are to be read. ``measure`` works it out without saving.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from fieldapp.cli.entering import field_options, given_fields, print_saved
from fieldapp.cli.output import Context, place_as_typed, shared_options
from fieldapp.domain.registry import KINDS
from fieldapp.domain.vocabulary import vocabulary
from fieldapp.geodesy.traverse import UNITS
from fieldapp.operations import area_import, areas, outlines, paper, paper_wording, positions, record_accuracy, records
from fieldapp.operations.paper import NORTHS, Paper, Strip, Tie, WorkedOut
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts

KIND = KINDS["hazardous_area"]
_TEXTS = ("system", "unit", "north", "on", "declination", "datum", "zone", "bearing_off", "distance_off")
"""Options of a captured record that are one text each."""
_PAPER = ("landmarks", "azimuths", "distances", "strip_azimuth", "strip_length", "strip_depth", "strip_side", "legs",
          *_TEXTS)  # fmt: skip


def paper_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options in which a captured record is typed."""
    for option in reversed((
        click.option("--landmark", "landmarks", multiple=True, help="A landmark's coordinates as written; once for "
                     "each, with its --azimuth and --distance in the same order."),
        click.option("--azimuth", "azimuths", multiple=True, help="Azimuth from the landmark to corner 1."),
        click.option("--distance", "distances", multiple=True, help='Metres to corner 1, or "800 paces".'),
        click.option("--strip-azimuth", default="", help="Azimuth of the strip from corner 1."),
        click.option("--strip-length", default="", help="Its length, m."),
        click.option("--strip-depth", default="", help="How deep it is, m."),
        click.option("--strip-side", type=click.Choice(["right", "left"]), default="right", show_default=True,
                     help="The side it lies to."),
        click.option("--leg", "legs", multiple=True, help='Instead of a strip: "AZIMUTH DISTANCE" round the field from '
                     "corner 1; once for each."),
        click.option("--system", default="auto", show_default=True, help="How its coordinates are read."),
        click.option("--unit", type=click.Choice(UNITS), default="mil6000", show_default=True, help="Of azimuths."),
        click.option("--north", type=click.Choice(NORTHS), default="grid", show_default=True, help="Of azimuths."),
        click.option("--on", default="", help="Day or year of the azimuths: magnetic ones need it."),
        click.option("--declination", default="", help="Degrees east, where the record gives it."),
        click.option("--datum", type=click.Choice(["shifted", "none"]), default="shifted", show_default=True,
                     help="none: its coordinates are taken for WGS 84."),
        click.option("--zone", default="", help="Another zone of its grid than the one written."),
        click.option("--bearing-off", default="", help="Degrees by which azimuths may be off."),
        click.option("--distance-off", default="", help="Per cent by which distances may be off."),
    )):  # fmt: skip
        command = option(command)
    return command


def paper_of(options: Mapping[str, Any]) -> Paper | None:
    """The captured record among the options; None where no landmark was given. Takes nothing else out of them."""
    if not options["landmarks"]:
        return None
    tied = zip_longest(options["landmarks"], options["azimuths"], options["distances"], fillvalue="")
    ties = tuple(Tie(text, azimuth, distance) for text, azimuth, distance in tied if text)
    strip = None
    if options["strip_azimuth"] or options["strip_length"] or options["strip_depth"]:
        strip = Strip(options["strip_azimuth"], options["strip_length"], options["strip_depth"], options["strip_side"])
    legs = tuple(_leg(text) for text in options["legs"])
    return Paper(ties, strip, legs, **{name: options[name] for name in _TEXTS}).dated(options.get("laid_on") or "")


def _leg(text: str) -> tuple[str, str]:
    bearing, _, distance = text.strip().rpartition(" ")
    if not bearing:
        raise click.BadParameter(f"{text!r} is not AZIMUTH DISTANCE")
    return bearing.strip(), distance


def _without_paper(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in _PAPER}


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed((
        click.option("--at", "position", help="Reference point as typed."),
        click.option("--point", "points", multiple=True, help="A turning point as typed; once for each, in order."),
        click.option("--line", "line", multiple=True, help="A point of a line that is no area; in order."),
        click.option("--mine", "mines", multiple=True, help='Of the record: "PMN-2 = 120"; once for each model.'),
        click.option("--as", "by", help="Name of the person who enters it."),
    )):
        command = option(command)
    return command


@click.command("add")
@_shared
@paper_options
@shared_options
def add(context: Context, position: str | None, points: tuple[str, ...], line: tuple[str, ...],
        mines: tuple[str, ...], by: str | None, **options: Any) -> None:
    """Save a hazardous area by its turning points, or a captured minefield record as it is written."""
    with context.workspace() as ws:
        typed, outline = paper_of(options), areas.one_ring(points, options["system"])
        findings = areas.look(ws, outline=outline, record=typed)
        saved = areas.add(
            ws, given_fields(ws, _without_paper(options)), outline=outline, record=typed, position=position,
            line=areas.one_ring(line, options["system"]), expected=mines or None, by=by,
        )  # fmt: skip
        for finding in findings:
            click.echo(finding.sentence(context.texts), err=True)
        _warn(context, ws, typed)
        print_saved(context, ws, saved)


@click.command("correct")
@click.argument("number")
@click.option("--why", required=True, help="The reason.")
@_shared
@paper_options
@shared_options
def correct(context: Context, number: str, why: str, position: str | None, points: tuple[str, ...],
            line: tuple[str, ...], mines: tuple[str, ...], by: str | None, **options: Any) -> None:
    """Correct an area, with a reason. The old values stay in its history."""
    with context.workspace() as ws:
        name = records.find_by(ws, number, KIND.name).name
        typed = paper_of(options)
        outline = areas.one_ring(points, options["system"])
        findings = areas.look(ws, outline=outline, record=typed, name=name)
        saved = areas.correct(
            ws, name, given_fields(ws, _without_paper(options)), why, outline=outline or None, record=typed,
            position=position, line=areas.one_ring(line, options["system"]) or None, expected=mines or None, by=by,
        )  # fmt: skip
        for finding in findings:
            click.echo(finding.sentence(context.texts), err=True)
        _warn(context, ws, typed)
        print_saved(context, ws, saved)


for _command in (add, correct):
    _command.params += field_options(KIND, click.command("fields")(lambda **_fields: None)).params  # type: ignore[attr-defined]


def _warn(context: Context, ws: Workspace, typed: Paper | None) -> None:
    """How else the record can be read goes to standard error: it is saved as it was typed."""
    if typed is not None:
        worked = paper.work_out(typed, positions.frame_of(ws))
        for sentence in [*paper_wording.remarks(worked, typed, context.texts),
                         *paper_wording.warnings(worked, context.texts)]:  # fmt: skip
            click.echo(sentence, err=True)


@click.command("measure")
@click.argument("number", required=False)
@click.option("--point", "points", multiple=True, help="A turning point as typed; once for each, in order.")
@paper_options
@shared_options
def measure(context: Context, number: str | None, points: tuple[str, ...], **options: Any) -> None:
    """What follows from an outline or a captured record, saved (by its number) or typed here. Saves nothing."""
    with context.workspace() as ws:
        frame, texts = positions.frame_of(ws), context.texts
        typed = paper_of(options)
        if typed is None and number:
            record = records.find_by(ws, number, KIND.name)
            typed = paper.from_stored(record.fields.get("legs"))
            kept = record.fields.get("outline") or []
            ring = outlines.from_stored(kept)
        else:
            ring = areas.one_ring(points, options["system"])  # type: ignore[assignment]
        if typed is not None:
            worked = paper.work_out(typed, frame)
            context.document(worked_as_json(worked, typed, texts), *_lines(worked, typed, texts))
            return
        if not ring:
            raise click.UsageError("name an area, or give --landmark or --point")
        found = outlines.measure(ring, frame)
        area_m2 = None if found.area_m2 is None else float(found.area_m2)
        said = [one.sentence(texts) for one in found.problems]
        shown = texts(N_("{value} m²"), value=texts.number(found.area_m2, 1)) if found.area_m2 is not None else "-"
        context.document(
            {"area_m2": area_m2, "perimeter_m": round(found.perimeter_m, 1), "corners": found.outline,
             "problems": said}, f"{texts(N_('Area'))}: {shown}", *said,
        )  # fmt: skip


def _lines(worked: WorkedOut, typed: Paper, texts: Texts) -> list[str]:
    return [
        *(f"{name}: {value}" for name, value in paper_wording.facts(worked, texts)),
        *paper_wording.remarks(worked, typed, texts),
        *paper_wording.warnings(worked, texts),
        texts(paper_wording.NOT_SAFE),
    ]


def worked_as_json(worked: WorkedOut, typed: Paper, texts: Texts) -> dict[str, Any]:
    """A captured record worked out, as the command line prints it."""
    def at(place: Any) -> dict[str, float] | None:
        return None if place is None else {"lat": place.lat, "lon": place.lon}

    return {
        "grid": worked.grid.crs, "operation": worked.grid.operation.code if worked.grid.operation else "",
        "landmarks": [
            {"text": mark.tie.text, **(at(mark.at) or {}), "corner_1": at(mark.corner), "off_m": mark.off_m}
            for mark in worked.landmarks
        ],
        "corners": [
            {"number": place, **(at(one) or {}), "may_be_off_m": round(off, 1)}
            for place, (one, off) in enumerate(zip(worked.corners, worked.off_m, strict=True), 1)
        ],
        "area_m2": None if worked.area_m2 is None else float(worked.area_m2),
        "perimeter_m": round(worked.perimeter_m, 1), "accuracy_m": worked.accuracy_m,
        "declination_deg": worked.declination.deg if worked.declination else None,
        "declination_model": worked.declination.model if worked.declination else "",
        "convergence_deg": worked.convergence_deg, "misclosure_m": worked.misclosure_m,
        "ends_off_m": worked.ends_off_m, "walked_m": worked.walked_m,
        "readings": [
            {"what": one.what, "value": one.value, "moved_m": round(one.moved_m, 1), "inside": one.inside,
             "corner_1": at(one.corner), "message": message}
            for one, message in zip(worked.readings, paper_wording.warnings(worked, texts), strict=True)
        ],
        "remarks": paper_wording.remarks(worked, typed, texts),
    }  # fmt: skip


@click.command("publish")
@click.argument("number")
@click.option("--why", default="", help="The reason, where a published record is brought up to date.")
@shared_options
def publish(context: Context, number: str, why: str) -> None:
    """Tell all teams of a team's area: headquarters' own record of it, which names its source."""
    with context.workspace() as ws:
        print_saved(context, ws, areas.publish(ws, records.find_by(ws, number, KIND.name).name, why))


@click.command("accuracy")
@click.argument("number", required=False)
@click.option("--near", "near_m", type=click.FloatRange(1, 50_000), default=record_accuracy.NEAR_M, show_default=True,
              help="Finds within so many metres of a record are held against it.")
@shared_options
def accuracy(context: Context, number: str | None, near_m: float) -> None:
    """How captured records agree with what was found: one of them, or all with what lies outside any recorded area.

    Ground that was not searched says nothing about a record. The printed report of all records comes later.
    """
    with context.workspace() as ws:
        texts = context.texts

        def lines(one: record_accuracy.RecordAccuracy) -> list[str]:
            verdict = ws.lists.name("record_verdict", one.verdict, texts.language)
            return paper_wording.accuracy_lines(one, verdict, texts)

        if number:
            found = record_accuracy.of_record(ws, records.find_by(ws, number, KIND.name).name, near_m)
            context.document(record_accuracy.as_json(found), *lines(found), texts(paper_wording.NOT_SAFE))
            return
        every = record_accuracy.of_all(ws, near_m)
        said = [line for one in every.records for line in lines(one)]
        context.document(record_accuracy.all_as_json(every), *paper_wording.all_lines(every, said, texts))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what the file would make.")
@click.option("--only", type=int, multiple=True, help="Number of an area; once for each. Default: all that are sound.")
@click.option("--classification", type=click.Choice(vocabulary("area_classification").codes), help="Of all of them.")
@click.option("--place", help="District: its name or code.")
@shared_options
def import_file(context: Context, file: Path, dry_run: bool, only: tuple[int, ...], **fields: Any) -> int:
    """Save the areas in a GeoJSON file or a CSV of points. Areas that are not sound are named, not mended."""
    with context.workspace() as ws:
        found = area_import.preview(file)
        fields["place"] = place_as_typed(ws, fields["place"])
        given = {name: value for name, value in fields.items() if value is not None}
        made = [] if dry_run else area_import.make(ws, found, given, only=only or None)
        context.document(
            {
                "areas": [area_import.as_json(one, context.texts) for one in found],
                "records": [records.as_json(record) for record in made],
            },
            *(_candidate_line(one, context.texts) for one in found),
            *(context.texts(N_("Saved: {number}"), number=record.fields["local_id"]) for record in made),
        )  # fmt: skip
        wanted = [one for one in found if not only or one.at in only]
        return int(not all(one.sound if only else one.ready for one in wanted))


def _candidate_line(one: area_import.Candidate, texts: Texts) -> str:
    size = texts.number(one.area_m2, 1) if one.area_m2 is not None else "-"
    return f"{one.at}  {one.title}  {size} m²  {one.reason(texts)}".rstrip()


AREA_COMMANDS: Sequence[click.Command] = (add, correct, measure, publish, accuracy, import_file)
"""Commands of a hazardous area; they take the place of the generic ones of the same name."""
