"""``fieldapp review list|look|approve|query|reject|share|changes|sign-off|day|ask|questions|answer|close``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.cli.questions import answer, ask, close, questions
from fieldapp.cli.team_day import day
from fieldapp.domain.checks import Finding, as_json
from fieldapp.operations import attention, checks_of_records, records, since
from fieldapp.operations import review as reviews
from fieldapp.operations.attention import Line, Overview, Scope
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts


@click.group()
def review() -> None:
    """Sign-off by the team, decisions by headquarters."""


def _chosen(ws: Workspace, numbers: tuple[str, ...], everything: bool, scope: Scope, kind: str) -> list[str]:
    names = [records.find_by(ws, number).name for number in numbers]
    if everything:
        found = reviews.undecided(ws, kind, owner=scope.team, since=scope.since, until=scope.until)
        waiting = [row.name for row in found]
        names += waiting if kind == "decision" else reviews.complete(ws, waiting)
    return list(dict.fromkeys(names))


def _decide(ws: Workspace, names: list[str], verdict: str, remark: str, by: str | None) -> list[str]:
    heads = {name: records.get(ws, name).heads for name in names}
    return attention.decide(ws, heads, verdict, remark, by=by)


def _judged(
    context: Context, names: list[str], written: list[str], found: Sequence[Finding] | None = None,
    called: Sequence[str] = (),
) -> None:
    """What was judged; with a signature what the checks found, which keeps nobody from signing."""
    texts = context.texts
    told = [f"{number}: {one.sentence(texts)}" for one, number in zip(found or (), called, strict=True)]
    context.document(
        {"judged": names, "written": written} | (
            {} if found is None else {"findings": [as_json(one, texts) for one in found]}
        ),
        *told, texts.plural(N_("{count} record judged."), N_("{count} records judged."), len(names)),
    )


def _verb(name: str, verdict: str | None, text: str) -> click.Command:
    kind = "decision" if verdict else "sign_off"

    @click.command(name, help=text)
    @click.argument("numbers", nargs=-1)
    @click.option("--all", "everything", is_flag=True, help="All records that wait.")
    @click.option("--team")
    @click.option("--from", "since", help="First day.")
    @click.option("--to", "until", help="Last day.")
    @click.option("--remark", default="")
    @click.option("--by", help="Name of who decides; else the person of this workspace.")
    @shared_options
    def command(context: Context, numbers: tuple[str, ...], everything: bool, team: str | None, since: str | None,
                until: str | None, remark: str, by: str | None) -> None:
        with context.workspace() as ws:
            names = _chosen(ws, numbers, everything, Scope(team, since, until), kind)
            if verdict:
                _judged(context, names, _decide(ws, names, verdict, remark, by))
                return
            found = checks_of_records.of_named_records(ws, names)
            _judged(context, names, reviews.sign_off(ws, names, by=by), found, checks_of_records.called(ws, found))

    return command


for made in (
    _verb("sign-off", None, "The team signs records off as they are now."),
    _verb("query", "queried", "Headquarters asks about records; say what with --remark."),
    _verb("reject", "rejected", "Headquarters rejects records; say why with --remark."),
):
    review.add_command(made)

for thread_command in (ask, questions, answer, close, day):
    review.add_command(thread_command)


@review.command("approve")
@click.argument("numbers", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All records that wait.")
@click.option("--without-remarks", is_flag=True,
              help="All records without remarks at once, when those that are drawn have been opened.")
@click.option("--shown", help="With --without-remarks: the word of the list that was looked at, else it is refused.")
@click.option("--team")
@click.option("--from", "since", help="First day.")
@click.option("--to", "until", help="Last day.")
@click.option("--remark", default="")
@click.option("--by", help="Name of who decides; else the person of this workspace.")
@shared_options
def approve(context: Context, numbers: tuple[str, ...], everything: bool, without_remarks: bool, shown: str | None,
            team: str | None, since: str | None, until: str | None, remark: str, by: str | None) -> None:
    """Headquarters approves records as they are now."""
    if without_remarks and (numbers or everything):
        raise click.UsageError("--without-remarks stands alone, without numbers and --all")
    with context.workspace() as ws:
        scope = Scope(team, since, until)
        if not without_remarks:
            names = _chosen(ws, numbers, everything, scope, "decision")
            _judged(context, names, _decide(ws, names, "approved", remark, by))
            return
        before = attention.overview(ws, scope)
        names = attention.approve_plain(ws, scope, shown=shown, by=by)
        context.document({"judged": names, **_counted(before)}, *_said(context.texts, before))


@review.command("look")
@click.argument("numbers", nargs=-1, required=True)
@click.option("--by", help="Name of who looked; else the person of this workspace.")
@shared_options
def look(context: Context, numbers: tuple[str, ...], by: str | None) -> None:
    """Note that waiting records were opened and looked at, as they are now; without deciding on them."""
    with context.workspace() as ws:
        names = [records.find_by(ws, number).name for number in numbers]
        with ws.store.transaction():
            for name in names:
                attention.look(ws, name, by=by)
        lines = attention.lines_of(ws, names)
        context.document({"opened": [_line(context.texts, one) for one in lines]}, *_table(context.texts, lines))


@review.command("share")
@click.argument("percent", type=int, required=False)
@shared_options
def share(context: Context, percent: int | None) -> None:
    """The share of records without remarks that is drawn to be opened, of each team and kind; or set it."""
    with context.workspace() as ws:
        if percent is not None:
            attention.set_share(ws, percent)
        now = attention.share_percent(ws)
        context.document({"share_percent": now}, context.texts(N_("{share} % are drawn"), share=now))


@review.command("list")
@click.option("--team")
@click.option("--from", "since", help="First day.")
@click.option("--to", "until", help="Last day.")
@click.option("--limit", type=click.IntRange(min=0), default=500, show_default=True,
              help="At most so many records of each group; the counts are of all.")
@shared_options
def list_waiting(context: Context, team: str | None, since: str | None, until: str | None, limit: int) -> None:
    """Records that wait for headquarters' decision: what needs a look, with the reasons, and what has no remarks."""
    with context.workspace() as ws:
        scope = Scope(team, since, until)
        if ws.role != "hq":
            rows = reviews.undecided(ws, "decision", owner=team, since=since, until=until)
            shown = [records.row_as_json(row) for row in rows]
            context.document({"records": shown}, *table(
                ["record", "number"], [[one["record"], str(one.get("local_id") or "")] for one in shown]
            ))
            return
        now = attention.overview(ws, scope)
        look = attention.page(ws, scope, limit=limit)
        plain = attention.page(ws, scope, plain=True, limit=limit)
        context.document(
            {
                **_counted(now),
                "needs_a_look": [_line(context.texts, one) for one in look],
                "without_remarks": [_line(context.texts, one) for one in plain],
            },
            *_said(context.texts, now), *_table(context.texts, [*look, *plain], set(now.to_open)),
        )


