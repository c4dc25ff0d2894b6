"""A2, export: killed at any moment, the stick holds a whole bundle or a .part, and the rerun brings everything."""

from pathlib import Path

from tests.faults.running import KILLS, killed


def test_a2_killed_while_exporting_only_a_part_is_left_and_the_rerun_carries_everything(tmp_path: Path) -> None:
    result = killed("export", tmp_path, seed=2)
    assert result["problems"] == []
    assert result["kills"] == KILLS
    assert result["completed"] - result["finished"] < KILLS // 2, "the kills came too late to mean anything"
