"""Sign-off by the team and decisions by headquarters: one for each judged record, naming the version judged (M7)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp import ids
from fieldapp.domain.judging import Verdict, in_force
from fieldapp.domain.kinds import Field
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import missing_for_sign_off
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, records
from fieldapp.operations.errors import NotComplete, ReasonNeeded
from fieldapp.operations.review_errors import OfficerNeeded
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage.listing import Row
from fieldapp.storage.records import Record

JUDGED_KINDS = ("find", "disposal", "plot")
"""Kinds that are signed off and approved."""


@dataclass(frozen=True)
class Judgement:
    """One decision or sign-off on a record, and whether it still fits the record as it is now."""

    name: RecordName
    judged: RecordName
    verdict: str
    seen: tuple[str, ...]
    current: bool
    at: str
    by: str
    stream: int
    seq: int

    def as_verdict(self) -> Verdict:
        """What the rule of verdicts looks at."""
        return Verdict(self.verdict, frozenset(self.seen), self.stream, self.seq)


Heads = Mapping[RecordName, Sequence[str]]
"""The version of each record that was shown: its heads by its name."""


def decide(
    ws: Workspace,
    names: Iterable[RecordName],
    verdict: str,
    remarks: str = "",
    *,
    heads: Heads | None = None,
    by: str | None = None,
) -> list[RecordName]:
    """Headquarters approves, queries or rejects records; returns the decisions' names.

    ``heads`` are those of the versions that were shown, for each of ``names`` (the current ones if not given): what
    an import brought meanwhile is not judged unseen. Raises WrongRole; OfficerNeeded where nobody is named;
    ReasonNeeded for a query or rejection without remark.
    """
    by = officer(ws, by)
    if verdict != "approved" and not remarks.strip():
        raise ReasonNeeded
    return _judge(ws, "decision", names, verdict, remarks, heads, by)


def officer(ws: Workspace, by: str | None = None) -> str:
    """Who decides: ``by``, or the person at this computer. Raises WrongRole, OfficerNeeded."""
    ws.require_hq()
    name = (by or ws.person).strip()
    if not name:
        raise OfficerNeeded
    return name


def sign_off(
    ws: Workspace, names: Iterable[RecordName], *, heads: Heads | None = None, by: str | None = None
) -> list[RecordName]:
    """The team signs records off: as they were shown (``heads``, for each of ``names``), else as they are now.

    Raises OnlyField, and NotComplete where a record it would sign as it is now lacks something: nothing is signed
    then.
    """
    ws.require_field()
    names = list(names)
    signed_now = (record for record in (records.get(ws, name) for name in names)
                  if heads is None or list(heads[record.name]) == list(record.heads))
    lacking = [(record, needed) for record in signed_now if (needed := still_needed(record))]
    if lacking:
        raise NotComplete(fields="; ".join(
            f"{record.fields.get('local_id') or record.name} ({_named(needed, ws.language)})"
            for record, needed in lacking
        ) + ".")
    return _judge(ws, "sign_off", names, "approved", "", heads, by)


def _judge(
    ws: Workspace,
    kind: str,
    names: Iterable[RecordName],
    verdict: str,
    remarks: str,
    heads: Heads | None,
    by: str | None,
) -> list[RecordName]:
    written: list[RecordName] = []
    with ws.store.transaction():
        batch = ids.uuid7(ws.clock.now(), ws.entropy)
        for name in names:
            record = records.get(ws, name)
            seen = list(record.heads if heads is None else heads[name])
            changes: dict[str, Any] = {"of": {"record": name, "seen": seen}, "verdict": verdict, "batch": batch}
            if remarks.strip():
                changes["remarks"] = remarks.strip()
            target = f"{kind}/{record.owner}/{ids.uuid7(ws.clock.now(), ws.entropy)}"
            write(ws, target, changes, by=by)
            written.append(target)
    return written


def changed_since(ws: Workspace, heads: Heads) -> list[RecordName]:
    """Those of the records that are no longer as they were shown: a judgement on what was shown is stale."""
    now = lookup.heads_of(ws, list(heads))
    return [name for name, seen in heads.items() if now.get(name) != list(seen)]


def judgements(
    ws: Workspace, kind: str = "decision", *, names: Sequence[RecordName] | None = None
) -> dict[RecordName, list[Judgement]]:
    """Live judgements of this kind, by judged record, oldest first: all, or those on the records ``names``."""
    found: dict[RecordName, list[Judgement]] = {}
    on = {} if names is None else {"judged": list(names)}
    for row in lookup.rows(ws, kind, retracted=False, order="oldest", equal=on):
        judged, verdict, seen = row["judged"], row["verdict"], lookup.shape(row, "seen")
        if not isinstance(judged, str) or not isinstance(seen, list):
            continue
        found.setdefault(judged, []).append(
            Judgement(
                row.name, judged, str(verdict or ""), tuple(seen), False, row["at"] or "", row["by"] or "",
                row["stream"], row["seq"],
            )
        )
    heads = lookup.heads_of(ws, list(found))
    return {
        judged: [dataclasses.replace(j, current=list(j.seen) == heads.get(judged)) for j in many]
        for judged, many in found.items()
    }


def undecided(
    ws: Workspace,
    kind: str = "decision",
    *,
    owner: str | None = None,
    since: str | None = None,
    until: str | None = None,
    kinds: Sequence[str] = JUDGED_KINDS,
) -> list[Row]:
    """Records that no current ``decision`` (or ``sign_off``) judges, newest first, in each kind."""
    judged = {name for name, many in judgements(ws, kind).items() if any(j.current for j in many)}
    rows = [
        row
        for one in kinds
        for row in lookup.rows(ws, one, retracted=False, owner=owner, since=since, until=until)
    ]
    return [row for row in rows if row.name not in judged]


def state_of(many: Sequence[Judgement]) -> str:
    """``approved``, ``queried``, ``rejected``, ``changed`` (judged before a later change) or empty."""
    current = next((j.seen for j in many if j.current), None)
    if current is None:
        return "changed" if many else ""
    verdicts = in_force([j.as_verdict() for j in many], current)
    return next((v for v in ("rejected", "queried", "approved") if v in verdicts), "")


def still_needed(record: Record) -> tuple[Field, ...]:
    """Fields that the record still needs before it can be signed off."""
    return missing_for_sign_off(KINDS[record.kind], record.values)


def complete(ws: Workspace, names: Iterable[RecordName]) -> list[RecordName]:
    """Those of the records that can be signed off: settled, with every field that is needed."""
    found = (records.get(ws, name) for name in names)
    return [record.name for record in found if record.settled and not still_needed(record)]


def _named(fields: Iterable[Field], language: str) -> str:
    return ", ".join(field.names.in_language(language) for field in fields)
