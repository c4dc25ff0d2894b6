"""GeoTIFFs on the list of base maps: turned into tiles, by operations and commands, with and without the extra."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fieldapp.exchange import geotiff
from fieldapp.operations import base_maps, geotiff_maps, map_package
from fieldapp.operations.geotiff_maps import GeotiffNotTurned
from fieldapp.operations.workspace import Workspace, create
from fieldapp.sync.errors import Cancelled
from tests.builders_tiles import REAL
from tests.builders_tiles import geotiff as made
from tests.cli.runner import done, run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    made = create(tmp_path / "ws", role="hq", person="Officer", use_keyring=False)
    yield made
    made.close()


def photo(folder: Path, **options: Any) -> Path:
    dice = np.random.default_rng(6)
    return made(folder / "photo.tif", dice.integers(0, 255, (3, 100, 100), np.uint8), **options)


def in_folder(ws: Workspace) -> list[str]:
    return sorted(one.name for one in (ws.folder / geotiff_maps.FOLDER).iterdir())


def test_a_geotiff_becomes_a_base_map_of_the_workspace_and_remembers_how(ws: Workspace, tmp_path: Path) -> None:
    file = photo(tmp_path, system="EPSG:28408", corner=(8_670_000.0, 4_430_000.0))
    said: list[tuple[str, int, int]] = []
    one = base_maps.add(ws, file, opacity=0.5, progress=lambda *so_far: said.append(so_far))
    assert (one.title, one.opacity, one.made_from) == ("photo", 0.5, str(file))
    assert (one.system, one.operation) == ("Pulkovo 1942 / Gauss-Kruger zone 8", "EPSG:15865")
    assert said[-1][0] == geotiff_maps.STEP
    assert said[-1][1] == said[-1][2]
    (state,) = base_maps.states(ws)
    assert state.about is not None
    assert state.about.form == "mbtiles"
    file.unlink()
    assert base_maps.states(ws)[0].error is None
    base_maps.remove(ws, one.key)
    assert in_folder(ws) == []


def test_the_same_again_is_listed_once_and_its_tiles_stay(ws: Workspace, tmp_path: Path) -> None:
    file = photo(tmp_path)
    base_maps.add(ws, file)
    before = in_folder(ws)
    with pytest.raises(base_maps.BaseMapListed):
        base_maps.add(ws, file)
    assert (in_folder(ws), len(before)) == (before, 1)
    assert base_maps.states(ws)[0].error is None


def test_stopping_leaves_nothing_and_what_an_ended_program_left_is_cleared_away(
    ws: Workspace, tmp_path: Path
) -> None:
    (ws.folder / geotiff_maps.FOLDER / "geotiff.turning").write_bytes(b"half")
    with pytest.raises(Cancelled):
        base_maps.add(ws, photo(tmp_path), cancelled=lambda: True)
    assert (in_folder(ws), base_maps.listed(ws)) == ([], [])


def test_a_full_list_is_said_before_the_work(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_maps, "MOST_MAPS", 1)
    base_maps.add(ws, REAL)
    with pytest.raises(base_maps.BaseMapListed):
        base_maps.add(ws, photo(tmp_path), progress=lambda *_so_far: pytest.fail("it began"))


def test_a_file_that_is_refused_adds_nothing(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(GeotiffNotTurned):
        base_maps.add(ws, photo(tmp_path, system=None))
    assert (in_folder(ws), base_maps.listed(ws)) == ([], [])


def test_what_was_made_of_it_goes_into_a_map_package_like_any_base_map(ws: Workspace, tmp_path: Path) -> None:
    base_maps.add(ws, photo(tmp_path))
    assert len(map_package.make(ws, tmp_path / "p.fieldmap").maps) == 1
    with create(tmp_path / "other", role="field", person="A", use_keyring=False) as other:
        map_package.take(other, tmp_path / "p.fieldmap", stranger=True)
        assert base_maps.states(other)[0].error is None


def test_commands_show_and_add_a_geotiff(tmp_path: Path) -> None:
    folder, file = tmp_path / "ws", photo(tmp_path)
    done("init", folder, "--role", "field", "--name", "R. Sadigov", "--key-file")
    about = done("map", "show", file)
    assert (about["format"], about["system"], about["zooms"][-1]) == ("geotiff", "WGS 84 / UTM zone 38N", 17)
    added = done("map", "add", file, "--finest-zoom", 15, workspace=folder)
    assert (added["made_from"], added["system"]) == (str(file), "WGS 84 / UTM zone 38N")
    assert done("map", "list", workspace=folder)["base_maps"][0]["found"]["zooms"][-1] == 15
    refused = run("map", "add", photo(tmp_path, system=None), "--json", workspace=folder)
    assert (refused.code, refused.json["error"]["code"]) == (1, "geotiff_unsuited")


def test_without_the_extra_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = photo(tmp_path)
    monkeypatch.setattr(geotiff, "EXTRA", "an_extra_that_is_not_installed")
    with pytest.raises(GeotiffNotTurned, match=r"pip install .fieldapp\[geotiff\].*gdal_translate"):
        base_maps.look(file)


def test_without_the_extra_everything_else_works(tmp_path: Path) -> None:
    code = (
        "import sys, json\n"
        "sys.modules['rasterio'] = None\n"
        "import ui.pages.map\n"
        "from fieldapp.exchange import geotiff\n"
        "from fieldapp.operations import base_maps\n"
        "from pathlib import Path\n"
        "print(json.dumps([geotiff.available(), base_maps.look(Path(sys.argv[1])).form]))\n"
    )
    found = subprocess.run([sys.executable, "-c", code, REAL], capture_output=True, check=True, cwd=ROOT)
    assert json.loads(found.stdout) == [False, "pmtiles"]
