"""``python -m tests.benchmarks.pages <folder>``: first page of every list of a large headquarters, and its window.

Each line: median and 95th percentile of the wall time, median of the CPU time, and the median wall time as a ratio to
``SELECT ... LIMIT 100`` by key on the same database, measured in the same run before and after. Lists whose first page
takes over 50 ms are marked: ``!`` where its CPU time alone does, ``?`` where only the wall time of this run does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.clock import SetClock
from fieldapp.operations import attention, browsing, conflicts, inbox, laptops, odd_dates, post_desk, questions, reports
from fieldapp.operations.browsing import NO_POSITION, Wanted
from fieldapp.operations.workspace import Workspace
from tests.benchmarks.big_hq import SMALL, WHOLE, big_headquarters
from ui import theme
from ui.pages import pages_for
from ui.pages.inbox_reading import read_taken
from ui.pages.laptops import read_fleet
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.table import DataTable

REACH_MS = 50.0
"""First page of every list (design, section 11)."""
_TURNS = 15
_WINDOW_TURNS = 5
_UNTIL_SOMETHING = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
"""A window sleeps until its worker reports: asking without end would take the CPU time that is measured."""
_LONG_MS = 5_000
"""What takes longer is measured once only."""


@dataclass(frozen=True)
class Timed:
    """How long one thing takes, in milliseconds of wall time."""

    name: str
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    """Median of this process's CPU time: what another process on the same core does not change."""
    is_list: bool = True
    """Must its first page stand within ``REACH_MS``?"""

    def line(self, bare_ms: float) -> str:
        """As a line of the table."""
        mark = "!" if self.cpu_ms > REACH_MS else "?" if self.p50_ms > REACH_MS else " "
        figures = f"{self.p50_ms:>9.1f} {self.p95_ms:>9.1f} {self.cpu_ms:>9.1f} ms"
        return f"{self.name:<42} {figures} {mark if self.is_list else ' '} {self.p50_ms / bare_ms:>9.1f}"


def timed(name: str, work: Callable[[], object], *, is_list: bool = True, once: bool = False) -> Timed:
    """Time a call several times, after once that is not counted; or ``once`` only."""
    cold = _once_ms(work)
    if once or cold[0] > _LONG_MS:
        return _of(name, [cold], is_list=is_list)
    return _of(name, [_once_ms(work) for _ in range(_TURNS)], is_list=is_list)


Took = tuple[float, float]
"""Milliseconds of wall and of CPU time."""


def _of(name: str, taken: list[Took], *, is_list: bool) -> Timed:
    wall = sorted(one[0] for one in taken)
    p95 = wall[min(len(wall) - 1, round(len(wall) * 0.95))]
    return Timed(name, statistics.median(wall), p95, statistics.median(one[1] for one in taken), is_list)


def _now() -> Took:
    return time.perf_counter() * 1000, time.process_time() * 1000


def _since(start: Took) -> Took:
    now = _now()
    return now[0] - start[0], now[1] - start[1]


def _once_ms(work: Callable[[], object]) -> Took:
    start = _now()
    work()
    return _since(start)


def bare_ms(ws: Workspace) -> float:
    """The peer: a hundred rows by key, whole."""
    largest = ws.store.rows("SELECT max(n) FROM find")[0][0]
    sql = "SELECT * FROM find WHERE n <= ? ORDER BY n DESC LIMIT 100"
    return timed("bare", lambda: ws.store.rows(sql, (largest,))).p50_ms


