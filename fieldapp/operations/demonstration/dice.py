"""Dice that fall the same way for the same seed: the plan of the demonstration is the same on every run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from fieldapp.ids import SeededEntropy

T = TypeVar("T")


class Dice:
    """One sequence of throws. Two things that are planned apart use two seeds, so neither moves the other."""

    def __init__(self, seed: str) -> None:
        self._bytes = SeededEntropy(f"fieldapp demonstration plan {seed}")

    def below(self, count: int) -> int:
        """A whole number from 0 to ``count - 1``."""
        return int.from_bytes(self._bytes.take(6), "big") % count

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def one_in(self, count: int) -> bool:
        """True once in ``count`` throws, on average."""
        return self.below(count) == 0

    def of(self, choices: Sequence[T]) -> T:
        """One of ``choices``, each as likely as the next."""
        return choices[self.below(len(choices))]
