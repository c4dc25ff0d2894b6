"""``fieldapp init|join|demo``."""

from __future__ import annotations

from pathlib import Path

import click

from fieldapp.cli.output import Context, shared_options
from fieldapp.operations import headquarters, joining
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--role", type=click.Choice(["field", "hq"]), default="field", show_default=True)
@click.option("--deployment", help="Name of the deployment (headquarters).")
@click.option("--escrow-to", type=click.Path(path_type=Path), help="File the escrow key is written to (headquarters).")
@click.option("--invitation", type=click.Path(path_type=Path), help="Invitation file (laptop).")
@click.option("--name", default="", help="Name of the person at this computer.")
@click.option("--key-file", is_flag=True, help="Keep the database's key in a private file, not in the keyring.")
@shared_options
def init(context: Context, folder: Path, role: str, deployment: str | None, escrow_to: Path | None,
         invitation: Path | None, name: str, key_file: bool) -> None:
    """Make a workspace: a headquarters, a laptop by invitation, or a laptop on its own."""
    language = context.language or "en"
    if role == "hq":
        if not deployment or escrow_to is None:
            raise click.UsageError("--role hq needs --deployment and --escrow-to")
        made = headquarters.set_up(folder, deployment, escrow_to, person=name, language=language,
                                   use_keyring=not key_file)
    elif invitation is not None:
        made = joining.start_invited(folder, invitation, name, language=language, use_keyring=not key_file)
    else:
        made = joining.start_alone(folder, name, language=language, use_keyring=not key_file)
    with made as ws:
        context.document(_workspace(ws), context.texts(N_("Workspace ready in {folder}."), folder=folder))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
def join(context: Context, file: Path) -> None:
    """Connect this laptop to a headquarters. Nothing recorded before changes."""
    with context.workspace() as ws:
        invitation = joining.join(ws, file)
        context.document(
            _workspace(ws),
            context.texts(N_("Joined {deployment}. The next bundle tells headquarters."),
                          deployment=invitation.deployment.name),
        )


def _workspace(ws: Workspace) -> dict[str, object]:
    deployment = ws.deployment
    return {
        "folder": str(ws.folder), "role": ws.role, "device": ws.device, "team": ws.team, "prefix": ws.prefix,
        "deployment": None if deployment is None else {"id": deployment.id, "name": deployment.name},
    }


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@shared_options
def demo(context: Context, folder: Path) -> None:
    """Make a demonstration deployment with the published week of 29 July to 4 August 2024."""
    from fieldapp.operations.demo import make_demo  # its data is read only for this command

    with context.progress() as progress:
        result = make_demo(folder, progress=progress)
    context.document(result.as_json(), *result.lines(context.texts))
