"""Progress of a programme: approved ground against its target (story 12: Qarvand)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from fieldapp.operations import entry, programmes, records, review
from fieldapp.operations.errors import WrongRole
from fieldapp.operations.workspace import Workspace
from fieldapp.reports.programme import shares_of
from fieldapp.texts import Texts
from tests.builders import alone, hq

QARVAND = "AZ-X-QARVAND"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    with hq(tmp_path / "hq") as ws:
        yield ws


def a_programme(ws: Workspace, **fields: object) -> str:
    values = {"title": "Qarvand", "target_m2": "4000000", "place": QARVAND, "started_on": "2024-01-01", **fields}
    return entry.add(ws, "programme", values).name


def ground(ws: Workspace, hectares: str, *, approve: bool = True, **fields: object) -> str:
    values = {
        "release": "cleared", "method": "manual", "completed_on": "2024-07-01", "place": QARVAND, "depth_cm": 20,
        "area_m2": str(Decimal(hectares) * 10_000), **fields,
    }  # fmt: skip
    name = records.add(ws, "plot", values, owner="t7").name
    if approve:
        review.decide(ws, [name], "approved")
    return name


def test_qarvand_says_249_75_of_400_hectares_and_what_waits_is_not_counted(office: Workspace) -> None:
    name = a_programme(office)
    for hectares in ("120.5", "88.25", "41.0"):
        ground(office, hectares)
    ground(office, "7.9", approve=False)
    found = programmes.progress(office, name)
    assert (found.approved_m2, found.waiting_m2, found.per_cent) == (
        Decimal(2_497_500), Decimal(79_000), Decimal("62.4"),
    )  # fmt: skip
    assert (found.basis, found.approved_plots, found.waiting_plots) == ("place", 3, 1)
    shown = dict(programmes.facts(found, Texts("en")))
    assert shown["Approved"] == "249.75 ha (2,497,500.0 m²)"
    assert shown["Target"].startswith("400.00 ha")
    assert shown["Of the target"] == "62.4 %"
    assert shown["Waiting for approval, not counted"].startswith("7.90 ha")


def test_once_a_task_names_it_only_plots_of_its_tasks_count(office: Workspace) -> None:
    name = a_programme(office)
    task = records.add(office, "task", {"title": "Qarvand 1", "programme": name}, owner="t7")
    ground(office, "10")
    ground(office, "20", task=task.name)
    ground(office, "30", task=task.fields["local_id"], place="AZ-AGM")
    found = programmes.progress(office, name)
    assert (found.basis, found.approved_m2) == ("tasks", Decimal(500_000))


def test_ground_elsewhere_before_its_first_day_withdrawn_or_owing_a_follow_up_is_not_counted(
    office: Workspace,
) -> None:
    name = a_programme(office)
    ground(office, "1", place="AZ-FUZ")
    ground(office, "2", completed_on="2023-12-31")
    records.retract(office, ground(office, "4"), "drawn twice")
    ground(office, "8", method="mechanical")
    found = programmes.progress(office, name)
    assert (found.approved_m2, found.follow_up_m2) == (Decimal(0), Decimal(80_000))


def test_a_plot_changed_since_its_approval_counts_as_it_was_approved(office: Workspace) -> None:
    name, plot = a_programme(office), ground(office, "10")
    records.correct(office, plot, {"area_m2": "150000"}, "drawn anew")
    found = programmes.progress(office, name)
    assert (found.approved_m2, found.changed_plots) == (Decimal(100_000), 1)
    assert any("changed since its approval" in said for said in programmes.remarks(found, Texts("en")))


def test_shares_are_read_and_told_when_they_do_not_add_up(office: Workspace) -> None:
    assert [(share.donor, share.percent) for share in shares_of("Trust fund = 60 %\nUNDP=12,5\nA friend\n")] == [
        ("Trust fund", Decimal(60)), ("UNDP", Decimal("12.5")), ("A friend", None),
    ]  # fmt: skip
    name = a_programme(office, shares="Trust fund = 60\nUNDP = 30")
    ground(office, "10")
    found = programmes.progress(office, name)
    assert dict(programmes.facts(found, Texts("en")))["Trust fund, 60 %"] == "6.00 ha (60,000.0 m²)"
    assert "The shares add up to 90 %, not to 100 %." in programmes.remarks(found, Texts("en"))


def test_without_a_target_there_is_no_per_cent(office: Workspace) -> None:
    found = programmes.progress(office, a_programme(office, target_m2=""))
    assert (found.per_cent, found.target_m2) == (None, None)
    assert "Target" not in dict(programmes.facts(found, Texts("en")))


def test_a_laptop_that_holds_its_own_ground_alone_gives_no_figure(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop, pytest.raises(WrongRole):
        programmes.progress(laptop, "programme/hq/1")
