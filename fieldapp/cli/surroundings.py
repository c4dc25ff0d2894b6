"""What an outline shares, lies in and is near to, as ``fieldapp plot measure --around`` prints it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fieldapp.domain.checks import finding
from fieldapp.domain.registry import KINDS
from fieldapp.operations import drawing
from fieldapp.operations.drawing import Figures
from fieldapp.operations.drawing_hazards import Hazard
from fieldapp.operations.outlines import Outline
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts


def of(ws: Workspace, outline: Outline) -> Figures:
    """The figures of an outline as it would be stored."""
    rings = [[[(float(one["lat"]), float(one["lon"])) for one in ring] for ring in part] for part in outline]
    return drawing.look(ws, rings)[1]


def as_json(figures: Figures, texts: Texts) -> dict[str, Any]:
    """As scripts get it; null: that cannot be said of this outline."""
    return {
        "compared": figures.compared,
        "overlaps": _many(figures.overlaps), "same_outline": _many(figures.same_as), "net_m2": figures.net_m2,
        "inside": _many(figures.inside), "finds": figures.finds, "finds_not_removed": figures.open_finds,
        "hazards": None if figures.hazards is None else [_hazard(one, texts) for one in figures.hazards],
        "looked_m": round(figures.looked_m), "areas_without_a_place": figures.unplaced_hazards,
    }  # fmt: skip


def _many(some: Any) -> Any:
    return None if some is None else [asdict(one) for one in some]


def _hazard(one: Hazard, texts: Texts) -> dict[str, Any]:
    return {**asdict(one), "metres": round(one.metres, 2), "what": one.words(texts)}


def lines(figures: Figures, texts: Texts) -> list[str]:
    """The same in words."""
    said = [finding("same_outline", (one.record,), other=one.name).sentence(texts) for one in figures.same_as]
    said += [
        finding("overlap", (one.record,), m2=one.m2, other=one.name).sentence(texts) for one in figures.overlaps or ()
    ]
    if figures.overlaps and figures.area_m2 is not None and figures.net_m2 is not None:
        said.append(finding("net_area", gross_m2=float(figures.area_m2), net_m2=figures.net_m2).sentence(texts))
    for inside in figures.inside or ():
        kind = KINDS[inside.kind].names.in_language(texts.language)
        said.append(texts(N_("Lies in: {what}") if inside.whole else N_("Partly in: {what}"),
                          what=texts(N_("{kind} {number}"), kind=kind, number=inside.name)))  # fmt: skip
    if figures.finds:
        said.append(texts(N_("Finds in it: {count}, of them not removed: {open}"), count=texts.number(figures.finds),
                          open=texts.number(figures.open_finds or 0)))  # fmt: skip
    if not figures.compared:
        return [*said, texts(N_("Too large to be compared with what is recorded: it is only measured."))]
    said += [texts(N_("{what}: {distance}"), what=one.words(texts), distance=one.distance(texts))
             for one in figures.hazards or ()]  # fmt: skip
    if not figures.hazards:
        said.append(texts(N_("No hazard is recorded within {metres} m. That does not make the ground safe."),
                          metres=texts.number(figures.looked_m)))  # fmt: skip
    if figures.unplaced_hazards:
        said.append(texts.plural(
            N_("{count} recorded area has no known place"), N_("{count} recorded areas have no known place"),
            figures.unplaced_hazards))  # fmt: skip
    return said
