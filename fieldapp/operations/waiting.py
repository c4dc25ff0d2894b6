"""Keeping up the list of records that wait for headquarters' decision: facts gathered, reasons by the domain's rules.

Only what changed since the list was read last is looked at again, with what hangs on it: the record a decision,
signature, photo or question is about, the disposals of a find, the plots beside a plot.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain import attention
from fieldapp.domain.attention import Facts
from fieldapp.domain.counting import PUBLIC_LINES, Deed, Found, ledger, rollup
from fieldapp.domain.judging import Verdict, in_force
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.registry import KINDS
from fieldapp.geodesy import overlap
from fieldapp.ids import RecordName
from fieldapp.operations import explaining, lookup, odd_dates, questions
from fieldapp.operations.finds import needs_reading_back
from fieldapp.operations.review import JUDGED_KINDS
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import coverage, listing, waiting
from fieldapp.storage import records as stored
from fieldapp.storage.listing import Row
from fieldapp.storage.log import events_at, stream_ids
from fieldapp.storage.records import head_ids
from fieldapp.storage.waiting import Judged, Waiting

_FILES, _DATES, _ALARMS, _SUMS = "files", "dates", "alarms", "waiting sums"
_FEW = 2_000
"""Up to so many records are asked one by one whether their laptop's clock was in doubt."""
_LAST_DAY = "9999-12-31"
_WANTED = {
    "find": ("category", "model", "model_text", "quantity", "unit", "certainty", "lot"),
    "disposal": (),
    "plot": ("release", "area_m2", "certainty"),
}
"""What the facts need of each kind, beside its day and the fields that sign-off needs."""

Among = set[RecordName] | None
"""The records looked at; None for all there are."""


def bring_up_to_date(ws: Workspace) -> None:
    """Bring the list up to date with all that came, was written or was decided since. Raises WrongRole."""
    ws.require_hq()
    store = ws.store
    with store.transaction():
        touched = waiting.touched(store, attention.VERSION)
        files, dates = str(ws.photos.stat().st_mtime_ns), fingerprint_of(odd_dates.checked_right(ws))
        missed = explaining.open_names(ws)
        alarms = fingerprint_of(sorted(missed))
        came = files != waiting.note(store, _FILES)
        checked = dates != waiting.note(store, _DATES)
        alarmed = alarms != waiting.note(store, _ALARMS)
        if not (touched.everything or touched.names or came or checked or alarmed):
            return
        if touched.everything or any(name.startswith("vocabulary/") for name in touched.names):
            own, among = None, None
        else:
            own = {name for name in touched.names if name.split("/")[0] in JUDGED_KINDS}
            if checked:
                own |= set(waiting.flagged(store, _ODD))
            among = own | _about(ws, touched.names)
            if came:
                among |= set(waiting.flagged(store, attention.bit("photos")))
            if alarmed:
                among |= missed ^ set(waiting.flagged(store, attention.bit("missed_item")))
        known = _known(ws, own, among)
        known.missed = missed
        waiting.replace(store, among or (), _lines(ws, among, known))
        waiting.set_mark(store, attention.VERSION)
        waiting.set_note(store, _FILES, files)
        waiting.set_note(store, _DATES, dates)
        waiting.set_note(store, _ALARMS, alarms)
        store.caches.pop(_SUMS, None)


def newly_waiting(ws: Workspace) -> list[RecordName]:
    """Waiting records that came or changed since the list was last brought up to date, which it is now.

    All that wait where it has to be made from nothing. Raises WrongRole.
    """
    ws.require_hq()
    with ws.store.transaction():
        touched = waiting.touched(ws.store, attention.VERSION)
        bring_up_to_date(ws)
        if touched.everything:
            return [name for kind in JUDGED_KINDS for name in waiting.of_kind(ws.store, kind)]
        return list(waiting.lines_of(ws.store, [one for one in touched.names if one.split("/")[0] in JUDGED_KINDS]))


def sums(ws: Workspace, scope: waiting.Scope) -> list[waiting.Sum]:
    """The list counted, as it was last brought up to date; remembered until it changes."""
    remembered: dict[waiting.Scope, list[waiting.Sum]] = ws.store.caches.setdefault(_SUMS, {})
    if scope not in remembered:
        remembered[scope] = waiting.sums(ws.store, scope, attention.PLAIN)
    return remembered[scope]


