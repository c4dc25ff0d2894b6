"""The card of the base maps: what it offers is done, and what cannot be done is said there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from fieldapp.operations import base_maps, map_package
from fieldapp.operations.workspace import create
from tests.builders_tiles import REAL, geopackage, geotiff, mbtiles, real_tiles
from ui.map.base_maps_card import BaseMapsCard
from ui.map.base_maps_feed import BaseMapsFeed
from ui.map.package_form import PackageForm
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import PlainLabel
from ui.widgets.progress import ProgressPanel


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


def photo(file: Path, **options: Any) -> Path:
    return geotiff(file, np.random.default_rng(6).integers(0, 255, (3, 100, 100), np.uint8), **options)


def test_a_geotiff_is_turned_beside_other_work_and_says_what_it_was_made_of(
    card: BaseMapsCard, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    card.take(photo(tmp_path / "photo.tif", system="EPSG:28408", corner=(8_670_000.0, 4_430_000.0)))
    turning = card._feed.turning
    qtbot.waitUntil(lambda: turning.file is not None)
    assert not card.add.isEnabled()
    assert card.findChildren(ProgressPanel)
    answered: list[str] = []
    session.ask(lambda ws: ws.role, answered.append)
    qtbot.waitUntil(lambda: bool(answered))
    assert turning.file is not None
    qtbot.waitUntil(lambda: [one.title for one in card._feed.base_maps] == ["photo"], timeout=60_000)
    assert "Pulkovo 1942 / Gauss-Kruger zone 8 · EPSG:15865" in said(card)
    assert not card.findChildren(ProgressPanel)
    assert card.add.isEnabled()


def test_turning_is_stopped_by_its_button(card: BaseMapsCard, qtbot: QtBot, tmp_path: Path) -> None:
    card.take(photo(tmp_path / "photo.tif", px_m=200.0))
    qtbot.waitUntil(lambda: bool(card.findChildren(ProgressPanel)))
    press(card, "Cancel")
    qtbot.waitUntil(lambda: "Stopped before the end" in said(card), timeout=60_000)
    assert card._feed.base_maps == []


def test_a_failure_while_nobody_looked_is_said_when_somebody_does(
    card: BaseMapsCard, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    feed = card._feed
    card.take(photo(tmp_path / "photo.tif", system=None))
    qtbot.waitUntil(lambda: feed.turning.file is not None)
    feed.turning.failed.disconnect(card._refused)
    qtbot.waitUntil(lambda: feed.turning.unseen is not None, timeout=60_000)
    assert any("photo.tif" in sentence for sentence in feed.words(session.texts))
    later = BaseMapsCard(session, feed)
    qtbot.addWidget(later)
    assert "photo.tif" in said(later)
    assert feed.words(session.texts) == []


def test_rows_from_the_wrong_end_are_found_said_and_can_be_turned(
    card: BaseMapsCard, qtbot: QtBot, tmp_path: Path
) -> None:
    card.take(mbtiles(tmp_path / "m.mbtiles", real_tiles(), rows="north"))
    qtbot.waitUntil(lambda: "counted from the other end" in said(card))
    assert card._feed.base_maps == []
    press(card, "Add it with its rows the other way round")
    qtbot.waitUntil(lambda: [one.rows for one in card._feed.base_maps] == ["north"])


def test_a_map_package_goes_from_one_window_to_another(
    card: BaseMapsCard, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    card.take(REAL)
    card.take(mbtiles(tmp_path / "hills.mbtiles", real_tiles(), name="Hills"))
    qtbot.waitUntil(lambda: len(card._feed.base_maps) == 2)
    press(card, "Hide: Hills")
    qtbot.waitUntil(lambda: "hidden" in said(card))
    press(card, "Make a map package")
    (form,) = card.findChildren(PackageForm)
    ring = [[-118.30, 36.57], [-118.28, 36.57], [-118.28, 36.58], [-118.30, 36.57]]
    areas = tmp_path / "areas.geojson"
    areas.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    form.take_areas(areas)
    form.write(tmp_path / "maps")
    qtbot.waitUntil(lambda: "Map package written: maps.fieldmap" in said(card))
    assert "1 base map · 1 area of interest" in "\n".join(
        word for banner in card.findChildren(Banner) for word in banner.words())  # fmt: skip
    press(card, "Remove: Hills")
    qtbot.waitUntil(lambda: "Hills" not in said(card))
    press(card, f"Remove: {REAL.stem}")
    qtbot.waitUntil(lambda: REAL.stem not in said(card))
    card.take(tmp_path / "maps.fieldmap")
    qtbot.waitUntil(lambda: "Map package taken: maps.fieldmap" in said(card))
    qtbot.waitUntil(lambda: [one.title for one in card._feed.base_maps] == [REAL.stem])


def test_a_package_that_cannot_be_written_says_why_and_can_be_tried_again(
    card: BaseMapsCard, qtbot: QtBot, tmp_path: Path
) -> None:
    press(card, "Make a map package")
    (form,) = card.findChildren(PackageForm)
    assert not form.go.isEnabled()
    (tmp_path / "areas.geojson").write_text("no areas", encoding="utf-8")
    form.take_areas(tmp_path / "areas.geojson")
    form.write(tmp_path / "maps.fieldmap")
    qtbot.waitUntil(lambda: "cannot be made" in said(card))
    assert form.go.isEnabled()
    assert not (tmp_path / "maps.fieldmap").exists()
    press(card, "Cancel")
    assert not card.findChildren(Banner)


def test_one_of_several_layers_is_chosen_by_a_button(card: BaseMapsCard, qtbot: QtBot, tmp_path: Path) -> None:
    card.take(geopackage(tmp_path / "g.gpkg", real_tiles(), layers=("roads", "hills")))
    qtbot.waitUntil(lambda: "several layers" in said(card))
    press(card, "Add layer hills")
    qtbot.waitUntil(lambda: [one.layer for one in card._feed.base_maps] == ["hills"])
