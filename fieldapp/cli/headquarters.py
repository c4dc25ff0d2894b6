"""``fieldapp hq invite|devices|gaps|quarantine|revoke``."""

from __future__ import annotations

from pathlib import Path

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.operations import headquarters, inbox, laptops
from fieldapp.texts import N_


@click.group()
def hq() -> None:
    """Headquarters: teams, laptops, gaps."""


@hq.command("invite")
@click.option("--team", required=True, help="The team's code: lower-case letters and digits.")
@click.option("--team-name", default="", help="The team's name.")
@click.option("--name", "device_name", default="", help="The laptop's name, e.g. \"laptop 2\".")
@click.option("--organisation", help="Code of the team's organisation.")
@click.option("--prefix", help="First letters of the laptop's record numbers.")
@click.option("--days", type=click.IntRange(1, 3650), default=headquarters.INVITATION_DAYS, show_default=True,
              help="Days it can be used.")
@click.option("--to", "to", required=True, type=click.Path(path_type=Path), help="The .fieldinvite file to write.")
@shared_options
def invite(context: Context, team: str, to: Path, **options: str | int | None) -> None:
    """Write an invitation file for one laptop of a team."""
    with context.workspace() as ws:
        target = to if to.suffix == ".fieldinvite" else to / f"{team}.fieldinvite"
        invitation = headquarters.invite(ws, team, target, **options)  # type: ignore[arg-type]  # click gives the types
        context.document(
            {"file": str(target), "team": team, "until": invitation.until, "prefix": invitation.prefix},
            context.texts(N_("Invitation for {team}, to be used until {until}: {file}"), team=team,
                          until=invitation.until, file=target),
        )


@hq.command("devices")
@shared_options
def devices(context: Context) -> None:
    """Enrolled laptops and seats: last bundle, version, what came of their logs and what is missing."""
    with context.workspace() as ws:
        found, texts = laptops.laptops(ws), context.texts
        heads = [texts(N_("Device")), texts(N_("Laptop")), texts(N_("Team")), texts(N_("Last bundle")),
                 texts(N_("Version")), texts(N_("Missing entries"))]
        context.document(
            {"devices": [laptops.as_json(one) for one in found]},
            *table(heads, [
                [one.device, one.name, ", ".join(one.teams) or one.role, one.last_at, one.app,
                 "; ".join(f"{gap.first}-{gap.last}" for gap in one.gaps)]
                for one in found
            ]),
            *(laptops.silence(one, texts) for one in found if one.silent),
        )


@hq.command("gaps")
@shared_options
def gaps(context: Context) -> None:
    """Records that are known to exist and have not come."""
    with context.workspace() as ws:
        found, forks = inbox.gaps(ws), inbox.forks(ws)
        context.document(
            {"gaps": found, "forks": forks},
            *table(["stream", "from", "to"], [[str(g["stream"]), str(g["from"]), str(g["to"])] for g in found]),
        )


@hq.command("quarantine")
@shared_options
def quarantine(context: Context) -> None:
    """Events that are kept and passed on but do not count, with their reasons."""
    with context.workspace() as ws:
        found = inbox.quarantined(ws)
        context.document(
            {"quarantined": found},
            *table(["record", "reason"], [[str(q["record"]), str(q["reason"])] for q in found]),
        )


@hq.command("revoke")
@click.argument("device")
@click.option("--why", required=True, help="The reason.")
@shared_options
def revoke(context: Context, device: str, why: str) -> None:
    """Cut a laptop off: what came until now goes on counting, later events are kept aside."""
    with context.workspace() as ws:
        headquarters.revoke(ws, device, why)
        context.document({"device": device, "revoked": True}, context.texts(N_("{device} is cut off."), device=device))
