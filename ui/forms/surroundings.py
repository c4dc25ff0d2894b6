"""What is near a find: points to measure from, and the task it belongs to; read once, compared at each change."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.geodesy.area import Geometry, bearing_deg, distance_m
from fieldapp.geodesy.edges import edge_distance_m
from fieldapp.operations import current_task, fallbacks
from fieldapp.operations.fallbacks import Start
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.forms.where import Where
from ui.widgets.position_bearing import From


@dataclass(frozen=True)
class Surroundings:
    """``starts`` can be measured from; ``outline`` is that of the current task, ``task`` its number."""

    starts: tuple[Start, ...] = ()
    task: str = ""
    outline: Geometry | None = None

    def points(self, texts: Texts) -> list[From]:
        """The starts as the position block offers them."""
        words = {"find": N_("Last find {number}"), "task": N_("Point of task {number}")}
        return [From(one.key(), texts(words[one.what], number=one.name)) for one in self.starts]

    def facts(self, where: Where, texts: Texts) -> list[tuple[str, str]]:
        """How far it is to the task's point and to the edge of its area."""
        found = []
        for one in self.starts:
            if one.what == "task":
                metres = distance_m(one.lat, one.lon, where.lat, where.lon)
                towards = bearing_deg(where.lat, where.lon, one.lat, one.lon)
                found.append((
                    texts(N_("To the point of {number}"), number=one.name),
                    texts(N_("{distance} at {degrees}° true"), distance=metres_text(metres, texts),
                          degrees=texts.number(towards)),
                ))  # fmt: skip
        edge = edge_distance_m(self.outline, where.lat, where.lon) if self.outline else None
        if edge is not None:
            said = N_("inside, {distance} from the edge") if edge[0] else N_("outside, {distance} from the edge")
            found.append((
                texts(N_("Task {number}"), number=self.task), texts(said, distance=metres_text(edge[1], texts)),
            ))  # fmt: skip
        return found


def read_surroundings(ws: Workspace) -> Surroundings:
    """Those of this laptop now."""
    task = current_task.current(ws)
    number, outline = "", None
    if task is not None:
        number = str(task["local_id"] or "")
        outline = current_task.outline_of(task)
    return Surroundings(tuple(fallbacks.starts(ws)), number, outline)


def metres_text(metres: float, texts: Texts) -> str:
    """A distance as people say it: ``2.4 m``, ``18 m``, ``3.2 km``."""
    if metres < 10:
        return texts(N_("{metres} m"), metres=texts.number(metres, 1))
    if metres < 1000:
        return texts(N_("{metres} m"), metres=texts.number(metres))
    return texts(N_("{kilometres} km"), kilometres=texts.number(metres / 1000, 1))
