"""Laptops, couriers and headquarters, with everything that can go wrong between them, in any order.

What must hold has the names it has in the project's reliability page; README.md says which function checks which, and
how to run it for longer.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.machine import PLACES, Programme
from tests.stateful.parties import HAPPENED, made_template
from tests.stateful.season import MUST_HAVE_HAPPENED, SEASON

DICE = (0, 1, 2, 3)
"""The random test is cut into shards with different dice, so that two processes share the work."""
SHARD = 18
"""Examples of one shard."""


def size() -> tuple[int, int]:
    """Examples of one shard and steps: of 72x50; FIELDAPP_SOAK=1 takes 200x50 and new dice, 2000x80 more."""
    wanted = os.environ.get("FIELDAPP_SOAK", "")
    usual = f"{len(DICE) * SHARD}x50"
    examples, _, steps = ("200x50" if wanted == "1" else wanted or usual).partition("x")
    return max(1, int(examples) // len(DICE)), int(steps)


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
@pytest.mark.parametrize("shard", DICE)
def test_a_programme_in_which_everything_goes_wrong(shard: int) -> None:
    examples, steps = size()
    HAPPENED.clear()
    long_run = bool(os.environ.get("FIELDAPP_SOAK"))
    phases = [Phase.generate, *([Phase.shrink] if long_run else [])]
    machine = type("Programme", (Programme,), {})
    if not long_run:
        machine = seed(shard)(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=False,
            database=None, print_blob=True, phases=phases, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    print(dict(sorted(HAPPENED.items())))
    # What chance brings up seldom, such as a fork, is certain to happen in the written season below.
    assert [what for what in ("saved", "import taken", "conflicts") if not HAPPENED[what]] == []


@pytest.mark.usefixtures("places")
def test_one_season_in_which_each_of_these_things_happens() -> None:
    """The same checks on one written story, so that nothing of it depends on what chance brings up."""
    HAPPENED.clear()
    machine = Programme()
    machine.begin()
    world = machine.world
    try:
        for step in SEASON:
            step(machine)
            machine.touched = set(world.parties)
            machine.what_must_hold_after_every_step()
        machine.finish()
    finally:
        world.close()
    assert [what for what in MUST_HAVE_HAPPENED if not HAPPENED[what]] == []
