"""Errors of the verbs on settings and coordinate systems."""

from __future__ import annotations

from fieldapp.errors import OperatorError
from fieldapp.texts import N_


class SettingUnknown(OperatorError):
    """A code that no setting has."""

    code = "setting_unknown"
    what = N_("There is no setting “{code}”.")
    do = N_("“fieldapp settings show” lists them.")


class SettingNotValid(OperatorError):
    """A value that the setting does not take."""

    code = "setting_not_valid"
    what = N_("“{value}” is no value of this setting.")
    kept = N_("The value before stays in force.")
    do = N_("“fieldapp settings show” says how each is written.")
