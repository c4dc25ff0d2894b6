"""Every widget with believable invented contents, for the layout tests and for looking at."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.clock import SetClock
from fieldapp.domain.lists_in_force import shipped_lists
from fieldapp.domain.registry import KINDS
from fieldapp.operations.paper_record import Paper, Strip, Tie
from fieldapp.texts import Texts
from tests.ui.gallery_ground import legs_page, outline_page
from tests.ui.gallery_map import map_page, map_panels_page
from ui import theme
from ui.forms.declared import form_widgets, model_search
from ui.forms.paper_editor import PaperEditor
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
    Counts,
    DataTable,
    EmptyState,
    Facts,
    Field,
    FootBar,
    HistoryEntry,
    HistoryList,
    InfoRow,
    KeyCap,
    ModelField,
    NumberField,
    Option,
    Place,
    PositionBlock,
    PreviewNumbers,
    PrimaryButton,
    ProgressPanel,
    Rail,
    RailItem,
    Reading,
    SafeToUnplug,
    StatTile,
    TextField,
    TileGrid,
    TopBar,
    hairline,
    place_look,
    secondary,
    title,
)
from ui.widgets.position import WAYS
from ui.widgets.position_bearing import From
from ui.widgets.position_given import AVERAGE, BASELINE, BEARING
from ui.widgets.position_reading import Live
from ui.widgets.sketch import Point, Sketch

CLOCK = SetClock(datetime(2026, 11, 15, 14, 22, 8, tzinfo=UTC))

TILES = [
    Option("1", "AP mine", icon="ordnance-ap"),
    Option("2", "AT mine", icon="ordnance-at"),
    Option("3", "Submunition", icon="ordnance-submunition"),
    Option("4", "Projectile, mortar", icon="ordnance-projectile"),
    Option("5", "Rocket, grenade", icon="ordnance-rocket"),
    Option("6", "Fuze, detonator", icon="ordnance-fuze"),
    Option("7", "IED, booby-trap", icon="ordnance-ied"),
    Option("8", "Small arms, inert", icon="ordnance-not-counted"),
]
CONDITIONS = {
    "en": ["Armed", "Unarmed", "Damaged", "Deteriorated", "Functioned"],
    "az": ["Döyüş vəziyyətində", "Qurulmamış", "Zədəli", "Çürümüş", "İşə düşmüş"],
    "ru": ["Взведено", "Не взведено", "Повреждено", "Разрушено временем", "Сработало"],
}


def framed(content: QWidget, texts: Texts) -> QWidget:
    """``content`` inside rail, top bar and foot bar."""
    whole = QWidget()
    whole.setObjectName("page")
    whole.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    rail = Rail(
        [
            RailItem("today", "house", "Today"),
            RailItem("find", "crosshair", "Find"),
            RailItem("plot", "hexagon", "Plot"),
            RailItem("records", "list", "Records"),
            RailItem("day", "clipboard-check", "Day"),
            RailItem("settings", "settings", "Settings", low=True),
        ]
    )
    rail.set_current("find")
    top, foot = TopBar(), FootBar()
    chip = Chip("±0.9 m · 14 sat", "ok", "satellite")
    top.show_page("New find", "QKD-0413 · task T-118 Yukhari field · Aghdam", chip)
    foot.say("Draft kept 14:22:08")
    foot.set_actions([Button("Save and close"), KeyCap("Ctrl+Enter"), PrimaryButton("Save and next", "check")])
    right = QVBoxLayout()
    right.setContentsMargins(0, 0, 0, 0)
    right.setSpacing(0)
    right.addWidget(top)
    right.addWidget(content, 1)
    right.addWidget(foot)
    row.addWidget(rail)
    row.addLayout(right, 1)
    return whole


def find_page(texts: Texts) -> QWidget:
    """A find form as the pictures have it."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(14, 14, 14, 14)
    row.setSpacing(14)
    where = Card("Where found", "WGS 84")
    where.setFixedWidth(404)
    block = PositionBlock(texts, reading)
    block.set_text("39.986906 46.929061")
    where.body.addWidget(block)
    where.body.addStretch(1)
    what = Card("What", "Alt+1 ... 8")
    tiles = TileGrid(TILES)
    tiles.set_text("1")
    model = ModelField("Model", texts, model_search(texts.language))
    model.set_text("PMN-2")
    numbers = QHBoxLayout()
    quantity, depth = NumberField("Quantity", 1), NumberField("Depth, cm")
    quantity.set_text("1")
    depth.set_text("5")
    numbers.addWidget(quantity)
    numbers.addWidget(depth)
    words = CONDITIONS[texts.language]
    condition = Choice("Condition", [Option(w, w, k) for w, k in zip(words, "AUDTF", strict=True)])
    condition.set_text(words[0])
    anti_lift = Choice("Anti-lift device", [Option(w, w) for w in ("No", "Yes", "Not known")], inline=True)
    what.body.addWidget(tiles)
    what.body.addWidget(model)
    what.body.addLayout(numbers)
    what.body.addWidget(condition)
    what.body.addWidget(anti_lift)
    what.body.addStretch(1)
    checks = ChecksPanel(
        texts,
        [
            CheckLine("ok", "Inside task T-118", "41 m from the edge"),
            CheckLine("look", "Outside every recorded area", "Counts as an unrecorded hazard. Save as it is."),
            CheckLine("danger", "On released ground", "Plot P-032 was released here."),
            CheckLine("not_yet", "Model not chosen yet", "Checked when it is"),
        ],
    )
    checks.setFixedWidth(270)
    row.addWidget(where)
    row.addWidget(what, 1)
    row.addWidget(checks)
    return framed(page, texts)


