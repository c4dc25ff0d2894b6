"""What people type where codes could stand, and what follows from it: figures go by category, area by outline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.operations import disposals, finds, joining, records, review
from fieldapp.operations.errors import NotComplete
from fieldapp.operations.workspace import Workspace
from tests.cli.runner import done, run

LIVE: dict[str, object] = {
    "lat": "39.9899", "lon": "46.8988", "fixed_by": "live_fix", "accuracy_m": "2.5", "satellites": 11, "hdop": "0.9",
}
COMPLETE: dict[str, object] = {"depth_cm": 5, "condition": "armed"}


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with joining.start_alone(tmp_path / "w", "Aysel", use_keyring=False) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    done("init", tmp_path / "w", "--name", "Aysel", "--key-file")
    return tmp_path / "w"


@pytest.mark.parametrize("written", ["pmn-2", "PMN-2", "ПМН2", "pmn2"])
def test_a_model_given_as_option_brings_its_category(folder: Path, written: str) -> None:
    shown = done("find", "add", "--model", written, workspace=folder)
    assert (shown["model"], shown["category"], shown["sub_category"]) == ("pmn-2", "ap_mine", "ap_blast")
    assert shown["model_text"] is None


def test_a_model_that_is_not_in_the_list_is_kept_as_typed_wherever_it_is_given(folder: Path) -> None:
    assert done("find", "add", "--model", "Green thing", workspace=folder)["model_text"] == "Green thing"


def test_correcting_the_model_by_its_code_corrects_the_category(folder: Path) -> None:
    found = done("find", "add", "TM-62M", workspace=folder)
    after = done("find", "correct", found["local_id"], "--model", "pmn-2", "--why", "misread", workspace=folder)
    assert (after["model"], after["category"], after["sub_category"]) == ("pmn-2", "ap_mine", "ap_blast")


def test_a_category_that_was_said_stands_beside_its_model(ws: Workspace) -> None:
    found = finds.add_find(ws, {"model": "pmn-2", "category": "ied_booby_trap"})
    assert found.fields["category"] == "ied_booby_trap"


def test_who_corrects_is_written_down(folder: Path) -> None:
    number = done("find", "add", "pmn2", workspace=folder)["local_id"]
    done("find", "correct", number, "--depth-cm", 5, "--why", "measured", "--as", "Rəşad", workspace=folder)
    assert done("find", "history", number, workspace=folder)["history"][-1]["by"] == "Rəşad"


@pytest.mark.parametrize("by_text", [True, False])
def test_a_corrected_point_keeps_no_receivers_accuracy(ws: Workspace, by_text: bool) -> None:
    found = finds.add_find(ws, LIVE, model_text="pmn2")
    if by_text:
        after = finds.correct_find(ws, found.name, {}, "misread", position="39.9901 46.8990")
    else:
        after = finds.correct_find(ws, found.name, {"lat": "39.9901", "lon": "46.8990"}, "misread")
    assert (after.fields["lat"], after.fields["lon"], after.fields["fixed_by"]) == ("39.9901", "46.899", "typed")
    assert [after.fields.get(name) for name in ("accuracy_m", "satellites", "hdop")] == [None, None, None]


def test_a_corrected_point_does_not_keep_the_text_of_the_other_point(ws: Workspace) -> None:
    found = finds.add_find(ws, {}, model_text="pmn2", position="39.9899 46.8988")
    after = records.correct(ws, found.name, {"lat": "39.9901"}, "misread")
    assert after.fields.get("typed_text") is None
    assert after.fields["lon"] == "46.8988"


def test_an_edit_that_leaves_the_point_where_it_is_leaves_all_that_is_known_of_it(ws: Workspace) -> None:
    found = finds.add_find(ws, LIVE, model_text="pmn2")
    after = records.correct(ws, found.name, {"lat": "39.9899", "lon": "46.8988", "depth_cm": 8}, "measured")
    assert after.values["position"] == found.values["position"]


def test_a_disposal_keeps_the_name_of_a_find_that_has_not_come_yet(ws: Workspace) -> None:
    unknown = "find/t9/0192f0c1-0000-7000-8000-000000000001"
    done_with = disposals.add_disposal(ws, {"outcome": "destroyed_in_place"}, of=unknown)
    assert done_with.fields["find"] == unknown


def test_a_disposals_position_can_be_corrected_as_typed(folder: Path) -> None:
    number = done("disposal", "add", "--of", "T9-0001-A", "--outcome", "moved", workspace=folder)["local_id"]
    after = done("disposal", "correct", number, "--at", "39.99 46.89", "--why", "measured", workspace=folder)
    assert (after["lat"], after["lon"], after["typed_text"]) == (39.99, 46.89, "39.99 46.89")


def test_an_area_is_the_outlines_and_cannot_be_typed(folder: Path) -> None:
    assert run("plot", "add", "--release", "cleared", "--area-m2", "99999", workspace=folder).code == 2


def test_words_that_mean_nothing_to_a_command_are_refused(folder: Path) -> None:
    assert run("plot", "add", "pmn2", workspace=folder).code == 2


def test_finds_that_need_a_position_are_listed_and_no_others(folder: Path) -> None:
    half = done("find", "add", "pmn2", "--lat", "39.99", workspace=folder)["local_id"]
    gone = done("find", "add", "pmn2", workspace=folder)["local_id"]
    done("find", "retract", gone, "--why", "doubled", workspace=folder)
    none = done("find", "add", "pmn2", workspace=folder)["local_id"]
    done("find", "add", "pmn2", "--at", "39.99 46.89", workspace=folder)
    listed = done("find", "list", "--no-position", workspace=folder)["records"]
    assert [one["local_id"] for one in listed] == [none, half]
    assert len(done("find", "list", "--no-position", "--limit", 1, workspace=folder)["records"]) == 1
    assert done("plot", "list", "--no-position", workspace=folder)["records"] == []


def test_what_lacks_a_needed_field_is_not_signed_off(ws: Workspace) -> None:
    lacking = finds.add_find(ws, COMPLETE, model_text="pmn2")
    whole = finds.add_find(ws, COMPLETE, model_text="pmn2", position="39.9899 46.8988")
    with pytest.raises(NotComplete, match=str(lacking.fields["local_id"])):
        review.sign_off(ws, [whole.name, lacking.name])
    assert review.judgements(ws, "sign_off") == {}
    assert review.complete(ws, [whole.name, lacking.name]) == [whole.name]


def test_signing_all_off_signs_what_is_complete(folder: Path) -> None:
    whole = done("find", "add", "pmn2", "--at", "39.99 46.89", "--depth-cm", 5, "--condition", "armed",
                 workspace=folder)
    done("find", "add", "pmn2", workspace=folder)
    assert done("review", "sign-off", "--all", workspace=folder)["judged"] == [whole["record"]]


@pytest.mark.parametrize("value", ["{bad", "1.5", '{"a":NaN}'])
def test_a_value_that_no_record_can_hold_is_a_wrong_use(folder: Path, value: str) -> None:
    number = done("find", "add", "pmn2", workspace=folder)["local_id"]
    assert run("conflicts", "settle", number, "what", "--value", value, "--why", "x", workspace=folder).code == 2


def test_vectors_that_are_no_json_are_a_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "v.json").write_text("{", encoding="utf-8")
    assert run("debug", "merge", tmp_path / "v.json").code == 2


def test_an_invitation_that_cannot_be_written_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    done("init", tmp_path / "hq", "--role", "hq", "--deployment", "T", "--escrow-to", tmp_path / "e", "--key-file")
    ran = run("hq", "invite", "--team", "t7", "--to", tmp_path / "gone" / "x.fieldinvite", "--json",
              workspace=tmp_path / "hq")
    assert (ran.code, ran.json["error"]["code"]) == (1, "file_not_written")
