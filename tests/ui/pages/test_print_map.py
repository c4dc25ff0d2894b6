"""Printing the map from its page: the dialog, its small picture, files that are whole or not there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.operations import base_maps
from tests import builders
from tests.builders import a_find, a_plot
from tests.builders_tiles import REAL
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.map import pdf_read
from tests.ui.pages.desk import CTRL, Desk
from tests.ui.pages.on_map import page_of
from ui.dialogs.print_map import PrintMapDialog
from ui.forms.typed_outline import TypedLine
from ui.map.drawing_outline import spot_of
from ui.map.filters import FilterPanel
from ui.map.tool_panels import LayersPanel
from ui.widgets.banner import Banner


@pytest.fixture
def laid(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A laptop with two finds, a plot and a base map."""
    ws = builders.alone(tmp_path / "laptop")
    a_find(ws, position="40.0200 46.9800")
    a_find(ws, model_text="TM-62M", position="40.0205 46.9805")
    a_plot(ws)
    base_maps.add(ws, REAL, title="Whitney")
    made = Desk(qtbot, tmp_path / "laptop", ws)
    made.open("map")
    yield made
    made.close()


def printing(desk: Desk) -> PrintMapDialog:
    """The dialog over the page, its small picture drawn."""
    page_of(desk).printing.button.click()
    desk.settle()
    dialog = page_of(desk).findChildren(PrintMapDialog)[-1]
    quiet(desk, dialog)
    return dialog


def quiet(desk: Desk, dialog: PrintMapDialog) -> None:
    """Wait until nothing is drawn any more."""
    desk.qtbot.waitUntil(lambda: not dialog.is_busy(), timeout=30_000)
    desk.settle()


def told(dialog: PrintMapDialog) -> str:
    """The first line of what the dialog says above the sheet."""
    return dialog.findChildren(Banner)[-1].words()[0]


def saved(desk: Desk, dialog: PrintMapDialog, form: str, path: Path) -> Path:
    """Save it and wait."""
    dialog.save(form, path)
    quiet(desk, dialog)
    assert dialog.saved is not None
    return dialog.saved


def test_ctrl_p_opens_it_with_what_the_map_shows(laid: Desk, tmp_path: Path) -> None:
    page = page_of(laid)
    assert page.printing.button.isEnabled()
    page.canvas.setFocus()
    laid.press(Qt.Key.Key_P, CTRL)
    laid.settle()
    [dialog] = page.findChildren(PrintMapDialog)
    quiet(laid, dialog)
    assert not dialog.preview.image().isNull()
    made = saved(laid, dialog, "pdf", tmp_path / "map.pdf").read_bytes()
    for part in ("AP mine", "AT mine", "Cleared · entered, not approved", "Aysel", "Made with Natural Earth"):
        assert pdf_read.says(made, part), part
    assert not pdf_read.says(made, "Filtered")
    assert not pdf_read.says(made, "Switched off")


def test_what_the_map_leaves_out_is_said_on_the_sheet(laid: Desk, tmp_path: Path) -> None:
    page = page_of(laid)
    page.filter.click()
    panel = page.side.card.content
    assert isinstance(panel, FilterPanel)
    panel.category.set_text("=at_mine")
    panel.since.set_text("2020-01-01")
    laid.settle()
    page.over.layers.click()
    layers = page.side.card.content
    assert isinstance(layers, LayersPanel)
    layers.buttons["plots"].click()
    laid.settle()
    made = saved(laid, printing(laid), "pdf", tmp_path / "map").read_bytes()
    assert pdf_read.says(made, "Filtered: 1 of 2 finds (Found from: 1 Jan 2020; Category: AT mine)")
    assert pdf_read.says(made, "Switched off: Plots in work")
    assert not pdf_read.says(made, "AP mine Legend")
    assert not pdf_read.says(made, "Cleared · entered")


