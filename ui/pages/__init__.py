"""The pages, by role: ``new`` before there is a workspace, ``field`` on a laptop, ``hq`` at headquarters.

Add a page class to the tuples of the roles that have it; the rail shows them in this order.
"""

from __future__ import annotations

from ui.pages.add import AddPage
from ui.pages.area import AreaPage
from ui.pages.checks import ChecksPage
from ui.pages.conflicts import ConflictsPage
from ui.pages.correct import CorrectPage
from ui.pages.day import DayPage
from ui.pages.disposal import DisposalPage
from ui.pages.export import ExportPage
from ui.pages.find import FindPage
from ui.pages.first_run import FirstRunPage
from ui.pages.hq_changes import HqChangesPage
from ui.pages.inbox import InboxPage
from ui.pages.laptops import LaptopsPage
from ui.pages.lists import ListsPage
from ui.pages.map import MapPage
from ui.pages.missed import MissedPage
from ui.pages.outstanding import OutstandingPage
from ui.pages.page import Page
from ui.pages.plot import PlotPage
from ui.pages.questions import QuestionsPage
from ui.pages.records import RecordsPage
from ui.pages.reports import ReportsPage
from ui.pages.review import ReviewPage
from ui.pages.settings import SettingsPage
from ui.pages.tasks import TasksPage
from ui.pages.today import TodayPage

PAGES: dict[str, tuple[type[Page], ...]] = {
    "new": (FirstRunPage,),
    "field": (
        TodayPage, FindPage, PlotPage, MapPage, RecordsPage, AddPage, AreaPage, CorrectPage, TasksPage, OutstandingPage,
        DisposalPage, QuestionsPage, MissedPage, HqChangesPage, DayPage, ChecksPage, ExportPage, ReportsPage,
        ListsPage, SettingsPage,
    ),
    "hq": (
        InboxPage, ReviewPage, MapPage, ChecksPage, MissedPage, ConflictsPage, QuestionsPage, LaptopsPage, TasksPage,
        OutstandingPage, ListsPage, RecordsPage, AddPage, AreaPage, CorrectPage, ReportsPage, SettingsPage,
    ),
}


def pages_for(role: str) -> tuple[type[Page], ...]:
    """The pages of a role, in the order of the rail."""
    return PAGES[role]
