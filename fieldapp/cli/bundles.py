"""``fieldapp bundle export|inspect|import|status``."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from fieldapp.cli.output import OPERATOR, Context, shared_options, table
from fieldapp.operations import export as exports
from fieldapp.operations import imports, today
from fieldapp.operations.imports import Outcome
from fieldapp.texts import N_, Texts


@click.group()
def bundle() -> None:
    """Bundles: what a stick carries between laptops and headquarters."""


@bundle.command("export")
@click.option("--for", "audience", type=click.Choice(["hq", "team"]), default=None,
              help="For headquarters (default on a laptop) or a team (default at headquarters).")
@click.option("--team", help="The team, at headquarters.")
@click.option("--thin", is_flag=True, help="Without photos.")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Folder or stick.")
@shared_options
def export_bundle(context: Context, audience: str | None, team: str | None, thin: bool, folder: Path) -> None:
    """Write a bundle, read it back from the stick, and say when it is safe to unplug."""
    with context.workspace() as ws, context.progress() as progress:
        if (audience or ("team" if ws.role == "hq" else "hq")) == "team":
            if not team:
                raise click.UsageError("--team is needed")
            written = exports.export_for_team(ws, team, folder, progress=progress)
        else:
            written = exports.export_for_hq(ws, folder, thin=thin, progress=progress)
        texts = context.texts
        context.document(
            {
                "file": str(written.path), "number": written.number, "id": written.bundle_id, "size": written.size,
                "sha256": written.sha256, "audience": written.audience, "events": written.events,
                "photos": written.photos, "totals": written.totals,
            },
            texts(N_("Written and read back: {file}"), file=written.path),
            texts(N_("Safe to unplug.")),
        )


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
            *table(["stream", "from", "to"], [[s["stream"], str(s["from"]), str(s["to"])] for s in seen.segments]),
        ]
        context.document(
            {"file": seen.file, "manifest": msgspec.to_builtins(manifest), "segments": seen.segments,
             "photos": seen.photos},
            *lines,
        )


@bundle.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@shared_options
def import_bundles(context: Context, files: tuple[Path, ...], dry_run: bool) -> int:
    """Import bundles, or all bundles in a folder. One bad bundle never stops the rest."""
    with context.workspace() as ws, context.progress() as progress:
        outcomes = imports.import_files(ws, imports.bundles_in(files), dry_run=dry_run, progress=progress)
        context.document(
            {"dry_run": dry_run, "bundles": [outcome.as_json() for outcome in outcomes]},
            *(outcome_line(outcome, context.texts) for outcome in outcomes),
        )
        return OPERATOR if any(outcome.status == "refused" for outcome in outcomes) else 0


def outcome_line(outcome: Outcome, texts: Texts) -> str:
    """One imported or refused file as a sentence."""
    if outcome.status == "refused":
        return texts(N_("{file}: refused. {reason}"), file=outcome.file, reason=outcome.reason or "")
    return texts(
        N_("{file}: {new} new, {known} known, {differ} differ, {quarantined} kept aside, {pending} waiting."),
        file=outcome.file, new=texts.number(outcome.new), known=texts.number(outcome.known),
        differ=texts.number(outcome.differ), quarantined=texts.number(outcome.quarantined),
        pending=texts.number(outcome.pending),
    )


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
