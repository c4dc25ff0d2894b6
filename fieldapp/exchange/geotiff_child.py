"""The child process that reads a GeoTIFF: ``python -m fieldapp.exchange.geotiff_child``, a job as JSON on its input.

It answers with lines of JSON: ``{"done": 5, "total": 90}``, at last ``{"found": {...}}`` or ``{"refused": word,
"facts": {...}}``. Only the driver of GeoTIFF is tried, only on this one file; files beside it, network and settings
of the machine are off (``QUIET``). Where the system lets it, memory, time and size of what it writes are limited from
inside; whoever started it ends it when it hangs.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

MOST_MEMORY_BYTES = 4 << 30
MOST_SECONDS = 4 * 3600
MOST_WRITTEN_BYTES = 64 << 30
MOST_PIXELS_PER_BYTE = 20_000
"""No packing of pixels comes near; only files without any pixels in them do."""
ROOM_BYTES = 64 << 20
"""Left free on the disk: records must still be saved."""
QUIET = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO", "GDAL_GEOREF_SOURCES": "INTERNAL",
    "GDAL_CACHEMAX": "256", "GDAL_NUM_THREADS": "1", "GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none", "GDAL_DRIVER_PATH": "disable", "PROJ_NETWORK": "OFF",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
}  # fmt: skip
_OURS = ("GDAL_", "CPL_", "VSI_", "PROJ_", "GTIFF_", "TIFF_", "AWS_", "GS_", "AZURE_", "OSS_", "SWIFT_", "RASTERIO_")


def quiet_environment() -> dict[str, str]:
    """The environment of this process without anybody's settings for the libraries, and with ours."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_OURS)}
    return kept | QUIET


def _limit() -> None:
    """Memory, seconds and written bytes, where the system has such limits (Windows has none from inside)."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY_BYTES), (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN_BYTES), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        _soft, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    os.nice(10)


class _Answers:
    """Lines to whoever started this; nothing else gets there, whatever a library prints."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def say(self, **line: object) -> None:
        """One line. Ends the process when nobody listens any more."""
        try:
            self._out.write(json.dumps(line) + "\n")
            self._out.flush()
        except OSError:
            os._exit(1)


def main() -> int:
    """Do the job that stands on the input. Exit code 0 where it was answered."""
    answers = _Answers()
    job = json.loads(sys.stdin.buffer.read())
    _limit()
    from fieldapp.exchange.geotiff_errors import Refused

    try:
        answers.say(found=_work(job, answers))
    except Refused as refused:
        answers.say(refused=refused.word, facts=refused.facts)
    except MemoryError:
        answers.say(refused="memory", facts={})
    return 0


def _work(job: dict[str, Any], answers: _Answers) -> dict[str, object]:
    import warnings

    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    from fieldapp.exchange.geotiff_errors import Refused

    warnings.simplefilter("ignore", NotGeoreferencedWarning)
    file = Path(job["file"])
    try:
        with (
            rasterio.Env(GTIFF_IGNORE_READ_ERRORS="NO"),
            rasterio.open(file, driver="GTiff", sharing=False, GEOREF_SOURCES="INTERNAL", NUM_THREADS="1") as dataset,
        ):
            return _turned(dataset, file, job, answers)
    except RasterioError as error:
        raise Refused("damaged" if file.exists() else "gone") from error


def _turned(dataset: Any, file: Path, job: dict[str, Any], answers: _Answers) -> dict[str, object]:
    from fieldapp.exchange.geotiff_cutting import Ground, pyramid
    from fieldapp.exchange.geotiff_errors import Refused
    from fieldapp.exchange.geotiff_pixels import Picture
    from fieldapp.exchange.geotiff_writing import Tiles

    held = file.stat().st_size
    if dataset.width * dataset.height > held * MOST_PIXELS_PER_BYTE:
        raise Refused("pixels", pixels=dataset.width * dataset.height // 1_000_000, bytes=held)
    affine, system = _placed(dataset, job["frame"])
    picture = Picture(dataset)
    ground = Ground(affine, system, picture)
    extent = ground.extent(job["finest"])
    found: dict[str, object] = {
        "system": system.name[:200], "operation": system.operation,
        "box": [extent.west, extent.north, extent.east, extent.south], "coarsest": extent.coarsest,
        "finest": extent.finest, "kind": "png" if picture.drawn else "jpeg",
        "credit": str(dataset.tags().get("TIFFTAG_COPYRIGHT", ""))[:2000],
    }  # fmt: skip
    if job["target"]:
        with Tiles(Path(job["target"]), extent, job["name"], found["credit"], drawn=picture.drawn) as tiles:
            for zoom, column, row, pixels in pyramid(ground, extent, lambda done, total: answers.say(
                done=done, total=total)):  # fmt: skip
                tiles.put(zoom, column, row, pixels)
    return found


def _placed(dataset: Any, said: dict[str, Any]) -> tuple[tuple[float, ...], Any]:
    """The affine transformation and the system. Raises Refused where the file does not name them."""
    from rasterio.errors import CRSError

    from fieldapp.exchange.geotiff_errors import Refused
    from fieldapp.geodesy.errors import SystemNotUnderstood
    from fieldapp.geodesy.rasters import raster_system

    if dataset.transform.is_identity:
        raise Refused("points" if dataset.gcps[0] else "no_position")
    if not dataset.crs:
        raise Refused("no_system")
    try:
        wkt = dataset.crs.to_wkt(version="WKT2_2019")
    except CRSError as error:
        raise Refused("no_system") from error
    try:
        return tuple(dataset.transform)[:6], raster_system(wkt, frame_told(said))
    except SystemNotUnderstood as error:
        name = wkt.split('"')[1] if '"' in wkt else wkt
        raise Refused("system", name=name[:100], why=error.reason, part=error.part[:200]) from error


def frame_told(said: dict[str, Any]) -> Any:
    """The frame as ``geotiff.py`` wrote it down: the operation, and systems that bring one of their own."""
    from fieldapp.geodesy.frame import CustomSystem, DatumOperation, Frame

    def operation(one: dict[str, Any]) -> DatumOperation:
        parameters = one["parameters"]
        return DatumOperation(one["code"], one["accuracy_m"], one["name"], parameters and tuple(parameters))

    systems = tuple(
        CustomSystem(one["code"], one["name"], one["definition"], operation(one["operation"]))
        for one in said["systems"]
    )
    return Frame(operation=operation(said["operation"]), systems=systems)


if __name__ == "__main__":
    sys.exit(main())
