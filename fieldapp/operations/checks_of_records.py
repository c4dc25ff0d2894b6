"""Clearance checks over a whole workspace, at sign-off, and of what an import brought. They report, nothing else."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from fieldapp.domain import checks as rules
from fieldapp.domain.checks import Finding, finding
from fieldapp.domain.kinds import FieldType
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.registry import KINDS
from fieldapp.ids import RecordName
from fieldapp.operations import checks, explaining, lookup
from fieldapp.operations.checks_measures import number_of
from fieldapp.operations.checks_of_finds import Grounds, of_finds, of_named, of_rows
from fieldapp.operations.checks_of_plots import of_areas, of_plots
from fieldapp.operations.explaining import Alarm
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import coverage, listing, space, told
from fieldapp.storage.listing import Filter, Row
from fieldapp.sync.errors import Cancelled
from fieldapp.texts import N_, Texts, fold

Progress = Callable[[str, int, int], None]
Stopped = Callable[[], bool]

MOST_NEW = 2_000
"""So many new finds are checked as part of their import; of more, the whole workspace is checked when asked."""
MOST_NEW_PLOTS = 300
_LOOKED_AT = ("find", "plot", "hazardous_area")
NUMBERED = ("find", "plot", "hazardous_area", "accident")
"""Kinds whose number is indexed."""
_AT_ONCE = 2_000
_NAMED = 20
"""So many records are named where one code or spelling stands in many."""
_SPELLED = {
    "find": ("found_by", "model_text"), "disposal": ("model_text",), "plot": (), "accident": (),
}
"""Texts that people type again and again, by kind: the same one spelled in two ways is worth knowing."""

_STEPS = {
    "finds": N_("Checking finds"), "plots": N_("Checking plots"), "areas": N_("Checking areas and tasks"),
    "lists": N_("Checking numbers, dates and codes"),
}


def of_records(
    ws: Workspace, progress: Progress | None = None, cancelled: Stopped | None = None, language: str = ""
) -> list[Finding]:
    """What may be wrong with any record here, the more serious first. Raises Cancelled."""
    texts = Texts(language or ws.language)

    def stepping(name: str, kinds: Sequence[str]) -> Callable[[int], None]:
        total = sum(coverage.last_row(ws.store, kind) for kind in kinds)

        def step(done: int) -> None:
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(texts(_STEPS[name]), min(done, total), total)

        step(0)
        return step

    found = _missed(explaining.all_open(ws))
    found += of_finds(ws, 0, stepping("finds", ["find"]))
    found += of_plots(ws, stepping("plots", ["plot"]))
    step = stepping("areas", ["hazardous_area", "task"])
    found += itertools.chain(of_areas(ws, "hazardous_area", step), of_areas(ws, "task", step))
    stepping("lists", [])
    found += itertools.chain(_numbers(ws), _dates(ws), _busy_days(ws), _codes(ws), _spellings(ws))
    return rules.in_order(found)


def of_named_records(ws: Workspace, names: Sequence[RecordName]) -> list[Finding]:
    """What may be wrong with these records: what a leader sees before signing off."""
    return rules.in_order([*_missed(explaining.open_among(ws, names)), *_of_named(ws, names)])


def _of_named(ws: Workspace, names: Sequence[RecordName]) -> list[Finding]:
    """All but the missed items."""
    found = list(of_named(ws, names))
    present = {name: row for name, row in lookup.rows_of(ws, names).items() if not row["retracted"]}
    for name, row in present.items():
        found += _of_ground(ws, name, row)
    return [*found, *_of_words(ws, present)]


def _of_ground(ws: Workspace, name: RecordName, row: Row) -> list[Finding]:
    """What may be wrong with the outline of a plot or recorded area, its own name first in every finding."""
    said: list[Finding] = []
    if row.kind == "plot":
        said = checks.of_saved_plot(ws, row)
    elif row.kind == "hazardous_area" and row["outline"]:
        said = checks.of_area(ws, row["outline"], row, name)
    return [
        Finding(one.rule, one.severity, one.records if name in one.records else (name, *one.records), one.place,
                one.facts)
        for one in said if one.rule not in ("no_number", "blank_number")
    ]  # fmt: skip


def _of_words(ws: Workspace, rows: Mapping[RecordName, Row]) -> Iterator[Finding]:
    """Numbers, dates and codes of these records, as of the whole workspace; a number is told with the later record."""
    coded = {kind: _coded(ws.lists, kind) for kind in {row.kind for row in rows.values()}}
    for name, row in rows.items():
        kind = KINDS[row.kind]
        if "local_id" in kind.by_name and (said := rules.of_number(row["local_id"], known=True)) is not None:
            yield finding(said.rule, (name,))
        if (day := lookup.DAY_COLUMNS.get(row.kind)) is not None and row[day] is None:
            yield finding("no_date", (name,), field=f"{row.kind}.{day}")
        for field, known in coded[row.kind].items():
            if (code := row[field]) is not None and code not in known:
                yield finding("unknown_code", (name,), field=f"{row.kind}.{field}", value=code, count=1)
    for kind_name in NUMBERED:
        its = {row["n"]: (name, str(row["local_id"])) for name, row in rows.items()
               if row.kind == kind_name and row["local_id"]}  # fmt: skip
        earlier = told.earlier_with_number(ws.store, kind_name, {n: number for n, (_, number) in its.items()})
        for n, other in earlier.items():
            name, number = its[n]
            yield finding("same_number", (name, other), number=number.strip(), other=_called(ws, other))


def _missed(alarms: Sequence[Alarm]) -> list[Finding]:
    """The missed items that nobody has explained."""
    return [finding("missed_item", one.pair[:2], None, other=one.plot_number) for one in alarms]


def marks(ws: Workspace) -> dict[str, int]:
    """How far finds, plots and recorded areas go now: what comes behind is new (``of_new``)."""
    return {kind: coverage.last_row(ws.store, kind) for kind in _LOOKED_AT}


def of_new(ws: Workspace, since: dict[str, int], changed: Sequence[RecordName] = ()) -> list[Finding] | None:
    """What may be wrong with finds, plots and recorded areas that came behind these marks or were ``changed``.

    Missed items are not among it: their own alarm says them. None where there are too many to look at while somebody
    waits.
    """
    now = marks(ws)
    touched = [name for name in changed if name.split("/")[0] in _LOOKED_AT]
    most = {"find": MOST_NEW}
    if any(now[kind] - since[kind] > most.get(kind, MOST_NEW_PLOTS) for kind in now) or len(touched) > MOST_NEW_PLOTS:
        return None
    found: list[Finding] = []
    rows, last = space.finds_after(ws.store, since["find"], MOST_NEW)
    found += of_rows(ws, rows, last, Grounds(ws))
    new = {row.name: row for row in rows}
    found += _of_words(ws, lookup.rows_of(ws, new))
    drawn = [row.name for kind in ("plot", "hazardous_area") for row in listing.select(
        ws.store, kind, Filter(between={"n": (since[kind] + 1, None)}), order="n"
    )]  # fmt: skip
    named = [*drawn, *(name for name in touched if name not in {*new, *drawn})]
    return rules.in_order(found + _of_named(ws, named))


def counted(found: Sequence[Finding] | None) -> dict[str, int]:
    """How many findings of each severity there are; nothing where nobody looked."""
    return dict(Counter(one.severity for one in found or ()))


def to_look_at(counts: Mapping[str, int] | None) -> int:
    """How many of the counted findings want somebody's eyes: all but the notes."""
    return sum(count for severity, count in (counts or {}).items() if severity != "note")


