"""A printed map: true scale, grid lines where their labels say, nothing released too early, all that must be said."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from fieldapp.domain import symbols
from fieldapp.domain.symbols import SHAPES, Fill
from fieldapp.exchange.tiles import open_tiles
from fieldapp.geodesy.area import distance_m
from fieldapp.geodesy.crs import to_utm
from fieldapp.geodesy.frame import FRAME
from fieldapp.operations.base_maps import BaseMap
from fieldapp.operations.map_sheet import SheetFacts, SheetSetup
from fieldapp.texts import Texts
from tests.builders_tiles import SUMMIT, mbtiles
from tests.builders_tiles import png as tile_png
from tests.ui.map import pdf_read
from tests.ui.map.drawn import LAT, LON, blended, share
from ui import theme
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid, Points, worlds_of
from ui.map.layer import Layer
from ui.map.own_position import Own, OwnPositionLayer
from ui.map.printing import OnScreen, Sheet, printable
from ui.map.printing_base import SheetMaps
from ui.map.printing_files import Stopped, on_printer, pdf, picture, png
from ui.map.printing_panel import columns_of, draw_head, entries_px, fitted
from ui.map.printing_paper import MOST_PIXELS, PAPERS, PX_PER_MM, SCALES, picture_dpi, size_px
from ui.map.printing_words import Said
from ui.map.shapes_layer import Ring, Shape, ShapesLayer
from ui.map.view import View

pytestmark = pytest.mark.usefixtures("app")

NOW = datetime(2026, 11, 22, 14, 22, tzinfo=UTC)
LINE = "For mine action staff only"


def quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def never() -> bool:
    """Nobody cancels."""
    return False


def sheet(
    layers: Sequence[Layer] = (), *, paper: str = "a4", landscape: bool = True, scale: int = 5_000, grid: str = "dd",
    language: str = "en", title: str = "Field 12", line: str = LINE, left_out: tuple[str, ...] = (), dpi: int = 150,
    maps: SheetMaps | None = None, at: tuple[float, float] = (LAT, LON), newest: str = "2026-11-22T09:10:00Z",
) -> Sheet:  # fmt: skip
    """A sheet of a screen of 1000 x 650 pixels at zoom 15."""
    setup = SheetSetup(line, paper, landscape, grid, dpi)
    facts = SheetFacts("R. Sadıqov", "north", "Qarabağ 2026", newest, setup)
    screen = OnScreen(View.at(*at, 15.0, 1000, 650), printable(layers), frozenset(), left_out, title)
    said = Said(facts, FRAME, NOW, left_out, ("Natural Earth",))
    return Sheet(screen, said, maps or SheetMaps(), setup, scale, grid, title, Texts(language))


def drawn(one: Sheet) -> QImage:
    """One pixel of the picture to each of the sheet."""
    return picture(one, 1.0, quiet, never)


def ground(look: Fill, label: str = "", metres: float = 100.0) -> ShapesLayer:
    """A square of ground around the middle."""
    up, right = metres / 111_320, metres / (111_320 * math.cos(math.radians(LAT)))
    lats, lons = [LAT - up, LAT - up, LAT + up, LAT + up], [LON - right, LON + right, LON + right, LON - right]
    return ShapesLayer("plots", [Shape("one", label, (Ring.of(lats, lons),), look)])


def finds(places: Sequence[tuple[float, float]], shapes: Sequence[int]) -> FindsLayer:
    """Finds that are in the ground."""
    x, y = worlds_of(np.array([lat for lat, _ in places]), np.array([lon for _, lon in places]))
    many = len(places)
    layer = FindsLayer()
    layer.show_grid(Grid(Points(x, y, np.ones(many, np.uint8), np.array(shapes, np.uint8), np.zeros(many, bool),
                                np.arange(many))).build())  # fmt: skip
    return layer


@pytest.mark.parametrize("scale", list(SCALES))
def test_the_scale_bar_is_as_long_as_the_ground_it_says(scale: int) -> None:
    one = sheet(scale=scale)
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    bar = draw_head(painter, QRectF(0, 0, 375, 150), one.plan.view, one.plan.scale, 6.4, theme.PAPER, one.texts)
    painter.end()
    metres = bar.width() / PX_PER_MM / 1000 * scale
    assert metres == pytest.approx(float(f"{metres:.0e}"), rel=1e-6), "a round number"
    half = bar.width() / 2
    ends = [one.plan.view.position(one.plan.view.width / 2 + side * half, one.plan.view.height / 2) for side in (-1, 1)]
    assert distance_m(*ends[0], *ends[1]) == pytest.approx(metres, rel=0.003)
    row = round(bar.center().y())
    assert image.pixelColor(round(bar.left() + 5), row).lightness() < 50
    assert image.pixelColor(round(bar.left() + bar.width() / 4 + 5), row).lightness() > 200
    assert image.pixelColor(round(bar.right() - 5), row).lightness() > 200
    assert image.pixelColor(round(bar.right() + 8), row).lightness() > 200


def test_as_on_the_screen_shows_all_of_it_at_a_scale_of_two_digits() -> None:
    for landscape in (True, False):
        one = sheet(scale=0, landscape=landscape)
        screen, box = one.on_screen.view.box, one.plan.view.box
        assert box.west <= screen.west
        assert box.east >= screen.east
        assert box.north <= screen.north
        assert box.south >= screen.south
        assert one.plan.scale == float(f"{one.plan.scale:.1e}")
        assert one.plan.view.metres_per_px() * PX_PER_MM * 1000 == pytest.approx(one.plan.scale)


@pytest.mark.parametrize("how", ["dd", "dms", "utm", "sk42-gk"])
def test_grid_lines_stand_where_their_labels_say(how: str) -> None:
    one = sheet(grid=how)
    image, at, grid = drawn(one), one.plan.at, one.plan.grid
    assert grid is not None
    assert len(grid.lines) >= 6
    seen = 0
    for line in grid.lines:
        place = len(line.lats) // 2
        x, y = one.plan.view.pixel(line.lats[place], line.lons[place])
        if not (20 < x < at.width() - 20 and 20 < y < at.height() - 20):
            continue
        seen += 1
        px, py = round(at.left() + x), round(at.top() + y)
        across = [image.pixelColor(px, py + step).lightness() if line.across
                  else image.pixelColor(px + step, py).lightness() for step in range(-9, 10)]  # fmt: skip
        assert abs(across.index(min(across)) - 9) <= 1, line.label
        assert min(across) < 210
        if how == "utm":
            pair = to_utm(line.lats[place], line.lons[place], "EPSG:32638")
            assert float(line.label.split()[0]) == pytest.approx(pair[line.across], abs=0.01)
        elif how == "dd":
            said = float(line.label.split("°")[0])
            assert said == pytest.approx(line.lats[place] if line.across else line.lons[place], abs=1e-9)
    assert seen >= 4
    made = pdf(one, quiet, never)
    assert sum(pdf_read.says(made, line.label) for line in grid.lines) >= 4


def test_a_grid_that_does_not_reach_there_becomes_degrees_and_is_named() -> None:
    one = sheet(grid="ck63", at=(10.0, 10.0))
    assert one.plan.grid is not None
    assert one.plan.grid.format == "dd"
    assert pdf_read.says(pdf(one, quiet, never), "Grid: WGS 84, decimal degrees")
    bare = sheet(grid="none")
    assert bare.plan.grid is None
    assert pdf_read.says(pdf(bare, quiet, never), "no grid")


def test_only_approved_ground_has_the_fill_of_released_ground_on_paper() -> None:
    green = blended(symbols.GREEN, 0.22, theme.PAPER.bg)
    looks = {state: symbols.of_plot("cleared", approved=state == symbols.APPROVED, state=state)
             for state in symbols.STATE_WORDS}  # fmt: skip
    looks["machine"] = symbols.of_plot("follow_up_pending", approved=True)
    for state, look in looks.items():
        one = sheet([ground(look)], grid="none")
        middle = one.plan.at.center()
        filled = share(drawn(one), green, round(middle.x()) - 60, round(middle.y()) - 60, 120, 120)
        assert (filled > 0.4) is (state == symbols.APPROVED), state
        words = [entry.words for entry in one.plan.entries]
        assert ("Cleared · approved" in words) is (state == symbols.APPROVED), state


def test_looks_that_differ_in_state_differ_without_colour_on_paper() -> None:
    grey = []
    for state in (symbols.APPROVED, symbols.ENTERED, symbols.SIGNED):
        one = sheet([ground(symbols.of_plot("cleared", approved=state == symbols.APPROVED, state=state))], grid="none")
        grey.append(drawn(one).convertToFormat(QImage.Format.Format_Grayscale8).copy(one.plan.at.toRect()))
    for place, image in enumerate(grey):
        for other in grey[:place]:
            differ = sum(abs(image.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()) > 60
                         for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))  # fmt: skip
            assert differ > 30


def test_the_screens_theme_changes_nothing_on_paper(app: QApplication) -> None:
    layers: list[Layer] = [ground(symbols.of_hazard("cha", "open", approved=True), "CHA-1"), finds([(LAT, LON)], [0])]
    drawn(sheet(layers))  # Qt smooths a letter a little differently the first time it draws it
    by_day = drawn(sheet(layers))
    theme.apply(app, "night")
    assert drawn(sheet(layers)) == by_day
    assert by_day.pixelColor(2, 2) == QColor("white")


def test_the_sheet_says_everything_that_a_reader_without_the_screen_has_to_know() -> None:
    left_out = ("Filtered: 10 of 200 finds (Category: AP mine)", "Switched off: Tasks")
    made = pdf(sheet([finds([(LAT, LON)], [0])], left_out=left_out, grid="utm"), quiet, never)
    for part in (
        "Field 12", *left_out, "Scale 1:5,000", "AP mine", "Data as of 22 Nov 2026 09:10", "Made on 22 Nov 2026 14:22",
        "R. Sadıqov, north, Qarabağ 2026", "EPSG:3857", "UTM zone 38N", "True north is up", "Declination 6.4° east",
        "Grid north 1.3° east", "Sources: Natural Earth", "blank is not safe",
    ):  # fmt: skip
        assert pdf_read.says(made, part), part
    assert pdf_read.text(made).count(LINE) == 2, "at the top and at the bottom"
    assert not pdf_read.says(pdf(sheet(line=""), quiet, never), LINE)


def test_the_legend_has_what_stands_on_the_sheet_and_nothing_else() -> None:
    far = LAT + 1.0
    one = sheet([finds([(LAT, LON), (far, LON)], [0, 1])])
    words = [entry.words for entry in one.plan.entries]
    assert words == [SHAPES[0][1]]
    crowd = finds([(LAT + n * 1e-7, LON) for n in range(7_000)], [2] * 7_000)
    many = sheet([crowd], scale=250_000)
    assert [entry.words for entry in many.plan.entries] == [SHAPES[2][1]]
    assert pdf_read.says(pdf(many, quiet, never), "A number counts the finds")
    assert not pdf_read.says(pdf(one, quiet, never), "A number counts the finds")


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_a_legend_of_every_look_fits_the_smallest_sheet_with_all_its_words(language: str) -> None:
    looks = list(dict.fromkeys(symbols.every_look().values()))[:24]
    rings = ground(looks[0]).shapes[0].rings
    layer = ShapesLayer("plots", [Shape(str(place), "", rings, look) for place, look in enumerate(looks)])
    for landscape in (True, False):
        one = sheet([layer], landscape=landscape, language=language)
        box = one.plan.legend
        factor, columns = fitted(one.plan.entries, box.width(), box.height() - 26)
        assert factor >= 0.45
        assert entries_px(one.plan.entries, box.width() / factor, columns) * factor <= box.height()
        placed = [entry for column in columns_of(one.plan.entries, box.width() / factor, columns) for entry in column]
        assert placed == list(one.plan.entries)
        made = pdf(one, quiet, never)
        assert all(pdf_read.says(made, entry.words) for entry in one.plan.entries)


@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("paper", list(PAPERS))
def test_a_pdf_has_one_page_of_the_papers_size(paper: str, landscape: bool) -> None:
    made = pdf(sheet(paper=paper, landscape=landscape), quiet, never)
    wide, high = size_px(PAPERS[paper], landscape=landscape)
    [(points_wide, points_high)] = pdf_read.pages(made)
    assert points_wide == pytest.approx(wide / PX_PER_MM / 25.4 * 72, abs=1)
    assert points_high == pytest.approx(high / PX_PER_MM / 25.4 * 72, abs=1)


@pytest.mark.parametrize("title", ["Ağdam: Əliağalı, şəhər, İçəri, sahə № 12", "Участок Ё, Агдамский район"])
def test_a_pdf_holds_letters_of_every_language_as_text_with_its_fonts(title: str) -> None:
    made = pdf(sheet([ground(symbols.TASK, "Ə-12 Ё")], title=title), quiet, never)
    assert pdf_read.says(made, title)
    assert pdf_read.says(made, "Ə-12 Ё")
    assert pdf_read.embedded_fonts(made) >= 2
    assert title.encode("utf-16-be") in made.replace(rb"\(", b"(").replace(rb"\)", b")")
    assert str(Path.home()).encode() not in made
    assert str(Path(__file__).parent).encode() not in made


def test_a_picture_has_the_papers_size_and_says_its_resolution() -> None:
    image = QImage.fromData(png(sheet(dpi=150), quiet, never))
    assert (image.width(), image.height()) == (1754, 1240)
    assert image.dotsPerMeterX() == pytest.approx(150 / 0.0254, abs=1)
    assert image.text("Title") == "Field 12"


def test_no_picture_is_larger_than_memory_bears() -> None:
    assert picture_dpi(PAPERS["a3"], 300) == 300
    for paper in PAPERS.values():
        dpi = picture_dpi(paper, 300)
        assert (paper.wide_mm / 25.4 * dpi) * (paper.high_mm / 25.4 * dpi) <= MOST_PIXELS
        assert dpi >= 150


def test_a_symbol_has_one_size_on_paper_at_any_resolution() -> None:
    one = sheet([finds([(LAT, LON)], [1])], grid="none")
    sizes = []
    for per_px in (1.0, 300 / 127):
        image = picture(one, per_px, quiet, never)
        middle = one.plan.at.center() * per_px
        row = [image.pixelColor(x, round(middle.y())).lightness() < 100
               for x in range(round(middle.x() - 30 * per_px), round(middle.x() + 30 * per_px))]  # fmt: skip
        sizes.append(sum(row) / per_px)
    assert sizes[0] == pytest.approx(sizes[1], abs=1.5)
    assert 14 < sizes[0] < 20, "3 to 4 mm"


def test_a_sheet_draws_as_many_finds_one_by_one_as_have_room_and_no_grid_line_goes_through_them() -> None:
    places = [(LAT + row * 2e-4, LON + column * 2e-4) for row in range(-25, 26) for column in range(-25, 26)]
    crowd = finds([place for place in places for _ in range(4)], [0] * 4 * len(places))
    a4, a1 = sheet([crowd], scale=25_000), sheet([crowd], paper="a1", scale=25_000)
    told = "A number counts the finds"
    assert pdf_read.says(pdf(a4, quiet, never), told)
    assert not pdf_read.says(pdf(a1, quiet, never), told)
    one = sheet([finds([(LAT, LON)], [1])])
    image, middle = drawn(one), one.plan.at.center().toPoint()
    assert one.plan.grid is not None
    assert any(line.value == pytest.approx(LON) for line in one.plan.grid.lines)
    assert all(image.pixelColor(middle.x() + step, middle.y() + 3).lightness() < 40 for step in range(-5, 6))


def test_nothing_of_the_map_stands_outside_its_frame() -> None:
    wide = ground(symbols.of_hazard("cha", "open", approved=True), metres=50_000)
    one = sheet([wide], grid="none")
    image, at = drawn(one), one.plan.at
    inside = image.pixelColor(at.center().toPoint())
    outside = image.pixelColor(round(at.left()) - 4, round(at.top()) + 90)
    assert inside != outside
    assert outside == QColor("white")


def test_ones_own_position_and_layers_that_are_off_are_not_printed(app: QApplication) -> None:
    from tests.builders import clock

    own = OwnPositionLayer(Texts("en"), clock())
    own.own = Own(LAT, LON, 4.0, 0.0, live=True)
    off = ground(symbols.TASK)
    off.visible = False
    assert printable([own, off]) == ()
    layer = ground(symbols.TASK)
    [kept] = printable([layer])
    layer.show_shapes([])
    assert isinstance(kept, ShapesLayer)
    assert len(kept.shapes) == 1, "what changes on the screen meanwhile changes no sheet"


@pytest.fixture
def maps(tmp_path: Path) -> Callable[..., SheetMaps]:
    """Base maps of one colour around the summit of the samples, with one broken tile among them."""

    def made(zoom: int = 14, opacity: float = 1.0, broken: bool = True) -> SheetMaps:
        middle = View.at(*SUMMIT, float(zoom), 256, 256)
        column, row = (math.floor(one * 2**zoom) for one in (middle.x, middle.y))
        blue, around = tile_png(256, 256, (0, 0, 200)), range(-3, 4)
        tiles = {(zoom, column + x, row + y): blue for x in around for y in around}
        if broken:
            tiles[zoom, column, row] = b"no picture"
        file = mbtiles(tmp_path / f"{zoom}.mbtiles", tiles, format="png")
        listed = BaseMap(str(file), "Summit", "USGS", opacity=opacity)
        return SheetMaps.of([(listed, open_tiles(file))])

    return made


def test_base_maps_lie_under_the_map_and_a_broken_tile_is_blank_and_counted(maps: Callable[..., SheetMaps]) -> None:
    under = maps()
    one = sheet(maps=under, at=SUMMIT, scale=25_000, grid="none")
    base = one.base_picture(127, lambda _done, _total: None)
    assert base is not None
    assert (base.image.width(), base.image.height()) == (one.plan.view.width, one.plan.view.height)
    image, at = drawn(one), one.plan.at
    pale = blended("#0000C8", 0.75, "#FFFFFF")
    middle = at.center().toPoint()
    small = image.copy(at.toRect()).scaled(100, 90)
    assert share(small, pale, 0, 0, 100, 90) > 0.5
    assert image.pixelColor(middle) == QColor("white"), "the broken one"
    assert pdf_read.says(pdf(one, quiet, never), "1 tile of the base map Summit cannot be read.")
    under.close()


def test_base_maps_in_strips_are_one_picture(maps: Callable[..., SheetMaps]) -> None:
    half = maps(opacity=0.5, broken=False)
    one = sheet(maps=half, at=SUMMIT, scale=10_000, grid="none")
    base = one.base_picture(300, lambda _done, _total: None)
    assert base is not None
    assert base.image.height() > 1024, "three strips"
    column = {base.image.pixelColor(base.image.width() // 2, y).name() for y in range(base.image.height())}
    assert len(column) == 1, "no seams"
    half.close()


def test_a_base_map_too_fine_for_the_scale_is_said(
    maps: Callable[..., SheetMaps], monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = maps(18)
    monkeypatch.setattr("ui.map.tiles_layer.MOST_TILES", 4)
    made = pdf(sheet(maps=fine, at=SUMMIT, scale=10_000), quiet, never)
    assert pdf_read.says(made, "Summit is too detailed for this scale")
    fine.close()


def test_cancelling_stops_between_two_layers() -> None:
    steps: list[str] = []

    def asked() -> bool:
        return len(steps) >= 1

    with pytest.raises(Stopped):
        pdf(sheet([ground(symbols.TASK), ground(symbols.TASK)]), lambda step, _done, _total: steps.append(step), asked)
    assert len(steps) == 1


def test_a_printer_gets_the_sheet_at_its_true_size(tmp_path: Path) -> None:
    file = tmp_path / "printed.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    assert on_printer(sheet(paper="a3", landscape=False), printer, quiet, never)
    made = file.read_bytes()
    assert pdf_read.pages(made) == [(842.0, 1191.0)]
    assert on_printer(sheet(paper="letter"), printer, quiet, never)
    assert pdf_read.pages(file.read_bytes()) == [(792.0, 612.0)], "turned, as the sheet is"
    assert pdf_read.says(made, "Scale 1:5,000")
