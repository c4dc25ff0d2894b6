"""``fieldapp backup|restore``."""

from __future__ import annotations

from pathlib import Path

import click

from fieldapp.cli.output import Context, shared_options
from fieldapp.operations import backup as backups
from fieldapp.operations.workspace import is_workspace
from fieldapp.texts import N_


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
def backup(context: Context, file: Path) -> None:
    """Write the whole workspace to one encrypted file and read it back."""
    with context.workspace() as ws, context.progress() as progress:
        written = backups.backup(ws, file, progress=progress)
        context.document(
            {"file": str(written.path), "size": written.size, "sha256": written.sha256},
            context.texts(N_("Written and read back: {file}"), file=written.path),
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--key", "key_file", type=click.Path(path_type=Path),
              help="Key file of the workspace, or the escrow key (default: the keys of the workspace that is open).")
@click.option("--key-file", "in_file", is_flag=True, help="Keep the database's key in a private file.")
@shared_options
def restore(context: Context, file: Path, folder: Path, key_file: Path | None, in_file: bool) -> None:
    """Make the workspace of a backup again in an empty folder. Its old logs are never continued."""
    identities = []
    if key_file is not None:
        identities = backups.keys_in(key_file)
    elif is_workspace(context.workspace_folder()):
        with context.workspace() as ws:
            identities = backups.keys_of(ws)
    with context.progress() as progress:
        restored = backups.restore(file, folder, identities, use_keyring=not in_file, progress=progress)
    with restored as ws:
        context.language = context.language or ws.language
        context.document(
            {"folder": str(ws.folder), "role": ws.role, "device": ws.device, "prefix": ws.prefix},
            context.texts(N_("Workspace ready in {folder}."), folder=folder),
        )
