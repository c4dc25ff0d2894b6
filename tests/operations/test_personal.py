"""Victims' personal data: sealed apart, sent apart, and nowhere else."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.personal import PADDED_BYTES, PERSONAL, plain_bytes
from fieldapp.errors import OperatorError
from fieldapp.operations import (
    backup,
    browsing,
    drafts,
    entry,
    export,
    flat_files,
    headquarters,
    joining,
    lookup,
    personal,
    records,
    verifying,
)
from fieldapp.operations.errors import (
    FieldsNotValid,
    NothingToSend,
    NotJoined,
    OnlyField,
    PersonalAltered,
    PersonalMissing,
    WrongRole,
)
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from fieldapp.sync import errors as sync_errors
from fieldapp.sync.keys import ReceivingKey
from fieldapp.sync.manifest import Deployment as Named
from fieldapp.sync.manifest import Sender
from fieldapp.sync.personal import PartEntry, PersonalManifest, open_part, write_personal
from fieldapp.sync.sealing import open_sealed
from tests.builders import Deployment, a_find, alone, deployment
from tests.builders_faults import JPEG

SENTINEL = "Zeynalova-7531"
WHO = {
    "name": f"Gülnar {SENTINEL}", "identification": f"AZE {SENTINEL}", "date_of_birth": "1990-05-01",
    "address": f"{SENTINEL} küçəsi 5", "contact": f"+994 {SENTINEL}", "notes": f"sister of {SENTINEL}",
}


def a_victim(ws: Workspace, who: dict[str, str] | None = None, **fields: object) -> Record:
    """An injured civilian with personal data unless told otherwise."""
    values = {"victim_outcome": "injured", "victim_status": "civilian", "harmed_on": "2024-07-30", **fields}
    return entry.add(ws, "victim", values, personal=WHO if who is None else who)


def send(made: Deployment, laptop: Workspace) -> Path:
    (sent,) = personal.send(laptop, made.stick)
    return sent.path


@pytest.fixture
def joined(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, "one", "two") as made:
        for laptop in made.laptops.values():
            made.exchange(laptop)
        yield made


def test_the_event_holds_only_the_digest_of_the_sealed_part(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        victim = a_victim(laptop)
        (event,) = lookup.events_of(laptop, victim.name).values()
        assert SENTINEL.encode() not in event.line
        (part,) = laptop.personal.glob("*.age")
        assert event.set["sealed"] == {"personal_sha256": part.stem, "personal_bytes": part.stat().st_size}
        assert personal.look(laptop, victim.name)[0].values == WHO


def test_short_and_long_names_are_sealed_at_one_length() -> None:
    lengths = {
        len(plain_bytes("victim/t7/1", who)) for who in ({"name": "A"}, {"name": "B" * 200, "address": "C" * 400})
    }
    assert lengths == {PADDED_BYTES}


def test_a_victim_without_personal_data_has_no_part(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        victim = a_victim(laptop, dict.fromkeys(PERSONAL.by_name, ""))
        assert victim.fields["personal_sha256"] is None
        assert not list(laptop.personal.iterdir())
        assert personal.state_of(laptop, victim) == "none"
        assert (personal.look(laptop, victim.name), personal.looks(laptop)) == ([], [])


def test_what_cannot_be_taken_seals_nothing(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        with pytest.raises(FieldsNotValid) as refused:
            a_victim(laptop, {"date_of_birth": "yesterday"})
        assert [problem.field for problem in refused.value.problems] == ["date_of_birth"]
        with pytest.raises(FieldsNotValid):
            a_victim(laptop, first_aid_min="soon")
        assert not list(laptop.personal.iterdir())
        assert not lookup.rows(laptop, "victim")


def test_a_correction_seals_a_new_part_and_the_old_one_stays(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        victim = a_victim(laptop)
        after = entry.correct(laptop, victim.name, {}, "she told us", personal={"address": "Ağdam", "contact": ""})
        assert personal.look(laptop, victim.name)[0].values == {
            **{name: value for name, value in WHO.items() if name != "contact"}, "address": "Ağdam",
        }
        assert after.fields["personal_sha256"] != victim.fields["personal_sha256"]
        assert set(personal.held(laptop)) == {victim.fields["personal_sha256"], after.fields["personal_sha256"]}
        assert records.history(laptop, victim.name)[-1].why == "she told us"


def test_personal_data_come_to_headquarters_by_their_own_file_alone(joined: Deployment) -> None:
    one = joined.laptops["one"]
    victim = a_victim(one)
    joined.carry(one)
    assert personal.state_of(joined.hq, records.get(joined.hq, victim.name)) == "missing"
    assert personal.look(joined.hq, victim.name)[0].values is None
    assert personal.looks(joined.hq) == []
    file = send(joined, one)
    assert SENTINEL.encode() not in file.read_bytes()
    taken = personal.take(joined.hq, file)
    assert (taken.sender, taken.new, taken.known, taken.waiting) == ("one", 1, 0, 0)
    assert personal.look(joined.hq, victim.name, by="Officer 2")[0].values == WHO
    assert [(look.record, look.by) for look in personal.looks(joined.hq)] == [(victim.name, "Officer 2")]
    again = personal.take(joined.hq, file)
    assert (again.new, again.known) == (0, 1)
    assert verifying.check(joined.hq, read_data=True).problems == []


def test_a_part_that_comes_before_its_record_waits_for_it(joined: Deployment) -> None:
    one = joined.laptops["one"]
    victim = a_victim(one)
    assert personal.take(joined.hq, send(joined, one)).waiting == 1
    assert personal.waiting(joined.hq) == [victim.fields["personal_sha256"]]
    joined.carry(one)
    assert personal.waiting(joined.hq) == []
    assert personal.look(joined.hq, victim.name)[0].values == WHO


def test_the_escrow_key_opens_a_part_and_a_team_mate_does_not(joined: Deployment) -> None:
    one, two = joined.laptops["one"], joined.laptops["two"]
    a_victim(one)
    (part,) = (path.read_bytes() for path in one.personal.glob("*.age"))
    escrow = ReceivingKey.from_text((joined.stick.parent / "hq-escrow.txt").read_text("utf-8"))
    assert SENTINEL.encode() in open_part(part, [escrow])
    assert SENTINEL.encode() in open_part(part, [joined.hq.keys.receiving])
    with pytest.raises(sync_errors.PartLocked):
        open_part(part, [two.keys.receiving])


def test_a_laptop_alone_seals_again_for_headquarters_when_it_joins(tmp_path: Path) -> None:
    with deployment(tmp_path) as made, alone(tmp_path / "alone") as laptop:
        victim = a_victim(laptop)
        with pytest.raises(NotJoined):
            personal.send(laptop, made.stick)
        headquarters.invite(made.hq, "t7", made.stick / "i.fieldinvite", device_name="late")
        joining.join(laptop, made.stick / "i.fieldinvite")
        now = records.get(laptop, victim.name)
        assert now.fields["personal_sha256"] != victim.fields["personal_sha256"]
        assert personal.look(laptop, victim.name)[0].values == WHO
        made.carry(laptop)
        file = send(made, laptop)
        assert personal.take(made.hq, file).new == 1, "the part sealed while alone is not sent: nobody could open it"
        assert personal.look(made.hq, victim.name)[0].values == WHO


def test_where_the_part_is_not_here_nothing_of_it_is_corrected(joined: Deployment) -> None:
    victim = a_victim(joined.laptops["one"])
    joined.carry(joined.laptops["one"])
    with pytest.raises(PersonalMissing):
        entry.correct(joined.hq, victim.name, {}, "better spelling", personal={"name": "Gülnar"})
    corrected = entry.correct(joined.hq, victim.name, {"victim_outcome": "killed"}, "the hospital called")
    assert corrected.fields["personal_sha256"] == victim.fields["personal_sha256"]


def test_two_corrections_apart_show_both_parts(joined: Deployment) -> None:
    one = joined.laptops["one"]
    victim = a_victim(one)
    joined.carry(one)
    personal.take(joined.hq, send(joined, one))
    entry.correct(one, victim.name, {}, "she told us", personal={"address": "Ağdam"})
    entry.correct(joined.hq, victim.name, {}, "from the hospital", personal={"address": "Bərdə"})
    joined.carry(one)
    personal.take(joined.hq, send(joined, one))
    seen = {str((reading.values or {}).get("address")) for reading in personal.look(joined.hq, victim.name)}
    assert seen == {"Ağdam", "Bərdə"}


def test_who_may_send_and_take(joined: Deployment, tmp_path: Path) -> None:
    with pytest.raises(OnlyField):
        personal.send(joined.hq, joined.stick)
    with pytest.raises(NothingToSend):
        personal.send(joined.laptops["two"], joined.stick)
    a_victim(joined.laptops["one"])
    with pytest.raises(WrongRole):
        personal.take(joined.laptops["two"], send(joined, joined.laptops["one"]))


def test_a_revoked_or_unknown_laptop_is_refused(joined: Deployment) -> None:
    stranger = joined.join("stranger")
    for laptop in (stranger, joined.laptops["one"]):
        a_victim(laptop)
    headquarters.revoke(joined.hq, joined.laptops["one"].device, "stolen")
    for laptop in (stranger, joined.laptops["one"]):
        file = send(joined, laptop)
        with pytest.raises(sync_errors.UnknownSender):
            personal.take(joined.hq, file)
        assert file.exists()
    assert personal.held(joined.hq) == []


def forged(made: Deployment, laptop: Workspace, **changes: Any) -> Path:
    """A file of the laptop's one part, rightly signed by it, with a changed manifest."""
    (part,), hq = personal.for_headquarters(laptop), made.hq
    base = {
        "created": "2024-07-30T06:00:00Z", "demonstration": False, "format": 0, "minimum_reader": 0, "parts": [part],
        "deployment": Named(str(hq.deployment and hq.deployment.id), "x"),
        "recipients": sorted([hq.keys.recipient, hq.meta("escrow")]),
        "sender": Sender(laptop.device, laptop.keys.signing_public, laptop.keys.recipient, "one"),
    }
    manifest, file = PersonalManifest(**{**base, **changes}), made.stick / "forged.fieldpersonal"
    write_personal(manifest, {part.sha256: laptop.personal / f"{part.sha256}.age"}, laptop.keys, file)
    return file


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"minimum_reader": 9, "format": 9}, sync_errors.BundleTooNew),
        ({"deployment": Named("other", "Elsewhere")}, sync_errors.OtherDeployment),
        ({"demonstration": True}, sync_errors.BundleAltered),
    ],
    ids=["newer", "another deployment", "not practice"],
)
def test_a_file_that_is_not_ours_is_refused(
    joined: Deployment, changes: dict[str, Any], error: type[OperatorError]
) -> None:
    a_victim(joined.laptops["one"])
    with pytest.raises(error):
        personal.take(joined.hq, forged(joined, joined.laptops["one"], **changes))
    assert personal.held(joined.hq) == []