def _about(ws: Workspace, names: set[RecordName]) -> set[RecordName]:
    """The judged records that these records say something about, and those whose facts hang on them."""
    by_kind: dict[str, set[RecordName]] = {}
    for name in names:
        by_kind.setdefault(name.split("/")[0], set()).add(name)
    found: set[RecordName] = set()
    for kind, column in (("decision", "judged"), ("sign_off", "judged"), ("question", "about"), ("photo", "shows")):
        found |= _named_in(ws, by_kind.get(kind, ()), column)
    asked = _named_in(ws, by_kind.get("answer", ()), "question")
    found |= _named_in(ws, asked, "about") | _named_in(ws, asked, "judged")
    lots = {str(row["lot"]) for row in lookup.rows_of(ws, by_kind.get("photo", ())).values() if row["lot"]}
    if lots:
        found |= {row.name for row in lookup.rows(ws, "find", equal={"lot": lots})}
    found |= _items(ws, by_kind)
    if "model" in by_kind:
        found |= _of_models(ws, {name.rsplit("/", 1)[-1] for name in by_kind["model"]})
    if any(name.startswith("plot/") for name in found | names):
        found |= set(waiting.of_kind(ws.store, "plot"))
    return {name for name in found if name.split("/")[0] in JUDGED_KINDS}


def _named_in(ws: Workspace, names: Collection[RecordName], column: str) -> set[RecordName]:
    rows = lookup.rows_of(ws, names).values()
    return {str(row[column]) for row in rows if row.get(column)}


def _items(ws: Workspace, by_kind: Mapping[str, set[RecordName]]) -> set[RecordName]:
    """Disposals that a changed find or another disposal of the same find may make right or wrong."""
    finds, disposals = by_kind.get("find", set()), by_kind.get("disposal", set())
    if not (finds or disposals):
        return set()
    finds = finds | _named_in(ws, disposals, "find")
    found = {row.name for row in lookup.rows(ws, "disposal", equal={"find": finds})} if finds else set()
    return found | set(waiting.flagged(ws.store, attention.bit("unresolved") | attention.bit("over_claimed")))


def _of_models(ws: Workspace, codes: set[str]) -> set[RecordName]:
    """The finds that a changed list of models may name otherwise: of these models, and all written as text."""
    as_text = listing.Filter(retracted=None, equal={"model": None}, filled=("model_text",))
    rows = [*lookup.rows(ws, "find", equal={"model": codes}), *listing.select(ws.store, "find", as_text)]
    return {row.name for row in rows}


@dataclass
class _Known:
    """What is known of the records looked at, by name where not said otherwise."""

    lists: Lists
    odd: set[RecordName] = field(default_factory=set)
    doubts: set[tuple[int, int]] = field(default_factory=set)
    """Places (stream number, number) of first events written under a wrong clock."""
    conflicts: set[RecordName] = field(default_factory=set)
    asked: dict[RecordName, str] = field(default_factory=dict)
    shown: set[RecordName] = field(default_factory=set)
    """Records with photos that are not here."""
    lots: set[str] = field(default_factory=set)
    """Lots with photos that are not here."""
    unresolved: set[RecordName] = field(default_factory=set)
    over: set[RecordName] = field(default_factory=set)
    overlapping: set[RecordName] = field(default_factory=set)
    missed: set[RecordName] = field(default_factory=set)
    """Finds in ground released before, and the plots they lie in, that nobody has explained."""
    kept: dict[RecordName, Waiting] = field(default_factory=dict)
    """Lines as they stood, of records that did not change themselves: their days and clocks are judged already."""


def _known(ws: Workspace, own: Among, among: Among) -> _Known:
    known = _Known(ws.lists, conflicts={conflict.record for conflict in stored.conflicts(ws.store)})
    if among is not None and not among:
        return known
    if own is not None and among is not None:
        known.kept = waiting.lines_of(ws.store, among - own)
    if among is None:
        known.odd = {one.record for one in odd_dates.odd_dates(ws)}
    elif changed := among - known.kept.keys():
        names = stream_ids(ws.store)
        streams = {names[row["stream"]] for row in lookup.rows_of(ws, changed).values()}
        known.odd = {one.record for one in odd_dates.odd_dates(ws, streams=streams)}
    about = None if among is None else sorted(among)
    for thread in questions.threads(ws, states=("open", "answered"), about=about):
        if known.asked.get(thread.about) != "open":
            known.asked[thread.about] = thread.state
    _find_photos(ws, among, known)
    _find_claims(ws, among, known)
    _find_overlaps(ws, among, known)
    if among is None or len(among) > _FEW:
        numbers = {name: n for n, name in stream_ids(ws.store).items()}
        known.doubts = {(numbers[stream], seq) for stream, seq in coverage.doubtful(ws.store) if stream in numbers}
    return known


