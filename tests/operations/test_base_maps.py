"""The list of base maps of a workspace, by operations and by commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.exchange.tile_errors import TilesNotRead
from fieldapp.operations import base_maps
from fieldapp.operations.workspace import Workspace, create, open_workspace
from tests.builders_tiles import REAL, geopackage, mbtiles, png, real_tiles
from tests.cli.runner import done, run


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    made = create(tmp_path / "ws", role="field", person="R. Sadigov", use_keyring=False)
    yield made
    made.close()


def test_base_maps_are_kept_in_their_order_with_opacity_and_whether_they_are_shown(
    ws: Workspace, tmp_path: Path
) -> None:
    first = base_maps.add(ws, REAL)
    second = base_maps.add(ws, geopackage(tmp_path / "g.gpkg", real_tiles()), credit="Survey 2024", opacity=0.5)
    third = base_maps.add(ws, mbtiles(tmp_path / "m.mbtiles", real_tiles()), title="Hill shade", opacity=7)
    assert [one.title for one in base_maps.listed(ws)] == [first.title, second.title, "Hill shade"]
    assert (first.credit, second.credit) == ("U.S. Geological Survey", "Survey 2024")
    assert (second.opacity, third.opacity) == (0.5, 1)
    base_maps.change(ws, third.key, place=1)
    base_maps.change(ws, second.key, shown=False, opacity=0)
    ws.close()
    with open_workspace(tmp_path / "ws") as again:
        assert [one.key for one in base_maps.listed(again)] == [third.key, first.key, second.key]
        assert base_maps.find(again, "3") == base_maps.find(again, second.key)
        assert (base_maps.find(again, "3").shown, base_maps.find(again, "3").opacity) == (False, 0.05)
        shown = base_maps.open_shown(again)
        assert [one.key for one, _source in shown] == [third.key, first.key]
        for _one, source in shown:
            assert isinstance(source, base_maps.TileSource)
            source.close()


def test_what_cannot_be_read_now_stays_listed_and_says_why(ws: Workspace, tmp_path: Path) -> None:
    stick = mbtiles(tmp_path / "stick.mbtiles", real_tiles())
    base_maps.add(ws, stick)
    base_maps.add(ws, REAL)
    away = stick.rename(tmp_path / "away")
    gone, well = base_maps.states(ws)
    assert gone.error is not None
    assert (gone.error.cause, well.error) == ("gone", None)
    (_gone, error), (_well, source) = base_maps.open_shown(ws)
    assert isinstance(error, TilesNotRead)
    assert isinstance(source, base_maps.TileSource)
    source.close()
    away.write_bytes(away.read_bytes()[:9000])
    away.rename(stick)
    damaged = base_maps.states(ws)[0]
    assert damaged.error is not None
    assert damaged.error.cause == "damaged"


def test_a_file_that_cannot_be_read_or_is_listed_is_not_added(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(TilesNotRead):
        base_maps.add(ws, tmp_path / "nothing.mbtiles")
    base_maps.add(ws, REAL)
    with pytest.raises(base_maps.BaseMapListed):
        base_maps.add(ws, REAL)
    assert len(base_maps.listed(ws)) == 1


HERE = {(12, 2581, 1553): png(8, 8)}
"""One tile near Aghdam."""


def test_rows_from_the_wrong_end_are_found_by_the_work_area_where_a_file_names_no_bounds(
    ws: Workspace, tmp_path: Path
) -> None:
    assert base_maps.add(ws, mbtiles(tmp_path / "good", HERE, bounds=None)).rows == ""
    wrong = mbtiles(tmp_path / "wrong", HERE, bounds=None, rows="north")
    with pytest.raises(base_maps.TileRowsConflict, match="work area") as caught:
        base_maps.add(ws, wrong)
    assert base_maps.add(ws, wrong, rows=caught.value.rows).rows == "north"
    good, turned = base_maps.states(ws)
    assert good.about is not None
    assert turned.about is not None
    assert turned.about.bounds == good.about.bounds
    elsewhere = mbtiles(tmp_path / "elsewhere", {(12, 100, 2500): png(8, 8)}, bounds=None)
    assert base_maps.add(ws, elsewhere).rows == ""


def test_removing_leaves_the_file_where_it_is(ws: Workspace, tmp_path: Path) -> None:
    file = mbtiles(tmp_path / "m.mbtiles", real_tiles())
    base_maps.remove(ws, base_maps.add(ws, file).key)
    assert base_maps.listed(ws) == []
    assert file.exists()
    for name in ("1", "0", "-1", "99999", "²", "x"):
        with pytest.raises(base_maps.BaseMapMissing):
            base_maps.find(ws, name)


def test_commands_add_list_show_change_and_remove(tmp_path: Path) -> None:
    folder = tmp_path / "ws"
    done("init", folder, "--role", "field", "--name", "R. Sadigov", "--key-file")
    about = done("map", "show", REAL)
    assert (about["format"], about["credit"]) == ("pmtiles", "U.S. Geological Survey")
    assert about["zooms"] == [8, 9, 10, 11, 12, 13]
    assert done("map", "add", REAL, "--opacity", "0.4", workspace=folder)["opacity"] == 0.4
    file = mbtiles(tmp_path / "m.mbtiles", real_tiles(), rows="north")
    assert run("map", "add", file, "--json", workspace=folder).json["error"]["code"] == "tile_rows_conflict"
    assert done("map", "add", file, "--rows", "north", "--title", "Hill shade", workspace=folder)["number"] == 2
    assert done("map", "change", "2", "--place", 1, "--hidden", workspace=folder)["number"] == 1
    file.unlink()
    listed = done("map", "list", workspace=folder)["base_maps"]
    assert [(one["title"], one["shown"], one["state"]) for one in listed] == [
        ("Hill shade", False, "gone"), (REAL.stem, True, "ok")]  # fmt: skip
    assert "unplugged" in run("map", "list", workspace=folder).out
    assert done("map", "remove", "1", workspace=folder)["title"] == "Hill shade"
    assert len(done("map", "list", workspace=folder)["base_maps"]) == 1
    assert run("map", "remove", "7", workspace=folder).code == 1
