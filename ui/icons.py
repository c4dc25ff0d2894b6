"""Icons: shipped SVG files on a 24 px grid, drawn in any colour at the screen's own resolution.

Lucide shapes (ISC licence, ``icons/LICENSE``) and our own ordnance shapes (``icons/ordnance-*.svg``), which are also
the map's symbols: circle AP mine, square AT mine, diamond UXO family, cross fuze, hexagon IED, dashed circle for
what is not counted.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parent / "icons"

ORDNANCE = {
    "ap_mine": "ordnance-ap",
    "at_mine": "ordnance-at",
    "submunition": "ordnance-submunition",
    "projectile": "ordnance-projectile",
    "mortar_bomb": "ordnance-projectile",
    "air_dropped_bomb": "ordnance-projectile",
    "rocket_missile": "ordnance-rocket",
    "grenade": "ordnance-rocket",
    "uxo": "ordnance-uxo",
    "fuze": "ordnance-fuze",
    "ied_booby_trap": "ordnance-ied",
}
"""Icon of each ordnance category; ``ordnance`` answers for the rest."""


def ordnance(category: str) -> str:
    """The icon name of an ordnance category; the dashed circle for everything that is not counted."""
    return ORDNANCE.get(category, "ordnance-not-counted")


def names() -> list[str]:
    """Names of all icons shipped."""
    return sorted(path.stem for path in FOLDER.glob("*.svg"))


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = (FOLDER / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(source.encode()))


def draw(painter: QPainter, name: str, rect: QRectF, colour: str) -> None:
    """Draw icon ``name`` into ``rect`` (logical px) in ``colour``; vector, so sharp at every device pixel ratio.

    Raises FileNotFoundError for a name that is not shipped.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour).render(painter, rect)
    painter.restore()


def renders(name: str) -> bool:
    """Whether icon ``name`` is a picture Qt can draw."""
    return _renderer(name, "black").isValid()
