"""``fieldapp bundle export|inspect|import|desk|unanswered|refused|retry|status``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from fieldapp.cli.output import OPERATOR, Context, shared_options, table, wait_option
from fieldapp.operations import (
    answers,
    checks_of_records,
    control_totals,
    imports,
    list_news,
    missed,
    post_desk,
    today,
)
from fieldapp.operations import export as exports
from fieldapp.operations.export import Exported, photo_share
from fieldapp.operations.imports import Outcome
from fieldapp.operations.post_desk import Served
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts


@click.group()
def bundle() -> None:
    """Bundles: what a stick carries between laptops and headquarters."""


@bundle.command("export")
@click.option("--for", "audience", type=click.Choice(["hq", "team", "seats"]), default=None,
              help="For headquarters (default on a laptop and at a further seat), a team (default at headquarters), or "
                   "the further seats of headquarters.")
@click.option("--team", help="The team, at headquarters; a laptop writes for its own.")
@click.option("--thin", is_flag=True, help="Without photos (a laptop's team bundle has none anyway).")
@click.option("--photos", "with_photos", is_flag=True, help="With photos, in a laptop's team bundle.")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Folder or stick.")
@shared_options
def export_bundle(
    context: Context, audience: str | None, team: str | None, thin: bool, with_photos: bool, folder: Path
) -> None:
    """Write a bundle, read it back from the stick, and say when it is safe to unplug."""
    with context.workspace() as ws, context.progress() as progress:
        usual = "team" if ws.role == "hq" and not ws.is_seat else "hq"
        if (audience or usual) == "seats":
            written = exports.export_for_seats(ws, folder, thin=thin, progress=progress)
        elif (audience or usual) == "team":
            if ws.role == "hq" and not team:
                raise click.UsageError("--team is needed")
            written = exports.export_for_team(
                ws, team or ws.team, folder, with_photos=with_photos and not thin, progress=progress
            )
        else:
            written = exports.export_for_hq(ws, folder, thin=thin, progress=progress)
        texts = context.texts
        context.document(
            _written(written),
            *(texts(N_("Written and read back: {file}"), file=one.path) for one in (written, *written.parts)),
            *share_lines(written, texts),
            texts(N_("Safe to unplug.")),
        )


def share_lines(written: Exported, texts: Texts) -> list[str]:
    """How much of the photos is on the stick, where it is not all of them."""
    if written.photos_written >= written.photos_wanted:
        return []
    return [photo_share(written, texts), texts(N_("Export to another stick: it goes on with the photos that follow."))]


def _written(written: Exported) -> dict[str, object]:
    return {
        "file": str(written.path), "number": written.number, "id": written.bundle_id, "size": written.size,
        "sha256": written.sha256, "audience": written.audience, "events": written.events,
        "photos": written.photos, "totals": written.totals, "photos_wanted": written.photos_wanted,
        "photos_percent": written.photos_percent,
        "parts": [
            {"file": str(one.path), "number": one.number, "id": one.bundle_id, "size": one.size, "sha256": one.sha256,
             "photos": one.photos}
            for one in written.parts
        ],
    }


@bundle.command("inspect")
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
def inspect_bundle(context: Context, file: Path) -> None:
    """Verify a bundle and show what it says. Nothing is imported."""
    with context.workspace() as ws:
        seen = imports.inspect(ws, file)
        manifest = seen.manifest
        lines = [
            f"{manifest.sender.name} ({manifest.sender.device}), {manifest.bundle.number}, {manifest.created}",
            *table([context.texts(head) for head in (N_("Log"), N_("First number"), N_("Last number"))],
                   [[s["stream"], str(s["from"]), str(s["to"])] for s in seen.segments]),
        ]
        context.document(
            {"file": seen.file, "manifest": msgspec.to_builtins(manifest), "segments": seen.segments,
             "photos": seen.photos},
            *lines,
        )


@bundle.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@wait_option
@shared_options
def import_bundles(context: Context, files: tuple[Path, ...], dry_run: bool, wait_seconds: float) -> int:
    """Import bundles, or all bundles in a folder. One bad bundle never stops the rest."""
    with context.workspace(wait_seconds) as ws, context.progress() as progress:
        missed.bring_up_to_date(ws)  # so that the import names what is new among them
        if ws.role == "field":
            outcomes = answers.for_us(ws, files, dry_run=dry_run, progress=progress)
        elif dry_run:
            outcomes = imports.import_files(ws, post_desk.arrived_in(ws, files), dry_run=True, progress=progress)
        else:
            outcomes = list(post_desk.take_in(ws, post_desk.arrived_in(ws, files), progress=progress))
        context.document(
            {"dry_run": dry_run, "bundles": [outcome.as_json() for outcome in outcomes]},
            *([] if outcomes else [context.texts(N_("No bundle for this workspace lies there."))]),
            *(line for outcome in outcomes for line in preview_lines(outcome, context.texts)),
            *changed_lines(outcomes, context.texts),
            *list_news.sentences(list_news.together(outcome.lists for outcome in outcomes), context.texts),
            *headquarters_line(ws, context.texts),
        )
        return OPERATOR if any(outcome.status == "refused" for outcome in outcomes) else 0


def changed_lines(outcomes: Sequence[Outcome], texts: Texts) -> list[str]:
    """On a laptop: how many records headquarters changed, and how to see what (M6)."""
    changed = {name for outcome in outcomes for name in outcome.hq_changed}
    if not changed:
        return []
    return [texts.plural(
        N_("HQ changed {count} record; fieldapp hq-changes list shows what."),
        N_("HQ changed {count} records; fieldapp hq-changes list shows what."), len(changed),
    )]


def headquarters_line(ws: Workspace, texts: Texts) -> list[str]:
    """On a laptop: how old the newest information of headquarters is that came here."""
    at = list_news.headquarters_at(ws)
    return [texts(N_("Newest file of headquarters here: {moment}."), moment=at)] if at else []


def preview_lines(outcome: Outcome, texts: Texts) -> list[str]:
    """One file as a sentence; below it what is new by kind and, where they were compared, the control totals."""
    kinds = control_totals.by_kind(outcome.kinds, texts)
    totals = control_totals.compared(outcome.totals, outcome.totals_here, texts)
    fewer = control_totals.fewer_here(outcome.totals, outcome.totals_here)
    photos = texts.plural(N_("{count} new photo"), N_("{count} new photos"), outcome.photos_new)
    below = [
        *([kinds] if kinds else []), *([photos] if outcome.photos_new else []), *totals,
        *([texts(control_totals.FEWER)] if fewer else []),
    ]
    return [outcome_line(outcome, texts), *(f"  {line}" for line in (*below, *warning_lines(outcome, texts)))]


def warning_lines(outcome: Outcome, texts: Texts) -> list[str]:
    """What nobody may overlook in a bundle that was taken in: a log of two machines, parts refused, alarms."""
    forked = texts(N_("Two machines write one log. Both are kept; fieldapp hq forks shows them."))
    aside = texts(N_("Entries are kept aside; fieldapp hq quarantine says why."))
    found = checks_of_records.to_look_at(outcome.findings)
    look = texts(
        N_("To look at in what is new: {count}; fieldapp check --records says what."), count=texts.number(found)
    )
    return [
        *([forked] if outcome.forked else []), *([aside] if outcome.quarantined else []), *([look] if found else []),
        *outcome.refused_segments, *outcome.alarms,
    ]


def outcome_line(outcome: Outcome, texts: Texts) -> str:
    """One imported or refused file as a sentence."""
    if outcome.status == "refused":
        reason = outcome.error.sentence(texts) if outcome.error is not None else outcome.reason or ""
        return texts(N_("{file}: refused. {reason}"), file=outcome.file, reason=reason)
    return texts(
        N_("{file}: {new} new, {known} known, {differ} differ, {quarantined} kept aside, {pending} waiting."),
        file=outcome.file, new=texts.number(outcome.new), known=texts.number(outcome.known),
        differ=texts.number(outcome.differ), quarantined=texts.number(outcome.quarantined),
        pending=texts.number(outcome.pending),
    )


@bundle.command("desk")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@wait_option
@shared_options
def desk(context: Context, folder: Path, wait_seconds: float) -> int:
    """Import every bundle on a stick and write its teams' return bundles back to the same stick."""
    with context.workspace(wait_seconds) as ws, context.progress() as progress:
        served = post_desk.serve(ws, folder, progress=progress)
        context.document(
            {
                "bundles": [outcome.as_json() for outcome in served.outcomes],
                "answers": [{"team": team} | _written(written) for team, written in served.answers],
                "not_written": [vars(one) for one in served.not_written],
                "safe_to_unplug": served.safe_to_unplug,
            },
            *desk_lines(served, context.texts),
        )
        return OPERATOR if served.refused or served.not_written else 0


