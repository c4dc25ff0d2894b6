"""An import while a form is open: what it brought becomes a conflict with what is saved, never overwritten unseen."""

from pathlib import Path

from fieldapp.operations import drafts, inbox, records
from fieldapp.operations.workspace import Workspace
from tests.builders import Deployment, a_find, deployment


def opened(there: Deployment) -> tuple[Workspace, str, list[str]]:
    """A laptop that opened the form of a find which headquarters then corrects; the correction is imported."""
    laptop = there.laptops["laptop"]
    name = a_find(laptop).name
    there.exchange(laptop)
    heads = list(records.get(laptop, name).heads)
    records.correct(there.hq, name, {"depth_cm": 60}, "read from the photo")
    drafts.keep(laptop, f"correct {name}", {"depth_cm": "12"})
    there.answer(laptop)
    assert records.get(laptop, name).fields["depth_cm"] == 60
    return laptop, name, heads


def test_stale_form_saved_after_an_import_is_a_conflict_with_both_values(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, name, heads = opened(there)
        records.correct(laptop, name, {"depth_cm": 12}, "measured again", heads=heads)
        (conflict,) = inbox.conflicts(laptop)
        assert (conflict["record"], sorted(conflict["readings"])) == (name, [12, 60])
        assert [draft.fields for draft in drafts.kept(laptop)] == [{"depth_cm": "12"}]
        there.exchange(laptop)
        (conflict,) = inbox.conflicts(there.hq)
        assert sorted(conflict["readings"]) == [12, 60]


def test_stale_form_of_another_field_is_no_conflict(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, name, heads = opened(there)
        fields = records.correct(laptop, name, {"condition": "unarmed"}, "looked again", heads=heads).fields
        assert inbox.conflicts(laptop) == []
        assert (fields["depth_cm"], fields["condition"]) == (60, "unarmed")


def test_stale_form_with_the_same_value_is_no_conflict(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, name, heads = opened(there)
        records.correct(laptop, name, {"depth_cm": 60, "condition": "unarmed"}, "measured again", heads=heads)
        assert inbox.conflicts(laptop) == []


def test_stale_retraction_is_disputed_and_the_find_stays_shown(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, name, heads = opened(there)
        assert not records.retract(laptop, name, "entered twice", heads=heads).retracted
        assert {conflict["group"] for conflict in inbox.conflicts(laptop)} == {"exists"}
