"""A drawing read from pixels: ground and lines, handles by their source, the chosen one, what is wrong."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from fieldapp.operations.outlines import TypedPoint
from tests.ui.map.drawn import HIGH, WIDE, alike, colours, share, view
from ui import theme
from ui.forms.outline_values import line_of
from ui.map import drawing_marks
from ui.map.drawing_marks import Marks
from ui.map.drawing_outline import FIRST, Drawn, Spot, spot_of, spot_on_map

pytestmark = pytest.mark.usefixtures("app")
CORNERS = ((100, 60), (300, 60), (300, 240), (100, 240))
TOKENS = theme.SUN


def spot(x: int, y: int, source: str = "map_click") -> Spot:
    lat, lon = view().position(x, y)
    if source == "map_click":
        return spot_on_map(lat, lon, 1.0, exact=True)
    return spot_of(line_of(TypedPoint(known={"lat": str(lat), "lon": str(lon), "fixed_by": source})))


def square(source: str = "map_click") -> Drawn:
    return Drawn(((tuple(spot(x, y, source) for x, y in CORNERS),),), open=False)


def seen(drawn: Drawn, marks: Marks | None = None, *, at_work: bool = True) -> QImage:
    made = QImage(WIDE, HIGH, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(QColor(TOKENS.bg))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing_marks.draw_outline(painter, view(), TOKENS, drawn, at_work=at_work)
    if marks is not None:
        drawing_marks.draw_handles(painter, view(), TOKENS, drawn, marks)
    painter.end()
    return made


def test_a_drawing_that_waits_is_dashed_and_one_at_work_is_not() -> None:
    along = (120, 59, 160, 2)
    assert share(seen(square()), TOKENS.accent, *along) == 1.0
    assert 0.3 < share(seen(square(), at_work=False), TOKENS.accent, *along) < 0.9


def test_a_hole_is_not_filled() -> None:
    hole = tuple(spot(x, y) for x, y in ((160, 110), (240, 110), (200, 200)))
    made = seen(Drawn(((square().ring, hole),), open=False))
    assert alike(made.pixelColor(200, 140).name().upper(), TOKENS.bg)
    assert not alike(made.pixelColor(130, 140).name().upper(), TOKENS.bg)


def test_the_open_edge_is_not_drawn() -> None:
    made = seen(Drawn(((square().ring,),), open=True))
    assert share(made, TOKENS.accent, 98, 100, 4, 100) == 0.0
    assert share(made, TOKENS.accent, 120, 59, 160, 2) == 1.0


def test_handles_tell_a_click_a_receivers_fix_and_a_typed_corner_apart_by_their_shape() -> None:
    corner, beside = (100 - 8, 60 - 8), (100 - 11, 60)
    pictures = {source: seen(square(source), Marks()) for source in ("map_click", "average", "typed")}
    accent = {
        source: tuple(alike(made.pixelColor(x, y).name().upper(), TOKENS.accent) for x, y in (corner, beside))
        for source, made in pictures.items()
    }
    assert accent == {"map_click": (True, False), "average": (False, False), "typed": (False, True)}


def test_the_chosen_corner_is_filled() -> None:
    box = (300 - 7, 60 - 7, 3, 3)
    assert share(seen(square(), Marks()), TOKENS.card, *box) == 1.0
    assert share(seen(square(), Marks((FIRST, 1))), TOKENS.accent, *box) > 0.5


def test_where_something_is_wrong_a_cross_in_a_ring_stands() -> None:
    lat, lon = view().position(200, 150)
    assert TOKENS.danger not in colours(seen(square(), Marks()), 180, 130, 40, 40)
    found = colours(seen(square(), Marks(places=((lat, lon),))), 180, 130, 40, 40)
    assert found[TOKENS.danger] > 100


def test_the_word_at_the_right_edge_stands_left_of_its_place() -> None:
    right = view().position(view().width - 40, 150)
    made = seen(square(), Marks(aimed=right, word="On a corner of T07-0029-T"))
    assert TOKENS.text in colours(made, view().width - 200, 135, 130, 30)


def test_a_thousand_corners_are_all_seen() -> None:
    ring = tuple(spot(40 + (at % 40) * 8, 20 + (at // 40) * 10) for at in range(1000))
    made = seen(Drawn(((ring,),), open=False), Marks((FIRST, 500)))
    assert all(made.pixelColor(40 + (at % 40) * 8, 20 + (at // 40) * 10) != QColor(TOKENS.bg) for at in range(1000))
