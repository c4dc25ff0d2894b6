"""Symbols are seen on every ground in every theme: the figures of the look, recomputed (WCAG 2.2, 1.4.11)."""

from __future__ import annotations

import pytest

from fieldapp.domain import symbols
from fieldapp.domain.symbols import every_look
from tests.ui.map.drawn import blended
from ui import theme
from ui.map.shapes_layer import CASING, NIGHT_OPACITY, brighter

FIGURES = {"sun": (7.5, 12.8), "day": (6.7, 11.4), "night": (10.0, 8.4)}
"""Of a find's symbol on the fill of a CHA and of an SHA on a map's pale paper."""
THEMES = list(theme.THEMES)


def on_fill(name: str, fill: str, opacity: float, paper: str) -> float:
    tokens = theme.THEMES[name]
    return theme.contrast(tokens.text, blended(fill, opacity * (NIGHT_OPACITY if name == "night" else 1.0), paper))


@pytest.mark.parametrize("name", THEMES)
def test_finds_on_hazards(name: str) -> None:
    tokens = theme.THEMES[name]
    for kind, wanted in zip(("cha", "sha"), FIGURES[name], strict=True):
        look = symbols.of_hazard(kind, "open", approved=False)
        for paper in (tokens.bg, tokens.card):  # the paper of maps lies between the two
            found = on_fill(name, look.fill, look.opacity, paper)
            assert found >= wanted * 0.92, (name, kind, round(found, 2))


@pytest.mark.parametrize("name", THEMES)
def test_finds_on_every_fill(name: str) -> None:
    tokens = theme.THEMES[name]
    for code, look in every_look().items():
        for paper in (tokens.bg, tokens.card):
            if look.fill:
                assert on_fill(name, look.fill, look.opacity, paper) >= 4.5, code


@pytest.mark.parametrize("name", THEMES)
def test_outlines_on_paper(name: str) -> None:
    tokens = theme.THEMES[name]
    for code, look in every_look().items():
        if look.line != "cased":  # amber on its own dark casing
            for paper in (tokens.bg, tokens.card):
                found = theme.contrast(brighter(look.outline, tokens).name(), paper)
                assert found >= 3, (code, round(found, 2))


@pytest.mark.parametrize("name", THEMES)
def test_a_cased_outline_on_paper_and_on_its_casing(name: str) -> None:
    tokens = theme.THEMES[name]
    assert theme.contrast(symbols.AMBER, CASING) >= 3
    assert max(theme.contrast(symbols.AMBER, tokens.bg), theme.contrast(CASING, tokens.bg)) >= 3
