"""A small programme to be played with: headquarters, laptops, one stick, and plain sets that say what must be held.

Everything is done by the product's operations in real workspaces. The model beside it is only this: which event ids
each workspace must hold. A save adds what it wrote, an import adds what the second reader finds in the file, and
nothing else may ever add or take away.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from fieldapp.errors import OperatorError
from fieldapp.ids import SeededEntropy, uuid7
from fieldapp.operations import backup, enrolment, headquarters, lookup, photos, questions, records, review
from fieldapp.operations.workspace import open_workspace
from fieldapp.operations.writing import write
from fieldapp.storage.merged import merge_result, state_hash
from fieldapp.sync.keys import ReceivingKey
from tests import builders
from tests.stateful.parties import (
    CANARY,
    HAPPENED,
    PROGRAMS,
    TEAMS,
    UPGRADES,
    Json,
    Log,
    Party,
    PowerCut,
    Program,
    running,
    start_of,
)
from tests.stateful.sticks import OnStick, Sticks


@dataclass(frozen=True)
class Kept:
    """A backup: what it must bring back, and the keys that open it (none for a copy of the folder)."""

    path: Path
    expected: frozenset[str]
    keys: list[ReceivingKey]


class World(Sticks):
    """The programme. Every method is one thing that happens."""

    def __init__(self, template: Path, folder: Path) -> None:
        shutil.copytree(template, folder)
        self.folder, self.stick = folder, folder / "stick"
        self.parties: dict[str, Party] = {}
        self.log = Log()
        self.truth: dict[str, Json] = {}
        """Every event that was ever committed anywhere."""
        self.bundles: list[OnStick] = []
        self.copies: dict[str, Kept] = {}
        self.backups: dict[str, Kept] = {}
        self.forms: list[tuple[str, str, list[str]]] = []
        self.in_epoch: dict[str, set[str]] = {}
        """What headquarters held in each of its epochs."""
        self.count = self.jumps = 0
        for name, program in zip(("hq", *TEAMS), ("now", "old", "next", "now"), strict=True):
            party = self.open(name, folder / name, PROGRAMS[program])
            party.expected = set(self.log.held(party))
            self.truth |= self.log.held(party)

    def open(self, name: str, folder: Path, program: Program) -> Party:
        """Open a workspace; what it does is different each time it is opened."""
        self.count += 1
        clock = start_of(self.count)
        with running(program):
            ws = open_workspace(folder, clock=clock, entropy=SeededEntropy(f"{name} {self.count}"))
        self.parties[name] = Party(name, folder, ws, clock, program)
        return self.parties[name]

    def close(self) -> None:
        for party in self.parties.values():
            party.ws.close()
        shutil.rmtree(self.folder)

    # --- what people do

    def save(self, party: Party, action: Callable[[], object]) -> bool:
        """Whatever a verb writes belongs to the truth from now on; where it refuses, it must have written nothing."""
        try:
            with running(party.program):
                action()
        except OperatorError:
            HAPPENED["verb refused"] += 1
            return False
        HAPPENED["saved"] += 1
        self.committed(party)
        return True

    def committed(self, party: Party) -> None:
        """Take up what this workspace has just written itself."""
        after = self.log.held(party)
        for i in after.keys() - party.expected:
            assert after[i]["stream"].startswith(party.ws.device + "."), "V3: only its own events can be new here"
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
        why, before = f"{CANARY} reason", set(party.expected)
        held = records.get(party.ws, name).values.get("amount")
        self.edit(party, heads, lambda: records.correct(party.ws, name, fields, why, heads=heads))
        for i in party.expected - before:
            amount = self.truth[i]["set"].get("amount")
            if amount is not None and isinstance(held, dict):
                assert amount.get("gauge") == held.get("gauge"), "V14: a member of a newer version is kept"

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
            done = self.save(
                party, lambda: records.settle(party.ws, name, found[0].group, value, f"{CANARY} reason")
            )
            HAPPENED["settled"] += done

    def decide(self, name: str, verdict: str) -> None:
        self.save(self.hq, lambda: review.decide(self.hq.ws, [name], verdict, f"{CANARY} remark"))

    def ask(self, name: str) -> None:
        HAPPENED["asked"] += self.save(self.hq, lambda: questions.ask(self.hq.ws, name, f"{CANARY} deeper?"))

    def answer(self, laptop: Party, question: str) -> None:
        HAPPENED["answered"] += self.save(
            laptop, lambda: questions.answer(laptop.ws, question, f"{CANARY} measured again")
        )

    def close_question(self, question: str) -> None:
        HAPPENED["question closed"] += self.save(
            self.hq, lambda: questions.close(self.hq.ws, question, f"{CANARY} fine")
        )

    def write_of_the_future(self, laptop: Party, name: str, what: str) -> None:
        """What only a newer program can write: another kind, another group, another member or code."""
        HAPPENED["written by a newer program"] += 1
        changes: dict[str, Json] = {
            "kind": {"shape": {"form": f"{CANARY} ring", "size_mm": 7}, "aura": {"hue": ["x"]}},
            "group": {"smell": f"{CANARY} almond"},
            "member": {"amount": {"quantity": 1, "unit": "piece", "gauge": f"{CANARY} 7.62"}},
            "code": {"condition": "petrified"},
        }
        heads: list[str] = []
        if what == "kind":
            name = f"novelty/{laptop.team}/{uuid7(laptop.clock.now(), laptop.ws.entropy)}"
        else:
            heads = records.get(laptop.ws, name).heads
        self.save(laptop, lambda: write(laptop.ws, name, changes[what], parents=heads, why=f"{CANARY} why"))

    # --- what happens to machines

    @property
    def revoked(self) -> set[str]:
        """The devices that headquarters has cut off, as far as it knows."""
        return {device.device for device in enrolment.devices(self.hq.ws) if device.revoked}

    def revoke(self, laptop: Party) -> None:
        HAPPENED["revoke"] += self.save(
            self.hq, lambda: headquarters.revoke(self.hq.ws, laptop.ws.device, f"{CANARY} stolen")
        )

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
        self._goes_on(party, self.open(party.name, party.folder, party.program))

    def upgrade(self, party: Party) -> None:
        """A newer program on the same workspace: its tables are made anew from the log, and say the same."""
        if party.program.name not in UPGRADES:
            return
        HAPPENED["upgraded"] += 1
        before, digest = merge_result(party.ws.store), state_hash(party.ws.store)
        party.ws.close()
        newer = self.open(party.name, party.folder, PROGRAMS[UPGRADES[party.program.name]])
        self._goes_on(party, newer)
        assert merge_result(newer.ws.store) == before, "V7, V14: understood by the newer program as by the older"
        assert state_hash(newer.ws.store) == digest, "V7"
        for row in lookup.rows(newer.ws, "novelty") if newer.program.name == "next" else ():
            HAPPENED["understood after the upgrade"] += 1
            assert row["size_mm"] == 7, "V14: the column of a kind that was unknown before"

    @staticmethod
    def _goes_on(party: Party, newer: Party) -> None:
        newer.expected, newer.taken, newer.word = party.expected, party.taken, party.word

    def copy_folder(self, party: Party) -> None:
        self.count += 1
        copy = self.folder / f"copy{self.count}"
        shutil.copytree(party.folder, copy)
        self.copies[party.name] = Kept(copy, frozenset(party.expected), [])

    def bring_back(self, party: Party) -> None:
        """The disk died; a copy of the folder takes its place, with all that came after it gone from this laptop."""
        HAPPENED["bring_back"] += 1
        kept = self.copies[party.name]
        party.ws.close()
        shutil.rmtree(party.folder)
        shutil.copytree(kept.path, party.folder)
        self.open(party.name, party.folder, party.program).expected = set(kept.expected)
        self._forget_forms(party.name)

    def back_up(self, party: Party) -> None:
        """The program's own backup, encrypted, in one file."""
        HAPPENED["backed up"] += 1
        self.count += 1
        file = self.folder / f"{party.name}{self.count}.backup"
        with running(party.program):
            backup.backup(party.ws, file)
        self.backups[party.name] = Kept(file, frozenset(party.expected), backup.keys_of(party.ws))

    def restore(self, party: Party) -> None:
        """The program's own restore, of a laptop or of headquarters, in another folder of another computer."""
        HAPPENED["restored headquarters" if party.name == "hq" else "restored a laptop"] += 1
        kept = self.backups[party.name]
        self.count += 1
        party.ws.close()
        shutil.rmtree(party.folder)
        folder, clock = self.folder / f"{party.name}{self.count}", start_of(self.count)
        entropy = SeededEntropy(f"{party.name} {self.count}")
        with running(party.program):
            ws = backup.restore(kept.path, folder, kept.keys, clock=clock, entropy=entropy, use_keyring=False)
        self.parties[party.name] = Party(party.name, folder, ws, clock, party.program, set(kept.expected))
        self._forget_forms(party.name)

    def clone(self, party: Party) -> None:
        HAPPENED["clone"] += 1
        self.count += 1
        name = f"{party.name}{self.count}"
        shutil.copytree(party.folder, self.folder / name)
        self.open(name, self.folder / name, party.program).expected = set(party.expected)

    def lose_laptop(self, party: Party) -> None:
        HAPPENED["lose_laptop"] += 1
        self.parties.pop(party.name).ws.close()
        self.copies.pop(party.name, None)
        self.backups.pop(party.name, None)
        self._forget_forms(party.name)

    def _forget_forms(self, name: str) -> None:
        self.forms = [form for form in self.forms if form[0] != name]

    def stranded(self, laptop: Party) -> bool:
        """Has a restored headquarters lost this laptop's grant, and did no other one bring it back? (README.md)"""
        lost = len(self.in_epoch) > 1 and enrolment.device(self.hq.ws, laptop.ws.device) is None
        HAPPENED["stranded"] += lost
        return lost

    def note_epoch(self) -> None:
        """What headquarters holds now, it held in this epoch."""
        self.in_epoch.setdefault(self.hq.ws.meta("epoch"), set()).update(self.hq.expected)

    def held_in_epochs(self, laptop: Party) -> set[str]:
        """What headquarters held in each of the epochs that this laptop takes for the newest."""
        known: list[str] = json.loads(laptop.ws.store.get_meta("hq_epochs") or "[]")
        found = [self.in_epoch.get(epoch, set()) for epoch in known]
        return set.intersection(*found) if found else set()


def files_with(folder: Path, words: Iterable[str]) -> list[str]:
    """Files below a folder in whose name or bytes one of the words stands."""
    wanted = list(words)
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if any(word in path.name for word in wanted)
        or (path.is_file() and any(word.encode() in path.read_bytes() for word in wanted))
    ]
