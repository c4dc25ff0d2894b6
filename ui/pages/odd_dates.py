"""Oddly dated records by log: shift them all with a preview, or note that they are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import enrolment, odd_dates
from fieldapp.operations.odd_dates import REASONS, OddDate, Shifted, Survey, WouldShift
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.shift_dates import ShiftDatesDialog
from ui.models.shown import Shown
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.cards import clear
from ui.widgets.labels import secondary

_AT_ONCE = 6
"""So many stretches are shown; the others follow when these are dealt with."""


@dataclass(frozen=True)
class OddStretch:
    """Oddly dated records of one log: whose, the numbers to shift, the days they claim, why they are odd."""

    name: str
    stream: str
    first: int
    last: int
    records: tuple[str, ...]
    first_day: str
    last_day: str
    reason: str
    days: int
    """By how many days the laptop's clock seems to have been wrong; 0 where that cannot be told."""


def read_odd_dates(ws: Workspace) -> list[OddStretch]:
    """Oddly dated records, by log and reason."""
    names = {device.device: device.name for device in enrolment.devices(ws)}
    stretches: dict[tuple[str, str], list[OddDate]] = {}
    for one in odd_dates.odd_dates(ws):
        stretches.setdefault((one.stream, one.reason), []).append(one)
    found = []
    for (stream, reason), many in stretches.items():
        writer = stream.split(".", maxsplit=1)[0]
        days = sorted(one.day for one in many)
        found.append(OddStretch(
            names.get(writer, writer), stream, many[0].seq, many[-1].seq, tuple(one.record for one in many), days[0],
            days[-1], reason, _clock_error(many[-1]) if reason in ("clock_doubt", "future") else 0,
        ))  # fmt: skip
    return found


def _clock_error(one: OddDate) -> int:
    """Whole days between the entry and its arrival here: a proposal, as a bundle mostly comes on the day it is made."""
    try:
        return (date.fromisoformat(one.received_at[:10]) - date.fromisoformat(one.at[:10])).days
    except ValueError:
        return 0


class OddDates(QWidget):
    """A banner for each stretch, with its two ways."""

    def __init__(
        self, session: Session, told: Callable[[str, str], None], failed: Callable[[OperatorError], None]
    ) -> None:
        super().__init__()
        self._session, self._texts = session, session.texts
        self._shown = Shown(session.texts, session.clock, session.current_lists)
        self._told, self._failed = told, failed
        self.banners: list[Banner] = []
        self._survey = Survey()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def refresh(self) -> None:
        """Read the dates; that takes longer than the list of laptops."""
        self._look(Survey())

    def _look(self, survey: Survey) -> None:
        """A piece at a time: what other pages ask for comes in between."""
        self._survey = survey
        self._session.ask(
            lambda ws: read_odd_dates(ws) if survey.go_on(ws) else None, lambda found: self._go_on(survey, found)
        )

    def _go_on(self, survey: Survey, found: list[OddStretch] | None) -> None:
        if survey is not self._survey:
            return
        if found is None:
            self._look(survey)
        else:
            self._show(found)

    def _show(self, stretches: list[OddStretch]) -> None:
        clear(self._column)
        self.banners = [self._banner(one) for one in stretches[:_AT_ONCE]]
        for banner in self.banners:
            self._column.addWidget(banner)
        more = sum(len(one.records) for one in stretches[_AT_ONCE:])
        if more:
            said = self._texts.plural(
                N_("{count} more record with an odd date"), N_("{count} more records with an odd date"), more
            )  # fmt: skip
            self._column.addWidget(secondary(said))

    def _banner(self, one: OddStretch) -> Banner:
        texts = self._texts
        first = texts.plural(
            N_("{count} record with an odd date"), N_("{count} records with an odd date"), len(one.records)
        )  # fmt: skip
        banner = Banner(
            "warn", first, self._said(one), texts(N_("Shift dates ...")), "clock", texts(N_("Dates are right ..."))
        )
        banner.pressed.connect(lambda: self._ask_days(one))
        banner.second_pressed.connect(lambda: self._ask_why(one))
        return banner

    def _said(self, one: OddStretch) -> str:
        texts, shown = self._texts, self._shown
        return texts(
            N_("{name}, entries {first} to {last}, dated {first_day} to {last_day}: {reason}"), name=one.name,
            first=one.first, last=one.last, first_day=shown.day_text(one.first_day),
            last_day=shown.day_text(one.last_day), reason=texts(REASONS[one.reason]),
        )  # fmt: skip

    def _ask_days(self, one: OddStretch) -> None:
        def preview(days: int, show: Callable[[list[WouldShift]], None]) -> None:
            self._session.ask(
                lambda ws: odd_dates.preview(ws, one.stream, one.first, one.last, days), show, lambda _error: show([])
            )

        dialog = ShiftDatesDialog(self, self._texts, self._shown, self._said(one), one.days, preview)
        dialog.given.connect(lambda days, why: self._shift(one, days, why))
        dialog.open()

    def _shift(self, one: OddStretch, days: int, why: str) -> None:
        self._session.do(
            lambda ws: odd_dates.shift_dates(ws, one.stream, one.first, one.last, days, why), self._shifted,
            self._failed,
        )  # fmt: skip

    def _shifted(self, done: Shifted) -> None:
        texts = self._texts
        first = texts.plural(N_("{count} record corrected."), N_("{count} records corrected."), len(done.shifted))
        disputed = texts.plural(
            N_("The date of {count} record is disputed. Settle it first."),
            N_("The dates of {count} records are disputed. Settle them first."), len(done.disputed),
        )  # fmt: skip
        self._told(first, disputed if done.disputed else texts(N_("The team sees each correction with its reason.")))

    def _ask_why(self, one: OddStretch) -> None:
        texts = self._texts
        heading = texts(N_("These dates are right"))
        detail = texts(N_("{dates} They are listed no more, unless they are changed again."), dates=self._said(one))
        dialog = ReasonDialog(self, texts, heading, detail, texts(N_("Dates are right")))
        dialog.given.connect(lambda _code, why: self._dismiss(one, why))
        dialog.open()

    def _dismiss(self, one: OddStretch, why: str) -> None:
        self._session.do(
            lambda ws: odd_dates.dismiss(ws, one.records, why),
            lambda done: self._told(self._texts.plural(
                N_("{count} date noted as right."), N_("{count} dates noted as right."), len(done)
            ), ""),
            self._failed,
        )  # fmt: skip
