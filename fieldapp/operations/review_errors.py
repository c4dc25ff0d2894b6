"""Errors of headquarters' review."""

from __future__ import annotations

from fieldapp.errors import OperatorError
from fieldapp.operations.errors import RecordMissing
from fieldapp.texts import N_


class OfficerNeeded(OperatorError):
    """A decision of headquarters names who made it; nobody is named here."""

    code = "officer_needed"
    what = N_("A decision needs the name of the officer who makes it.")
    do = N_("Enter a name, then decide again.")


class NotWaiting(OperatorError):
    """The record does not wait for a decision."""

    code = "not_waiting"
    what = N_("{name} does not wait for a decision.")
    do = N_("Look at the list again.")


class NotOpened(OperatorError):
    """Records that must be opened one by one before others are approved with them."""

    code = "not_opened"
    what = N_("Still to be opened one by one: {count} ({numbers}).")
    kept = N_("Nothing was approved.")
    do = N_("Open each of them and note that it was looked at, or decide on it by itself.")


class ShownOtherwise(OperatorError):
    """What was shown is not what is here now."""

    code = "shown_otherwise"
    what = N_("The records have changed since they were shown.")
    kept = N_("Nothing was approved.")
    do = N_("Look at the list again.")


class ShareNotValid(OperatorError):
    """The share that is drawn is no share."""

    code = "share_not_valid"
    what = N_("The sample is between 1 and 100 per cent.")
    do = N_("Enter a whole number from 1 to 100.")


class NoOpenQuestion(RecordMissing):
    """Nobody waits for an answer about this record, or its question is closed."""

    code = "no_open_question"
    what = N_("There is no open question about {name} here.")
    do = N_("Look at the list of questions.")
