"""``python -m tests.benchmarks.positions``: a position read from text and printed, against pygeodesy reading degrees.

The unit is one ``pygeodesy.dms.parse3llh`` of degrees, minutes and seconds, taken in turns with what is measured: about
23 us of an idle core, so 30 us are 1.3 units. The least of many turns counts: everything slower is the machine's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from pygeodesy import dms
from pyproj import Transformer

from fieldapp.geodesy.coordinates import FORMATS, format_position, parse
from tests.benchmarks.figure import Figure

REACH = 1.3
TURNS, CALLS = 60, 200
PLACE = (39.9911, 46.9300)
TYPED = {
    "39.9899 46.8988": "decimal degrees as they are typed",
    "40°07′24.4″N 46°59′26.1″E": "degrees, minutes, seconds",
    "38N 664771 4428553": "UTM",
    "38SPK6477128553": "MGRS",
    "SK-42 39.991187° N 46.931196° E": "SK-42 degrees",
    "4430226 8662280": "Gauss-Krueger, its system to be found",
    "X 4 430 226, Y 8 662 280": "Gauss-Krueger with labels and blanks",
    "CK-63 X 4415902 Y 3248574": "CK-63",
}
UNIT_TEXT = "40°07′24.4″N, 46°59′26.1″E"


def in_turns(work: Callable[[], object], unit: Callable[[], object]) -> tuple[float, float]:
    """The least CPU seconds of a call of ``work`` and of ``unit``."""
    least = [float("inf"), float("inf")]
    work()
    for _ in range(TURNS):
        for place, call in enumerate((work, unit)):
            begun = time.process_time()
            for _ in range(CALLS):
                call()
            least[place] = min(least[place], (time.process_time() - begun) / CALLS)
    return least[0], least[1]


def position_figures(_folder: Path) -> list[Figure]:
    """Every format read and printed; last the bare transform of a Gauss-Krueger pair, for which nothing is checked."""
    works: dict[str, Callable[[], object]] = {
        f"read: {name}": lambda text=text: parse(text)  # type: ignore[misc]
        for text, name in TYPED.items()
    }
    works |= {
        f"position printed as {how}": lambda how=how: format_position(*PLACE, how)  # type: ignore[misc]
        for how in FORMATS
    }
    figures = []
    for name, work in works.items():
        ours, unit = in_turns(work, lambda: dms.parse3llh(UNIT_TEXT))
        figures.append(Figure(name, ours / unit, REACH, f"pygeodesy's parse3llh; {ours * 1e6:.1f} us here"))
    bare = Transformer.from_crs("EPSG:28408", "EPSG:4326", always_xy=True)
    ours, unit = in_turns(lambda: bare.transform(8664942.0, 4430416.0), lambda: dms.parse3llh(UNIT_TEXT))
    figures.append(Figure("bare pyproj transform, for comparison", ours / unit, None, f"{ours * 1e6:.1f} us here"))
    return figures


if __name__ == "__main__":
    for figure in position_figures(Path()):
        print(figure.line(), flush=True)
