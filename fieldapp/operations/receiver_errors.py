"""Why a position of the receiver cannot be taken."""

from __future__ import annotations

from fieldapp.errors import OperatorError
from fieldapp.operations.receiver_state import ReceiverState
from fieldapp.texts import N_, Texts


class _OfState(OperatorError):
    """Says what the receiver's state says. Facts: ``state``, a ReceiverState."""

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """The three parts, with the reasons in the language of ``texts``."""
        state = self.facts["state"]
        reasons = state.reasons(texts) if isinstance(state, ReceiverState) else ""
        return texts(self.what, reasons=reasons), texts(self.kept), texts(self.do)


class _OfAge(OperatorError):
    """Says how old the last position is. Facts: ``age_s``."""

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """The three parts, with the age in the number style of ``texts``."""
        age = texts.number(float(str(self.facts["age_s"])))
        return texts(self.what, age=age), texts(self.kept), texts(self.do)


class NoFix(OperatorError):
    """The receiver is off, is looked for, or sees too few satellites."""

    code = "no_fix"
    what = N_("The receiver has no position.")
    kept = N_("What you typed is still there.")
    do = N_("Wait for a fix under open sky, type the position, or use bearing and distance.")


class StaleFix(_OfAge):
    """The last good fix is too old. Facts: ``age_s``."""

    code = "stale_fix"
    what = N_("The receiver is silent: its last position is {age} s old.")
    kept = N_("What you typed is still there. The old position was not taken.")
    do = N_("Look at the cable and the battery, or type the position, or use bearing and distance.")


class ReceiverLost(StaleFix):
    """The cable was pulled, or the battery is empty. Facts: ``age_s``."""

    what = N_("The receiver is not connected: its last position is {age} s old.")


class PoorFix(_OfState):
    """The last fix does not pass the gates. Facts: ``state``."""

    code = "poor_fix"
    what = N_("The fix is not good enough: {reasons}")
    kept = N_("What you typed is still there.")
    do = N_("Wait, move to open sky, or type the position.")


class AverageTooShort(OperatorError):
    """Too few fixes for an average. Facts: ``n``, ``needed``."""

    code = "average_too_short"
    what = N_("The average has {n} of at least {needed} fixes.")
    kept = N_("Averaging goes on.")
    do = N_("Wait a moment, then take it again.")


class DatumRefused(_OfState):
    """The receiver's datum is unknown, has just changed, or contradicts what was declared. Facts: ``state``."""

    code = "datum_refused"
    what = N_("{reasons}")
    kept = N_("What you typed is still there. No position was taken.")
    do = N_("Set the receiver to WGS 84, or say on the Settings page which datum it is set to.")


class NothingLogged(OperatorError):
    """No log was kept on that day. Facts: ``day``."""

    code = "nothing_logged"
    what = N_("No log of the receiver was kept on {day}.")
    do = N_("Choose one of the days that are listed.")


class LogFileThere(OperatorError):
    """The file to be written is there already. Facts: ``file``."""

    code = "file_there"
    what = N_("{file} is there already.")
    kept = N_("The file was left as it is.")
    do = N_("Choose another name.")
