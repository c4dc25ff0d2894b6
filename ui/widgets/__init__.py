"""The window's own widgets; pages are built of these. Texts are given already in the reader's language."""

from ui.widgets.banner import Banner, Chip, Place, error_banner, place_look
from ui.widgets.buttons import BigButton, Button, OptionButton, PaintedButton, PrimaryButton, Tile
from ui.widgets.cards import Card, Counts, EmptyState, Facts, InfoRow, PreviewNumbers, StatTile, clear, hairline
from ui.widgets.choice import Choice, Option, TileGrid
from ui.widgets.fields import Field, Input, Labelled, LineEdit, NumberField, TextField
from ui.widgets.frame import FootBar, Rail, RailItem, TopBar, scrolled
from ui.widgets.labels import IconLabel, KeyCap, PlainLabel, field_label, secondary, title
from ui.widgets.lists import Change, CheckLine, ChecksPanel, HistoryEntry, HistoryList
from ui.widgets.model_field import Hit, ModelField
from ui.widgets.position import PositionBlock, Reading
from ui.widgets.progress import Bar, ProgressPanel, SafeToUnplug, Steps
from ui.widgets.table import Cell, Column, DataTable, RowsModel

__all__ = [
    "Banner", "Bar", "BigButton", "Button", "Card", "Cell", "Change", "CheckLine", "ChecksPanel", "Chip", "Choice",
    "Column", "Counts", "DataTable", "EmptyState", "Facts", "Field", "FootBar", "HistoryEntry", "HistoryList", "Hit",
    "IconLabel", "InfoRow", "Input", "KeyCap", "Labelled", "LineEdit", "ModelField", "NumberField", "Option",
    "OptionButton", "PaintedButton", "Place", "PlainLabel", "PositionBlock", "PreviewNumbers", "PrimaryButton",
    "ProgressPanel", "Rail", "RailItem", "Reading", "RowsModel", "SafeToUnplug", "StatTile", "Steps", "TextField",
    "Tile", "TileGrid", "TopBar", "clear", "error_banner", "field_label", "hairline", "place_look",
    "scrolled", "secondary", "title",
]  # fmt: skip