def _counted(now: Overview) -> dict[str, Any]:
    totals = now.plain
    return {
        "counts": {"needs_a_look": now.look, "without_remarks": totals.records},
        "totals": {**totals.pieces, "finds": totals.finds, "disposals": totals.disposals, "plots": totals.plots,
                   "m2": totals.m2},
        "sample": {"share_percent": now.share_percent, "drawn": list(now.sample), "to_open": list(now.to_open)},
        "shown": now.shown,
    }


def _said(texts: Texts, now: Overview) -> list[str]:
    totals = now.plain
    return [
        texts(N_("Needs a look: {look}. Without remarks: {plain}."), look=texts.number(now.look),
              plain=texts.number(totals.records)),
        texts(N_("Without remarks: {ap} AP, {at} AT, {uxo} UXO, {plots} plots, {m2} m²."),
              ap=texts.number(totals.pieces["ap_mine"]), at=texts.number(totals.pieces["at_mine"]),
              uxo=texts.number(totals.pieces["uxo"]), plots=texts.number(totals.plots), m2=texts.number(totals.m2)),
        texts(N_("Drawn to be opened: {drawn}, {left} of them not opened yet."), drawn=texts.number(len(now.sample)),
              left=texts.number(len(now.to_open))),
        texts(N_("This list: {word}"), word=now.shown),
    ]  # fmt: skip


def _table(texts: Texts, lines: list[Line], to_open: set[str] | None = None) -> list[str]:
    return table([texts(head) for head in (N_("Record"), N_("No."), N_("To open"), N_("Why"))], [
        [one.name, str(one.listed.row.get("local_id") or ""), "x" if one.name in (to_open or ()) else "",
         "; ".join(texts(rule.sentence) for rule in one.reasons)]
        for one in lines
    ])


def _line(texts: Texts, one: Line) -> dict[str, Any]:
    return {
        **records.row_as_json(one.listed.row),
        "reasons": [{"code": rule.code, "sentence": texts(rule.sentence)} for rule in one.reasons],
        "opened": one.opened,
        "heads": one.listed.row.heads,
    }


@review.command("changes")
@click.argument("number")
@shared_options
def changes(context: Context, number: str) -> None:
    """What changed in a record since headquarters decided on it, field by field; a plot's new ground in m2."""
    with context.workspace() as ws:
        found = since.since_decision(ws, records.find_by(ws, number).name)
        if found is None:
            context.document({"since": None}, context.texts(N_("Nothing changed since a decision.")))
            return
        context.document(
            {
                "since": {"verdict": found.verdict, "by": found.by, "at": found.at, "remarks": found.remarks},
                "changes": [
                    {"group": group, "before": change.before, "after": change.after}
                    for group, change in found.changes.items()
                ],
                "area_before_m2": found.area_before_m2, "area_now_m2": found.area_now_m2,
                "new_ground_m2": found.new_ground_m2, "lost_ground_m2": found.lost_ground_m2,
            },
            *table([context.texts(head) for head in (N_("Field"), N_("Before"), N_("After"))], [
                [group, " | ".join(map(str, change.before)), str(change.after)]
                for group, change in found.changes.items()
            ]),
        )