def test_a_base_map_that_is_gone_is_missed_on_the_sheet_as_on_the_map(laid: Desk, tmp_path: Path) -> None:
    lent = Path(shutil.copy(REAL, tmp_path / "lent.mbtiles"))
    base_maps.add(laid.ws, lent, title="Lent sheet")
    lent.unlink()
    page_of(laid).base_maps.load()
    laid.settle()
    made = saved(laid, printing(laid), "pdf", tmp_path / "map.pdf").read_bytes()
    assert pdf_read.says(made, "The base map Lent sheet is not on this sheet: the file is not there")
    assert not pdf_read.says(made, "lent.mbtiles")


def test_a_drawing_that_is_not_saved_is_said_not_to_be_on_the_sheet(laid: Desk) -> None:
    page, said = page_of(laid), "The drawing that is under way is not on this sheet."
    page.drawing.go_on()
    laid.settle()
    assert said not in page.printing.on_screen().left_out
    tool = page.drawing.tool
    assert tool is not None
    tool.put(spot_of(TypedLine("40.0200 46.9800")))
    assert said in page.printing.on_screen().left_out
    page.drawing.rest()
    laid.settle()
    assert said in page.printing.on_screen().left_out, "one that waits is on the screen, too"
    page.drawing.discard()
    assert said not in page.printing.on_screen().left_out


def test_files_are_numbered_and_whole_or_not_there_and_printers_are_told_of(
    laid: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = printing(laid)
    dialog.save("pdf", tmp_path / "gone" / "map.pdf")
    quiet(laid, dialog)
    assert "map.pdf" in told(dialog)
    assert dialog.saved is None
    dialog.save("png", tmp_path / "map.png")
    dialog.cancel.click()
    quiet(laid, dialog)
    assert not list(tmp_path.glob("map*"))
    assert not dialog.cancel.isVisible()
    names = [saved(laid, dialog, form, tmp_path / "map").name for form in ("pdf", "pdf", "png")]
    assert names == ["map.pdf", "map-2.pdf", "map.png"]
    assert told(dialog) == f"Saved: {tmp_path / 'map.png'}"
    image = QImage(str(tmp_path / "map.png"))
    assert image.width() > image.height() > 1000
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    dialog.print_it.click()
    assert told(dialog) == "This computer knows no printer"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.print_on(printer)
    quiet(laid, dialog)
    assert told(dialog) == "The sheet went to the printer"
    assert len(pdf_read.pages((tmp_path / "printed.pdf").read_bytes())) == 1


def test_closing_while_it_draws_gives_up_and_the_next_sheet_begins_as_the_last_was_set_up(
    laid: Desk, tmp_path: Path
) -> None:
    dialog = printing(laid)
    dialog.paper.set_text("letter")
    dialog.turned.set_text("portrait")
    dialog.grid.set_text("utm")
    dialog.classification.set_text("Not for publication")
    made = saved(laid, dialog, "pdf", tmp_path / "sheet.pdf").read_bytes()
    assert pdf_read.pages(made) == [(612.0, 792.0)]
    layers = dialog.sheet().maps.layers
    assert len(layers) == 1
    dialog.save("png", tmp_path / "map.png")
    dialog.reject()
    laid.qtbot.waitUntil(lambda: layers[0]._closed, timeout=30_000)
    assert not list(tmp_path.glob("map*"))
    again = printing(laid)
    assert (again.paper.text(), again.turned.text(), again.grid.text()) == ("letter", "portrait", "utm")
    assert again.classification.text() == "Not for publication"


@pytest.mark.parametrize("language", ["az", "ru"])
def test_every_word_of_the_dialog_fits_and_keys_reach_it(
    app: QApplication, qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    desk = Desk(qtbot, tmp_path / "laptop", builders.alone(tmp_path / "laptop"), language)
    desk.open("map")
    dialog = printing(desk)
    assert clipped_texts(dialog) == []
    assert small_targets(dialog) == []
    assert dialog.heading.line.hasFocus()
    seen = set()
    for _ in range(16):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    assert {dialog.as_pdf, dialog.as_picture, dialog.print_it, dialog.paper.button, dialog.scale.button} <= seen
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    desk.close()
