"""Which verdict on a version of a record is in force: without a clock, from what stands in which stream.

Within one stream the later verdict on the same version takes the earlier one's place. Verdicts of different streams
stand side by side: a version is approved only while nobody else says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one live judgement says: its verdict, the heads it judged, its place."""

    verdict: str
    seen: frozenset[str]
    stream: int | str
    seq: int


def in_force(verdicts: Sequence[Verdict], version: Iterable[str]) -> set[str]:
    """The verdicts that stand on the version with these heads."""
    heads = frozenset(version)
    on_it = [one for one in verdicts if one.seen == heads]
    return {
        one.verdict
        for one in on_it
        if not any(other.stream == one.stream and other.seq > one.seq for other in on_it)
    }


def approved_versions(verdicts: Sequence[Verdict]) -> list[frozenset[str]]:
    """The versions that are approved, in the order in which they were first judged."""
    versions = dict.fromkeys(one.seen for one in verdicts if one.seen)
    return [seen for seen in versions if in_force(verdicts, seen) == {APPROVED}]
