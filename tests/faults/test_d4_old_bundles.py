"""D4 and D8: an old bundle after a correction, an old return bundle after a newer one: nothing goes back."""

from pathlib import Path

from fieldapp.operations import export, imports, lookup, records, review
from fieldapp.storage import ledger
from tests.builders import a_find, deployment
from tests.builders_faults import everything_derived


def test_d4_an_old_bundle_does_not_undo_a_correction(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        name = a_find(laptop).name
        old = export.export_for_hq(laptop, there.stick).path
        imports.import_file(there.hq, old)
        records.correct(laptop, name, {"depth_cm": 30}, "measured again")
        there.carry(laptop)
        records.correct(there.hq, name, {"condition": "unarmed"}, "seen on the photo")
        before = everything_derived(there.hq.store)
        assert imports.import_file(there.hq, old).status == "known"
        assert everything_derived(there.hq.store) == before
        fields = records.get(there.hq, name).fields
        assert (fields["depth_cm"], fields["condition"]) == (30, "unarmed")


def test_d4_the_correction_may_come_first(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        name = a_find(laptop).name
        old = export.export_for_hq(laptop, there.stick).path
        records.correct(laptop, name, {"depth_cm": 30}, "measured again")
        new = export.export_for_hq(laptop, there.stick).path
        assert imports.import_file(there.hq, new).new == 2
        assert imports.import_file(there.hq, old).new == 0
        assert records.get(there.hq, name).fields["depth_cm"] == 30


def test_d8_an_old_return_bundle_changes_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        first = a_find(laptop).name
        there.carry(laptop)
        old = export.export_for_team(there.hq, "t7", there.stick).path
        imports.import_file(laptop, old)
        second = a_find(laptop).name
        there.carry(laptop)
        review.decide(there.hq, [first, second], "approved")
        there.answer(laptop)
        before, safe = everything_derived(laptop.store), ledger.confirmed(laptop.store)
        outcome = imports.import_file(laptop, old)
        assert (outcome.status, outcome.new, outcome.receipts, outcome.alarms) == ("known", 0, 0, [])
        assert (everything_derived(laptop.store), ledger.confirmed(laptop.store)) == (before, safe)
        assert records.whereabouts(laptop, [first, second]) == {first: "hq", second: "hq"}
        assert len(lookup.rows(laptop, "decision")) == 2