def _lines(ws: Workspace, among: Among, known: _Known) -> Iterator[Waiting]:
    for kind in JUDGED_KINDS:
        day = lookup.DAY_COLUMNS[kind]
        required = [one.name for one in KINDS[kind].fields if one.required]
        columns = tuple(dict.fromkeys((day, *required, *_WANTED[kind])))
        judged: Iterable[Judged] = waiting.judged(ws.store, kind, columns, among)
        if among is not None and len(among) <= _FEW:
            judged = list(judged)
            known.doubts |= _in_doubt(ws, judged)
        for one in judged:
            line = _line(kind, one, dict(zip(columns, one.columns, strict=True)), required, known)
            if line is not None:
                yield line


def _in_doubt(ws: Workspace, judged: Iterable[Judged]) -> set[tuple[int, int]]:
    places = {(one.stream, one.seq) for one in judged}
    numbers = {name: n for n, name in stream_ids(ws.store).items()}
    events = events_at(ws.store, places).values() if places else ()
    return {(numbers[event.stream], event.seq) for event in events if event.value.get("clock") == "doubt"}


def _find_photos(ws: Workspace, among: Among, known: _Known) -> None:
    rows: list[Row] = []
    if among is None:
        rows = lookup.rows(ws, "photo", retracted=False)
    else:
        rows = lookup.rows(ws, "photo", retracted=False, equal={"shows": among})
        finds = lookup.rows_of(ws, {name for name in among if name.startswith("find/")}).values()
        lots = {str(row["lot"]) for row in finds if row["lot"]}
        rows += lookup.rows(ws, "photo", retracted=False, equal={"lot": lots}) if lots else []
    if not rows:
        return
    here = {entry.name.removesuffix(".age") for entry in os.scandir(ws.photos)}
    for row in rows:
        if row["sha256"] and row["sha256"] not in here:
            known.shown.add(str(row["shows"] or ""))
            known.lots.add(str(row["lot"] or ""))
    known.shown.discard("")
    known.lots.discard("")


def _find_claims(ws: Workspace, among: Among, known: _Known) -> None:
    """Disposals of items that are not known here, and those that together claim more than was found."""
    if among is None:
        disposals = lookup.rows(ws, "disposal", retracted=False)
    else:
        wanted = lookup.rows_of(ws, {name for name in among if name.startswith("disposal/")}).values()
        named = {str(row["find"]) for row in wanted if row["find"]}
        others = lookup.rows(ws, "disposal", retracted=False, equal={"find": named}) if named else []
        disposals = list({row.name: row for row in (*wanted, *others)}.values())
    if not disposals:
        return
    finds = _finds_of(ws, disposals)
    books = ledger(
        (Found(row.name, row["owner"], row["found_on"], row["category"], row["quantity"], row["unit"],
               row["ordnance_state"], row["local_id"], row["lot"]) for row in finds),
        (Deed(row.name, row["owner"], row["outcome"], row["quantity"], row["done_on"], row["find"], row["tag"],
              row["category"], row["unit"], row["local_id"]) for row in disposals),
        lists=known.lists,
    )  # fmt: skip
    known.unresolved = {one.deed.record for one in books.unresolved}
    for account in books.accounts:
        standing = account.standing(_LAST_DAY) if account.deeds else None
        if standing is not None and (standing.destroyed_too_many or standing.neutralised_too_many):
            known.over |= {deed.record for deed, _ in account.deeds}


def _finds_of(ws: Workspace, disposals: Iterable[Row]) -> list[Row]:
    """The finds that disposals name by record or tag, and what lies in one lot with them."""
    disposals = list(disposals)
    tags = {form for row in disposals if row["tag"] for form in (str(row["tag"]), str(row["tag"]).upper())}
    found = lookup.rows_of(ws, {str(row["find"]) for row in disposals if row["find"]})
    if tags:
        for column in ("local_id", "lot"):
            rows = lookup.rows(ws, "find", retracted=False, equal={column: tags})
            found |= {row.name: row for row in rows}
    lots = {str(row["lot"]) for row in found.values() if row["lot"]}
    if lots:
        found |= {row.name: row for row in lookup.rows(ws, "find", retracted=False, equal={"lot": lots})}
    return [row for row in found.values() if not row["retracted"]]


