"""The reference model and its vectors stand here byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

ORACLE = Path(__file__).parent.parent / "oracle"


@pytest.mark.parametrize(
    ("name", "sha256"),
    [
        ("README.md", "5425da18e47f628510e187e13ab23344b2428b4912a0877c437e1627f75e34a9"),
        ("merge_oracle.py", "eaceb89af73541b50ffe6fa700e10bd1b97243c5f15cc235b581cf5d4f672dbc"),
        ("vectors.json", "ada8735a77c89134d6bd446edb14f7131aec21eabc9e203e1ae0196b8c166d3d"),
    ],
)
def test_the_reference_model_is_unchanged(name: str, sha256: str) -> None:
    assert hashlib.sha256((ORACLE / name).read_bytes()).hexdigest() == sha256
