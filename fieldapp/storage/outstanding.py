"""Which finds and disposals must be counted together, found by index, and which may leave something outstanding.

A find on its own that its own disposals end exactly leaves nothing, whatever the rules of counting; every other find is
counted with all that hangs on it: what lies in one lot, the disposals that name it, and those that name its tag.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.ids import RecordName
from fieldapp.storage.database import Store
from fieldapp.storage.listing import Filter, Row, select
from fieldapp.texts import fold

FOLDED = "lower(replace(replace(replace(replace(replace({0}, '-', ''), ' ', ''), '/', ''), '.', ''), '_', ''))"
"""What ``texts.fold`` makes of a text of ASCII letters, digits and these five marks."""
STRANGE = "{0} GLOB '*[^-A-Za-z0-9 /._]*'"
"""A text that has to be folded in Python: few tags are written so."""
_TAGGED = (("find", "local_id"), ("find", "lot"), ("disposal", "tag"))


@dataclass(frozen=True)
class ToCount:
    """Rows that have to be counted together."""

    finds: list[Row]
    disposals: list[Row]


@dataclass
class Seeds:
    """Where to begin: records by name, also retracted ones and such as are gone; lots as written; folded tags."""

    finds: set[RecordName] = field(default_factory=set)
    disposals: set[RecordName] = field(default_factory=set)
    lots: set[str] = field(default_factory=set)
    """Lots whose finds are looked at."""
    tags: set[str] = field(default_factory=set)
    """Tags whose disposals are looked at."""
    borne: set[str] = field(default_factory=set)
    """Tags whose finds and lots are looked at."""


def make_indexes(store: Store) -> None:
    """Indexes of tags as ``texts.fold`` has them; kept up by the database until the state is dropped."""
    for table, column in _TAGGED:
        folded, strange = FOLDED.format(column), STRANGE.format(column)
        name = f"folded_{table}_{column}"
        store.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({folded}) WHERE {column} IS NOT NULL")
        store.execute(f"CREATE INDEX IF NOT EXISTS {name}_strange ON {table} ({column}) WHERE {strange}")


def around(store: Store, seeds: Seeds) -> ToCount:
    """The present finds and disposals that are counted together with the seeds, and the seeds among them."""
    component = _Component(store)
    finds, disposals = component.closed(seeds)
    return ToCount(_by_number(store, "find", finds), _by_number(store, "disposal", disposals))


class _Component:
    """What hangs together, while it grows from its seeds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._finds: set[int] = set()
        self._disposals: set[int] = set()
        self._live: set[RecordName] = set()
        self._asked = Seeds()

    def closed(self, seeds: Seeds) -> tuple[set[int], set[int]]:
        """Numbers of the finds and disposals."""
        unsure: list[tuple[str | None, str]] = []
        new = seeds
        while new.finds or new.disposals or new.lots or new.tags or new.borne:
            more = Seeds()
            self._take_finds(new, more)
            for find, tag in unsure:  # a disposal that names a find here is not looked up by its tag
                if find not in self._live:
                    more.borne.add(tag)
            unsure = self._take_disposals(new, more)
            new = self._unasked(more)
            if unsure and not new.finds:
                new.borne |= {tag for find, tag in unsure if find not in self._live} - self._asked.borne
                self._asked.borne |= new.borne
                unsure = []
        return self._finds, self._disposals

    def _unasked(self, more: Seeds) -> Seeds:
        fresh = Seeds()
        for name in ("finds", "disposals", "lots", "tags", "borne"):
            asked: set[str] = getattr(self._asked, name)
            setattr(fresh, name, getattr(more, name) - asked)
            asked |= getattr(more, name)
        return fresh

    def _take_finds(self, new: Seeds, more: Seeds) -> None:
        store = self._store
        numbers = _of_names(store, "find", new.finds) | _equal(store, "find", "lot", new.lots)
        numbers |= alike(store, "find", "local_id", new.borne) | alike(store, "find", "lot", new.borne)
        rows = store.rows(
            "SELECT n, owner, id, local_id, lot FROM find WHERE retracted = 0"
            " AND n IN (SELECT value FROM json_each(?))", (json.dumps(sorted(numbers - self._finds)),)
        )  # fmt: skip
        for n, owner, i, local_id, lot in rows:
            self._finds.add(n)
            self._live.add(f"find/{owner}/{i}")
            more.finds.add(f"find/{owner}/{i}")
            if lot:
                more.lots.add(lot)
            more.tags |= {fold(text) for text in (local_id, lot) if text} - {""}

    def _take_disposals(self, new: Seeds, more: Seeds) -> list[tuple[str | None, str]]:
        store = self._store
        numbers = _of_names(store, "disposal", new.disposals) | _equal(store, "disposal", "find", new.finds)
        numbers |= alike(store, "disposal", "tag", new.tags)
        rows = store.rows(
            "SELECT n, find, tag FROM disposal WHERE retracted = 0 AND n IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(numbers - self._disposals)),),
        )
        self._disposals |= {n for n, _, _ in rows}
        more.finds |= {find for _, find, _ in rows if find}
        return [(find, folded) for _, find, tag in rows if tag and (folded := fold(tag))]


