"""The tasks that the map offers: to filter by, and to look at."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.domain.registry import KINDS
from fieldapp.operations.browsing import Row
from fieldapp.operations.map_card import Offered
from fieldapp.operations.tasks import PAGE
from fieldapp.texts import N_, Texts
from ui.map.card import Line, ListCard
from ui.models.shown import Shown


def in_order(offered: Offered | None) -> list[Row]:
    """The open tasks that are offered, the one that is worked on first."""
    if offered is None:
        return []
    first = [offered.current] if offered.current is not None else []
    return [*first, *(row for row in offered.tasks if row.name not in {one.name for one in first})]


def left_out(offered: Offered | None, texts: Texts) -> str:
    """What to say where only some of the open tasks are offered; empty where all are."""
    if offered is None or len(offered.tasks) < PAGE:
        return ""
    said = N_("Only the {count} newest open tasks are offered. Look for others in Records, and show them on the map.")
    return texts(said, count=texts.number(len(offered.tasks)))


def task_list(rows: list[Row], word: Callable[[Row], str], shown: Shown, texts: Texts, rest: str) -> ListCard:
    """These tasks to choose from, by their number and title; ``rest`` says where the others are."""
    status = KINDS["task"].by_name["status"]
    lines = [Line(row.name, word(row), shown.value(status, row["status"]), "hexagon") for row in rows]
    return ListCard(texts, texts(N_("Which task?")), lines, len(lines) + bool(rest), rest=rest)
