"""``fieldapp victim personal|looks|send-personal|take-personal``: victims' personal data, by commands of their own.

Personal data are never given as options: those stand in the shell's history and in the list of processes.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
import msgspec

from fieldapp.cli.output import DONE, OPERATOR, Context, shared_options, table
from fieldapp.domain.personal import PERSONAL
from fieldapp.operations import personal, records
from fieldapp.operations.errors import PersonalNotUnderstood
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_

MAX_INPUT_BYTES = 1 << 20


def personal_option() -> click.Option:
    """``--personal FILE``, for adding and correcting a victim."""
    names = ", ".join(PERSONAL.by_name)
    return click.Option(
        ["--personal"], type=click.File("rb"),
        help=f"Personal data, sealed apart: a JSON object with {names}; - reads it from standard input.",
    )


def typed_personal(file: IO[bytes] | None) -> dict[str, object] | None:
    """What the file of ``--personal`` holds. Raises PersonalNotUnderstood, without a word of what stands there."""
    if file is None:
        return None
    try:
        typed = msgspec.json.decode(file.read(MAX_INPUT_BYTES), type=dict[str, str | None])
    except (msgspec.DecodeError, UnicodeDecodeError):
        typed = {"": ""}
    if not set(typed) <= set(PERSONAL.by_name):
        raise PersonalNotUnderstood(fields=", ".join(PERSONAL.by_name)) from None
    return dict(typed)


def personal_commands() -> list[click.Command]:
    """The commands of ``victim`` that have to do with personal data."""
    return [show_personal, looks, send_personal, take_personal]


@click.command("personal")
@click.argument("number")
@click.option("--as", "by", help="Name of the person who looks.")
@shared_options
def show_personal(context: Context, number: str, by: str | None) -> None:
    """Show a victim's personal data. Who looked, and when, is noted."""
    with context.workspace() as ws:
        record = records.find_by(ws, number, "victim")
        readings = personal.look(ws, record.name, by=by)
        language, lines = ws.language, []
        for reading in readings:
            if reading.values is None:
                lines.append(context.texts(N_("Sealed for somebody else.") if reading.here else
                                           N_("Not on this computer yet.")))
            for field in PERSONAL.fields:
                value = (reading.values or {}).get(field.name)
                lines += [f"{field.names.in_language(language)}: {value}"] if value else []
        shown = [{"sha256": r.sha256, "here": r.here, "values": r.values} for r in readings]
        nothing = [context.texts(N_("No personal data were entered."))]
        context.document({"record": record.name, "personal": shown}, *(lines or nothing))


@click.command("looks")
@shared_options
def looks(context: Context) -> None:
    """Who was shown victims' personal data on this computer, and when."""
    with context.workspace() as ws:
        found = personal.looks(ws)
        heads = [context.texts(N_("Time")), context.texts(N_("Who")), context.texts(N_("Record"))]
        context.document(
            {"looks": [{"record": one.record, "at": one.at, "by": one.by} for one in found]},
            *table(heads, [[one.at, one.by, one.record] for one in found]),
        )


@click.command("send-personal")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="The stick or folder.")
@shared_options
def send_personal(context: Context, folder: Path) -> None:
    """Write victims' personal data for headquarters to a signed, encrypted file of their own. No bundle has them."""
    with context.workspace() as ws:
        sent = personal.send(ws, folder)
        context.document(
            {"files": [{"file": str(one.path), "parts": one.parts, "sha256": one.sha256} for one in sent]},
            *(context.texts(N_("Written and read back: {file}"), file=one.path) for one in sent),
        )


@click.command("take-personal")
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
def take_personal(context: Context, file: Path) -> int:
    """Take in victims' personal data from a laptop's file, or from all such files of a folder. At headquarters."""
    with context.workspace() as ws:
        if file.is_dir():
            return _take_folder(context, ws, file)
        taken = personal.take(ws, file)
        context.document(
            {"file": str(file), "sender": taken.sender, "new": taken.new, "known": taken.known,
             "waiting": taken.waiting},
            _taken_line(context, taken),
        )
    return DONE


def _taken_line(context: Context, taken: personal.Taken) -> str:
    return context.texts(
        N_("Taken from {sender}: {new} new, {known} known, {waiting} wait for their record."),
        sender=taken.sender, new=taken.new, known=taken.known, waiting=taken.waiting,
    )  # fmt: skip


def _take_folder(context: Context, ws: Workspace, folder: Path) -> int:
    """Take all files of a folder; the exit code says whether one was refused."""
    files: list[dict[str, object]] = []
    lines = []
    for one in personal.take_all(ws, folder):
        if one.taken is None:
            reason = one.error.sentence(context.texts) if one.error else ""
            files.append({"file": one.file, "status": "refused", "reason": reason})
            lines.append(f"{one.file}: {reason}")
            continue
        taken = one.taken
        files.append({"file": one.file, "status": "taken", "sender": taken.sender, "new": taken.new,
                      "known": taken.known, "waiting": taken.waiting})
        lines.append(_taken_line(context, taken))
    context.document({"files": files}, *(lines or [context.texts(N_("No file of personal data lies in this folder."))]))
    return OPERATOR if any(one["status"] == "refused" for one in files) else DONE
