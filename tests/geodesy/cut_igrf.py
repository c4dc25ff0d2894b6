"""Cuts IAGA's table of IGRF-14 to the years and degrees that ``fieldapp/geodesy/data/igrf14.txt`` ships.

``python tests/geodesy/cut_igrf.py IGRF14.shc > fieldapp/geodesy/data/igrf14.txt``
"""

from __future__ import annotations

import sys
from pathlib import Path

FIRST, LAST, DEGREE = 1965, 2010, 12


def cut(shc: str) -> str:
    """One line to each coefficient: n, m (negative: h), then its value in nT at each epoch kept."""
    lines = [line.split() for line in shc.splitlines() if line.strip() and not line.startswith("#")]
    epochs = lines[1]
    kept = [at for at, epoch in enumerate(epochs) if FIRST <= float(epoch) <= LAST]
    rows = [" ".join(["n", "m", *(epochs[at].removesuffix(".0") for at in kept)])]
    for n, m, *values in lines[2:]:
        if int(n) <= DEGREE:
            rows.append(" ".join([n, m, *(values[at] for at in kept)]))
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(cut(Path(sys.argv[1]).read_text(encoding="ascii")))
