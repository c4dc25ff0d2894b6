"""Review by exception at headquarters: what needs a look, what has no remarks, what is drawn, and approving the rest.

Records without remarks may be approved at once when those that are drawn of them have been opened one by one; a
record with remarks, always when it has. What was opened is noted in this workspace, with the version that was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp import clock
from fieldapp.domain import attention
from fieldapp.domain.attention import PLAIN, Rule
from fieldapp.domain.counting import PUBLIC_LINES
from fieldapp.ids import RecordName
from fieldapp.operations import browsing, lookup, review
from fieldapp.operations.browsing import Listed
from fieldapp.operations.review_errors import NotOpened, NotWaiting, ShareNotValid, ShownOtherwise
from fieldapp.operations.waiting import bring_up_to_date, fingerprint, sums
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import waiting
from fieldapp.storage.waiting import Scope, Sum, Waiting
from fieldapp.texts import N_, Texts

__all__ = [
    "Line",
    "Overview",
    "Scope",
    "Totals",
    "approve_plain",
    "decide",
    "lines_of",
    "look",
    "overview",
    "page",
    "set_share",
    "share_percent",
]  # fmt: skip

DEFAULT_SHARE_PERCENT = 10
_SHARE, _LOOKS = "review_share_percent", "review_looks"
EVERYTHING = Scope()


@dataclass(frozen=True)
class Totals:
    """Control totals over the records without remarks."""

    records: int
    pieces: Mapping[str, int]
    """Pieces found by public line: ap_mine, at_mine, uxo."""
    finds: int
    disposals: int
    plots: int
    m2: float
    """Square metres of the plots, released or not."""


@dataclass(frozen=True)
class Overview:
    """What waits, counted."""

    look: int
    """Records that need a look."""
    plain: Totals
    shown: str
    """Names this very set of records and versions without remarks; other sets have another word."""
    sample: tuple[RecordName, ...]
    """Drawn of those without remarks, by team and kind."""
    to_open: tuple[RecordName, ...]
    """Those of the sample that nobody has opened."""
    share_percent: int


@dataclass(frozen=True)
class Line:
    """One waiting record with the reasons to look at it."""

    name: RecordName
    listed: Listed
    reasons: tuple[Rule, ...]
    """The more serious first; none for a record without remarks."""
    opened: bool
    """Was this version opened by itself?"""


def overview(ws: Workspace, scope: Scope = EVERYTHING) -> Overview:
    """What waits in ``scope``, counted, with the control totals and the sample. Raises WrongRole."""
    bring_up_to_date(ws)
    counts = sums(ws, scope)
    plain = [one for one in counts if one.plain]
    share = share_percent(ws)
    sample = _drawn_in(ws, scope, plain, share)
    opened = _opened(ws)
    return Overview(
        sum(one.records for one in counts if not one.plain), _totals(plain), fingerprint(plain),
        tuple(one.name for one in sample), tuple(one.name for one in sample if opened.get(one.name) != one.draw), share,
    )


def page(
    ws: Workspace, scope: Scope = EVERYTHING, *, plain: bool = False, limit: int = 60, offset: int = 0
) -> list[Line]:
    """Some of the records that need a look, or of those without remarks: by severity, then the oldest first.

    Raises WrongRole.
    """
    bring_up_to_date(ws)
    above, below = (PLAIN, PLAIN + 1) if plain else (0, PLAIN)
    return _lines(ws, waiting.page(ws.store, scope, above=above, below=below, limit=limit, offset=offset))


def lines_of(ws: Workspace, names: Iterable[RecordName]) -> list[Line]:
    """Those of these records that wait, in the order of the list. Raises WrongRole."""
    bring_up_to_date(ws)
    found = waiting.lines_of(ws.store, list(names)).values()
    return _lines(ws, sorted(found, key=lambda one: (one.severity, one.at, one.kind, one.n)))


def _lines(ws: Workspace, found: Sequence[Waiting]) -> list[Line]:
    rows = lookup.rows_of(ws, [one.name for one in found])
    held = [one for one in found if one.name in rows]
    opened = _opened(ws)
    listed = browsing.states(ws, [rows[one.name] for one in held])
    return [
        Line(one.name, shown, tuple(attention.rules_in(one.reasons)), opened.get(one.name) == one.draw)
        for one, shown in zip(held, listed, strict=True)
    ]


def _totals(plain: Sequence[Sum]) -> Totals:
    def records(kind: str) -> int:
        return sum(one.records for one in plain if one.kind == kind)

    pieces = {line: sum(one.pieces for one in plain if one.line == line) for line in PUBLIC_LINES}
    return Totals(
        sum(one.records for one in plain), pieces, records("find"), records("disposal"), records("plot"),
        round(sum(one.m2 for one in plain), 1),
    )


def share_percent(ws: Workspace) -> int:
    """The share of records without remarks that is drawn to be opened, of each team and kind, in per cent."""
    return int(ws.meta(_SHARE) or DEFAULT_SHARE_PERCENT)


def set_share(ws: Workspace, percent: int) -> None:
    """Set the share that is drawn. Raises WrongRole, ShareNotValid outside 1 to 100."""
    ws.require_hq()
    if not 1 <= percent <= 100:
        raise ShareNotValid
    ws.set_meta(_SHARE, str(percent))


_Looks = dict[RecordName, dict[str, Any]]


def _looks(ws: Workspace) -> _Looks:
    return {one["record"]: one for one in ws.get_json(_LOOKS, [])}


def _opened(ws: Workspace) -> dict[RecordName, int]:
    """The draws (so the versions) of the records that were opened."""
    return {name: int(look["draw"]) for name, look in _looks(ws).items()}


def _decided_since(ws: Workspace, owner: str, kind: str, scope: Scope) -> list[int]:
    """Draws of records that were opened and decided by themselves since this team's kind was last approved at once.

    They still count for the sample: deciding what was drawn does not draw another.
    """
    mine = {name: look for name, look in _looks(ws).items() if name.startswith(f"{kind}/{owner}/")}
    waits = waiting.lines_of(ws.store, list(mine)) if mine else {}
    return [
        int(look["draw"]) for name, look in mine.items() if name not in waits and _is_within(look["day"], scope)
    ]


def _is_within(day: str | None, scope: Scope) -> bool:
    return day is None or ((scope.since or "") <= day <= (scope.until or "9999"))


def _drawn_in(ws: Workspace, scope: Scope, plain: Sequence[Sum], share: int) -> list[Waiting]:
    counts: dict[tuple[str, str], int] = {}
    for one in plain:
        counts[one.owner, one.kind] = counts.get((one.owner, one.kind), 0) + one.records
    found: list[Waiting] = []
    for (owner, kind), records in sorted(counts.items()):
        done = _decided_since(ws, owner, kind, scope)
        wanted = attention.sample_size(records + len(done), share)
        found += _lowest(waiting.lowest(ws.store, scope, owner, kind, PLAIN, wanted), done, wanted)
    return found


def _drawn_of(ws: Workspace, lines: Iterable[Waiting], share: int) -> list[Waiting]:
    """The sample of just these records without remarks."""
    groups: dict[tuple[str, str], list[Waiting]] = {}
    for one in lines:
        groups.setdefault((one.owner, one.kind), []).append(one)
    found: list[Waiting] = []
    for (owner, kind), group in sorted(groups.items()):
        done = _decided_since(ws, owner, kind, EVERYTHING)
        wanted = attention.sample_size(len(group) + len(done), share)
        found += _lowest(sorted(group, key=lambda one: (one.draw, one.n)), done, wanted)
    return found


def _lowest(lines: Sequence[Waiting], done: Collection[int], wanted: int) -> list[Waiting]:
    """Those of ``lines`` (lowest draw first) that are among the ``wanted`` lowest of them and of what is done."""
    return [one for place, one in enumerate(lines) if place + sum(draw < one.draw for draw in done) < wanted]


def look(ws: Workspace, name: RecordName, *, heads: Sequence[str] | None = None, by: str | None = None) -> None:
    """Note that a waiting record was opened and looked at: the version with ``heads``, or that which is here now.

    Raises WrongRole, OfficerNeeded, NotWaiting, and ShownOtherwise where another version is here now.
    """
    officer = review.officer(ws, by)
    bring_up_to_date(ws)
    line = waiting.lines_of(ws.store, [name]).get(name)
    if line is None:
        raise NotWaiting(name=name)
    if heads is not None and attention.draw(name, heads) != line.draw:
        raise ShownOtherwise
    _note(ws, [line], officer)


def _note(ws: Workspace, lines: Iterable[Waiting], officer: str) -> None:
    with ws.store.transaction():
        looks = _looks(ws)
        said = {"at": clock.stamp(ws.clock.now()), "by": officer}
        looks |= {one.name: {**said, "day": one.day, "draw": one.draw, "record": one.name} for one in lines}
        ws.set_json(_LOOKS, list(looks.values()))


def decide(
    ws: Workspace,
    heads: review.Heads,
    verdict: str,
    remarks: str = "",
    *,
    by: str | None = None,
) -> list[RecordName]:
    """Headquarters decides on records as they were shown (``heads`` by name); returns the decisions' names.

    Several are approved at once only when those with remarks, and those drawn of the others, have been opened.
    Raises WrongRole, OfficerNeeded, ReasonNeeded, NotOpened.
    """
    officer = review.officer(ws, by)
    bring_up_to_date(ws)
    lines = waiting.lines_of(ws.store, list(heads))
    if verdict == "approved" and len(heads) > 1:
        # the versions that were shown are approved, so it is these that must have been opened
        shown = [one._replace(draw=attention.draw(name, heads[name])) for name, one in lines.items()]
        _require_opened(ws, _to_open(ws, shown))
    with ws.store.transaction():
        if len(heads) == 1:
            _note(ws, [one for one in lines.values() if one.severity == PLAIN], officer)
        return review.decide(ws, heads, verdict, remarks, heads=heads, by=officer)


def _to_open(ws: Workspace, lines: Iterable[Waiting]) -> list[Waiting]:
    lines = list(lines)
    opened = _opened(ws)
    drawn = _drawn_of(ws, (one for one in lines if one.severity == PLAIN), share_percent(ws))
    with_remarks = [one for one in lines if one.severity != PLAIN]
    return [one for one in (*with_remarks, *drawn) if opened.get(one.name) != one.draw]


def _require_opened(ws: Workspace, to_open: Sequence[Waiting]) -> None:
    if to_open:
        rows = lookup.rows_of(ws, [one.name for one in to_open[:_NAMED]])
        numbers = [str(row.get("local_id") or row["id"][:8]) for row in rows.values()]
        more = ["…"] if len(to_open) > _NAMED else []
        raise NotOpened(count=len(to_open), numbers=", ".join([*sorted(numbers), *more]))


_NAMED = 8


def approve_plain(ws: Workspace, scope: Scope = EVERYTHING, *, shown: str | None = None, by: str | None = None) -> (
    list[RecordName]
):
    """Approve all records of ``scope`` that are without remarks; returns their names.

    ``shown`` is the word of the overview that was shown: where the records or their versions are others by now,
    nothing is approved. Every decision says how many were approved at once, how many were opened, and that word.
    Raises WrongRole, OfficerNeeded, ShownOtherwise, NotOpened.
    """
    officer = review.officer(ws, by)
    with ws.store.transaction():
        now = overview(ws, scope)
        if shown not in (None, now.shown):
            raise ShownOtherwise
        _require_opened(ws, list(waiting.lines_of(ws.store, now.to_open).values()))
        lines = waiting.page(ws.store, scope, above=PLAIN, below=PLAIN + 1)
        names = [one.name for one in lines]
        heads = lookup.heads_of(ws, names)
        remark = Texts(ws.language)(
            N_("Approved at once: {count} without remarks, {opened} drawn and opened ({share} %), {word}"),
            count=now.plain.records, opened=len(now.sample), share=now.share_percent, word=now.shown,
        )
        review.decide(ws, names, "approved", remark, heads=heads, by=officer)
        _forget(ws, {(one.owner, one.kind) for one in lines})
        return names


def _forget(ws: Workspace, groups: Collection[tuple[str, str]]) -> None:
    """The next records of these teams and kinds are drawn from anew."""
    kept = [look for name, look in _looks(ws).items() if (name.split("/")[1], name.split("/")[0]) not in groups]
    ws.set_json(_LOOKS, kept)
