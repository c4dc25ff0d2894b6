from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from fieldapp.texts import Texts
from tests.ui.gallery import GALLERY
from tests.ui.layout import clipped_texts, shown_at, small_targets
from ui import canvas, theme
from ui.widgets import Button, Field, PlainLabel

HEIGHTS = {"declared": 1400, "work": 900, "small": 960, "receiver": 1300, "typed": 1700, "legs": 1300}


@pytest.mark.parametrize("language", ["en", "az", "ru"])
@pytest.mark.parametrize("name", list(GALLERY))
def test_no_text_is_larger_than_its_box_and_no_target_under_56_px(app: QApplication, name: str, language: str) -> None:
    page = GALLERY[name](Texts(language))
    shown_at(page, canvas.CANVAS_PX[0], HEIGHTS.get(name, canvas.CANVAS_PX[1]))
    assert clipped_texts(page) == []
    assert small_targets(page) == []
    page.deleteLater()


@pytest.mark.parametrize("name", ["day", "night"])
def test_every_theme_can_be_painted(app: QApplication, name: str) -> None:
    theme.apply(app, name)
    for make in GALLERY.values():
        page = make(Texts("en"))
        assert not shown_at(page).grab().isNull()
        page.deleteLater()


def test_the_measure_sees_a_label_that_is_too_narrow(app: QApplication) -> None:
    label = PlainLabel("A long line that does not fit")
    shown_at(label, 60, 30)
    assert clipped_texts(label)


def test_the_measure_sees_a_button_that_is_too_small(app: QApplication) -> None:
    button = Button("Cancel")
    button.setFixedSize(40, 30)
    shown_at(button, 40, 30)
    assert small_targets(button)
    assert clipped_texts(button)


def test_a_field_is_56_px_high(app: QApplication) -> None:
    field = Field("Search")
    shown_at(field, 300, 90)
    assert field.line.height() == theme.TARGET


@pytest.mark.parametrize(
    ("width_px", "height_px", "dpi", "factor"),
    [
        (1366, 768, 118, 1.0),
        (1920, 1080, 165, 1.4),
        (1366, 768, 120.5, 1.0),
        (1920, 1080, 30, 0.8),
        (1920, 1080, 2000, 1.4),
        (1280, 720, 118, 0.9),
        (3840, 2160, 330, 2.8),
    ],
)
def test_the_canvas_is_scaled_by_physical_dpi(width_px: int, height_px: int, dpi: float, factor: float) -> None:
    assert canvas.scale_factor(width_px, height_px, dpi) == pytest.approx(factor)


@pytest.mark.parametrize("dpi", range(60, 400, 7))
def test_the_canvas_is_never_under_1280_by_760_where_the_screen_has_it(dpi: int) -> None:
    factor = canvas.scale_factor(1920, 1080, dpi)
    assert 1920 / factor >= 1280
    assert 1080 / factor >= 760
