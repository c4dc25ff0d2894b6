"""F8 (and what of F4 there is to test): texts, outlines and bundles without measure are named, or taken in bounds.

No XML is read by this version, so that F4 has nothing to refuse yet; GPX and KML come with the exchange of files.
"""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pytest

from fieldapp.domain.events import MAX_LINE_BYTES
from fieldapp.domain.segments import MAX_EVENTS
from fieldapp.operations import imports, lookup, plots, records
from fieldapp.operations.errors import FieldsNotValid, RecordTooLarge
from tests.builders import a_find, a_plot, alone, deployment
from tests.builders_faults import carried, event_line, forged_segment


def test_f4_no_xml_is_parsed_anywhere() -> None:
    """What does not read XML cannot be made to fetch or expand anything by it."""
    root, parser = Path(__file__).parents[2], re.compile(r"^\s*(?:from|import) (?:xml|lxml|defusedxml)\b", re.MULTILINE)
    found = [
        path.name
        for package in ("fieldapp", "ui")
        for path in (root / package).rglob("*.py")
        if parser.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("size", [4_001, 1 << 20])
def test_f8_a_text_without_end_is_refused_by_its_field_and_nothing_is_saved(tmp_path: Path, size: int) -> None:
    with alone(tmp_path / "laptop") as ws:
        with pytest.raises(FieldsNotValid, match="Remark "):
            a_find(ws, remarks="x" * size)
        assert lookup.rows(ws, "find") == []


CORNERS = 8_000
"""More than one entry of a log can hold."""


def ring(count: int) -> list[str]:
    return [f"{40 + (n % 1000) / 1e5:.5f} {46.9 + n / 1e6:.6f}" for n in range(count)]


def test_f8_an_outline_of_too_many_corners_is_refused_by_name_and_the_laptop_goes_on(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        with pytest.raises(RecordTooLarge, match="256 kB"):
            plots.add_plot(ws, {"release": "cleared"}, ring(CORNERS))
        assert lookup.rows(ws, "plot") == []
        plot = plots.add_plot(ws, {"release": "cleared"}, ring(1_000))
        assert len(plots.typed_points(plot.fields["outline"])) == 1_000


def test_f8_an_outline_that_crosses_itself_is_kept_as_typed_and_releases_nothing(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        corners = ("40.02 46.98", "40.021 46.981", "40.021 46.98", "40.02 46.981")
        plot = records.get(ws, a_plot(ws, corners).name)
        assert plot.fields["area_m2"] is None
        assert plots.typed_points(plot.fields["outline"]) == list(corners)


def test_f8_a_line_longer_than_any_event_refuses_its_segment_alone(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        long = event_line(laptop, {"remarks": "x" * MAX_LINE_BYTES})
        good = event_line(laptop, {"depth_cm": 5})
        outcome = imports.import_file(there.hq, carried(laptop, there.stick, [
            forged_segment(laptop.keys, [long], stream="longline"), forged_segment(laptop.keys, [good]),
        ], with_token=True))
        assert (outcome.new, len(outcome.refused_segments)) == (1, 1)


def test_f8_a_bundle_of_very_many_events_is_taken_in_bounded_memory(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        peaks = []
        for count in (2, 6):
            segments = []
            for n in range(count):
                lines = [event_line(laptop, {"depth_cm": 5}, seq=seq) for seq in range(1, MAX_EVENTS // 4 + 1)]
                segments.append(forged_segment(laptop.keys, lines, stream=f"many{'abcdefgh'[count]}{'abcdefgh'[n]}"))
            file = carried(laptop, there.stick, segments, with_token=True)
            tracemalloc.start()
            outcome = imports.import_file(there.hq, file)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert outcome.new == count * (MAX_EVENTS // 4)
        assert peaks[1] < 3 * peaks[0], "three times the events take at most three times the memory"
