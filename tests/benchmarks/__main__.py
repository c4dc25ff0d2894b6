"""``python -m tests.benchmarks``: every figure as a ratio to a peer measured in the same run, before and after it."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from fieldapp.clock import SystemClock
from fieldapp.domain.segments import decode_segment
from fieldapp.ids import SystemEntropy
from fieldapp.operations import export, finds, headquarters, imports, joining
from fieldapp.operations.workspace import Workspace
from fieldapp.sync.bundle import BundleContent, PackedSegment, write_bundle
from fieldapp.sync.manifest import BundleId, Deployment
from tests.benchmarks import data, unit
from tests.benchmarks.figure import Figure, cpu, size_of
from tests.benchmarks.positions import position_figures
from tests.benchmarks.season_figures import SMALL, WHOLE, season_figures

CREATED = "2024-08-04T18:00:00Z"


def carried(hq: Workspace, segments: list[PackedSegment], keys: object, number: int, folder: Path) -> Path:
    """A carrier's bundle with these segments, as a file."""
    deployment = hq.deployment
    assert deployment is not None
    content = BundleContent(
        bundle=BundleId(f"bench-{number}", number), created=CREATED, app="0.1.0",
        deployment=Deployment(deployment.id, deployment.name), sender_name="benchmark", audience="hq",
        segments=segments,
    )
    recipients = [hq.keys.recipient, hq.meta("escrow")]
    return write_bundle(content, keys, recipients, folder / f"bench-{number}.fieldbundle").path  # type: ignore[arg-type]


def headquarters_with(laptops: list[data.Laptop], folder: Path) -> Workspace:
    """A headquarters that has enrolled these laptops."""
    hq = headquarters.set_up(folder / "hq", "Benchmark", folder / "escrow.txt", use_keyring=False)
    with hq.store.transaction():
        for laptop in laptops:
            headquarters.name_team(hq, laptop.team, laptop.team)
            headquarters.enrol(hq, laptop.keys.device, name=laptop.team, team=laptop.team,
                               signing_key=laptop.keys.signing_public, receiving_key=laptop.keys.recipient)
    return hq


def rows_of(segments: list[PackedSegment]) -> list[unit.Row]:
    """The unit's rows of the same finds."""
    rows = []
    for segment in segments:
        assert isinstance(segment.data, bytes)
        for line in decode_segment(segment.data)[1]:
            rows.append(unit.row_of(json.loads(line), segment.header.stream))
    return rows


def importing(count: int, folder: Path) -> list[Figure]:
    """Import of ``count`` events into an empty headquarters, the same again, 10,000 more, and bytes."""
    laptops = data.laptops()
    hq = headquarters_with(laptops, folder)
    try:
        segments = [s for laptop in laptops for s in data.packed(laptop, count // len(laptops))]
        rows = rows_of(segments)
        file = carried(hq, segments, laptops[0].keys, 1, folder)
        empty, before = size_of(hq.folder), unit.seconds(rows, folder)
        taken = cpu(lambda: imports.import_file(hq, file))
        one = (before + unit.seconds(rows, folder)) / 2
        again = cpu(lambda: imports.import_file(hq, file))
        hq.store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        stored = (size_of(hq.folder) - empty) / count
        name = f"{count:,} events"
        return [
            Figure(f"import of {name}", taken / one, 2.4, "unit of the same finds"),
            Figure(f"replay of {name}", again / one, 0.1, "unit of the same finds"),
            Figure(f"wire, {name}", file.stat().st_size / count, 70, "bytes an event"),
            Figure(f"stored, {name}", stored, 400, "bytes an event, all indexes"),
        ]
    finally:
        hq.close()


def exporting(count: int, folder: Path) -> list[Figure]:
    """Export of ``count`` own events from a laptop."""
    hq = headquarters.set_up(folder / "hq", "Benchmark", folder / "escrow.txt", use_keyring=False)
    headquarters.invite(hq, "t1", folder / "t1.fieldinvite")
    hq.close()
    laptop = joining.start_invited(folder / "t1", folder / "t1.fieldinvite", use_keyring=False)
    try:
        stick = folder / "stick"
        stick.mkdir()
        with laptop.store.transaction():
            for number in range(count):
                finds.add_find(laptop, {"category": "ap_mine", "depth_cm": number % 40},
                               position=f"39.{9_000 + number % 999} 46.8988")
        one_laptop = data.laptops(1)[0]
        rows = rows_of(list(data.packed(one_laptop, count)))
        before = unit.seconds(rows, folder)
        taken = cpu(lambda: export.export_for_hq(laptop, stick))
        one = (before + unit.seconds(rows, folder)) / 2
        return [Figure(f"export of {count:,} events", taken / one, None, "unit of as many finds")]
    finally:
        laptop.close()


def saving(count: int, folder: Path) -> list[Figure]:
    """A durable save of one find against one bare committed INSERT, taken in turns; medians of wall time."""
    laptop = joining.start_alone(folder / "alone", "Aysel", use_keyring=False, clock=SystemClock(),
                                 entropy=SystemEntropy())
    rows = rows_of(list(data.packed(data.laptops(1)[0], count)))
    ours, bare = [], []
    try:
        for start in range(0, count, 20):
            bare += unit.one_by_one(rows[start : start + 20], folder)
            for number in range(20):
                begun = time.perf_counter()
                finds.add_find(laptop, {"depth_cm": number}, model_text="pmn2", position="39.9899 46.8988")
                ours.append(time.perf_counter() - begun)
    finally:
        laptop.close()
    ratio = statistics.median(ours) / statistics.median(bare)
    return [Figure("durable save of a find", ratio, 3, "bare committed INSERT of the same row, wall")]


def main() -> None:
    """Run the benchmarks and print their table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--season", action="store_true", help="the whole season of 60 teams, not just a small one")
    chosen = parser.parse_args()
    works: list[Callable[[Path], list[Figure]]] = [position_figures, partial(saving, 200), partial(exporting, 10_000)]
    works += [partial(importing, events) for events in chosen.events]
    works.append(partial(season_figures, WHOLE if chosen.season else SMALL))
    for work in works:
        with tempfile.TemporaryDirectory(prefix="fieldapp-benchmark-") as folder:
            for figure in work(Path(folder)):
                print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
