"""C4 at both ends: a bundle for another programme, another team or somebody else's keys is refused by name."""

from pathlib import Path

from fieldapp.operations import export, imports, lookup
from fieldapp.storage.merged import state_hash
from fieldapp.sync.manifest import Deployment
from tests.builders import a_find, deployment
from tests.builders_faults import carried, packed, sealed_day, written


def test_c4_a_bundle_of_another_programme_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with deployment(tmp_path, "laptop") as ours, deployment(tmp_path / "other", "theirs") as others:
        a_find(others.laptops["theirs"])
        a_find(ours.laptops["laptop"])
        foreign = export.export_for_hq(others.laptops["theirs"], others.stick).path
        segment = packed(sealed_day(ours.laptops["laptop"]))
        elsewhere = Deployment("0192f0c1-0000-7000-8000-00000000beef", "Programme B")
        readdressed = carried(ours.laptops["laptop"], ours.stick, [segment], deployment=elsewhere)
        before = state_hash(ours.hq.store)
        outcomes = imports.import_files(ours.hq, [foreign, readdressed])
        assert [one.code for one in outcomes] == ["bundle_not_for_this_key", "other_deployment"]
        assert "Programme B" in (outcomes[1].reason or "")
        assert "Test programme" in (outcomes[1].reason or "")
        assert (state_hash(ours.hq.store), lookup.rows(ours.hq, "find")) == (before, [])


def test_c4_a_return_bundle_for_another_team_is_refused(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, other = there.laptops["laptop"], there.join("other", "t8")
        for one in (laptop, other):
            a_find(one)
            there.carry(one)
        theirs = export.export_for_team(there.hq, "t8", there.stick).path
        content = export._content(there.hq, "team/t8", [], [], receipts=[], hq_epoch=there.hq.meta("epoch"))
        resealed = written(there.hq, content, [laptop.keys.recipient], there.stick)
        outcomes = imports.import_files(laptop, [theirs, resealed])
        assert [one.code for one in outcomes] == ["bundle_not_for_this_key", "not_addressed_here"]
        assert "team/t8" in (outcomes[1].reason or "")


def test_c4_a_laptops_bundle_is_no_return_bundle(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        one, two = there.laptops["one"], there.laptops["two"]
        a_find(one)
        content = export._content(one, "team/t7", [], [], receipts=[])
        forged = written(one, content, [two.keys.recipient], there.stick)
        (outcome,) = imports.import_files(two, [forged])
        assert outcome.code == "unknown_sender"
