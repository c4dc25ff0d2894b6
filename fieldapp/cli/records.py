"""``fieldapp find|plot|disposal|task|photo|accident|... add|correct|retract|restore|list|show|history``.

The options of ``add`` and ``correct`` derive from the declarations: a field added there has its option here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import click

from fieldapp.cli.areas import AREA_COMMANDS
from fieldapp.cli.entering import field_options, given_fields, print_saved, saved_line, typed_position
from fieldapp.cli.ground import ground_options, measure_command, plot_ground
from fieldapp.cli.measured import add_measured
from fieldapp.cli.output import Context, shared_options, table
from fieldapp.cli.outstanding import join
from fieldapp.cli.programmes import progress
from fieldapp.cli.tasks import TASK_COMMANDS
from fieldapp.cli.victims import personal_commands, personal_option, typed_personal
from fieldapp.domain.canonical import canonical
from fieldapp.domain.kinds import Field, FieldType, Kind
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.registry import KINDS
from fieldapp.ids import RecordName
from fieldapp.operations import disposals, entry, finds, lookup, photos, plots, positions, records, tasks
from fieldapp.operations.personal import state_of as personal_state
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import HistoryEvent, Record
from fieldapp.texts import N_

_SHOWN_KINDS = ("find", "plot", "disposal", "task", "photo", *entry.ENTERED)
_OWN_COMMANDS: dict[str, Sequence[click.Command]] = {
    "find": (add_measured(),), "task": TASK_COMMANDS, "hazardous_area": AREA_COMMANDS
}  # fmt: skip
"""By kind: commands beside those of every kind, and in place of those of the same name."""
_WORDS = {"hazardous_area": "area"}
_WHERE = {"here": N_("This laptop"), "stick": N_("On a stick"), "hq": N_("Safe at HQ")}


def record_groups() -> list[click.Group]:
    """One group of commands for each kind that people enter."""
    return [_group(KINDS[name]) for name in _SHOWN_KINDS]


def command_word(kind_name: str) -> str:
    """The word of a kind on the command line: ``quality-visit``; a hazardous area is ``area``."""
    return _WORDS.get(kind_name) or kind_name.replace("_", "-")


def _group(kind: Kind) -> click.Group:
    group = click.Group(command_word(kind.name), help=f"{kind.names.en} records.")
    group.add_command(_photo_add() if kind.name == "photo" else _add(kind))
    if kind.name == "find":
        group.add_command(_lot())
    if kind.name == "victim":
        for personal_command in personal_commands():
            group.add_command(personal_command)
    if kind.name == "programme":
        group.add_command(progress)
    for command in (_correct(kind), _retract(kind), _restore(kind), _list(kind), _show(kind), _history(kind)):
        group.add_command(command)
    if kind.name == "disposal":
        group.add_command(join)
    if kind.name == "plot":
        group.add_command(measure_command())
    for command in _OWN_COMMANDS.get(kind.name, ()):
        group.add_command(command)
    return group


def _model_as_typed(ws: Workspace, given: dict[str, object], what: str | None) -> str | None:
    """``--model`` takes a model as people write it, as well as its code."""
    written = given.get("model")
    if what is None and isinstance(written, str) and written not in ws.lists.models:
        del given["model"]
        return written
    return what


_SYSTEM = "The system it is typed in: dd, dm, dms, utm, mgrs, sk42, sk42-gk, sk42-gk3, ck63, or one of your own."


def _model_of(kind: Kind, what: str | None) -> str | None:
    """What was typed as the item. Raises UsageError for kinds that name none."""
    if what is not None and "model" not in kind.by_name:
        raise click.UsageError(f"{what!r} was not expected")
    return what


def _item(ws: Workspace, kind: Kind, what: str | None) -> dict[str, object]:
    """The fields of an item as typed, for kinds that name one."""
    if _model_of(kind, what) is None or what is None:
        return {}
    return {name: value for name, value in finds.model_fields(what, ws.lists).items() if name in kind.by_name}


def _add(kind: Kind) -> click.Command:
    @click.command("add", help=f"Save a new {kind.names.en.lower()}.")
    @shared_options
    def add(context: Context, what: str | None, position: str | None, system: str, points: tuple[str, ...],
            of: str | None, team: str | None, by: str | None, personal: IO[bytes] | None = None, **fields: Any) -> None:
        with context.workspace() as ws:
            ground = plot_ground(context, ws, fields, system, points) if kind.name == "plot" else None
            given = given_fields(ws, fields)
            typed_position(context, ws, given, position, system)
            what = _model_as_typed(ws, given, what)
            if kind.name == "find":
                record = finds.add_find(ws, given, model_text=what, position=position, system=system, by=by)
            elif kind.name == "plot":
                record = plots.add_plot(ws, given | _item(ws, kind, what), ground or plots.Ground([]), by=by)
            elif kind.name == "task":
                outline = tasks.outline_of(points, positions.frame_of(ws))
                record = tasks.create(ws, given, outline=outline, position=position, system=system, team=team, by=by)
            elif kind.name == "disposal":
                given |= _item(ws, kind, what)
                record = disposals.add_disposal(ws, given, of=of, position=position, system=system, by=by)
            elif kind.name in entry.ENTERED:
                record = entry.add(ws, kind.name, given, position=position, system=system, points=points,
                                   model_text=_model_of(kind, what), personal=typed_personal(personal),
                                   owner=team, by=by)
            else:
                record = records.add(ws, kind.name, given | _item(ws, kind, what), owner=team, by=by)
            print_saved(context, ws, record)

    add = field_options(kind, add)  # type: ignore[assignment]  # click decorates commands and functions alike
    command = _entry_options(kind, add)
    command.params += [
        click.Option(["--of", "of"], help="The find: its number, its name, or the tag as written.",
                     hidden=kind.name != "disposal"),
        click.Option(["--team", "team"], help="The team it is for.", hidden=kind.name != "task" and not kind.private),
    ]
    return command


def _entry_options(kind: Kind, command: Any) -> click.Command:
    hidden = {"position": "lat" not in kind.by_name, "points": not {"outline", "area"} & kind.by_name.keys()}
    for option in (
        click.Option(["--at", "position"], help='Position as typed, e.g. "39.9899 46.8988".',
                     hidden=hidden["position"]),
        click.Option(["--system"], default=positions.AUTO, show_default=True, help=_SYSTEM,
                     hidden=hidden["position"] and kind.name != "plot"),
        click.Option(["--point", "points"], multiple=True, hidden=hidden["points"],
                     help="A turning point as typed; once for each, in order."),
        click.Option(["--as", "by"], help="Name of the person who enters it."),
    ):
        command.params.append(option)
    if kind.name == "victim":
        command.params.append(personal_option())
    if kind.name == "plot":
        command.params += ground_options()
    command.params.insert(0, click.Argument(["what"], required=False))
    return command  # type: ignore[no-any-return]  # the command that was given


def _lot() -> click.Command:
    @click.command("add-lot", help="Save several models found at one place: one position, one find for each line.")
    @click.option("--at", "position", help="Position as typed, once for the whole lot.")
    @click.option("--system", default=positions.AUTO, show_default=True, help=_SYSTEM)
    @click.option("--line", "lines", multiple=True, required=True,
                  help='MODEL=QUANTITY with an optional unit: "OG-7=180", "bulk_explosive=12.5kg".')
    @click.option("--found-on", "found_on", help="Date found.")
    @click.option("--place", "place", help="District: its name or code.")
    @shared_options
    def lot(context: Context, position: str | None, system: str, lines: tuple[str, ...], **shared: Any) -> None:
        with context.workspace() as ws:
            typed_position(context, ws, {}, position, system)
            together = finds.FoundTogether(given_fields(ws, shared), [_lot_line(line, ws.lists) for line in lines])
            saved = finds.add_lot(ws, together, position=position, system=system)
            context.document(
                {"records": [records.as_json(record) for record in saved]},
                *(saved_line(context.texts, record) for record in saved),
            )

    return lot


def _lot_line(line: str, lists: Lists) -> dict[str, object]:
    what, separator, amount = line.rpartition("=")
    if not separator or not what.strip():
        raise click.BadParameter(f"{line!r} is not MODEL=QUANTITY")
    number = amount.strip().rstrip("kgm ")
    unit = amount.strip()[len(number):].strip() or "piece"
    known = what.strip() in lists.vocabulary("category")
    return {"category" if known else "model_text": what.strip(), "quantity": number, "unit": unit}


def _photo_add() -> click.Command:
    @click.command("add", help="Keep a photo of a record or lot.")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--of", "of", help="Number or name of the record it shows.")
    @click.option("--lot", help="Lot it shows.")
    @click.option("--caption", default="")
    @shared_options
    def add(context: Context, file: Path, of: str | None, lot: str | None, caption: str) -> None:
        with context.workspace() as ws:
            shows = records.find_by(ws, of).name if of else None
            print_saved(context, ws, photos.add_photo(ws, file, shows=shows, lot=lot, caption=caption))

    return add


def _correct(kind: Kind) -> click.Command:
    @click.command("correct", help="Correct a saved record, with a reason. The old values stay in its history.")
    @shared_options
    def correct(context: Context, number: str, why: str, what: str | None, position: str | None, system: str,
                points: tuple[str, ...], by: str | None, personal: IO[bytes] | None = None, **fields: Any) -> None:
        with context.workspace() as ws:
            name = records.find_by(ws, number, kind.name).name
            ground = plot_ground(context, ws, fields, system, points) if kind.name == "plot" else None
            given = given_fields(ws, fields)
            typed_position(context, ws, given, position, system)
            what = _model_as_typed(ws, given, what)
            if kind.name == "find":
                record = finds.correct_find(ws, name, given, why, model_text=what, position=position, system=system,
                                            by=by)
            elif kind.name == "plot":
                record = plots.correct_plot(ws, name, given | _item(ws, kind, what), why, points=ground, by=by)
            elif kind.name == "task":
                outline = tasks.outline_of(points, positions.frame_of(ws))
                record = tasks.correct(ws, name, given, why, outline=outline, position=position, system=system, by=by)
            elif kind.name in entry.ENTERED:
                record = entry.correct(ws, name, given, why, position=position, system=system, points=points,
                                       model_text=_model_of(kind, what), personal=typed_personal(personal), by=by)
            else:
                if position and kind.name == "disposal":
                    given |= positions.typed_fields(position, positions.frame_of(ws), system)
                given |= _item(ws, kind, what)
                record = records.correct(ws, name, given, why, by=by)
            print_saved(context, ws, record)

    command = _entry_options(kind, field_options(kind, correct))
    command.params[0] = click.Argument(["number"])
    command.params.append(click.Option(["--model-typed", "what"], help="The model as typed.",
                                       hidden="model" not in kind.by_name))
    command.params.append(click.Option(["--why"], required=True, help="The reason."))
    return command


def _simple(kind: Kind, name: str, text: str, verb: Callable[..., Record]) -> click.Command:
    @click.command(name, help=text)
    @click.argument("number")
    @click.option("--why", required=True, help="The reason.")
    @shared_options
    def command(context: Context, number: str, why: str) -> None:
        with context.workspace() as ws:
            print_saved(context, ws, verb(ws, records.find_by(ws, number, kind.name).name, why))

    return command


def _retract(kind: Kind) -> click.Command:
    return _simple(kind, "retract", "Say that the record should not be there, with a reason.", records.retract)


def _restore(kind: Kind) -> click.Command:
    return _simple(kind, "restore", "Take a retraction back, with a reason.", records.restore)


def _list(kind: Kind) -> click.Command:
    @click.command("list", help="The records, newest first.")
    @click.option("--from", "since", help="First day.")
    @click.option("--to", "until", help="Last day.")
    @click.option("--team", "owner", help="Only this team's.")
    @click.option("--text", help="Only with this text.")
    @click.option("--no-position", is_flag=True, help="Only without a position.")
    @click.option("--limit", type=int)
    @shared_options
    def command(context: Context, no_position: bool, **filters: Any) -> None:
        with context.workspace() as ws:
            if no_position:
                rows = records.without_position(ws, kind.name, **filters)
            else:
                rows = records.list_records(ws, kind.name, **filters)
            shown = [records.row_as_json(row) for row in rows]
            where = records.whereabouts(ws, [row.name for row in rows])
            for one in shown:
                one["where"] = where.get(one["record"], "here")
            language = context.texts.language
            heads = [field.names.in_language(language) for field in kind.list_columns()]
            numbered = _numbered(ws, kind, shown)
            cells = [[_cell(field, one, ws.lists, language) for field in kind.list_columns()] +
                     [context.texts(_WHERE[one["where"]])] for one in numbered]
            context.document({"records": shown}, *table([*heads, context.texts(N_("Where it is"))], cells))

    return command


def _numbered(ws: Workspace, kind: Kind, shown: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The records with the numbers of those they name, as far as these are here."""
    fields = [field.name for field in kind.fields if field.type is FieldType.RECORD]
    named = {str(one[name]) for one in shown for name in fields if one.get(name)}
    rows = lookup.rows_of(ws, {name for name in named if name.partition("/")[0] in KINDS})
    numbers = {name: row["local_id"] for name, row in rows.items() if "local_id" in KINDS[row.kind].by_name}
    return [{**one, **{name: numbers.get(str(one.get(name))) or one.get(name) for name in fields}} for one in shown]


