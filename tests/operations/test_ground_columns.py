"""Kept ground is the ground that would be worked out, and goes with the first change of what it follows from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldapp.domain import symbols
from fieldapp.operations import areas, ground_columns, map_grounds, plots, review
from fieldapp.operations.ground_columns import GroundColumns
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage import kept_grounds
from tests.builders import RECTANGLE, a_plot, deployment, hq


@pytest.fixture
def ws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(ground_columns, "MUCH", 1)
    with hq(tmp_path / "hq") as made:
        yield made


def an_area(ws: Workspace) -> str:
    values = {"classification": "cha", "status": "open", "informed_on": "2024-07-30"}
    return areas.add(ws, values, outline=areas.one_ring(RECTANGLE)).name


def keep(ws: Workspace) -> None:
    made_from = ground_columns.as_of(ws)
    ground_columns.keep(ws, map_grounds.grounds(ws), made_from)


def test_every_kind_that_ground_hangs_on_makes_the_kept_ground_go() -> None:
    hangs_on = {kind for kinds in map_grounds._HANGS_ON.values() for kind in kinds} | set(map_grounds._HANGS_ON)
    assert hangs_on <= set(kept_grounds.FOLLOWS_FROM)


def test_what_is_packed_comes_out_as_it_was(ws: Workspace) -> None:
    a_plot(ws)
    an_area(ws)
    found = map_grounds.grounds(ws)
    packed = GroundColumns.from_bytes(GroundColumns.of(found).to_bytes())
    assert packed.grounds() == found
    assert packed.grounds([1]) == found[1:2]
    assert GroundColumns.from_bytes(GroundColumns.of([]).to_bytes()).grounds() == []


@pytest.mark.parametrize("change", [
    lambda ws, plot: review.decide(ws, [plot], "approved"),
    lambda ws, plot: plots.correct_plot(ws, plot, {"depth_cm": 10}, "misread"),
    lambda ws, plot: a_plot(ws, ("40.12 46.98", "40.12 46.9805", "40.12072 46.9805", "40.12072 46.98")),
    lambda ws, plot: an_area(ws),
])  # fmt: skip
def test_kept_ground_goes_with_the_first_change(ws: Workspace, change: Callable[[Workspace, str], object]) -> None:
    plot = a_plot(ws).name
    keep(ws)
    first = ground_columns.kept(ws)
    assert first is not None
    assert first is ground_columns.kept(ws), "it is read once"
    assert first.grounds() == map_grounds.grounds(ws)
    change(ws, plot)
    assert ground_columns.kept(ws) is None
    keep(ws)
    again = ground_columns.kept(ws)
    assert again is not None
    assert again.grounds() == map_grounds.grounds(ws)


def test_the_next_program_starts_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground_columns, "MUCH", 1)
    with hq(tmp_path / "hq") as ws:
        plot = a_plot(ws).name
        keep(ws)
        found = map_grounds.grounds(ws)
    with open_workspace(tmp_path / "hq") as ws:
        kept = ground_columns.kept(ws)
        assert kept is not None
        assert kept.grounds() == found
        review.decide(ws, [plot], "approved")
    with open_workspace(tmp_path / "hq") as ws:
        assert ground_columns.kept(ws) is None


def test_ground_that_changed_while_it_was_worked_out_is_not_kept(ws: Workspace) -> None:
    plot = a_plot(ws).name
    made_from, found = ground_columns.as_of(ws), map_grounds.grounds(ws)
    plots.correct_plot(ws, plot, {"depth_cm": 11}, "misread")
    ground_columns.keep(ws, found, made_from)
    assert ground_columns.kept(ws) is None


def test_a_delivery_makes_it_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground_columns, "MUCH", 1)
    with deployment(tmp_path, "t7") as there:
        laptop = there.laptops["t7"]
        plot = a_plot(laptop, place="AZ-AGM")
        there.carry(laptop)
        keep(laptop)
        review.decide(there.hq, [plot.name], "approved")
        assert ground_columns.kept(laptop) is not None
        there.answer(laptop)
        assert ground_columns.kept(laptop) is None


def test_kept_ground_of_other_rules_and_damaged_ground_are_not_taken(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_plot(ws)
    keep(ws)
    ws.store.execute("UPDATE map_ground SET data = substr(data, 2)")
    assert ground_columns.kept(ws) is None
    keep(ws)
    assert ground_columns.kept(ws) is not None
    monkeypatch.setattr(ground_columns, "_VERSION", "2")
    assert ground_columns.kept(ws) is None


def test_little_ground_is_not_kept(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground_columns, "MUCH", 100)
    a_plot(ws)
    keep(ws)
    assert ground_columns.kept(ws) is None


def test_ground_kept_by_other_rules_is_never_drawn() -> None:
    """Whoever changes how ground is worked out or drawn raises the number in ``ground_columns``; then the digest here.

    Kept ground is only read back under the number it was made by: an old picture of released ground may kill.
    """
    rules = [Path(str(module.__file__)).read_text(encoding="utf-8") for module in (map_grounds, symbols)]
    digest = hashlib.sha256("".join(rules).encode()).hexdigest()[:16]
    assert (ground_columns._VERSION.split()[0], digest) == ("2", "0944bcd93082dfd4")
