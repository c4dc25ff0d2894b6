"""One written season in which each fault happens, so that no check rests on what chance brings up."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.operations import lookup, photos, questions, records
from tests.stateful import checks
from tests.stateful.machine import Programme
from tests.stateful.parties import Party
from tests.stateful.sticks import OnStick

MUST_HAVE_HAPPENED = (
    "saved", "verb refused", "exported", "export cut", "import taken", "import refused", "import cut", "power_cut",
    "clone", "bring_back", "lose_laptop", "revoke", "conflicts", "forks", "quarantined", "stale", "settled",
    "danger disputed", "taken again", "several at once", "lost", "damaged", "exported to a team mate",
    "exported without its photos", "photos carried", "asked", "answered", "question closed", "backed up",
    "restored a laptop", "restored headquarters", "upgraded", "written by a newer program",
    "understood after the upgrade",
)  # fmt: skip


def sent(machine: Programme, giver: Party, taker: Party, *, again: bool = False, team: str = "") -> OnStick:
    """A bundle from one to the other, as it should be."""
    one = machine.world.write_out(giver, taker.team if giver.name == "hq" else team)
    assert one is not None
    machine.read(taker, one, 0, again=again)
    return one


def checked(machine: Programme) -> None:
    machine.touched = set(machine.world.parties)
    machine.what_must_hold_after_every_step()


def edited_on_both_sides(machine: Programme) -> None:
    """A value, a retraction and a decision that did not know of each other."""
    world = machine.world
    a = world.parties["a"]
    find, plot = world.names(a, "find")[0], world.names(a, "plot")[0]
    world.enter(a, "find", 5)
    other = world.names(a, "find")[-1]
    sent(machine, a, world.hq)
    world.decide(plot, "approved")
    world.set_exists(world.hq, other, False)
    world.correct(a, other, {"depth_cm": 10})
    for party, depth_cm, condition in ((world.hq, 20, "functioned"), (a, 10, "armed")):
        world.correct(party, find, {"depth_cm": depth_cm})
        world.correct(party, find, {"condition": "damaged"})
        world.correct(party, find, {"condition": condition})
    world.set_exists(world.hq, plot, False)
    world.correct(a, plot, {"depth_cm": 10})
    world.correct(a, plot, {"depth_cm": 10})
    world.photograph(a, 1)
    sent(machine, a, world.hq, again=True)
    checked(machine)
    heads = records.get(a.ws, other).heads
    world.correct(a, other, {"depth_cm": 20})
    world.correct(a, other, {"depth_cm": 5}, heads)
    world.settle(world.hq, find, 0)


def asked_and_answered(machine: Programme) -> None:
    """A question about a find, through the team mate's stick; its answer the same way back; a late answer."""
    world = machine.world
    a, b = world.parties["a"], world.parties["b"]
    find = world.names(a, "find")[0]
    sent(machine, a, world.hq)
    world.ask(find)
    sent(machine, world.hq, b)
    sent(machine, a, b, team="t7")  # so that b learns which formats a reads
    sent(machine, b, a, team="t7")
    (asked,) = [one.name for one in questions.threads(a.ws)]
    world.answer(a, asked)
    sent(machine, a, b, team="t7", again=True)
    sent(machine, b, world.hq)
    world.close_question(asked)
    world.answer(b, asked)
    sent(machine, b, world.hq)
    assert questions.thread(world.hq.ws, asked).state == "answered"


def photographed(machine: Programme) -> None:
    """Records first, photos with a later bundle, and one that was lost is asked for."""
    world = machine.world
    a = world.parties["a"]
    for number in (2, 3):
        world.photograph(a, number)
    thin = world.write_out(a, photos=False)
    assert thin is not None
    machine.read(world.hq, thin, 0, again=True)
    assert len(photos.missing_photos(world.hq.ws)) == 2
    sent(machine, world.hq, a)
    sent(machine, a, world.hq)
    assert photos.missing_photos(world.hq.ws) == []
    for digest in photos.named_photos(a.ws):
        assert photos.read_photo(world.hq.ws, digest) == photos.read_photo(a.ws, digest)
    checks.v17_nothing_readable(world)


