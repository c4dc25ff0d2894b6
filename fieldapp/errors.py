"""Errors an operator can act on. Everything that is not one of these is a bug and crashes loudly.

Each class owns its sentence in three parts: what happened, what was kept, what to do. The parts are catalogue
messages with named places, filled from the facts given when the error is raised. Layers declare their own
subclasses beside the code that raises them.
"""

from __future__ import annotations

from typing import ClassVar

from fieldapp.texts import N_, Texts


class OperatorError(Exception):
    """Base of all errors that are shown to the operator instead of crashing."""

    code: ClassVar[str] = "error"
    """Stable word for scripts: the ``code`` of ``--json`` errors."""
    what: ClassVar[str] = N_("This could not be done.")
    kept: ClassVar[str] = N_("Nothing was changed.")
    do: ClassVar[str] = N_("Try again.")

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """What happened, what was kept and what to do, in the language of ``texts``."""
        return texts(self.what, **self.facts), texts(self.kept, **self.facts), texts(self.do, **self.facts)

    def sentence(self, texts: Texts) -> str:
        """The three parts as one line."""
        return " ".join(part for part in self.parts(texts) if part)

    def __str__(self) -> str:
        return self.sentence(Texts("en"))
