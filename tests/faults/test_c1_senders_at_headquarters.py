"""C1 at headquarters: unsigned, unknown, wrong or revoked key, another team's record: five answers, each its own."""

from pathlib import Path

import pytest

from fieldapp.domain.authority import AFTER_CUT_OFF, NOT_ENROLLED, OTHER_TEAM
from fieldapp.operations import export, headquarters, imports, inbox, lookup, records
from fieldapp.operations.errors import NotThisTeams
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.merged import state_hash
from fieldapp.sync.container import MANIFEST, SIGNATURE, read_zip
from fieldapp.sync.errors import BundleUnsigned, SenderSignatureWrong, UnknownSender
from fieldapp.sync.sealing import open_sealed
from tests.builders import Deployment, a_find, deployment
from tests.builders_faults import carried, event_line, forged_segment, packed, sealed_day, share
from tests.builders_sync import STRANGER, resigned, sealed, zipped


def members_of(bundle: Path, hq: Workspace) -> dict[str, bytes]:
    opened = open_sealed(bundle, hq.private, [hq.keys.receiving])
    with read_zip(opened.path) as archive:
        members = {name: archive.read(name, 2**24) for name in archive.entries}
    opened.path.unlink()
    return members


def unsigned(there: Deployment, bundle: Path) -> Path:
    members = members_of(bundle, there.hq)
    del members[SIGNATURE]
    return sealed(zipped(members), there.stick / "unsigned.fieldbundle", [there.hq.keys.recipient])


def wrongly_signed(there: Deployment, bundle: Path) -> Path:
    members = members_of(bundle, there.hq)
    forged = resigned(members, members[MANIFEST], STRANGER)
    return sealed(zipped(forged), there.stick / "wrong.fieldbundle", [there.hq.keys.recipient])


def uninvited(there: Deployment) -> Path:
    """A laptop with an invitation that headquarters knows nothing of (any more)."""
    laptop = there.join("stranger")
    there.hq.set_json("invitations", [])
    a_find(laptop)
    return export.export_for_hq(laptop, there.stick).path


def test_c1_unsigned_wrong_and_unknown_keys_are_refused_and_everything_stays_as_it_was(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_find(there.laptops["laptop"])
        bundle = export.export_for_hq(there.laptops["laptop"], there.stick).path
        cases = {
            unsigned(there, bundle): BundleUnsigned,
            wrongly_signed(there, bundle): SenderSignatureWrong,
            uninvited(there): UnknownSender,
        }
        before = state_hash(there.hq.store)
        contents = {path: path.read_bytes() for path in cases}
        outcomes = imports.import_files(there.hq, list(cases))
        assert [(one.status, one.code) for one in outcomes] == [("refused", error.code) for error in cases.values()]
        assert len({one.reason for one in outcomes}) == 3
        assert all(path.name in (one.reason or "") for path, one in zip(cases, outcomes, strict=True))
        assert state_hash(there.hq.store) == before
        assert lookup.rows(there.hq, "find") == []
        assert {path: path.read_bytes() for path in cases} == contents
        assert {one.code for one in inbox.refused(there.hq)} == {error.code for error in cases.values()}


def test_c1_a_revoked_laptops_old_finds_count_and_its_later_ones_are_kept_aside(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        old = a_find(laptop).name
        there.exchange(laptop)
        headquarters.revoke(there.hq, laptop.device, "stolen")
        late = a_find(laptop).name
        records.correct(laptop, old, {"depth_cm": 90}, "changed by the thief")
        outcome = there.carry(laptop)
        assert (outcome.status, outcome.sender_state) == ("imported", "revoked")
        assert (outcome.new, outcome.quarantined) == (2, 2)
        assert [row.name for row in lookup.rows(there.hq, "find")] == [old]
        assert records.get(there.hq, old).fields["depth_cm"] == 5
        assert {one["record"] for one in inbox.quarantined(there.hq)} == {old, late}
        assert {one["reason"] for one in inbox.quarantined(there.hq)} == {AFTER_CUT_OFF}
        assert there.carry(laptop).status == "known"


def test_c1_finds_from_before_the_cut_off_still_count_when_they_come_late(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        first, second = a_find(laptop).name, packed(sealed_day(laptop))
        a_find(laptop)
        third = packed(sealed_day(laptop))
        imports.import_file(there.hq, carried(laptop, there.stick, [third]))
        headquarters.revoke(there.hq, laptop.device, "retired")
        outcome = imports.import_file(there.hq, carried(laptop, there.stick, [second]))
        assert (outcome.new, outcome.quarantined) == (1, 0)
        assert first in {row.name for row in lookup.rows(there.hq, "find")}


def test_c1_a_record_of_another_team_is_refused_on_the_laptop_and_kept_aside_at_headquarters(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, other = there.laptops["laptop"], there.join("other", "t8")
        theirs = a_find(other)
        for one in (laptop, other, laptop):
            there.exchange(one)
        line = event_line(laptop, {"depth_cm": 90}, owner="t8")
        forged = forged_segment(laptop.keys, [line], audience="team/t8")
        before = [(row.name, row.heads) for row in lookup.rows(there.hq, "find")]
        outcome = imports.import_file(there.hq, carried(laptop, there.stick, [forged]))
        assert (outcome.status, outcome.new, outcome.quarantined) == ("imported", 1, 1)
        assert [one["reason"] for one in inbox.quarantined(there.hq)] == [OTHER_TEAM]
        assert [(row.name, row.heads) for row in lookup.rows(there.hq, "find")] == before
        assert records.get(there.hq, theirs.name).heads == theirs.heads
        share(other, laptop)
        with pytest.raises(NotThisTeams):
            records.correct(laptop, theirs.name, {"depth_cm": 90}, "mine now")


def test_c1_the_five_answers_are_five_different_texts() -> None:
    facts = {"file": "x", "sender": "s", "device": "d"}
    sentences = {str(error(**facts)) for error in (BundleUnsigned, SenderSignatureWrong, UnknownSender)}
    assert len(sentences | {AFTER_CUT_OFF, OTHER_TEAM, NOT_ENROLLED}) == 6
