"""The Area page: hazardous areas by points, captured records as written, other readings side by side, publishing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.geodesy.traverse import bearing_and_distance
from fieldapp.operations import areas, drafts, lookup, paper, records
from tests import builders
from tests.builders import RECTANGLE
from tests.operations.test_paper import CORNER_1, LANDMARK, RECORD
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.desk import CTRL, Desk, Key
from ui.dialogs.points import PointsDialog
from ui.forms.area_form import AreaForm
from ui.forms.paper_editor import as_text, paper_of
from ui.pages.add import AddPage
from ui.pages.area import AreaPage
from ui.pages.form_page import Continue
from ui.pages.records import RecordsPage
from ui.widgets.findings import Findings


def area_page(desk: Desk) -> AreaPage:
    page = desk.window.pages["area"]
    assert isinstance(page, AreaPage)
    return page


def area_form(desk: Desk) -> AreaForm:
    return area_page(desk).form


def records_page(desk: Desk) -> RecordsPage:
    page = desk.window.pages["records"]
    assert isinstance(page, RecordsPage)
    return page


def wait_for(desk: Desk, panel: Findings, *rules: str) -> None:
    desk.qtbot.waitUntil(
        lambda: bool(panel.shown()) and [one.rule for one in panel.findings()] == list(rules), timeout=20_000
    )


def write_record(form: AreaForm) -> None:
    form.how.set_text("record")
    form.paper.take(RECORD)


@pytest.fixture
def office(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "hq", builders.hq(tmp_path / "hq"))
    yield desk
    desk.close()


def test_turning_points_become_an_area_that_is_open(desk: Desk) -> None:
    desk.open("area")
    form = area_form(desk)
    form.declared["title"].set_text("Upper field")
    form.points.set_text("\n".join(RECTANGLE))
    form.position.set_text("40.019 46.979")
    desk.settle()
    assert form.area.text() == "9,595.7 m²"
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved("hazardous_area")
    assert (saved["title"], saved["status"], saved["area_m2"], saved["lat"]) == ("Upper field", "open", 9595.7, 40.019)
    assert desk.window.current_page() is records_page(desk)


def test_a_record_is_worked_out_while_it_is_typed_with_every_other_reading(desk: Desk) -> None:
    desk.open("area")
    form = area_form(desk)
    write_record(form)
    desk.settle()
    assert form.area.text() == "19,187.5 m²"
    assert form.declared["classification"].text() == "captured_record"
    rows = form.readings.rows.all_rows()
    assert [(one.what, one.value, round(one.moved_m)) for one in rows][:2] == [
        ("mils", "mil6400", 52), ("datum", "none", 103),
    ]  # fmt: skip
    assert not form.readings_card.isHidden()
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved("hazardous_area")
    assert paper.from_stored(lookup.shape(saved, "legs")) == RECORD
    assert drafts.kept(desk.ws) == []


def test_enter_on_another_reading_reads_the_record_so_and_changes_nothing_typed(desk: Desk) -> None:
    desk.open("area")
    form = area_form(desk)
    write_record(form)
    desk.settle()
    form.readings.setFocus()
    form.readings.selectRow(1)
    desk.press(Key.Key_Return)
    desk.settle()
    chosen = paper_of(form.paper.text())
    assert chosen is not None
    assert (chosen.datum, chosen.ties[0].text) == ("none", LANDMARK)
    assert not form.remark.isHidden(), "it is said what that means"
    worked = form.looked().worked
    assert worked is not None
    assert worked.corner is not None
    assert bearing_and_distance(worked.corner, CORNER_1)[1] == pytest.approx(103, abs=1)
    back = next(row for row, one in enumerate(form.readings.rows.all_rows()) if one.what == "datum")
    form.readings.selectRow(back)
    desk.press(Key.Key_Return)
    desk.settle()
    assert paper_of(form.paper.text()) == RECORD


def test_what_cannot_be_read_is_said_in_place_and_kept(desk: Desk) -> None:
    desk.open("area")
    form = area_form(desk)
    write_record(form)
    form.paper.ties.rows[0].lines[0].setText("X 8 662 280 Y 4 430 226")
    desk.settle()
    assert not form.problem.isHidden()
    assert form.area.text() == "No area yet"
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    assert desk.saved("hazardous_area") == []
    assert form.error() is not None
    assert "8 662 280" in drafts.kept(desk.ws)[0].fields["paper"]


def test_today_leads_back_to_the_draft_as_it_was_typed(desk: Desk) -> None:
    desk.open("area")
    write_record(area_form(desk))
    desk.settle()
    desk.open("area", Continue("hazardous_area"))
    assert paper_of(area_form(desk).values()["paper"]) == RECORD
    desk.open("add")
    adding = desk.window.pages["add"]
    assert isinstance(adding, AddPage)
    adding.kinds.set_text("hazardous_area")
    desk.settle()
    assert desk.window.current_page() is area_page(desk)


def test_a_correction_opens_the_record_as_it_was_written(desk: Desk) -> None:
    saved = areas.add(desk.ws, {"title": "Formulyar 12"}, record=RECORD, expected=("PMN-2 = 120",))
    desk.open("records", saved.name)
    records_page(desk).detail.correct_asked.emit()
    desk.settle()
    form = area_form(desk)
    assert paper_of(form.values()["paper"]) == RECORD
    assert form.values()["mines"] == "PMN-2 = 120"
    form.status.set_text("worked_on")
    form.reason.set_text("team 7 is there")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    after = records.get(desk.ws, saved.name).fields
    assert after["status"] == "worked_on"
    assert (after["outline"], after["expected"]) == (saved.fields["outline"], saved.fields["expected"])


def test_correcting_how_a_record_is_read_keeps_how_far_it_may_be_off(desk: Desk) -> None:
    written = dataclasses.replace(RECORD, bearing_off="3", distance_off="4,5")
    saved = areas.add(desk.ws, {"title": "Formulyar 12"}, record=written)
    desk.open("area", saved.name)
    form = area_form(desk)
    assert (form.paper.bearing_off.text(), form.paper.distance_off.text()) == ("3", "4,5")
    form.paper.unit.set_text("mil6400")
    form.reason.set_text("the compass had 6400 mils")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    after = records.get(desk.ws, saved.name).fields
    assert paper.from_stored(after["legs"]) == dataclasses.replace(written, unit="mil6400")
    assert float(after["outline_accuracy_m"]) == pytest.approx(float(saved.fields["outline_accuracy_m"]), abs=2)


def test_ground_is_checked_beside_the_form_and_saved_all_the_same(desk: Desk) -> None:
    first = areas.add(desk.ws, {"title": "Formulyar 12"}, record=RECORD)
    desk.open("area")
    form = area_form(desk)
    write_record(form)
    wait_for(desk, form.findings, "same_outline")
    assert form.findings.shown()[0].first == f"{first.fields['local_id']} has the same outline."
    assert clipped_texts(desk.window) == []
    form.how.set_text("points")
    form.points.set_text("\n".join(("41.9 44.1", *RECTANGLE[1:])))
    wait_for(desk, form.findings, "outside_work_area")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    assert len(desk.saved("hazardous_area")) == 2
    desk.open("area", first.name)
    wait_for(desk, area_form(desk).findings)


def test_an_outline_is_corrected_point_by_point_and_nothing_else_moves(desk: Desk) -> None:
    saved = areas.add(desk.ws, {"classification": "sha"}, outline=areas.one_ring(RECTANGLE))
    desk.open("area", saved.name)
    form = area_form(desk)
    form.points.rows[2].line.setText("40.0215 46.981406")
    form.reason.set_text("surveyed")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    before, after = saved.fields["outline"][0][0], records.get(desk.ws, saved.name).fields["outline"][0][0]
    assert [one["text"] for one in after] == [RECTANGLE[0], RECTANGLE[1], "40.0215 46.981406", RECTANGLE[3]]
    assert [after[place] for place in (0, 1, 3)] == [before[place] for place in (0, 1, 3)]


def test_a_pasted_list_is_looked_at_and_becomes_points(desk: Desk) -> None:
    desk.open("area")
    form = area_form(desk)
    form.points.list_asked.emit("\n".join(RECTANGLE))
    desk.settle()
    (dialog,) = desk.window.findChildren(PointsDialog)
    dialog.go.click()
    desk.settle()
    assert form.area.text() == "9,595.7 m²"


def test_records_shows_what_finds_say_and_that_unsearched_is_not_wrong(desk: Desk) -> None:
    saved = areas.add(desk.ws, {"title": "Formulyar 12"}, record=RECORD)
    desk.open("records", saved.name)
    desk.settle()
    shown = [label.text() for label in records_page(desk).detail.findChildren(type(area_form(desk).area))]
    assert any("Not searched is not wrong" in text for text in shown)
    assert any("Ground outside a record is not safe" in text for text in shown)


def test_headquarters_publishes_from_the_records_page(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    with builders.deployment(tmp_path, "one") as made:
        made.exchange(made.laptops["one"])
        saved = areas.add(made.laptops["one"], {"title": "Formulyar 12"}, record=RECORD)
        made.carry(made.laptops["one"])
        desk = Desk(qtbot, tmp_path / "desk", made.hq.beside())
        desk.open("records", saved.name)
        page = records_page(desk)
        assert page.detail.publish.isVisible()
        page.detail.publish.click()
        desk.settle()
        assert page._opened is not None
        assert page._opened.record.fields["source"] == saved.name
        assert not page.detail.publish.isVisible()
        desk.close()


@pytest.mark.parametrize("language", ["az", "ru"])
@pytest.mark.parametrize("how", ["points", "record"])
def test_nothing_is_clipped_or_small(
    app: QApplication, qtbot: QtBot, tmp_path: Path, language: str, how: str
) -> None:
    desk = Desk(qtbot, tmp_path / "hq", builders.hq(tmp_path / "hq"), language)
    try:
        desk.open("area")
        form = area_form(desk)
        write_record(form)
        form.how.set_text(how)
        form.more_button.setChecked(True)
        desk.settle()
        assert clipped_texts(desk.window) == []
        assert small_targets(desk.window) == []
    finally:
        desk.close()


def test_the_editors_text_is_the_record_and_back() -> None:
    assert paper_of(as_text(RECORD)) == RECORD
    assert paper_of("") is None
    assert paper_of("no json") is None
    assert paper_of('{"ties": [["", "1-00", "2"], 5]}') is None


def test_a_line_is_entered_as_a_line_and_corrected_as_one(desk: Desk) -> None:
    desk.open("area")
    form = area_form(desk)
    form.how.set_text("line")
    form.points.set_text("\n".join(RECTANGLE[:2]))
    desk.settle()
    assert form.area.text() == "120 m"
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved("hazardous_area")
    assert (saved["outline"], saved["area_m2"]) == (None, None)
    desk.open("area", saved.name)
    form = area_form(desk)
    assert form.values()["how"] == "line"
    form.points.rows[2].line.setText(RECTANGLE[2])
    form.reason.set_text("it goes on")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    assert len(records.get(desk.ws, saved.name).fields["line"][0]) == 3
