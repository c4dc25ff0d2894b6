"""Errors of making and giving tasks, and of joining tags to finds."""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.errors import OperatorError
from fieldapp.geodesy.area import Problem
from fieldapp.texts import N_, Texts


class OutlineNotSound(OperatorError):
    """A task's outline crosses itself or encloses nothing: nobody could say which ground is meant."""

    code = "outline_not_sound"
    what = N_("The outline cannot be a task's area. {reasons}")
    kept = N_("Nothing was saved; no point was moved.")
    do = N_("Put the turning points right, in walking order.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """With each problem and its place, in the language of ``texts``."""
        reasons = " ".join(problem.sentence(texts) for problem in self.problems)
        return texts(self.what, reasons=reasons), texts(self.kept), texts(self.do)


class NoSuchTeam(OperatorError):
    """A task is to be given to a team that was never invited."""

    code = "no_such_team"
    what = N_("There is no team {team} here.")
    do = N_("Choose one of: {teams}.")


class TaskOver(OperatorError):
    """A task that was closed or retracted is given to nobody any more."""

    code = "task_over"
    what = N_("Task {number} has ended.")
    do = N_("Make a new task, or take the closing back by its status.")


class TaskNotGiven(OperatorError):
    """Nobody can be told of a task's items while no team has the task."""

    code = "task_not_given"
    what = N_("No team has task {number} yet.")
    do = N_("Give the task to a team first.")


class TaskGivenAlready(OperatorError):
    """The team has this task."""

    code = "task_given_already"
    what = N_("Team {team} has task {number} already.")
    do = N_("Choose another team.")


class AreasNotRead(OperatorError):
    """A file of areas cannot be read. Nothing in it was taken."""

    code = "areas_not_read"
    what = N_("{file} cannot be read as areas: {reason}")
    kept = N_("The file was left as it is; nothing was taken from it.")
    do = N_("Save the areas as GeoJSON in WGS 84, or as CSV with a column of points.")

    def __init__(self, file: str, why: str, **facts: object) -> None:
        super().__init__(file=file, **facts)
        self.why = why

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """With the reason in the language of ``texts``."""
        reason = texts(self.why, **self.facts)
        return texts(self.what, file=self.facts["file"], reason=reason), texts(self.kept), texts(self.do)


class NotAFind(OperatorError):
    """A tag is joined to something that is no find."""

    code = "not_a_find"
    what = N_("{name} is not a find.")
    do = N_("Name the find by its number or its full name.")
