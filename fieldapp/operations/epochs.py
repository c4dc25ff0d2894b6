"""The epoch of headquarters' store: a store that was set back to an older state begins a new one.

Its text is ``<number>-<random>``; the higher number is the newer epoch (``storage/ledger.py`` reads it so).
"""

from __future__ import annotations

from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal, ledger
from fieldapp.sync.manifest import Manifest
from fieldapp.texts import N_, Texts


def begin(ws: Workspace, after: str = "") -> str:
    """Begin an epoch newer than ``after`` and than the one there is, and return it."""
    number = 1 + max(ledger.epoch_number(after), ledger.epoch_number(ws.meta("epoch")))
    epoch = f"{number}-{ws.entropy.take(4).hex()}"
    ws.set_meta("epoch", epoch)
    return epoch


def notice_setback(ws: Workspace, word: Manifest) -> str | None:
    """A manifest that this headquarters signed itself: does it know more than headquarters does now?

    Then the store was put back without ``restore`` (a copied folder, a disk image): nothing that this store wrote
    is written on, and a new epoch tells all laptops to send again. Returns the sentence for the officer.
    """
    told, own = word.hq_epoch or "", ws.meta("epoch")
    numbers = ledger.epoch_number(told), ledger.epoch_number(own)
    here = int(ws.meta("bundle_number", "0"))
    if numbers[0] < numbers[1] or (told == own and word.bundle.number <= here):
        return None
    begin(ws, told)
    ws.set_meta("bundle_number", str(max(here, word.bundle.number)))
    journal.close_streams(ws.store)
    return Texts(ws.language)(N_(
        "Headquarters is in an older state than it was. Return bundles now ask all laptops to send everything again."
    ))