def _find_overlaps(ws: Workspace, among: Among, known: _Known) -> None:
    names = None if among is None else {name for name in among if name.startswith("plot/")}
    if names is not None and not names:
        return
    released = waiting.ever_approved(ws.store, "plot")
    if not released:
        return
    plots = {row.name: row for row in lookup.rows(ws, "plot", retracted=False)}
    shapes = {name: _shape(row["outline"]) for name, row in plots.items() if row["outline"]}
    ground = overlap.Ground({name: shapes[name] for name in released if shapes.get(name) is not None})
    for name in shapes.keys() if names is None else names & shapes.keys():
        if shapes[name] is not None and ground.overlapped(shapes[name], without=(name,)):
            known.overlapping.add(name)


@functools.lru_cache(maxsize=65_536)
def _shape(outline: str) -> Any:
    """The shape of an outline as its column has it; parsing them all each time would cost most."""
    return overlap.shape(json.loads(outline))


def _line(
    kind: str, one: Judged, row: Mapping[str, Any], required: Collection[str], known: _Known
) -> Waiting | None:
    """The line of a record; None where a decision on this version is in force."""
    verdicts = _verdicts(one.verdicts)
    if verdicts and ("rejected" in verdicts or "queried" not in verdicts):
        return None
    name = f"{kind}/{one.owner}/{one.id}"
    day = row[lookup.DAY_COLUMNS[kind]]
    before = known.kept.get(name)
    facts = Facts(
        kind,
        conflict=name in known.conflicts,
        pending=bool(one.unsettled) and name not in known.conflicts,
        missed=name in known.missed,
        over_claimed=name in known.over,
        overlaps=name in known.overlapping,
        decided="" if verdicts else one.before or "",
        signed=("changed", "approved")[one.signed] if one.signed >= 0 else "",
        asked=known.asked.get(name, "open" if verdicts else ""),
        unresolved=name in known.unresolved,
        odd_date=bool(before.reasons & _ODD) if before else name in known.odd,
        clock_doubt=bool(before.reasons & _DOUBT) if before else (one.stream, one.seq) in known.doubts,
        odd_quantity=_is_odd(row, known.lists),
        lacking=any(row[column] is None for column in required),
        unlisted=_is_unlisted(row, known.lists),
        remark=one.remarks > 0,
        uncertain=bool(row.get("certainty")),
        photos=name in known.shown or row.get("lot") in known.lots,
    )
    bits = attention.reasons(facts)
    line, pieces, m2 = _adds(kind, row, known.lists)
    return Waiting(
        kind, one.n, one.id, one.owner, day, one.at or "", bits, attention.severity(bits), line, pieces, m2,
        attention.draw(name, head_ids(one.heads)),
    )


_ODD, _DOUBT = attention.bit("odd_date"), attention.bit("clock_doubt")


def _verdicts(joined: str | None) -> set[str]:
    if not joined:
        return set()
    parts = [one.split(":") for one in joined.split(",")]
    return in_force([Verdict(verdict, frozenset(), stream, int(seq)) for verdict, stream, seq in parts], ())


def _is_odd(row: Mapping[str, Any], lists: Lists) -> bool:
    quantity = row.get("quantity")
    return quantity is not None and row.get("unit") in (None, "piece") and "category" in row and (
        quantity % 1 != 0 or needs_reading_back(quantity, row.get("model"), lists)
    )


def _is_unlisted(row: Mapping[str, Any], lists: Lists) -> bool:
    model, text = row.get("model"), row.get("model_text")
    return bool(model or text) and lists.item(model, text) is None


def _adds(kind: str, row: Mapping[str, Any], lists: Lists) -> tuple[str, int, float]:
    """What a record adds to the control totals: line, pieces, square metres."""
    if kind == "find":
        line = rollup(lists.category(row["category"], row["model"], row["model_text"]), lists)
        counted = line in PUBLIC_LINES and row["unit"] in (None, "piece") and row["quantity"] is not None
        return line, int(row["quantity"]) if counted else 0, 0.0
    if kind == "plot":
        return lists.vocabulary("release").rollup(row["release"] or "") or "", 0, float(row["area_m2"] or 0)
    return "", 0, 0.0


def fingerprint(counts: Iterable[waiting.Sum]) -> str:
    """A short word for the versions of all records that are counted: other versions have another."""
    counts = list(counts)
    return fingerprint_of((sum(one.records for one in counts), sum(one.draws for one in counts)))


def fingerprint_of(value: object) -> str:
    """A short word for a value: other values have another."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]
