"""What happens to bundles: written, looked into by the second reader, carried, mishandled, imported."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fieldapp.errors import OperatorError
from fieldapp.operations import enrolment, export, imports, words
from fieldapp.storage import ledger
from fieldapp.storage.merged import state_hash
from tests.second_reader.container import Refused
from tests.second_reader.reader import Reading, events, opened
from tests.stateful.parties import HAPPENED, Party, PowerCut, cutting, running

STRANGERS = {"unknown_sender", "sender_too_late", "token_used"}
"""Codes of a refusal because of who sent it."""


@dataclass(frozen=True)
class OnStick:
    """A bundle on the stick, and what the second reader finds in it. ``events`` None: it must be refused."""

    path: Path
    audience: str
    keys: frozenset[str]
    events: frozenset[str] | None
    sender: str = ""
    format: int = 0
    lines: int = 0


class Sticks:
    """The carriers' half of a world."""

    folder: Path
    stick: Path
    parties: dict[str, Party]
    bundles: list[OnStick]
    count: int

    @property
    def hq(self) -> Party:
        return self.parties["hq"]

    @property
    def laptops(self) -> list[Party]:
        return [party for name, party in sorted(self.parties.items()) if name != "hq"]

    def write_out(self, party: Party, team: str = "", cut_at: int = 0, *, photos: bool = True) -> OnStick | None:
        """Export to the stick, for headquarters or a team; at the ``cut_at``-th sign of progress the power goes."""
        progress = cutting(cut_at)
        try:
            with running(party.program):
                if party.name == "hq":
                    self.note_epoch()
                    written = export.export_for_team(party.ws, team, self.stick, progress=progress)
                elif team:
                    written = export.export_for_team(
                        party.ws, team, self.stick, with_photos=photos, progress=progress
                    )
                else:
                    written = export.export_for_hq(party.ws, self.stick, thin=not photos, progress=progress)
        except (PowerCut, OperatorError):
            HAPPENED["export cut" if cut_at else "export refused"] += 1
            return None
        HAPPENED["exported to a team mate" if team and party.name != "hq" else "exported"] += 1
        HAPPENED["exported without its photos"] += not photos and not team
        self.bundles.append(self.look_into(written.path, written.audience))
        return self.bundles[-1]

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
                carried = [one["id"] for part in found.segments for one in events(part)]
                HAPPENED["photos carried"] += sum(name.startswith("photos/") for name in found.members)
                return OnStick(
                    path, audience, frozenset(found.manifest["recipient"]["keys"]), frozenset(carried),
                    found.manifest["sender"]["device"], found.manifest["format"], len(carried),
                )
        return OnStick(path, audience, frozenset(), None)

    def duplicate(self, one: OnStick) -> None:
        self.count += 1
        copy = self.stick / f"copy{self.count}.fieldbundle"
        shutil.copyfile(one.path, copy)
        self.bundles.append(replace(one, path=copy))

    def damage(self, one: OnStick, place: int, cut: bool) -> None:
        """One bit of it, or all behind a place."""
        HAPPENED["damaged"] += 1
        data = bytearray(one.path.read_bytes())
        place %= len(data)
        data[place] ^= 1 << place % 8
        one.path.write_bytes(bytes(data[:place] if cut else data))
        self.bundles[self.bundles.index(one)] = replace(one, events=None)
        for party in self.parties.values():
            party.taken.discard(one.path)

    def lose(self, one: OnStick) -> None:
        HAPPENED["lost"] += 1
        self.bundles.remove(one)
        one.path.unlink()

    def welcome(self, party: Party, one: OnStick) -> bool:
        """Must this workspace take the bundle, as far as its contents say?"""
        addressed = one.audience == ("hq" if party.name == "hq" else f"team/{party.team}")
        return (
            one.events is not None and addressed and party.ws.keys.recipient in one.keys
            and one.format <= party.program.reads
        )

    def knows_sender(self, party: Party, one: OnStick) -> bool:
        """Has this workspace a grant of the sender, or is it headquarters' own bundle?"""
        known = enrolment.device(party.ws, one.sender)
        if party.name == "hq":
            return known is not None
        return one.sender == self.hq.ws.device or (known is not None and party.team in known.teams)

    def read_in(self, party: Party, one: OnStick, cut_at: int = 0) -> str:
        """Import; what must come of it is known before. Returns ``taken``, ``refused`` or ``cut``.

        ``cut_at``: the power goes at a sign of progress, or, below zero, when the clock is read for the nth time.
        """
        before, file, code = self.remembered(party), one.path.read_bytes(), ""
        welcome, known = self.welcome(party, one), self.knows_sender(party, one)
        outcome = "taken"
        party.clock.reads = max(-cut_at, 0)
        try:
            with running(party.program):
                imports.import_file(party.ws, one.path, progress=cutting(cut_at))
        except PowerCut:
            outcome = "cut"
        except OperatorError as error:
            outcome, code = "cut" if cut_at else "refused", error.code
        finally:
            party.clock.reads = 0
        HAPPENED[f"import {outcome}"] += 1
        HAPPENED["newer format refused"] += code == "bundle_too_new"
        assert one.path.read_bytes() == file
        if outcome != "taken":
            assert outcome == "cut" or not welcome or (not known and code in STRANGERS), f"V1: refused {code}"
            assert self.remembered(party) == before, "V5"
            return outcome
        assert welcome, "V3: only whole bundles that are addressed here"
        assert known or party.name == "hq", "V3: only from whom headquarters enrolled"
        self.took(party, one, before)
        return outcome

    def took(self, party: Party, one: OnStick, before: Any) -> None:
        assert one.events is not None
        if one.path in party.taken:
            assert self.remembered(party) == before, "V4, V13: a bundle that was taken before changes nothing"
            HAPPENED["taken again"] += 1
        party.taken.add(one.path)
        party.expected |= one.events
        if party.name == "hq":
            self.committed(party)  # a first bundle has headquarters write a grant

    def remembered(self, party: Party) -> tuple[str, str, dict[str, int]]:
        """State, headquarters' last word, and what is shown as safe."""
        store = party.ws.store
        return state_hash(store), party.ws.meta(words._KEPT), ledger.confirmed(store)

    def committed(self, party: Party) -> None:
        raise AssertionError("the other half of the world knows this")

    def note_epoch(self) -> None:
        raise AssertionError("the other half of the world knows this")

    def read_several(self, party: Party, chosen: list[OnStick]) -> None:
        """One import of several files in any order; a bad one never stops the rest."""
        HAPPENED["several at once"] += 1
        with running(party.program):
            outcomes = imports.import_files(party.ws, [one.path for one in chosen])
        assert len(outcomes) == len(chosen)
        for one, outcome in zip(chosen, outcomes, strict=True):
            refused = outcome.status == "refused"
            if refused:
                assert not self.welcome(party, one) or outcome.code in STRANGERS, f"V1: refused {outcome.code}"
            else:
                assert self.welcome(party, one), "V3"
                assert one.events is not None
                party.expected |= one.events
                party.taken.add(one.path)
        self.committed(party)

    def exchange(self) -> None:
        """Every laptop to headquarters, then headquarters to every team. Nothing goes wrong on the way."""
        for laptop in self.laptops:
            one = self.write_out(laptop)
            assert one is not None
            self.read_in(self.hq, one)
        twins = [laptop.ws.device for laptop in self.laptops]
        for team in sorted({laptop.team for laptop in self.laptops}):
            one = self.write_out(self.hq, team)
            for laptop in self.laptops:
                if one is None or laptop.team != team or laptop.ws.keys.recipient not in one.keys:
                    continue
                # the copies of one laptop may run different programs, and headquarters knows one device
                readable = one.format <= laptop.program.reads
                assert readable or twins.count(laptop.ws.device) > 1, "V15: an answer that the laptop can read"
                assert self.read_in(laptop, one) == ("taken" if readable else "refused")
