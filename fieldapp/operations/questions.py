"""Questions of headquarters to a team, the team's answers, and the threads that follow from both (M8).

A record that was queried in review is a question too: its thread is read from the decision.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldapp.ids import EventId, RecordName
from fieldapp.operations import enrolment, lookup, photos, records, review
from fieldapp.operations.errors import (
    ClosedByDecision,
    NobodyToAsk,
    NothingChanged,
    NotThisTeams,
    RecordMissing,
    TextNeeded,
)
from fieldapp.operations.review_errors import NoOpenQuestion
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage.listing import Row
from fieldapp.storage.records import Record

STATES = ("open", "answered", "closed")
"""Waits for the team; waits for headquarters; done with."""
_PART = 200


@dataclass(frozen=True)
class Entry:
    """One step of a thread: ``question``, ``answer`` or ``closed``."""

    kind: str
    name: RecordName
    text: str
    at: str
    by: str
    photo: RecordName = ""
    photo_file: str = ""
    correction: EventId = ""


@dataclass(frozen=True)
class Thread:
    """A question with all that was said to it."""

    name: RecordName
    """Of the question, or of the decision that queried the record."""
    about: RecordName
    number: str
    """Number of the record asked about, also where the record is not on this computer."""
    team: str
    state: str
    text: str
    at: str
    by: str
    here: bool
    """Is the record on this computer?"""
    seen: tuple[EventId, ...]
    """The version of the record that was asked about."""
    entries: tuple[Entry, ...]
    """Newest first, as far as is known: a closing stands above the answers it had read and below those it had not."""

    @property
    def in_review(self) -> bool:
        """Was it asked by a decision, and so ends with the next one?"""
        return self.name.startswith("decision/")


def ask(ws: Workspace, about: RecordName, text: str, *, by: str | None = None) -> Record:
    """Headquarters asks the team of a record; returns the question.

    Raises WrongRole, RecordMissing, TextNeeded, NobodyToAsk, FieldsNotValid.
    """
    ws.require_hq()
    record = records.get(ws, about)
    number = str(record.fields.get("local_id") or record.id[:8])
    if not text.strip():
        raise TextNeeded
    if record.owner == "hq":
        raise NobodyToAsk(name=number)
    asked = {"about": about, "about_number": number, "seen": list(record.heads), "question": text}
    return records.add(ws, "question", asked, owner=_team_of(ws, record.owner), by=by)


def _team_of(ws: Workspace, owner: str) -> str:
    """The team that answers for ``owner``: a laptop's records from before it joined are its team's to explain."""
    device = enrolment.device(ws, owner)
    return next((team for team in device.teams if team != owner), owner) if device else owner


def answer(
    ws: Workspace,
    question: RecordName,
    text: str,
    *,
    photo: RecordName | None = None,
    photo_file: Path | None = None,
    correction: EventId | None = None,
    by: str | None = None,
) -> Record:
    """The team answers, from any of its laptops, whether the record is on it or not; returns the answer.

    ``photo`` names a photo that is kept already, ``photo_file`` one to be kept now as a photo of the record;
    ``correction`` the event by which the record was corrected. Raises OnlyField, RecordMissing, NotThisTeams,
    TextNeeded, PhotoUnusable, FieldsNotValid.
    """
    ws.require_field()
    asked = thread(ws, question)
    owner = _answers_as(ws, asked)
    if not (text.strip() or photo or photo_file or correction):
        raise TextNeeded
    if photo and records.get(ws, photo).kind != "photo":
        raise RecordMissing(name=photo)
    if correction and correction not in {step.event for step in records.history(ws, asked.about)}:
        raise RecordMissing(name=correction)
    with ws.store.transaction():
        if photo_file is not None:
            photo = photos.add_photo(ws, photo_file, shows=asked.about, by=by).name
        said = {"question": question, "remarks": text, "photo": photo, "correction": correction}
        return records.add(ws, "answer", said, owner=owner, by=by)


def _answers_as(ws: Workspace, asked: Thread) -> str:
    own = records.own_teams(ws)
    if asked.team in own:
        return asked.team
    if not own & _may_answer(ws, asked.team):
        raise NotThisTeams(name=asked.number or asked.name)
    return ws.team


def _may_answer(ws: Workspace, owner: str) -> set[str]:
    """Owners of answers that count in a thread of ``owner``: the same team, or the teams of the laptop it names."""
    device = enrolment.device(ws, owner) if len(owner) == len(ws.device) else None
    return {owner, *(device.teams if device else ())}


def own_correction(ws: Workspace, question: RecordName) -> EventId | None:
    """The last correction written here of the record asked about, that headquarters had not seen when it asked."""
    asked = thread(ws, question)
    if not asked.here:
        return None
    own = {stream.id for stream in lookup.own_streams(ws)}
    steps = records.history(ws, asked.about)
    new = [one for one in steps if one.stream in own and one.parents and one.event not in asked.seen and one.counts]
    older = _before(asked.seen, {step.event: step.parents for step in steps})
    return next((step.event for step in reversed(new) if step.event not in older), None)


def _before(heads: Iterable[EventId], parents: Mapping[EventId, Sequence[EventId]]) -> set[EventId]:
    """All events that ``heads`` stand on."""
    found: set[EventId] = set()
    waiting = list(heads)
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def close(ws: Workspace, question: RecordName, outcome: str = "", *, by: str | None = None) -> Record:
    """Headquarters is done with a question, having read the answers that are here; returns the question.

    An answer that arrives later shows it as answered again, and it can be closed again. Raises WrongRole,
    RecordMissing, ClosedByDecision, NothingChanged.
    """
    ws.require_hq()
    asked = thread(ws, question)
    if asked.in_review:
        raise ClosedByDecision
    record = records.get(ws, question)
    if asked.state == "closed" and record.settled:
        raise NothingChanged
    closing: dict[str, Any] = {
        "closed": True, "answers": sorted(one.name for one in asked.entries if one.kind == "answer"),
    }
    if outcome.strip():
        closing["outcome"] = outcome.strip()
    write(ws, question, {"closing": closing}, parents=record.heads, why=outcome.strip() or None, by=by)
    return records.get(ws, question)


def threads(
    ws: Workspace, *, states: Collection[str] = STATES, about: Sequence[RecordName] | None = None,
    limit: int | None = None,
) -> list[Thread]:
    """Threads in one of ``states``, newest question first; only those about records ``about`` where given."""
    both = heapq.merge(_asked(ws, about, states), _queried(ws, about, states), key=lambda one: one.at, reverse=True)
    return list(itertools.islice(both, limit))


def thread(ws: Workspace, question: RecordName) -> Thread:
    """One thread, with who closed it and when. Raises RecordMissing."""
    row = lookup.rows_of(ws, [question]).get(question)
    makers = {"question": _of_questions, "decision": _of_queries}
    if row is None or row.kind not in makers:
        raise RecordMissing(name=question)
    made = next(makers[row.kind](ws, [row], STATES), None)
    if made is None:
        raise RecordMissing(name=question)
    return made


def find_thread(ws: Workspace, question: str) -> Thread:
    """The thread with this full name or id, or the newest about the record of this number that is not closed."""
    if question.count("/") == 2:
        return thread(ws, question)
    for kind in ("question", "decision"):
        rows = lookup.rows(ws, kind, ids=[question], retracted=False)
        if rows:
            return thread(ws, rows[0].name)
    found = next((one for one in threads(ws, states=("open", "answered")) if one.number == question), None)
    if found is None:
        raise NoOpenQuestion(name=question)
    return found


def asked_about(ws: Workspace, names: Sequence[RecordName]) -> dict[RecordName, str]:
    """Those of the records ``names`` that an open question is about, and what the newest one asks."""
    found: dict[RecordName, str] = {}
    for one in _asked(ws, names, ("open",)):
        found.setdefault(one.about, one.text)
    return found


def as_json(one: Thread) -> dict[str, Any]:
    """A thread as the command line prints it."""
    return {
        "question": one.name, "record": one.about, "number": one.number, "team": one.team, "state": one.state,
        "in_review": one.in_review, "text": one.text, "at": one.at, "by": one.by,
        "entries": [
            {
                "kind": entry.kind, "record": entry.name, "text": entry.text, "at": entry.at, "by": entry.by,
                "photo": entry.photo or None, "correction": entry.correction or None,
            }
            for entry in one.entries
        ],
    }


def _parts(ws: Workspace, kind: str, equal: dict[str, Any]) -> Iterator[list[Row]]:
    offset = 0
    while rows := lookup.rows(ws, kind, retracted=False, equal=equal, limit=_PART, offset=offset):
        yield rows
        offset += len(rows)


def _asked(ws: Workspace, about: Sequence[RecordName] | None, states: Collection[str]) -> Iterator[Thread]:
    for rows in _parts(ws, "question", {} if about is None else {"about": list(about)}):
        yield from _of_questions(ws, rows, states)


def _queried(ws: Workspace, about: Sequence[RecordName] | None, states: Collection[str]) -> Iterator[Thread]:
    on = {} if about is None else {"judged": list(about)}
    for rows in _parts(ws, "decision", {"verdict": "queried", **on}):
        yield from _of_queries(ws, rows, states)


def _of_questions(ws: Workspace, rows: Sequence[Row], states: Collection[str]) -> Iterator[Thread]:
    said = _answers(ws, [row.name for row in rows])
    state = {row.name: _state(row, said[row.name]) for row in rows}
    rows = [row for row in rows if state[row.name] in states]
    here = lookup.rows_of(ws, {str(row["about"]) for row in rows})
    closings = _closings(ws, [row for row in rows if row["closed"]])
    for row in rows:
        about, answers, known = str(row["about"] or ""), said[row.name], _read(row)
        if row.name in closings:
            unread = [entry for entry in answers if entry.name not in known]
            answers = [*unread, closings[row.name], *(entry for entry in answers if entry.name in known)]
        number = str(row["about_number"] or about.rpartition("/")[2][:8])
        yield _thread(row, about, number, state[row.name], here.get(about), [*answers, _first(row, row["question"])])


def _read(row: Row) -> set[str]:
    """The answers that were read when the question was closed."""
    listed = lookup.shape(row, "answers_read")
    return set(map(str, listed if isinstance(listed, list) else ()))


def _state(row: Row, answers: Sequence[Entry]) -> str:
    if row["closed"] and {entry.name for entry in answers} <= _read(row):
        return "closed"
    return "answered" if answers else "open"


def _closings(ws: Workspace, rows: Sequence[Row]) -> dict[RecordName, Entry]:
    found: dict[RecordName, Entry] = {}
    events = lookup.events_of_all(ws, [row.name for row in rows])
    for row in rows:
        closed = [events[row.name][i] for i in row.heads if i in events[row.name]]
        last = next((event.value for event in closed if event.set.get("closing")), {})
        at, by = (str(last.get(name) or "") for name in ("at", "by"))
        found[row.name] = Entry("closed", row.name, str(row["outcome"] or ""), at, by)
    return found


def _first(row: Row, text: object) -> Entry:
    return Entry("question", row.name, str(text or ""), row["at"] or "", row["by"] or "")


def _of_queries(ws: Workspace, rows: Sequence[Row], states: Collection[str]) -> Iterator[Thread]:
    judged = sorted({str(row["judged"]) for row in rows})
    said, here = _answers(ws, [row.name for row in rows]), lookup.rows_of(ws, judged)
    decisions = review.judgements(ws, names=judged)
    for row in rows:
        if row["verdict"] != "queried":
            continue
        about, seen = str(row["judged"] or ""), lookup.shape(row, "seen")
        held, later = here.get(about), decisions.get(about, ())
        changed = held is not None and held.heads != seen
        # a later decision of the same officer's stream takes its place; so does any on a later version
        over = any(one.stream == row["stream"] and one.seq > row["seq"] for one in later) or (
            changed and any(one.current for one in later)
        )
        state = "closed" if over else "answered" if changed or said[row.name] else "open"
        if state in states:
            number = str((held.get("local_id") if held else None) or about.rpartition("/")[2][:8])
            yield _thread(row, about, number, state, held, [*said[row.name], _first(row, row["remarks"])])


def _thread(row: Row, about: RecordName, number: str, state: str, held: Row | None, entries: list[Entry]) -> Thread:
    seen = lookup.shape(row, "seen")
    return Thread(
        row.name, about, number, row["owner"], state, entries[-1].text, row["at"] or "", row["by"] or "",
        held is not None, tuple(map(str, seen)) if isinstance(seen, list) else (), tuple(entries),
    )


def _answers(ws: Workspace, questions: Sequence[RecordName]) -> dict[RecordName, list[Entry]]:
    """The answers to each question by its own team, newest first."""
    rows = lookup.rows(ws, "answer", retracted=False, equal={"question": list(questions)})
    shown = lookup.rows_of(ws, [row["photo"] for row in rows if row["photo"]])
    allowed = {owner: _may_answer(ws, owner) for owner in {name.split("/")[1] for name in questions}}
    found: dict[RecordName, list[Entry]] = {name: [] for name in questions}
    for row in rows:
        question = str(row["question"])
        if row["owner"] not in allowed[question.split("/")[1]]:
            continue
        photo = shown.get(row["photo"]) if row["photo"] else None
        file = str(photo["file_name"] or "") if photo is not None and photo.kind == "photo" else ""
        found[question].append(
            Entry("answer", row.name, str(row["remarks"] or ""), row["at"] or "", row["by"] or "",
                  str(row["photo"] or ""), file, str(row["correction"] or ""))
        )
    return found
