"""Errors of working out a captured record, and of publishing areas."""

from __future__ import annotations

from fieldapp.errors import OperatorError
from fieldapp.texts import N_, Texts

_REASONS = {
    "no_landmark": N_("it names no landmark"),
    "distance": N_("“{part}” is no distance: write it like 640 or 800 paces"),
    "no_year": N_("magnetic azimuths need the year or the day of the record, or its declination"),
    "declination": N_("“{part}” is no declination in degrees"),
    "uncertainty": N_("“{part}” is no uncertainty between 0 and 100"),
    "zone": N_("“{part}” is no zone of its grid"),
}


class RecordNotLaidOff(OperatorError):
    """A captured record cannot be worked out. ``reason`` is a stable word, ``part`` what cannot be read."""

    code = "record_not_laid_off"
    what = N_("The record cannot be worked out: {reason}.")
    kept = N_("What you typed is still there.")
    do = N_("Put right what is named; the rest of the record can be saved without it.")

    def __init__(self, reason: str, part: str = "") -> None:
        super().__init__(part=part)
        self.reason = reason

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """What is wrong, in the language of ``texts``."""
        reason = texts(_REASONS[self.reason], **self.facts)
        return texts(self.what, reason=reason), texts(self.kept), texts(self.do)


class NotACapturedRecord(OperatorError):
    """Its accuracy is asked of an area that is no captured record."""

    code = "not_a_captured_record"
    what = N_("{number} is no captured minefield record.")
    do = N_("Choose an area that is classified as one, or correct its classification.")


class PublishedAlready(OperatorError):
    """A record of headquarters' own is published as it stands, and nothing new is to be published of another."""

    code = "published_already"
    what = N_("All teams have {number} as it stands.")
    do = N_("Correct it; what is corrected goes to all teams.")
