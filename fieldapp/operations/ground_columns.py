"""Ground in columns: what ``map_grounds`` works out, packed into a few arrays that are read and drawn at once."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from fieldapp import __version__
from fieldapp.domain.symbols import Fill
from fieldapp.operations.map_grounds import Ground, Line
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import kept_grounds
from fieldapp.storage.database import Store
from fieldapp.storage.generations import Generation

MUCH = 2_000
"""Less ground than this is worked out anew each time."""
_VERSION = f"2 {__version__}"
"""The number goes up when other rules would lead to other ground."""
_HEAD = struct.Struct("<I")
_DTYPES = {"layer": "<u1", "look": "<u2", "state": "<u1", "filled": "<u1", "lines": "<u4", "points": "<u4",
           "closed": "<u1", "corners": "<u4", "lat": "<f8", "lon": "<f8", "point_lat": "<f8",
           "point_lon": "<f8"}  # fmt: skip

Array = NDArray[Any]


@dataclass(frozen=True)
class GroundColumns:
    """Drawings of records, one after another, each with its lines and points.

    ``layer``, ``look`` and ``state`` are places in ``layers``, ``looks`` and ``states``; ``lines`` and ``points`` say
    how many of them a drawing has; ``closed`` and ``corners`` are of each line; ``lat`` and ``lon`` of each corner.
    """

    record: list[str]
    label: list[str]
    layers: list[str]
    looks: list[Fill]
    states: list[str]
    layer: Array
    look: Array
    state: Array
    filled: Array
    lines: Array
    points: Array
    closed: Array
    corners: Array
    lat: Array
    lon: Array
    point_lat: Array
    point_lon: Array

    @classmethod
    def of(cls, grounds: Sequence[Ground]) -> GroundColumns:
        """Pack them."""
        layers, states = (dict.fromkeys(words) for words in ((g.layer for g in grounds), (g.state for g in grounds)))
        looks = dict.fromkeys(g.look for g in grounds)
        layer_at, state_at = ({word: at for at, word in enumerate(words)} for words in (layers, states))
        look_at = {look: at for at, look in enumerate(looks)}
        lines = [line for g in grounds for line in g.lines]
        points = [point for g in grounds for point in g.points]
        return cls(
            [g.record for g in grounds], [g.label for g in grounds], list(layers), list(looks), list(states),
            *(np.array(values, _DTYPES[name]) for name, values in (
                ("layer", [layer_at[g.layer] for g in grounds]), ("look", [look_at[g.look] for g in grounds]),
                ("state", [state_at[g.state] for g in grounds]), ("filled", [g.filled for g in grounds]),
                ("lines", [len(g.lines) for g in grounds]), ("points", [len(g.points) for g in grounds]),
                ("closed", [line.closed for line in lines]), ("corners", [len(line.lats) for line in lines]),
                ("lat", [lat for line in lines for lat in line.lats]),
                ("lon", [lon for line in lines for lon in line.lons]),
                ("point_lat", [lat for lat, _ in points]), ("point_lon", [lon for _, lon in points]),
            )),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.record)

    def to_bytes(self) -> bytes:
        """As one piece; ``from_bytes`` reads it."""
        head = {
            "record": self.record, "label": self.label, "layers": self.layers, "states": self.states,
            "looks": [asdict(look) for look in self.looks],
            "sizes": [len(getattr(self, name)) for name in _DTYPES],
        }  # fmt: skip
        words = json.dumps(head, ensure_ascii=False).encode()
        return b"".join([_HEAD.pack(len(words)), words, *(getattr(self, name).tobytes() for name in _DTYPES)])

    @classmethod
    def from_bytes(cls, data: bytes) -> GroundColumns:
        """What ``to_bytes`` gave."""
        start = _HEAD.size + _HEAD.unpack_from(data)[0]
        head = json.loads(data[_HEAD.size : start])
        arrays = []
        for size, dtype in zip(head["sizes"], _DTYPES.values(), strict=True):
            arrays.append(np.frombuffer(data, dtype, size, start))
            start += arrays[-1].nbytes
        looks = [Fill(**look) for look in head["looks"]]
        return cls(head["record"], head["label"], head["layers"], looks, head["states"], *arrays)

    def grounds(self, which: Sequence[int] | None = None) -> list[Ground]:
        """Unpacked, all of them or some."""
        first_line, first_point, first_corner = (
            np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).tolist()
            for counts in (self.lines, self.points, self.corners)
        )
        found = []
        for at in range(len(self)) if which is None else which:
            lines = tuple(
                Line(tuple(self.lat[start:end].tolist()), tuple(self.lon[start:end].tolist()), bool(closed))
                for (start, end), closed in zip(
                    pairwise(first_corner[first_line[at] : first_line[at + 1] + 1]),
                    self.closed[first_line[at] : first_line[at + 1]].tolist(), strict=True,
                )
            )  # fmt: skip
            spots = slice(first_point[at], first_point[at + 1])
            points = tuple(zip(self.point_lat[spots].tolist(), self.point_lon[spots].tolist(), strict=True))
            record = self.record[at]
            found.append(Ground(
                record, record.split("/", 1)[0], self.layers[self.layer[at]], self.label[at], lines, points,
                self.looks[self.look[at]], self.states[self.state[at]], bool(self.filled[at]),
            ))  # fmt: skip
        return found


_read: WeakKeyDictionary[Store, tuple[bytes, GroundColumns]] = WeakKeyDictionary()


def as_of(ws: Workspace) -> Generation:
    """The state of the records; take it before ground is worked out, and give it to ``keep``."""
    return kept_grounds.as_of(ws.store)


def kept(ws: Workspace) -> GroundColumns | None:
    """The ground as it was last worked out, the same object each time; None where a record changed since.

    None, too, in a workspace of little ground: to work that out takes no longer.
    """
    digest = kept_grounds.digest_of_kept(ws.store, _VERSION)
    if digest is None:
        return None
    known = _read.get(ws.store)
    if known is None or known[0] != digest:
        data = kept_grounds.kept(ws.store, digest)
        if data is None:
            return None
        known = _read[ws.store] = digest, GroundColumns.from_bytes(data)
    return known[1]


def keep(ws: Workspace, grounds: Sequence[Ground], made_from: Generation) -> None:
    """Keep this for the next time the map opens, if it is much and nothing changed since ``made_from``."""
    if len(grounds) >= MUCH:
        kept_grounds.keep(ws.store, _VERSION, GroundColumns.of(grounds).to_bytes(), made_from)
