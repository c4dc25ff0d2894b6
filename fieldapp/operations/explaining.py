"""Missed items as people deal with them: the list, what is known of each, explaining, notes of the team.

An alarm is closed by a person alone: by an explanation of headquarters (on a laptop that works on its own, of its
own root) that names the versions of find and plot it looked at. Whatever changes either opens it again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp import ids
from fieldapp.domain import missed as rule
from fieldapp.domain.registry import KINDS
from fieldapp.geodesy import inside
from fieldapp.ids import EventId, RecordName
from fieldapp.operations import lookup, missed, records
from fieldapp.operations.errors import ReasonNeeded
from fieldapp.operations.missed_errors import CauseNeeded, NoMissedItem, NotYoursToExplain, SeveralMissedItems
from fieldapp.operations.review_errors import OfficerNeeded
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage import missed as kept
from fieldapp.storage.listing import Row
from fieldapp.storage.missed import Pair
from fieldapp.texts import N_, Texts

ORDERS = {
    rule.HAD_PLOT: N_("Whoever entered this find had the plot already."),
    rule.UNKNOWN: N_("Nobody can tell which was entered first: neither entry knew the other."),
}
"""What was known when, by the order of an alarm."""
SINCE = {
    "find_retracted": N_("The find was retracted since."),
    "plot_retracted": N_("The plot was retracted since."),
    "apart": N_("One of them was corrected since: as they stand now, the find does not lie in the plot."),
}
"""What changed since, which closes nothing."""
CAUSES = "missed_cause"


@dataclass(frozen=True)
class Said:
    """An explanation or a note."""

    name: RecordName
    at: str
    by: str
    text: str
    cause: str = ""
    """A code of ``missed_cause``; empty for a note."""
    current: bool = True
    """An explanation of the versions that are here now."""


@dataclass(frozen=True)
class Alarm:
    """One missed item."""

    pair: Pair
    find: Row
    plot: Row
    explained: tuple[Said, ...]
    """Explanations, the oldest first."""

    @property
    def open(self) -> bool:
        """Has nobody explained it as it is now?"""
        return not any(one.current for one in self.explained)

    @property
    def reopened(self) -> bool:
        """Was it explained, and something has changed since?"""
        return self.open and bool(self.explained)

    @property
    def number(self) -> str:
        """What people call it: the find's number."""
        return str(self.find["local_id"] or self.find["id"][:8])

    @property
    def plot_number(self) -> str:
        """The plot's number."""
        return str(self.plot["local_id"] or self.plot["id"][:8])

    @property
    def heads(self) -> tuple[list[EventId], list[EventId]]:
        """The versions of find and plot that are here."""
        return self.find.heads, self.plot.heads

    def since(self) -> list[str]:
        """Codes of ``SINCE``: what was retracted or corrected after the alarm."""
        found = [f"{row.kind}_retracted" for row in (self.find, self.plot) if row["retracted"]]
        return found or ([] if self._is_inside() else ["apart"])

    def _is_inside(self) -> bool:
        outline = lookup.shape(self.plot, "outline")
        ground = inside.any_ground(outline) if outline else None
        lat, lon = self.find["lat"], self.find["lon"]
        return ground is not None and lat is not None and lon is not None and inside.holds(ground, lat, lon)


def every(ws: Workspace, *, progress: missed.Progress | None = None) -> list[Alarm]:
    """All missed items there ever were, open ones first."""
    missed.bring_up_to_date(ws, progress)
    return _ordered(_alarms(ws, kept.every_pair(ws.store)))


def all_open(ws: Workspace, *, progress: missed.Progress | None = None) -> list[Alarm]:
    """The missed items that nobody has explained, the newest find first."""
    return [one for one in every(ws, progress=progress) if one.open]


def of_record(ws: Workspace, name: RecordName) -> list[Alarm]:
    """The missed items about a find or a plot, open ones first."""
    missed.bring_up_to_date(ws)
    return _ordered(_alarms(ws, kept.pairs_of(ws.store, name)))


def open_names(ws: Workspace) -> set[RecordName]:
    """The finds and plots with an open alarm."""
    return {name for one in all_open(ws) for name in one.pair[:2]}


def open_among(ws: Workspace, names: Collection[RecordName]) -> list[Alarm]:
    """The open missed items about these finds and plots."""
    wanted = set(names)
    return [one for one in all_open(ws) if wanted & {*one.pair[:2]}]


