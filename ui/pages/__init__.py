"""The pages, by role: ``new`` before there is a workspace, ``field`` on a laptop, ``hq`` at headquarters.

Add a page class to the tuples of the roles that have it; the rail shows them in this order.
"""

from __future__ import annotations

from ui.pages.day import DayPage
from ui.pages.export import ExportPage
from ui.pages.find import FindPage
from ui.pages.page import Page
from ui.pages.records import RecordsPage

PAGES: dict[str, tuple[type[Page], ...]] = {
    "new": (),
    "field": (FindPage, RecordsPage, DayPage, ExportPage),
    "hq": (RecordsPage,),
}


def pages_for(role: str) -> tuple[type[Page], ...]:
    """The pages of a role, in the order of the rail."""
    return PAGES[role]
