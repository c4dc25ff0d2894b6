"""What a person should look at before a position is saved: it is said, and nothing is changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldapp.geodesy.errors import said
from fieldapp.texts import N_, Texts

NOTES = {
    "outside": N_("This lies outside the work area."),
    "coarse": N_("The digits typed tell the place to {metres} m only."),
    "uneven_digits": N_("“{one}” and “{other}” have not equally many digits: is one missing?"),
    "single_digit": N_("“{part}” has one digit: is one missing?"),
    "easting_first": N_("Read with the easting first: northing {northing}, easting {easting}."),
    "assumed": N_("Read as {chosen}. If it is WGS 84, the place is {metres} m away from here."),
    "not_tried": N_("{chosen} could not be tried: its definition cannot be used."),
}


@dataclass(frozen=True)
class Note:
    """One remark on a reading. ``code`` is a stable word, a key of the sentences above; ``facts`` fill its places."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, texts: Texts) -> str:
        """The remark in the language of ``texts``."""
        return texts(NOTES[self.code], **said(self.facts, texts))
