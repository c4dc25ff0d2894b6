"""Laptops, couriers and headquarters, with everything that can go wrong between them, in any order.

What must hold has the names it has in the project's reliability page: V1 convergence, V2 no loss, V3 no invention,
V4 idempotent, V5 atomic, V6 monotone, V7 deterministic view, V8 conflict honesty, V9 safety bias, V10 identity, V11
receipts are sound, V15 two exchanges are enough, V17 nothing readable lies about. See README.md for the long run.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fieldapp.operations import inbox, photos, records, verifying
from fieldapp.storage import ledger
from fieldapp.storage.merged import merge_result, state_hash
from fieldapp.storage.rebuild import rebuild
from tests.builders_storage import reference
from tests.stateful.checks import check_conflicts, check_forks, check_receipts
from tests.stateful.world import CANARY, HAPPENED, START, OnStick, Party, World, files_with, held, made_template

DEPTHS = st.sampled_from((5, 10, 20))
MUST_HAVE_HAPPENED = (
    "saved", "verb refused", "exported", "export cut", "import taken", "import refused", "import cut", "power_cut",
    "clone", "bring_back", "lose_laptop", "revoke", "conflicts", "forks", "quarantined", "stale",
)  # fmt: skip
MISHAPS = ("lose", "duplicate", "duplicate", "flip", "cut")
PLACES: dict[str, Path] = {}
"""Where the template lies and where worlds are played."""


class Programme(RuleBasedStateMachine):
    """Any order of events in the life of a programme."""

    @initialize()
    def begin(self) -> None:
        folder = Path(tempfile.mkdtemp(dir=PLACES["worlds"])) / "world"
        self.world = World(PLACES["template"], folder)
        self.touched: set[str] = set(self.world.parties)
        self.kept_at_hq: set[str] = set()

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

    @rule(data=st.data(), depth_cm=DEPTHS)
    def correct(self, data: st.DataObject, depth_cm: int) -> None:
        party = self.someone(data, hq=True)
        if names := self.world.names(party, "find", "plot"):
            self.world.correct(party, self.pick(data, names), {"depth_cm": depth_cm})

    @rule(data=st.data(), exists=st.sampled_from((False, False, True)))
    def retract_or_restore(self, data: st.DataObject, exists: bool) -> None:
        party = self.someone(data, hq=True)
        if names := self.world.names(party, "find", "plot", "photo"):
            self.world.set_exists(party, self.pick(data, names), exists)

    @rule(data=st.data())
    def open_a_form(self, data: st.DataObject) -> None:
        party = self.someone(data, hq=True)
        if names := self.world.names(party, "find", "plot"):
            name = self.pick(data, names)
            self.world.forms.append((party.name, name, records.get(party.ws, name).heads))

    @precondition(lambda self: self.world.forms)
    @rule(data=st.data(), depth_cm=st.sampled_from((5, 10, 20, None)))
    def save_a_form(self, data: st.DataObject, depth_cm: int | None) -> None:
        """What came in while the form was open was not seen."""
        form = self.pick(data, self.world.forms)
        self.world.forms.remove(form)
        party = self.world.parties[form[0]]
        self.touched.add(party.name)
        if depth_cm is None:
            self.world.set_exists(party, form[1], False, form[2])
        else:
            self.world.correct(party, form[1], {"depth_cm": depth_cm}, form[2])

    @rule(data=st.data(), choice=st.integers(0, 2))
    def settle(self, data: st.DataObject, choice: int) -> None:
        party = self.someone(data, hq=True)
        names = self.world.names(party, "find", "plot")
        open_ones = [name for name in names if records.get(party.ws, name).conflicts]
        if open_ones:
            self.world.settle(party, self.pick(data, open_ones), choice)

    @rule(data=st.data(), verdict=st.sampled_from(("approved", "rejected")))
    def decide(self, data: st.DataObject, verdict: str) -> None:
        self.touched.add("hq")
        if names := self.world.names(self.world.hq, "find", "plot"):
            self.world.decide(self.pick(data, names), verdict)

    @rule(data=st.data(), cut_at=st.sampled_from((0, 0, 0, 1, 2, 3, 5, 8)))
    def export(self, data: st.DataObject, cut_at: int) -> None:
        self.world.write_out(self.someone(data), cut_at=cut_at)

    @rule(team=st.sampled_from(("t7", "t8")), cut_at=st.sampled_from((0, 0, 0, 1, 3)))
    def answer(self, team: str, cut_at: int) -> None:
        self.touched.add("hq")
        self.world.write_out(self.world.hq, team, cut_at)

    @precondition(lambda self: self.world.bundles)
    @rule(data=st.data(), cut_at=st.sampled_from((0, 0, 0, 0, 0, 1, 2, 3, 5, -1, -2)), again=st.booleans())
    def carry(self, data: st.DataObject, cut_at: int, again: bool) -> None:
        one = self.a_bundle(data)
        readers = [self.world.hq] if one.audience == "hq" else self.world.laptops
        self.read(self.pick(data, readers), one, cut_at, again=again)

    @precondition(lambda self: self.world.bundles)
    @rule(data=st.data())
    def carry_to_somebody(self, data: st.DataObject) -> None:
        self.read(self.someone(data, hq=True), self.a_bundle(data), 0, again=False)

    def read(self, party: Party, one: OnStick, cut_at: int, again: bool) -> None:
        self.touched.add(party.name)
        outcome = self.world.read_in(party, one, cut_at)
        if outcome == "cut":
            self.world.restarted(party)
        if outcome == "taken" and again:
            before = state_hash(party.ws.store)
            assert self.world.read_in(party, one) == "taken"
            assert state_hash(party.ws.store) == before, "V4: the same bundle again changes nothing"

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

    @rule(data=st.data(), days=st.sampled_from((-9000, -1, 1, 400)))
    def clock_jumps(self, data: st.DataObject, days: int) -> None:
        """Headquarters' clock only backwards: it alone ends invitations, and a late newcomer is refused rightly."""
        self.someone(data, hq=days < 0).clock.set(START + timedelta(days=days))

    @rule(data=st.data())
    def back_up(self, data: st.DataObject) -> None:
        self.world.back_up(self.someone(data))

    @precondition(lambda self: self.world.backups)
    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        name = self.pick(data, sorted(self.world.backups))
        self.touched.add(name)
        self.world.bring_back(self.world.parties[name])

    @precondition(lambda self: len(self.world.laptops) < 5)
    @rule(data=st.data())
    def clone(self, data: st.DataObject) -> None:
        self.world.clone(self.someone(data))

    @precondition(lambda self: len(self.world.laptops) > 3)
    @rule(data=st.data())
    def lose_a_laptop(self, data: st.DataObject) -> None:
        self.world.lose_laptop(self.someone(data))

    @precondition(lambda self: not self.world.revoked)
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        self.touched.add("hq")
        laptop = self.someone(data)
        if f"device/hq/{laptop.ws.device}" in {e["record"] for e in held(self.world.hq).values()}:
            self.world.revoke(laptop)

    @invariant()
    def count_steps(self) -> None:
        HAPPENED["steps"] += 1

    @invariant()
    def what_must_hold_after_every_step(self) -> None:
        world = getattr(self, "world", None)
        if world is None:
            return
        for name in sorted(self.touched & world.parties.keys()):
            self.check_party(world.parties[name])
        self.touched.clear()
        assert self.kept_at_hq <= world.hq.expected, "V6"
        self.kept_at_hq = set(world.hq.expected)
        assert not [path for path in world.stick.iterdir() if CANARY in path.name], "V17"
        assert {one.path for one in world.bundles} == set(world.stick.glob("*.fieldbundle")), "no half-written bundle"

    def check_party(self, party: Party) -> None:
        found = held(party)
        assert found.keys() == party.expected, "V1, V2, V3, V5: exactly what was saved here or came in whole"
        assert all(self.world.truth[i] == event for i, event in found.items()), "V3"
        result = merge_result(party.ws.store)
        assert result == reference(found.values(), party.ws.root), "V7"
        for what in ("conflicts", "forks", "gaps", "pending", "quarantined", "stale"):
            HAPPENED[what] += len(result[what])
        HAPPENED["workspaces checked"] += 1
        check_conflicts(found, result)
        check_forks(found, inbox.forks(party.ws))
        if party.name != "hq":
            check_receipts(party, found, self.world.hq.expected)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.finish()
            self.world.close()

    def finish(self) -> None:
        """A fair end: two exchanges, then everything is where it belongs."""
        world = self.world
        self.what_must_hold_after_every_step()
        for _ in range(2):
            world.exchange()
        for party in world.parties.values():
            self.check_party(party)
            before = state_hash(party.ws.store)
            rebuild(party.ws.store)
            assert state_hash(party.ws.store) == before, "V7"
        everything = set().union(*(laptop.expected for laptop in world.laptops))
        assert everything <= world.hq.expected, "V1"
        assert verifying.check(world.hq.ws, read_data=True).problems == [], "V3"
        devices = [laptop.ws.device for laptop in world.laptops]  # copies that both run are excepted: README.md
        for laptop in world.laptops:
            here = {
                digest for digest in photos.named_photos(laptop.ws) if photos.photo_path(laptop.ws, digest).exists()
            }
            assert not here & set(photos.missing_photos(world.hq.ws)), "V2"
            if laptop.ws.device not in world.revoked and devices.count(laptop.ws.device) == 1:
                names = [e["record"] for e in held(laptop).values() if e["stream"].startswith(laptop.ws.device)]
                where = ledger.whereabouts(laptop.ws.store, names)
                assert {name: place for name, place in where.items() if place != "hq"} == {}, f"V15 on {laptop.name}"
        assert not files_with(world.folder, [CANARY]), "V17"


