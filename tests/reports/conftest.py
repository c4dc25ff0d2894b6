"""The published week, and golden files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.reports.weekly import WeeklyReport, build
from tests.builders_reports import FIRST, LAST, published_week

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def published() -> WeeklyReport:
    return build(published_week(), FIRST, LAST)


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares with a file under ``golden/``. To accept a change, delete the file and run the test once more."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
            pytest.fail(f"{name} was not there and is written now: read it, then run again")
        assert text == path.read_bytes().decode()

    return compare
