"""Errors of the verbs, each with its own sentence."""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.domain.validation import Problem
from fieldapp.errors import OperatorError
from fieldapp.texts import N_


class WorkspaceMissing(OperatorError):
    """The folder holds no workspace."""

    code = "workspace_missing"
    what = N_("There is no fieldapp workspace in {folder}.")
    do = N_("Name another folder, or make one with “fieldapp init”.")


class WorkspaceDamaged(OperatorError):
    """The file that says what a workspace is cannot be read."""

    code = "workspace_damaged"
    what = N_("{file} is empty, cut off or damaged.")
    kept = N_("The file was left as it is.")
    do = N_("Restore the last backup; what was exported since can be imported again.")


class FolderNotWritable(OperatorError):
    """A workspace's folder refuses writing: it needs its lock, its key and its database there."""

    code = "folder_not_writable"
    what = N_("{place} cannot be written to.")
    do = N_("Choose another folder.")


class WorkspaceExists(OperatorError):
    """The folder already holds a workspace, or other files."""

    code = "workspace_exists"
    what = N_("{folder} is not empty.")
    do = N_("Choose an empty folder.")


class WorkspaceInUse(OperatorError):
    """Another process has the workspace open. Facts: ``program``, its name and process."""

    code = "workspace_in_use"
    what = N_("This workspace is already open in another window or command: {program}.")
    do = N_("Close the other one, then try again.")


class OnNetworkShare(OperatorError):
    """The folder lies on a network share, where a database cannot be kept safely."""

    code = "network_share"
    what = N_("{folder} is on a network share. A workspace must lie on this computer's own disk.")
    do = N_("Choose a folder on this computer.")


class KeyMissing(OperatorError):
    """The database's key is neither in the keyring nor beside the database."""

    code = "key_missing"
    what = N_("The key of this workspace was not found.")
    kept = N_("The records are still there, encrypted.")
    do = N_("Copy the key file back, or open the workspace under the user account that made it.")


class WrongRole(OperatorError):
    """The verb belongs to the other kind of workspace."""

    code = "wrong_role"
    what = N_("This can only be done at headquarters.")
    do = N_("Open the headquarters' workspace.")


class OnlyRoot(OperatorError):
    """The verb belongs to the headquarters' first computer: it alone invites, receipts and answers teams."""

    code = "only_root"
    what = N_("Only the first computer of the headquarters can do this.")
    do = N_("Send it a bundle for headquarters. It takes in what was decided here and answers the teams.")


class NoSeats(OperatorError):
    """A bundle for seats where there is no other seat."""

    code = "no_seats"
    what = N_("No other seat of this headquarters is known yet.")
    do = N_("Invite it and import its first bundle.")


class ForNewSeat(OperatorError):
    """The invitation of a headquarters' seat, offered to a laptop that has a workspace."""

    code = "for_new_seat"
    what = N_("This invitation is for a new seat of the headquarters.")
    kept = N_("Nothing was changed.")
    do = N_("Use it where there is no workspace yet.")


class OnlyField(OperatorError):
    """The verb belongs to a laptop."""

    code = "only_field"
    what = N_("This can only be done on a field laptop.")
    do = N_("Open the laptop's workspace.")


class NothingToIdentify(OperatorError):
    """A find needs one of model, category or text."""

    code = "nothing_to_identify"
    what = N_("A find needs a model, a category or a text.")
    kept = N_("What you typed is still there.")
    do = N_("Say what was found.")


class FieldsNotValid(OperatorError):
    """One or more fields cannot be taken as typed."""

    code = "fields_not_valid"
    what = N_("{reasons}")
    kept = N_("What you typed is still there.")
    do = N_("Correct the marked fields.")

    problems: Sequence[Problem] = ()
    """The fields and their reasons, for a form to mark."""


class NotComplete(OperatorError):
    """Fields are missing that sign-off needs; saving never needs them."""

    code = "not_complete"
    what = N_("Needed to sign off: {fields}")
    do = N_("Correct the marked fields.")


class ReasonNeeded(OperatorError):
    """Correcting, retracting and settling need a reason."""

    code = "reason_needed"
    what = N_("A change to a saved record needs a reason.")
    do = N_("Say why.")


