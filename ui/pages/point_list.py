"""Asking for a list of points on behalf of a form that has an outline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fieldapp.errors import OperatorError
from fieldapp.operations import outlines
from fieldapp.operations.outlines import FileArea
from ui.dialogs.points import PointsDialog
from ui.forms.points import PointsEditor
from ui.pages.page import Page


def ask_for_points(page: Page, points: PointsEditor, text: str) -> PointsDialog:
    """Look at a pasted list or a file before its points are taken: into an empty outline, or at its end."""
    session, frame = page.session, page.session.current_frame()

    def read_file(
        file: Path, done: Callable[[list[FileArea]], None], failed: Callable[[OperatorError], None]
    ) -> None:
        session.ask(lambda _ws: outlines.from_file(file, frame), done, failed)

    dialog = PointsDialog(page, page.texts, frame, read_file, text=text, system=points.typed().system)
    dialog.taken.connect(points.add_outline)
    dialog.open()
    return dialog
