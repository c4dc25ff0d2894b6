"""What headquarters settles for everyone reaches every laptop; a laptop on its own settles it for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.domain.settings import SETTINGS
from fieldapp.errors import OperatorError
from fieldapp.operations import finds, positions, settings
from fieldapp.operations.errors import NothingChanged, ReasonNeeded, WrongRole
from fieldapp.operations.setting_errors import SettingNotValid, SettingUnknown
from fieldapp.operations.writing import write
from fieldapp.texts import Texts
from tests.builders import a_find, alone, deployment
from tests.builders import hq as headquarters

SK42 = "X 4430415.6 Y 8664941.7"
"""Aghdam in SK-42 Gauss-Krueger zone 8 (control values: 39.9911 N 46.9300 E by EPSG:15865)."""


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


def test_headquarters_words_reach_every_laptop_and_new_positions_say_the_new_operation(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as chain:
        laptop = chain.laptops["one"]
        before = a_find(laptop, position=SK42)
        with pytest.raises(ReasonNeeded):
            settings.change(chain.hq, "datum-operation", "EPSG:1808")
        settings.change(chain.hq, "datum-operation", "epsg:1808", "agency's order 12")
        with pytest.raises(NothingChanged):
            settings.change(chain.hq, "datum-operation", "EPSG:1808", "again")
        with pytest.raises(WrongRole):
            settings.change(laptop, "datum-operation", "EPSG:1808")
        assert settings.value(laptop, "datum-operation") == "EPSG:15865"
        chain.exchange(laptop)
        after = a_find(laptop, position=SK42)
        assert before.fields["datum_operation"] == "EPSG:15865"
        assert after.fields["datum_operation"] == "EPSG:1808"
        assert before.fields["lat"] != after.fields["lat"]
        assert after.fields["accuracy_basis"] == "typed_digits"


def test_own_parameters_are_taken_as_the_shipped_operation_gives_them(tmp_path: Path) -> None:
    with alone(tmp_path) as ws:
        shipped = positions.read(SK42, positions.frame_of(ws)).understood
        settings.change(ws, "datum-operation", "own 25 -141 -78,5 0 -0.35 -0.736 0 4.5")
        own = positions.read(SK42, positions.frame_of(ws)).understood
        assert (own.lat, own.lon) == pytest.approx((shipped.lat, shipped.lon), abs=1e-9)
        assert own.operation.startswith("own 25 -141 -78.5 0 -0.35 -0.736 0")
        assert own.operation_accuracy_m == 4.5


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


def test_a_system_defined_at_headquarters_is_typed_in_on_every_laptop_and_withdrawn_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as chain:
        settings.add_system(chain.hq, "strip-8", {"name_en": "Strip 8", "definition": "EPSG:2498"})
        laptop = chain.laptops["one"]
        chain.exchange(laptop)
        find = finds.add_find(laptop, {"category": "uxo"}, position="4430415.6 664941.7", system="strip-8")
        assert (find.fields["typed_crs"], find.fields["datum_operation"]) == ("custom:strip-8", "EPSG:15865")
        assert float(find.fields["lat"]) == pytest.approx(39.9911, abs=1e-6)
        settings.change_system(chain.hq, "strip-8", {"withdrawn": True}, "not in use")
        chain.exchange(laptop)
        assert positions.frame_of(laptop).systems == ()


@pytest.mark.parametrize(
    "definition",
    ["", "+proj=tmerc +lon_0=45 +x_0=8500000 +ellps=krass", "+proj=longlat +a=1 +b=1", "EPSG:999999", "x", "EPSG:4979"],
)
def test_a_system_nobody_can_use_is_not_written(tmp_path: Path, definition: str) -> None:
    with headquarters(tmp_path) as ws:
        with pytest.raises(OperatorError):
            settings.add_system(ws, "mine", {"name_en": "Mine", "definition": definition})
        assert settings.systems(ws, withdrawn=True) == []


def test_own_parameters_say_how_far_they_lead_and_turned_rotations_show(tmp_path: Path) -> None:
    with alone(tmp_path) as ws:
        assert positions.own_operation_of(ws) is None
        settings.change(ws, "datum-operation", "own 25 -141 -78.5 0 -0.35 -0.736 0 4.5")
        own = positions.own_operation_of(ws)
        assert own is not None
        assert own.sentence(Texts()) == "Own parameters: 0.0 m from EPSG:15865 in the middle of the work area."
        settings.change(ws, "datum-operation", "own 25 -141 -78.5 0 0.35 0.736 0 4.5")
        turned = positions.own_operation_of(ws)
        assert turned is not None
        assert turned.sentence(Texts()).endswith("Are the rotations of the other convention, or is a number wrong?")
