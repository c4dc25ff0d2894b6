"""One find's way: typed on a laptop, carried, approved, confirmed; and what must not change on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import export, finds, headquarters, imports, joining, records, review, verifying
from fieldapp.operations.errors import AlreadyJoined, NothingToIdentify, ReasonNeeded, WorkspaceInUse
from fieldapp.operations.workspace import open_workspace
from fieldapp.storage.merged import state_hash
from tests.builders import START, a_find, a_plot, alone, deployment, hq


def test_a_find_is_here_then_on_a_stick_then_safe_at_headquarters(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        name = a_find(laptop).name
        assert records.whereabouts(laptop, [name]) == {name: "here"}
        written = export.export_for_hq(laptop, there.stick)
        assert records.whereabouts(laptop, [name]) == {name: "stick"}
        assert imports.import_file(there.hq, written.path).new == 1
        there.answer(laptop)
        assert records.whereabouts(laptop, [name]) == {name: "hq"}
        records.correct(laptop, name, {"depth_cm": 7}, "measured again")
        assert records.whereabouts(laptop, [name]) == {name: "here"}


def test_joining_later_changes_no_id_hash_or_date(tmp_path: Path) -> None:
    there = hq(tmp_path / "hq")
    laptop = alone(tmp_path / "laptop")
    try:
        before = [a_find(laptop), a_plot(laptop)]
        headquarters.invite(there, "t7", tmp_path / "t7.fieldinvite")
        joining.join(laptop, tmp_path / "t7.fieldinvite")
        stick = tmp_path / "stick"
        stick.mkdir()
        imports.import_file(there, export.export_for_hq(laptop, stick).path)
        imports.import_file(laptop, export.export_for_team(there, "t7", stick).path)
        for record in before:
            for place in (laptop, there):
                after = records.get(place, record.name)
                assert (after.heads, after.values, after.at) == (record.heads, record.values, record.at)
        assert state_hash(laptop.store) == state_hash(there.store)
        assert laptop.root == there.device
    finally:
        laptop.close()
        there.close()


def test_numbers_on_tags_keep_their_letters_when_a_laptop_joins(tmp_path: Path) -> None:
    there = hq(tmp_path / "hq")
    laptop = alone(tmp_path / "laptop")
    try:
        first = a_find(laptop).fields["local_id"]
        headquarters.invite(there, "t7", tmp_path / "t7.fieldinvite", prefix="T7")
        joining.join(laptop, tmp_path / "t7.fieldinvite")
        second = a_find(laptop).fields["local_id"]
        assert first.split("-")[0] == second.split("-")[0] != "T7"
    finally:
        laptop.close()
        there.close()


def test_a_laptop_belongs_to_one_deployment(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there, hq(tmp_path / "other") as other:
        laptop = there.laptops["laptop"]
        headquarters.invite(other, "t9", tmp_path / "t9.fieldinvite")
        with pytest.raises(AlreadyJoined):
            joining.join(laptop, tmp_path / "t9.fieldinvite")
        there.exchange(laptop)
        headquarters.invite(there.hq, "t9", tmp_path / "again.fieldinvite")
        with pytest.raises(AlreadyJoined):
            joining.join(laptop, tmp_path / "again.fieldinvite")


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        written = export.export_for_hq(laptop, there.stick)
        imports.import_file(there.hq, written.path)
        before = state_hash(there.hq.store)
        again = imports.import_file(there.hq, written.path)
        assert (again.status, again.new, again.known) == ("known", 0, 1)
        assert state_hash(there.hq.store) == before


def test_a_dry_run_says_what_would_happen_and_changes_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        written = export.export_for_hq(laptop, there.stick)
        before = state_hash(there.hq.store)
        preview = imports.import_file(there.hq, written.path, dry_run=True)
        assert state_hash(there.hq.store) == before
        real = imports.import_file(there.hq, written.path)
        assert (preview.new, preview.kinds) == (real.new, real.kinds) == (1, {"find": 1})


def test_everything_since_the_last_receipt_is_sent_again_so_a_lost_stick_costs_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        lost = export.export_for_hq(laptop, there.stick)
        a_find(laptop)
        assert there.carry(laptop).new == 2
        found_later = imports.import_file(there.hq, lost.path)
        assert (found_later.new, found_later.known) == (0, 1)


def test_an_approval_covers_only_the_version_it_judged(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        plot = a_plot(laptop)
        there.exchange(laptop)
        review.decide(there.hq, [plot.name], "approved")
        assert review.state_of(review.judgements(there.hq)[plot.name]) == "approved"
        there.answer(laptop)
        records.correct(laptop, plot.name, {"remarks": "north corner moved"}, "surveyed again")
        there.carry(laptop)
        assert review.state_of(review.judgements(there.hq)[plot.name]) == "changed"
        assert [row.name for row in review.undecided(there.hq)] == [plot.name]


def test_two_laptops_of_one_team_that_correct_the_same_field_make_a_conflict_a_person_settles(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        one, two = there.laptops["one"], there.laptops["two"]
        find = a_find(one)
        there.exchange(one)
        there.exchange(two)
        records.correct(one, find.name, {"quantity": 2}, "counted again")
        records.retract(there.hq, find.name, "the same item as another one")
        outcome = there.carry(one)
        assert outcome.differ == 1
        record = records.get(there.hq, find.name)
        assert not record.settled
        assert not record.retracted, "a disputed find stays visible"
        settled = records.settle(there.hq, find.name, "exists", True, "it is another item")
        assert settled.settled


def test_saving_needs_only_one_of_model_category_or_text(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        with pytest.raises(NothingToIdentify):
            finds.add_find(laptop, {"depth_cm": 5})
        unknown = finds.add_find(laptop, {}, model_text="green box with wires")
        assert unknown.fields["model_text"] == "green box with wires"
        assert unknown.fields["model"] is None
        assert unknown.fields["lat"] is None
        only_category = finds.add_find(laptop, {"category": "projectile"})
        assert only_category.fields["found_by"] == "Aysel"


def test_a_lot_is_one_position_and_one_find_for_each_model(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        lines: list[dict[str, object]] = [
            {"model_text": "OG-7", "quantity": 180},
            {"category": "small_arms_ammunition", "quantity": 4200},
            {"category": "bulk_explosive", "quantity": "12.5", "unit": "kg"},
        ]
        saved = finds.add_lot(laptop, finds.FoundTogether({}, lines), position="39.9899 46.8988")
        assert len({record.fields["lot"] for record in saved}) == 1
        assert {(record.fields["lat"], record.fields["lon"]) for record in saved} == {("39.9899", "46.8988")}
        assert [record.fields["quantity"] for record in saved] == [180, 4200, "12.5"]


def test_a_change_without_a_reason_is_refused(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        find = a_find(laptop)
        with pytest.raises(ReasonNeeded):
            records.correct(laptop, find.name, {"depth_cm": 9}, "  ")
        with pytest.raises(ReasonNeeded):
            records.retract(laptop, find.name, "")


def test_a_workspace_is_open_in_one_process_or_window_at_a_time(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop, pytest.raises(WorkspaceInUse):
        open_workspace(laptop.folder)


def test_the_full_check_finds_nothing_after_an_exchange(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        a_plot(laptop)
        there.exchange(laptop)
        for ws in (laptop, there.hq):
            assert verifying.check(ws, read_data=True).problems == []


def test_a_first_bundle_that_comes_too_late_is_named_and_a_new_invitation_brings_everything(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        headquarters.invite(there.hq, "t7", there.stick / "a.fieldinvite", days=0)
        with alone(tmp_path / "late") as laptop:
            a_find(laptop)
            joining.join(laptop, there.stick / "a.fieldinvite")
            there.hq.clock = SetClock(START + timedelta(days=3))
            refused = imports.import_files(there.hq, [export.export_for_hq(laptop, there.stick).path])[0]
            assert (refused.status, refused.code) == ("refused", "sender_too_late")
            headquarters.invite(there.hq, "t7", there.stick / "b.fieldinvite")
            joining.join(laptop, there.stick / "b.fieldinvite")
            assert there.carry(laptop).new == 1
