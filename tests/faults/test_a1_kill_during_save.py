"""A1: killed at any moment of entry, a record is whole or absent, and everything reported saved is there."""

from pathlib import Path

from tests.faults.running import KILLS, killed


def test_a1_killed_while_saving_nothing_acknowledged_is_lost_and_nothing_is_half_there(tmp_path: Path) -> None:
    result = killed("save", tmp_path, seed=1)
    assert result["problems"] == []
    assert result["kills"] == KILLS
    assert result["acknowledged"] > KILLS