def reading(_text: str) -> Reading:
    """A typed position that is understood, with a second format and what it is near."""
    return Reading(
        "ok", "Position typed", "No receiver accuracy.", "38S PK 64701 28086", "39.986906° N  46.929061° E · WGS 84",
        facts=(("To last find QKD-0412", "18 m"), ("Task T-118", "inside, 41 m from edge")),
    )  # fmt: skip


QUALITY = (("Accuracy", "± 2.9 m"), ("Fix", "DGNSS"), ("Satellites", "14"), ("HDOP", "0.8"))
SILENT = (("Accuracy", "\u2014"), ("Satellites", "\u2014"), ("Age", "14 s"))
HERE = ("38S PK 64701 28086", "39.986906° N  46.929061° E \u00b7 WGS 84")
RECEIVER = {
    "live": Live("ok", "Live fix, 1 s old", "Accuracy ± 2.9 m.", *HERE, QUALITY, "satellite", True, "Take position"),
    "averaging": Live("ok", "Averaging: spread 1.4 m", "17 fixes in 16 s. 95 % lie within the spread.", *HERE, QUALITY,
                      "satellite", True, "Take the average", 17, 30),
    "stale": Live("stale", "Position stale: 14 s", "Nothing comes from the receiver. This point is not taken.", *HERE,
                  SILENT, "volume-2", False, "Take position \u00b7 14 s", 17, 30,
                  "17 fixes before the cut, spread 1.4 m", "Take the average of 17"),
    "dropped": Live("stale", "Receiver lost", "The receiver is not connected. It is tried again by itself.", *HERE,
                    SILENT, "plug", False, "Take position \u00b7 14 s"),
    "datum": Live("danger", "Other datum", "The receiver is set to a datum that is not known here: P90.", "", "",
                  SILENT, "satellite", False, "Take position"),
}  # fmt: skip
"""What a receiver says, by state."""
TYPED_IN = {
    "understood": Reading("ok", "Position read as typed", "No receiver accuracy. ± 4.5 m from the datum (EPSG:15865).",
                          "SK-42 X 4430226 Y 8662280", "39.989908° N 46.898804° E",
                          quality=(("Digits", "± 0.7 m"), ("Datum", "± 4.5 m"), ("Together", "± 4.6 m"))),
    "wrong zone": Reading("danger", "“9662280” begins with a zone outside the work area: in it, this would be 8662280.",
                          "What you typed is still there."),
    "swapped": Reading("warn", "Swapped?", "The other way round it is 39.989900° N 46.898800° E.", "46.898800° N",
                       "37N 575399 5194394", "39.9899 46.8988", "Swap"),
    "before the restart": Reading("warn", "Position taken before the restart, at 14:22", "Kept as it was taken.", *HERE,
                                  quality=QUALITY, icon="history"),
}  # fmt: skip
"""What a typed or kept position was read as, by case."""


def receiver_page(texts: Texts) -> QWidget:
    """The position block in every state of a receiver."""
    blocks = []
    for state, live in RECEIVER.items():
        block = PositionBlock(texts, reading, tuple(WAYS))
        block.show_live(live)
        if state in ("averaging", "stale"):
            block.use(AVERAGE)
        blocks.append(block)
    return _side_by_side(blocks)