def desk_lines(served: Served, texts: Texts) -> list[str]:
    """What the post desk did with a stick, as sentences."""
    lines = [line for outcome in served.outcomes for line in preview_lines(outcome, texts)]
    if not lines:
        lines.append(texts(N_("There is no bundle on this stick.")))
    lines += [
        texts(N_("Return bundle for team {team}, written and read back: {file}"), team=team, file=written.path)
        for team, written in served.answers
    ]
    lines += [
        texts(N_("No return bundle for team {team}. {reason}"), team=one.team, reason=one.reason)
        for one in served.not_written
    ]
    return [*lines, texts(N_("Safe to unplug."))] if served.safe_to_unplug else lines


@bundle.command("unanswered")
@shared_options
def unanswered(context: Context) -> None:
    """Laptops whose sticks were imported and whose team got no return bundle since."""
    with context.workspace() as ws:
        found, texts = post_desk.unanswered(ws), context.texts
        heads = [texts(N_("Laptop")), texts(N_("Team")), texts(N_("Bundles")), texts(N_("Since"))]
        context.document(
            {"unanswered": [vars(one) | {"teams": list(one.teams)} for one in found]},
            *table(heads, [[one.name, ", ".join(one.teams), str(one.bundles), one.since] for one in found]),
        )


@bundle.command("refused")
@shared_options
def refused(context: Context) -> None:
    """Files that were refused and have not come in since, with the reason."""
    with context.workspace() as ws:
        found = post_desk.refused(ws)
        context.document(
            {"refused": [
                {"file": one.file, "sha256": one.sha256, "at": one.at, "code": one.code, "reason": one.reason}
                for one in found
            ]},
            *(f"{one.at}  {one.file}: {one.reason}" for one in found),
        )


