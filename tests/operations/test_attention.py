"""Review by exception: reasons to look, the sample, approving the rest at once (M6 to M8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.domain import attention as rules
from fieldapp.operations import attention, disposals, finds, odd_dates, photos, questions, records, review, since
from fieldapp.operations.attention import Scope
from fieldapp.operations.errors import WrongRole
from fieldapp.operations.review_errors import NotOpened, NotWaiting, OfficerNeeded, ShareNotValid, ShownOtherwise
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import rebuild, waiting
from tests.builders import RECTANGLE, Deployment, a_find, a_plot, deployment

EAST = ("40.03 46.98", "40.03 46.9825", "40.0312 46.9825", "40.0312 46.98")
WIDER = ("40.02 46.98", "40.02 46.982812", "40.02072 46.982812", "40.02072 46.98")
"""The rectangle of the builders, twice as wide to the east."""


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, "laptop") as made:
        yield made


def why(ws: Workspace, name: str) -> list[str]:
    """The reasons to look at a waiting record."""
    (line,) = attention.lines_of(ws, [name])
    return [rule.code for rule in line.reasons]


def plain(ws: Workspace, scope: Scope = attention.EVERYTHING) -> list[str]:
    return [line.name for line in attention.page(ws, scope, plain=True)]


def look(ws: Workspace, scope: Scope = attention.EVERYTHING) -> list[str]:
    return [line.name for line in attention.page(ws, scope)]


def anew(ws: Workspace) -> list[tuple[object, ...]]:
    """The list as it comes out when it is made from nothing."""
    with ws.store.transaction():
        ws.store.execute("DELETE FROM waiting_mark")
    attention.overview(ws)
    return kept(ws)


def kept(ws: Workspace) -> list[tuple[object, ...]]:
    return ws.store.rows("SELECT kind, owner, id, reasons, severity, pieces, m2, draw FROM waiting ORDER BY 1, 2, 3")


def test_a_record_nobody_doubts_is_without_remarks(there: Deployment) -> None:
    find = a_find(there.laptops["laptop"])
    there.carry(there.laptops["laptop"])
    assert plain(there.hq) == [find.name]
    assert look(there.hq) == []


def test_each_oddity_is_a_reason_of_its_own(there: Deployment, tmp_path: Path) -> None:
    laptop = there.laptops["laptop"]
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(b"\xff\xd8\xff" + b"0" * 50)
    made = {
        "unlisted": a_find(laptop, model_text="a rusty tin", category="uxo"),
        "odd_quantity": a_find(laptop, quantity=5000),
        "lacking": a_find(laptop, depth_cm=None),
        "uncertain": a_find(laptop, certainty="could be a PMN-4"),
        "odd_date": a_find(laptop, found_on="2019-01-01"),
        "plot_unsigned": a_plot(laptop),
        "unresolved": disposals.add_disposal(
            laptop, {"outcome": "destroyed_in_place", "tag": "XYZ-0001-A", "quantity": 1, "done_on": "2024-07-29",
                     "category": "ap_mine"}
        ),
        "photos": a_find(laptop),
    }  # fmt: skip
    photos.add_photo(laptop, picture, shows=made["photos"].name)
    there.carry(laptop)
    for path in there.hq.photos.iterdir():
        path.unlink()
    assert {code: why(there.hq, record.name) for code, record in made.items()} == {code: [code] for code in made}
    assert plain(there.hq) == []


def test_a_date_that_was_checked_is_no_reason_any_more(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    find = a_find(laptop, found_on="2019-01-01")
    there.carry(laptop)
    assert why(there.hq, find.name) == ["odd_date"]
    odd_dates.dismiss(there.hq, [find.name], "an old report entered late")
    assert why(there.hq, find.name) == []


def test_photos_that_come_later_are_no_reason_any_more(there: Deployment, tmp_path: Path) -> None:
    laptop = there.laptops["laptop"]
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(b"\xff\xd8\xff" + b"0" * 50)
    find = a_find(laptop)
    photos.add_photo(laptop, picture, shows=find.name)
    there.carry(laptop)
    (kept,) = there.hq.photos.iterdir()
    away = kept.rename(tmp_path / "away")
    assert why(there.hq, find.name) == ["photos"]
    away.rename(kept)
    assert why(there.hq, find.name) == []


def test_more_made_safe_than_found_is_seen_on_the_disposal_in_either_order_of_arrival(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    find = a_find(laptop, quantity=2)
    two = disposals.add_disposal(laptop, {"outcome": "destroyed_in_place", "quantity": 2}, of=find.name)
    there.carry(laptop)
    assert why(there.hq, two.name) == []
    one = disposals.add_disposal(laptop, {"outcome": "destroyed_in_place", "quantity": 1}, of=find.name)
    there.carry(laptop)
    assert why(there.hq, two.name) == why(there.hq, one.name) == ["over_claimed"]
    records.correct(laptop, find.name, {"quantity": 3}, "counted again")
    there.carry(laptop)
    assert why(there.hq, two.name) == why(there.hq, one.name) == []


def test_conflicts_stand_first_then_severity_then_the_oldest(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    unlisted = a_find(laptop, model_text="a rusty tin", category="uxo")
    lacking = [a_find(laptop, depth_cm=None) for _ in range(2)]
    quarrel = a_find(laptop)
    there.exchange(laptop)
    records.correct(there.hq, quarrel.name, {"depth_cm": 30}, "the sketch says so")
    records.correct(laptop, quarrel.name, {"depth_cm": 18}, "measured")
    there.carry(laptop)
    assert look(there.hq) == [quarrel.name, *(one.name for one in lacking), unlisted.name]
    assert why(there.hq, quarrel.name) == ["conflict"]


def test_a_change_lapses_an_approval_and_says_what_changed(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    find = a_find(laptop)
    there.carry(laptop)
    review.decide(there.hq, [find.name], "approved")
    assert attention.lines_of(there.hq, [find.name]) == []
    records.correct(laptop, find.name, {"depth_cm": 9}, "measured again")
    there.carry(laptop)
    assert why(there.hq, find.name) == ["changed_since_approval"]
    found = since.since_decision(there.hq, find.name)
    assert found is not None
    assert (found.verdict, found.by) == ("approved", "Officer")
    assert {group: (change.before, change.after) for group, change in found.changes.items()} == {"depth_cm": ([5], 9)}


def test_newly_enlarged_ground_stands_apart_in_square_metres_and_needs_both_signatures(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    plot = a_plot(laptop)
    review.sign_off(laptop, [plot.name])
    there.carry(laptop)
    assert why(there.hq, plot.name) == []
    attention.decide(there.hq, {plot.name: plot.heads}, "approved")
    wider = a_plot(laptop, WIDER).fields
    records.correct(laptop, plot.name, {"outline": wider["outline"], "area_m2": wider["area_m2"]}, "more was done")
    there.carry(laptop)
    assert set(why(there.hq, plot.name)) >= {"changed_since_approval", "changed_since_sign_off"}
    found = since.since_decision(there.hq, plot.name)
    assert found is not None
    assert found.area_before_m2 == 9595.7
    assert found.new_ground_m2 == pytest.approx(9595.7, rel=0.001)
    assert found.lost_ground_m2 == pytest.approx(0, abs=0.5)


def test_a_plot_over_released_ground_needs_a_look_once_the_other_is_approved(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    first, second, apart = a_plot(laptop), a_plot(laptop, WIDER), a_plot(laptop, EAST)
    review.sign_off(laptop, [first.name, second.name, apart.name])
    there.carry(laptop)
    assert why(there.hq, second.name) == []
    attention.decide(there.hq, {first.name: first.heads}, "approved")
    assert why(there.hq, second.name) == ["overlap"]
    assert why(there.hq, apart.name) == []


def test_a_question_and_a_query_are_one_state(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    asked, queried = a_find(laptop), a_find(laptop)
    there.carry(laptop)
    questions.ask(there.hq, asked.name, "PMN-2 or PMN-4?")
    attention.decide(there.hq, {queried.name: queried.heads}, "queried", "photo unreadable")
    assert why(there.hq, asked.name) == why(there.hq, queried.name) == ["asked"]
    there.answer(laptop)
    for thread in questions.threads(laptop, states=("open",)):
        questions.answer(laptop, thread.name, "PMN-2, looked again")
    there.carry(laptop)
    assert why(there.hq, asked.name) == why(there.hq, queried.name) == ["answered"]
    attention.look(there.hq, queried.name)
    attention.decide(there.hq, {queried.name: queried.heads}, "approved")
    assert attention.lines_of(there.hq, [queried.name]) == []


def test_the_sample_takes_a_share_and_at_least_one_of_each_team_and_kind(there: Deployment) -> None:
    other = there.join("other", "t8")
    for laptop, count in ((there.laptops["laptop"], 25), (other, 3)):
        for _ in range(count):
            a_find(laptop)
        plot = a_plot(laptop, EAST if laptop is other else RECTANGLE)
        review.sign_off(laptop, [plot.name])
        there.carry(laptop)
    now = attention.overview(there.hq)
    groups = ["/".join(name.split("/")[:2]) for name in now.sample]
    assert {group: groups.count(group) for group in groups} == {
        "find/t7": 3, "plot/t7": 1, "find/t8": 1, "plot/t8": 1,
    }  # fmt: skip
    (behind,) = look(there.hq, Scope(team="t8"))
    assert why(there.hq, behind) == ["clock_doubt"], "the second laptop's clock is behind the invitation's"
    assert attention.overview(there.hq, Scope(team="t8")).plain.records == 3
    attention.set_share(there.hq, 100)
    assert len(attention.overview(there.hq).sample) == 29
    with pytest.raises(ShareNotValid):
        attention.set_share(there.hq, 0)


def test_the_draw_follows_from_the_versions_and_nobody_can_draw_again(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    for _ in range(20):
        a_find(laptop)
    there.carry(laptop)
    first = attention.overview(there.hq)
    heads = {name: records.get(there.hq, name).heads for name in plain(there.hq)}
    by_hand = sorted(heads, key=lambda name: rules.draw(name, heads[name]))[:2]
    assert sorted(first.sample) == sorted(by_hand)
    drawn = first.sample[0]
    attention.decide(there.hq, {drawn: heads[drawn]}, "approved")
    assert attention.overview(there.hq).sample == first.sample[1:], "deciding what was drawn draws no other"
    spare = next(name for name in heads if name not in first.sample)
    attention.decide(there.hq, {spare: heads[spare]}, "approved")
    assert attention.overview(there.hq).sample == first.sample[1:], "nor does deciding another"


def test_what_has_no_remarks_is_approved_at_once_only_after_the_drawn_were_opened(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    made = [a_find(laptop) for _ in range(12)]
    odd = a_find(laptop, depth_cm=None)
    there.carry(laptop)
    now = attention.overview(there.hq)
    assert (now.plain.records, now.plain.pieces["ap_mine"], now.look) == (12, 12, 1)
    with pytest.raises(NotOpened):
        attention.approve_plain(there.hq, shown=now.shown)
    assert review.judgements(there.hq) == {}
    for name in now.to_open:
        attention.look(there.hq, name)
    assert attention.overview(there.hq).to_open == ()
    approved = attention.approve_plain(there.hq, shown=now.shown)
    assert sorted(approved) == sorted(one.name for one in made)
    assert look(there.hq) == [odd.name]
    decisions = [records.get(there.hq, row.name) for row in records.list_records(there.hq, "decision")]
    assert len({one.fields["batch"] for one in decisions}) == 1
    assert {one.fields["remarks"] for one in decisions} == {
        f"Approved at once: 12 without remarks, 2 drawn and opened (10 %), {now.shown}"
    }
    assert {one.by for one in decisions} == {"Officer"}


def test_what_changed_after_it_was_shown_is_not_approved_at_once(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    find = a_find(laptop)
    there.carry(laptop)
    attention.set_share(there.hq, 100)
    now = attention.overview(there.hq)
    attention.look(there.hq, find.name, heads=find.heads)
    a_find(laptop)
    there.carry(laptop)
    with pytest.raises(ShownOtherwise):
        attention.approve_plain(there.hq, shown=now.shown)
    records.correct(laptop, find.name, {"depth_cm": 7}, "measured again")
    there.carry(laptop)
    with pytest.raises(ShownOtherwise):
        attention.look(there.hq, find.name, heads=find.heads)
    assert find.name in attention.overview(there.hq).sample
    assert find.name in attention.overview(there.hq).to_open, "another version was opened"


def test_marking_many_is_no_way_round_the_sample_or_the_remarks(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    fine, odd = [a_find(laptop) for _ in range(3)], a_find(laptop, depth_cm=None)
    there.carry(laptop)
    heads = {one.name: one.heads for one in (*fine, odd)}
    with pytest.raises(NotOpened) as refused:
        attention.decide(there.hq, heads, "approved")
    assert refused.value.facts["count"] == 2
    drawn = attention.overview(there.hq).sample
    for name in (*drawn, odd.name):
        attention.look(there.hq, name)
    assert len(attention.decide(there.hq, heads, "approved")) == 4


def test_a_decision_names_its_officer(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    find = a_find(laptop)
    there.carry(laptop)
    there.hq.set_meta("person", "")
    with pytest.raises(OfficerNeeded):
        attention.decide(there.hq, {find.name: find.heads}, "approved")
    attention.decide(there.hq, {find.name: find.heads}, "approved", by="R. Sadigov")
    assert review.judgements(there.hq)[find.name][0].by == "R. Sadigov"
    with pytest.raises(NotWaiting):
        attention.look(there.hq, find.name, by="R. Sadigov")


def test_a_period_lists_its_days_and_what_has_no_date(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    early, late, undated = a_find(laptop, found_on="2024-07-22"), a_find(laptop), a_find(laptop)
    records.correct(laptop, undated.name, {"found_on": None}, "not readable")
    there.carry(laptop)
    week = Scope(since="2024-07-29", until="2024-08-04")
    assert plain(there.hq, week) == [late.name]
    assert look(there.hq, week) == [undated.name]
    assert early.name in plain(there.hq)
    assert plain(there.hq, Scope(team="t9")) == []


def test_kept_up_or_made_from_nothing_the_list_is_the_same(there: Deployment) -> None:
    laptop, hq = there.laptops["laptop"], there.hq
    attention.overview(hq)
    names = [a_find(laptop, quantity=2).name for _ in range(4)]
    plot = a_plot(laptop)
    there.carry(laptop)
    attention.overview(hq)
    attention.decide(hq, {names[0]: records.get(hq, names[0]).heads}, "approved")
    attention.overview(hq)
    records.correct(laptop, names[0], {"depth_cm": 9}, "measured again")
    records.retract(laptop, names[1], "logged twice")
    disposals.add_disposal(laptop, {"outcome": "destroyed_in_place", "quantity": 3}, of=names[2])
    review.sign_off(laptop, [plot.name, names[3]])
    records.correct(laptop, names[3], {"depth_cm": 2}, "measured again")
    there.exchange(laptop)
    records.correct(hq, names[2], {"depth_cm": 30}, "the sketch says so")
    records.correct(laptop, names[2], {"depth_cm": 18}, "measured")
    there.carry(laptop)
    attention.overview(hq)
    as_kept = kept(hq)
    assert as_kept == anew(hq)
    rebuild.rebuild(hq.store)
    attention.overview(hq)
    assert kept(hq) == as_kept
    assert len(as_kept) == 5


def test_the_list_costs_nothing_where_nobody_asked_for_it(there: Deployment) -> None:
    laptop = there.laptops["laptop"]
    find = a_find(laptop)
    records.correct(laptop, find.name, {"depth_cm": 9}, "measured again")
    assert laptop.store.row("SELECT 1 FROM sqlite_schema WHERE name IN ('stirred', 'waiting')") is None


def test_a_row_number_given_again_is_noticed(there: Deployment) -> None:
    laptop, hq = there.laptops["laptop"], there.hq
    first = a_find(laptop)
    there.carry(laptop)
    attention.overview(hq)
    hq.store.execute("DELETE FROM find")
    second = finds.add_find(laptop, {"depth_cm": 3}, model_text="PMN-2", position="39.9899 46.8988")
    there.carry(laptop)
    with hq.store.transaction():
        assert waiting.touched(hq.store, rules.VERSION).everything
    assert plain(hq) == [second.name] or first.name not in plain(hq)


def test_reasons_are_sentences_in_order_of_severity_and_known_by_their_codes() -> None:
    assert [rule.severity for rule in rules.RULES] == sorted(rule.severity for rule in rules.RULES)
    assert len({rule.code for rule in rules.RULES}) == len(rules.RULES)
    everything = (1 << len(rules.RULES)) - 1
    assert rules.rules_in(everything) == list(rules.RULES)
    assert rules.severity(0) == rules.PLAIN
    assert rules.reasons(rules.Facts("find", missed=True)) == rules.bit("missed_item")


def test_headquarters_alone_reviews(there: Deployment) -> None:
    with pytest.raises(WrongRole):
        attention.overview(there.laptops["laptop"])
