"""The peer of the map: QGIS's engine on the same data at the same view sizes. Run by the system's own Python.

``python3 map_qgis.py FOLDER`` reads ``finds.csv`` (lon, lat, shape), ``plots.csv`` (outline as WKT, look) and
``views.json`` (zoom, width, height, extent in EPSG:3857) there, writes ``data.gpkg`` and prints one JSON object: the
version, and for each zoom the milliseconds of some full redraws.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path

ROUNDS = 3


def main() -> None:
    """Write the GeoPackage, draw each view, print the times."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(sys.argv[1])
    core = importlib.import_module("qgis.core")
    app = core.QgsApplication([], False)
    app.initQgis()
    project = core.QgsProject.instance()
    layers = [_layer(core, project, folder, *one) for one in (
        ("finds", "xField=lon&yField=lat", "Point"), ("plots", "wktField=outline", "Polygon"),
    )]  # fmt: skip
    times = {view["zoom"]: _times(core, layers, view) for view in json.loads((folder / "views.json").read_text())}
    print(json.dumps({"version": core.Qgis.QGIS_VERSION, "ms": times}))
    app.exitQgis()


def _layer(core: object, project: object, folder: Path, name: str, fields: str, kind: str) -> object:
    """A table of the GeoPackage with its spatial index, drawn by its categories."""
    q = core.__dict__
    uri = f"file://{folder / (name + '.csv')}?delimiter=;&detectTypes=yes&crs=EPSG:4326&{fields}"
    source = q["QgsVectorLayer"](uri, name, "delimitedtext")
    options = q["QgsVectorFileWriter"].SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    if (folder / "data.gpkg").exists():
        options.actionOnExistingFile = q["QgsVectorFileWriter"].CreateOrOverwriteLayer
    written = q["QgsVectorFileWriter"].writeAsVectorFormatV3(
        source, str(folder / "data.gpkg"), project.transformContext(), options  # type: ignore[attr-defined]
    )
    if written[0]:
        raise RuntimeError(written[1])
    layer = q["QgsVectorLayer"](f"{folder / 'data.gpkg'}|layername={name}", name, "ogr")
    categories = []
    for value, colour in enumerate(("16,20,15", "212,0,0", "244,167,24", "27,127,59", "15,59,104", "95,103,94")):
        if kind == "Point":
            symbol = q["QgsMarkerSymbol"].createSimple({"name": "circle", "color": colour, "size": "2"})
        else:
            symbol = q["QgsFillSymbol"].createSimple(
                {"color": colour + ",128", "outline_color": colour, "outline_width": "0.6", "style": "b_diagonal"}
            )
        categories.append(q["QgsRendererCategory"](value, symbol, str(value)))
    layer.setRenderer(q["QgsCategorizedSymbolRenderer"]("look", categories))
    return layer


def _times(core: object, layers: list[object], view: dict[str, object]) -> list[float]:
    q = core.__dict__
    settings = q["QgsMapSettings"]()
    settings.setLayers(layers)
    settings.setDestinationCrs(q["QgsCoordinateReferenceSystem"]("EPSG:3857"))
    settings.setExtent(q["QgsRectangle"](*view["extent"]))  # type: ignore[misc]
    size = importlib.import_module("qgis.PyQt.QtCore").QSize(view["width"], view["height"])
    settings.setOutputSize(size)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        job = q["QgsMapRendererParallelJob"](settings)
        job.start()
        job.waitForFinished()
        job.renderedImage()
        times.append((time.perf_counter() - start) * 1000)
    return times


if __name__ == "__main__":
    main()
