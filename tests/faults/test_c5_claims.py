"""C5 to C7: a log that claims to be another laptop's, a weakened container, the wrong key at headquarters."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from fieldapp.domain.authority import OTHER_TEAM
from fieldapp.operations import export, imports, inbox, lookup, records
from fieldapp.storage.merged import state_hash
from fieldapp.sync.errors import (
    BundleAltered,
    BundleDamaged,
    BundleNotForThisKey,
    BundleUnsigned,
    NotABundle,
    SenderSignatureWrong,
)
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.sealing import open_sealed
from tests.builders import Deployment, a_find, deployment
from tests.builders_faults import carried, event_line, forged_segment
from tests.builders_sync import device, resigned, sealed, zipped
from tests.faults.test_c1_senders_at_headquarters import members_of


def joined(there: Deployment) -> None:
    for laptop in list(there.laptops.values()):
        there.exchange(laptop)


def test_c5_a_laptop_that_writes_in_another_ones_log_is_refused_there_and_the_rest_is_taken(tmp_path: Path) -> None:
    with deployment(tmp_path, "liar", "honest") as there:
        joined(there)
        liar, honest = there.laptops.values()
        before = {row.name for row in lookup.rows(there.hq, "find")}
        own = a_find(liar).name
        false = forged_segment(
            honest.keys, [event_line(liar, {"depth_cm": 5})], stream="stolen23", signed_by=liar.keys
        )
        true = forged_segment(liar.keys, [event_line(liar, {"depth_cm": 7})], stream="other234")
        outcome = imports.import_file(there.hq, carried(liar, there.stick, [false, true]))
        assert (outcome.new, len(outcome.refused_segments)) == (1, 1)
        assert {row["depth_cm"] for row in lookup.rows(there.hq, "find") if row.name not in before} == {7}
        assert there.carry(liar).new == 1
        assert records.get(there.hq, own).settled


def test_c5_a_correction_of_another_teams_find_is_kept_aside_and_named(tmp_path: Path) -> None:
    with deployment(tmp_path, "t7") as there:
        there.join("t8", "t8")
        joined(there)
        name = a_find(there.laptops["t7"]).name
        there.carry(there.laptops["t7"])
        there.answer(there.laptops["t8"])
        heads = records.get(there.hq, name).heads
        line = event_line(there.laptops["t8"], {"depth_cm": 99}, parents=heads, record=name)
        bundle = carried(
            there.laptops["t8"], there.stick,
            [forged_segment(there.laptops["t8"].keys, [line], audience="team/t8")],
        )
        assert imports.import_file(there.hq, bundle).quarantined == 1
        assert [one["reason"] for one in inbox.quarantined(there.hq)] == [OTHER_TEAM]
        assert records.get(there.hq, name).fields["depth_cm"] == 5


def test_c6_a_bundle_without_encryption_or_with_an_older_kind_of_signature_is_refused(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        bundle = export.export_for_hq(laptop, there.stick).path
        members = members_of(bundle, there.hq)
        before, keys = state_hash(there.hq.store), [there.hq.keys.recipient]
        plain = there.stick / "plain.fieldbundle"
        plain.write_bytes(zipped(members))
        with pytest.raises(NotABundle):
            imports.import_file(there.hq, plain)
        signature = members["manifest.json.minisig"].decode().split("\n")
        weakened = members | {"manifest.json.minisig": "\n".join([
            signature[0], signature[1].replace("RUQ", "RWQ", 1).replace("RU", "RW", 1), *signature[2:]
        ]).encode()}
        assert weakened != members
        with pytest.raises(SenderSignatureWrong):
            imports.import_file(there.hq, sealed(zipped(weakened), there.stick / "weak.fieldbundle", keys))
        unsigned = {name: data for name, data in members.items() if name != "manifest.json.minisig"}
        with pytest.raises(BundleUnsigned):
            imports.import_file(there.hq, sealed(zipped(unsigned), there.stick / "un.fieldbundle", keys))
        assert state_hash(there.hq.store) == before
        assert imports.import_file(there.hq, bundle).new > 0


def test_c6_a_segment_stripped_of_its_compression_is_refused(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        members = members_of(export.export_for_hq(laptop, there.stick).path, there.hq)
        name = next(name for name in members if name.endswith(".zst"))
        import zstandard

        stripped = members | {name: zstandard.ZstdDecompressor().decompress(members[name])}
        changed = resigned(stripped, members["manifest.json"], laptop.keys)
        file = sealed(zipped(changed), there.stick / "stripped.fieldbundle", [there.hq.keys.recipient])
        with pytest.raises(BundleAltered):
            imports.import_file(there.hq, file)
        assert lookup.rows(there.hq, "find") == []


def test_c7_the_wrong_key_is_said_before_any_work_and_is_not_called_damage(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        bundle = export.export_for_hq(laptop, there.stick).path
        other: DeviceKeys = device("another headquarters")
        steps: set[str] = set()
        with mock.patch.object(imports, "_identities", return_value=[other.receiving]), pytest.raises(
            BundleNotForThisKey
        ) as said:
            imports.import_file(there.hq, bundle, progress=lambda step, _done, _total: steps.add(step))
        assert said.value.code != BundleDamaged.code
        assert steps <= {"open"}
        assert list(there.hq.private.iterdir()) == []
        opened = open_sealed(bundle, there.hq.private, [other.receiving, there.hq.keys.receiving])
        opened.path.unlink()
