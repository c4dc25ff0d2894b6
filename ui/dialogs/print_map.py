"""Sets up a sheet of the map, shows it small, and prints it or saves it as PDF or picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import system_name
from fieldapp.operations import map_sheet
from fieldapp.operations.map_sheet import SheetFacts, SheetSetup
from fieldapp.texts import N_, Texts
from ui import theme
from ui.background import Background, Cancelled, Report, Running
from ui.map.printing import OnScreen, Sheet
from ui.map.printing_base import SheetMaps
from ui.map.printing_files import Stopped, on_printer, pdf, picture, png
from ui.map.printing_grid import NONE
from ui.map.printing_paper import PAPERS, RESOLUTIONS, SCALES, picture_dpi
from ui.map.printing_words import Said
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import clear
from ui.widgets.choice import Option
from ui.widgets.fields import Field
from ui.widgets.frame import scrolled
from ui.widgets.labels import PlainLabel, secondary, title
from ui.widgets.pick import Pick
from ui.widgets.progress import Bar

_SETTLED_MS = 250
"""The small picture follows once nothing was typed for so long."""
_LONGEST = 120
_FORMS: dict[str, Callable[[Sheet, Report, Cancelled], bytes]] = {"pdf": pdf, "png": png}
_NO_PRINTER = N_("This computer knows no printer")
_NO_PRINTER_DO = N_("Save the sheet as PDF and print that on another computer, at its actual size.")


@dataclass(frozen=True)
class _Seen:
    """The small picture, and what is said of it."""

    image: QImage
    scale: int


class SheetPreview(QWidget):
    """A sheet made small, in the middle of its room."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumSize(360, 320)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(texts(N_("The sheet, made small")))

    def show_image(self, image: QImage) -> None:
        """Show this one."""
        self._image = image
        self.update()

    def image(self) -> QImage:
        """What is shown; a null image before the first."""
        return self._image

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it with an edge."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        share = min((self.width() - 4) / self._image.width(), (self.height() - 4) / self._image.height())
        wide, high = self._image.width() * share, self._image.height() * share
        box = QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)
        painter.setPen(theme.current().line)
        painter.drawRect(box.adjusted(-1, -1, 1, 1))
        painter.drawImage(box, self._image)
        painter.end()


