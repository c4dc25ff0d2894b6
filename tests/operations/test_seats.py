"""Several seats of one headquarters: bundles between them, one root that receipts, equal records in any order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fieldapp.errors import OperatorError
from fieldapp.ids import SeededEntropy
from fieldapp.operations import (
    enrolment,
    export,
    forks,
    headquarters,
    imports,
    inbox,
    joining,
    laptops,
    lookup,
    photos,
    post_desk,
    questions,
    records,
    review,
)
from fieldapp.operations.errors import ForNewSeat, NoSeats, OnlyField, OnlyRoot, WrongRole
from fieldapp.operations.imports import Outcome
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.merged import state_hash
from tests.builders import Deployment, a_find, alone, clock, deployment
from tests.builders_faults import JPEG


def invited(there: Deployment, name: str) -> Workspace:
    """A further seat with a workspace of its own; the root does not know it yet."""
    file = there.stick / f"{name}.fieldinvite"
    headquarters.invite_seat(there.hq, file, device_name=name)
    folder = there.stick.parent / name
    seat = joining.start_invited(
        folder, file, name.title(), clock=clock(), entropy=SeededEntropy(str(folder)), use_keyring=False
    )
    there.laptops[name] = seat
    return seat


def to_root(there: Deployment, seat: Workspace) -> Outcome:
    return imports.import_file(there.hq, export.export_for_hq(seat, there.stick).path)


def from_root(there: Deployment, seat: Workspace) -> Outcome:
    return imports.import_file(seat, export.export_for_seats(there.hq, there.stick).path)


def seated(there: Deployment, name: str = "officer") -> Workspace:
    """A seat that has been there and back once."""
    seat = invited(there, name)
    assert to_root(there, seat).sender_state == "invited"
    from_root(there, seat)
    return seat


def alike(*desks: Workspace) -> None:
    assert len({state_hash(ws.store) for ws in desks}) == 1


def finds(ws: Workspace) -> set[str]:
    return {row.name for row in lookup.rows(ws, "find")}


def test_a_seat_is_invited_and_gets_all_streams_of_all_teams_and_their_photos(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        name = a_find(laptop).name
        (tmp_path / "photo.jpg").write_bytes(JPEG + b"seen")
        photo = photos.add_photo(laptop, tmp_path / "photo.jpg", shows=name)
        there.exchange(laptop)
        there.carry(there.join("other", "t8"))
        seat = seated(there)
        assert (seat.role, seat.is_seat, seat.root, seat.team) == ("hq", True, there.hq.device, "hq")
        assert finds(seat) == {name}
        assert photos.read_photo(seat, str(photo.fields["sha256"])) == JPEG + b"seen"
        assert inbox.quarantined(seat) == inbox.quarantined(there.hq) == []
        alike(seat, there.hq)
        assert [(one.name, one.role) for one in laptops.laptops(there.hq) if one.device == seat.device] == [
            ("officer", "hq")
        ]


def test_what_a_seat_decides_asks_and_corrects_reaches_the_team_through_the_root(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        names = [a_find(laptop).name, a_find(laptop).name]
        there.exchange(laptop)
        seat = seated(there)
        review.decide(seat, names[:1], "approved")
        questions.ask(seat, names[1], "Which model?")
        records.correct(seat, names[1], {"depth_cm": 30}, "the photo shows it")
        assert to_root(there, seat).quarantined == 0
        alike(seat, there.hq)
        there.answer(laptop)
        assert records.get(laptop, names[1]).fields["depth_cm"] == 30
        assert len(review.judgements(laptop, "decision")) == 1
        assert [thread.text for thread in questions.threads(laptop)] == ["Which model?"]
        assert inbox.quarantined(laptop) == []
        assert records.whereabouts(laptop, names) == dict.fromkeys(names, "hq")


def test_a_seat_relays_the_roots_receipts_and_gives_none_of_its_own(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        there.exchange(there.laptops["laptop"])
        seat = seated(there)
        name = a_find(there.laptops["laptop"]).name
        there.carry(there.laptops["laptop"])
        from_root(there, seat)
        review.decide(seat, [name], "approved")
        decision = lookup.rows(seat, "decision")[0].name
        assert records.whereabouts(seat, [decision]) == {decision: "here"}
        bundle = export.export_for_hq(seat, there.stick)
        imports.import_file(there.hq, bundle.path)
        assert imports.inspect(there.hq, bundle.path).manifest.hq_epoch == there.hq.meta("epoch")
        from_root(there, seat)
        assert records.whereabouts(seat, [decision]) == {decision: "hq"}
        with pytest.raises(OnlyRoot):
            export.export_for_team(seat, "t7", there.stick)


def test_a_seat_invites_nobody_and_cuts_no_seat_off(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        seat, second = seated(there), seated(there, "second")
        from_root(there, seat)
        with pytest.raises(OnlyRoot):
            headquarters.invite(seat, "t9", there.stick / "x.fieldinvite")
        with pytest.raises(OnlyRoot):
            headquarters.invite_seat(seat, there.stick / "x.fieldinvite", device_name="third")
        with pytest.raises(OnlyRoot):
            headquarters.revoke(seat, second.device, "no")
        with pytest.raises(OnlyRoot):
            export.export_for_seats(seat, there.stick)
        with pytest.raises(WrongRole):
            export.export_for_seats(laptop, there.stick)
        with pytest.raises(OnlyField):
            export.export_for_hq(there.hq, there.stick)
        headquarters.revoke(seat, laptop.device, "lost")
        to_root(there, seat)
        assert (revoked := enrolment.device(there.hq, laptop.device)) is not None
        assert revoked.revoked


def test_what_a_cut_off_seat_writes_later_is_kept_aside_and_it_gets_no_more_bundles(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        names = [a_find(laptop).name, a_find(laptop).name]
        there.exchange(laptop)
        seat = seated(there)
        review.decide(seat, names[:1], "approved")
        to_root(there, seat)
        headquarters.revoke(there.hq, seat.device, "stolen")
        records.correct(seat, names[1], {"depth_cm": 90}, "by the thief")
        outcome = to_root(there, seat)
        assert (outcome.sender_state, outcome.quarantined) == ("revoked", 1)
        assert len(review.judgements(there.hq, "decision")) == 1
        assert records.get(there.hq, names[1]).fields["depth_cm"] == 5
        with pytest.raises(NoSeats):
            export.export_for_seats(there.hq, there.stick)


def test_a_teams_bundle_is_not_for_a_seat_and_an_invitation_of_a_seat_not_for_a_laptop(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there, alone(tmp_path / "alone") as lone:
        seat = seated(there)
        a_find(there.laptops["laptop"])
        (outcome,) = imports.import_files(seat, [export.export_for_hq(there.laptops["laptop"], there.stick).path])
        assert outcome.code == "bundle_not_for_this_key"
        with pytest.raises(ForNewSeat):
            joining.join(lone, there.stick / "officer.fieldinvite")
        with pytest.raises(OperatorError):
            imports.import_file(there.laptops["laptop"], export.export_for_seats(there.hq, there.stick).path)


def test_the_post_desk_answers_a_seat_and_a_seat_answers_the_root(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        name = a_find(there.laptops["laptop"]).name
        there.exchange(there.laptops["laptop"])
        seat = invited(there, "officer")
        stick = tmp_path / "between"
        stick.mkdir()
        export.export_for_hq(seat, stick)
        served = post_desk.serve(there.hq, stick)
        assert ([team for team, _ in served.answers], served.safe_to_unplug) == (["hq"], True)
        back = post_desk.serve(seat, stick)
        assert [(one.status, one.new > 0) for one in back.outcomes] == [("imported", True)]
        assert ([team for team, _ in back.answers], back.safe_to_unplug) == (["hq"], True)
        assert finds(seat) == {name}
        assert [one.status for one in post_desk.serve(there.hq, stick).outcomes][-1] in {"imported", "known"}
        assert post_desk.unanswered(there.hq) == []


def scattered(there: Deployment, names: list[str], dice: random.Random) -> list[Workspace]:
    """Root, two seats and the laptop write and exchange in a random order; then a fair exchange."""
    laptop, desks = there.laptops["laptop"], [there.hq, there.laptops["one"], there.laptops["two"]]
    waiting: list[tuple[Workspace, Path]] = []
    for _ in range(9):
        at = dice.choice(desks)
        if dice.random() < 0.5:
            name = dice.choice(names)
            if records.get(at, name).settled:
                records.correct(at, name, {"depth_cm": dice.randrange(90)}, "seen on the photo")
        if at.is_seat:
            waiting.append((there.hq, export.export_for_hq(at, there.stick).path))
        else:
            path = export.export_for_seats(there.hq, there.stick).path
            waiting += [(seat, path) for seat in desks[1:]]
        dice.shuffle(waiting)
        for _ in range(dice.randrange(3)):
            if waiting:
                imports.import_file(*waiting.pop())
    for to, path in waiting:
        imports.import_file(to, path)
    there.exchange(laptop)
    for _ in range(2):
        for seat in desks[1:]:
            to_root(there, seat)
            from_root(there, seat)
    return desks


@pytest.mark.parametrize("seed", [1, 2])
def test_after_exchange_in_any_order_records_gaps_and_receipts_agree(tmp_path: Path, seed: int) -> None:
    with deployment(tmp_path, "laptop") as there:
        names = [a_find(there.laptops["laptop"]).name for _ in range(3)]
        there.exchange(there.laptops["laptop"])
        seated(there, "one")
        seated(there, "two")
        from_root(there, there.laptops["one"])
        desks = scattered(there, names, random.Random(seed))
        alike(*desks)
        assert [inbox.gaps(ws) for ws in desks] == [[], [], []]
        assert [inbox.quarantined(ws) for ws in desks] == [[], [], []]
        for seat in desks[1:]:
            own = [row.name for row in lookup.rows(seat, "find")]
            assert set(records.whereabouts(seat, own).values()) == {"hq"}


def test_seats_bring_back_what_a_restored_root_lost(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        from fieldapp.operations import backup

        a_find(there.laptops["laptop"])
        there.exchange(there.laptops["laptop"])
        seat = seated(there)
        backup.backup(there.hq, tmp_path / "file.backup")
        late = a_find(there.laptops["laptop"]).name
        there.carry(there.laptops["laptop"])
        review.decide(there.hq, [late], "approved")
        from_root(there, seat)
        there.hq.close()
        there.hq = backup.restore(
            tmp_path / "file.backup", tmp_path / "again", backup.keys_in(tmp_path / "hq-escrow.txt"), clock=clock(),
            use_keyring=False,
        )
        assert late not in finds(there.hq)
        from_root(there, seat)
        to_root(there, seat)
        assert late in finds(there.hq)
        alike(there.hq, seat)
        assert len(review.judgements(there.hq, "decision")) == 1


def test_a_copied_seat_is_cut_off_and_invited_anew_as_a_seat(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        seat = seated(there)
        invitation = forks.reenrol(there.hq, seat.device, there.stick / "again.fieldinvite", "the disk was copied")
        assert (invitation.team, invitation.device_name) == ("hq", "officer")
        assert enrolment.seats(there.hq) == []