class NothingChanged(OperatorError):
    """A correction that changes nothing."""

    code = "nothing_changed"
    what = N_("Nothing differs from what is already recorded.")
    do = N_("Change a field, or leave the record as it is.")


class ConflictOpen(OperatorError):
    """A group with several readings may not be edited without showing them all."""

    code = "conflict_open"
    what = N_("There are several readings of {field}. They must be settled, not edited.")
    do = N_("Open the record's readings and choose one.")


class ConflictGone(OperatorError):
    """What was to be settled is settled, or was never listed."""

    code = "conflict_gone"
    what = N_("No open difference has the number {name}.")
    kept = N_("Nothing was changed.")
    do = N_("List the differences again.")


class ListChanged(OperatorError):
    """Another record, or another version of one, belongs to the group now: it was not shown."""

    code = "list_changed"
    what = N_("What was listed as {name} has changed meanwhile.")
    kept = N_("Nothing was changed.")
    do = N_("List the differences again and look at what is new.")


class NotOneReading(OperatorError):
    """Several records are settled alike by one of their readings, and existence by yes or no."""

    code = "not_one_reading"
    what = N_("This value is none of the readings.")
    kept = N_("Nothing was changed.")
    do = N_("Choose one of the readings, or settle the records one by one.")


class RecordMissing(OperatorError):
    """No record has this name or number."""

    code = "record_missing"
    what = N_("There is no record {name} on this computer.")
    do = N_("Check the number.")


class NotThisKind(OperatorError):
    """A field names a record of another kind."""

    code = "not_this_kind"
    what = N_("{name} is no record of the kind “{kind}”.")
    kept = N_("What you typed is still there.")
    do = N_("Check the number.")


class SeveralRecords(OperatorError):
    """A number that more than one record carries."""

    code = "several_records"
    what = N_("More than one record has the number {name}.")
    do = N_("Use the record's full name.")


class NotThisTeams(OperatorError):
    """A laptop may not write for this team."""

    code = "not_this_teams"
    what = N_("The record {name} belongs to another team.")
    do = N_("Ask that team, or headquarters, to correct it.")


class AlreadyJoined(OperatorError):
    """The laptop already belongs to a deployment."""

    code = "already_joined"
    what = N_("This laptop already belongs to {deployment}.")
    do = N_("Use a new workspace for another deployment, and for a fresh invitation of this one.")


class SenderTooLate(OperatorError):
    """The laptop's invitation was over before its first bundle came."""

    code = "sender_too_late"
    what = N_("{sender} was invited until {until}, and its first bundle came later.")
    kept = N_("The file was left as it is. Nothing was taken from it.")
    do = N_("Write a new invitation for this laptop; all its records come with its next bundle.")


class NotJoined(OperatorError):
    """The laptop works alone; there is no headquarters to write a bundle for."""

    code = "not_joined"
    what = N_("This laptop works alone. There is no headquarters to write a bundle for.")
    do = N_("Connect a headquarters with its invitation file first.")


class TeamUnknown(OperatorError):
    """No team with this code has been invited."""

    code = "team_unknown"
    what = N_("There is no team {team}.")
    do = N_("Check the team's code, or invite the team first.")


class NoLaptopYet(OperatorError):
    """The team was invited, but no bundle of a laptop of it has come: there is no key to encrypt for."""

    code = "no_laptop_yet"
    what = N_("No laptop of team {team} can be written for: none has sent its first bundle, or all were cut off.")
    do = N_("Take in the first bundle of one of its laptops, then write this one.")


class NotThisTeam(OperatorError):
    """A laptop writes bundles for its own team only."""

    code = "not_this_team"
    what = N_("This laptop does not belong to the team {team}.")
    do = N_("Leave the team out: the bundle is written for this laptop's own team.")


class NoTeamMates(OperatorError):
    """No other laptop's grant for this team has come from headquarters yet."""

    code = "no_team_mates"
    what = N_("No other laptop of this team is known here yet.")
    do = N_("Take in headquarters' file first: it says which laptops belong to the team.")


class TeamCode(OperatorError):
    """A team's code may only hold lower-case letters and digits: it is part of records' names."""

    code = "team_code"
    what = N_("“{team}” cannot be a team's code.")
    do = N_("Use lower-case letters a to z and digits, at most 32.")


