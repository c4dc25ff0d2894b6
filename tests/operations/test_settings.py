"""What headquarters settles for everyone reaches every laptop; a laptop on its own settles it for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.domain.settings import SETTINGS
from fieldapp.operations import positions, settings
from fieldapp.operations.setting_errors import SettingNotValid, SettingUnknown
from fieldapp.operations.writing import write
from tests.builders import alone, deployment
from tests.builders import hq as headquarters


def test_every_default_is_a_value_that_the_setting_itself_takes_in_its_plain_form() -> None:
    for one in SETTINGS.values():
        assert one.check(one.default) == one.default
        assert all(one.check(code) == code for code, _word in one.choices)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("datum-operation", "EPSG:1254"), ("datum-operation", "own 25 -141 -78.5 0 -0.35 -0.736 0"),
        ("datum-operation", "own 25000 -141 -78.5 0 -0.35 -0.736 0 5"),
        ("datum-operation", "own 25 -141 -78.5 0 -0.35 -0.736 0 0"),
        ("datum-operation", "own 25 nan -78.5 0 -0.35 -0.736 0 5"),
        ("work-area", "42 44.7 38.3 50.7"), ("work-area", "38 44 42"), ("work-area", "38 44 95 50"),
        ("misclosure-warn-m", "-1"), ("misclosure-warn-m", "a"), ("axo", "yes"),
    ],
)  # fmt: skip
def test_a_value_that_means_nothing_is_refused_and_the_one_before_stays(tmp_path: Path, code: str, text: str) -> None:
    with alone(tmp_path) as ws:
        with pytest.raises(SettingNotValid):
            settings.change(ws, code, text)
        assert settings.value(ws, code) == SETTINGS[code].default


def test_a_setting_nobody_declared_is_named(tmp_path: Path) -> None:
    with alone(tmp_path) as ws, pytest.raises(SettingUnknown):
        settings.value(ws, "colour")


def test_what_a_laptop_set_alone_gives_way_when_it_belongs_to_a_deployment(tmp_path: Path) -> None:
    with alone(tmp_path / "alone") as ws:
        settings.change(ws, "work-area", "39 46 41 48")
        assert settings.all_settings(ws)[1].origin == "own"
        assert not positions.frame_of(ws).work_area.holds(41.5, 47)
        settings.reset(ws, "work-area")
        assert settings.value(ws, "work-area") == SETTINGS["work-area"].default
    with deployment(tmp_path, "one") as chain:
        laptop = chain.laptops["one"]
        laptop.set_meta("setting:axo", "apart")
        assert settings.value(laptop, "axo") == "with-uxo"


def test_a_value_of_a_newer_version_leaves_the_shipped_one_in_force(tmp_path: Path) -> None:
    with headquarters(tmp_path) as ws:
        write(ws, "setting/hq/datum-operation", {"value": "EPSG:99999"})
        assert settings.value(ws, "datum-operation") == "EPSG:15865"
