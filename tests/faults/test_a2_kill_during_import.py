"""A2, import: killed at any moment, headquarters is as before or as after; the rerun gives the same result."""

from pathlib import Path

from tests.faults.running import KILLS, killed


def test_a2_killed_while_importing_nothing_is_half_applied_and_the_rerun_gives_the_same(tmp_path: Path) -> None:
    result = killed("import", tmp_path, seed=3)
    assert result["problems"] == []
    assert result["kills"] == KILLS
    assert result["completed"] - result["finished"] < KILLS // 2, "the kills came too late to mean anything"