class EscrowNotProven(OperatorError):
    """The escrow key that was written could not open a test bundle."""

    code = "escrow_not_proven"
    what = N_("The escrow key in {file} could not be read back.")
    kept = N_("No headquarters was set up.")
    do = N_("Write the key to another stick or folder.")


class PhotoUnusable(OperatorError):
    """The file cannot be kept as a photo."""

    code = "photo_unusable"
    what = N_("{file} cannot be kept as a photo: {reason}.")
    do = N_("Choose another file.")


class DemonstrationOnly(OperatorError):
    """Demonstration keys may not be used anywhere else."""

    code = "demonstration_only"
    what = N_("This belongs to the demonstration and is refused by a real deployment.")
    do = N_("Use files of your own deployment.")


class PeriodNotValid(OperatorError):
    """The period's days are no days, or in the wrong order."""

    code = "period_not_valid"
    what = N_("The period is not two days in order.")
    do = N_("Write both days as YYYY-MM-DD, the earlier one first.")


class NothingDisposed(OperatorError):
    """A disposal names neither a find nor a tag, nor says what the items were."""

    code = "nothing_disposed"
    what = N_("A disposal needs a find, a tag, or what the items were.")
    kept = N_("What you typed is still there.")
    do = N_("Say what was disposed of.")


class PrefixNotValid(OperatorError):
    """Letters that cannot begin the numbers on tags."""

    code = "prefix_not_valid"
    what = N_("“{prefix}” cannot begin the numbers on tags.")
    do = N_("Use two to four capital letters A to Z or digits.")


class FileNotWritten(OperatorError):
    """A report or export could not be written where it was asked for."""

    code = "file_not_written"
    what = N_("{file} could not be written: {reason}.")
    do = N_("Choose another folder.")


class TextNeeded(OperatorError):
    """A question without words, or an answer without words, photo or correction."""

    code = "text_needed"
    what = N_("There is nothing to send yet.")
    do = N_("Write a text.")


class NobodyToAsk(OperatorError):
    """A question about a record of headquarters itself."""

    code = "nobody_to_ask"
    what = N_("The record {name} belongs to headquarters. There is no team to ask.")
    do = N_("Choose a record of a team.")


class ClosedByDecision(OperatorError):
    """A query in review ends with the next decision, not by closing it."""

    code = "closed_by_decision"
    what = N_("This question was asked in review. It ends with the next decision on the record.")
    do = N_("Approve or reject the record in Review.")


class ShiftNotValid(OperatorError):
    """Dates cannot be shifted by this, or over this stretch of a log."""

    code = "shift_not_valid"
    what = N_("The dates cannot be shifted like this.")
    kept = N_("Nothing was changed.")
    do = N_("Name the first and the last number of the log, and by how many days, at most 100 years.")


class PersonalMissing(OperatorError):
    """The personal part that was to be corrected is not on this computer."""

    code = "personal_missing"
    what = N_("The personal data of {number} are not on this computer.")
    kept = N_("Nothing was changed.")
    do = N_("Correct them where they were entered, or take in the file that carries them first.")


class PersonalAltered(OperatorError):
    """A part that headquarters cannot open, or that belongs to another record than its file says."""

    code = "personal_altered"
    what = N_("{file} holds personal data that headquarters cannot open, or of another record than it says.")
    kept = N_("Nothing was taken from it and the file was left as it is.")
    do = N_("Have the laptop write the file again.")


class NothingToSend(OperatorError):
    """No victim of this laptop has personal data for headquarters."""

    code = "nothing_to_send"
    what = N_("There are no personal data of victims on this laptop to send.")
    do = N_("They can be entered with a victim's record.")


class PersonalNotUnderstood(OperatorError):
    """What was handed in as personal data is no JSON object of texts with the known fields."""

    code = "personal_not_understood"
    what = N_("The personal data are not a JSON object with these fields: {fields}.")
    kept = N_("Nothing was saved.")
    do = N_("Correct the file and try again.")


class RecordTooLarge(OperatorError):
    """More in one record than one entry of a log can hold: mostly an outline with thousands of corners."""

    code = "record_too_large"
    what = N_("There is too much in this record for one entry ({kb} kB at most).")
    kept = N_("What you typed is still there.")
    do = N_("Enter the outline with fewer corners, or in several parts.")
