"""Errors of the verbs on reference lists."""

from __future__ import annotations

from fieldapp.errors import OperatorError
from fieldapp.texts import N_


class EntryMissing(OperatorError):
    """A code that the list does not have."""

    code = "entry_missing"
    what = N_("“{code}” is not in the list.")
    do = N_("Look the code up with a search, or add the entry.")


class EntryExists(OperatorError):
    """A code that the list has already."""

    code = "entry_exists"
    what = N_("“{code}” is in the list already.")
    do = N_("Change the entry that is there, or choose another code.")


class CodeNotValid(OperatorError):
    """A code that cannot name an entry."""

    code = "code_not_valid"
    what = N_("“{code}” cannot be a code.")
    do = N_("Use Latin letters, digits and hyphens, at most 40; an underscore where the list's codes have one.")


class NameNeeded(OperatorError):
    """A new entry without any name."""

    code = "name_needed"
    what = N_("The new entry has no name.")
    do = N_("Give its name in at least one language.")


class AlreadyMeans(OperatorError):
    """A text that is a model's name or alias already."""

    code = "already_means"
    what = N_("“{text}” is already a name of {model}.")
    do = N_("Take it away from that model first; then it can be mapped.")


class NotMapped(OperatorError):
    """A text that headquarters did not map."""

    code = "not_mapped"
    what = N_("“{text}” was not mapped by headquarters.")
    do = N_("Names that the program was shipped with stay as they are.")
