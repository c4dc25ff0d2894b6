"""``fieldapp hq invite|devices|accept|refuse|gaps|quarantine|revoke``."""

from __future__ import annotations

from pathlib import Path

import click

from fieldapp.cli.bundles import preview_lines
from fieldapp.cli.output import OPERATOR, Context, shared_options, table
from fieldapp.operations import admission, headquarters, inbox, laptops, senders
from fieldapp.texts import N_


@click.group()
def hq() -> None:
    """Headquarters: teams, laptops, gaps."""


@hq.command("invite")
@click.option("--team", help="The team's code: lower-case letters and digits.")
@click.option("--seat", is_flag=True, help="For a further seat of this headquarters instead of a team's laptop.")
@click.option("--team-name", default="", help="The team's name.")
@click.option("--name", "device_name", default="", help="The computer's name, e.g. \"laptop 2\".")
@click.option("--organisation", help="Code of the team's organisation.")
@click.option("--prefix", help="First letters of the computer's record numbers.")
@click.option("--days", type=click.IntRange(1, 3650), default=headquarters.INVITATION_DAYS, show_default=True,
              help="Days it can be used.")
@click.option("--to", "to", required=True, type=click.Path(path_type=Path), help="The .fieldinvite file to write.")
@shared_options
def invite(
    context: Context, team: str | None, seat: bool, team_name: str, device_name: str, organisation: str | None,
    prefix: str | None, days: int, to: Path,
) -> None:
    """Write an invitation file for one laptop of a team, or for a further seat of this headquarters."""
    if seat == bool(team):
        raise click.UsageError("either --team or --seat is needed")
    with context.workspace() as ws:
        target = to if to.suffix == ".fieldinvite" else to / f"{team or headquarters.SEAT}.fieldinvite"
        if team:
            invitation = headquarters.invite(
                ws, team, target, team_name=team_name, device_name=device_name, organisation=organisation,
                prefix=prefix, days=days,
            )
        else:
            invitation = headquarters.invite_seat(
                ws, target, device_name=device_name or headquarters.SEAT, prefix=prefix, days=days
            )
        context.document(
            {"file": str(target), "team": team, "seat": seat, "until": invitation.until,
             "prefix": invitation.prefix},
            context.texts(N_("Invitation for {team}, to be used until {until}: {file}"),
                          team=team or invitation.device_name, until=invitation.until, file=target),
        )


@hq.command("devices")
@shared_options
def devices(context: Context) -> None:
    """Laptops and seats: last bundle, version, what came of their logs and what is missing; those that wait."""
    with context.workspace() as ws:
        found, waiting, texts = laptops.laptops(ws), senders.newcomers(ws), context.texts
        heads = [texts(N_("Device")), texts(N_("Laptop")), texts(N_("Team")), texts(N_("Last bundle")),
                 texts(N_("Version")), texts(N_("Missing entries"))]
        context.document(
            {"devices": [*map(laptops.as_json, found), *map(senders.as_json, waiting)]},
            *table(heads, [
                [one.device, one.name, ", ".join(one.teams) or one.role, one.last_at, one.app,
                 "; ".join(f"{gap.first}-{gap.last}" for gap in one.gaps)]
                for one in found
            ]),
            *(laptops.silence(one, texts) for one in found if one.silent),
            *(senders.sentence(one, texts) for one in waiting),
        )


@hq.command("gaps")
@shared_options
def gaps(context: Context) -> None:
    """Records that are known to exist and have not come, with the dates between which they were written."""
    with context.workspace() as ws:
        texts = context.texts
        dated = {
            (log.stream, gap.first): {"laptop": one.name, "after": gap.after or None, "before": gap.before or None}
            for one in laptops.laptops(ws) for log in one.logs for gap in log.gaps
        }
        found = [gap | dated.get((gap["stream"], gap["from"]), {}) for gap in inbox.gaps(ws)]
        heads = [
            N_("Laptop"), N_("Log"), N_("First number"), N_("Last number"), N_("Written after"), N_("Written before"),
        ]
        names = ("laptop", "stream", "from", "to", "after", "before")
        context.document(
            {"gaps": found, "forks": inbox.forks(ws)},
            *table([texts(head) for head in heads], [[str(gap.get(name) or "") for name in names] for gap in found]),
        )


@hq.command("quarantine")
@shared_options
def quarantine(context: Context) -> None:
    """Events that are kept and passed on but do not count, with their reasons."""
    with context.workspace() as ws:
        found = inbox.quarantined(ws)
        context.document(
            {"quarantined": found},
            *table([context.texts(N_("Record")), context.texts(N_("Reason"))],
                   [[str(q["record"]), context.texts(str(q["reason"]))] for q in found]),
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


@hq.command("accept")
@click.argument("device")
@click.option("--team", required=True, help="The team it writes for.")
@click.option("--why", required=True, help="The reason.")
@shared_options
def accept(context: Context, device: str, team: str, why: str) -> int:
    """Enrol a computer that sent records and is not enrolled: what was kept aside of it counts from now on."""
    with context.workspace() as ws:
        outcomes = admission.accept(ws, device, team, why)
        context.document(
            {"device": device, "team": team, "bundles": [outcome.as_json() for outcome in outcomes]},
            context.texts(N_("{device} writes for team {team} from now on."), device=device, team=team),
            *(line for outcome in outcomes for line in preview_lines(outcome, context.texts)),
        )
        return OPERATOR if any(outcome.status == "refused" for outcome in outcomes) else 0


@hq.command("refuse")
@click.argument("device")
@click.option("--why", required=True, help="The reason.")
@shared_options
def refuse(context: Context, device: str, why: str) -> None:
    """Refuse a computer that is not enrolled. It stays listed, and what it sent stays kept aside."""
    with context.workspace() as ws:
        admission.refuse(ws, device, why)
        context.document(
            {"device": device, "state": "refused"},
            context.texts(N_("{device} is refused. What it sent stays kept aside."), device=device),
        )