def size() -> tuple[int, int]:
    """Examples and steps: FIELDAPP_SOAK=1 for 200x50, FIELDAPP_SOAK=1000x80 for more."""
    wanted = os.environ.get("FIELDAPP_SOAK", "")
    examples, _, steps = ("200x50" if wanted == "1" else wanted or "30x40").partition("x")
    return int(examples), int(steps)


@pytest.fixture
def places(tmp_path: Path) -> Iterator[None]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    fast = memory if memory.is_dir() and os.access(memory, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=fast, prefix="fieldapp-stateful-") as folder:
        PLACES["template"], PLACES["worlds"] = Path(folder) / "template", Path(folder) / "worlds"
        PLACES["worlds"].mkdir()
        made_template(PLACES["template"])
        yield


@pytest.mark.usefixtures("places")
@pytest.mark.timeout(24 * 3600)
def test_a_programme_in_which_everything_goes_wrong() -> None:
    examples, steps = size()
    HAPPENED.clear()
    long_run = bool(os.environ.get("FIELDAPP_SOAK"))
    phases = [Phase.generate, *([Phase.shrink] if long_run else [])]
    run_state_machine_as_test(
        Programme,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=not long_run, database=None,
            print_blob=True, phases=phases, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    print(dict(sorted(HAPPENED.items())))
    assert all(HAPPENED[what] for what in ("saved", "import taken", "conflicts", "forks")), HAPPENED


@pytest.mark.usefixtures("places")
def test_one_season_in_which_each_of_these_things_happens() -> None:
    """The same checks on one written story, so that nothing of it depends on what chance brings up."""
    HAPPENED.clear()
    machine = Programme()
    machine.begin()
    world = machine.world
    try:
        for step in (edited_on_both_sides, mishandled, copied_and_brought_back, revoked):
            step(machine)
            machine.touched = set(world.parties)
            machine.what_must_hold_after_every_step()
        machine.finish()
    finally:
        world.close()
    assert [what for what in MUST_HAVE_HAPPENED if not HAPPENED[what]] == []


def edited_on_both_sides(machine: Programme) -> None:
    """A value, a retraction and a decision that did not know of each other."""
    world = machine.world
    a = world.parties["a"]
    find, plot = world.names(a, "find")[0], world.names(a, "plot")[0]
    world.enter(a, "find", 5)
    other = world.names(a, "find")[-1]
    world.write_out(a)
    machine.read(world.hq, world.bundles[-1], 0, again=False)
    world.decide(plot, "approved")
    world.set_exists(world.hq, other, False)
    world.correct(a, other, {"depth_cm": 10})
    for party, depth_cm in ((world.hq, 20), (a, 10)):
        world.correct(party, find, {"depth_cm": depth_cm})
    world.set_exists(world.hq, plot, False)
    world.correct(a, plot, {"depth_cm": 10})
    world.correct(a, plot, {"depth_cm": 10})
    world.photograph(a, 1)
    world.write_out(a)
    machine.read(world.hq, world.bundles[-1], 0, again=True)
    machine.touched = {"hq"}
    machine.what_must_hold_after_every_step()
    heads = records.get(a.ws, other).heads
    world.correct(a, other, {"depth_cm": 20})
    world.correct(a, other, {"depth_cm": 5}, heads)
    world.settle(world.hq, find, 0)


def mishandled(machine: Programme) -> None:
    """Flips, cuts, wrong readers and the power going at every sign of progress."""
    world = machine.world
    b = world.parties["b"]
    for cut_at in range(1, 5):
        world.enter(b, "find", 5)
        world.write_out(b, cut_at=cut_at)
        world.power_cut(world.parties["b"], cut_at)
        b = world.parties["b"]
    world.write_out(b)
    whole = world.bundles[-1]
    for place, cut in ((0, False), (500, False), (700, True), (100_000, False)):
        world.duplicate(whole)
        world.damage(world.bundles[-1], place, cut)
        machine.read(world.hq, world.bundles[-1], 0, again=False)
    machine.read(world.parties["a"], whole, 0, again=False)
    for cut_at in (*range(1, 9), -1, -2, -3):
        machine.read(world.hq, whole, cut_at, again=False)
    machine.read(world.hq, whole, 0, again=True)
    world.lose(whole)


def copied_and_brought_back(machine: Programme) -> None:
    """A copy writes on beside its original; a laptop goes on from its backup; another is gone."""
    world = machine.world
    a = world.parties["a"]
    world.back_up(a)
    world.clone(a)
    copy = world.laptops[1]
    for party in (a, copy):
        world.enter(party, "find", 5)
    world.write_out(copy)
    machine.read(world.hq, world.bundles[-1], 0, again=False)
    world.write_out(world.hq, "t7")
    machine.read(a, world.bundles[-1], 0, again=False)
    machine.check_party(a)
    world.enter(a, "find", 5)
    world.write_out(a)
    machine.read(world.hq, world.bundles[-1], 0, again=False)
    world.bring_back(a)
    world.enter(world.parties["a"], "plot", 10)
    world.lose_laptop(copy)
    world.write_out(world.parties["a"])
    machine.read(world.hq, world.bundles[-1], 0, again=False)
    world.write_out(world.hq, "t7")
    machine.read(world.parties["a"], world.bundles[-1], 0, again=True)


def revoked(machine: Programme) -> None:
    """What a cut-off laptop writes later is kept, and does not count."""
    world = machine.world
    b = world.parties["b"]
    world.revoke(b)
    world.enter(b, "find", 20)
    world.write_out(b)
    machine.read(world.hq, world.bundles[-1], 0, again=False)
