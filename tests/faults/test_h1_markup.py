"""H1: markup in names, notes, file names and errors is shown as it stands, in every widget and page, and in HTML.

Qt's own labels guess, and then draw a local picture. The proof here is such a picture, all of one colour that no
theme has: it is named in every text, and no pixel of it may ever be seen.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from fieldapp.clock import SetClock
from fieldapp.operations import export, imports, readable, records, reports, review
from fieldapp.operations.errors import SeveralRecords
from fieldapp.operations.workspace import Workspace
from fieldapp.sync.errors import BundleDamaged
from fieldapp.texts import LANGUAGES, Texts
from tests.builders import START, Deployment, a_find, a_plot, deployment
from ui import theme
from ui.dialogs.reason import ReasonDialog
from ui.main_window import MainWindow
from ui.session import Session
from ui.widgets import (
    Banner,
    BigButton,
    Button,
    Card,
    Cell,
    Change,
    CheckLine,
    ChecksPanel,
    Chip,
    Choice,
    Column,
    DataTable,
    EmptyState,
    Facts,
    Field,
    FootBar,
    HistoryEntry,
    HistoryList,
    Hit,
    InfoRow,
    KeyCap,
    LineEdit,
    ModelField,
    NumberField,
    Option,
    OptionButton,
    PlainLabel,
    PrimaryButton,
    ProgressPanel,
    Rail,
    RailItem,
    SafeToUnplug,
    StatTile,
    Steps,
    TextField,
    Tile,
    TileGrid,
    TopBar,
    error_banner,
    field_label,
    secondary,
    title,
)

MAGENTA = QColor(255, 0, 255)
EN = Texts("en")
CLOCK = SetClock(datetime(2026, 11, 15, tzinfo=UTC))


@pytest.fixture
def markup(app_in_sun: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A text with a link, bold words, an entity, and a picture that exists where the program runs."""
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(MAGENTA)
    assert image.save(str(tmp_path / "p.png"))
    monkeypatch.chdir(tmp_path)
    return SHORT


SHORT = '<b>PMN</b><img src="p.png"><a href="https://e.org">x</a>&lt;'


@pytest.fixture
def app_in_sun(qapp: QApplication) -> QApplication:
    theme.apply(qapp, "sun")
    return qapp


def magenta_in(widget: QWidget) -> bool:
    """Is a pixel of the picture to be seen?"""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return b"\xff\x00\xff" in bytes(image.constBits())


def interpreting(widget: QWidget) -> list[str]:
    """Widgets inside that would take a text for markup, or keep one where Qt would (tool tips, what's this)."""
    found = []
    for inner in [widget, *widget.findChildren(QWidget)]:
        name = type(inner).__name__
        if isinstance(inner, QLabel) and inner.textFormat() is not Qt.TextFormat.PlainText:
            found.append(f"{name} {inner.text()!r}")
        if isinstance(inner, QTextEdit) and inner.acceptRichText():
            found.append(name)
        if "<" in inner.toolTip() + inner.whatsThis():
            found.append(f"{name} tool tip")
        if isinstance(inner, QAbstractItemView) and inner.model() is not None:
            found += [f"{name} tip" for tip in tips(inner) if "<" in tip]
    return found


