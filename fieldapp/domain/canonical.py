"""The one byte string of a JSON value (oracle section 2: canonical bytes).

UTF-8, members sorted, no spaces, only necessary escapes, member names ``[a-z][a-z0-9_]*``, integers up to
2**53 - 1, at most 32 levels, no fractions.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

MAX_INTEGER = 2**53 - 1
"""The largest integer every JSON reader keeps exact."""
MAX_LEVELS = 32

_MEMBER = re.compile(r"[a-z][a-z0-9_]*")
_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode


class NoCanonicalForm(ValueError):
    """The value or the bytes have no canonical form; the argument says which rule they break."""


def canonical(value: Any) -> bytes:
    """The canonical bytes of ``value``. Raises NoCanonicalForm where it has none."""
    check(value)
    try:
        return _encode(value)
    except (UnicodeEncodeError, TypeError, ValueError) as error:
        raise NoCanonicalForm("text") from error


def parse(line: bytes) -> Any:
    """The value of bytes that are their own canonical form. Raises NoCanonicalForm for all others.

    Catches what JSON readers let pass: a member twice, spaces, other escapes, fractions, NaN, a byte order mark.
    """
    try:
        value = _decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NoCanonicalForm("not JSON") from error
    if canonical(value) != line:
        raise NoCanonicalForm("not in canonical form")
    return value


def check(value: Any, levels: int = MAX_LEVELS) -> None:
    """Raise NoCanonicalForm if ``value`` has fractions, large integers, foreign member names or too many levels."""
    if isinstance(value, dict):
        if not all(isinstance(name, str) and _MEMBER.fullmatch(name) for name in value):
            raise NoCanonicalForm("member name")
        members: list[Any] = list(value.values())
    elif isinstance(value, (list, tuple)):
        members = list(value)
    elif value is None or isinstance(value, (bool, str)) or (isinstance(value, int) and abs(value) <= MAX_INTEGER):
        return
    else:
        raise NoCanonicalForm("number")
    if not levels:
        raise NoCanonicalForm("levels")
    for member in members:
        if type(member) is not str:
            check(member, levels - 1)
