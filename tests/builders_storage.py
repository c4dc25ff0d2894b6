"""Stores, streams and deliveries for tests: real databases, real segments, and the reference model beside them."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.registry import DANGER, HQ_KINDS, RELEASE_KINDS
from fieldapp.domain.segments import SegmentHeader, encode_segment
from fieldapp.storage.database import Store, open_store
from fieldapp.storage.ingest import IncomingSegment

KEY = bytes(range(32))
PUBLIC_KEY = "A" * 43 + "="
ORACLE = Path(__file__).parent / "oracle"
Json = dict[str, Any]


def _load_oracle() -> Any:
    spec = importlib.util.spec_from_file_location("merge_oracle", ORACLE / "merge_oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = _load_oracle()
vectors: list[Json] = json.loads((ORACLE / "vectors.json").read_text(encoding="utf-8"))


def as_lists(scales: Any) -> Json:
    return {key: [(m, list(s) if isinstance(s, tuple) else s) for m, s in members] for key, members in scales.items()}


SCALES = oracle.DANGER | as_lists(DANGER)
"""The reference model's scales with the product's in their place."""


def reference(events: Iterable[Json], root: str) -> Json:
    """The reference model's result under the product's tables; what it refuses is left out."""
    result: Json = oracle.merge(list(events), root, SCALES, HQ_KINDS, RELEASE_KINDS)
    return result | {"refused": []}


def event(stream: str, seq: int, prev: str | None, record: str, changes: Json, **others: Any) -> Json:
    return {"stream": stream, "seq": seq, "prev": prev, "record": record, "parents": [], "set": changes} | others


def event_id(one: Json) -> str:
    return str(oracle.event_id(one))


def line_of(one: Json) -> bytes:
    return canonical({name: value for name, value in one.items() if name not in {"stream", "prev"}})


def segment_of(events: list[Json], audience: str = "hq") -> IncomingSegment:
    """An unsigned segment of consecutive events of one stream."""
    first, last = events[0], events[-1]
    header = SegmentHeader(audience, 0, first["seq"], PUBLIC_KEY, first["prev"], first["stream"])
    data = encode_segment(header, [line_of(one) for one in events])
    return IncomingSegment(first["stream"], first["seq"], last["seq"], first["prev"], event_id(last), data)


def pieces(events: Iterable[Json], dice: random.Random) -> list[IncomingSegment]:
    """All events cut into contiguous pieces of any length, some of them overlapping, in any order."""
    held = {event_id(one): one for one in events if not oracle.malformed(one)}
    after: dict[str | None, list[str]] = {}
    for i, one in held.items():
        after.setdefault(one["prev"], []).append(i)
    left = sorted(held)
    dice.shuffle(left)
    done: set[str] = set()
    cut: list[IncomingSegment] = []
    for i in left:
        if i in done and dice.random() < 0.8:
            continue
        run = [i]
        while dice.random() < 0.7:
            here = held[run[-1]]
            follows = [
                j for j in after.get(run[-1], ())
                if (held[j]["stream"], held[j]["seq"]) == (here["stream"], here["seq"] + 1)
            ]
            if not follows:
                break
            run.append(dice.choice(follows))
        done.update(run)
        cut.append(segment_of([held[j] for j in run]))
    dice.shuffle(cut)
    return cut


def deliveries(segments: list[IncomingSegment], dice: random.Random) -> Iterator[list[IncomingSegment]]:
    """The segments in one or several deliveries."""
    left = list(segments)
    while left:
        count = dice.randint(1, len(left))
        yield left[:count]
        left = left[count:]


def store_maker(folder: Path) -> Callable[[str], Store]:
    """Makes fresh stores quickly: one is made properly, the others are copies of it with their own root."""
    template = folder / "template.db"
    open_store(template, KEY, create=True, root="hq0").close()
    count = 0

    def make(root: str = "hq0") -> Store:
        nonlocal count
        count += 1
        path = folder / f"{count}.db"
        shutil.copyfile(template, path)
        store = open_store(path, KEY)
        if root != "hq0":
            store.set_meta("root", root)
        return store

    return make


def contents(store: Store) -> Json:
    """Everything that follows from the log, with streams by name and without the order of arrival."""
    names = dict(store.rows("SELECT n, id FROM stream"))
    found: Json = {}
    for layout in store.all_layouts():
        rows = store.rows(f'SELECT {layout.column_list} FROM "{layout.table}"')
        at = layout.columns.index("stream")
        found[layout.table] = sorted(repr((*row[:at], names[row[at]], *row[at + 1 :])) for row in rows)
    for table, stream in (("history", 2), ("quarantine", 2), ("conflict", None), ("pending", None), ("needing", None)):
        rows = store.rows(f"SELECT * FROM {table}")
        found[table] = sorted(
            repr(row if stream is None else tuple(names[v] if at == stream else v for at, v in enumerate(row)))
            for row in rows
        )
    return found
