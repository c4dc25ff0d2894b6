"""A sheet as a picture, as a PDF and on a printer, for a worker. ``Stopped`` leaves nothing behind."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from fieldapp.texts import N_
from ui.background import Cancelled, Report
from ui.map.printing import Sheet
from ui.map.printing_base import Checkpoint
from ui.map.printing_paper import PAPERS, PX_PER_INCH, picture_dpi

READING, DRAWING, FINISHING = N_("Reading the base maps"), N_("Drawing the sheet"), N_("Finishing the file")
STEPS = (READING, DRAWING, FINISHING)
_PDF_DPI = round(10 * PX_PER_INCH)
"""Ten units to a pixel of the sheet: positions are whole numbers of them."""
_MM_PER_M = 1000


class Stopped(Exception):
    """Somebody cancelled."""


def picture(sheet: Sheet, per_px: float, report: Report, stop: Cancelled) -> QImage:
    """The sheet with so many pixels to each of its own. Raises Stopped."""
    width, height = (round(side * per_px) for side in sheet.size)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    base = sheet.base_picture(per_px * PX_PER_INCH, _checkpoint(READING, report, stop))
    painter = QPainter(image)
    try:
        painter.scale(per_px, per_px)
        sheet.draw(painter, base, _checkpoint(DRAWING, report, stop))
    finally:
        painter.end()
    return image


def png(sheet: Sheet, report: Report, stop: Cancelled) -> bytes:
    """The sheet as a PNG file that says its resolution and its title. Raises Stopped."""
    dpi = picture_dpi(PAPERS[sheet.setup.paper], sheet.setup.dpi)
    image = picture(sheet, dpi / PX_PER_INCH, report, stop)
    per_metre = round(dpi / 25.4 * _MM_PER_M)
    image.setDotsPerMeterX(per_metre)
    image.setDotsPerMeterY(per_metre)
    image.setText("Title", sheet.title)
    _checkpoint(FINISHING, report, stop)(0, 0)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise RuntimeError("a picture in memory could not be written as PNG")
    return bytes(buffer.data().data())


def pdf(sheet: Sheet, report: Report, stop: Cancelled) -> bytes:
    """The sheet as a PDF of one page: lines and letters, pictures only of base maps. Raises Stopped."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    base = sheet.base_picture(sheet.setup.dpi, _checkpoint(READING, report, stop))
    writer = QPdfWriter(buffer)
    writer.setPageLayout(page_layout(sheet))
    writer.setResolution(_PDF_DPI)
    writer.setTitle(sheet.title)
    writer.setCreator("fieldapp")
    painter = QPainter(writer)
    try:
        painter.scale(_PDF_DPI / PX_PER_INCH, _PDF_DPI / PX_PER_INCH)
        sheet.draw(painter, base, _checkpoint(DRAWING, report, stop))
        _checkpoint(FINISHING, report, stop)(0, 0)
    finally:
        painter.end()
    buffer.close()
    return bytes(data.data())


def on_printer(sheet: Sheet, printer: QPrinter, report: Report, stop: Cancelled) -> bool:
    """Print the sheet at its true scale; False where the printer does not take it on its paper.

    Raises Stopped, and then nothing is printed.
    """
    base = sheet.base_picture(sheet.setup.dpi, _checkpoint(READING, report, stop))
    layout = page_layout(sheet)
    printer.setPageLayout(layout)
    printer.setFullPage(True)
    if not printer.pageLayout().pageSize().isEquivalentTo(layout.pageSize()):
        return False  # on other paper the scale would be a lie, or the edges missing
    printer.setDocName(sheet.title)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    try:
        painter.scale(printer.logicalDpiX() / PX_PER_INCH, printer.logicalDpiY() / PX_PER_INCH)
        sheet.draw(painter, base, _checkpoint(DRAWING, report, stop))
    except Stopped:
        printer.abort()
        raise
    finally:
        painter.end()
    return printer.printerState() != QPrinter.PrinterState.Error


def page_layout(sheet: Sheet) -> QPageLayout:
    """Size and orientation of the paper, without margins of its own: the sheet has them."""
    turned = QPageLayout.Orientation.Landscape if sheet.setup.landscape else QPageLayout.Orientation.Portrait
    page = QPageSize(PAPERS[sheet.setup.paper].page)
    return QPageLayout(page, turned, QMarginsF(0, 0, 0, 0))


def _checkpoint(step: str, report: Report, stop: Cancelled) -> Checkpoint:
    def reached(done: int, total: int) -> None:
        if stop():
            raise Stopped
        report(step, done, total)

    return reached
