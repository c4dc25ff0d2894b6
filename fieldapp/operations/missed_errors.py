"""Errors about missed items."""

from __future__ import annotations

from fieldapp.errors import OperatorError
from fieldapp.operations.errors import RecordMissing
from fieldapp.texts import N_


class NoMissedItem(RecordMissing):
    """There never was an alarm about this find and this plot."""

    code = "no_missed_item"
    what = N_("There is no missed item {name} here.")
    do = N_("Look at the list of missed items.")


class SeveralMissedItems(OperatorError):
    """The number means more than one alarm."""

    code = "several_missed_items"
    what = N_("{name} lies in several released plots: {plots}.")
    do = N_("Name the plot too.")


class CauseNeeded(OperatorError):
    """An explanation names its cause by a code that is known."""

    code = "cause_needed"
    what = N_("An explanation needs a cause.")
    do = N_("Choose one of: {causes}.")


class NotYoursToExplain(OperatorError):
    """Only headquarters closes the alarm; a laptop that works on its own is its own headquarters."""

    code = "not_yours_to_explain"
    what = N_("Only headquarters explains a missed item.")
    do = N_("Add a note: headquarters reads it.")