def called(ws: Workspace, found: Sequence[Finding]) -> list[str]:
    """The number of the first record of each finding, as people call it; empty for a finding about none."""
    first = [one.records[0] if one.records else "" for one in found]
    numbers: dict[RecordName, str] = {}
    wanted = sorted({name for name in first if name})
    for start in range(0, len(wanted), _AT_ONCE):
        rows = lookup.rows_of(ws, wanted[start : start + _AT_ONCE])
        numbers |= {name: number_of(row) for name, row in rows.items()}
    return [numbers.get(name, name) for name in first]


def _numbers(ws: Workspace) -> Iterator[Finding]:
    """Numbers that two records of one kind share once blanks are off, and records without one."""
    for kind in KINDS.values():
        if "local_id" not in kind.by_name:
            continue
        for number, names in told.same_numbers(ws.store, kind.name):
            if not number:
                continue
            for name in names[1:]:
                yield finding("same_number", (name, names[0]), number=number, other=_called(ws, names[0]))
        for name, typed in told.without_number(ws.store, kind.name):
            said = rules.of_number(typed, known=True)
            if said is not None:
                yield finding(said.rule, (name,))


def _called(ws: Workspace, name: RecordName) -> str:
    row = lookup.rows_of(ws, [name]).get(name)
    return f"{number_of(row)} ({row['owner']})" if row is not None else name


def _dates(ws: Workspace) -> Iterator[Finding]:
    for kind, column in lookup.DAY_COLUMNS.items():
        for name in told.lacking(ws.store, kind, column):
            yield finding("no_date", (name,), field=f"{kind}.{column}")


def _busy_days(ws: Workspace) -> Iterator[Finding]:
    most = int(rules.MOST_FINDS_AN_HOUR * rules.WORKING_HOURS)
    for owner, day, count, example in told.busy_days(ws.store, most):
        yield finding("many_finds", (f"find/{owner}/{example}",), day=day, count=count, hours=rules.WORKING_HOURS)


def _codes(ws: Workspace) -> Iterator[Finding]:
    """Codes that no list here knows, each once with the first records that hold it."""
    for kind in KINDS.values():
        known = _coded(ws.lists, kind.name)
        held: dict[tuple[str, str], list[RecordName]] = {}
        for owner, i, codes in listing.outside(ws.store, kind.name, known):
            for name, code in zip(known, codes, strict=True):
                if code is not None:
                    held.setdefault((name, str(code)), []).append(f"{kind.name}/{owner}/{i}")
        for (name, code), names in held.items():
            yield finding("unknown_code", names[:_NAMED], field=f"{kind.name}.{name}", value=code, count=len(names))


def _coded(lists: Lists, kind: str) -> dict[str, Collection[str]]:
    """The codes that are known, by each field of a kind that holds one."""
    fields = [one for one in KINDS[kind].fields if one.type is FieldType.CODE and one.vocabulary]
    return {one.name: lists.vocabulary(one.vocabulary or "").by_code for one in fields}


def _spellings(ws: Workspace) -> Iterator[Finding]:
    """Texts that differ by case, blanks and signs alone: the rarer spelling is told."""
    for kind, columns in _SPELLED.items():
        for column in columns:
            alike: dict[str, list[tuple[int, str, RecordName]]] = {}
            for (text, owner), records, example in listing.tally(
                ws.store, kind, (column, "owner"), Filter(filled=(column,))
            ):
                alike.setdefault(fold(text) or text, []).append((records, text, f"{kind}/{owner}/{example}"))
            for many in alike.values():
                counts = Counter[str]()
                for records, text, _ in many:
                    counts[text] += records
                usual = max(counts, key=lambda text: (counts[text], text))
                for text in counts.keys() - {usual}:
                    names = [name for _, spelled, name in many if spelled == text][:_NAMED]
                    yield finding("similar_values", names, field=f"{kind}.{column}", value=text, other=usual)
