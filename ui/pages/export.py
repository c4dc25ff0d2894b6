"""Export to a stick: choose it, write with progress, and "safe to unplug" once everything was read back.

For headquarters, or for the team: the lead's laptop collects from the others, and takes receipts back to them.
What headquarters answers, and what team mates wrote, is taken in here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import answers, export, flat_files, list_news, today
from fieldapp.operations.answers import Answers
from fieldapp.operations.export import Exported
from fieldapp.operations.today import Places
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.background import Cancelled, Report, Running
from ui.models.shown import Shown
from ui.pages.folder_choice import FolderChoice
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, InfoRow, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.progress import ProgressPanel, SafeToUnplug

PACK, WRITE, READ_BACK = N_("Pack and seal"), N_("Write to the stick"), N_("Read back and compare")
STEPS = (PACK, WRITE, READ_BACK)
OPEN, TAKE_OVER = N_("Open and check"), N_("Take over")
STEP_OF = {"measure": PACK, "pack": PACK, "write": WRITE, "read back": READ_BACK}
"""Steps as the bundle's writer names them, to the steps shown."""
READ_STEP_OF = {"open": OPEN, "import": TAKE_OVER}
"""The same for reading a bundle."""


class ExportPage(Page):
    """Everything since headquarters' last receipt, to a stick or folder; plain files on a laptop without one."""

    key = "export"
    title = N_("Export to stick")
    icon = "usb"
    in_rail = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._running: Running | None = None
        self.choice = FolderChoice(session, self.texts(N_("Which stick or folder")))
        self.choice.chosen.connect(lambda _folder: self._show_ready())
        self.inside = Card(self.texts(N_("What goes on it")))
        self._inside_rows = QVBoxLayout()
        self._inside_rows.setSpacing(14)
        self.inside.body.addLayout(self._inside_rows)
        self.inside.body.addStretch(1)
        self.back = Button(self.texts(N_("Back to the day")), "calendar-days")
        self.back.clicked.connect(lambda: self.go.emit("day", None))
        self.take_in = Button(self.texts(N_("Take in a file")), "download")
        self.take_in.clicked.connect(self._take_in)
        self.write = PrimaryButton(self.texts(N_("Write to the stick")), "usb")
        self.write.clicked.connect(self._start)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.write.click)
        self.panel: ProgressPanel | None = None
        self.safe: SafeToUnplug | None = None
        self.problem: Banner | None = None
        self.said: Banner | None = None
        """What taking in a file brought."""
        self._places: Places | None = None
        self._alone = not (session.about and session.about.deployment)
        self.whom = _for_whom(self.texts)
        self.whom.setVisible(not self._alone)
        self.whom.changed.connect(lambda _code: self.refresh())
        self._choosing = QWidget()
        every = QVBoxLayout(self._choosing)
        every.setContentsMargins(0, 0, 0, 0)
        every.setSpacing(14)
        every.addWidget(self.whom)
        row = QHBoxLayout()
        every.addLayout(row, 1)
        row.setSpacing(14)
        row.addWidget(self.choice, 1)
        row.addWidget(self.inside, 1)
        self._above = QVBoxLayout()
        self.column.addLayout(self._above)
        self.column.addWidget(self._choosing, 1)
        self._show_ready()

    def refresh(self) -> None:
        """See which sticks are in, and what is to go on them."""
        if self._running is None and self.safe is None:
            self.choice.look()
            self.session.ask(today.places, self._show_inside)

    def _show_inside(self, places: Places) -> None:
        self._places = places
        clear(self._inside_rows)
        texts, number = self.texts, self.texts.number
        if self._alone:
            rows = [
                InfoRow("table", texts(N_("finds.csv and plots.geojson")),
                        texts(N_("for spreadsheets and maps; this laptop has no headquarters to write a bundle for"))),
            ]  # fmt: skip
        elif self.whom.text() == "team":
            rows = [
                InfoRow("repeat", texts(N_("What the team's other laptops lack")),
                        texts(N_("records of the whole team; each laptop takes each once"))),
                InfoRow("shield-check", texts(N_("HQ's last receipts and decisions")),
                        texts(N_("as HQ signed them")), tone="ok"),
                InfoRow("camera", texts(N_("No photos")), texts(N_("they go to HQ"))),
            ]  # fmt: skip
        else:
            rows = [
                InfoRow("laptop", texts(N_("On this laptop only")), texts(N_("since the last export")),
                        number(places.here), "warn"),
                InfoRow("repeat", texts(N_("Written before, no receipt yet")),
                        texts(N_("sent again on purpose; HQ takes each once")), number(places.stick), "info"),
                InfoRow("shield-check", texts(N_("Safe at HQ")), texts(N_("by HQ's receipt; not sent again")),
                        number(places.hq), "ok"),
            ]  # fmt: skip
        for row in rows:
            self._inside_rows.addWidget(row)

    def foot_line(self) -> tuple[str, str, str]:
        """What stays where."""
        return self.texts(N_("Records stay on this laptop, also after HQ's receipt.")), "shield-check", "ok"

    def foot_actions(self) -> Sequence[QWidget]:
        """Back, take in and write while there is something to choose."""
        if self._running is not None or self.safe is not None:
            return ()
        return (self.back, self.write) if self._alone else (self.back, self.take_in, self.write)

    def _show_ready(self) -> None:
        for button in (self.write, self.take_in):
            button.setEnabled(self.choice.folder() is not None and self._running is None)

    def _start(self) -> None:
        folder = self.choice.folder()
        if folder is None or self._running is not None:
            return
        self._clear_above()
        self.panel = ProgressPanel(
            self.texts, self.session.clock, STEPS,
            self.texts(N_("If the stick is pulled now, nothing is lost here: it only has to be written again.")),
        )  # fmt: skip
        self._above.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignTop)
        self._choosing.hide()
        if self._alone:
            self._running = self.session.work(
                lambda ws, _report, _stop: _plain_files(ws, folder), self._files_written, self._failed
            )
        else:
            write = _to_team if self.whom.text() == "team" else _to_hq
            self._running = self.session.work(
                lambda ws, report, stop: write(ws, folder, report, stop), self._written, self._failed, self._progress
            )
        self.panel.cancelled.connect(self._running.cancel)
        self.panel.report(PACK, 0, 0)
        self.frame_changed.emit()

    def _take_in(self) -> None:
        folder = self.choice.folder()
        if folder is None or self._running is not None:
            return
        self._clear_above()
        said = self.texts(N_("If the stick is pulled now, nothing is taken over and nothing is lost."))
        self.panel = ProgressPanel(self.texts, self.session.clock, pulled=said)
        self._above.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignTop)
        self._choosing.hide()
        self._running = self.session.work(
            lambda ws, report, stop: answers.take_in(ws, folder, progress=report, cancelled=stop),
            self._taken_in, self._failed, self._read_progress,
        )  # fmt: skip
        self.panel.cancelled.connect(self._running.cancel)
        self.frame_changed.emit()

    def _read_progress(self, step: str, done: int, total: int) -> None:
        if self.panel is not None:
            self.panel.report(READ_STEP_OF.get(step, step), done, total)

    def _taken_in(self, found: Answers) -> None:
        texts = self.texts
        self._running = None
        self._clear_above()
        if found.taken:
            safe = texts.plural(
                N_("{count} more record is safe at HQ."), N_("{count} more records are safe at HQ."), found.safe
            )
            entries = sum(one.new for one in found.taken)
            new = texts.plural(N_("{count} new entry taken over"), N_("{count} new entries taken over"), entries)
            alarms = [alarm for one in found.taken for alarm in one.alarms]
            lists = list_news.sentences(list_news.together(one.lists for one in found.taken), texts)
            age = [self._age(found.taken[-1].headquarters_at)] if found.taken[-1].headquarters_at else []
            said = "\n".join((safe, new, *self._changed(found), *lists, *age, *alarms))
            self.said = Banner("warn" if alarms else "ok", texts(N_("Taken in")), said, icon="shield-check")
        else:
            reasons = "\n".join(f"{one.file}: {one.reason}" for one in found.others)
            nothing = texts(N_("There is no file for this team here"))
            self.said = Banner("warn", nothing, reasons)
        self._above.addWidget(self.said)
        self._choosing.show()
        self._show_ready()
        self.frame_changed.emit()
        self.back.setFocus()

    def _changed(self, found: Answers) -> list[str]:
        """What headquarters changed is never taken over in silence (M6)."""
        names = {name for one in found.taken for name in one.hq_changed}
        said = self.texts.plural(
            N_("HQ changed {count} record. Today shows it."), N_("HQ changed {count} records. Today shows them."),
            len(names),
        )  # fmt: skip
        return [said] if names else []

    def _age(self, at: str) -> str:
        shown = Shown(self.texts, self.session.clock, self.session.current_lists)
        return self.texts(N_("Newest file of headquarters here: {moment}."), moment=shown.moment(at))

    def _progress(self, step: str, done: int, total: int) -> None:
        if self.panel is not None:
            self.panel.report(STEP_OF.get(step, step), done, total)

    def _written(self, done: Exported) -> None:
        texts = self.texts
        size = sum(one.size for one in (done, *done.parts))
        parts = texts.plural(N_("{count} file with photos"), N_("{count} files with photos"), len(done.parts))
        missing = done.photos_written < done.photos_wanted
        self._finish([
            texts(
                N_("{file}: {records}, {photos}, {size}"), file=done.path.name,
                records=texts.plural(N_("{count} entry"), N_("{count} entries"), done.events),
                photos=texts.plural(N_("{count} photo"), N_("{count} photos"), done.photos_written),
                size=Shown(texts, self.session.clock, self.session.current_lists).size(size),
            ),
            *([parts] if done.parts else []),
            *([export.photo_share(done, texts)] if missing else []),
            *([texts(N_("Export to another stick: it goes on with the photos that follow."))] if missing else []),
            texts(N_("Not safe at HQ yet: that is so once HQ's receipt comes back.")),
        ])  # fmt: skip

    def _files_written(self, names: list[str]) -> None:
        self._finish([self.texts(N_("Written: {files}"), files=", ".join(names))])

    def _finish(self, lines: Sequence[str]) -> None:
        self._running = None
        self._clear_above()
        self.safe = SafeToUnplug(self.texts, lines)
        self.safe.dismissed.connect(self._dismiss)
        self._above.addWidget(self.safe)
        self.frame_changed.emit()
        self.safe.done.setFocus()

    def _dismiss(self) -> None:
        self._clear_above()
        self._choosing.show()
        self._show_ready()
        self.go.emit("day", None)

    def _failed(self, error: OperatorError) -> None:
        self._running = None
        self._clear_above()
        self.problem = error_banner(error.parts(self.texts))
        if error.code == "cancelled":
            self.problem.say("warn", *_two(error.parts(self.texts)))
        self._above.addWidget(self.problem)
        self._choosing.show()
        self._show_ready()
        self.frame_changed.emit()
        self.refresh()

    def _clear_above(self) -> None:
        clear(self._above)
        self.panel = self.safe = self.problem = self.said = None


def _for_whom(texts: Texts) -> Choice:
    options = [Option("hq", texts(N_("For headquarters"))), Option("team", texts(N_("For the team")))]
    choice = Choice("", options, filled=True)
    choice.setAccessibleName(texts(N_("For")))
    choice.set_text("hq")
    return choice


def _two(parts: tuple[str, str, str]) -> tuple[str, str]:
    return parts[0], " ".join(part for part in parts[1:] if part)


def _to_hq(ws: Workspace, folder: Path, report: Report, stop: Cancelled) -> Exported:
    return export.export_for_hq(ws, folder, progress=report, cancelled=stop)


def _to_team(ws: Workspace, folder: Path, report: Report, stop: Cancelled) -> Exported:
    return export.export_for_team(ws, ws.team, folder, progress=report, cancelled=stop)


def _plain_files(ws: Workspace, folder: Path) -> list[str]:
    names = []
    for kind, form in (("find", "csv"), ("plot", "csv"), ("plot", "geojson")):
        name = f"{kind}s.{form}"
        flat_files.export(ws, kind, form, folder / name)
        names.append(name)
    return names