def test_a_part_that_is_said_to_be_another_victims_refuses_the_file(joined: Deployment) -> None:
    one = joined.laptops["one"]
    a_victim(one)
    (part,) = personal.for_headquarters(one)
    other = PartEntry("victim/t7/0192f0c1-0000-7000-8000-000000000001", part.sha256, part.size)
    with pytest.raises(PersonalAltered):
        personal.take(joined.hq, forged(joined, one, parts=[other]))
    assert personal.held(joined.hq) == []


def test_a_file_signed_by_another_laptop_is_refused(joined: Deployment) -> None:
    one, two = joined.laptops["one"], joined.laptops["two"]
    a_victim(one)
    sender = Sender(two.device, two.keys.signing_public, two.keys.recipient, "two")
    with pytest.raises(sync_errors.SenderSignatureWrong):
        personal.take(joined.hq, forged(joined, one, sender=sender))


def test_a_damaged_or_other_file_is_refused_and_left(joined: Deployment) -> None:
    one = joined.laptops["one"]
    a_victim(one)
    data = send(joined, one).read_bytes()
    whole = export.export_for_hq(one, joined.stick).path
    for name, contents, error in (
        ("cut", data[:-1], sync_errors.BundleDamaged),
        ("flip", data[:-20] + bytes([data[-20] ^ 1]) + data[-19:], sync_errors.BundleDamaged),
        ("photo", JPEG, sync_errors.NotAPersonalFile),
        ("bundle", whole.read_bytes(), sync_errors.NotAPersonalFile),
    ):
        file = joined.stick / f"{name}.fieldpersonal"
        file.write_bytes(contents)
        with pytest.raises(error):
            personal.take(joined.hq, file)
        assert file.read_bytes() == contents
    assert personal.held(joined.hq) == []
    assert not list(joined.hq.private.iterdir())


