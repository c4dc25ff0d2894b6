"""Story 3: a model typed wrongly, exported, corrected; two bundles in both orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import done


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=str)
def test_the_correction_holds_in_both_orders_and_the_old_bundle_changes_nothing(
    tmp_path: Path, order: tuple[int, int]
) -> None:
    hq, laptop, stick = tmp_path / "hq", tmp_path / "t7", tmp_path / "stick"
    stick.mkdir()
    done("init", hq, "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt", "--key-file")
    done("hq", "invite", "--team", "t7", "--to", tmp_path, workspace=hq)
    done("init", laptop, "--invitation", tmp_path / "t7.fieldinvite", "--name", "N. Vəliyeva", "--key-file")
    typed = done("find", "add", "TM-62M", "--quantity", 1, "--found-on", "2024-07-30", workspace=laptop)
    number = typed["local_id"]
    files = [done("bundle", "export", "--to", stick, workspace=laptop)["file"]]
    done("find", "correct", number, "--model-typed", "PMN-2", "--why", "fuze well seen on the photo", workspace=laptop)
    files.append(done("bundle", "export", "--to", stick, workspace=laptop)["file"])
    for index in order:
        done("bundle", "import", files[index], workspace=hq)

    def totals() -> tuple[int, int]:
        report = done("report", "weekly", "--from", "2024-07-29", "--to", "2024-08-04", workspace=hq)["totals"]
        return report["ap_mine"]["found"], report["at_mine"]["found"]

    assert totals() == (1, 0)
    history = done("find", "history", number, workspace=hq)["history"]
    changed = next(change for change in history[1]["changes"] if change["group"] == "what")
    assert [before["model"] for before in changed["before"]] == ["tm-62m"]
    assert changed["after"]["model"] == "pmn-2"
    assert (history[1]["by"], history[1]["why"]) == ("N. Vəliyeva", "fuze well seen on the photo")
    before = done("check", workspace=hq)["state_hash"]
    again = done("bundle", "import", files[0], workspace=hq)["bundles"][0]
    assert (again["status"], again["new"]) == ("known", 0)
    assert totals() == (1, 0)
    assert done("check", workspace=hq)["state_hash"] == before