def tips(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    for row in range(min(model.rowCount(), 200)):
        for column in range(model.columnCount()):
            tip = model.index(row, column).data(int(Qt.ItemDataRole.ToolTipRole))
            if tip:
                yield str(tip)


def texts_in(widget: QWidget) -> str:
    """Everything the widget says, one text to a line."""
    said = []
    for inner in [widget, *widget.findChildren(QWidget)]:
        if isinstance(inner, QLabel | QAbstractButton):
            said.append(inner.text())
        if isinstance(inner, QAbstractItemView) and inner.model() is not None:
            model = inner.model()
            said += [
                str(model.index(row, column).data() or "")
                for row in range(model.rowCount()) for column in range(model.columnCount())
            ]
    return "\n".join(said)


def test_h1_qt_itself_would_draw_the_picture(markup: str) -> None:
    """The control: without this the tests below would prove nothing."""
    bare = QLabel(markup)
    bare.resize(600, 200)
    assert magenta_in(bare)
    assert interpreting(bare) != []


def shown(widget: QWidget) -> QWidget:
    widget.resize(900, 600)
    return widget


def top_bar(m: str) -> QWidget:
    bar = TopBar()
    bar.show_page(m, m, Chip(m))
    return bar


def foot_bar(m: str) -> QWidget:
    bar = FootBar()
    bar.say(m, "circle-check", "ok")
    return bar


def field(m: str) -> QWidget:
    made = Field(m, m, m)
    made.line.setText(m)
    made.set_problem(m)
    return made


def text_field(m: str) -> QWidget:
    made = TextField(m, m)
    made.area.setPlainText(m)
    return made


def table(m: str) -> QWidget:
    columns = [Column[str](m, lambda row: row), Column[str](m, lambda row: Cell(row, "warn", chip=True))]
    return DataTable(columns, [m, m])


def line_edit(m: str) -> QWidget:
    made = LineEdit()
    made.setText(m)
    return made


def progress(m: str) -> QWidget:
    made = ProgressPanel(EN, CLOCK, [m])
    made.report(m, 1, 2)
    return made


def model_field(m: str) -> QWidget:
    made = ModelField(m, EN, lambda _text: [Hit("code", m, m, "house")])
    made.set_text(m)
    return made


def reason(m: str) -> QWidget:
    KEPT.append(QWidget())  # or Python lets go of the dialog's parent, and Qt of the dialog
    return ReasonDialog(KEPT[-1], EN, m, m, m, choices=[Option("a", m)])


KEPT: list[QWidget] = []
WIDGETS: dict[str, Callable[[str], QWidget]] = {
    "label": PlainLabel,
    "title": title,
    "field label": field_label,
    "secondary": secondary,
    "key cap": KeyCap,
    "banner": lambda m: Banner("danger", m, m, m, second=m),
    "error banner": lambda m: error_banner((m, m, m)),
    "chip": Chip,
    "button": Button,
    "primary button": PrimaryButton,
    "big button": lambda m: BigButton(m, m, "circle-plus", m),
    "tile": lambda m: Tile(m, "house", m),
    "option": lambda m: OptionButton(m, m),
    "choice": lambda m: Choice(m, [Option("a", m), Option("b", m)]),
    "tiles": lambda m: TileGrid([Option("a", m, icon="house")]),
    "card": lambda m: Card(m, m),
    "figure": lambda m: StatTile(m, m),
    "empty": lambda m: EmptyState(m, m),
    "facts": lambda m: Facts([(m, m)]),
    "info": lambda m: InfoRow("usb", m, m, m),
    "checks": lambda m: ChecksPanel(EN, [CheckLine("look", m, m)]),
    "history": lambda m: HistoryList(EN, [HistoryEntry(m, m, m, (Change(m, m, m),), m)]),
    "line": line_edit,
    "field": field,
    "text field": text_field,
    "number": lambda m: NumberField(m, note=m),
    "model": model_field,
    "rail": lambda m: Rail([RailItem("a", "house", m)]),
    "top bar": top_bar,
    "foot bar": foot_bar,
    "steps": lambda m: Steps([m, m]),
    "progress": progress,
    "unplug": lambda m: SafeToUnplug(EN, [m]),
    "table": table,
    "reason": reason,
}


@pytest.mark.parametrize("name", WIDGETS)
def test_h1_every_widget_shows_markup_as_it_stands(markup: str, qtbot: QtBot, name: str) -> None:
    made = WIDGETS[name](markup)
    qtbot.addWidget(made)
    shown(made)
    assert interpreting(made) == []
    assert not magenta_in(made)
    for word in (text for text in texts_in(made).split("\n") if "PMN" in text):
        assert markup in word.replace("&&", "&")


def hostile_programme(there: Deployment, markup: str) -> Workspace:
    """Every text a person or a file can bring in says the markup."""
    laptop = there.laptops["laptop"]
    for ws in (laptop, there.hq):
        ws.set_meta("person", markup)
    laptop.set_meta("device_name", markup)
    find = a_find(laptop, model_text=markup, remarks=markup, found_by=markup, task=markup)
    plot = a_plot(laptop, remarks=markup, task=markup)
    records.correct(laptop, find.name, {"depth_cm": 7}, markup)
    there.exchange(laptop)
    records.correct(there.hq, find.name, {"depth_cm": 30}, markup)
    records.correct(laptop, find.name, {"depth_cm": 12}, markup)
    records.correct(laptop, plot.name, {"remarks": markup + "!"}, markup)
    there.carry(laptop)
    review.decide(there.hq, [plot.name], "queried", markup)
    bad = there.stick / ('<b>x</b><img src="p.png">'.replace("/", "_") + ".fieldbundle")
    bad.write_bytes(export.export_for_hq(laptop, there.stick).path.read_bytes()[:500])
    imports.import_files(there.hq, [bad])
    there.answer(laptop)
    return laptop


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.session.background.is_busy(), timeout=60_000)
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("role", ["field", "hq"])
def test_h1_every_page_shows_markup_as_it_stands(markup: str, qtbot: QtBot, tmp_path: Path, role: str) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = hostile_programme(there, markup)
        session = Session(SetClock(START))
        session.open(laptop if role == "field" else there.hq)
        window = MainWindow(session)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        said = ""
        for key in list(window.pages):
            window.open_page(key)
            settle(window, qtbot)
            assert interpreting(window) == [], key
            assert not magenta_in(window), key
            said += texts_in(window)
        assert markup in said.replace("&&", "&")
        session.background.close()
        window.hide()