@bundle.command("retry")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@wait_option
@shared_options
def retry(context: Context, folder: Path, wait_seconds: float) -> int:
    """Import again the files on a stick that were refused before, now that the reason may be gone."""
    with context.workspace(wait_seconds) as ws, context.progress() as progress:
        outcomes = post_desk.retry(ws, folder, progress=progress)
        context.document(
            {"bundles": [outcome.as_json() for outcome in outcomes]},
            *(line for outcome in outcomes for line in preview_lines(outcome, context.texts)),
            *list_news.sentences(list_news.together(outcome.lists for outcome in outcomes), context.texts),
            *headquarters_line(ws, context.texts),
        )
        return OPERATOR if any(outcome.status == "refused" for outcome in outcomes) else 0


@bundle.command("status")
@shared_options
def status(context: Context) -> None:
    """Where this laptop's records are: here only, on a stick, safe at HQ."""
    with context.workspace() as ws:
        where, texts = today.places(ws), context.texts
        context.document(
            {"here": where.here, "stick": where.stick, "hq": where.hq, "last_receipt": where.receipt_at or None,
             "last_export": where.exported_at or None},
            texts(N_("This laptop: {count}"), count=where.here),
            texts(N_("On a stick: {count}"), count=where.stick),
            texts(N_("Safe at HQ: {count}"), count=where.hq),
        )
