"""D9: a receipt for numbers never written, or with another hash, is not shown as safe, and raises the alarm."""

from pathlib import Path

import pytest

from fieldapp.operations import imports, records, today
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal, ledger
from fieldapp.sync.manifest import Receipt
from tests.builders import Deployment, a_find, deployment
from tests.builders_faults import answered

EPOCH = "00000000"


def head(laptop: Workspace) -> tuple[str, int, str]:
    stream = journal.own_stream(laptop.store, "team/t7")
    assert stream is not None
    ((seq, event),) = journal.branches(laptop.store)[stream]
    return stream, seq, event


def ready(there: Deployment) -> tuple[Workspace, str]:
    """A laptop with one find at headquarters and one here."""
    laptop = there.laptops["laptop"]
    a_find(laptop)
    there.exchange(laptop)
    return laptop, a_find(laptop).name


@pytest.mark.parametrize("false", ["never written", "another hash", "hash of another number", "stream unknown here"])
def test_d9_a_false_receipt_makes_nothing_safe_and_raises_the_alarm(tmp_path: Path, false: str) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, name = ready(there)
        stream, seq, event = head(laptop)
        receipt = {
            "never written": Receipt(stream, seq + 40, "ab" * 32, EPOCH),
            "another hash": Receipt(stream, seq, "cd" * 32, EPOCH),
            "hash of another number": Receipt(stream, seq + 1, event, EPOCH),
            "stream unknown here": Receipt(f"{laptop.device}.zzzzzzzz", 7, "ef" * 32, EPOCH),
        }[false]
        before = ledger.confirmed(laptop.store)
        outcome = imports.import_file(laptop, answered(there.hq, "t7", there.stick, [receipt]))
        assert len(outcome.alarms) == 1
        assert outcome.receipts == 0
        assert ledger.confirmed(laptop.store) == before
        assert records.whereabouts(laptop, [name]) == {name: "here"}
        assert today.places(laptop).here == 1


def test_d9_a_true_receipt_does_and_raises_none(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, name = ready(there)
        there.carry(laptop)
        outcome = imports.import_file(laptop, answered(there.hq, "t7", there.stick, [Receipt(*head(laptop), EPOCH)]))
        assert (outcome.receipts, outcome.alarms) == (1, [])
        assert records.whereabouts(laptop, [name]) == {name: "hq"}


def test_d9_after_the_alarm_a_new_log_is_written_and_everything_is_sent_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, name = ready(there)
        stream, seq, _event = head(laptop)
        imports.import_file(laptop, answered(there.hq, "t7", there.stick, [Receipt(stream, seq, "cd" * 32, EPOCH)]))
        new = a_find(laptop).name
        assert journal.own_stream(laptop.store, "team/t7") not in (None, stream)
        assert there.exchange(laptop).new == 2
        assert records.whereabouts(laptop, [name, new]) == {name: "hq", new: "hq"}


def test_d9_receipts_for_other_laptops_say_nothing_here(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop", "other") as there:
        laptop, name = ready(there)
        there.exchange(there.laptops["other"])
        a_find(there.laptops["other"])
        theirs = head(there.laptops["other"])
        outcome = imports.import_file(laptop, answered(there.hq, "t7", there.stick, [Receipt(*theirs, EPOCH)]))
        assert (outcome.receipts, outcome.alarms) == (0, [])
        assert records.whereabouts(laptop, [name]) == {name: "here"}
