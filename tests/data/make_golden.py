"""Makes one set of golden files with the program as it stands; see README.md beside it. Sets are made once and kept.

    python -m tests.data.make_golden tests/data/format-2        (refuses a folder that exists)

A small deployment with every declared kind: ``hq`` and ``laptop`` are workspaces as they were *before* the two
bundles, ``to-hq.fieldbundle`` and ``to-team.fieldbundle``, came in; ``expected.json`` says what they hold before and
after, and what the bundles say.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fieldapp import ids
from fieldapp.domain.kinds import Field, FieldType, Group, Kind
from fieldapp.domain.registry import HQ_KINDS, KINDS
from fieldapp.domain.vocabulary import vocabulary
from fieldapp.operations import disposals, export, imports, photos, questions, records, review
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage.records import every_record
from tests.builders import Deployment, a_find, a_plot, deployment

WORKSPACE_FILES = ("records.db", "workspace.json", "workspace.key")
BY_HAND = frozenset("find plot disposal photo sign_off decision device team question answer".split())
"""Kinds that the day below writes as people do; all others are written with every field."""
OUTLINE = [[[{"lat": "40.02", "lon": "46.98"}, {"lat": "40.02", "lon": "46.9814"}, {"lat": "40.021", "lon": "46.98"}]]]
VALUES: Mapping[FieldType, Any] = {
    FieldType.TEXT: 'Əli, Ğ ı İ: Ъ \u2028 "quoted" <b>',
    FieldType.DECIMAL: "12.5",
    FieldType.AMOUNT: 3,
    FieldType.BOOLEAN: True,
    FieldType.DAY: "2024-07-30",
    FieldType.MOMENT: "2024-07-30T08:15:00Z",
    FieldType.DIGEST: "0f" * 32,
    FieldType.SHAPE: OUTLINE,
}


def held(ws: Workspace) -> dict[str, Any]:
    """All current records by name: values, heads, retracted, settled."""
    return {
        name: {"values": values, "heads": list(heads), "retracted": retracted, "settled": settled}
        for name, values, heads, retracted, settled in every_record(ws.store)
    }


def value_of(field: Field, find: str) -> Any:
    """A value that the field may have."""
    if field.type is FieldType.RECORD:
        return find
    if field.type is FieldType.INTEGER:
        return max(field.minimum or 0, 1)
    if field.type is FieldType.CODE:
        return vocabulary(field.vocabulary).codes[0] if field.vocabulary else "code"
    value = VALUES[field.type]
    return value[: field.max_length] if isinstance(value, str) else value


def group_value(group: Group, find: str) -> Any:
    """The value of a group with every member."""
    values = {field.key: value_of(field, find) for field in group.fields}
    return next(iter(values.values())) if group.bare else values


def whole_record(ws: Workspace, kind: Kind, owner: str, find: str) -> None:
    """Write a record of this kind in which every field has a value."""
    name = f"{kind.name}/{owner}/{ids.uuid7(ws.clock.now(), ws.entropy)}"
    write(ws, name, {group.name: group_value(group, find) for group in kind.groups})


def a_day(ws: Workspace, folder: Path) -> str:
    """What people do in a day, and a record of each kind a team may write; returns the first find."""
    find = a_find(ws, remarks="çəpərin yanında").name
    other = a_find(ws, model_text="TM-62M", quantity=2).name
    wrong = a_find(ws, model_text="a rusty tin", position=None).name
    disposals.add_disposal(ws, {"outcome": "destroyed_in_place"}, of=find)
    plot = a_plot(ws).name
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 golden")
    photos.add_photo(ws, folder / "photo.jpg", shows=find)
    records.correct(ws, other, {"quantity": 3, "depth_cm": 9}, "counted again")
    records.retract(ws, wrong, "scrap metal")
    review.sign_off(ws, [find, plot])
    for kind in KINDS.values():
        if kind.name not in BY_HAND | HQ_KINDS:
            whole_record(ws, kind, ws.team, find)
    return find


def headquarters_part(ws: Workspace, find: str) -> None:
    """Decisions, a question, a correction, and a record of each kind that only headquarters writes."""
    review.decide(ws, [find], "approved")
    questions.ask(ws, find, "PMN-2 və ya PMN-4?")
    records.correct(ws, find, {"depth_cm": 11}, "the sketch says 11 cm")
    for kind in KINDS.values():
        if kind.name in HQ_KINDS - BY_HAND:
            whole_record(ws, kind, "t7" if kind.name == "task" else "hq", find)


def kept(ws: Workspace, to: Path) -> dict[str, Any]:
    """Copy a workspace as it lies on disk; returns what it holds."""
    ws.store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    to.mkdir()
    for name in WORKSPACE_FILES:
        shutil.copyfile(ws.folder / name, to / name)
    if (ws.folder / "photos").is_dir():
        shutil.copytree(ws.folder / "photos", to / "photos")
    return held(ws)


def make(there: Deployment, out: Path, folder: Path) -> None:
    """Write the set."""
    lead, second = there.laptops["lead"], there.laptops["second"]
    for laptop in (lead, second):
        a_find(laptop)
        there.carry(laptop)
    for laptop in (lead, second):
        there.answer(laptop)
    expected: dict[str, Any] = {"hq": {"before": kept(there.hq, out / "hq")}}
    find = a_day(lead, folder)
    to_hq = export.export_for_hq(lead, there.stick).path
    shutil.copyfile(to_hq, out / "to-hq.fieldbundle")
    expected["laptop"] = {"before": kept(lead, out / "laptop")}
    taken = imports.import_file(there.hq, to_hq)
    expected["hq"] |= {"after": held(there.hq), "new": taken.new}
    headquarters_part(there.hq, find)
    to_team = export.export_for_team(there.hq, "t7", there.stick).path
    shutil.copyfile(to_team, out / "to-team.fieldbundle")
    taken = imports.import_file(lead, to_team)
    expected["laptop"] |= {"after": held(lead), "new": taken.new, "receipts": taken.receipts}
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (out / "expected.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def main(out: Path) -> None:
    """Make a set in ``out``, which must not be there yet."""
    out.mkdir()
    with tempfile.TemporaryDirectory() as name, deployment(Path(name), "lead", "second") as there:
        make(there, out, Path(name))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