def alike(store: Store, table: str, column: str, folded: Collection[str]) -> set[int]:
    """Numbers of the rows whose text folds to one of these; by the indexes of ``make_indexes`` where they are made."""
    if not folded:
        return set()
    found = _numbers(
        store, f"SELECT n FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - our own names
        f" AND {FOLDED.format(column)} IN (SELECT value FROM json_each(?))", sorted(folded),
    )  # fmt: skip
    odd = store.rows(f"SELECT n, {column} FROM {table} WHERE {STRANGE.format(column)}")  # noqa: S608
    return found | {n for n, text in odd if fold(text) in folded}


def beginning(store: Store, folded: str, limit: int) -> list[int]:
    """Numbers of the first present finds whose tag, folded, begins with a text."""
    key = FOLDED.format("local_id")
    usual = store.rows(
        f"SELECT n FROM find WHERE local_id IS NOT NULL AND {key} >= ? AND {key} < ? AND retracted = 0"  # noqa: S608
        f" ORDER BY {key} LIMIT ?", (folded, f"{folded}\U0010ffff", limit),
    )
    odd = store.rows(f"SELECT n, local_id FROM find WHERE {STRANGE.format('local_id')} AND retracted = 0")  # noqa: S608
    found = [n for (n,) in usual] + [n for n, text in odd if fold(text).startswith(folded)]
    return list(dict.fromkeys(found))[:limit]


@dataclass(frozen=True)
class Outcomes:
    """Codes of disposal outcomes by what the rules of counting make of them."""

    ending: Sequence[str]
    """Nothing dangerous is left."""
    destroyed: Sequence[str]
    neutralised: Sequence[str]
    """Neutralised and still there to be destroyed: what is destroyed later may be the same item."""


OUTCOME_NAMES = ("ending", "destroyed", "neutralised")
"""Names of these, as statements bind them."""


ENDED = """coalesce(f.found_on <= :until AND f.quantity = CAST(f.quantity AS INTEGER) AND f.quantity = (
  SELECT CASE WHEN
    total(d.done_on IS NULL OR d.quantity IS NULL OR d.quantity <> CAST(d.quantity AS INTEGER)
      OR coalesce(d.unit, 'piece') <> coalesce(f.unit, 'piece')) = 0
    AND (total(d.outcome IN (SELECT value FROM json_each(:neutralised))) = 0
      OR f.lot IS NULL AND total(d.outcome IN (SELECT value FROM json_each(:destroyed))) = 0)
    THEN sum(d.quantity) FILTER (WHERE d.done_on <= :until
      AND d.outcome IN (SELECT value FROM json_each(:ending))) END
  FROM disposal d WHERE d.find = 'find/' || f.owner || '/' || f.id AND d.retracted = 0), 0)"""
"""Do its own disposals end exactly what was found as ``f``? Bound: ``until`` and ``OUTCOME_NAMES``."""
_UNTOUCHED = """NOT EXISTS (
  SELECT 1 FROM disposal d WHERE d.find = 'find/' || f.owner || '/' || f.id AND d.retracted = 0)"""
_SIMPLE = """coalesce(f.lot IS NULL AND f.found_on IS NOT NULL AND f.quantity > 0
  AND f.quantity = CAST(f.quantity AS INTEGER) AND coalesce(f.unit, 'piece') = 'piece'
  AND f.category IN (SELECT key FROM json_each(:lines)) AND f.place IN (SELECT key FROM json_each(:places))
  AND """ + _UNTOUCHED + ", 0)"  # noqa: S608 - our own names
_LOOSE = """
SELECT d.owner, d.id FROM disposal d WHERE d.retracted = 0 AND (d.find IS NULL OR NOT EXISTS (
  SELECT 1 FROM find f WHERE f.retracted = 0
  AND f.owner = substr(d.find, 6, instr(substr(d.find, 6), '/') - 1)
  AND f.id = substr(substr(d.find, 6), instr(substr(d.find, 6), '/') + 1)))
"""