_NAMED = 5


def open_where_kept(ws: Workspace) -> set[tuple[RecordName, RecordName]] | None:
    """The open alarms, as pairs of find and plot; None where nobody has asked for them yet."""
    return {(one.pair.find, one.pair.plot) for one in all_open(ws)} if kept.UPKEEP.is_kept(ws.store) else None


def news(ws: Workspace, before: set[tuple[RecordName, RecordName]] | None, texts: Texts) -> list[str]:
    """Sentences about the alarms that are open now and were not ``before``; none where nobody asked before."""
    if before is None:
        return []
    new = [one for one in all_open(ws) if (one.pair.find, one.pair.plot) not in before]
    said = [
        texts(N_("Missed item: find {find} lies inside plot {plot}, which was released before."), find=one.number,
              plot=one.plot_number)
        for one in new[:_NAMED]
    ]  # fmt: skip
    more = len(new) - _NAMED
    return [*said, texts.plural(N_("{count} more missed item."), N_("{count} more missed items."), more)] if (
        more > 0
    ) else said


def _ordered(found: Iterable[Alarm]) -> list[Alarm]:
    newest = sorted(found, key=lambda one: (one.find["n"], one.plot["n"]), reverse=True)
    return sorted(newest, key=lambda one: not one.open)


def _alarms(ws: Workspace, pairs: Sequence[Pair]) -> list[Alarm]:
    if not pairs:
        return []
    rows = lookup.rows_of(ws, {name for pair in pairs for name in pair[:2]})
    said: dict[tuple[str, str], list[Row]] = {}
    finds = sorted({pair.find for pair in pairs})
    for row in lookup.rows(ws, "missed_item", retracted=False, order="oldest", equal={"find": finds}):
        said.setdefault((str(row["find"]), str(row["plot"])), []).append(row)
    return [
        Alarm(pair, find, plot, tuple(_explanation(row, find, plot) for row in said.get(pair[:2], ())))
        for pair in pairs
        if (find := rows.get(pair.find)) is not None and (plot := rows.get(pair.plot)) is not None
    ]


def _explanation(row: Row, find: Row, plot: Row) -> Said:
    seen = (lookup.shape(row, "find_seen"), lookup.shape(row, "plot_seen"))
    return Said(
        row.name, row["at"] or "", row["by"] or "", str(row["explanation"] or ""), str(row["cause"] or ""),
        current=seen == (find.heads, plot.heads),
    )


def find_one(ws: Workspace, find: str, plot: str | None = None) -> Alarm:
    """The missed item of a find, named by number, id or full name; with the plot where it lies in several.

    Raises NoMissedItem, SeveralMissedItems, RecordMissing, SeveralRecords.
    """
    item = records.find_by(ws, find, "find")
    found = of_record(ws, item.name)
    if plot is not None:
        land = records.find_by(ws, plot, "plot").name
        found = [one for one in found if one.pair.plot == land]
    if not found:
        raise NoMissedItem(name=find)
    if len(found) > 1:
        raise SeveralMissedItems(name=find, plots=", ".join(one.plot_number for one in found))
    return found[0]


def may_explain(ws: Workspace) -> bool:
    """Headquarters may, and a laptop that works on its own."""
    return ws.role == "hq" or ws.root == ws.device


def explain(
    ws: Workspace,
    alarm: Alarm,
    cause: str,
    text: str,
    *,
    visit: RecordName | None = None,
    by: str | None = None,
) -> RecordName:
    """Close a missed item as it was shown: how it came about, in a code and in words. Returns the record's name.

    ``visit``: the quality visit that looked into it. Raises NotYoursToExplain, OfficerNeeded, CauseNeeded,
    ReasonNeeded.
    """
    if not may_explain(ws):
        raise NotYoursToExplain
    causes = ws.lists.vocabulary(CAUSES)
    if cause not in causes.codes:
        raise CauseNeeded(causes=", ".join(causes.codes))
    if not text.strip():
        raise ReasonNeeded
    officer = (by or ws.person).strip()
    if not officer:
        raise OfficerNeeded
    find_seen, plot_seen = alarm.heads
    changes: dict[str, Any] = {
        "of": {"find": alarm.pair.find, "find_seen": find_seen, "plot": alarm.pair.plot, "plot_seen": plot_seen},
        "explained": {"cause": cause, "explanation": text.strip()},
    }
    if visit is not None:
        changes["visit"] = visit
    name = f"missed_item/{alarm.find['owner']}/{ids.uuid7(ws.clock.now(), ws.entropy)}"
    write(ws, name, changes, by=officer)
    return name


