"""Points of the map: what they are by the lists in force, news since a mark, and names behind numbers."""

from __future__ import annotations

from pathlib import Path

from fieldapp.domain.records.find import CATEGORY_SCALE
from fieldapp.domain.symbols import CIRCLE, DASHED, DIAMOND, SHAPES
from fieldapp.operations import disposals, map_data, records
from tests.builders import a_find, alone, deployment


def test_points_say_what_where_when_who_and_whether_it_is_still_there(tmp_path: Path) -> None:
    with alone(tmp_path / "ws") as ws:
        mine = a_find(ws, position="39.9899 46.8988", found_on="2024-07-29")
        gone = a_find(ws, position="39.99 46.9", found_on="2024-07-29")
        a_find(ws, position="")
        disposals.add_disposal(ws, {"find": gone.name, "outcome": "destroyed_in_place", "quantity": 1,
                                    "done_on": "2024-07-29"})  # fmt: skip
        points = map_data.find_points(ws)
        assert [(round(lat, 7), round(lon, 7)) for lat, lon in zip(points.lat, points.lon, strict=True)] == [
            (39.9899, 46.8988), (39.99, 46.9),
        ]  # fmt: skip
        assert points.gone.tolist() == [False, True]
        assert [points.categories[place] for place in points.category] == ["ap_mine", "ap_mine"]
        assert [SHAPES[place][0] for place in points.shape] == [CIRCLE, CIRCLE]
        assert points.rank.tolist() == [len(CATEGORY_SCALE) - 1] * 2
        assert points.day.tolist() == [739_096, 739_096]
        assert (points.owners(), points.tasks()) == ([ws.team], [])
        assert points.of_words(points.owner, [ws.team]).all()
        assert map_data.finds_at(ws, points.n.tolist()) == dict(
            zip(points.n.tolist(), [mine.name, gone.name], strict=True)
        )
        assert map_data.find_at(ws, 99) is None


def test_news_are_the_new_finds_alone_until_an_older_one_changes(tmp_path: Path) -> None:
    with alone(tmp_path / "ws") as ws:
        first = a_find(ws, position="39.9899 46.8988")
        read = map_data.find_points(ws)
        nothing = map_data.newer(ws, read.mark)
        assert (len(nothing.points), nothing.all_changed) == (0, False)
        a_find(ws, position="40.1 47")
        news = map_data.newer(ws, read.mark)
        assert ([round(lat, 7) for lat in news.points.lat], news.all_changed) == ([40.1], False)
        assert len(map_data.newer(ws, news.points.mark).points) == 0
        records.retract(ws, first.name, "entered twice")
        assert map_data.newer(ws, news.points.mark).all_changed
        assert [round(lat, 7) for lat in map_data.find_points(ws).lat] == [40.1]


def test_finds_of_another_laptop_are_on_headquarters_map_after_the_import(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as made:
        made.exchange(made.laptops["one"])
        read = map_data.find_points(made.hq)
        a_find(made.laptops["one"], position="40.1 47")
        made.carry(made.laptops["one"])
        news = map_data.newer(made.hq, read.mark)
        assert ([round(lat, 7) for lat in news.points.lat], news.points.owners()) == ([40.1], ["t7"])


def test_what_no_list_knows_ranks_and_is_drawn_as_uxo(tmp_path: Path) -> None:
    with alone(tmp_path / "ws") as ws:
        meaning = map_data.Categories(ws.lists)
        uxo = CATEGORY_SCALE.index("uxo")
        for unknown in ("", "of_a_newer_version"):
            assert (SHAPES[meaning.shape(unknown)][0], meaning.rank(unknown)) == (DIAMOND, uxo)
        assert SHAPES[meaning.shape("non_explosive")][0] == DASHED
        assert meaning.rank("ap_mine") > meaning.rank("at_mine") > meaning.rank("fuze")
