"""C4: a signed inside encrypted again to another recipient, or brought to another deployment: refused."""

from pathlib import Path

import pytest

from fieldapp.sync.errors import BundleNotForThisKey, NotAddressedHere, OtherDeployment
from fieldapp.sync.reading import Expectation, read_bundle
from tests.builders_sync import HQ, LAPTOP, bundle, device, known, plain_zip, read_at_hq, sealed


def test_c4_what_hq_could_open_cannot_be_passed_on_as_if_it_were_for_another(tmp_path: Path) -> None:
    other = device("another headquarters")
    plain = plain_zip(bundle(tmp_path).path, tmp_path)
    path = sealed(plain, tmp_path / "x.fieldbundle", [other.recipient])
    expect = Expectation(deployment_id="dep-1", audiences=frozenset({"hq"}), sender=known(LAPTOP))
    with pytest.raises(NotAddressedHere):
        read_bundle(path, [other.receiving], tmp_path, expect)
    with pytest.raises(NotAddressedHere):
        read_bundle(path, [other.receiving], tmp_path)


def test_c4_a_bundle_for_a_team_is_not_read_as_one_for_hq(tmp_path: Path) -> None:
    with pytest.raises(NotAddressedHere, match="team/t7"):
        read_at_hq(bundle(tmp_path, audience="team/t7").path, tmp_path)


def test_c4_a_bundle_of_another_team_is_refused(tmp_path: Path) -> None:
    path = bundle(tmp_path, HQ, [LAPTOP.recipient], audience="team/t8").path
    expect = Expectation(audiences=frozenset({"team/t7"}), sender=known(HQ))
    with pytest.raises(NotAddressedHere, match="team/t8"):
        read_bundle(path, [LAPTOP.receiving], tmp_path, expect)


def test_c4_another_deployment_is_said_by_both_names(tmp_path: Path) -> None:
    with pytest.raises(OtherDeployment, match="Programme, this workspace to Coast"):
        read_at_hq(bundle(tmp_path).path, tmp_path, deployment_id="dep-2", deployment_name="Coast")


def test_c4_a_wrong_key_is_not_called_damage(tmp_path: Path) -> None:
    path = bundle(tmp_path).path
    with pytest.raises(BundleNotForThisKey):
        read_bundle(path, [LAPTOP.receiving], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
