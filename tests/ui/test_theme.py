from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from ui import icons, theme
from ui.theme import DAY, NIGHT, SUN, Tokens, contrast

UI = Path(theme.__file__).parent

TEXT_PAIRS = {
    "text on card": (("text", "card"), (18.6, 16.6, 13.4)),
    "text on bg": (("text", "bg"), (16.2, 14.9, 14.3)),
    "text2 on card": (("text2", "card"), (10.4, 9.0, 9.3)),
    "text2 on bg": (("text2", "bg"), (9.1, 8.1, 9.9)),
    "text on accent": (("on_accent", "accent"), (11.4, 9.0, 8.8)),
    "text on soft": (("on_soft", "soft"), (11.0, 9.8, 9.6)),
    "ok on its fill": (("ok", "ok_fill"), (8.3, 7.8, 8.5)),
    "warn on its fill": (("warn", "warn_fill"), (8.8, 8.5, 9.2)),
    "danger on its fill": (("danger", "danger_fill"), (7.8, 7.6, 8.1)),
    "stale on its fill": (("stale", "stale_fill"), (7.3, 7.3, 7.1)),
    "rail text": (("rail_text", "rail"), (15.4, 13.6, 12.2)),
}
BORDERS = {
    "field border": (("line", "card"), (13.0, 6.2, 4.3)),
    "tile border": (("edge", "card"), (5.9, 5.9, 3.6)),
    "focus ring": (("focus", "card"), (11.4, 9.0, 11.7)),
}
UNLISTED_TEXT = [
    ("text", "soft"), ("text", "ok_fill"), ("text", "warn_fill"), ("text", "danger_fill"), ("text", "stale_fill"),
    ("on_rail_chosen", "rail_chosen"), ("ok", "card"), ("warn", "card"), ("danger", "card"), ("accent", "card"),
    ("stale", "card"), ("on_soft", "card"), ("text2", "soft"),
]  # fmt: skip
THEMES = [SUN, DAY, NIGHT]


def ratio(tokens: Tokens, pair: tuple[str, str]) -> float:
    return contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1]))


@pytest.mark.parametrize("name", [*TEXT_PAIRS, *BORDERS])
def test_each_ratio_of_the_table_of_the_look_is_what_it_says(name: str) -> None:
    pair, expected = (TEXT_PAIRS | BORDERS)[name]
    measured = [ratio(tokens, pair) for tokens in THEMES]
    assert measured == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)
def test_every_text_pair_reaches_seven_and_every_border_three(tokens: Tokens) -> None:
    pairs = [pair for pair, _ in TEXT_PAIRS.values()] + UNLISTED_TEXT
    assert {pair: ratio(tokens, pair) for pair in pairs if ratio(tokens, pair) < 7} == {}
    assert all(ratio(tokens, pair) >= 3 for pair, _ in BORDERS.values())


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)


def test_f12_goes_round_sun_day_night() -> None:
    assert [theme.next_theme(name) for name in ("sun", "day", "night")] == ["day", "night", "sun"]


@pytest.mark.parametrize("name", ["sun", "day", "night"])
def test_a_theme_reaches_the_palette_and_what_widgets_read(app: QApplication, name: str) -> None:
    theme.apply(app, name)
    assert theme.current().name == name
    assert app.palette().color(QPalette.ColorRole.Window).name().upper() == theme.THEMES[name].bg


def test_the_shipped_font_is_the_one_that_is_shown(app: QApplication) -> None:
    assert theme.FAMILY in QFontDatabase.families()
    assert QFontInfo(theme.font(17)).family() == theme.FAMILY
    assert QFontInfo(theme.font(17, theme.SEMIBOLD)).weight() == theme.SEMIBOLD


def test_no_colour_is_written_outside_the_theme() -> None:
    offences = [
        f"{path.relative_to(UI)}: {line.strip()}"
        for path in UI.rglob("*.py")
        if path.name != "theme.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"[\"']#[0-9A-Fa-f]{6}[\"']", line) and "map" not in path.parts
    ]
    assert offences == []


def test_every_icon_can_be_drawn_and_takes_its_colour_from_the_theme() -> None:
    for name in icons.names():
        assert icons.renders(name), name
        assert "currentColor" in (icons.FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def test_an_unknown_category_has_the_dashed_circle() -> None:
    assert icons.ordnance("ap_mine") == "ordnance-ap"
    assert icons.ordnance("small_arms_ammunition") == "ordnance-not-counted"
    assert set(icons.ORDNANCE.values()) <= set(icons.names())
