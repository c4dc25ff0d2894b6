"""Verification: what is shown equals what the log says, and nothing in the log is damaged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from fieldapp.domain.events import NotAnEvent
from fieldapp.domain.segments import NotASegment
from fieldapp.errors import OperatorError
from fieldapp.operations import personal, photos
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal
from fieldapp.storage.errors import Damaged
from fieldapp.storage.merged import state_hash
from fieldapp.storage.rebuild import rebuild
from fieldapp.sync.segments import check_segment
from fieldapp.texts import N_, Texts


@dataclass
class Checked:
    """The state hash, and a sentence for each thing that is wrong."""

    state_hash: str
    problems: list[str] = field(default_factory=list)


def check(ws: Workspace, *, read_data: bool, language: str = "") -> Checked:
    """Compare the current records with a rebuild; with ``read_data`` also every signature, chain, photo and sealed
    personal part. The problems are said in ``language``, else in the workspace's.
    """
    found = Checked(state_hash(ws.store))
    texts = Texts(language or ws.language)
    if read_data and ws.store.damaged():
        found.problems.append(texts(Damaged.what))
        return found
    if read_data:
        _check_segments(ws, found, texts)
    try:
        differ = _rebuilt_hash(ws) != found.state_hash
    except (NotASegment, NotAnEvent):  # the check of every segment names those that are to blame
        differ = not found.problems
    if differ:
        found.problems.append(texts(N_("The current records differ from what the log says.")))
    if read_data:
        _check_photos(ws, found, texts)
        found.problems += personal.problems(ws, texts)
    return found


class _TakenBack(Exception):
    """Takes the rebuild for comparison back."""


def _rebuilt_hash(ws: Workspace) -> str:
    """The state hash of a rebuild from the log, which is not kept."""
    rebuilt = ""
    try:
        with ws.store.transaction():
            rebuild(ws.store)
            rebuilt = state_hash(ws.store)
            raise _TakenBack
    except _TakenBack:
        return rebuilt


def _check_segments(ws: Workspace, found: Checked, texts: Texts) -> None:
    for stream in journal.streams(ws.store):
        for segment in journal.segments_from(ws.store, stream.id):
            try:
                check_segment(segment.data, segment.sig or "")
            except OperatorError as error:
                found.problems.append(error.sentence(texts))


def _check_photos(ws: Workspace, found: Checked, texts: Texts) -> None:
    for digest in photos.gone_photos(ws):
        found.problems.append(texts(N_("The photo {digest} was here and is gone."), digest=digest[:12]))
    for digest in sorted(set(photos.named_photos(ws))):
        try:
            data = photos.read_photo(ws, digest)
        except OperatorError as error:
            found.problems.append(error.sentence(texts))
            continue
        if data is not None and hashlib.sha256(data).hexdigest() != digest:
            found.problems.append(texts(N_("The photo {digest} is damaged."), digest=digest[:12]))
