"""A pseudo-terminal for a receiver to talk through."""

from __future__ import annotations

import os

import pytest


def open_terminal() -> tuple[int, int]:
    """Our end and that of the program. A system that has none (no devpts, as in a bare chroot) skips the test."""
    try:
        return os.openpty()
    except OSError as error:
        pytest.skip(f"this system has no pseudo-terminals: {error}")
