"""All current records at once: the state hash, and the result exactly as the reference model gives it."""

from __future__ import annotations

import hashlib
from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.registry import DANGER_VERSION
from fieldapp.storage.database import Store
from fieldapp.storage.records import conflicts, every_record, pending, quarantined
from fieldapp.storage.runs import all_chains


def state_hash(store: Store) -> str:
    """SHA-256 over the version of the danger scales and one canonical line per record, in record order."""
    digest = hashlib.sha256(f"{DANGER_VERSION}\n".encode())
    for name, values, heads, retracted, _ in every_record(store):
        digest.update(
            canonical({"heads": heads, "record": name, "retracted": retracted, "values": values}) + b"\n"
        )
    return digest.hexdigest()


def merge_result(store: Store) -> dict[str, Any]:
    """What the reference model's ``merge`` returns for the held events; nothing refused is held, so that is empty."""
    records = {
        name: {"values": values, "retracted": retracted, "heads": heads, "settled": settled}
        for name, values, heads, retracted, settled in every_record(store)
    }
    chains = all_chains(store)
    return {
        "records": records,
        "conflicts": _sorted(
            {"record": c.record, "group": c.group, "readings": c.readings, "events": c.events}
            for c in conflicts(store)
        ),
        "pending": _sorted(
            {"event": p.event, "record": p.record, "parents": p.parents, "needs": p.needs, "counts": p.counts}
            for p in pending(store)
        ),
        "quarantined": _sorted(
            {"event": q.event, "record": q.record, "reason": q.reason} for q in quarantined(store)
        ),
        "gaps": chains.gaps,
        "forks": chains.forks,
        "receipts": chains.receipts,
        "stale": sorted(name for name, record in records.items() if _is_stale(record, records)),
        "refused": [],
    }


def _sorted(items: Any) -> list[Any]:
    return sorted(items, key=canonical)


def _is_stale(record: dict[str, Any], records: dict[str, dict[str, Any]]) -> bool:
    of = record["values"].get("of")
    if not isinstance(of, dict) or record["retracted"]:
        return False
    judged = records.get(str(of.get("record")))
    return bool(of.get("seen") != (judged["heads"] if judged else None))
