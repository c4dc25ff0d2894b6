"""The demonstration's keys. They follow from seeds that everybody can read here, so real deployments refuse them."""

from __future__ import annotations

from functools import lru_cache

from fieldapp.ids import DeviceId, SeededEntropy
from fieldapp.sync.keys import DeviceKeys, ReceivingKey

DEPLOYMENT_ID = "demonstration"
"""The deployment id of every demonstration."""
TEAMS = tuple(f"team-{number:02d}" for number in range(1, 15))
PLACES = ("hq", *TEAMS)
"""The demonstration's 15 devices."""


@lru_cache(maxsize=len(PLACES))
def demonstration_keys(place: str) -> DeviceKeys:
    """The keys of ``hq`` or ``team-01`` ... ``team-14``: the same on every run. Raises ValueError for other places."""
    if place not in PLACES:
        raise ValueError(place)
    return DeviceKeys.from_entropy(SeededEntropy(f"fieldapp demonstration {place}"))


@lru_cache(maxsize=1)
def demonstration_escrow() -> ReceivingKey:
    """The escrow key of the demonstration's headquarters."""
    return ReceivingKey.from_entropy(SeededEntropy("fieldapp demonstration escrow"))


@lru_cache(maxsize=1)
def demonstration_devices() -> frozenset[DeviceId]:
    """The ids of the demonstration's devices."""
    return frozenset(demonstration_keys(place).device for place in PLACES)


def is_demonstration(device: DeviceId) -> bool:
    """Whether a device's keys are among those that everybody knows."""
    return device in demonstration_devices()
