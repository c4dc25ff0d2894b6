"""Story 4: a dump entered as one lot: one position, every model on its own public line."""

from __future__ import annotations

from pathlib import Path

from fieldapp.operations.finds import needs_reading_back
from tests.cli.runner import done

JPEG = b"\xff\xd8\xff\xe0" + b"picture of the dump"


def test_one_lot_gives_312_uxo_and_the_rest_on_their_own_lines(tmp_path: Path) -> None:
    laptop = tmp_path / "laptop"
    done("init", laptop, "--name", "R. Sadıqov", "--key-file")
    saved = done(
        "find", "add-lot", "--at", "39.9899 46.8988", "--found-on", "2024-07-30",
        "--line", "OG-7=180", "--line", "PG-7=97", "--line", "152 mm=35", "--line", "fuze=40",
        "--line", "small_arms_ammunition=4200", "--line", "bulk_explosive=12.5kg", workspace=laptop,
    )["records"]
    lot = saved[0]["lot"]
    assert {record["lot"] for record in saved} == {lot}
    assert {(record["lat"], record["lon"]) for record in saved} == {(39.9899, 46.8988)}
    for name in ("one.jpg", "two.jpg"):
        (tmp_path / name).write_bytes(JPEG + name.encode())
        done("photo", "add", tmp_path / name, "--lot", lot, workspace=laptop)
    assert len(done("photo", "list", workspace=laptop)["records"]) == 2

    report = done("report", "weekly", "--from", "2024-07-29", "--to", "2024-08-04", workspace=laptop)
    assert report["totals"]["uxo"]["found"] == 312
    lines = {(line["line"], line["unit"]): line["found"] for line in report["other_lines"]}
    assert lines[("fuze", "piece")] == 40
    assert lines[("saa", "piece")] == 4200
    assert lines[("explosive", "kg")] == 12.5


def test_a_quantity_out_of_the_ordinary_is_read_back_and_still_saves(tmp_path: Path) -> None:
    laptop = tmp_path / "laptop"
    done("init", laptop, "--name", "R. Sadıqov", "--key-file")
    assert needs_reading_back(3120, "og-7")
    assert not needs_reading_back(3, "og-7")
    assert done("find", "add", "OG-7", "--quantity", 3120, workspace=laptop)["quantity"] == 3120
