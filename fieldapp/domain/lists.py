"""The lists shipped as package data (``data/*.json``): where they lie and which version this is.

Records refer to the codes of these lists; only what headquarters adds or changes is an event. Each file names the
public source of its entries; ``GK`` marks what rests on general knowledge and wants a reader from the field.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files

LISTS = ("vocabularies", "ordnance_models", "places", "organisations")
"""The shipped lists, each a file ``data/<name>.json``."""


def list_bytes(name: str) -> bytes:
    """The JSON text of one of ``LISTS``, with line ends as they were written, whatever a checkout made of them."""
    return (files("fieldapp.domain") / "data" / f"{name}.json").read_bytes().replace(b"\r\n", b"\n")


@lru_cache(maxsize=1)
def lists_version() -> str:
    """A short hash of all shipped lists: 12 hexadecimal digits, written into bundles."""
    whole = hashlib.sha256()
    for name in LISTS:
        whole.update(hashlib.sha256(list_bytes(name)).digest())
    return whole.hexdigest()[:12]
