"""Control totals in a preview: what the sender counts beside what is here."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import control_totals, export, imports, records
from fieldapp.texts import Texts
from tests.builders import a_find, deployment

SAID = {"finds": 3, "ap_mine": 2, "at_mine": 1, "uxo": 0, "plots": 1, "plots_m2": "9595.7"}


def test_what_the_other_laptop_logged_counts_here_too_and_is_no_alarm(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        for laptop in there.laptops.values():
            a_find(laptop)
        there.carry(there.laptops["one"])
        written = export.export_for_hq(there.laptops["two"], there.stick).path
        (seen,) = imports.import_files(there.hq, [written], dry_run=True)
        assert (seen.totals["finds"], seen.totals_here["finds"]) == (1, 2)
        assert not control_totals.fewer_here(seen.totals, seen.totals_here)


def test_what_headquarters_took_out_is_counted_by_the_sender_alone(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        name = a_find(one).name
        there.carry(one)
        records.retract(there.hq, name, "a tin")
        a_find(one)
        written = export.export_for_hq(one, there.stick).path
        (seen,) = imports.import_files(there.hq, [written], dry_run=True)
        assert (seen.totals["finds"], seen.totals_here["finds"]) == (2, 1)
        assert control_totals.fewer_here(seen.totals, seen.totals_here)
        assert len(control_totals.compared(seen.totals, seen.totals_here, Texts("en"))) == 2


@pytest.mark.parametrize(
    "broken",
    [{}, {"finds": "many"}, {**SAID, "plots_m2": "NaN"}, {**SAID, "uxo": "9" * 40}, {**SAID, "ap_mine": True},
     {**SAID, "plots_m2": "1e99"}, {**SAID, "finds": [3]}],
)  # fmt: skip
def test_totals_that_are_no_numbers_are_not_compared(broken: dict[str, object]) -> None:
    assert control_totals.compared(broken, SAID, Texts("en")) == []
    assert not control_totals.fewer_here(broken, SAID)


def test_fewer_of_anything_is_said() -> None:
    for name in SAID:
        less = {**SAID, name: "0"}
        assert control_totals.fewer_here(SAID, less) == (name != "uxo")
        assert not control_totals.fewer_here(less, SAID)


def test_an_unknown_kind_is_named_as_it_is() -> None:
    assert control_totals.by_kind({"find": 2, "weather_log": 1}, Texts("ru")).endswith("2, weather_log 1")
    assert control_totals.by_kind({}, Texts("en")) == ""
