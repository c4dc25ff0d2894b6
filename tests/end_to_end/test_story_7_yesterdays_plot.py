"""Story 7: a plot over an approved one overlaps it in m2 and nothing is cropped; enlarged ground needs both signatures.

Once on the command line, once in the windows by keyboard alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders import RECTANGLE, a_plot, deployment
from tests.cli.runner import done
from tests.end_to_end.driving import Person, window

B = ("40.02 46.981", "40.02 46.982171", "40.02072 46.982171", "40.02072 46.981")
ENLARGED = (*RECTANGLE[:2], "40.02082 46.981406", "40.02082 46.98")
WEEK = ("--from", "2024-07-29", "--to", "2024-08-04")
CLEARED = ("--release", "cleared", "--method", "manual", "--depth-cm", 20, "--completed-on", "2024-07-30")


@pytest.fixture
def yesterday(tmp_path: Path) -> str:
    """The number of plot A, which its team signed and headquarters approved; the laptop knows of it."""
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        made = a_plot(laptop)
        there.exchange(laptop)
    number = str(made.fields["local_id"])
    hand_over(tmp_path, number)
    return number


def carried(folder: Path) -> None:
    """The laptop's bundle to headquarters, and headquarters' answer back."""
    out = done("bundle", "export", "--to", folder / "stick", workspace=folder / "laptop")["file"]
    done("bundle", "import", out, workspace=folder / "hq")
    back = done("bundle", "export", "--team", "t7", "--to", folder / "stick", workspace=folder / "hq")["file"]
    done("bundle", "import", back, workspace=folder / "laptop")


def hand_over(folder: Path, number: str) -> None:
    """The team signs the plot, headquarters gets and approves it, and the laptop hears of that."""
    done("review", "sign-off", number, workspace=folder / "laptop")
    carried(folder)
    done("review", "approve", number, workspace=folder / "hq")
    carried(folder)


def report(folder: Path) -> dict[str, Any]:
    """Headquarters' weekly report."""
    return dict(done("report", "weekly", *WEEK, workspace=folder / "hq"))


def ground(folder: Path) -> list[float]:
    """Sum, overlap and net of the released ground of the week, in m2."""
    said = report(folder)["released_ground"]
    return [said["sum_m2"], said["overlap_m2"], said["net_m2"]]


def typed(workspace: Path, number: str) -> list[str]:
    """The corners of a plot as they are stored."""
    (ring,), = done("plot", "show", number, workspace=workspace)["outline"]
    return [f"{float(vertex['lat']):.9g} {float(vertex['lon']):.9g}" for vertex in ring]


def points(corners: tuple[str, ...]) -> list[str]:
    """As options of the command line."""
    return [word for corner in corners for word in ("--point", corner)]


def test_yesterdays_plot_on_the_command_line(tmp_path: Path, yesterday: str) -> None:
    hq, laptop = tmp_path / "hq", tmp_path / "laptop"
    assert ground(tmp_path) == [9595.7, 0, 9595.7]
    new = done("plot", "add", *points(B), *CLEARED, workspace=laptop)
    assert float(new["area_m2"]) == 7991.8
    found = done("check", "--records", workspace=laptop)
    (overlap,) = [one for one in found["findings"] if one["rule"] == "overlap"]
    assert "2,770.9 m²" in overlap["message"]
    assert yesterday in overlap["message"] or new["local_id"] in overlap["message"]
    hand_over(tmp_path, str(new["local_id"]))
    assert ground(tmp_path) == pytest.approx([17587.5, 2770.9, 14816.6], abs=0.5)
    for workspace in (hq, laptop):
        assert typed(workspace, yesterday) == [" ".join(one.split()) for one in RECTANGLE]
        assert typed(workspace, str(new["local_id"])) == list(B)

    done("plot", "correct", yesterday, *points(ENLARGED), "--why", "the north edge was searched too", workspace=laptop)
    carried(tmp_path)
    (changed,) = report(tmp_path)["changed_since_approval"]
    added = changed["current_m2"] - changed["approved_m2"]
    assert (changed["approved_m2"], round(added)) == (9595.7, 1333)
    said = [line for line in report(tmp_path)["notes"] if line.startswith("1 plot changed since approval")]
    assert said == [f"1 plot changed since approval (+{added:,.1f} m²). It counts as approved."]
    assert ground(tmp_path)[0] == 17587.5

    done("review", "approve", yesterday, workspace=hq)
    assert ground(tmp_path)[0] == 17587.5, "the team has not signed the new ground"
    carried(tmp_path)
    done("review", "sign-off", yesterday, workspace=laptop)
    carried(tmp_path)
    assert report(tmp_path)["changed_since_approval"] == []
    assert ground(tmp_path)[0] == pytest.approx(17587.5 + added)

def draws(mate: Person, corners: tuple[str, ...]) -> None:
    """A cleared plot by its corners, by keys alone, up to the last corner."""
    mate.press("F3", "Space", "Return")
    mate.type("manu")
    mate.press("Return")
    mate.type("20")
    mate.press("Return")
    mate.type("2024-07-30")
    mate.press("Return")
    for corner in corners:
        mate.type(corner)
        mate.press("Return")


def enlarges(mate: Person, number: str) -> None:
    """Plot A corrected at its two northern corners, with a reason."""
    mate.press("F6", "Ctrl+F")
    mate.type(number)
    mate.see("1 of ")
    mate.go(f"{number} | ")
    mate.press("Return")
    mate.see("History, newest first")
    mate.go("Correct")
    mate.press("Return")
    for corner, place in zip(ENLARGED[2:], ("TP2", "TP3"), strict=True):
        mate.go(f"Turning point {place}")
        mate.press("Ctrl+A")
        mate.type(corner)
    mate.go("Reason for the correction")
    mate.type("the north edge was searched too")
    mate.press("Ctrl+S")
    mate.see("Corrected")


def test_yesterdays_plot_in_the_windows(tmp_path: Path, yesterday: str) -> None:
    with window(tmp_path, tmp_path / "laptop") as mate:
        draws(mate, B)
        mate.see("7,992 m²", "2,770.9 m²")
        mate.press("Ctrl+S")
        mate.see("Saved on this laptop")
        enlarges(mate, yesterday)
        mate.close()
    saved = done("plot", "list", workspace=tmp_path / "laptop")["records"]
    (new,) = [str(one["local_id"]) for one in saved if one["local_id"] != yesterday]
    assert typed(tmp_path / "laptop", new) == list(B)
    hand_over(tmp_path, new)
    with window(tmp_path, tmp_path / "hq") as officer:
        officer.go("Reports")
        officer.press("Return")
        officer.see("17,587.5 m² in sum", "1 plot changed since approval (+1,33")
        officer.close()