def lists(ws: Workspace) -> Iterator[Timed]:
    """What the pages ask of headquarters' lists, first pages as the pages ask for them."""
    newest = browsing.part(ws, Wanted()).lines[0].row.name
    yield timed("records, newest", lambda: browsing.part(ws, Wanted()))
    yield timed("records, plots only", lambda: browsing.part(ws, Wanted(("plot",))))
    yield timed("finds without a position", lambda: browsing.part(ws, NO_POSITION))
    yield timed("records that hold a rare word", lambda: browsing.part(ws, Wanted(text="T7-00017")))
    yield timed("how many records (after the list)", lambda: browsing.count(ws, Wanted()), is_list=False)
    yield timed("how many finds have no position", lambda: browsing.count(ws, NO_POSITION), is_list=False)
    yield timed("one record opened", lambda: browsing.open_record(ws, newest))
    yield timed("taken in before, unanswered, refused", lambda: read_taken(ws))
    yield timed("unanswered laptops", lambda: post_desk.unanswered(ws))
    yield timed("laptops, logs, gaps", lambda: laptops.laptops(ws))
    yield timed("laptops as the page reads them", lambda: read_fleet(ws))
    yield timed("kept aside", lambda: inbox.quarantined(ws))
    yield timed("odd dates (after the laptops)", lambda: odd_dates.odd_dates(ws), is_list=False)
    yield timed("differences", lambda: conflicts.part(ws))
    yield timed("questions not closed", lambda: questions.threads(ws, states=("open", "answered"), limit=60))
    yield timed("list of what waits, made from nothing", lambda: attention.page(ws), is_list=False, once=True)
    yield timed("records that need a look", lambda: attention.page(ws))
    yield timed("records without remarks", lambda: attention.page(ws, plain=True))
    yield timed("records without remarks, a week", lambda: attention.page(ws, _last_week(ws), plain=True))
    yield timed("what waits, counted, with the sample", lambda: attention.overview(ws), is_list=False)
    yield from _reports(ws)


def _last_week(ws: Workspace) -> attention.Scope:
    first, last = reports.week_of(ws.clock.now().date() - timedelta(days=21))
    return attention.Scope(since=first.isoformat(), until=last.isoformat())


def _reports(ws: Workspace) -> Iterator[Timed]:
    today = ws.clock.now().date()
    first, last = reports.week_of(today - timedelta(days=21))
    yield timed("week a report opens on", lambda: reports.opening_week(ws, today), is_list=False)
    yield timed("weekly report", lambda: reports.weekly(ws, first, last), is_list=False)


def windows(session: Session) -> Iterator[Timed]:
    """Each page of headquarters made new and shown: until its first rows stand there, and until it is done."""
    for made in pages_for("hq"):
        turns = [_opened(session, made)]
        while len(turns) < _WINDOW_TURNS and turns[0][1][0] < _LONG_MS:
            turns.append(_opened(session, made))
        yield _of(f"page {made.key}, first rows", [one[0] for one in turns], is_list=True)
        yield _of(f"page {made.key}, everything", [one[1] for one in turns], is_list=False)


def _opened(session: Session, made: type[Page]) -> tuple[Took, Took]:
    page = made(session)
    page.resize(1266, 640)
    page.show()
    page.grab()
    while session.background.is_busy():
        QApplication.processEvents(_UNTIL_SOMETHING)
    start = _now()
    page.refresh()
    first: Took | None = None
    while session.background.is_busy() or first is None:
        QApplication.processEvents(_UNTIL_SOMETHING)
        if first is None and (_has_rows(page) or not session.background.is_busy()):
            page.grab()
            first = _since(start)
    done = _since(start)
    page.close()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return first, done


def _has_rows(page: QWidget) -> bool:
    return any(table.rows.rowCount() for table in page.findChildren(DataTable))


def measure(folder: Path, *, small: bool = False) -> Iterator[str]:
    """The lines of the table as they are measured, for the headquarters in ``folder``, made where it is missing."""
    size = SMALL if small else WHOLE
    with big_headquarters(folder, size) as ws:
        bare = bare_ms(ws)
        yield f"{'':<42} {'p50':>9} {'p95':>9} {'CPU':>9}      x bare LIMIT 100"
        yield from (one.line(bare) for one in lists(ws))
        yield f"bare SELECT ... LIMIT 100: {bare:.2f} ms before, {bare_ms(ws):.2f} ms after"
    app = QApplication.instance() or QApplication(["fieldapp"])
    assert isinstance(app, QApplication)
    theme.apply(app, "sun")
    session = Session(SetClock(size.end))
    session.open(big_headquarters(folder, size))
    try:
        yield from (one.line(bare) for one in windows(session))
    finally:
        session.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="holds the headquarters (hq), or will; else a temporary")
    parser.add_argument("--small", action="store_true", help="12 laptops and a few thousand records")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fieldapp-benchmark-") as temporary:
        for line in measure(chosen.folder or Path(temporary), small=chosen.small):
            print(line, flush=True)


if __name__ == "__main__":
    main()
