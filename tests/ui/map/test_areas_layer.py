"""Areas of interest: a line around them and their name, never a fill."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter

from fieldapp.operations.map_package import AreaOfInterest
from tests.ui.map.drawn import named
from ui import theme
from ui.map.areas_layer import areas_layer
from ui.map.view import View

SQUARE = (((39.99, 46.99), (39.99, 47.01), (40.01, 47.01), (40.01, 46.99)),)
VIEW = View.at(40.0, 47.0, 13.5, 400, 400)


def picture(line: str, *, tokens: theme.Tokens = theme.SUN) -> QImage:
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(0x808080)
    painter = QPainter(image)
    areas_layer([AreaOfInterest("Block 7", SQUARE, line, False)]).draw(painter, VIEW, tokens)
    painter.end()
    return image


def test_an_area_has_a_broken_line_and_no_fill_in_both_themes(app: object) -> None:
    left, low = VIEW.pixel(39.99, 46.99)
    for tokens in (theme.SUN, theme.NIGHT):
        dashed = picture("dashed", tokens=tokens)
        assert dashed.pixel(200, 200) == dashed.pixel(2, 2) == 0xFF808080
        along = {dashed.pixel(round(left), y) for y in range(round(low) - 200, round(low))}
        assert 0xFF808080 in along
        assert len(along) > 1
        assert dashed != picture("dotted", tokens=tokens)
        for y in range(0, 400, 3):
            for x in range(0, 400, 3):
                colour = dashed.pixelColor(x, y)
                assert max(colour.red(), colour.green(), colour.blue()) - min(
                    colour.red(), colour.green(), colour.blue()) < 60  # fmt: skip


def test_its_name_is_written_where_the_package_says_so(app: object) -> None:
    for labelled, names in ((True, ["Block 7"]), (False, [])):
        layer = areas_layer([AreaOfInterest("Block 7", SQUARE, "dashed", labelled)])
        assert [word for word, _ in named([layer], VIEW)] == names
