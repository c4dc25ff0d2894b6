"""``fieldapp demo``: a headquarters and 14 laptops with the published week of 29 July to 4 August 2024.

Everything is entered, signed, carried as bundles, imported and approved by the operations everybody uses. Keys, ids,
days and numbers follow from seeds, so that records, state hash and report are the same on every run; real
deployments refuse these keys.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fieldapp.operations import reports
from fieldapp.operations.demonstration.chain import Carried, Chain
from fieldapp.operations.demonstration.programme import FIRST, LAST, TEAMS
from fieldapp.operations.errors import WorkspaceExists
from fieldapp.reports.document import document
from fieldapp.storage.merged import state_hash
from fieldapp.texts import N_, Texts

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class DemoResult:
    """What was made, and the figures its headquarters reports for the week."""

    folder: Path
    hq: Path
    field: tuple[Path, ...]
    bundles: tuple[Carried, ...]
    state_hash: str
    report: dict[str, Any]
    """The weekly report as its JSON document."""

    def as_json(self) -> dict[str, Any]:
        """The documented shape of ``demo``."""
        return {
            "hq": str(self.hq), "field": [str(folder) for folder in self.field],
            "bundles": [
                {"file": str(one.file), "from": one.sender, "for": one.audience, "imports": one.imports}
                for one in self.bundles
            ],
            "period": self.report["period"], "totals": self.report["totals"], "state_hash": self.state_hash,
        }  # fmt: skip

    def lines(self, texts: Texts) -> list[str]:
        """What to tell a person."""
        return [
            texts(N_("Demonstration ready in {folder}: headquarters in hq, {count} laptops in team-01 to team-14."),
                  folder=self.folder, count=len(self.field)),
            self.report["bulletin"][texts.language],
        ]  # fmt: skip


def _unwatched(_done: int, _total: int) -> None:
    """Nobody watches."""


def make_demo(folder: Path, progress: Progress | None = None, cancelled: Cancelled | None = None) -> DemoResult:
    """Make the demonstration in ``folder``: ``hq``, ``team-01`` ... ``team-14``, ``stick`` and ``escrow``.

    Raises WorkspaceExists for a folder that is not empty, and Cancelled; then nothing is left behind.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceExists(folder=str(folder))
    chain = Chain(folder)
    try:
        chain.run(partial(progress, "demonstration") if progress else _unwatched, cancelled or (lambda: False))
        report = document(reports.weekly(chain.hq, FIRST, LAST), Texts(chain.hq.language))
        fields = tuple(folder / team.place for team in TEAMS)
        made = DemoResult(folder, folder / "hq", fields, tuple(chain.bundles), state_hash(chain.hq.store), report)
    except BaseException:
        chain.close()
        for name in ("hq", *(team.place for team in TEAMS), "stick", "escrow"):
            shutil.rmtree(folder / name, ignore_errors=True)
        raise
    chain.close()
    return made
