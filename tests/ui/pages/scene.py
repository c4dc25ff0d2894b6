"""A small programme as a Monday evening finds it: a laptop with a day's work, and its headquarters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldapp.operations import disposals, export, imports, records, review
from fieldapp.operations.workspace import Workspace
from tests.builders import Deployment, a_find, a_plot, deployment

EAST = ("40.03 46.98", "40.03 46.9825", "40.0312 46.9825", "40.0312 46.98")


def a_day(ws: Workspace) -> list[str]:
    """Finds, plots and a disposal of 29 July 2024, two of them not complete; their names, oldest first."""
    made = [
        a_find(ws, remarks="beside the fence post", place="AZ-AGM"),
        a_find(ws, model_text="ПМН-2", depth_cm=12, place="AZ-AGM"),
        a_find(ws, model_text="POMZ-2M", quantity=2, depth_cm=0, place="AZ-AGM"),
        a_find(ws, model_text="TM-62M", depth_cm=15, condition="unarmed", place="AZ-FUZ"),
        a_find(ws, model_text="OG-7", depth_cm=None, place="AZ-FUZ"),
        a_plot(ws, completed_on="2024-07-29", place="AZ-AGM"),
        a_plot(ws, EAST, release="reduced", completed_on="2024-07-29", place="AZ-FUZ"),
        a_find(ws, model_text="a rusty tin with two wires", position=None, depth_cm=3, place="AZ-AGM"),
    ]
    made.append(disposals.add_disposal(ws, {"outcome": "destroyed_in_place"}, of=made[0].name))
    return [record.name for record in made]


@contextmanager
def programme(folder: Path) -> Iterator[tuple[Deployment, list[str]]]:
    """A headquarters and the laptops ``north`` and ``south``; the names of what north logged.

    North's first bundle came home and was answered; HQ asks about one find. Then north corrected, retracted and
    logged more, wrote a second bundle, and corrected again.
    """
    with deployment(folder, "north", "south") as there:
        north = there.laptops["north"]
        names = a_day(north)
        there.carry(north)
        review.decide(there.hq, names[:1], "approved")
        review.decide(there.hq, names[1:2], "queried", "Depth 12 cm, the photo shows about 5. Which?")
        there.answer(north)
        records.correct(north, names[0], {"quantity": 2, "depth_cm": 8}, "misread the rule; the second lay below")
        records.retract(north, names[2], "logged twice")
        export.export_for_hq(north, there.stick)
        names.append(a_find(north, model_text="PMN-4", place="AZ-AGM").name)
        records.correct(north, names[3], {"condition": "armed"}, "the pin was out")
        yield there, names


def quarrel(there: Deployment, name: str) -> None:
    """Headquarters and the team correct one field apart from each other: the readings differ at HQ."""
    records.correct(there.hq, name, {"depth_cm": 30}, "the sketch says 30 cm")
    records.correct(there.laptops["north"], name, {"depth_cm": 18}, "measured again")
    imports.import_file(there.hq, export.export_for_hq(there.laptops["north"], there.stick).path)
