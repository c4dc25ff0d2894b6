"""The card of the base maps: what it offers is done, and what cannot be done is said there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fieldapp.operations import base_maps, map_package
from fieldapp.operations.workspace import create
from tests.builders_tiles import REAL, mbtiles, real_tiles
from ui.map.base_maps_card import BaseMapsCard
from ui.map.base_maps_feed import BaseMapsFeed
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import PlainLabel


@pytest.fixture
def card(session: Session, qtbot: QtBot) -> Iterator[BaseMapsCard]:
    feed = BaseMapsFeed(session)
    made = BaseMapsCard(session, feed)
    qtbot.addWidget(made)
    made.resize(380, 600)
    made.show()
    yield made
    feed.close()


def press(card: BaseMapsCard, word: str) -> None:
    button = next(one for one in card.findChildren(Button) if one.accessibleName() == word or one.text() == word)
    assert button.isEnabled()
    button.click()


def said(card: BaseMapsCard) -> str:
    return "\n".join(label.text() for label in card.findChildren(PlainLabel))


def test_files_are_added_ordered_made_paler_hidden_and_removed(
    card: BaseMapsCard, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    assert "No base map yet" in said(card)
    card.take(REAL)
    card.take(mbtiles(tmp_path / "hills.mbtiles", real_tiles(), name="Hills"))
    feed = card._feed
    qtbot.waitUntil(lambda: [one.title for one in feed.base_maps] == [REAL.stem, "Hills"])
    press(card, f"Higher: {REAL.stem}")
    qtbot.waitUntil(lambda: [one.title for one in feed.base_maps] == ["Hills", REAL.stem])
    press(card, "Paler: Hills")
    qtbot.waitUntil(lambda: "75 % strong" in said(card))
    press(card, "Hide: Hills")
    qtbot.waitUntil(lambda: "hidden" in said(card))
    press(card, "Remove: Hills")
    qtbot.waitUntil(lambda: len(feed.base_maps) == 1)


def test_a_file_that_cannot_be_added_is_named(card: BaseMapsCard, qtbot: QtBot, tmp_path: Path) -> None:
    card.take(tmp_path / "gone.mbtiles")
    qtbot.waitUntil(lambda: "gone.mbtiles" in said(card))


def test_a_strangers_package_is_taken_only_when_asked_for(card: BaseMapsCard, qtbot: QtBot, tmp_path: Path) -> None:
    with create(tmp_path / "other", role="hq", person="Officer", use_keyring=False) as other:
        base_maps.add(other, REAL)
        map_package.make(other, tmp_path / "p.fieldmap")
    card.take(tmp_path / "p.fieldmap")
    qtbot.waitUntil(lambda: bool(card.findChildren(Banner)))
    assert card._feed.base_maps == []
    press(card, "Take it all the same")
    qtbot.waitUntil(lambda: len(card._feed.base_maps) == 1)
