"""What importing a bundle would do: who signed it, four numbers that add up, and only the rows to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations import control_totals, imports, records
from fieldapp.operations.browsing import Record
from fieldapp.operations.errors import RecordMissing
from fieldapp.operations.imports import Outcome
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.background import Cancelled, Report
from ui.models.shown import Shown, kind_of
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.cards import Card, Counts, PreviewNumbers, clear
from ui.widgets.labels import IconLabel, PlainLabel, secondary, title
from ui.widgets.table import Cell, Column, DataTable

_SENDERS = {
    "known": (N_("A laptop of this headquarters, its log unbroken. Addressed to this headquarters."), "shield-check",
              "ok"),
    "invited": (N_("First bundle of an invited laptop. Importing it enrols the laptop."), "key-round", "info"),
    "token_used": (N_("Its invitation was used by another laptop before. Its records are kept aside."), "shield",
                   "warn"),
    "revoked": (N_("This laptop was cut off. What it wrote later is kept aside."), "shield-x", "danger"),
}  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """A dry run, and the records it touches as they are here now."""

    path: Path
    outcome: Outcome
    before: Mapping[str, Record] = field(default_factory=dict)


@dataclass(frozen=True)
class LookAt:
    """One row to look at."""

    number: str
    field: str
    here: str
    bundle: str
    happens: Cell


def preview(ws: Workspace, path: Path, report: Report | None = None, stop: Cancelled | None = None) -> Preview:
    """What importing ``path`` would do; a refused file brings its reason, and nothing is written."""
    (outcome,) = imports.import_files(ws, [path], dry_run=True, progress=report, cancelled=stop)
    before = {}
    for conflict in outcome.conflicts:
        name = str(conflict["record"])
        try:
            before[name] = records.get(ws, name)
        except RecordMissing:
            continue
    return Preview(path, outcome, before)


def counts_of(outcome: Outcome) -> Counts:
    """The four numbers; they add up to the entries in the bundle."""
    refused = outcome.quarantined
    differ = min(outcome.differ, max(0, outcome.new - refused))
    return Counts(outcome.new - refused - differ, outcome.known, differ, refused)


class BundlePreview(QWidget):
    """The right side of the Inbox while a bundle is chosen."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._texts, self._shown = session.texts, Shown(session.texts, session.clock, session.current_lists)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.counts: Counts | None = None
        self.said: list[Banner] = []
        self.table: DataTable[LookAt] | None = None

    def show_preview(self, shown: Preview) -> None:
        """Show what would happen."""
        clear(self._column)
        self.said, self.table, self.counts = [], None, None
        outcome, texts = shown.outcome, self._texts
        if outcome.status == "refused":
            self._say(Banner("danger", texts(N_("Refused: {file}"), file=outcome.file), outcome.reason or ""))
            self._column.addStretch(1)
            return
        self._column.addWidget(self._signature(outcome))
        self.counts = counts_of(outcome)
        self._column.addWidget(PreviewNumbers(self.counts, texts))
        for banner in self._warnings(outcome):
            self._say(banner)
        rows = list(self._rows(shown))
        if rows:
            self._column.addWidget(self._look_at(rows), 1)
        else:
            self._say(self._nothing_to_look_at(outcome))
            self._column.addStretch(1)

    def _say(self, banner: Banner) -> None:
        self.said.append(banner)
        self._column.addWidget(banner)

    def _nothing_to_look_at(self, outcome: Outcome) -> Banner:
        texts = self._texts
        if outcome.status == "known":
            return Banner("ok", texts(N_("All of this is here already")), texts(N_("Importing it changes nothing.")))
        detail = texts(N_("Nothing is written before you press Import."))
        return Banner("ok", texts(N_("No record needs a look")), detail)

    def _signature(self, outcome: Outcome) -> Card:
        texts = self._texts
        said, icon, tone = _SENDERS.get(outcome.sender_state, _SENDERS["known"])
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(IconLabel(icon, 32, tone))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title(texts(N_("Signed by {sender}"), sender=outcome.sender_name)))
        words.addWidget(secondary(texts(said)))
        kinds = control_totals.by_kind(outcome.kinds, texts)
        totals = control_totals.compared(outcome.totals, outcome.totals_here, texts)
        photos = texts.plural(N_("{count} new photo"), N_("{count} new photos"), outcome.photos_new)
        for line in (*([kinds] if kinds else []), *([photos] if outcome.photos_new else []), *totals):
            words.addWidget(PlainLabel(line, wrap=True))
        row.addLayout(words, 1)
        card.body.addLayout(row)
        return card

    def _warnings(self, outcome: Outcome) -> Iterator[Banner]:
        texts = self._texts
        if outcome.pending:
            waits = texts.plural(
                N_("{count} entry waits for one that has not come"),
                N_("{count} entries wait for some that have not come"), outcome.pending,
            )  # fmt: skip
            yield Banner("warn", waits, texts(N_("They are kept and take effect once a later bundle closes the gap.")))
        if control_totals.fewer_here(outcome.totals, outcome.totals_here):
            yield Banner("warn", texts(N_("The control totals differ")), texts(control_totals.FEWER))
        if outcome.forked:
            first = texts(N_("Two machines write one log"))
            yield Banner("danger", first, texts(N_("Both are kept. Look under Laptops before you approve.")))
        if outcome.quarantined:
            aside = texts.plural(
                N_("{count} entry is kept aside"), N_("{count} entries are kept aside"), outcome.quarantined
            )
            yield Banner("warn", aside, texts(N_("It is passed on but does not count. Laptops lists the reasons.")))
        for sentence in outcome.refused_segments:
            yield Banner("danger", texts(N_("A part was refused")), sentence)

    def _rows(self, shown: Preview) -> Iterator[LookAt]:
        texts, display = self._texts, self._shown
        for conflict in shown.outcome.conflicts:
            name, group = str(conflict["record"]), str(conflict["group"])
            kind, before = kind_of(name), shown.before.get(name)
            readings = [display.group_value(kind, group, reading) for reading in conflict["readings"]]
            here = ""
            if before is not None and group in before.values:
                here = display.group_value(kind, group, before.values[group])
            number = display.number(before.fields if before else {}, name.rsplit("/", 1)[-1])
            named = kind.group_by_name.get(group)
            yield LookAt(
                number,
                display.field_name(named.fields[0]) if named else texts(N_("whole record")),
                here or "\u2013",
                "; ".join(reading for reading in readings if reading != here) or "\u2013",
                Cell(texts(N_("Shown: {value} until settled"), value=readings[0])),
            )

    def _look_at(self, rows: list[LookAt]) -> Card:
        texts = self._texts
        card = Card(
            texts.plural(N_("{count} record to look at"), N_("{count} records to look at"), len(rows)),
            texts(N_("Nothing is written before you press Import.")),
        )
        self.table = DataTable([
            Column(texts(N_("Record")), lambda row: row.number),
            Column(texts(N_("Field")), lambda row: row.field),
            Column(texts(N_("HQ has")), lambda row: row.here, stretch=True),
            Column(texts(N_("Bundle says")), lambda row: row.bundle, stretch=True),
            Column(texts(N_("What will happen")), lambda row: row.happens, stretch=True),
        ], rows)  # fmt: skip
        self.table.setMinimumHeight(120)
        card.body.addWidget(self.table, 1)
        return card