def mishandled(machine: Programme) -> None:
    """Flips, cuts, wrong readers and the power going at every sign of progress."""
    world = machine.world
    b = world.parties["b"]
    for cut_at in range(1, 5):
        world.enter(b, "find", 5)
        world.write_out(b, cut_at=cut_at)
        world.power_cut(world.parties["b"], cut_at)
        b = world.parties["b"]
    whole = world.write_out(b)
    assert whole is not None
    for place, cut in ((0, False), (500, False), (700, True), (100_000, False)):
        world.duplicate(whole)
        world.damage(world.bundles[-1], place, cut)
        machine.read(world.hq, world.bundles[-1], 0, again=False)
    machine.read(world.parties["a"], whole, 0, again=False)
    for cut_at in (*range(1, 9), -1, -2, -3):
        machine.read(world.hq, whole, cut_at, again=False)
    machine.read(world.hq, whole, 0, again=True)
    world.read_several(world.hq, [*world.bundles[:3], world.bundles[-1], whole])
    world.lose(whole)


def written_by_a_newer_program(machine: Programme) -> None:
    """Everything only the newest knows goes through older programs unchanged, and is understood after their upgrade."""
    world = machine.world
    a, b = world.parties["a"], world.parties["b"]
    assert (a.program.name, b.program.name) == ("old", "next")
    world.enter(b, "find", 5)
    find = world.names(b, "find")[-1]
    for what in ("kind", "group", "member", "code"):
        world.write_of_the_future(b, find, what)
    sent(machine, b, world.hq)
    sent(machine, world.hq, a)
    checked(machine)
    world.correct(world.hq, find, {"quantity": 3})
    sent(machine, world.hq, a)
    for _ in range(2):
        world.upgrade(world.parties["a"])
        checked(machine)
    (row,) = [row for row in lookup.rows(world.parties["a"].ws, "find") if row.name == find]
    assert (row["smell"], row["quantity"]) == ("CANARY0nightingale almond", 3)
    world.upgrade(world.hq)
    sent(machine, world.parties["a"], world.hq)


def copied_and_brought_back(machine: Programme) -> None:
    """A copy writes on beside its original; a laptop goes on from its backup; another is gone."""
    world = machine.world
    a = world.parties["a"]
    world.copy_folder(a)
    world.clone(a)
    copy = world.laptops[1]
    for party in (a, copy):
        world.enter(party, "find", 5)
    sent(machine, copy, world.hq)
    sent(machine, world.hq, a)
    checks.check_party(world, a)
    world.enter(a, "find", 5)
    sent(machine, a, world.hq)
    world.bring_back(a)
    world.enter(world.parties["a"], "plot", 10)
    world.lose_laptop(copy)
    sent(machine, world.parties["a"], world.hq)
    sent(machine, world.hq, world.parties["a"], again=True)


def restored(machine: Programme) -> None:
    """A laptop and then headquarters go on from their own backups; what they lost comes back by itself."""
    world = machine.world
    b, c = world.parties["b"], world.parties["c"]
    sent(machine, c, world.hq)
    sent(machine, world.hq, c)
    for party in (b, world.hq):
        world.back_up(party)
    world.enter(b, "find", 10)
    world.decide(world.names(world.hq, "find")[0], "approved")
    sent(machine, b, world.hq)
    late = sent(machine, world.hq, b)
    world.restore(b)
    b = world.parties["b"]
    world.enter(b, "find", 20)
    sent(machine, b, world.hq)
    sent(machine, world.hq, b)
    checked(machine)
    world.restore(world.hq)
    checked(machine)
    world.enter(b, "find", 5)
    for _ in range(2):
        sent(machine, b, world.hq)
        sent(machine, world.hq, b)
        checked(machine)
    machine.read(b, late, 0, again=True)


def revoked(machine: Programme) -> None:
    """What a cut-off laptop writes later is kept, and does not count."""
    world = machine.world
    b = world.parties["b"]
    world.revoke(b)
    world.enter(b, "find", 20)
    sent(machine, b, world.hq)


SEASON: tuple[Callable[[Programme], None], ...] = (
    edited_on_both_sides, asked_and_answered, photographed, mishandled, written_by_a_newer_program,
    copied_and_brought_back, restored, revoked,
)  # fmt: skip