def add_note(ws: Workspace, alarm: Alarm, text: str, *, by: str | None = None) -> RecordName:
    """Add what somebody knows of a missed item; it closes nothing. Raises ReasonNeeded, NotThisTeams."""
    if not text.strip():
        raise ReasonNeeded
    records.editable(ws, alarm.pair.find, text)
    of = {"find": alarm.pair.find, "plot": alarm.pair.plot}
    name = f"missed_note/{alarm.find['owner']}/{ids.uuid7(ws.clock.now(), ws.entropy)}"
    write(ws, name, {"of": of, "remarks": text.strip()}, by=by)
    return name


def notes(ws: Workspace, alarm: Alarm) -> list[Said]:
    """The notes on a missed item, the oldest first."""
    rows = lookup.rows(ws, "missed_note", retracted=False, order="oldest", equal={"find": alarm.pair.find})
    return [
        Said(row.name, row["at"] or "", row["by"] or "", str(row["remarks"] or ""))
        for row in rows if row["plot"] == alarm.pair.plot
    ]


def sentences(alarm: Alarm, texts: Texts) -> list[str]:
    """What is known of a missed item, in causal words."""
    said = [
        texts(N_("Find {find} lies inside plot {plot}, which was released before."), find=alarm.number,
              plot=alarm.plot_number),
        texts(ORDERS[alarm.pair.known]),
        *(texts(SINCE[code]) for code in alarm.since()),
    ]
    if alarm.reopened:
        said.append(texts(N_("It was explained, and something has changed since: it is open again.")))
    return said


def state(ws: Workspace, alarm: Alarm, texts: Texts) -> str:
    """Whether it is open, in a word or two; the cause where it is explained."""
    if alarm.open:
        return texts(N_("Open again")) if alarm.reopened else texts(N_("Not explained"))
    return " / ".join(dict.fromkeys(
        cause_name(ws, one.cause, texts.language) for one in alarm.explained if one.current
    ))


def facts(alarm: Alarm, texts: Texts) -> list[str]:
    """Depth of the item and depth cleared to."""
    depth, cleared = alarm.find["depth_cm"], alarm.plot["depth_cm"]
    return [
        texts(N_("The item lay at {depth} cm."), depth=depth) if depth is not None
        else texts(N_("Nobody said how deep the item lay.")),
        texts(N_("The plot is said to be cleared to {depth} cm."), depth=cleared) if cleared is not None
        else texts(N_("Nobody said to what depth the plot was cleared.")),
    ]


def explained_line(ws: Workspace, one: Said, texts: Texts) -> str:
    """An explanation in one line."""
    cause = cause_name(ws, one.cause, texts.language)
    if one.current:
        return texts(N_("Explained by {by}: {cause}. {text}"), by=one.by, cause=cause, text=one.text)
    return texts(N_("Explained by {by} before the last change: {cause}. {text}"), by=one.by, cause=cause, text=one.text)


def as_json(ws: Workspace, alarm: Alarm) -> dict[str, Any]:
    """A missed item as the command line prints it."""
    return {
        "find": alarm.pair.find, "find_number": alarm.number, "plot": alarm.pair.plot,
        "plot_number": alarm.plot_number, "open": alarm.open, "order": alarm.pair.known, "since": alarm.since(),
        "lat": alarm.find["lat"], "lon": alarm.find["lon"], "depth_cm": alarm.find["depth_cm"],
        "cleared_to_cm": alarm.plot["depth_cm"], "release": alarm.plot["release"],
        "explained": [vars_of(one) for one in alarm.explained],
        "notes": [{"at": one.at, "by": one.by, "text": one.text} for one in notes(ws, alarm)],
    }


def vars_of(one: Said) -> dict[str, Any]:
    """An explanation as the command line prints it."""
    return {
        "record": one.name, "cause": one.cause, "text": one.text, "by": one.by, "at": one.at, "current": one.current,
    }


def cause_name(ws: Workspace, code: str, language: str) -> str:
    """The name of a cause."""
    return ws.lists.vocabulary(CAUSES).name(code, language)


def kind_name(language: str) -> str:
    """What a missed item is called."""
    return KINDS["missed_item"].names.in_language(language)
