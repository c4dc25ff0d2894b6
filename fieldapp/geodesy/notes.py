"""What a person should look at before a position is saved: it is said, and nothing is changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldapp.texts import N_, Texts

_NOTES = {
    "outside": N_("This lies outside the work area."),
}


@dataclass(frozen=True)
class Note:
    """One remark on a reading. ``code`` is a stable word, a key of the sentences above; ``facts`` fill its places."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, texts: Texts) -> str:
        """The remark in the language of ``texts``."""
        return texts(_NOTES[self.code], **self.facts)
