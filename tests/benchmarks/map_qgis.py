"""The peer of the map: QGIS's engine on the same data at the same view sizes. Run by the system's own Python.

``python3 map_qgis.py FOLDER MBTILES`` reads ``finds.csv`` (x, y, look) and ``plots.csv`` (outline as WKT, look), both
in EPSG:3857 so that nothing is left to project, and writes them to ``data.gpkg`` with a spatial index, once. It then
answers lines on its input: each is the JSON of a view (width, height, extent, style, whether the base map lies under
it) and is answered by the milliseconds of one full redraw. The first line it prints is its version.

Styles: ``usual`` is what a user gets who colours by category (2 mm circles, hatched fills, antialiasing); ``cheapest``
is the quickest found (2 px squares, thin outlines on plain fills, no antialiasing).
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

COLOURS = ("16,20,15", "212,0,0", "244,167,24", "27,127,59", "15,59,104", "95,103,94")
TABLES = (("finds", "xField=x&yField=y", "Point"), ("plots", "wktField=outline", "Polygon"))


def main() -> None:
    """Write the GeoPackage, then draw whatever view is asked for."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder, base_map = Path(sys.argv[1]), sys.argv[2]
    core: Any = importlib.import_module("qgis.core")
    app = core.QgsApplication([], False)
    app.initQgis()
    for name, fields, _ in TABLES:
        _write(core, folder, name, fields)
    layers = {style: [_layer(core, folder, name, kind, style) for name, _, kind in TABLES]
              for style in ("usual", "cheapest")}  # fmt: skip
    base = core.QgsRasterLayer(base_map, "base", "gdal")
    if not base.isValid():
        raise RuntimeError(base_map)
    print(core.Qgis.QGIS_VERSION, flush=True)
    for line in sys.stdin:
        view = json.loads(line)
        print(_ms(core, [*layers[view["style"]], *([base] if view["based"] else [])], view), flush=True)
    sys.stdout.flush()
    os._exit(0)  # taking QGIS down after its own layers ends in a segmentation fault


def _write(core: Any, folder: Path, name: str, fields: str) -> None:
    uri = f"file://{folder / (name + '.csv')}?delimiter=;&detectTypes=yes&crs=EPSG:3857&{fields}"
    source = core.QgsVectorLayer(uri, name, "delimitedtext")
    options = core.QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    options.layerOptions = ["SPATIAL_INDEX=YES"]
    if (folder / "data.gpkg").exists():
        options.actionOnExistingFile = core.QgsVectorFileWriter.CreateOrOverwriteLayer
    context = core.QgsProject.instance().transformContext()
    written = core.QgsVectorFileWriter.writeAsVectorFormatV3(source, str(folder / "data.gpkg"), context, options)
    if written[0]:
        raise RuntimeError(written[1])


def _layer(core: Any, folder: Path, name: str, kind: str, style: str) -> Any:
    """A table of the GeoPackage, drawn by its categories."""
    layer = core.QgsVectorLayer(f"{folder / 'data.gpkg'}|layername={name}", name, "ogr")
    categories = []
    for value, colour in enumerate(COLOURS):
        if kind == "Point":
            looks = {"usual": {"name": "circle", "color": colour, "size": "2"},
                     "cheapest": {"name": "square", "color": colour, "size": "2", "size_unit": "Pixel",
                                  "outline_style": "no"}}  # fmt: skip
            symbol = core.QgsMarkerSymbol.createSimple(looks[style])
        else:
            looks = {"usual": {"color": colour + ",128", "outline_color": colour, "outline_width": "0.6",
                               "style": "b_diagonal"},
                     "cheapest": {"color": colour + ",128", "outline_color": colour,
                                  "outline_width": "0.1"}}  # fmt: skip
            symbol = core.QgsFillSymbol.createSimple(looks[style])
        categories.append(core.QgsRendererCategory(value, symbol, str(value)))
    layer.setRenderer(core.QgsCategorizedSymbolRenderer("look", categories))
    return layer


def _ms(core: Any, layers: list[Any], view: dict[str, Any]) -> float:
    settings = core.QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(core.QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(core.QgsRectangle(*view["extent"]))
    settings.setOutputSize(importlib.import_module("qgis.PyQt.QtCore").QSize(view["width"], view["height"]))
    settings.setFlag(core.QgsMapSettings.Antialiasing, view["style"] == "usual")
    start = time.perf_counter()
    job = core.QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    took = (time.perf_counter() - start) * 1000
    if view.get("picture"):
        image.save(view["picture"])
    return took


if __name__ == "__main__":
    main()
