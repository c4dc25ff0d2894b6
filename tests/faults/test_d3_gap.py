"""D3: bundle 5 before 3, and 4 never: the data is in, the gap is shown and asked for, the next bundle closes it."""

from pathlib import Path

from fieldapp.operations import export, imports, inbox, lookup, today
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.rebuild import rebuild
from tests.builders import Deployment, a_find, deployment
from tests.builders_faults import carried, packed, sealed_day


def five_days(there: Deployment, laptop: Workspace) -> list[Path]:
    """Five bundles, each of one day with two finds."""
    bundles = []
    for _ in range(5):
        a_find(laptop)
        a_find(laptop)
        bundles.append(carried(laptop, there.stick, [packed(sealed_day(laptop))]))
    return bundles


def shown(hq: Workspace) -> list[tuple[object, object]]:
    return [(gap["from"], gap["to"]) for gap in inbox.gaps(hq)]


def test_d3_later_bundles_are_in_at_once_and_the_gap_is_shown(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        one, two, three, _four, five = five_days(there, laptop)
        imports.import_files(there.hq, [one, two])
        assert shown(there.hq) == []
        assert imports.import_file(there.hq, five).new == 2
        assert (len(lookup.rows(there.hq, "find")), shown(there.hq)) == (6, [(5, 8)])
        assert imports.import_file(there.hq, three).new == 2
        assert (len(lookup.rows(there.hq, "find")), shown(there.hq)) == (8, [(7, 8)])


def test_d3_the_next_bundle_closes_the_gap(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        one, two, three, _four, five = five_days(there, laptop)
        imports.import_files(there.hq, [one, two, five, three])
        outcome = there.carry(laptop)
        assert (outcome.new, outcome.known) == (2, 8)
        assert (len(lookup.rows(there.hq, "find")), shown(there.hq)) == (10, [])


def test_d3_the_return_bundle_confirms_only_what_is_before_the_gap_and_asks_for_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        one, two, three, _four, five = five_days(there, laptop)
        imports.import_files(there.hq, [one, two, five, three])
        back = export.export_for_team(there.hq, "t7", there.stick)
        asked = imports.inspect(laptop, back.path).manifest.asked
        assert [(one.first, one.last) for one in asked] == [(7, 8)]
        imports.import_file(laptop, back.path)
        places = counted(laptop)
        assert places == {"hq": 6, "stick": 0, "here": 4}
        outcome = there.carry(laptop)
        assert (outcome.new, shown(there.hq)) == (2, [])
        there.answer(laptop)
        assert counted(laptop)["hq"] == 10


def counted(laptop: Workspace) -> dict[str, int]:
    where = today.places(laptop)
    return {"hq": where.hq, "stick": where.stick, "here": where.here}


def test_d3_what_headquarters_asks_for_is_sent_again_although_it_was_confirmed_once(tmp_path: Path) -> None:
    """A headquarters that lost what it had confirmed gets it from the next bundle, without being told how."""
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        one, two, *_ = five_days(there, laptop)
        imports.import_files(there.hq, [one, two])
        there.answer(laptop)
        assert counted(laptop)["hq"] == 4
        forgetful = there.hq
        _forget_the_first_day(forgetful)
        back = export.export_for_team(forgetful, "t7", there.stick)
        imports.import_file(laptop, back.path)
        outcome = there.carry(laptop)
        assert outcome.new > 0
        assert shown(forgetful) == []
        assert len(lookup.rows(forgetful, "find")) == 10


def _forget_the_first_day(hq: Workspace) -> None:
    with hq.store.transaction():
        n = hq.store.rows("SELECT n FROM segment WHERE from_seq = 1 AND to_seq = 2")[-1][0]
        hq.store.execute("DELETE FROM segment WHERE n = ?", (n,))
        rebuild(hq.store)
