"""A small programme to be played with: headquarters, laptops, one stick, and plain sets that say what must be held.

Everything is done by the product's operations in real workspaces. The model beside it is only this: which event ids
each workspace must hold. A save adds what it wrote, an import adds what the second reader finds in the file, and
nothing else may ever add or take away.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fieldapp.clock import SetClock
from fieldapp.errors import OperatorError
from fieldapp.ids import SeededEntropy
from fieldapp.operations import export, headquarters, imports, lookup, photos, records, review
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage.log import stream_events
from fieldapp.storage.merged import state_hash
from tests import builders
from tests.second_reader.container import Refused
from tests.second_reader.reader import Reading, events, opened

Json = dict[str, Any]
CANARY = "CANARY0nightingale"
"""Stands in everything that people type; must stand in no file."""
START = datetime(2024, 7, 29, 6, 0, tzinfo=UTC)
HAPPENED: Counter[str] = Counter()
"""How often what happened, over all worlds: a run in which nothing went wrong would prove nothing."""
TEAMS = {"a": "t7", "b": "t7", "c": "t8"}


class PowerCut(BaseException):
    """The computer goes off here."""


class FailingClock(SetClock):
    """A clock at whose ``reads``-th reading the power goes; zero for never."""

    reads = 0

    def now(self) -> datetime:
        self.reads -= 1
        if self.reads == 0:
            raise PowerCut
        return super().now()


@dataclass
class Party:
    """Headquarters or a laptop: its workspace, and the ids it must hold."""

    name: str
    folder: Path
    ws: Workspace
    clock: FailingClock
    expected: set[str] = field(default_factory=set)
    openings: int = 0

    @property
    def team(self) -> str:
        return self.ws.team


@dataclass(frozen=True)
class OnStick:
    """A bundle on the stick, and what the second reader finds in it. None where it must be refused."""

    path: Path
    audience: str
    keys: frozenset[str]
    events: frozenset[str] | None


def made_template(folder: Path) -> None:
    """A headquarters, laptops a and b that it knows, and c that has only its invitation; each with two records."""
    stick = folder / "stick"
    stick.mkdir(parents=True)
    made = builders.Deployment(builders.hq(folder / "hq"), stick)
    for name, team in TEAMS.items():
        made.join(name, team)
    for name, laptop in made.laptops.items():
        builders.a_find(laptop, remarks=f"{CANARY} {name}")
        builders.a_plot(laptop)
    for name in ("a", "b"):
        made.carry(made.laptops[name])
    for name in ("a", "b"):
        made.answer(made.laptops[name])
    for ws in (made.hq, *made.laptops.values()):
        ws.set_meta("person", f"{CANARY} person")
        ws.close()
    shutil.rmtree(stick)
    stick.mkdir()


def held(party: Party) -> dict[str, Json]:
    """Every event a workspace holds, whole, by id."""
    found = {}
    for (n,) in party.ws.store.rows("SELECT n FROM stream ORDER BY n"):
        for event in stream_events(party.ws.store, n):
            found[event.id] = {**event.value, "stream": event.stream, "prev": event.prev}
    return found


class World:
    """The programme. Every method is one thing that happens; it returns the workspaces that it touched."""

    def __init__(self, template: Path, folder: Path) -> None:
        shutil.copytree(template, folder)
        self.folder, self.stick = folder, folder / "stick"
        self.parties: dict[str, Party] = {}
        self.truth: dict[str, Json] = {}
        """Every event that was ever committed anywhere."""
        self.bundles: list[OnStick] = []
        self.backups: dict[str, tuple[Path, set[str]]] = {}
        self.forms: list[tuple[str, str, list[str]]] = []
        self.revoked: set[str] = set()
        self.count = 0
        for name in ("hq", *TEAMS):
            party = self.open(name, folder / name)
            self.truth |= held(party)
            party.expected = set(held(party))

    def open(self, name: str, folder: Path) -> Party:
        """Open a workspace; what it does is different each time it is opened."""
        self.count += 1
        clock = FailingClock(START + timedelta(days=1, hours=self.count), timedelta(seconds=1))
        ws = open_workspace(folder, clock=clock, entropy=SeededEntropy(f"{name} {self.count}"))
        self.parties[name] = Party(name, folder, ws, clock)
        return self.parties[name]

    def close(self) -> None:
        for party in self.parties.values():
            party.ws.close()
        shutil.rmtree(self.folder)

    @property
    def hq(self) -> Party:
        return self.parties["hq"]

    @property
    def laptops(self) -> list[Party]:
        return [party for name, party in sorted(self.parties.items()) if name != "hq"]

    def save(self, party: Party, action: Callable[[], object]) -> None:
        """Whatever a verb writes belongs to the truth from now on; where it refuses, it must have written nothing."""
        try:
            action()
        except OperatorError:
            HAPPENED["verb refused"] += 1
            return
        HAPPENED["saved"] += 1
        self.committed(party)

    def committed(self, party: Party) -> None:
        """Take up what this workspace has just written itself."""
        after = held(party)
        for i in after.keys() - party.expected:
            assert after[i]["stream"].startswith(party.ws.device + "."), "only its own events can be new here"
            self.truth[i] = after[i]
        party.expected |= after.keys()

    def enter(self, party: Party, kind: str, depth_cm: int) -> None:
        said = f"{CANARY} remark"
        if kind == "plot":
            self.save(party, lambda: builders.a_plot(party.ws, depth_cm=depth_cm, remarks=said))
        else:
            self.save(party, lambda: builders.a_find(party.ws, depth_cm=depth_cm, remarks=said))

    def photograph(self, party: Party, number: int) -> None:
        file = self.folder / f"{number}.jpg"
        file.write_bytes(b"\xff\xd8\xff" + f"{CANARY} picture {number}".encode())
        self.save(party, lambda: photos.add_photo(party.ws, file, caption=f"{CANARY} caption"))
        file.unlink()

    def names(self, party: Party, *kinds: str) -> list[str]:
        """Records that this party may write to."""
        own = {party.team, party.ws.device}
        rows = [row.name for kind in kinds for row in lookup.rows(party.ws, kind)]
        return sorted(name for name in rows if party.name == "hq" or name.split("/")[1] in own)

    def correct(self, party: Party, name: str, fields: Json, heads: list[str] | None = None) -> None:
        why = f"{CANARY} reason"
        self.edit(party, heads, lambda: records.correct(party.ws, name, fields, why, heads=heads))

    def set_exists(self, party: Party, name: str, exists: bool, heads: list[str] | None = None) -> None:
        verb = records.restore if exists else records.retract
        self.edit(party, heads, lambda: verb(party.ws, name, f"{CANARY} reason", heads=heads))

    def edit(self, party: Party, heads: list[str] | None, action: Callable[[], object]) -> None:
        """Save an edit; what it says it saw is what its form showed, no more."""
        before = set(party.expected)
        self.save(party, action)
        for i in party.expected - before:
            assert heads is None or self.truth[i]["parents"] == sorted(heads), "V8: only what was shown is replaced"

    def settle(self, party: Party, name: str, choice: int) -> None:
        """Settle the first group of a record that has several readings."""
        found = records.get(party.ws, name).conflicts
        if found:
            value = found[0].readings[choice % len(found[0].readings)]
            if found[0].group == "exists":
                value = not value
            self.save(party, lambda: records.settle(party.ws, name, found[0].group, value, f"{CANARY} reason"))

    def decide(self, name: str, verdict: str) -> None:
        self.save(self.hq, lambda: review.decide(self.hq.ws, [name], verdict))

    def revoke(self, laptop: Party) -> None:
        HAPPENED["revoke"] += 1
        self.revoked.add(laptop.ws.device)
        self.save(self.hq, lambda: headquarters.revoke(self.hq.ws, laptop.ws.device, f"{CANARY} stolen"))

    def write_out(self, party: Party, team: str = "", cut_at: int = 0) -> Path | None:
        """Export to the stick; at the ``cut_at``-th sign of progress the power goes."""
        progress = _cut(cut_at)
        try:
            if party.name == "hq":
                written = export.export_for_team(party.ws, team, self.stick, progress=progress)
            else:
                written = export.export_for_hq(party.ws, self.stick, progress=progress)
        except (PowerCut, OperatorError):
            HAPPENED["export cut" if cut_at else "export refused"] += 1
            return None
        HAPPENED["exported"] += 1
        self.bundles.append(self.look_into(written.path, written.audience))
        return written.path

    def look_into(self, path: Path, audience: str) -> OnStick:
        """What the second reader finds, with the key of somebody who must be able to open it."""
        readers = (
            [self.hq] if audience == "hq" else [party for party in self.laptops if f"team/{party.team}" == audience]
        )
        for party in readers:
            deployment, key = party.ws.deployment, party.ws.keys.receiving
            assert deployment
            with suppress(Refused):
                found = opened(path.read_bytes(), Reading(key.text, key.recipient, audience, deployment.id))
                assert not found.refused_segments
                carried = frozenset(one["id"] for part in found.segments for one in events(part))
                return OnStick(path, audience, frozenset(found.manifest["recipient"]["keys"]), carried)
        return OnStick(path, audience, frozenset(), None)

    def duplicate(self, one: OnStick) -> None:
        self.count += 1
        copy = self.stick / f"copy{self.count}.fieldbundle"
        shutil.copyfile(one.path, copy)
        self.bundles.append(OnStick(copy, one.audience, one.keys, one.events))

    def damage(self, one: OnStick, place: int, cut: bool) -> None:
        """One bit of it, or all behind a place."""
        data = bytearray(one.path.read_bytes())
        place %= len(data)
        data[place] ^= 1 << place % 8
        one.path.write_bytes(bytes(data[:place] if cut else data))
        self.bundles[self.bundles.index(one)] = OnStick(one.path, one.audience, one.keys, None)

    def lose(self, one: OnStick) -> None:
        self.bundles.remove(one)
        one.path.unlink()

    def read_in(self, party: Party, one: OnStick, cut_at: int = 0) -> str:
        """Import; what must come of it is known before. Returns ``taken``, ``refused`` or ``cut``.

        ``cut_at``: the power goes at a sign of progress, or, below zero, when the clock is read for the nth time.
        """
        before = state_hash(party.ws.store)
        file = one.path.read_bytes()
        addressed = one.audience == ("hq" if party.name == "hq" else f"team/{party.team}")
        welcome = one.events is not None and addressed and party.ws.keys.recipient in one.keys
        outcome = "taken"
        party.clock.reads = max(-cut_at, 0)
        try:
            imports.import_file(party.ws, one.path, progress=_cut(cut_at))
        except PowerCut:
            outcome = "cut"
        except OperatorError:
            outcome = "cut" if cut_at else "refused"
        finally:
            party.clock.reads = 0
        HAPPENED[f"import {outcome}"] += 1
        assert one.path.read_bytes() == file
        if outcome != "taken":
            assert outcome == "cut" or not welcome
            assert state_hash(party.ws.store) == before
        else:
            assert welcome
            assert one.events is not None
            party.expected |= one.events
            if party.name == "hq":
                self.committed(party)  # a first bundle has headquarters write a grant
        return outcome

    def power_cut(self, party: Party, reads: int) -> None:
        """The power goes while a find is being saved, or just after nothing; the disk is what it is then."""
        HAPPENED["power_cut"] += 1
        party.clock.reads = reads
        try:
            self.enter(party, "find", 5)
        except PowerCut:
            pass
        finally:
            party.clock.reads = 0
        self.restarted(party)

    def restarted(self, party: Party) -> None:
        """The workspace as its files lie on the disk now, without anybody having closed them."""
        copy = party.folder.with_name(party.folder.name + ".disk")
        shutil.copytree(party.folder, copy)
        party.ws.close()
        shutil.rmtree(party.folder)
        copy.rename(party.folder)
        self.open(party.name, party.folder).expected = party.expected

    def back_up(self, party: Party) -> None:
        self.count += 1
        copy = self.folder / f"backup{self.count}"
        shutil.copytree(party.folder, copy)
        self.backups[party.name] = (copy, set(party.expected))

    def bring_back(self, party: Party) -> None:
        """The disk died; the backup takes its place, with all that came after it gone from this laptop."""
        HAPPENED["bring_back"] += 1
        copy, expected = self.backups[party.name]
        party.ws.close()
        shutil.rmtree(party.folder)
        shutil.copytree(copy, party.folder)
        self.open(party.name, party.folder).expected = set(expected)
        self.forms = [form for form in self.forms if form[0] != party.name]

    def clone(self, party: Party) -> None:
        HAPPENED["clone"] += 1
        self.count += 1
        name = f"{party.name}{self.count}"
        shutil.copytree(party.folder, self.folder / name)
        self.open(name, self.folder / name).expected = set(party.expected)

    def lose_laptop(self, party: Party) -> None:
        HAPPENED["lose_laptop"] += 1
        self.parties.pop(party.name).ws.close()
        self.backups.pop(party.name, None)
        self.forms = [form for form in self.forms if form[0] != party.name]

    def exchange(self) -> None:
        """Every laptop to headquarters, then headquarters to every team. Nothing goes wrong on the way."""
        for laptop in self.laptops:
            path = self.write_out(laptop)
            assert path is not None
            assert self.read_in(self.hq, self.bundles[-1]) == "taken"
        for team in sorted({laptop.team for laptop in self.laptops}):
            members = [one for one in self.laptops if one.team == team and one.ws.device not in self.revoked]
            if members:
                assert self.write_out(self.hq, team) is not None
                for laptop in members:
                    assert self.read_in(laptop, self.bundles[-1]) == "taken"


def _cut(at: int) -> Callable[[str, int, int], None]:
    """A progress that cuts the power at its ``at``-th call."""
    left = [at]

    def progress(_step: str, _done: int, _total: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise PowerCut

    return progress


def files_with(folder: Path, words: Iterable[str]) -> list[str]:
    """Files below a folder in whose name or bytes one of the words stands."""
    wanted = list(words)
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if any(word in path.name for word in wanted)
        or (path.is_file() and any(word.encode() in path.read_bytes() for word in wanted))
    ]
