"""D11: one invitation on two laptops. The second is not let in by it: imported, kept aside, listed, and mendable."""

from pathlib import Path

from fieldapp.domain.authority import NOT_ENROLLED
from fieldapp.operations import enrolment, export, headquarters, imports, inbox, joining, lookup
from tests.builders import a_find, alone, clock, deployment


def test_d11_the_second_laptop_on_one_invitation_is_imported_kept_aside_and_listed(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        first = a_find(there.laptops["laptop"]).name
        second = alone(tmp_path / "second")
        there.laptops["second"] = second
        kept_aside = a_find(second).name
        joining.join(second, there.stick / "laptop.fieldinvite")
        assert there.carry(there.laptops["laptop"]).sender_state == "invited"
        outcome = there.carry(second)
        assert (outcome.status, outcome.sender_state, outcome.new, outcome.quarantined) == (
            "imported", "token_used", 1, 1
        )
        assert [row.name for row in lookup.rows(there.hq, "find")] == [first]
        assert [(one["record"], one["reason"]) for one in inbox.quarantined(there.hq)] == [(kept_aside, NOT_ENROLLED)]
        assert enrolment.device(there.hq, second.device) is None
        assert there.carry(second).status == "known"
        keys = second.keys
        headquarters.enrol(
            there.hq, second.device, name="second", team="t7", signing_key=keys.signing_public,
            receiving_key=keys.recipient,
        )
        assert {row.name for row in lookup.rows(there.hq, "find")} == {first, kept_aside}
        assert inbox.quarantined(there.hq) == []


def test_d11_in_the_other_order_the_other_laptop_is_let_in(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        second = joining.start_invited(
            tmp_path / "second", there.stick / "laptop.fieldinvite", "B", clock=clock(), use_keyring=False
        )
        there.laptops["second"] = second
        a_find(second)
        assert there.carry(second).sender_state == "invited"
        a_find(there.laptops["laptop"])
        outcome = there.carry(there.laptops["laptop"])
        assert (outcome.sender_state, outcome.quarantined) == ("token_used", 1)


def test_d11_a_token_proof_in_another_laptops_bundle_proves_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        thief = alone(tmp_path / "thief")
        there.laptops["thief"] = thief
        joining.join(thief, there.stick / "laptop.fieldinvite")
        thief.set_meta("token", "00" * 32)
        a_find(thief)
        (outcome,) = imports.import_files(there.hq, [export.export_for_hq(thief, there.stick).path])
        assert (outcome.status, outcome.code) == ("refused", "unknown_sender")

