from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.events import Event
from fieldapp.domain.kinds import Field, FieldType, Names, one
from fieldapp.domain.registry import KINDS
from fieldapp.storage import drafts, journal, ledger
from fieldapp.storage.database import Store, open_store
from fieldapp.storage.errors import DatabaseExists, DiskFull, NoDatabase, NotADatabase, TooNew
from fieldapp.storage.listing import Filter, count, select
from fieldapp.storage.merged import state_hash
from fieldapp.storage.records import events_of, history, read
from tests.builders_storage import KEY, PUBLIC_KEY

BODY: dict[str, Any] = {
    "at": "2024-07-29T10:00:00Z", "by": "R. Əliyev", "parents": [], "record": "find/dev/01",
    "set": {"what": {"category": "ap_mine", "model_text": "ПМН-2"}, "found": {"found_on": "2024-07-29"}},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def store(path: Path) -> Any:
    with open_store(path, KEY, create=True, root="dev") as opened:
        journal.new_stream(opened, "dev.a", "team/dev")
        yield opened


def save(store: Store, number: int, **others: Any) -> Event:
    return journal.append(store, "dev.a", BODY | {"record": f"find/dev/{number:02d}"} | others)


def test_a_saved_record_is_there_when_it_is_opened_again(store: Store, path: Path) -> None:
    save(store, 1)
    before = state_hash(store)
    store.close()
    with open_store(path, KEY) as again:
        found = read(again, "find/dev/01")
        assert found is not None
        assert found.fields["model_text"] == "ПМН-2"
        assert state_hash(again) == before


def test_the_file_tells_nothing_without_the_key(store: Store, path: Path) -> None:
    save(store, 1)
    store.close()
    assert b"SQLite" not in path.read_bytes()
    assert "ПМН-2".encode() not in path.read_bytes()
    with pytest.raises(NotADatabase):
        open_store(path, bytes(32))


def test_what_is_no_database_is_named_and_left_alone(path: Path) -> None:
    with pytest.raises(NoDatabase):
        open_store(path, KEY)
    path.write_bytes(b"not a database " * 500)
    with pytest.raises(NotADatabase):
        open_store(path, KEY)
    with pytest.raises(DatabaseExists):
        open_store(path, KEY, create=True)
    assert path.read_bytes() == b"not a database " * 500


def test_a_newer_database_is_refused_before_anything_is_touched(store: Store, path: Path) -> None:
    save(store, 1)
    store.execute("PRAGMA user_version = 99")
    store.close()
    before = path.read_bytes()
    with pytest.raises(TooNew) as refused:
        open_store(path, KEY)
    assert "99" in str(refused.value)
    assert path.read_bytes() == before


def test_commits_are_on_disk_before_they_return(store: Store) -> None:
    def of(pragma: str) -> Any:
        return store.rows(f"PRAGMA {pragma}")[0][0]

    assert (of("journal_mode"), of("synchronous"), of("foreign_keys"), of("temp_store")) == ("wal", 2, 1, 2)
    assert (of("trusted_schema"), of("cell_size_check")) == (0, 1)


def test_a_full_disk_loses_only_the_last_step(store: Store) -> None:
    saved = [save(store, 1)]
    pages = store.rows("PRAGMA page_count")[0][0]
    store.execute(f"PRAGMA max_page_count = {pages + 2}")

    def save_until_full() -> None:
        for number in range(2, 2000):
            saved.append(save(store, number, why="x" * 500))

    with pytest.raises(DiskFull) as full:
        save_until_full()
    assert "disk" in str(full.value).lower()
    assert count(store, "find") == len(saved)
    store.execute("PRAGMA max_page_count = 100000")
    saved.append(save(store, 3000))
    assert [event.seq for event in saved] == list(range(1, len(saved) + 1))
    assert store.rows("PRAGMA integrity_check") == [("ok",)]


def test_an_error_inside_a_transaction_undoes_all_of_it(store: Store) -> None:
    save(store, 1)
    before = state_hash(store)

    def save_and_fail(number: int) -> None:
        with store.transaction():
            save(store, number)
            store.set_meta("x", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail(2)
    assert state_hash(store) == before
    assert store.get_meta("x") is None
    with store.transaction():
        with pytest.raises(RuntimeError):
            save_and_fail(3)
        save(store, 4)
    assert [row["id"] for row in select(store, "find", order="id")] == ["01", "04"]
    assert save(store, 5).seq == 3


def test_a_field_declared_later_takes_its_values_out_of_what_was_kept(store: Store, path: Path) -> None:
    save(store, 1, set=BODY["set"] | {"smell": "almond"})
    before = state_hash(store)
    store.close()
    smell = one(Field("smell", FieldType.TEXT, Names("Smell", "Qoxu", "Запах")))
    newer = KINDS | {"find": dataclasses.replace(KINDS["find"], groups=(*KINDS["find"].groups, smell))}
    with open_store(path, KEY, kinds=newer) as again:
        assert select(again, "find")[0]["smell"] == "almond"
        assert state_hash(again) == before


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fieldapp.storage import journal
from fieldapp.storage.database import open_store
store = open_store(Path(sys.argv[1]), bytes(range(32)))
for number in range(100000):
    event = journal.append(store, "dev.a", {"parents": [], "record": f"find/dev/k{number}", "set": {"remarks": "x"}})
    print(event.id, flush=True)
"""


def test_a_killed_process_loses_nothing_it_acknowledged(store: Store, path: Path) -> None:
    store.close()
    root = str(Path(__file__).parents[2])
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(path), root], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [child.stdout.readline().strip() for _ in range(25)]
    child.kill()
    said += child.stdout.read().split()
    child.stdout.close()
    child.wait()
    with open_store(path, KEY) as again:
        whole = [i for i in said if len(i) == 64]
        held = [events_of(again, f"find/dev/k{number}") for number in range(len(whole))]
        assert [list(events) for events in held] == [[i] for i in whole]
        assert again.rows("PRAGMA integrity_check") == [("ok",)]


def test_sealed_events_are_handed_out_byte_for_byte(store: Store) -> None:
    for number in range(1, 4):
        save(store, number)
    assert len(journal.seal(store, "dev.a", lambda data: f"signed {len(data)}", PUBLIC_KEY)) == 1
    assert journal.seal(store, "dev.a", lambda data: "", PUBLIC_KEY) == []
    save(store, 4)
    journal.seal(store, "dev.a", lambda data: "second", PUBLIC_KEY)
    first, second = journal.segments_from(store, "dev.a")
    assert (first.from_seq, first.to_seq, second.from_seq, second.prev) == (1, 3, 4, first.head)
    assert first.sig == f"signed {len(first.data)}"
    assert journal.segments_from(store, "dev.a", 3) == [second]
    assert journal.has_segment(store, first.head)
    assert journal.receipts_to_give(store) == [{"stream": "dev.a", "seq": 4, "head": second.head}]


def test_a_closed_stream_is_never_written_again(store: Store) -> None:
    save(store, 1)
    journal.close_streams(store)
    assert journal.own_stream(store, "team/dev") is None
    with pytest.raises(journal.NotWritable):
        save(store, 2)


def test_history_tells_each_step_with_what_stood_before(store: Store) -> None:
    first = save(store, 1)
    save(store, 1, at="2024-07-29T11:00:00Z", parents=[first.id], why="misread", set={"what": {"category": "uxo"}})
    steps = history(store, "find/dev/01")
    assert [(step.why, step.counts) for step in steps] == [(None, True), ("misread", True)]
    assert steps[1].changes["what"].before == [BODY["set"]["what"]]
    assert steps[1].changes["what"].after == {"category": "uxo"}


def test_lists_are_filtered_ordered_and_paged(store: Store) -> None:
    for number, model in enumerate(["ПМН-2", "PMN-2", "TM-62M"], 1):
        save(store, number, set={"what": {"model_text": model}, "found": {"found_on": f"2024-07-{number:02d}"}})
    gone = save(store, 4)
    save(store, 4, parents=[gone.id], set={"exists": False})

    def ids(which: Filter, **others: Any) -> list[str]:
        return [row["id"] for row in select(store, "find", which, order="found_on", **others)]

    assert ids(Filter()) == ["01", "02", "03"]
    assert ids(Filter(), limit=1, offset=1) == ["02"]
    assert ids(Filter(retracted=True)) == ["04"]
    assert ids(Filter(between={"found_on": ("2024-07-02", None)})) == ["02", "03"]
    assert ids(Filter(equal={"model_text": ["PMN-2", "TM-62M"]}, owner="dev")) == ["02", "03"]
    assert ids(Filter(text="pmn 2")) == ["02"]
    assert ids(Filter(text="пмн2")) == ["01"]
    assert count(store, "find", Filter(ids=["01", "09"])) == 1
    with pytest.raises(KeyError):
        select(store, "find", Filter(equal={"1=1 --": 1}))


def test_a_record_is_safe_only_where_its_last_event_is(store: Store) -> None:
    first = save(store, 1)
    name = "find/dev/01"
    assert ledger.whereabouts(store, [name]) == {name: "here"}
    ledger.mark_exported(store, {"dev.a": 1}, "2024-07-29T12:00:00Z")
    assert ledger.whereabouts(store, [name]) == {name: "stick"}
    receipt = ledger.Receipt("dev.a", 1, first.id, "epoch", "2024-07-30T08:00:00Z")
    assert ledger.add_receipts(store, [receipt, receipt]) == []
    assert ledger.receipts(store) == [receipt]
    assert ledger.whereabouts(store, [name]) == {name: "hq"}
    save(store, 1, parents=[first.id], set={"remarks": "x"})
    assert ledger.whereabouts(store, [name]) == {name: "here"}


def test_a_receipt_for_what_is_not_here_saves_nothing_and_closes_the_stream(store: Store) -> None:
    save(store, 1)
    foreign = ledger.Receipt("dev.a", 1, "f" * 64, "epoch", "2024-07-30T08:00:00Z")
    assert ledger.add_receipts(store, [foreign]) == ["dev.a"]
    assert ledger.whereabouts(store, ["find/dev/01"]) == {"find/dev/01": "here"}
    assert journal.own_stream(store, "team/dev") is None


def test_numbers_are_given_once(store: Store) -> None:
    assert journal.next_number(store) == 1

    def number_and_fail() -> None:
        with store.transaction():
            assert journal.next_number(store) == 2
            raise RuntimeError

    with pytest.raises(RuntimeError):
        number_and_fail()
    assert journal.next_number(store) == 2


def test_drafts_are_kept_as_typed_until_discarded(store: Store) -> None:
    now = datetime(2024, 7, 29, 10, tzinfo=UTC)
    drafts.keep(store, "find", {"lat": "39,6°?"}, now)
    drafts.keep(store, "find", {"lat": "39.6"}, now)
    assert drafts.kept(store) == [drafts.Draft("find", "2024-07-29T10:00:00Z", {"lat": "39.6"})]
    drafts.discard(store, "find")
    assert drafts.kept(store) == []


def test_a_second_connection_sees_what_the_first_has_committed(store: Store, path: Path) -> None:
    save(store, 1)
    with open_store(path, KEY) as other:
        assert read(other, "find/dev/01") is not None
        journal.new_stream(store, "dev.b", "team/dev")
        journal.append(store, "dev.b", BODY | {"record": "find/dev/02"})
        found = read(other, "find/dev/02")
        assert found is not None
        assert found.stream == "dev.b"
        with store.transaction():
            save(store, 3)
            assert count(other, "find") == 2
