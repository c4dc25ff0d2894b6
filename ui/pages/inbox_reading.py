"""What the Inbox page asks of a workspace: which bundles lie in a folder, taking them in, what was taken in before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.errors import OperatorError
from fieldapp.operations import enrolment, imports, inbox, not_in_list, post_desk, waiting, watching
from fieldapp.operations.imports import Outcome
from fieldapp.operations.post_desk import Served, Unanswered
from fieldapp.operations.watching import Seen
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.background import Cancelled, Report
from ui.pages.bundle_list import FoundBundle

_NAMED = 12
"""So many of many names are shown."""


@dataclass(frozen=True)
class Taken:
    """One bundle in the history: when, whose, what was new, and whether its team got an answer since."""

    at: str
    sender: str
    number: int
    new: int
    answered: bool
    refused: str = ""


@dataclass(frozen=True)
class TakenIn:
    """Bundles taken in and files refused, newest first, and the laptops that got no answer yet."""

    bundles: list[Taken]
    unanswered: list[Unanswered]
    refused: int
    """Files that were refused and have not come in since."""


@dataclass(frozen=True)
class Imported:
    """What an import did, which records wait for a decision since, and the teams to answer."""

    outcomes: list[Outcome]
    waiting: list[str]
    teams: list[str]
    unlisted: int
    """Codes and models in the records that no list knows: they wait for an entry, and resolve by themselves then."""
    served: Served | None = None
    """What was answered on the same stick, where that was asked for."""
    stopped: bool = False
    """The operator stopped it: what was taken in until then is kept."""


def look_for(ws: Workspace, folder: Path) -> list[FoundBundle]:
    """Files in a folder that may be bundles for this headquarters; return bundles it wrote itself are left out."""
    wanted = set(post_desk.arrived(ws, folder))
    return [FoundBundle(one.path, one.size) for one in imports.look_in(folder) if one.path in wanted]


def worth_a_look(one: FoundBundle) -> tuple[int, str]:
    """Sorts what can be imported first, then what was refused, then what is known; oldest bundle first."""
    status = one.outcome.status if one.outcome is not None else "known"
    return ("imported", "refused", "known").index(status), one.outcome.created if one.outcome is not None else ""


def take_in(ws: Workspace, paths: Sequence[Path], report: Report, stop: Cancelled) -> Imported:
    """Import files; with the records that wait for a decision since, and the teams that sent something.

    Stopping keeps what came in until then.
    """
    return _imported(ws, lambda: post_desk.take_in(ws, paths, progress=report, cancelled=stop))


def retry(ws: Workspace, folder: Path, report: Report, stop: Cancelled) -> Imported:
    """Import again what was refused before and lies in this folder."""
    return _imported(ws, lambda: post_desk.retry(ws, folder, progress=report, cancelled=stop))


def take_watched(ws: Workspace, folder: Path, paths: Sequence[Path], seen: Seen, stop: Cancelled) -> Imported:
    """Import what appeared in a watched folder, and remember it."""
    taken = _imported(ws, lambda: watching.take_in(ws, paths, seen, cancelled=stop).outcomes)
    watching.remember(ws, folder, seen)
    return taken


def _imported(ws: Workspace, taking: Callable[[], Iterable[Outcome]]) -> Imported:
    waiting.bring_up_to_date(ws)
    outcomes: list[Outcome] = []
    stopped = False
    try:
        outcomes.extend(taking())
    except OperatorError as error:
        if error.code != "cancelled":
            raise
        stopped = True
    teams = post_desk.teams_of(ws, outcomes)
    return Imported(outcomes, waiting.newly_waiting(ws), teams, _unlisted(ws), stopped=stopped)


def serve(ws: Workspace, folder: Path, report: Report, stop: Cancelled) -> Imported:
    """Import all that a stick brought and write its teams' return bundles back to it."""
    waiting.bring_up_to_date(ws)
    served = post_desk.serve(ws, folder, progress=report, cancelled=stop)
    teams = post_desk.teams_of(ws, served.outcomes)
    return Imported(served.outcomes, waiting.newly_waiting(ws), teams, _unlisted(ws), served)


def _unlisted(ws: Workspace) -> int:
    return len(not_in_list.unknown(ws)) + len(not_in_list.unmapped(ws))


def read_taken(ws: Workspace) -> TakenIn:
    """Bundles taken in and files refused, newest first."""
    answered: set[str] = set()
    devices = {device.device: device for device in enrolment.devices(ws)}
    taken = []
    for bundle in inbox.bundles(ws):  # newest first: an answer covers what came before it
        if bundle.direction == "out":
            answered.add(str(bundle.counts.get("audience") or ""))
            continue
        sender = devices.get(bundle.sender or "")
        seat = sender is not None and sender.role == "hq"
        name = sender.name if sender else str(bundle.counts.get("sender_name") or bundle.file)
        teams = sender.teams if sender is not None else ()
        back = "hq" in answered if seat else any(f"team/{team}" in answered for team in teams)
        number, new = int(bundle.counts.get("number") or 0), int(bundle.counts.get("new") or 0)
        taken.append(Taken(bundle.taken_at, name, number, new, back))
    refused = post_desk.refused(ws)
    taken += [Taken(one.at, one.file, 0, 0, False, one.reason) for one in refused]
    in_order = sorted(taken, key=lambda one: one.at, reverse=True)
    return TakenIn(in_order, post_desk.unanswered(ws), len(refused))


def some_of(names: Sequence[str], texts: Texts) -> str:
    """The first of many names, and how many more there are."""
    shown, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return texts(N_("{numbers} and {count} more"), numbers=shown, count=more) if more > 0 else shown


def take_words(texts: Texts, outcome: Outcome) -> str:
    """What the import button says of a bundle."""
    new, differ = texts.number(outcome.new - outcome.differ), texts.number(outcome.differ)
    if outcome.differ:
        return texts(N_("Import {new} new, {differ} to settle"), new=new, differ=differ)
    if outcome.photos_new and not outcome.new:
        return texts.plural(N_("Import {count} photo"), N_("Import {count} photos"), outcome.photos_new)
    return texts(N_("Import {new} new"), new=new)
