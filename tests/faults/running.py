"""Runs the killing program for the tests, and says how long the long versions are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("FIELDAPP_SOAK", "70"))
"""Kills of each job; FIELDAPP_SOAK=10000 is the version before a release."""


def killed(job: str, folder: Path, seed: int) -> dict[str, Any]:
    """Run ``killing`` in a process of its own, which forks safely because it has one thread."""
    command = [sys.executable, "-m", "tests.faults.killing", job, str(folder), str(KILLS), str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result
