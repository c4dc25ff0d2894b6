"""Map packages: from one workspace to another in one file, whole or not at all."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.exchange.tile_errors import TilesNotRead
from fieldapp.operations import base_maps, map_package
from fieldapp.operations.map_package import MapPackageNotMade, MapPackageNotTaken, MapPackageOfStranger
from fieldapp.operations.workspace import Workspace, create
from fieldapp.sync import container
from fieldapp.sync.errors import Cancelled
from fieldapp.sync.minisign import sign_text
from tests.builders_tiles import REAL, geopackage, mbtiles, png, real_tiles
from tests.cli.runner import done, run

SMALL = {at: data for at, data in real_tiles().items() if at[0] < 10}
AREA = {"type": "Feature", "properties": {"name": "Block 7"}, "geometry": {"type": "Polygon", "coordinates": [
    [[46.9, 39.9], [46.91, 39.9], [46.91, 39.91], [46.9, 39.9]]]}}  # fmt: skip


@pytest.fixture
def hq(tmp_path: Path) -> Iterator[Workspace]:
    made = create(tmp_path / "hq", role="hq", person="Officer", use_keyring=False)
    base_maps.add(made, mbtiles(tmp_path / "topo.mbtiles", SMALL, rows="north"), rows="north", title="Topography",
                  opacity=0.7)  # fmt: skip
    base_maps.add(made, geopackage(tmp_path / "roads.gpkg", SMALL), credit="Roads survey")
    (tmp_path / "areas.geojson").write_text(json.dumps(AREA), encoding="utf-8")
    yield made
    made.close()


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Workspace]:
    made = create(tmp_path / "laptop", role="field", person="R. Sadigov", use_keyring=False)
    yield made
    made.close()


def believing(laptop: Workspace, hq: Workspace) -> Workspace:
    """The laptop, with that headquarters' word final."""
    laptop.set_meta("root", hq.device)
    return laptop