class PrintMapDialog(QDialog):
    """One sheet. It draws with a worker of its own, so that saving records never waits for it."""

    def __init__(
        self, parent: QWidget, session: Session, on_screen: OnScreen, facts: SheetFacts, maps: SheetMaps
    ) -> None:
        super().__init__(parent)
        self._session, self._texts = session, session.texts
        self._on_screen, self._facts, self._maps = on_screen, facts, maps
        self._worker = Background()
        self._drawing: Running | None = None
        self._working: Running | None = None
        self.saved: Path | None = None
        """Where the last sheet was saved."""
        texts = self._texts
        self.setWindowTitle(texts(N_("Print the map")))
        self.setModal(True)
        self.resize(1240, 720)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._left: list[bool] = []
        """Filled once the worker has the files to let go."""
        left = self._left
        self.destroyed.connect(lambda: None if left else maps.close())
        self._make_inputs(facts.setup)
        self.preview = SheetPreview(texts)
        self.said = PlainLabel("", wrap=True)
        self._banner = QVBoxLayout()
        self._lay_out()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLED_MS)
        self._later.timeout.connect(self._preview)
        for one in self._inputs:
            one.changed.connect(lambda _text: self._later.start())
        self._show_busy(False)
        self._preview()
        self.heading.setFocus()

    def _make_inputs(self, setup: SheetSetup) -> None:
        texts = self._texts
        self.heading = Field(texts(N_("Title")))
        self.heading.line.setMaxLength(_LONGEST)
        self.heading.set_text(self._on_screen.title)
        self.classification = Field(texts(N_("Line at the top and bottom")))
        self.classification.line.setMaxLength(_LONGEST)
        self.classification.set_text(setup.classification)
        papers = [Option(paper.code, texts(paper.word)) for paper in PAPERS.values()]
        self.paper = Pick(texts(N_("Paper")), papers, texts)
        turned = [Option("landscape", texts(N_("landscape"))), Option("portrait", texts(N_("portrait")))]
        self.turned = Pick(texts(N_("Orientation")), turned, texts, per_row=2)
        scales = [Option(str(scale), texts(N_("1:{number}"), number=texts.number(scale))) for scale in SCALES]
        screen = Option("0", texts(N_("as on the screen")))
        self.scale = Pick(texts(N_("Scale")), [screen, *scales], texts)
        self.grid = Pick(texts(N_("Grid")), self._grids(), texts, per_row=1)
        dots = [Option(str(dpi), texts(N_("{count} dots per inch"), count=dpi)) for dpi in RESOLUTIONS]
        self.dpi = Pick(texts(N_("Pictures")), dots, texts, per_row=1)
        self.paper.set_text(setup.paper)
        self.turned.set_text("landscape" if setup.landscape else "portrait")
        self.grid.set_text(setup.grid or self._session.positions_in)
        self.dpi.set_text(str(setup.dpi))
        self._inputs = (self.heading, self.classification, self.paper, self.turned, self.scale, self.grid, self.dpi)

    def _grids(self) -> list[Option]:
        """The format this computer shows positions in, the ones that everybody reads, and no grid."""
        codes = dict.fromkeys((self._session.positions_in, "dd", "dm", "dms", "utm"))
        named = [Option(code, self._texts(system_name(code, self._session.frame))) for code in codes]
        return [*named, Option(NONE, self._texts(N_("no grid")))]

    def _lay_out(self) -> None:
        texts = self._texts
        inputs = QWidget()
        left = QVBoxLayout(inputs)
        left.setContentsMargins(0, 0, 10, 0)
        left.setSpacing(10)
        for one in self._inputs:
            left.addWidget(one)
        left.addWidget(secondary(texts(N_("What is filtered or switched off on the map is said on the sheet."))))
        left.addStretch(1)
        area = scrolled(inputs)
        area.setFixedWidth(470)
        right = QVBoxLayout()
        right.addWidget(self.preview, 1)
        right.addWidget(self.said)
        right.addLayout(self._progress())
        halves = QHBoxLayout()
        halves.setSpacing(20)
        halves.addWidget(area)
        halves.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(texts(N_("Print the map"))))
        column.addLayout(self._banner)
        column.addLayout(halves, 1)
        column.addLayout(self._foot())

    def _progress(self) -> QHBoxLayout:
        self.step, self.bar = PlainLabel(""), Bar()
        self.cancel = Button(self._texts(N_("Cancel")), "ban")
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout()
        row.addWidget(self.step)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        return row

    def _foot(self) -> QHBoxLayout:
        texts = self._texts
        self.leave = Button(texts(N_("Close")), "x")
        self.leave.clicked.connect(self.reject)
        self.print_it = Button(texts(N_("Print")), "printer")
        self.print_it.clicked.connect(self._ask_printer)
        self.as_picture = Button(texts(N_("Save as picture")), "image")
        self.as_picture.clicked.connect(lambda: self._ask_where("png"))
        self.as_pdf = PrimaryButton(texts(N_("Save as PDF")), "save")
        self.as_pdf.clicked.connect(lambda: self._ask_where("pdf"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        for one in (self.leave, self.print_it, self.as_picture, self.as_pdf):
            foot.addWidget(one)
        return foot

    def sheet(self) -> Sheet:
        """The sheet as it is set up now."""
        session, facts = self._session, self._facts
        setup = SheetSetup(
            " ".join(self.classification.text().split()), self.paper.text(), self.turned.text() == "landscape",
            self.grid.text(), int(self.dpi.text()),
        )  # fmt: skip
        sources = [layer.credit for layer in (*self._maps.layers, *self._on_screen.layers) if layer.credit]
        said = Said(facts, session.frame, session.clock.now(), self._on_screen.left_out,
                    tuple(dict.fromkeys(sources)))  # fmt: skip
        heading = " ".join(self.heading.text().split()) or self._texts(N_("Map"))
        return Sheet(self._on_screen, said, self._maps, setup, int(self.scale.text()), setup.grid, heading, self._texts)

    def _preview(self) -> None:
        """Draw the small picture anew; one that is under way is given up."""
        if self._working is not None:
            return
        if self._drawing is not None:
            self._drawing.cancel()
        sheet = self.sheet()
        room = max(self.preview.width(), 700), max(self.preview.height(), 520)
        ratio = self.devicePixelRatioF()
        per_px = min(side / of for side, of in zip(room, sheet.size, strict=True)) * ratio

        def draw(report: Report, stop: Cancelled) -> _Seen | None:
            try:
                return _Seen(picture(sheet, per_px, report, stop), sheet.plan.scale)
            except Stopped:
                return None

        self._drawing = self._worker.run(draw, self._show_preview)

    def _show_preview(self, seen: _Seen | None) -> None:
        if seen is None:
            return
        self.preview.show_image(seen.image)
        texts, paper = self._texts, PAPERS[self.paper.text()]
        self.said.setText(texts(
            N_("{paper}, scale 1:{number}. As a picture {dpi} dots per inch."), paper=texts(paper.word),
            number=texts.number(seen.scale), dpi=picture_dpi(paper, int(self.dpi.text())),
        ))  # fmt: skip

    def _ask_where(self, form: str) -> None:
        name = f"map-{self._session.clock.now().date().isoformat()}.{form}"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, self._texts(N_("Save the map")), str(map_sheet.free_name(Path.home() / name)), f"*.{form}",
            options=QFileDialog.Option.DontConfirmOverwrite,  # a file that is there is never written over
        )  # fmt: skip
        if chosen:
            self.save(form, Path(chosen))

    def save(self, form: str, path: Path) -> None:
        """Save the sheet as ``pdf`` or ``png``, beside a file of that name under the next number."""
        sheet, make = self.sheet(), _FORMS[form]
        named = path if path.suffix.lower() == f".{form}" else path.with_name(f"{path.name}.{form}")

        def write(report: Report, stop: Cancelled) -> Path | None:
            try:
                return map_sheet.write(named, make(sheet, report, stop))
            except Stopped:
                return None

        self._work(write, self._saved)

    def _saved(self, path: Path | None) -> None:
        self._ended()
        if path is not None:
            self.saved = path
            self._say(Banner("ok", self._texts(N_("Saved: {file}"), file=str(path))))

    def _ask_printer(self) -> None:
        if not QPrinterInfo.availablePrinterNames():
            self._say(Banner("warn", self._texts(_NO_PRINTER), self._texts(_NO_PRINTER_DO)))
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print the sheet at its true size."""
        sheet = self.sheet()

        def send(report: Report, stop: Cancelled) -> bool | None:
            try:
                return on_printer(sheet, printer, report, stop)
            except Stopped:
                return None

        self._work(send, self._printed)

    def _printed(self, taken: bool | None) -> None:
        self._ended()
        if taken is not None:
            self._say(
                Banner("ok", self._texts(N_("The sheet went to the printer"))) if taken
                else Banner("danger", self._texts(N_("The printer did not take the sheet")),
                            self._texts(_NO_PRINTER_DO))
            )  # fmt: skip

    def _work(self, op: Callable[[Report, Cancelled], object], done: Callable[..., None]) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
        clear(self._banner)
        setup = self.sheet().setup
        self._session.ask(lambda ws: map_sheet.keep(ws, setup), lambda _none: None)
        self._show_busy(True)
        self._working = self._worker.run(op, done, self._failed, self._report)

    def _report(self, step: str, done: int, total: int) -> None:
        self.step.setText(self._texts(step))
        self.bar.set_done(done, total)

    def _failed(self, error: OperatorError) -> None:
        self._ended()
        self._say(error_banner(error.parts(self._texts)))

    def _ended(self) -> None:
        self._working = None
        self._show_busy(False)

    def _cancel(self) -> None:
        if self._working is not None:
            self.cancel.setEnabled(False)
            self._working.cancel()

    def _show_busy(self, busy: bool) -> None:
        for one in (self.step, self.bar, self.cancel):
            one.setVisible(busy)
        self.said.setVisible(not busy)
        self.cancel.setEnabled(busy)
        for button in (self.print_it, self.as_picture, self.as_pdf):
            button.setEnabled(not busy)

    def _say(self, banner: Banner) -> None:
        clear(self._banner)
        self._banner.addWidget(banner)

    def is_busy(self) -> bool:
        """Whether something is drawn now."""
        return self._worker.is_busy() or self._later.isActive()

    def done(self, result: int) -> None:
        """Give up what is under way; the files of the base maps are let go by the worker that reads them."""
        self._later.stop()
        self._worker.cancel_all()
        self._left.append(True)
        maps = self._maps
        self._worker.run(lambda _report, _stop: maps.close())
        self._worker.close(wait=False)
        super().done(result)
