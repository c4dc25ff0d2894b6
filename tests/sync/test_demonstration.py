"""The demonstration's keys."""

import pytest

from fieldapp.sync.demonstration import PLACES, demonstration_devices, demonstration_keys, is_demonstration
from tests.builders_sync import HQ


def test_hq_and_fourteen_teams_have_a_device_each() -> None:
    assert len(PLACES) == len(demonstration_devices()) == 15
    assert all(is_demonstration(demonstration_keys(place).device) for place in PLACES)
    assert not is_demonstration(HQ.device)


def test_the_keys_never_change_from_version_to_version() -> None:
    """Demonstration data of an older version must stay recognisable."""
    assert demonstration_keys("hq").device == "ejofggewah4qzui7aefy"
    assert demonstration_keys("team-14").device == "qtiffeq77btacj567ykp"


def test_other_places_have_no_keys() -> None:
    with pytest.raises(ValueError, match="team-15"):
        demonstration_keys("team-15")
