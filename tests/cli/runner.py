"""Runs commands in this process as the shell would, and reads their one JSON document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from fieldapp.cli import main


@dataclass(frozen=True)
class Ran:
    """A command that ended: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def run(*words: object, workspace: Path | None = None) -> Ran:
    """Run ``fieldapp WORDS``."""
    before = ["--workspace", str(workspace)] if workspace else []
    result: Result = CliRunner().invoke(main, [*before, *map(str, words)], catch_exceptions=False)
    return Ran(result.exit_code, result.stdout, result.stderr)


def done(*words: object, workspace: Path | None = None) -> Any:
    """Run a command with ``--json`` that must succeed, and return its document."""
    ran = run(*words, "--json", workspace=workspace)
    assert ran.code == 0, (words, ran.out, ran.err)
    return ran.json
