"""Drafts: every field is kept as typed, at once, also when it is not valid; a crash loses at most one keystroke.

Fields whose name begins with ``SECRET`` are personal data of victims: they are sealed to the workspace's own key
before they reach the database.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp import clock
from fieldapp.domain.personal import PADDED_BYTES
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import drafts
from fieldapp.sync.errors import PartLocked
from fieldapp.sync.personal import open_part, seal_part

SECRET = "personal."  # noqa: S105 - a name, no secret
"""Beginning of the names of a form's secret fields, and the name under which they are kept sealed together."""


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
    drafts.keep(ws.store, form, _sealed(ws, fields), now)
    return clock.stamp(now)


def kept(ws: Workspace) -> list[Draft]:
    """All drafts, newest first."""
    return [Draft(one.form, one.at, _opened(ws, one.fields)) for one in drafts.kept(ws.store)]


def discard(ws: Workspace, form: str) -> None:
    """Forget a draft: its record was saved, or the person said so."""
    drafts.discard(ws.store, form)


def _sealed(ws: Workspace, fields: Mapping[str, str]) -> dict[str, str]:
    secret = {name: value for name, value in fields.items() if name.startswith(SECRET)}
    plain = {name: value for name, value in fields.items() if name not in secret}
    if not any(secret.values()):
        return plain
    data = json.dumps(secret).encode()
    whole = seal_part(data + b" " * (-len(data) % PADDED_BYTES), [ws.keys.recipient])
    return plain | {SECRET: base64.b64encode(whole).decode()}


def _opened(ws: Workspace, fields: Mapping[str, str]) -> dict[str, str]:
    plain = dict(fields)
    sealed = plain.pop(SECRET, None)
    if sealed is None:
        return plain
    try:
        secret = json.loads(open_part(base64.b64decode(sealed), [ws.keys.receiving]))
    except (PartLocked, ValueError):  # a copy under other keys: the rest of the draft is shown all the same
        return plain
    return plain | {str(name): str(value) for name, value in secret.items()}
