"""What stands on every map: the credits of all that is drawn."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from ui.map.furniture import _credit_px, credit_lines


def test_all_credits_are_said_in_lines_that_hide_neither_scale_nor_coordinates(app: QApplication) -> None:
    sources = ["State Committee, survey of 2024, CC BY 4.0", "U.S. Geological Survey, Earth Explorer", "Natural Earth"]
    lines = credit_lines([*sources, sources[0]], 918)
    assert len(lines) > 1
    assert all(_credit_px(line) <= 918 / 2 - 150 for line in lines)
    assert " ".join(lines) == " · ".join(sources), "every source once, none cut"


def test_one_word_wider_than_its_room_is_broken_and_not_cut_off(app: QApplication) -> None:
    word = "https://example.org/" + "W" * 300
    lines = credit_lines([word], 918)
    assert "".join(lines) == word
    assert all(_credit_px(line) <= 918 / 2 - 150 for line in lines)


def test_short_credits_stay_on_one_line(app: QApplication) -> None:
    assert credit_lines(["Natural Earth", "USGS"], 918) == ["Natural Earth · USGS"]
    assert credit_lines([], 918) == []
