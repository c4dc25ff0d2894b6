"""Kills children that work on a workspace, and looks at what they left. Run by the tests as a program of its own.

    python -m tests.faults.killing save|export|import FOLDER KILLS SEED

A child is forked from this process, which has everything imported, so a kill costs milliseconds. It opens the
workspace, reports on a pipe what it was told is saved, and gets SIGKILL at a random moment: by the clock, or (export
and import) before a random statement to the database. Prints one JSON document.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from fieldapp.operations import export, finds, imports, lookup, photos, records, verifying
from fieldapp.operations.finds import FoundTogether
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage import ledger
from fieldapp.storage.database import Store
from fieldapp.storage.merged import state_hash
from tests.builders import a_find, a_plot, deployment
from tests.builders_faults import JPEG

LOT = ("TM-62M", "TM-57", "PMN")
"""Three lines that are saved as one lot: all or none."""
FULL_CHECK_EVERY = 25

Report = Callable[[str], None]
Work = Callable[[Report, int], None]
"""What a child does: it is given a way to report, and the statement before which it dies (0: the parent kills it)."""


@dataclass
class Result:
    """What came out: every list is empty where all is well."""

    kills: int = 0
    finished: int = 0
    """Children that were done before their kill came; these do not count as kills."""
    acknowledged: int = 0
    completed: int = 0
    """After how many children, killed or finished, the work turned out to be done: it had been committed."""
    problems: list[str] = field(default_factory=list)

    def expect(self, right: bool, what: str) -> None:
        """Note a problem unless ``right``."""
        if not right:
            self.problems.append(f"kill {self.kills}: {what}")


@dataclass
class Child:
    """A forked child and the lines it reports."""

    process: int
    reports: int
    text: bytes = b""
    over: bool = False

    def lines(self) -> list[str]:
        """Whole lines reported so far."""
        return self.text.decode().split("\n")[:-1]

    def listen(self, seconds: float | None) -> None:
        """Take what the child reports next, or nothing if it says nothing for ``seconds``."""
        if not self.over and select.select([self.reports], [], [], seconds)[0]:
            piece = os.read(self.reports, 65536)
            self.text += piece
            self.over = not piece

    def kill(self) -> bool:
        """SIGKILL, then everything that was reported before it came. False where the child was done before."""
        os.kill(self.process, signal.SIGKILL)
        _, status = os.waitpid(self.process, 0)
        while not self.over:
            self.listen(None)
        os.close(self.reports)
        return os.WIFSIGNALED(status)


@dataclass
class Moment:
    """How much there is to do, as far as is known: seconds, and statements to the database. Kills fall anywhere."""

    seconds: float = 0.02
    statements: float = 200

    def learn(self, by_statement: bool, killed: bool) -> None:
        """Look a little further while children are killed at work, and less far when one is done before."""
        factor = 1.005 if killed else 0.9
        if by_statement:
            self.statements *= factor
        else:
            self.seconds *= factor


def die_before(statement: int) -> None:
    """From now on this process is killed before its n-th statement to the database."""
    left = statement

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*arguments: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments)

        return instead

    for name in ("execute", "executemany", "rows"):
        setattr(Store, name, counted(getattr(Store, name)))


def child(work: Callable[[Report], None]) -> Child:
    """Start ``work`` in a child; it is given a way to report."""
    reads, writes = os.pipe()
    process = os.fork()
    if not process:
        os.close(reads)
        _be_a_child(work, writes)
    os.close(writes)
    return Child(process, reads)


def _be_a_child(work: Callable[[Report], None], writes: int) -> NoReturn:
    def report(line: str) -> None:
        os.write(writes, line.encode() + b"\n")

    try:
        work(report)
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - whatever it was, the parent must hear of it
        os.write(writes, f"error {error!r}\n".encode())
        os._exit(1)


def saves(folder: Path, kills: int, dice: random.Random) -> Result:
    """A1. One workspace through all kills; whatever was acknowledged at any time must be in it at the end."""
    result = Result()
    with deployment(folder, "laptop"):
        pass
    acknowledged: list[tuple[str, str]] = []
    while result.kills < kills:
        working = child(lambda report: _save_for_ever(folder / "laptop", report))
        wanted = dice.randint(1, 5)
        while len(working.lines()) < wanted and not working.over:
            working.listen(None)
        if dice.random() < 0.8:  # else at once: between two saves
            working.listen(dice.random() * 0.006)
        working.kill()
        result.kills += 1
        told = [line.split(" ") for line in working.lines()]
        result.expect(all(one[0] == "saved" for one in told), f"child: {working.text!r}")
        fresh = [(name, event) for _, name, event in told]
        acknowledged += fresh
        with open_workspace(folder / "laptop") as ws:
            everything = result.kills % FULL_CHECK_EVERY == 0 or result.kills == kills
            _look_at_saves(ws, result, acknowledged if everything else fresh, everything)
    result.acknowledged = len(acknowledged)
    return result


def _save_for_ever(folder: Path, report: Report) -> None:
    with open_workspace(folder) as ws:
        while True:
            find = a_find(ws)
            report(f"saved {find.name} {find.heads[0]}")
            lot = finds.add_lot(ws, FoundTogether({}, [{"model_text": one} for one in LOT]), position="40.1 47.1")
            for one in lot:
                report(f"saved {one.name} {one.heads[0]}")
            corrected = records.correct(ws, find.name, {"depth_cm": 7}, "measured again")
            report(f"saved {corrected.name} {max(corrected.heads, key=lambda head: head != find.heads[0])}")
            plot = a_plot(ws)
            report(f"saved {plot.name} {plot.heads[0]}")


def _look_at_saves(ws: Workspace, result: Result, acknowledged: list[tuple[str, str]], everything: bool) -> None:
    for name, event in acknowledged:
        result.expect(event in lookup.events_of(ws, name), f"acknowledged and not there: {name}")
    if not everything:
        return
    rows = lookup.rows(ws, "find")
    needed = ("local_id", "category", "quantity", "found_on", "lat", "lon")
    result.expect(all(row[name] is not None for row in rows for name in needed), "half a find")
    numbers = [row["local_id"] for row in rows]
    result.expect(len(numbers) == len(set(numbers)), "a number given twice")
    lots = [row["lot"] for row in rows if row["lot"]]
    result.expect(all(lots.count(lot) == len(LOT) for lot in set(lots)), "half a lot")
    result.expect(all(row["area_m2"] and row["outline"] for row in lookup.rows(ws, "plot")), "half a plot")
    result.problems += verifying.check(ws, read_data=True).problems


def exports(folder: Path, kills: int, dice: random.Random) -> Result:
    """A2, export: at any moment the stick holds nothing, a ``.part`` or a whole bundle, and a rerun carries all."""
    result = Result()
    with deployment(folder, "laptop") as there:
        a_find(there.laptops["laptop"])
        there.exchange(there.laptops["laptop"])
        stick = there.stick
    moment = Moment()
    while result.kills < kills:
        _empty(stick)
        with open_workspace(folder / "laptop") as laptop:
            name = a_find(laptop).name
            if dice.random() < 0.3:
                (folder / "photo.jpg").write_bytes(JPEG + dice.randbytes(40_000))
                photos.add_photo(laptop, folder / "photo.jpg", shows=name)
        _kill_within(result, dice, moment, _export(folder / "laptop", stick))
        with open_workspace(folder / "laptop") as laptop, open_workspace(folder / "hq") as hq:
            _look_at_export(result, laptop, hq, stick, name)
            if result.kills % FULL_CHECK_EVERY == 0:
                back = export.export_for_team(hq, "t7", stick)
                imports.import_file(laptop, back.path)
                for ws in (laptop, hq):
                    result.problems += verifying.check(ws, read_data=True).problems
    return result


def _export(folder: Path, stick: Path) -> Work:
    def work(report: Report, statement: int) -> None:
        with open_workspace(folder) as ws:
            report("ready")
            if statement:
                die_before(statement)
            export.export_for_hq(ws, stick)

    return work


def _look_at_export(result: Result, laptop: Workspace, hq: Workspace, stick: Path, name: str) -> None:
    found = sorted(path.name for path in stick.iterdir())
    whole = [stick / file for file in found if file.endswith(".fieldbundle")]
    result.expect(all(file.endswith((".part", ".fieldbundle")) for file in found), f"on the stick: {found}")
    result.expect(
        [one.status for one in imports.import_files(hq, whole, dry_run=True)] == ["imported"] * len(whole),
        "a bundle under its final name is not whole",
    )
    if records.whereabouts(laptop, [name])[name] != "here":
        result.completed += 1
        result.expect(len(whole) == 1, "shown as on a stick, and is on none")
    result.expect([*laptop.private.iterdir(), *laptop.bundles.glob("*.part")] == [], "temporaries left over")
    again = export.export_for_hq(laptop, stick)
    outcome = imports.import_file(hq, again.path)
    result.expect(outcome.new > 0 and not outcome.refused_segments, "the rerun was not taken")
    result.expect(records.whereabouts(laptop, [name])[name] == "stick", "the rerun was not noted")
    here, there = ({row.name: row.heads for row in lookup.rows(ws, "find")} for ws in (laptop, hq))
    result.expect(here == there, "headquarters does not have what the laptop has")
    result.expect(photos.missing_photos(hq) == [], "a photo did not come along")


def imported(folder: Path, kills: int, dice: random.Random) -> Result:
    """A2, import: after any kill headquarters is as before or as after, and a rerun makes it as after."""
    result = Result()
    with deployment(folder, "laptop") as there:
        laptop = there.laptops["laptop"]
        first = a_find(laptop).name
        there.exchange(laptop)
        for _ in range(20):
            a_find(laptop)
        records.correct(laptop, first, {"depth_cm": 7}, "measured again")
        a_plot(laptop)
        for _ in range(3):
            (folder / "photo.jpg").write_bytes(JPEG + dice.randbytes(30_000))
            photos.add_photo(laptop, folder / "photo.jpg", shows=first)
        bundle = export.export_for_hq(laptop, there.stick).path
        before = state_hash(there.hq.store)
    reference = folder / "reference"
    shutil.copytree(folder / "hq", reference)
    with open_workspace(reference) as ws:
        imports.import_file(ws, bundle)
        after = state_hash(ws.store)
    moment, trial = Moment(), folder / "trial"
    while result.kills < kills:
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(folder / "hq", trial)
        _kill_within(result, dice, moment, _import(trial, bundle))
        with open_workspace(trial) as ws:
            _look_at_import(result, ws, bundle, before, after)
    return result


def _import(folder: Path, bundle: Path) -> Work:
    def work(report: Report, statement: int) -> None:
        with open_workspace(folder) as ws:
            report("ready")
            if statement:
                die_before(statement)
            imports.import_file(ws, bundle)

    return work


def _look_at_import(result: Result, ws: Workspace, bundle: Path, before: str, after: str) -> None:
    found = state_hash(ws.store)
    noted = len(ledger.bundles(ws.store, "in"))
    result.expect((found, noted) in ((before, 1), (after, 2)), "half an import")
    result.expect(list(ws.private.iterdir()) == [], "plaintext left over")
    result.problems += verifying.check(ws, read_data=True).problems
    result.completed += found == after
    again = imports.import_file(ws, bundle)
    result.expect(again.status == ("known" if found == after else "imported"), f"the rerun says {again.status}")
    result.expect(state_hash(ws.store) == after, "the rerun gives another state")
    result.expect(photos.missing_photos(ws) == [], "a photo is missing after the rerun")
    result.problems += verifying.check(ws, read_data=True).problems


def _kill_within(result: Result, dice: random.Random, moment: Moment, work: Work) -> None:
    """Kill a child in the midst of its work: at a random time, or before a random statement to the database.

    Where the child was done first it is counted as finished, and the work has simply been done.
    """
    by_statement = dice.random() < 0.5
    statement = dice.randint(1, int(moment.statements)) if by_statement else 0
    working = child(lambda report: work(report, statement))
    working.listen(None)
    result.expect(working.lines()[:1] == ["ready"], f"child: {working.text!r}")
    working.listen(None if by_statement else dice.random() * moment.seconds)
    killed = working.kill()
    result.expect(working.lines() == ["ready"], f"child: {working.text!r}")
    moment.learn(by_statement, killed)
    if killed:
        result.kills += 1
    else:
        result.finished += 1


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


JOBS = {"save": saves, "export": exports, "import": imported}


def main(job: str, folder: str, kills: str, seed: str) -> None:
    """Run a job and print its result."""
    print(json.dumps(vars(JOBS[job](Path(folder), int(kills), random.Random(int(seed))))))


if __name__ == "__main__":
    main(*sys.argv[1:])
