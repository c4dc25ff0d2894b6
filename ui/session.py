"""The one object that holds the open workspace, its language and the worker. Pages get it and nothing else.

The workspace is touched by the worker's thread only: pages hand in a function of it and get the result by a call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from fieldapp.clock import Clock
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import Format
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations import drafts, positions, receiver_choice, receiver_log, receiver_time
from fieldapp.operations.drafts import Draft
from fieldapp.operations.receiver_choice import Choice
from fieldapp.operations.receiver_state import Captured
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import Texts
from ui.background import Background, Cancelled, Report, Running
from ui.receiver import Receiver

Result = TypeVar("Result")
OnFailure = Callable[[OperatorError], None]


@dataclass(frozen=True)
class About:
    """What the frame shows of a workspace. Read once, when it is opened."""

    role: str
    person: str
    team: str
    deployment: str
    language: str

    @classmethod
    def of(cls, ws: Workspace) -> About:
        """Read it from an open workspace."""
        deployment = ws.deployment
        return cls(ws.role, ws.person, ws.team, deployment.name if deployment else "", ws.language)


class Session(QObject):
    """The open workspace, or none yet; texts in the chosen language; the worker.

    ``changed(object)`` follows every successful change with what the operation returned. ``opened()`` follows a new
    workspace and ``language_changed()`` a new language: the window builds its pages again on both.
    ``vocabularies_changed()`` follows a change that brought other vocabularies: forms made before offer the old ones.
    """

    changed = Signal(object)
    opened = Signal()
    vocabularies_changed = Signal()
    language_changed = Signal()

    def __init__(self, clock: Clock, language: str = "en", folder: Path | None = None) -> None:
        super().__init__()
        self.clock = clock
        self.folder = folder or Path("workspace")
        """Where a new workspace is made."""
        self.texts = Texts(language)
        self.background = Background()
        self.about: About | None = None
        self.lists = shipped_lists()
        """The reference lists in force, as of the last change."""
        self.frame = FRAME
        """What the deployment settled about positions, as of the last change."""
        self.positions_in: Format = "dd"
        """The format that positions of a receiver are shown in."""
        self.receiver = Receiver(clock)
        self.receiver.taken.connect(self._note_time)
        self._workspace: Workspace | None = None

    @property
    def role(self) -> str:
        """``field``, ``hq``, or ``new`` before there is a workspace."""
        return self.about.role if self.about else "new"

    def open(self, workspace: Workspace, language: str = "") -> None:
        """Hold ``workspace`` from now on, shown in ``language`` or else its own. Call it before work is asked for."""
        self._workspace = workspace
        self.about = About.of(workspace)
        self.texts = Texts(language or self.about.language)
        self.lists = workspace.lists
        self.frame = positions.frame_of(workspace)
        self.positions_in = positions.shown_format(workspace)
        self.listen(receiver_choice.kept(workspace))
        self.opened.emit()

    def ask(
        self,
        op: Callable[[Workspace], Result],
        on_success: Callable[[Result], None],
        on_failure: OnFailure | None = None,
    ) -> Running:
        """Read something: ``op(workspace)`` on the worker, its result to ``on_success`` on the window's thread."""
        return self.background.run(lambda _report, _stop: op(self._held()), on_success, on_failure)

    def do(
        self,
        op: Callable[[Workspace], Result],
        on_success: Callable[[Result], None] | None = None,
        on_failure: OnFailure | None = None,
    ) -> Running:
        """Change something: like ``ask``, then ``changed`` tells every page."""
        return self.background.run(
            lambda _report, _stop: self._with_lists(op(self._held())), self._announcing(on_success), on_failure
        )

    def work(
        self,
        op: Callable[[Workspace, Report, Cancelled], Result],
        on_success: Callable[[Result], None] | None = None,
        on_failure: OnFailure | None = None,
        on_progress: Report | None = None,
    ) -> Running:
        """Long work with progress and cancel: ``op(workspace, report, cancelled)``; then ``changed``."""
        return self.background.run(
            lambda report, stop: self._with_lists(op(self._held(), report, stop)), self._announcing(on_success),
            on_failure, on_progress,
        )  # fmt: skip

    def current_lists(self) -> Lists:
        """The reference lists in force, for what outlives a change of them."""
        return self.lists

    def current_frame(self) -> Frame:
        """The frame in force, for what outlives a change of it."""
        return self.frame

    def listen(self, choice: Choice) -> None:
        """Listen to this receiver from now on; one that cannot be is none."""
        try:
            self.receiver.start(choice, self.frame, receiver_log.log_of(self._held()))
        except receiver_choice.ChoiceNotValid:
            self.receiver.stop()

    def _note_time(self, captured: Captured) -> None:
        self.ask(lambda ws: receiver_time.note(ws, captured), lambda _behind: None)

    def set_language(self, language: str) -> None:
        """Show everything in ``language`` (en, az, ru) and remember it in the workspace."""
        self.texts = Texts(language)
        if self._workspace is not None:
            self.background.run(lambda _report, _stop: self._held().set_meta("language", language))
        self.language_changed.emit()

    def keep_draft(self, form: str, values: Mapping[str, str], on_kept: Callable[[str], None]) -> None:
        """Commit what was typed so far; ``on_kept`` gets the stamp once it is on disk."""
        typed = dict(values)
        self.ask(lambda ws: drafts.keep(ws, form, typed), on_kept)

    def load_draft(self, form: str, on_draft: Callable[[Draft | None], None]) -> None:
        """Get the draft of a form."""
        self.ask(lambda ws: next((one for one in drafts.kept(ws) if one.form == form), None), on_draft)

    def drop_draft(self, form: str) -> None:
        """Forget the draft of a form."""
        self.ask(lambda ws: drafts.discard(ws, form), lambda _none: None)

    def close(self) -> None:
        """Let the worker finish or stop, then close the workspace."""
        self.receiver.stop()
        self.background.close()
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None

    def _held(self) -> Workspace:
        if self._workspace is None:
            raise RuntimeError("no workspace is open")
        return self._workspace

    def _with_lists(self, result: Result) -> tuple[Result, Lists, Frame]:
        """What a change returned, and lists and frame in force after it; read on the worker's thread."""
        held = self._held()
        return result, held.lists, positions.frame_of(held)

    def _announcing(self, on_success: Callable[[Any], None] | None) -> Callable[[Any], None]:
        def announce(all_of_it: tuple[Any, Lists, Frame]) -> None:
            result, lists, frame = all_of_it
            others, self.frame = frame.operation != self.frame.operation, frame
            if others and self.receiver.state() is not None:  # a receiver in SK-42 is converted by what holds now
                self.listen(self.receiver.choice)
            if lists is not self.lists:
                others, self.lists = lists.vocabularies != self.lists.vocabularies, lists
                if others:
                    self.vocabularies_changed.emit()
            if on_success is not None:
                on_success(result)
            self.changed.emit(result)

        return announce
