"""Reports of gpsd (gpsd_json(5)): one JSON object a line. Only TPV and SKY are read; gpsd gives WGS 84."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

from fieldapp.gnss.fix import DIFFERENTIAL, GNSS, NO_FIX, RTK, RTK_FLOAT, W84, Cycle, Fix

WATCH = b'?WATCH={"enable":true,"json":true}\n'
PORT = 2947

_QUALITY = {0: GNSS, 1: GNSS, 2: DIFFERENTIAL, 3: RTK, 4: RTK_FLOAT, 7: GNSS, 9: GNSS}
"""From ``status`` of TPV; others are dead reckoning (5, 6) and simulation (8): quality 6, which no gate passes."""
_ESTIMATED = 6


class Reports:
    """Takes lines, gives cycles: satellites and HDOP are reported apart from positions."""

    def __init__(self) -> None:
        self._satellites: dict[str, int | None] = {}
        self._hdop: dict[str, float | None] = {}
        self._datum: dict[str, str] = {}
        self._device: str | None = None

    def take(self, line: bytes, heard_at: float) -> tuple[bool, Cycle | None]:
        """Was this a report of gpsd, and the cycle that it makes."""
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            return False, None
        if not isinstance(said, dict) or not isinstance(said.get("class"), str):
            return False, None
        device = str(said.get("device", ""))[:200]
        if said["class"] == "SKY":
            self._note_sky(device, said)
        if said["class"] != "TPV" or self._device not in (None, device):
            return True, None  # of two receivers one gpsd has, the first is listened to: they stand apart
        return True, self._cycle(device, said, heard_at)

    def _note_sky(self, device: str, said: dict[str, Any]) -> None:
        if len(self._hdop) > 16:  # a gpsd has one device or two
            self._hdop.clear()
            self._satellites.clear()
        if "hdop" in said:
            self._hdop[device] = _number(said["hdop"])
        used, seen = _number(said.get("uSat")), said.get("satellites")
        if used is not None:
            self._satellites[device] = int(used)
        elif isinstance(seen, list):
            self._satellites[device] = sum(isinstance(one, dict) and one.get("used") is True for one in seen)

    def _cycle(self, device: str, said: dict[str, Any], heard_at: float) -> Cycle:
        satellites, hdop = self._satellites.get(device), self._hdop.get(device)
        lat, lon = _number(said.get("lat")), _number(said.get("lon"))
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            return Cycle(heard_at, None, satellites, hdop)
        self._device = device
        mode, status = _number(said.get("mode")) or 0, _number(said.get("status")) or 0
        moment = _moment(said.get("time"))
        datum, changed = self._noted_datum(device, said)
        fix = Fix(
            lat, lon, NO_FIX if mode < 2 else _QUALITY.get(int(status), _ESTIMATED), satellites, hdop, heard_at,
            time=moment, day_s=None if moment is None else _day_s(moment),
            altitude_m=_number(said.get("altMSL", said.get("alt"))), datum=datum,
            datum_said="datum" in said, datum_fresh="datum" in said,
            datum_changed=changed, error_m=_number(said.get("eph")),
        )  # fmt: skip
        return Cycle(heard_at, fix, satellites, hdop)

    def _noted_datum(self, device: str, said: dict[str, Any]) -> tuple[str, bool]:
        name = str(said.get("datum", "WGS84")).upper().replace(" ", "").replace("-", "")[:12]
        datum = W84 if name in ("WGS84", "W84") else name
        changed = datum != self._datum.get(device, W84)
        self._datum = {device: datum}
        return datum, changed


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if abs(value) < 1e9 else None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _day_s(moment: datetime) -> float:
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