def _cell(field: Field, one: Mapping[str, Any], lists: Lists, language: str) -> str:
    value = one.get(field.name)
    if field.name == "model":
        return lists.item_name(value, one.get("model_text"), language)
    if value is None:
        return ""
    if field.vocabulary is not None:
        return lists.name(field.vocabulary, value, language)
    return f"{value:g}" if isinstance(value, float) and field.type is FieldType.AMOUNT else str(value)


def _show(kind: Kind) -> click.Command:
    @click.command("show", help="One record with all its fields.")
    @click.argument("number")
    @shared_options
    def command(context: Context, number: str) -> None:
        with context.workspace() as ws:
            record = records.find_by(ws, number, kind.name)
            shown = records.as_json(record) | {"where": records.whereabouts(ws, [record.name]).get(record.name)}
            language = context.texts.language
            (numbered,) = _numbered(ws, kind, [shown])
            lines = [f"{f.names.in_language(language)}: {_cell(f, numbered, ws.lists, language)}"
                     for f in kind.fields if shown.get(f.name) is not None]
            if kind.name == "victim":
                shown["personal"] = personal_state(ws, record)
            context.document(shown, record.name, *lines)

    return command


def _history(kind: Kind) -> click.Command:
    @click.command("history", help="What changed, who, when, why; oldest first.")
    @click.argument("number")
    @shared_options
    def command(context: Context, number: str) -> None:
        with context.workspace() as ws:
            name: RecordName = records.find_by(ws, number, kind.name).name
            entries = records.history(ws, name)
            context.document(
                {"record": name, "history": [records.history_as_json(entry) for entry in entries]},
                *(_history_line(entry) for entry in entries),
            )

    return command


def _history_line(entry: HistoryEvent) -> str:
    changes = "; ".join(
        f"{group}: {' | '.join(map(_short, change.before)) or '-'} -> {_short(change.after)}"
        for group, change in entry.changes.items()
    )
    return f"{entry.at}  {entry.by}  {changes}" + (f"  ({entry.why})" if entry.why else "")


def _short(value: Any) -> str:
    return canonical(value).decode()
