"""``fieldapp gnss known-point`` as scripts use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders_gnss import moment
from tests.cli.runner import done, run


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    """A workspace that commands made."""
    done("init", tmp_path / "laptop", "--name", "Aysel", "--key-file")
    return tmp_path / "laptop"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A recorded log of somebody who stands near 39.9911 46.93."""
    file = tmp_path / "log.nmea"
    file.write_bytes(b"".join(moment(at, 39.9911, 46.93) for at in range(8)))
    return file


def test_the_difference_is_kept_with_the_day_and_shown_on_it(laptop: Path, log: Path) -> None:
    shown = done("review", "day", workspace=laptop)["known_point"]
    assert shown == {"off_m": None, "skipped": False, "far": False}
    checked = done("gnss", "known-point", "39.9911 46.9301", "--replay", log, workspace=laptop)
    assert checked["off_m"] == pytest.approx(8.54, abs=0.02)
    assert not checked["far"]
    (record,) = done("progress", "list", workspace=laptop)["records"]
    assert record["known_point_off_m"] == checked["off_m"]
    assert done("review", "day", workspace=laptop)["known_point"] == checked


def test_far_off_is_said_in_words(laptop: Path, log: Path) -> None:
    ran = run("gnss", "known-point", "39.9911 46.9312", "--replay", log, workspace=laptop)
    assert ran.code == 0
    assert "Take no position before you know why" in ran.out


def test_without_a_point_or_a_fix_nothing_is_written(laptop: Path, log: Path) -> None:
    assert run("gnss", "known-point", "--replay", log, workspace=laptop).code == 1
    log.write_bytes(moment(1, quality=0))
    assert run("gnss", "known-point", "39.9911 46.93", "--replay", log, "--for", "2", workspace=laptop).code == 1
    assert done("progress", "list", workspace=laptop)["records"] == []


def test_skipping_is_shown(laptop: Path) -> None:
    assert done("gnss", "known-point", "--skip", workspace=laptop)["skipped"]
    assert done("review", "day", workspace=laptop)["known_point"]["skipped"]
