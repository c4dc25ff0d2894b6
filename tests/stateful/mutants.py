"""Rules of the product, each dropped once, and the test that must fail then.

    python -m tests.stateful.mutants            all of them, on a copy of the checkout (some minutes)
    python -m tests.stateful.mutants V11        those of one invariant
    python -m tests.stateful.mutants --list     what there is

Exit 1 and the names of those that lived. ``test_invariants.py`` keeps the list in step: each text stands in
its file exactly once, and each test is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEASON = "tests/stateful/test_machine.py::test_one_season_in_which_each_of_these_things_happens"


@dataclass(frozen=True)
class Mutant:
    """One rule: where it stands, what it becomes, the invariant it carries, and the test that dies for it."""

    rule: str
    invariant: str
    file: str
    old: str
    new: str
    test: str


MUTANTS = (
    Mutant("a receipt counts only where its head is in the chain here", "V11", "fieldapp/storage/ledger.py",
           "stream not in found and holds(store, stream, seq, head)", "stream not in found",
           "tests/faults/test_d9_false_receipts.py"),
    Mutant("a stream in which another machine writes on is closed", "V10", "fieldapp/storage/ledger.py",
           'store.execute("UPDATE stream SET closed = 1 WHERE n = ?", own)', "pass",
           "tests/faults/test_d9_false_receipts.py"),
    Mutant("a forked stream is safe only before the fork until each branch is confirmed", "V11",
           "fieldapp/storage/ledger.py", "        _leave_out_forks(store, found)\n", "        pass\n",
           SEASON),
    Mutant("only receipts of the newest epoch count", "V11", "fieldapp/storage/ledger.py",
           'found = safe.get(epoch if known else "")', "found = next(iter(safe.values()))",
           "tests/faults/test_d10_restored_headquarters.py"),
    Mutant("everything since the last receipt is carried, not since the last export", "V2",
           "fieldapp/operations/carrying.py", "    return found\n\n\ndef segments_for(",
           "    from fieldapp.storage.ledger import exported\n"
           "    for stream, seq in exported(ws.store).items():\n"
           "        found.setdefault(stream, []).extend(\n"
           "            (s.to_seq, s.head) for s in journal.segments_from(ws.store, stream) if s.to_seq == seq)\n"
           "    return found\n\n\ndef segments_for(",
           "tests/stateful/test_invariants.py::test_v2_a_lost_stick_costs_nothing"),
    Mutant("a manifest's signature is checked", "V3", "fieldapp/sync/reading.py",
           "    verify_text(sender.key, raw, signature, MANIFEST_COMMENT)\n", "",
           "tests/faults/test_c1_senders_at_headquarters.py"),
    Mutant("a photo is encrypted where it lies", "V17", "fieldapp/operations/photos.py",
           "seal(io.BytesIO(data), out, [recipient])", "out.write(data)",
           "tests/stateful/test_invariants.py::test_v17_a_photo_cannot_be_read_where_it_lies"),
    Mutant("a copied or restored workspace begins new streams", "V10", "fieldapp/operations/backup.py",
           "        journal.close_streams(ws.store)\n", "",
           "tests/faults/test_d6_restored_laptop.py"),
    Mutant("a restored headquarters begins a new epoch", "V11", "fieldapp/operations/backup.py",
           "            epochs.begin(ws)\n", "            pass\n", SEASON),
    Mutant("an older word of headquarters takes nothing back", "V13", "fieldapp/operations/words.py",
           "    if newest and _is_last(ws, word):\n", "    if True:\n",
           "tests/stateful/test_invariants.py::test_v13_an_older_word_takes_nothing_back"),
    Mutant("an import is one transaction", "V5", "fieldapp/operations/imports.py",
           "            with ws.store.transaction():\n                _apply(",
           "            if True:\n                _apply(", SEASON),
    Mutant("the current record is computed again when an event comes late", "V7", "fieldapp/storage/ingest.py",
           "        recompute(store, self._dirty)\n", "", SEASON),
    Mutant("what a form did not show is not replaced", "V8", "fieldapp/operations/records.py",
           "parents=record.heads if heads is None else heads, why=why.strip(), by=by)\n    return get(ws, name)\n\n\n"
           "def _placed_by_hand", "parents=record.heads, why=why.strip(), by=by)\n    return get(ws, name)\n\n\n"
           "def _placed_by_hand", SEASON),
    Mutant("the most dangerous reading is shown", "V9", "fieldapp/domain/merge.py",
           "reverse=True)\n        values", ")\n        values", SEASON),
    Mutant("a disputed plot is shown as withdrawn", "V9", "fieldapp/domain/merge.py",
           "(not unseen or kind in release_kinds)", "(not unseen)", SEASON),
    Mutant("a member of a newer version is kept by a correction", "V14", "fieldapp/domain/validation.py",
           "    after = dict(before) if isinstance(before, dict) else {}\n", "    after = {}\n", SEASON),
)


def survivors(wanted: str = "") -> list[str]:
    """Drop each rule in a copy of the checkout; the rules whose test passed all the same."""
    lived: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "build", "__pycache__"))
        for mutant in MUTANTS:
            if wanted not in {"", mutant.invariant}:
                continue
            file = copy / mutant.file
            source = file.read_text(encoding="utf-8")
            file.write_text(source.replace(mutant.old, mutant.new), encoding="utf-8")
            done = subprocess.run(
                [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", mutant.test], cwd=copy,
                capture_output=True, text=True, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            )
            file.write_text(source, encoding="utf-8")
            last = (done.stdout.strip().splitlines() or [done.stderr])[-1]
            outcome = "dies " if done.returncode == 1 else "LIVES"
            print(f"{outcome} {mutant.invariant:4} {mutant.rule}: {last}", flush=True)
            if done.returncode != 1:
                lived.append(mutant.rule)
    return lived


if __name__ == "__main__":
    if "--list" in sys.argv:
        print("\n".join(f"{one.invariant:4} {one.rule} [{one.file}]" for one in MUTANTS))
    else:
        raise SystemExit(1 if survivors(*sys.argv[1:2]) else 0)
