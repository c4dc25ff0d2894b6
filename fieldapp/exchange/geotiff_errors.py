"""Why a GeoTIFF is not turned into tiles, as the child process says it: a word and its facts. The parent has the words.

What comes back from the child is as untrusted as the file: a word that is not here counts as a crash.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldapp.exchange.tile_errors import DAMAGED, GONE, LOCKED, UNSUPPORTED, TilesNotRead
from fieldapp.geodesy.errors import SYSTEM_REASONS
from fieldapp.texts import N_, Texts

REASONS: dict[str, tuple[str, str]] = {
    "damaged": (DAMAGED, N_("it is damaged or cut off.")),
    "crashed": (DAMAGED, N_("reading its pixels fails: it is damaged, or made to hurt. Nothing else was touched.")),
    "slow": (DAMAGED, N_("reading its pixels takes too long.")),
    "memory": (DAMAGED, N_("reading its pixels takes more memory than it may have.")),
    "no_position": (UNSUPPORTED, N_("it does not say where it lies. Files beside it (“.tfw”) are not read.")),
    "points": (UNSUPPORTED, N_("it is tied to the ground by single points only: it must be rectified first.")),
    "no_system": (UNSUPPORTED, N_("it does not name its coordinate system. Nothing is guessed.")),
    "system": (UNSUPPORTED, N_("its coordinate system “{name}” is not known here, and nothing is guessed: {words}")),
    "far": (DAMAGED, N_("it lies outside of what its coordinate system reaches.")),
    "antimeridian": (UNSUPPORTED, N_("it lies on both sides of the 180th meridian. Cut it there first.")),
    "pixels": (DAMAGED, N_("it claims {pixels} million pixels, but holds {bytes} bytes only.")),
    "pieces": (UNSUPPORTED, N_("it is stored in pieces of {size} MB, more than may be taken into memory. Write it anew "
                               "with tiles.")),
    "kind": (UNSUPPORTED, N_("its pixels are of a kind that is not drawn ({kind}).")),
    "large": (UNSUPPORTED, N_("it would become {count} tiles, more than {most}. Cut out what you need, or name a "
                              "coarser finest zoom level.")),
    "disk": (LOCKED, N_("there is no room on the disk for its tiles.")),
    "empty": (UNSUPPORTED, N_("all of it is transparent.")),
    "gone": (GONE, N_("the file is not there. A stick or disk may have been unplugged.")),
}  # fmt: skip
"""Cause and sentence of each word."""

_FACTS = ("pixels", "bytes", "size", "kind", "count", "most", "name", "why", "part")


class Refused(Exception):
    """The file is not turned into tiles: a word of ``REASONS`` and the facts of its sentence."""

    def __init__(self, word: str, **facts: str | int) -> None:
        super().__init__(word)
        self.word, self.facts = word, facts


class GeotiffNotTurned(TilesNotRead):
    """A GeoTIFF that does not become a base map."""

    code = "geotiff_not_turned"
    kept = N_("The file was left as it is; nothing was added.")
    do = N_("Copy the file from its source again, or choose another.")


class GeotiffUnsuited(GeotiffNotTurned):
    """A good file that does not say what is needed, or says it in a way that is not read."""

    code = "geotiff_unsuited"
    do = N_("Write it anew in the program that it comes from, or choose another.")


class GeotiffSystemUnknown(GeotiffNotTurned):
    """Its coordinate system is none whose way to WGS 84 is known. ``why`` is a key of ``SYSTEM_REASONS``."""

    code = "geotiff_system_unknown"
    do = N_("Convert it to WGS 84 in the program that it comes from, or let headquarters define the system with its "
            "datum operation.")  # fmt: skip

    def __init__(self, file: Path | str, name: str, why: str, part: str) -> None:
        super().__init__(file, UNSUPPORTED, REASONS["system"][1], name=name)
        self._name, self._why, self._part = name, why, part

    def why(self, texts: Texts) -> str:
        """The reason alone, in the language of ``texts``."""
        words = texts(SYSTEM_REASONS[self._why], part=self._part, detail=self._part, most="")
        return texts(self.reason, name=self._name, words=words)


class GeotiffNeedsExtra(GeotiffNotTurned):
    """The part of the program that reads GeoTIFF is not installed."""

    code = "geotiff_needs_extra"
    do = N_('Install it (“pip install "fieldapp[geotiff]"”), or convert the file to MBTiles: “gdal_translate -of '
            "MBTILES”, then “gdaladdo”, or QGIS: “Generate XYZ tiles (MBTiles)”.")  # fmt: skip

    def __init__(self, file: Path | str) -> None:
        super().__init__(file, UNSUPPORTED, N_("the part of the program that reads GeoTIFF is not installed here."))


def refusal(file: Path, word: object, facts: object) -> GeotiffNotTurned:
    """The error that the child's answer means; an answer that means nothing counts as a crash."""
    told: dict[str, Any] = {}
    if isinstance(facts, dict):
        told = {name: _plain(facts[name]) for name in _FACTS if isinstance(facts.get(name), str | int)}
    if word == "system" and told.get("why") in SYSTEM_REASONS:
        return GeotiffSystemUnknown(file, str(told.get("name", "")), told["why"], str(told.get("part", "")))
    cause, reason = REASONS.get(str(word), REASONS["crashed"])
    try:
        reason.format(**told)
    except (KeyError, IndexError, ValueError):
        cause, reason = REASONS["crashed"]
    kind = GeotiffUnsuited if cause == UNSUPPORTED else GeotiffNotTurned
    return kind(file, cause, reason, **told)


def _plain(value: str | int) -> str | int:
    return value if isinstance(value, int) else "".join(one if one.isprintable() else " " for one in value)[:200]
