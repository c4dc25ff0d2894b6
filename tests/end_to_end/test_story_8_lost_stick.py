"""Story 8: a stick with three days of four laptops is lost; another carries all again; receipts through the lead."""

from __future__ import annotations

from pathlib import Path

from fieldapp.operations import export, imports, lookup, records, today, verifying
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import ledger
from tests.builders import Deployment, a_find, a_plot, deployment

TEAM = ("lead", "second", "third", "fourth")


def enrolled(there: Deployment) -> list[Workspace]:
    """The team after its second day: everybody has receipts, and knows the others."""
    laptops = [there.laptops[name] for name in TEAM]
    for laptop in laptops:
        a_find(laptop)
        there.carry(laptop)
    for laptop in laptops:
        there.answer(laptop)
        assert today.places(laptop).here == today.places(laptop).stick == 0
    return laptops


def three_days(laptops: list[Workspace]) -> list[str]:
    """120 finds and 6 plots, each evening collected by the lead."""
    names = []
    for _day in range(3):
        for laptop in laptops:
            names += [a_find(laptop).name for _ in range(10)]
        names += [a_plot(laptop).name for laptop in laptops[:2]]
    return names


def collect(lead: Workspace, others: list[Workspace], stick: Path) -> None:
    for laptop in others:
        file = export.export_for_team(laptop, "t7", stick).path
        assert imports.import_file(lead, file).status in ("imported", "known")


def test_a_lost_stick_costs_nothing_and_receipts_reach_all_laptops_through_the_lead(tmp_path: Path) -> None:
    with deployment(tmp_path, *TEAM) as there:
        laptops = enrolled(there)
        lead, others = laptops[0], laptops[1:]
        names = three_days(laptops)
        collect(lead, others, there.stick)
        assert today.places(others[0]).here == 0
        assert today.places(others[0]).stick == 33
        lost, other = tmp_path / "lost", tmp_path / "other"
        lost.mkdir()
        other.mkdir()
        first = export.export_for_hq(lead, lost)
        again = export.export_for_hq(lead, other)
        assert (first.events, again.events) == (126, 126)
        taken = imports.import_file(there.hq, again.path)
        assert (taken.new, taken.quarantined, taken.differ, taken.status) == (126, 0, 0, "imported")
        held = {row.name for kind in ("find", "plot") for row in lookup.rows(there.hq, kind)}
        assert set(names) <= held
        found = imports.import_file(there.hq, first.path)
        assert (found.status, found.new, found.known) == ("known", 0, 126)

        back = export.export_for_team(there.hq, "t7", lost)
        assert imports.import_file(lead, back.path).receipts == 4
        assert set(records.whereabouts(lead, names).values()) == {"hq"}
        for laptop in others:
            mine = [row.name for row in lookup.rows(laptop, "find")]
            assert "hq" not in {records.whereabouts(laptop, mine)[name] for name in mine if name in names}
        relayed = export.export_for_team(lead, "t7", lost)
        for laptop in others:
            outcome = imports.import_file(laptop, relayed.path)
            assert (outcome.alarms, outcome.refused_segments) == ([], [])
            assert set(records.whereabouts(laptop, names).values()) == {"hq"}
            assert today.places(laptop).stick == today.places(laptop).here == 0


def test_after_it_all_hold_the_same_records(tmp_path: Path) -> None:
    with deployment(tmp_path, *TEAM) as there:
        laptops = enrolled(there)
        a_find(laptops[2])
        collect(laptops[0], laptops[1:], there.stick)
        there.exchange(laptops[0])
        relayed = export.export_for_team(laptops[0], "t7", there.stick).path
        for laptop in laptops[1:]:
            imports.import_file(laptop, relayed)
        hashes = {verifying.check(ws, read_data=True).state_hash for ws in (there.hq, *laptops)}
        assert len(hashes) == 1
        for ws in (there.hq, *laptops):
            assert verifying.check(ws, read_data=True).problems == []
        assert ledger.receipts(laptops[3].store)
