"""One measured figure, and the small measures all benchmarks share."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured ratio, the figure to reach, and what it is a ratio of."""

    name: str
    value: float
    reach: float | None
    of: str

    def line(self) -> str:
        """The figure as a line of the table."""
        mark = " " if self.reach is None or self.value <= self.reach else "!"
        reach = f"reach {self.reach:g}" if self.reach else "no figure set"
        return f"{self.name:<44} {self.value:>9.2f} {mark} {reach:<14} {self.of}"


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def size_of(folder: Path) -> int:
    """Bytes of a workspace's database."""
    return sum(path.stat().st_size for path in folder.glob("records.db*"))