def test_check_names_a_damaged_part(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        a_victim(laptop)
        (path,) = laptop.personal.glob("*.age")
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        (sentence,) = verifying.check(laptop, read_data=True).problems
        assert path.stem[:12] in sentence


def test_a_backup_brings_the_parts_back(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        victim = a_victim(laptop)
        backup.backup(laptop, tmp_path / "file.backup")
        keys = backup.keys_of(laptop)
    with backup.restore(tmp_path / "file.backup", tmp_path / "new", keys, use_keyring=False) as restored:
        assert personal.look(restored, victim.name)[0].values == WHO


def everything_in(folder: Path) -> Iterator[bytes]:
    """Every file below ``folder``, as it lies there and, where it is ours to open, as it is inside."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def tables_of(ws: Workspace) -> bytes:
    """Every row of every table of the decrypted database, and its free pages."""
    names = [row[0] for row in ws.store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = [repr(ws.store.rows(f'SELECT * FROM "{name}"')) for name in names]
    return "\n".join(rows).encode()


def test_no_sentinel_is_found_anywhere_but_in_the_opened_part(joined: Deployment, tmp_path: Path) -> None:
    one, hq = joined.laptops["one"], joined.hq
    a_find(one)
    victim = a_victim(one)
    entry.correct(one, victim.name, {}, "she told us", personal={"notes": f"{SENTINEL} again"})
    bundle = export.export_for_hq(one, joined.stick).path
    joined.carry(one)
    personal.take(hq, send(joined, one))
    personal.look(hq, victim.name)
    joined.answer(one)
    out = tmp_path / "out"
    out.mkdir()
    for ws in (one, hq):
        for form in ("csv", "geojson"):
            flat_files.export(ws, "victim", form, out / f"{ws.role}.{form}")
        opened = browsing.open_record(ws, victim.name)
        assert SENTINEL not in repr(opened)
        assert browsing.count(ws, browsing.Wanted(("victim",), SENTINEL)) == 0
        assert SENTINEL.encode() not in tables_of(ws)
    inside = open_sealed(bundle, hq.private, [hq.keys.receiving]).path
    shutil.move(inside, out / "bundle.zip")
    subprocess.run(["unzip", "-q", out / "bundle.zip", "-d", out / "bundle"], check=True)
    for packed in (out / "bundle" / "segments").glob("*.zst"):
        subprocess.run(["zstd", "-dq", packed], check=True)
    assert (out / "bundle" / "summary.html").exists()
    checked = 0
    for data in everything_in(tmp_path):
        checked += 1
        assert SENTINEL.encode() not in data
        assert json.dumps(SENTINEL).encode()[1:-1] not in data
    assert checked > 30
    assert victim.name.encode() in b"".join(everything_in(out / "bundle" / "segments")), "the record itself travels"


def test_a_draft_holds_personal_fields_sealed_and_gives_them_back(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        typed = {"injury": "burns", "personal.name": SENTINEL, "personal.notes": "n" * 4000}
        drafts.keep(laptop, "victim", typed)
        assert SENTINEL.encode() not in tables_of(laptop)
        assert drafts.kept(laptop)[0].fields == typed
        drafts.keep(laptop, "victim", {"injury": "burns", "personal.name": ""})
        assert drafts.kept(laptop)[0].fields == {"injury": "burns"}


def test_of_a_folder_every_file_is_taken_and_a_refused_one_stops_no_other(joined: Deployment) -> None:
    for laptop in joined.laptops.values():
        a_victim(laptop)
        send(joined, laptop)
    (joined.stick / "0000.fieldpersonal").write_bytes(JPEG)
    brought = personal.take_all(joined.hq, joined.stick)
    assert [one.taken.new if one.taken else one.error and one.error.code for one in brought] == [
        "not_a_personal_file", 1, 1,
    ]  # fmt: skip


def test_a_part_that_was_here_and_is_gone_is_named_and_others_parts_are_not(joined: Deployment) -> None:
    one, two = joined.laptops["one"], joined.laptops["two"]
    a_victim(one)
    joined.exchange(one)
    joined.answer(two)
    assert verifying.check(two, read_data=True).problems == [], "it never was on this laptop"
    assert verifying.check(one, read_data=True).problems == []
    (part,) = one.personal.glob("*.age")
    part.unlink()
    said = f"The personal part {part.stem[:12]} was here and is gone."
    assert verifying.check(one, read_data=True).problems == [said]
