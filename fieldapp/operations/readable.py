"""Members of a bundle that a person can read without the program, and its control totals."""

from __future__ import annotations

from fieldapp.domain.decimals import decimal_text
from fieldapp.domain.lists_in_force import Lists
from fieldapp.exchange import flat, summary
from fieldapp.operations import lookup, today
from fieldapp.operations.headquarters import deployment_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from fieldapp.texts import Texts


def members(ws: Workspace, audience: str) -> tuple[dict[str, bytes], dict[str, object]]:
    """README.txt, summary.html, finds.csv and plots.geojson of what this workspace holds, and control totals.

    Nothing for another seat of headquarters: it holds all records, and tables of them would be longer than the bundle.
    """
    if ws.role == "hq" and audience == "hq":
        return {}, {}
    owners = None if ws.role == "hq" else {ws.team, ws.device}
    if ws.role == "hq" and audience.startswith("team/"):
        owners = {audience.removeprefix("team/")}
    finds = _of(ws, "find", owners)
    plots = _of(ws, "plot", owners)
    texts, deployment = Texts(ws.language), deployment_of(ws)
    totals = control_totals(finds, plots, ws.lists)
    facts = summary.SummaryFacts(
        deployment=deployment.name, sender=ws.meta("device_name") or ws.person or deployment.name,
        audience=audience, created=ws.clock.now(), totals=totals,
    )
    return {
        "README.txt": summary.readme_text(facts, texts).encode(),
        "summary.html": summary.summary_html(facts, texts).encode(),
        "finds.csv": flat.finds_csv(finds, ws.language, lists=ws.lists),
        "plots.geojson": flat.plots_geojson(plots).encode(),
    }, totals


def _of(ws: Workspace, kind: str, owners: set[str] | None) -> list[Row]:
    return lookup.rows(ws, kind, owner=sorted(owners) if owners is not None else None, retracted=False, order="oldest")


def control_totals(finds: list[Row], plots: list[Row], lists: Lists) -> dict[str, object]:
    """Pieces by public line, plots and their m2: integers and decimal text."""
    return {
        "finds": len(finds), **today.pieces_by_line(finds, lists), "plots": len(plots),
        "plots_m2": decimal_text(today.area_m2(plots, lists), 1),
    }
