"""Why a base map cannot be used. The file is never written to: it stays as it is, whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

from fieldapp.errors import OperatorError
from fieldapp.texts import N_, Texts

GONE, LOCKED, DAMAGED, UNSUPPORTED, ROWS = "gone", "locked", "damaged", "unsupported", "rows"
"""Causes: not there (a stick that was pulled), held by another program, broken or lying, a kind that is not drawn,
rows counted from the other end."""


class TileUnreadable(ValueError):
    """One tile is broken, too large or no image; the others may be good. The argument says which fault."""


class TilesNotRead(OperatorError):
    """A base map cannot be read. ``cause`` is one of the words above; ``reason`` a catalogue message with facts."""

    code = "tiles_not_read"
    what = N_("The base map {file} cannot be read: {reason}")
    kept = N_("The file was left as it is; the map is drawn without it.")
    do = N_("Copy the file from its source again, or choose another.")

    def __init__(self, file: Path | str, cause: str, reason: str, **facts: object) -> None:
        super().__init__(file=str(file), reason=reason, **facts)
        self.file, self.cause, self.reason = str(file), cause, reason
        self._more = facts

    def why(self, texts: Texts) -> str:
        """The reason alone, in the language of ``texts``."""
        return texts(self.reason, **self._more)

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """With the reason in the language of ``texts``."""
        return texts(self.what, file=self.file, reason=self.why(texts)), texts(self.kept), texts(self.do)


class TilesNeedConverting(TilesNotRead):
    """The file is a good one of a kind that is not drawn here."""

    code = "tiles_need_converting"
    do = N_("Convert it to MBTiles with raster tiles in Web Mercator: “gdal_translate -of MBTILES”, then “gdaladdo”, "
            "or QGIS: “Generate XYZ tiles (MBTiles)”.")  # fmt: skip


class TileRowsConflict(TilesNotRead):
    """The rows of the tiles lie outside the bounds that the file names, and inside when counted from the other end."""

    code = "tile_rows_conflict"
    do = N_("Make the file anew with another program. If you know that its rows are counted from the other end, say "
            "so when you add it, and compare the map with a known point.")  # fmt: skip

    def __init__(self, file: Path | str, cause: str, reason: str, rows: str) -> None:
        super().__init__(file, cause, reason)
        self.rows = rows
        """The end, ``north`` or ``south``, from which they would lie inside."""


class SeveralTileLayers(TilesNotRead):
    """A GeoPackage holds several layers of tiles, and none was named."""

    code = "several_tile_layers"
    do = N_("Name the layer.")

    def __init__(self, file: Path | str, cause: str, reason: str, names: str, layers: tuple[str, ...]) -> None:
        super().__init__(file, cause, reason, names=names)
        self.layers = layers
        """The first of them, by the names of their tables."""
