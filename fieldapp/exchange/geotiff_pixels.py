"""Pixels of an open GeoTIFF as red, green, blue and alpha of 8 bits, whatever it holds. Runs in the child process only.

Palettes are looked up, grey becomes three equal colours, more than 8 bits are spread between the darkest and the
brightest hundredth of a sample. What is nodata, masked, NaN or transparent in the file has alpha 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.windows import Window

from fieldapp.exchange.geotiff_errors import Refused

Pixels = NDArray[np.uint8]
"""Rows, columns, and red, green, blue, alpha (not premultiplied)."""

MOST_PIECE_BYTES = 256 << 20
"""Of one strip or tile: the library takes each whole into memory."""
MOST_BANDS = 500
_SAMPLES, _SAMPLE_PX = 12, 64
_DARKEST, _BRIGHTEST = 1.0, 99.0
_COLOURS = ColorInterp.red, ColorInterp.green, ColorInterp.blue


class Picture:
    """The pixels of ``dataset``. ``drawn``: a map in few colours, not a photograph. Raises Refused."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset
        self.width, self.height = int(dataset.width), int(dataset.height)
        if not 0 < dataset.count <= MOST_BANDS:
            raise Refused("kind", kind=f"{dataset.count} x")
        self._check_pieces()
        interp = dataset.colorinterp
        self._palette = _palette(dataset) if interp[0] == ColorInterp.palette else None
        if all(one in interp for one in _COLOURS):
            self._bands = [interp.index(one) + 1 for one in _COLOURS]
        else:
            self._bands = [1, 2, 3] if dataset.count >= 3 and self._palette is None else [1]
        kinds = {np.dtype(dataset.dtypes[band - 1]) for band in self._bands}
        if any(kind.kind not in "uif" for kind in kinds):
            raise Refused("kind", kind=", ".join(sorted(map(str, kinds))))
        self._inverted = dataset.tags(ns="IMAGE_STRUCTURE").get("MINISWHITE") == "YES"
        self._spread = None if self._palette is not None else self._found_spread(kinds)
        self.drawn = self._palette is not None

    def _check_pieces(self) -> None:
        together = self._dataset.count if self._dataset.interleaving.name == "pixel" else 1
        for (high, wide), kind in zip(self._dataset.block_shapes, self._dataset.dtypes, strict=True):
            size = high * wide * np.dtype(kind).itemsize * together
            if size > MOST_PIECE_BYTES:
                raise Refused("pieces", size=size >> 20)

    def _found_spread(self, kinds: set[np.dtype[Any]]) -> list[tuple[float, float]] | None:
        """Which values become 0 and 255, for each band; None where they are 8 bits already."""
        bits = self._dataset.tags(self._bands[0], ns="IMAGE_STRUCTURE").get("NBITS", "")
        if kinds == {np.dtype("uint8")}:
            few = bits.isdigit() and 0 < int(bits) < 8
            return [(0.0, float((1 << int(bits)) - 1))] * len(self._bands) if few else None
        return [self._sampled(band) for band in self._bands]

    def _sampled(self, band: int) -> tuple[float, float]:
        found = []
        for row in np.linspace(0, max(self.height - _SAMPLE_PX, 0), _SAMPLES).astype(int):
            for column in np.linspace(0, max(self.width - _SAMPLE_PX, 0), _SAMPLES).astype(int):
                window = Window(int(column), int(row), min(_SAMPLE_PX, self.width), min(_SAMPLE_PX, self.height))
                values = self._dataset.read(band, window=window).astype(np.float64)
                valid = (self._dataset.dataset_mask(window=window) > 0) & np.isfinite(values)
                found.append(values[valid])
        every = np.concatenate(found)
        if not every.size:
            return 0.0, 1.0
        low, high = (float(one) for one in np.percentile(every, (_DARKEST, _BRIGHTEST)))
        return (low, high) if high > low else (low, low + 1.0)

    def read(self, column: int, row: int, wide: int, high: int, out_wide: int, out_high: int) -> Pixels:
        """A part of the picture, made smaller (by overviews where the file has them) to the size named last."""
        window, out = Window(column, row, wide, high), (out_high, out_wide)
        smaller = (out_high, out_wide) != (high, wide) and self._palette is None
        how = Resampling.average if smaller else Resampling.nearest
        values = self._dataset.read(self._bands, window=window, out_shape=(len(self._bands), *out), resampling=how)
        mask = self._dataset.dataset_mask(window=window, out_shape=out, resampling=how)
        made = np.empty((*out, 4), np.uint8)
        if self._palette is not None:
            made[:] = self._palette[np.clip(values[0], 0, len(self._palette) - 1)]
            made[..., 3] = np.minimum(made[..., 3], mask)
            return made
        if values.dtype.kind == "f":
            mask = np.where(np.isfinite(values).all(axis=0), mask, 0)
            values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        shown = values if self._spread is None else self._scaled(values)
        made[..., :3] = np.moveaxis(255 - shown if self._inverted else shown, 0, -1)
        made[..., 3] = mask
        return made

    def _scaled(self, values: NDArray[Any]) -> Pixels:
        scaled = np.empty(values.shape, np.uint8)
        for at, (low, high) in enumerate(self._spread or ()):
            bright = (values[at].astype(np.float64) - low) * (255.0 / (high - low))
            scaled[at] = np.clip(np.rint(bright), 0, 255)
        return scaled


def _palette(dataset: Any) -> Pixels:
    entries = dataset.colormap(1)
    table = np.zeros((max(entries, default=0) + 1, 4), np.uint8)
    for value, colour in entries.items():
        table[value] = colour
    return table
