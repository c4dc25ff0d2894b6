"""A headquarters with 60 laptops and 500,000 finds, disposals and plots, made by the import everybody uses.

``python -m tests.benchmarks.big_hq <folder>`` makes it to be looked at: the workspace is ``<folder>/hq``.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path

from fieldapp.clock import SetClock
from fieldapp.operations import imports
from fieldapp.operations.workspace import Workspace, is_workspace, open_workspace
from tests.benchmarks import season
from tests.benchmarks.season import Size
from tests.benchmarks.taking_in import take_in

WHOLE = Size(teams=60, days=150, finds_a_day=39, photos=300)
"""About 500,000 finds, disposals and plots, as many sign-offs, and headquarters' decisions on nearly all of them."""
SMALL = Size(teams=12, days=30, finds_a_day=10, photos=12)
LOST = (5, 9, 33)
"""Teams that a stick of is lost: their logs have gaps."""


def big_headquarters(folder: Path, size: Size = WHOLE) -> Workspace:
    """The headquarters in ``folder``, made if it is not there yet, with its clock set to the day after the season."""
    if not is_workspace(folder / "hq"):
        folder.mkdir(parents=True, exist_ok=True)
        hq, made = season.make(size, folder, lost=LOST)
        files = made.files
        hq.close()
        del made
        take_in(hq.folder, files, folder)
        shutil.rmtree(folder / "sticks")
        with open_workspace(hq.folder, clock=SetClock(size.end)) as hq:
            imports.import_files(hq, _refused(folder))
    return open_workspace(folder / "hq", clock=SetClock(size.end))


def _refused(folder: Path) -> list[Path]:
    """Files that are no bundles, as sticks hold them."""
    files = []
    for number in range(40):
        files.append(folder / f"broken-{number:02d}.fieldbundle")
        files[-1].write_bytes(b"age-encryption.org/v1\n" + bytes(number))
    return files


def main() -> None:
    """Make it and say how long it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.big_hq", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true", help="12 laptops and a few thousand records")
    chosen = parser.parse_args()
    start = time.perf_counter()
    big_headquarters(chosen.folder, SMALL if chosen.small else WHOLE).close()
    print(f"{chosen.folder / 'hq'} made in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
