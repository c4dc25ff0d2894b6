"""The rules: any order of events in the life of a programme. What must hold is in checks.py."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fieldapp.operations import questions, records
from tests.stateful import checks
from tests.stateful.parties import HAPPENED, START, Party
from tests.stateful.sticks import OnStick
from tests.stateful.world import World

DEPTHS = st.sampled_from((5, 10, 20))
VALUES = st.sampled_from((
    {"depth_cm": 5}, {"depth_cm": 10}, {"depth_cm": 20}, {"condition": "armed"}, {"condition": "unarmed"},
    {"quantity": 2},
))  # fmt: skip
PLACES: dict[str, Path] = {}
"""Where the template lies and where worlds are played."""


class Programme(RuleBasedStateMachine):
    """Any order of events in the life of a programme."""

    @initialize()
    def begin(self) -> None:
        folder = Path(tempfile.mkdtemp(dir=PLACES["worlds"])) / "world"
        self.world = World(PLACES["template"], folder)
        self.touched: set[str] = set(self.world.parties)
        self.kept_at_hq: tuple[str, set[str]] = "", set()

    def pick(self, data: st.DataObject, options: list[Any]) -> Any:
        return options[data.draw(st.integers(0, len(options) - 1))]

    def someone(self, data: st.DataObject, hq: bool = False) -> Party:
        party: Party = self.pick(data, [*self.world.laptops, *([self.world.hq] if hq else [])])
        self.touched.add(party.name)
        return party

    def a_bundle(self, data: st.DataObject) -> OnStick:
        one: OnStick = self.pick(data, self.world.bundles)
        return one

    @rule(data=st.data(), kind=st.sampled_from(("find", "find", "plot")), depth_cm=DEPTHS)
    def enter(self, data: st.DataObject, kind: str, depth_cm: int) -> None:
        self.world.enter(self.someone(data), kind, depth_cm)

    @rule(data=st.data(), number=st.integers(1, 4))
    def photograph(self, data: st.DataObject, number: int) -> None:
        self.world.photograph(self.someone(data), number)

    @rule(data=st.data(), fields=VALUES)
    def correct(self, data: st.DataObject, fields: dict[str, Any]) -> None:
        party = self.someone(data, hq=True)
        if names := self.world.names(party, "find", *(["plot"] if "depth_cm" in fields else [])):
            self.world.correct(party, self.pick(data, names), fields)

    @rule(data=st.data(), exists=st.sampled_from((False, False, True)))
    def retract_or_restore(self, data: st.DataObject, exists: bool) -> None:
        party = self.someone(data, hq=True)
        if names := self.world.names(party, "find", "plot", "photo"):
            self.world.set_exists(party, self.pick(data, names), exists)

    @rule(data=st.data(), one=VALUES, other=st.one_of(VALUES, st.none()))
    def disagree(self, data: st.DataObject, one: dict[str, Any], other: dict[str, Any] | None) -> None:
        """Two of them work on the same find before they hear of each other."""
        first, second = self.someone(data), self.someone(data, hq=True)
        both = set(self.world.names(first, "find")) & set(self.world.names(second, "find"))
        if both and first is not second:
            name = self.pick(data, sorted(both))
            self.world.correct(first, name, one)
            if other is None:
                self.world.set_exists(second, name, False)
            else:
                self.world.correct(second, name, other)

    @rule(data=st.data())
    def open_a_form(self, data: st.DataObject) -> None:
        party = self.someone(data, hq=True)
        if names := self.world.names(party, "find"):
            name = self.pick(data, names)
            self.world.forms.append((party.name, name, records.get(party.ws, name).heads))

    @precondition(lambda self: self.world.forms)
    @rule(data=st.data(), fields=st.one_of(VALUES, st.none()))
    def save_a_form(self, data: st.DataObject, fields: dict[str, Any] | None) -> None:
        """What came in while the form was open was not seen."""
        form = self.pick(data, self.world.forms)
        self.world.forms.remove(form)
        party = self.world.parties[form[0]]
        self.touched.add(party.name)
        if fields is None:
            self.world.set_exists(party, form[1], False, form[2])
        else:
            self.world.correct(party, form[1], fields, form[2])

    @rule(data=st.data(), choice=st.integers(0, 2))
    def settle(self, data: st.DataObject, choice: int) -> None:
        party = self.someone(data, hq=True)
        names = self.world.names(party, "find", "plot")
        open_ones = [name for name in names if records.get(party.ws, name).conflicts]
        if open_ones:
            self.world.settle(party, self.pick(data, open_ones), choice)

    @rule(data=st.data(), verdict=st.sampled_from(("approved", "rejected", "queried")))
    def decide(self, data: st.DataObject, verdict: str) -> None:
        self.touched.add("hq")
        if names := self.world.names(self.world.hq, "find", "plot"):
            self.world.decide(self.pick(data, names), verdict)

    @rule(data=st.data(), close=st.booleans())
    def ask_or_close(self, data: st.DataObject, close: bool) -> None:
        self.touched.add("hq")
        asked = questions.threads(self.world.hq.ws, states=("open", "answered")) if close else []
        if asked:
            self.world.close_question(self.pick(data, sorted(one.name for one in asked)))
        elif names := self.world.names(self.world.hq, "find", "plot"):
            self.world.ask(self.pick(data, names))

    @rule(data=st.data())
    def answer_a_question(self, data: st.DataObject) -> None:
        laptop = self.someone(data)
        if asked := questions.threads(laptop.ws):
            self.world.answer(laptop, self.pick(data, sorted(one.name for one in asked)))

    @rule(data=st.data(), what=st.sampled_from(("kind", "group", "member", "code")))
    def write_of_the_future(self, data: st.DataObject, what: str) -> None:
        newer = [laptop for laptop in self.world.laptops if laptop.program.name == "next"]
        if newer:
            laptop = self.pick(data, newer)
            self.touched.add(laptop.name)
            if names := self.world.names(laptop, "find"):
                self.world.write_of_the_future(laptop, self.pick(data, names), what)

    @rule(data=st.data())
    def upgrade(self, data: st.DataObject) -> None:
        self.world.upgrade(self.someone(data, hq=True))

    @rule(data=st.data(), cut_at=st.sampled_from((0, 0, 0, 1, 2, 3, 5, 8)), photos=st.booleans())
    def export(self, data: st.DataObject, cut_at: int, photos: bool) -> None:
        """Without its photos they come with a later bundle."""
        self.world.write_out(self.someone(data), cut_at=cut_at, photos=photos)

    @rule(team=st.sampled_from(("t7", "t8")), cut_at=st.sampled_from((0, 0, 0, 1, 3)))
    def answer(self, team: str, cut_at: int) -> None:
        self.touched.add("hq")
        self.world.write_out(self.world.hq, team, cut_at)

    @rule(data=st.data(), cut_at=st.sampled_from((0, 0, 0, 2)), photos=st.booleans())
    def export_for_team_mates(self, data: st.DataObject, cut_at: int, photos: bool) -> None:
        laptop = self.someone(data)
        self.world.write_out(laptop, laptop.team, cut_at, photos=photos)

    @rule(data=st.data())
    def there_and_back(self, data: st.DataObject) -> None:
        """One laptop's bundle to headquarters and the answer, as it should be."""
        laptop = self.someone(data)
        out = self.world.write_out(laptop)
        if out is not None:
            self.read(self.world.hq, out, 0, again=False)
        answer = self.world.write_out(self.world.hq, laptop.team)
        if answer is not None:
            self.read(laptop, answer, 0, again=False)

    @precondition(lambda self: self.world.bundles)
    @rule(data=st.data(), cut_at=st.sampled_from((0, 0, 0, 0, 0, 1, 2, 3, 5, -1, -2)), again=st.booleans())
    def carry(self, data: st.DataObject, cut_at: int, again: bool) -> None:
        """Any bundle that lies on the stick: late, out of order, or once more."""
        one = self.a_bundle(data)
        readers = [self.world.hq] if one.audience == "hq" else self.world.laptops
        self.read(self.pick(data, readers), one, cut_at, again=again)

    @precondition(lambda self: self.world.bundles)
    @rule(data=st.data())
    def carry_to_somebody(self, data: st.DataObject) -> None:
        self.read(self.someone(data, hq=True), self.a_bundle(data), 0, again=False)

    @precondition(lambda self: len(self.world.bundles) > 1)
    @rule(data=st.data())
    def carry_several(self, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self.world.bundles), min_size=2, max_size=4, unique=True))
        party = self.world.hq if data.draw(st.booleans()) else self.someone(data)
        self.touched.add(party.name)
        self.world.read_several(party, chosen)

    def read(self, party: Party, one: OnStick, cut_at: int, again: bool) -> None:
        self.touched.add(party.name)
        outcome = self.world.read_in(party, one, cut_at)
        if outcome == "cut":
            self.world.restarted(party)
        if outcome == "taken" and again:
            assert self.world.read_in(party, one) == "taken"

    @precondition(lambda self: self.world.bundles)
    @rule(
        data=st.data(),
        what=st.sampled_from(("lose", "duplicate", "duplicate", "flip", "cut")),
        place=st.integers(0, 10**6),
    )
    def mishandle(self, data: st.DataObject, what: str, place: int) -> None:
        one = self.a_bundle(data)
        if what == "lose":
            self.world.lose(one)
        elif what == "duplicate":
            self.world.duplicate(one)
        else:
            self.world.damage(one, place, what == "cut")

    @rule(data=st.data(), reads=st.integers(1, 4))
    def power_cut(self, data: st.DataObject, reads: int) -> None:
        self.world.power_cut(self.someone(data), reads)

    @precondition(lambda self: self.world.jumps < 3)
    @rule(data=st.data(), days=st.sampled_from((-9000, -1, 1, 400)))
    def clock_jumps(self, data: st.DataObject, days: int) -> None:
        """Headquarters' clock only backwards: it alone ends invitations, and a late newcomer is refused rightly."""
        HAPPENED["clock jump"] += 1
        self.world.jumps += 1
        self.someone(data, hq=days < 0).clock.set(START + timedelta(days=days))

    @rule(data=st.data(), copied=st.booleans())
    def back_up(self, data: st.DataObject, copied: bool) -> None:
        """By the program, or a laptop's folder by somebody's hand."""
        party = self.someone(data, hq=not copied)
        if copied:
            self.world.copy_folder(party)
        else:
            self.world.back_up(party)

    @precondition(lambda self: self.world.copies)
    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        name = self.pick(data, sorted(self.world.copies))
        self.touched.add(name)
        self.world.bring_back(self.world.parties[name])

    @precondition(lambda self: self.world.backups)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        name = self.pick(data, sorted(self.world.backups))
        self.touched.add(name)
        self.world.restore(self.world.parties[name])

    @precondition(lambda self: len(self.world.laptops) < 5)
    @rule(data=st.data())
    def clone(self, data: st.DataObject) -> None:
        self.world.clone(self.someone(data))

    @precondition(lambda self: len(self.world.laptops) > 3)
    @rule(data=st.data())
    def lose_a_laptop(self, data: st.DataObject) -> None:
        self.world.lose_laptop(self.someone(data))

    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        laptop = self.someone(data)
        self.touched.add("hq")
        if not self.world.revoked:
            self.world.revoke(laptop)

    @invariant()
    def count_steps(self) -> None:
        HAPPENED["steps"] += 1

    @invariant()
    def what_must_hold_after_every_step(self) -> None:
        world = getattr(self, "world", None)
        if world is None:
            return
        world.note_epoch()
        for name in sorted(self.touched & world.parties.keys()):
            checks.check_party(world, world.parties[name])
        self.touched.clear()
        checks.v6_monotone(world, *self.kept_at_hq)
        self.kept_at_hq = world.hq.ws.meta("epoch"), set(world.hq.expected)
        checks.v16_bounds(world)
        checks.v17_names(world)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.finish()
            self.world.close()

    def finish(self) -> None:
        """A fair end: two exchanges, one more where headquarters was put back, and all is where it belongs."""
        world = self.world
        self.what_must_hold_after_every_step()
        for _ in range(3 if len(world.in_epoch) > 1 else 2):
            world.exchange()
            world.note_epoch()
        for party in world.parties.values():
            checks.check_party(world, party)
        checks.v7_equal_to_a_rebuild(world.hq)
        checks.v1_convergence(world)
        checks.everything_verifies(world)
        checks.v15_fairness(world)
        checks.v17_nothing_readable(world)