@dataclass(frozen=True)
class Codes:
    """What simple finds count as: line by category, district by place. Other finds are counted one by one."""

    lines: Mapping[str, str] = field(default_factory=dict)
    uncounted: Collection[str] = ()
    """Categories that stand on no line."""
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def bound(self) -> dict[str, str]:
        """For a statement."""
        return {"lines": json.dumps(dict(self.lines)), "places": json.dumps(dict(self.places))}


def to_count(store: Store, outcomes: Outcomes, until: str, codes: Codes) -> ToCount:
    """The finds that may have something left or too much at the end of a day, and all that is counted with them.

    Simple finds of ``codes``, to which nothing was done, are left out where nothing else is counted with them.
    """
    bound = {name: json.dumps(list(getattr(outcomes, name))) for name in OUTCOME_NAMES}
    rows = store.rows(
        f"SELECT f.owner, f.id FROM find f WHERE f.retracted = 0 AND NOT {_SIMPLE} AND NOT {ENDED}"  # noqa: S608
        # nothing was done to it, and it stands on no line or had not been found: it adds nothing to the others
        f" AND NOT ({_UNTOUCHED} AND (coalesce(f.category IN (SELECT value FROM json_each(:uncounted)), 0)"
        " OR f.lot IS NULL AND coalesce(f.found_on > :until, 0)))",
        {**bound, **codes.bound, "until": until, "uncounted": json.dumps(list(codes.uncounted))},
    )
    loose = {f"disposal/{owner}/{i}" for owner, i in store.rows(_LOOSE)}
    return around(store, Seeds({f"find/{owner}/{i}" for owner, i in rows}, loose))


_DEPENDING = {
    "models": (
        "SELECT owner, id FROM find WHERE retracted = 0 AND coalesce(category, '') = ''",
        "SELECT owner, id FROM disposal WHERE retracted = 0 AND coalesce(category, '') = ''",
    ),
    "tasks": ("SELECT owner, id FROM find WHERE retracted = 0 AND coalesce(place, '') = '' AND task <> ''", ""),
    "teams": (
        "",
        """SELECT owner, id FROM disposal WHERE retracted = 0 AND (
        other_team IS NOT NULL OR find IS NULL OR substr(find, 1, length(owner) + 6) <> 'find/' || owner || '/')""",
    ),
}


def depending(store: Store, on: str) -> tuple[set[RecordName], set[RecordName]]:
    """Finds and disposals that may count otherwise when ``models``, the places of ``tasks`` or ``teams`` change."""
    finds, disposals = (
        {f"{kind}/{owner}/{i}" for owner, i in store.rows(sql)} if sql else set()
        for kind, sql in zip(("find", "disposal"), _DEPENDING[on], strict=True)
    )
    return finds, disposals


def simple_finds(store: Store, codes: Codes, counted: Iterable[int], into: str) -> None:
    """Run ``into`` (an INSERT) over the simple finds but those of the numbers ``counted``.

    It is given id, owner, number, district, line, day and quantity, under these names from ``simple``.
    """
    store.execute(
        "WITH line(code, line) AS MATERIALIZED (SELECT key, value FROM json_each(:lines)),"  # noqa: S608
        " area(code, district) AS MATERIALIZED (SELECT key, value FROM json_each(:places)),"
        " simple AS (SELECT f.id, f.owner,"
        " coalesce(nullif(f.local_id, ''), 'find/' || f.owner || '/' || f.id) AS number, area.district, line.line,"
        " f.found_on AS day, CAST(f.quantity AS INTEGER) AS quantity"
        " FROM find f CROSS JOIN line ON line.code = f.category CROSS JOIN area ON area.code = f.place"
        f" WHERE f.retracted = 0 AND {_SIMPLE} AND f.n NOT IN (SELECT value FROM json_each(:counted))) {into}",
        {**codes.bound, "counted": json.dumps(sorted(counted))},
    )


def _of_names(store: Store, kind: str, names: Collection[RecordName]) -> set[int]:
    ids = sorted({name.rsplit("/", 1)[-1] for name in names})
    rows = store.rows(
        f"SELECT n, owner, id FROM {kind} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608 - our names
        (json.dumps(ids),),
    ) if ids else []  # fmt: skip
    return {n for n, owner, i in rows if f"{kind}/{owner}/{i}" in names}


def _equal(store: Store, table: str, column: str, values: Collection[str]) -> set[int]:
    return _numbers(
        store, f"SELECT n FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", sorted(values)  # noqa: S608
    )


def _numbers(store: Store, sql: str, values: Collection[str]) -> set[int]:
    return {n for (n,) in store.rows(sql, (json.dumps(list(values)),))} if values else set()


def _by_number(store: Store, kind: str, numbers: Collection[int]) -> list[Row]:
    return select(store, kind, Filter(equal={"n": sorted(numbers)}), order="n") if numbers else []