def typed_page(texts: Texts) -> QWidget:
    """The position block over typed, kept and measured positions."""
    blocks = []
    for case in TYPED_IN:
        block = PositionBlock(texts, partial(_read_as, case), tuple(WAYS), own_systems=(("local1", "Local 1"),))
        block.set_text('{"way": "typed", "system": "sk42-gk", "text": "4430226 9662280"}')
        blocks.append(block)
    for way in (BEARING, BASELINE):
        block = PositionBlock(texts, reading, tuple(WAYS), placeholder="39.9899 46.8988")
        block.set_points([From("find|QKD-0412-T|39.98|46.93|3", "Last find QKD-0412-T")])
        block.use(way)
        block.bearing.bearing.set_text("212")
        block.bearing.towards.set_text("39.9899 46.8988")
        blocks.append(block)
    blocks[0].typed.button.click()
    return _side_by_side(blocks)


def _read_as(case: str, _text: str) -> Reading:
    return TYPED_IN[case]


def _side_by_side(blocks: list[PositionBlock]) -> QWidget:
    page = QWidget()
    page.setObjectName("page")
    grid = QGridLayout(page)
    for place, block in enumerate(blocks):
        card = Card("Where found", "WGS 84")
        card.setFixedWidth(404)
        card.body.addWidget(block)
        card.body.addStretch(1)
        grid.addWidget(card, place // 3, place % 3)
    return page


def records_page(texts: Texts) -> QWidget:
    """A table of records beside the history of one."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(14, 14, 14, 14)
    row.setSpacing(14)
    left, right = Card(), Card()
    left.body.addWidget(Field("Search", "17 of 412"))
    filters = Choice("", [Option(w, w) for w in ("All", "Finds", "Plots", "Queried")], filled=True)
    filters.set_text("Finds")
    left.body.addWidget(filters)
    rows = [(f"QKD-04{n:02}-A", "PMN-2, 1", "15 Nov 13:58", place) for n, place in enumerate(list(Place) * 2)]
    left.body.addWidget(records_table(texts, rows))
    right.body.addWidget(title("QKD-0366-H"))
    right.body.addWidget(Banner("info", "HQ asks, 12 November", "“Depth 5 cm, photo shows about 12. Which?”", "Answer"))
    right.body.addWidget(
        HistoryList(
            texts,
            [
                HistoryEntry("2", "Corrected", "N. Veliyeva · 15 Nov 2026 14:18 · laptop 2",
                             (Change("Depth", "5 cm", "12 cm"), Change("Condition", "Armed", "Damaged")),
                             "misread the rule; photo 2 shows 12 cm.", Place.THIS_LAPTOP),
                HistoryEntry("1", "Logged", "R. Sadigov · 10 Nov 2026 14:50", place=Place.SAFE_AT_HQ),
            ],
        )
    )  # fmt: skip
    buttons = QHBoxLayout()
    buttons.addWidget(PrimaryButton("Correct", "pencil"), 1)
    buttons.addWidget(Button("Show on map", "map"))
    buttons.addWidget(Button("Retract...", tone="danger"))
    right.body.addStretch(1)
    right.body.addLayout(buttons)
    row.addWidget(left, 46)
    row.addWidget(right, 54)
    return framed(page, texts)


Line = tuple[str, str, str, Place]


def records_table(texts: Texts, rows: list[Line]) -> DataTable[Line]:
    """A table with a chip column."""

    def where(line: Line) -> Cell:
        word, tone, icon = place_look(line[3], texts)
        return Cell(word, tone, icon, chip=True, struck=line[3] is Place.RETRACTED)

    columns: list[Column[Line]] = [
        Column("No.", lambda line: line[0]),
        Column("What", lambda line: line[1], stretch=True),
        Column("Found", lambda line: line[2]),
        Column("Where it is", where),
    ]
    return DataTable(columns, rows)


def work_page(texts: Texts) -> QWidget:
    """Banners, big buttons, figures, preview, progress."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(14, 14, 14, 14)
    row = QHBoxLayout()
    row.addWidget(BigButton("Log find", "Mine, UXO, other item", "crosshair", "F2", primary=True))
    row.addWidget(BigButton("Log plot", "Cleared or reduced ground", "hexagon", "F3"))
    day = Card("Logged today", "Sunday 15 November 2026")
    figures = QHBoxLayout()
    figures.addWidget(StatTile("6", "AP mines", "ordnance-ap"))
    figures.addWidget(StatTile("3,208", "m² cleared, 2 plots"))
    day.body.addLayout(figures)
    row.addWidget(day)
    column.addLayout(row)
    column.addWidget(Banner("warn", "One find is not finished", "AP mine, 14:02.", "Continue", "pencil", "Discard"))
    column.addWidget(PreviewNumbers(Counts(9, 28, 3, 1), texts))
    panel = ProgressPanel(texts, CLOCK, ["Choose stick", "Write", "Read back", "Safe to unplug"], "Nothing is lost.")
    panel.report("Read back", 26, 38)
    column.addWidget(panel)
    column.addStretch(1)
    return framed(page, texts)


def small_page(texts: Texts) -> QWidget:
    """The rest: states, facts, disabled buttons, tones."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(14, 14, 14, 14)
    for tone in ("danger", "stale", "ok"):
        column.addWidget(Banner(tone, f"First line {tone}", "Second line"))
    row = QHBoxLayout()
    for place in Place:
        row.addWidget(Chip.at(place, texts))
    dead = Button("Take position", "crosshair")
    dead.setEnabled(False)
    row.addWidget(dead)
    column.addLayout(row)
    card = Card("Where your records are")
    card.body.addWidget(InfoRow("shield-check", "Safe at HQ", "Receipt of 12 November, 3 days ago", "371", "ok"))
    card.body.addWidget(InfoRow("laptop", "Only on this laptop", "Export today", "12", "warn"))
    card.body.addWidget(hairline())
    card.body.addWidget(Facts([("First and last", "08:12 – 13:58"), ("Check word", "7F3A-91C2")]))
    card.body.addWidget(secondary("Checks never block saving."))
    column.addWidget(card)
    column.addWidget(EmptyState("No plots yet. Log the first one.", "Log plot"), 1)
    return framed(page, texts)


def declared_page(texts: Texts) -> QWidget:
    """The declared form fields of a find."""
    page = QWidget()
    page.setObjectName("page")
    column = QVBoxLayout(page)
    for item in form_widgets(KINDS["find"], texts, leave_out=("lat", "lon")):
        column.addWidget(item.widget)
    column.addStretch(1)
    return page


def paper_page(texts: Texts) -> QWidget:
    """A captured minefield record as it is written, with what its landmarks were read as."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(14, 14, 14, 14)
    card = Card()
    card.setFixedWidth(600)
    editor = PaperEditor(texts)
    ties = (Tie("X 4 430 226 Y 8 662 280", "12-50", "640"), Tie("X 4 430 900 Y 8 663 500", "42-12", "708"))
    editor.take(Paper(ties, Strip("17-50", "320", "60"), on="1993"))
    editor.say([("39.989908° N 46.898804° E", "text2"),
                ("39.995701° N 46.913250° E · its corner 1 lies 14 m from the first", "warn")])  # fmt: skip
    card.body.addWidget(editor)
    card.body.addStretch(1)
    row.addWidget(card)
    row.addStretch(1)
    return framed(page, texts)


def unplug_page(texts: Texts) -> QWidget:
    """The full page at the end of an export."""
    return SafeToUnplug(texts, ["41 records, 11 photos, 38.4 MB"])


def missed_page(texts: Texts) -> QWidget:
    """A missed item as headquarters sees it, with the causes it may have."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(14, 14, 14, 14)
    row.setSpacing(14)
    left, right = Card("QKD-0413-C in plot P-032"), Card("Explain")
    left.body.addWidget(Banner("danger", "Find QKD-0413-C lies inside plot P-032, which was released before.",
                               "Whoever entered this find had the plot already."))
    sketch = Sketch(texts)
    corners = ((39.98, 46.92), (39.98, 46.9214), (39.9807, 46.9214), (39.9807, 46.92))
    sketch.show_points([Point(lat, lon, f"TP{n}") for n, (lat, lon) in enumerate(corners, 1)], (39.9804, 46.921))
    left.body.addWidget(sketch, 1)
    causes = shipped_lists().vocabulary("missed_cause")
    words = [Option(entry.code, entry.names.in_language(texts.language)) for entry in causes]
    cause = Choice("Cause", words, per_row=2)
    cause.set_text("re_laid")
    right.body.addWidget(cause)
    right.body.addWidget(TextField("How it came about"))
    right.body.addStretch(1)
    right.body.addWidget(PrimaryButton("Explain", "check-check"))
    row.addWidget(left, 1)
    row.addWidget(right, 1)
    return framed(page, texts)


GALLERY = {
    "find": find_page, "records": records_page, "work": work_page, "small": small_page, "declared": declared_page,
    "unplug": unplug_page, "receiver": receiver_page, "typed": typed_page, "missed": missed_page,
    "paper": paper_page,
    "outline": outline_page, "legs": legs_page, "map": map_page, "map panels": map_panels_page,
}  # fmt: skip
"""Makers of the gallery's pages by name."""

THEMES = tuple(theme.THEMES)