def test_what_headquarters_packs_stands_on_the_laptop(hq: Workspace, laptop: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "aghdam.fieldmap"
    made = map_package.make(hq, file, areas=tmp_path / "areas.geojson", line="dotted")
    assert (len(made.maps), made.areas, made.size_bytes) == (2, 1, file.stat().st_size)
    taken = map_package.take(believing(laptop, hq), file)
    file.unlink()
    for name in ("topo.mbtiles", "roads.gpkg"):
        (tmp_path / name).unlink()
    assert (taken.from_hq, taken.areas) == (True, 1)
    topo, roads = base_maps.listed(laptop)
    assert (topo.title, topo.opacity, topo.rows, roads.credit) == ("Topography", 0.7, "north", "Roads survey")
    for state in base_maps.states(laptop):
        assert state.error is None
        source = base_maps.open_map(laptop, state.base_map)
        tile = source.tile(source.about.levels[0], 43, 100)
        source.close()
        assert tile is not None
        assert tile.data == SMALL[8, 43, 100]
    (area,) = map_package.areas_of_interest(laptop)
    assert (area.title, area.line, area.labelled) == ("Block 7", "dotted", True)
    assert area.rings == (((39.9, 46.9), (39.9, 46.91), (39.91, 46.91)),)


def test_a_package_taken_again_changes_nothing(hq: Workspace, laptop: Workspace, tmp_path: Path) -> None:
    map_package.make(hq, tmp_path / "p.fieldmap")
    for _ in range(2):
        map_package.take(believing(laptop, hq), tmp_path / "p.fieldmap")
        base_maps.change(laptop, base_maps.listed(laptop)[0].key, opacity=0.3)
    assert [one.opacity for one in base_maps.listed(laptop)] == [0.3, 1.0]
    assert len(list((laptop.folder / "maps").iterdir())) == 2
    base_maps.remove(laptop, "1")
    assert len(list((laptop.folder / "maps").iterdir())) == 1


def test_a_stranger_is_named_and_taken_only_when_told_to(hq: Workspace, laptop: Workspace, tmp_path: Path) -> None:
    map_package.make(hq, tmp_path / "p.fieldmap")
    with pytest.raises(MapPackageOfStranger):
        map_package.take(laptop, tmp_path / "p.fieldmap")
    assert base_maps.listed(laptop) == []
    assert map_package.take(laptop, tmp_path / "p.fieldmap", stranger=True).from_hq is False


def test_every_altered_byte_and_length_is_noticed_and_nothing_is_taken(
    hq: Workspace, laptop: Workspace, tmp_path: Path
) -> None:
    file, believer, dice = tmp_path / "p.fieldmap", believing(laptop, hq), random.Random(5)
    map_package.make(hq, file, keys=["2"], areas=tmp_path / "areas.geojson")
    whole = file.read_bytes()
    places = [*range(60), *(dice.randrange(len(whole)) for _ in range(120)), *range(len(whole) - 60, len(whole))]
    for at in places:
        bent = bytearray(whole)
        bent[at] ^= 1 << dice.randrange(8)
        file.write_bytes(bent)
        with pytest.raises(MapPackageNotTaken):
            map_package.take(believer, file)
    for length in (0, 1, 21, 22, 5000, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(MapPackageNotTaken):
            map_package.take(believer, file)
    assert base_maps.listed(laptop) == []
    assert list((laptop.folder / "maps").iterdir()) == []
    assert map_package.areas_of_interest(laptop) == []


def signed(hq: Workspace, file: Path, change: dict[str, object], **members: bytes) -> Path:
    """A package with a sound signature whose manifest says something else."""
    from fieldapp.domain.canonical import canonical

    said = {"kind": map_package.KIND, "format": 1, "made": "2026-11-22T10:00:00Z", "signer": hq.keys.signing_public,
            "maps": [], "areas": None, **change}  # fmt: skip
    raw = canonical(said)
    every = {name.replace("__", "/").replace("_dot_", "."): data for name, data in members.items()}
    every |= {container.MANIFEST: raw, container.SIGNATURE: sign_text(hq.keys, raw, map_package.KIND).encode()}
    file.write_bytes(container.write_zip(container.measure(name, data) for name, data in every.items()))
    return file


def member(data: bytes, **other: object) -> dict[str, object]:
    """A base map of a manifest."""
    found = container.measure("maps/01.tiles", data)
    return {"file": found.name, "size": found.size, "sha256": found.sha256, "title": "t", "credit": "c",
            "opacity_percent": 100, "shown": True, "rows": "", "layer": "", **other}  # fmt: skip


def test_a_signed_package_is_held_to_every_limit_all_the_same(hq: Workspace, laptop: Workspace, tmp_path: Path) -> None:
    believer, good = believing(laptop, hq), mbtiles(tmp_path / "g", {(0, 0, 0): png(8, 8)}, bounds=None).read_bytes()
    html, areas = b"<html>", b'{"type": "FeatureCollection", "features": []}'
    found = container.measure("areas.geojson", areas)
    told = {"file": found.name, "size": found.size, "sha256": found.sha256, "line": "dashed", "labels": True}
    cases: list[tuple[dict[str, object], dict[str, bytes]]] = [
        ({"kind": "x"}, {}), ({"format": 2}, {}), ({"more": 1}, {}), ({"maps": [member(good)]}, {}),
        ({}, {"maps__01_dot_tiles": good}), ({"maps": [member(html)]}, {"maps__01_dot_tiles": html}),
        ({"maps": [member(good, opacity_percent=101)]}, {"maps__01_dot_tiles": good}),
        ({"maps": [member(good, rows="up")]}, {"maps__01_dot_tiles": good}),
        ({"maps": [member(good, file="../x")]}, {"maps__01_dot_tiles": good}),
        ({"maps": [member(good)] * 2}, {"maps__01_dot_tiles": good}),
        ({"maps": [member(good, sha256="0" * 64)]}, {"maps__01_dot_tiles": good}),
        ({"areas": told}, {"areas_dot_geojson": areas}),
        ({"areas": told | {"line": "green"}}, {"areas_dot_geojson": areas}),
    ]  # fmt: skip
    for change, members in cases:
        with pytest.raises(MapPackageNotTaken):
            map_package.take(believer, signed(hq, tmp_path / "p", change, **members))
        assert list((laptop.folder / "maps").iterdir()) == []
    map_package.take(believer, signed(hq, tmp_path / "p", {"maps": [member(good)]}, maps__01_dot_tiles=good))
    assert [one.title for one in base_maps.listed(laptop)] == ["t"]


def test_a_package_is_not_made_of_nothing_or_of_what_cannot_be_read(hq: Workspace, tmp_path: Path) -> None:
    (tmp_path / "roads.gpkg").write_bytes(b"SQLite format 3\0" + bytes(100))
    with pytest.raises(TilesNotRead):
        map_package.make(hq, tmp_path / "p.fieldmap")
    for one in base_maps.listed(hq):
        base_maps.remove(hq, one.key)
    with pytest.raises(MapPackageNotMade):
        map_package.make(hq, tmp_path / "p.fieldmap")
    (tmp_path / "points.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(MapPackageNotMade, match="no GeoJSON areas"):
        map_package.make(hq, tmp_path / "p.fieldmap", areas=tmp_path / "points.geojson")
    assert list(tmp_path.glob("p.fieldmap*")) == []


def test_commands_make_and_take_a_package(tmp_path: Path) -> None:
    done("init", tmp_path / "a", "--role", "field", "--name", "R. Sadigov", "--key-file")
    done("init", tmp_path / "b", "--role", "field", "--name", "A. Aliyeva", "--key-file")
    done("map", "add", mbtiles(tmp_path / "m.mbtiles", SMALL), workspace=tmp_path / "a")
    made = done("map", "package", tmp_path / "p.fieldmap", workspace=tmp_path / "a")
    assert (len(made["maps"]), made["areas"]) == (1, 0)
    refused = run("map", "take", tmp_path / "p.fieldmap", "--json", workspace=tmp_path / "b")
    assert (refused.code, refused.json["error"]["code"]) == (1, "map_package_of_stranger")
    assert done("map", "take", tmp_path / "p.fieldmap", "--stranger", workspace=tmp_path / "b")["from_hq"] is False
    assert done("map", "list", workspace=tmp_path / "b")["base_maps"][0]["state"] == "ok"
    assert "Not from your headquarters" in run(
        "map", "take", tmp_path / "p.fieldmap", "--stranger", workspace=tmp_path / "b").out  # fmt: skip
    assert run("map", "take", tmp_path / "m.mbtiles", workspace=tmp_path / "b").code == 1


class Stop:
    """Says stop at the question after so many; counts the questions."""

    def __init__(self, after: int) -> None:
        self.after, self.asked = after, 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked > self.after


def test_making_and_taking_stop_at_any_point_without_a_trace_and_tell_how_far_they_are(
    hq: Workspace, laptop: Workspace, tmp_path: Path
) -> None:
    base_maps.add(hq, REAL)
    file, said = tmp_path / "p.fieldmap", list[tuple[str, int, int]]()
    whole = Stop(10_000)
    map_package.make(hq, tmp_path / "whole.fieldmap", cancelled=whole, progress=lambda *so_far: said.append(so_far))
    for after in range(whole.asked):
        with pytest.raises(Cancelled):
            map_package.make(hq, file, cancelled=Stop(after))
        assert list(tmp_path.glob("p.fieldmap*")) == []
    believing(laptop, hq)
    (tmp_path / "whole.fieldmap").rename(file)
    for after in range(6):
        with pytest.raises(Cancelled):
            map_package.take(laptop, file, cancelled=Stop(after))
        assert list((laptop.folder / base_maps.FOLDER).iterdir()) == []
        assert base_maps.listed(laptop) == []
    assert len(map_package.take(laptop, file, progress=lambda *so_far: said.append(so_far)).maps) == 3
    assert len({step for step, _done, _total in said}) == 4
