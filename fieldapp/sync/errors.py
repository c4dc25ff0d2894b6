"""What can be wrong with a bundle, a segment, a stick or an invitation: one class and one sentence for each case."""

from __future__ import annotations

from pathlib import Path

from fieldapp.errors import OperatorError
from fieldapp.texts import N_

_FILE_UNTOUCHED = N_("Nothing was imported and the file was left as it is.")


def shown(text: str) -> str:
    """Somebody else's text for a sentence: line ends, direction marks and other unprintable characters written out."""
    escaped = (c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return "".join(escaped)[:120]


def shown_name(path: Path) -> str:
    """A file's name for a sentence."""
    return shown(path.name)


class Cancelled(OperatorError):
    """The operator stopped long work."""

    code = "cancelled"
    what = N_("Stopped before the end.")
    kept = N_("Nothing was changed.")
    do = N_("Start again when you are ready.")


class BundleError(OperatorError):
    """A bundle is refused as a whole. Facts: ``file`` always, others as the sentence names them."""

    code = "bundle_refused"
    what = N_("{file} was refused.")
    kept = _FILE_UNTOUCHED
    do = N_("Ask the sender for a new bundle.")


class NotABundle(BundleError):
    """The file does not begin as a bundle does, or is no ordinary file."""

    code = "not_a_bundle"
    what = N_("{file} is not a bundle of this program.")
    do = N_("Choose a file whose name ends in .fieldbundle.")


class NotAPersonalFile(BundleError):
    """No file of personal parts."""

    code = "not_a_personal_file"
    what = N_("{file} holds no personal data of victims.")
    do = N_("Choose a file whose name ends in .fieldpersonal.")


class PartLocked(OperatorError):
    """None of our keys opens a personal part, or it is damaged."""

    code = "part_locked"
    what = N_("These personal data cannot be opened here: they were sealed for somebody else, or are damaged.")
    kept = N_("The sealed file was left as it is.")
    do = N_("Ask headquarters, or have them entered again.")


class BundleDamaged(BundleError):
    """Empty, cut off, or not what was encrypted."""

    code = "bundle_damaged"
    what = N_("{file} is empty, cut off or damaged.")
    do = N_("Copy it again from the stick or have it sent again.")


class BundleUnreadable(BundleError):
    """The system could not read the file."""

    code = "bundle_unreadable"
    what = N_("{file} could not be read: {reason}.")
    do = N_("Put the stick in again, or copy the file to this computer first.")


class BundleNotForThisKey(BundleError):
    """None of our keys opens the file."""

    code = "bundle_not_for_this_key"
    what = N_("{file} cannot be opened with the keys of this workspace: it was made for somebody else.")
    do = N_("Give it to the one it was made for. If that is you, have it sent again: its first lines may be damaged.")


class BundleAltered(BundleError):
    """The inside is not exactly what the sender packed and signed."""

    code = "bundle_altered"
    what = N_("{file} was altered after it was made.")
    do = N_("Do not trust it. Ask the sender for a new bundle and tell headquarters.")


class BundleUnsigned(BundleError):
    """There is no signature inside."""

    code = "bundle_unsigned"
    what = N_("{file} carries no signature.")
    do = N_("Do not trust it. Ask the sender for a new bundle and tell headquarters.")


class SenderSignatureWrong(BundleError):
    """The manifest is not signed by the key it names."""

    code = "sender_signature_wrong"
    what = N_("{file} is not signed by the laptop it names as its sender.")
    do = N_("Do not trust it. Ask the sender for a new bundle and tell headquarters.")


class BundleTooNew(BundleError):
    """Made by a version whose format this one does not know. Facts: ``needed``, ``have``."""

    code = "bundle_too_new"
    what = N_("{file} needs a newer version of this program (format {needed}, this one reads up to {have}).")
    do = N_("Update this program, then import the same file. Recording goes on meanwhile.")


class BundleTooLarge(BundleError):
    """More than a reader takes. Facts: ``limit``."""

    code = "bundle_too_large"
    what = N_("{file} holds more than a bundle may hold ({limit}).")
    do = N_("Ask the sender to export fewer days at a time.")


class OtherDeployment(BundleError):
    """Facts: ``theirs``, ``ours``."""

    code = "other_deployment"
    what = N_("{file} belongs to the programme {theirs}, this workspace to {ours}.")
    do = N_("Import it in a workspace of its own programme.")


class NotAddressedHere(BundleError):
    """Facts: ``audience``."""

    code = "not_addressed_here"
    what = N_("{file} is addressed to {audience}, not to this workspace.")
    do = N_("Give it to the one it is addressed to.")


class UnknownSender(BundleError):
    """Facts: ``device``, ``sender``."""

    code = "unknown_sender"
    what = N_("{file} comes from a laptop that is not enrolled here: {sender} ({device}).")
    do = N_("Invite that laptop, or import the bundle of its invitation first; then import this file again.")


class DemonstrationRefused(BundleError):
    """Demonstration keys outside the demonstration."""

    code = "demonstration_refused"
    what = N_("{file} is practice data: its keys are known to everybody.")
    do = N_("Open it in the demonstration.")


class RealRefused(BundleError):
    """Real keys inside the demonstration."""

    code = "real_refused"
    what = N_("{file} is real work and this is the demonstration.")
    do = N_("Import it in the workspace of its own programme.")


class NoRoom(BundleError):
    """Facts: ``place``, ``needed_mb``."""

    code = "no_room"
    what = N_("There is no room in {place} to work on {file}: {needed_mb} MB are needed.")
    do = N_("Free some space, then try again.")


class SegmentError(OperatorError):
    """One segment of a bundle is refused. Facts: ``stream``, ``first``, ``last``."""

    code = "segment_refused"
    what = N_("Entries {first} to {last} of {stream} were refused.")
    kept = N_("The rest of the bundle is taken; the missing entries are shown as a gap.")
    do = N_("Headquarters asks that laptop for them again.")


class SegmentSignatureWrong(SegmentError):
    """Not signed by the device whose stream it is."""

    code = "segment_signature_wrong"
    what = N_("Entries {first} to {last} of {stream} are not signed by their own laptop.")
    do = N_("Tell headquarters who carried this bundle. That laptop is asked for the entries again.")


class SegmentDamaged(SegmentError):
    """Its lines cannot be read, or are not those that the bundle says. Facts: also ``reason``."""

    code = "segment_damaged"
    what = N_("Entries {first} to {last} of {stream} are not what the bundle says ({reason}).")


class SegmentTooNew(SegmentError):
    """Written in a format this version does not know."""

    code = "segment_too_new"
    what = N_("Entries {first} to {last} of {stream} were written by a newer version of this program.")
    do = N_("Update this program, then import the same file again.")


class SegmentOfDemonstration(SegmentError):
    """Written with demonstration keys."""

    code = "segment_of_demonstration"
    what = N_("Entries {first} to {last} of {stream} are practice data.")
    do = N_("Practice data stays in the demonstration.")


class SegmentOfRealWork(SegmentError):
    """Written with real keys, in the demonstration."""

    code = "segment_of_real_work"
    what = N_("Entries {first} to {last} of {stream} are real work.")
    do = N_("Real work stays outside the demonstration.")


class StickError(OperatorError):
    """Writing to a stick or folder did not succeed. Facts: ``place``."""

    code = "stick_failed"
    what = N_("Writing to {place} did not succeed: {reason}.")
    kept = N_("Every record is still on this laptop.")
    do = N_("Use another stick and export again.")


class StickReadOnly(StickError):
    """The place refuses writing."""

    code = "stick_read_only"
    what = N_("{place} cannot be written to.")
    do = N_("Move the stick's lock, or use another stick, and export again.")


class StickFull(StickError):
    """Facts: ``place``, ``needed_mb``, ``free_mb``."""

    code = "stick_full"
    what = N_("There is no room on {place}: {needed_mb} MB are needed, {free_mb} MB are free.")
    do = N_("Use another stick, or export without photos.")


class StickGone(StickError):
    """The place is not there, or went away while writing."""

    code = "stick_gone"
    what = N_("{place} is not there any more.")
    do = N_("Put the stick in again and export again.")


class StickUnreliable(StickError):
    """What was read back is not what was written."""

    code = "stick_unreliable"
    what = N_("{place} gives back other data than was written to it. The stick is unreliable: do not use it.")
    do = N_("Mark this stick as bad and export to another one.")


class InvitationError(OperatorError):
    """An invitation cannot be used. Facts: ``file``."""

    code = "invitation_refused"
    what = N_("{file} was refused.")
    kept = N_("Nothing was changed; records made on this laptop stay as they are.")
    do = N_("Ask headquarters for a new invitation.")


class NotAnInvitation(InvitationError):
    """Other contents, or cut off."""

    code = "not_an_invitation"
    what = N_("{file} is not an invitation of this program, or is cut off.")


class InvitationAltered(InvitationError):
    """The signature of headquarters does not fit."""

    code = "invitation_altered"
    what = N_("{file} was altered after headquarters made it.")


class InvitationTooNew(InvitationError):
    """Facts: also ``needed``, ``have``."""

    code = "invitation_too_new"
    what = N_("{file} needs a newer version of this program (format {needed}, this one reads up to {have}).")
    do = N_("Update this program, then use the same file.")


class InvitationOver(InvitationError):
    """Facts: also ``until``."""

    code = "invitation_over"
    what = N_("{file} could be used until {until}.")