class Tags(HTMLParser):
    """Tags of a page, and where they point."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [f"{name}={value}" for name, value in attrs if name in ("src", "href") or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def expect_harmless(page: str, markup: str, *, said: bool) -> None:
    tags = Tags(page)
    assert tags.links == []
    assert tags.tags.isdisjoint({"img", "a", "script", "iframe", "object", "b"})
    assert (markup in tags.text) is said


@pytest.mark.parametrize("language", LANGUAGES)
def test_h1_the_html_of_the_weekly_report_is_escaped(tmp_path: Path, language: str) -> None:
    markup = '<b>PMN</b><img src="x"><a href="y">x</a><script>1</script>'
    with deployment(tmp_path, "laptop") as there:
        laptop = there.join("other", "t8")
        there.hq.set_json("deployment", there.hq.get_json("deployment", {}) | {"name": markup})
        _rename_everything(there, markup)
        hostile_programme(there, markup)
        a_find(laptop)
        weekly = reports.weekly(there.hq, date(2024, 7, 29), date(2024, 8, 4))
        page = reports.render(weekly, "html", language)
        tags = Tags(page)
        assert tags.links == []
        assert tags.tags.isdisjoint({"img", "a", "script", "iframe", "object", "b"})


def _rename_everything(there: Deployment, markup: str) -> None:
    team = records.get(there.hq, "team/hq/t7")
    records.correct(there.hq, team.name, {"name": markup}, "renamed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_h1_the_summary_in_a_bundle_is_escaped(tmp_path: Path, language: str) -> None:
    markup = '<b>PMN</b><img src="x"><a href="y">x</a><script>1</script>'
    with deployment(tmp_path, "laptop") as there:
        laptop = hostile_programme(there, markup)
        laptop.set_meta("language", language)
        members, _totals = readable.members(laptop, "hq")
        expect_harmless(members["summary.html"].decode(), markup, said=True)
        assert markup in members["README.txt"].decode()
        assert markup.replace('"', '""') in members["finds.csv"].decode("utf-8-sig")


def test_h1_a_deployments_name_is_escaped_in_the_summary(tmp_path: Path) -> None:
    markup = "<script>1</script><b>Programme</b>"
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        laptop.set_json("deployment", laptop.get_json("deployment", {}) | {"name": markup})
        expect_harmless(readable.members(laptop, "hq")[0]["summary.html"].decode(), markup, said=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_h1_errors_carry_markup_and_odd_characters_as_plain_words(language: str) -> None:
    markup = '<img src="x">{field}{0}%s\u202e'
    for error in (SeveralRecords(name=markup), BundleDamaged(file=markup)):
        assert markup in error.sentence(Texts(language))


def test_h1_file_names_in_sentences_have_their_line_ends_and_directions_written_out(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        name = "a\nb\u202etxt.fieldbundle"
        (there.stick / name).write_bytes(b"x" * 400)
        (outcome,) = imports.import_files(there.hq, [there.stick / name])
        assert outcome.file == "a\\nb\\u202etxt.fieldbundle"
        assert outcome.reason is not None
        assert not re.search("[\n\u202e]", outcome.reason)


def test_h1_nothing_here_is_left_unsaid() -> None:
    """A widget that is added takes its place in this file."""
    import ui.widgets

    known = {
        "Bar", "Cell", "Change", "CheckLine", "Column", "Counts", "Hit", "HistoryEntry", "IconLabel", "Input",
        "Labelled", "Option", "PaintedButton", "Place", "PositionBlock", "PreviewNumbers", "RailItem", "Reading",
        "RowsModel", "clear", "hairline", "place_look", "scrolled",
    }
    here: dict[str, Any] = globals()
    assert [name for name in ui.widgets.__all__ if name not in known and name not in here] == []
