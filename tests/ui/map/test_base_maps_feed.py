"""Base maps of the workspace on the map: opened once, in their order, tried again when a stick is back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fieldapp.operations import base_maps, map_package
from fieldapp.texts import Texts
from tests.builders_tiles import REAL, mbtiles, real_tiles
from ui.map.base_maps_feed import BaseMapsFeed
from ui.map.tiles_layer import TilesLayer
from ui.session import Session

AREA = {"type": "Polygon", "coordinates": [[[46.9, 39.9], [46.91, 39.9], [46.91, 39.91], [46.9, 39.9]]]}


@pytest.fixture
def feed(session: Session) -> Iterator[BaseMapsFeed]:
    made = BaseMapsFeed(session)
    yield made
    made.close()


def tiled(feed: BaseMapsFeed) -> list[TilesLayer]:
    return [layer for layer in feed.layers() if isinstance(layer, TilesLayer)]


def test_base_maps_follow_every_change_and_stay_open(
    feed: BaseMapsFeed, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    other = mbtiles(tmp_path / "other.mbtiles", real_tiles())
    session.do(lambda ws: base_maps.add(ws, REAL, opacity=0.5))
    session.do(lambda ws: base_maps.add(ws, other))
    qtbot.waitUntil(lambda: len(tiled(feed)) == 2)
    first, second = tiled(feed)
    assert (first.opacity, second.credit) == (0.5, "U.S. Geological Survey")
    session.do(lambda ws: base_maps.change(ws, "2", place=1, opacity=0.8))
    qtbot.waitUntil(lambda: tiled(feed) == [second, first])
    assert second.opacity == 0.8
    session.do(lambda ws: base_maps.change(ws, "1", shown=False))
    qtbot.waitUntil(lambda: tiled(feed) == [first])
    session.do(lambda ws: base_maps.remove(ws, "2"))
    qtbot.waitUntil(lambda: not tiled(feed))
    assert [one.shown for one in feed.base_maps] == [False]


def test_a_stick_that_is_back_is_drawn_again(
    feed: BaseMapsFeed, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    stick = mbtiles(tmp_path / "stick.mbtiles", real_tiles())
    session.do(lambda ws: base_maps.add(ws, stick))
    qtbot.waitUntil(lambda: len(tiled(feed)) == 1)
    away = stick.rename(tmp_path / "away")
    feed.close()
    again = BaseMapsFeed(session)
    again.load()
    qtbot.waitUntil(lambda: bool(again.problems))
    assert "stick.mbtiles" in again.words(Texts("en"))[0]
    assert again.trouble(Texts("en")) == "1 base map is not read"
    assert "unplugged" in again.words_of(again.base_maps[0].key, Texts("en"))
    assert tiled(again) == []
    away.rename(stick)
    again.load()
    qtbot.waitUntil(lambda: len(tiled(again)) == 1)
    assert again.words(Texts("en")) == []
    assert again.trouble(Texts("en")) == again.words_of(again.base_maps[0].key, Texts("en")) == ""
    again.close()


def test_areas_of_a_package_lie_over_the_base_maps(
    feed: BaseMapsFeed, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a.geojson").write_text(json.dumps(AREA), encoding="utf-8")
    session.do(lambda ws: map_package.make(ws, tmp_path / "p.fieldmap", areas=tmp_path / "a.geojson"))
    session.do(lambda ws: map_package.take(ws, tmp_path / "p.fieldmap"))
    qtbot.waitUntil(lambda: len(getattr(feed.layers()[-1], "shapes", ())) == 1)
    assert feed.layers()[-1].code == "interest"
