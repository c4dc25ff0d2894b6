"""``python -m tests.benchmarks.taking_in <workspace> <file with names of bundles>``: import them, say what it took.

A process of its own, so that its memory is that of an import and of nothing else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from fieldapp.operations import imports
from fieldapp.operations.workspace import open_workspace


@dataclass(frozen=True)
class Taken:
    """What an import took, and what it did."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    """Resident memory at its highest."""
    before_mb: float
    """The same with everything imported and the workspace open, before the first bundle."""
    new: int
    known: int
    refused: int
    photos: int


def take_in(workspace: Path, files: list[Path], folder: Path) -> Taken:
    """Import the files in a process of its own; the workspace must be closed here."""
    names = folder / "bundles.json"
    names.write_text(json.dumps([str(file) for file in files]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.taking_in", str(workspace), str(names)],
        check=True, capture_output=True, text=True,
    )
    return Taken(**json.loads(done.stdout))


def _resident_mb(which: str) -> float:
    status = Path("/proc/self/status")
    if status.exists():  # what the parent had before the fork is not in here, as it is in ru_maxrss
        return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith(which))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Import and print ``Taken`` as JSON."""
    files = [Path(name) for name in json.loads(Path(sys.argv[2]).read_text())]
    with open_workspace(Path(sys.argv[1])) as ws:
        before = _resident_mb("VmRSS")
        start, start_cpu = time.perf_counter(), time.process_time()
        outcomes = imports.import_files(ws, files)
        wall, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    print(json.dumps({
        "wall_s": wall, "cpu_s": cpu, "peak_mb": _resident_mb("VmHWM"), "before_mb": before,
        "new": sum(one.new for one in outcomes), "known": sum(one.known for one in outcomes),
        "refused": sum((one.status == "refused") + len(one.refused_segments) for one in outcomes),
        "photos": sum(one.photos for one in outcomes),
    }))


if __name__ == "__main__":
    main()
