"""Drafts: every field is kept as typed, at once, also when it is not valid; a crash loses at most one keystroke."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp import clock
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import drafts


@dataclass(frozen=True)
class Draft:
    """What was typed into a form and not saved yet."""

    form: str
    at: str
    """When it was last kept: a stamp, UTC."""
    fields: dict[str, str]


def keep(ws: Workspace, form: str, fields: dict[str, str]) -> str:
    """Keep what is typed; committed when this returns. Returns the stamp of the moment."""
    now = ws.clock.now()
    drafts.keep(ws.store, form, fields, now)
    return clock.stamp(now)


def kept(ws: Workspace) -> list[Draft]:
    """All drafts, newest first."""
    return [Draft(one.form, one.at, one.fields) for one in drafts.kept(ws.store)]


def discard(ws: Workspace, form: str) -> None:
    """Forget a draft: its record was saved, or the person said so."""
    drafts.discard(ws.store, form)
