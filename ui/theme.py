"""Colours, type sizes and spacing of the window, and the palette and style sheet made from them.

Every colour on the screen is a token of this module. Text pairs reach a contrast of 7:1 in all three themes,
borders 3:1 (WCAG 2.2, 1.4.6 and 1.4.11); the tests recompute each ratio.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

FAMILY = "IBM Plex Sans"
FONTS = Path(__file__).parent / "fonts"

SECONDARY, BODY, TITLE, VALUE, POSITION, PAGE, FIGURE, HERO, HERO_LARGE = 15, 17, 19, 20, 22, 24, 34, 44, 52
"""Type sizes in logical px. Nothing is smaller than SECONDARY."""
REGULAR, MEDIUM, SEMIBOLD, BOLD = (
    QFont.Weight.Normal,
    QFont.Weight.Medium,
    QFont.Weight.DemiBold,
    QFont.Weight.Bold,
)
STEPS = (2, 4, 6, 8, 12, 16)
"""Spacing steps in logical px."""
MARGIN, GAP, PADDING, RADIUS, TARGET = 14, 12, 16, 10, 56
"""Page margin, gap between cards, padding and radius of a card, smallest target (12.1 mm at 118 dpi), logical px."""
RAIL_WIDTH, TOP_HEIGHT, FOOT_HEIGHT = 104, 60, 76


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, as ``#RRGGBB``."""

    name: str
    bg: str
    card: str
    text: str
    text2: str
    accent: str
    on_accent: str
    soft: str
    on_soft: str
    ok: str
    ok_fill: str
    warn: str
    warn_fill: str
    danger: str
    danger_fill: str
    stale: str
    stale_fill: str
    rail: str
    rail_text: str
    rail_chosen: str
    on_rail_chosen: str
    line: str
    edge: str
    focus: str
    hairline: str

    def pair(self, tone: str) -> tuple[str, str]:
        """Text and fill of a tone: ok, warn, danger, stale, info (soft), accent, plain."""
        pairs = {
            "ok": (self.ok, self.ok_fill),
            "warn": (self.warn, self.warn_fill),
            "danger": (self.danger, self.danger_fill),
            "stale": (self.stale, self.stale_fill),
            "info": (self.on_soft, self.soft),
            "accent": (self.on_accent, self.accent),
            "plain": (self.text, self.bg),
        }
        return pairs[tone]

    def ink(self, tone: str) -> str:
        """The colour of text or an icon on a card: a tone's text, ``text``, ``text2`` or ``accent``."""
        plain = {"text": self.text, "text2": self.text2, "accent": self.accent, "on_accent": self.on_accent}
        return plain.get(tone) or self.pair(tone)[0]


SUN = Tokens(
    "sun", "#EEF0E9", "#FFFFFF", "#10140F", "#3A4239", "#0F3B68", "#FFFFFF", "#DCE9F6", "#0C2F54",
    "#0A4D2A", "#DBF0E1", "#573700", "#FFE7A6", "#8A1212", "#FFE0DA", "#43484A", "#E2E4E1",
    "#13211B", "#F4F7F2", "#FFFFFF", "#10140F", "#2C332B", "#5F675E", "#0F3B68", "#C3C9BD",
)  # fmt: skip
DAY = Tokens(
    "day", "#F1F3EF", "#FFFFFF", "#1A201A", "#434B43", "#1B4A7E", "#FFFFFF", "#E3EDF7", "#153A63",
    "#14532F", "#E2F2E7", "#5F3E00", "#FFEFC4", "#8F1A1A", "#FDE7E3", "#43484A", "#E2E4E1",
    "#1D2B25", "#F4F7F2", "#FFFFFF", "#1A201A", "#5A635A", "#5F675E", "#1B4A7E", "#C3C9BD",
)  # fmt: skip
NIGHT = Tokens(
    "night", "#0D0B09", "#171310", "#EBD9C4", "#C9B59D", "#E9A15B", "#160E06", "#3A2813", "#F6CF9F",
    "#93CDA0", "#16281B", "#F3C765", "#33270C", "#FF9C8C", "#391510", "#B9B2A8", "#2B2723",
    "#070605", "#D9C6AE", "#E9A15B", "#160E06", "#8A7762", "#7A6B58", "#FFC27D", "#3A3128",
)  # fmt: skip
PAPER = replace(SUN, name="paper", bg="#FFFFFF", hairline="#9AA197")
"""Of what is printed: light whatever the screen shows, on white; nobody chooses it for the screen."""
THEMES = {tokens.name: tokens for tokens in (SUN, DAY, NIGHT)}
"""The themes in the order F12 goes through them."""


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def current() -> Tokens:
    """The tokens the application shows now. Widgets read them each time they paint."""
    app = QApplication.instance()
    name = app.property("theme") if app is not None else None
    return THEMES.get(str(name), SUN)


def next_theme(name: str) -> str:
    """The theme F12 changes to from ``name``."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)]


def font(size_px: int = BODY, weight: QFont.Weight = REGULAR) -> QFont:
    """The window's font at a size in logical px."""
    made = QFont(FAMILY)
    made.setPixelSize(size_px)
    made.setWeight(weight)
    return made


def paper_font(size_px: int = SECONDARY, weight: QFont.Weight = REGULAR) -> QFont:
    """The font of what is printed: not fitted to a screen's pixels, so that lines break alike at any resolution.

    Without ligatures: "finds" is found in a PDF by its letters.
    """
    made = font(size_px, weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("liga"), 0)
    return made


def load_fonts() -> None:
    """Make the shipped font known to Qt. Raises RuntimeError when a file is broken: the installation is."""
    if FAMILY in QFontDatabase.families():
        return
    for path in sorted(FONTS.glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise RuntimeError(f"font not readable: {path.name}")


def apply(app: QApplication, name: str) -> None:
    """Show ``app`` in the theme ``name`` (sun, day or night): style, font, palette and style sheet."""
    tokens = THEMES[name]
    if app.property("theme") == name:
        return  # styling every widget again would show nothing new
    load_fonts()
    app.setProperty("theme", name)
    app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(palette(tokens))
    app.setStyleSheet(style_sheet(tokens))


def palette(tokens: Tokens) -> QPalette:
    """The Fusion palette of a theme."""
    role = QPalette.ColorRole
    made = QPalette()
    colours = {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.card,
        role.AlternateBase: tokens.card,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.text2,
        role.Button: tokens.card,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger,
        role.Highlight: tokens.soft,
        role.HighlightedText: tokens.on_soft,
        role.Link: tokens.accent,
        role.ToolTipBase: tokens.card,
        role.ToolTipText: tokens.text,
    }
    for key, colour in colours.items():
        made.setColor(key, QColor(colour))
    return made


def style_sheet(tokens: Tokens) -> str:
    """The application's style sheet: what the palette and our own painting do not cover."""
    tones = "\n".join(
        f'QLabel[tone="{tone}"] {{ color: {tokens.ink(tone)}; }}'
        for tone in ("text", "text2", "accent", "on_accent", "ok", "warn", "danger", "stale", "info")
    )
    return f"""
QLabel {{ color: {tokens.text}; background: transparent; }}
{tones}
QMainWindow, QWidget#page, QWidget#canvas {{ background: {tokens.bg}; }}
QScrollArea {{ background: transparent; border: 0; }}
QLineEdit, QPlainTextEdit {{
  background: {tokens.card}; color: {tokens.text}; border: 2px solid {tokens.line}; border-radius: 8px;
  padding: 2px 12px; placeholder-text-color: {tokens.text2};
  selection-background-color: {tokens.accent}; selection-color: {tokens.on_accent};
}}
QLineEdit {{ min-height: {TARGET - 8}px; max-height: {TARGET - 8}px; }}
QLineEdit:focus, QPlainTextEdit:focus {{
  border: 3px solid {tokens.focus}; padding: 1px 11px; background: {tokens.soft};
}}
QLineEdit:disabled, QLineEdit[readOnly="true"] {{
  background: {tokens.stale_fill}; color: {tokens.stale}; border: 2px dashed {tokens.edge};
}}
QTableView {{
  background: {tokens.card}; color: {tokens.text}; border: 0; outline: 0;
  selection-background-color: {tokens.soft}; selection-color: {tokens.text};
}}
QTableView:focus {{ border: 0; }}
QHeaderView {{ background: {tokens.card}; border: 0; }}
QHeaderView::section {{
  background: {tokens.card}; color: {tokens.text2}; border: 0; border-bottom: 2px solid {tokens.line};
  padding: 6px 10px; font-size: {SECONDARY}px; font-weight: 600;
}}
QScrollBar:vertical {{ background: {tokens.bg}; width: 20px; margin: 0; }}
QScrollBar:horizontal {{ background: {tokens.bg}; height: 20px; margin: 0; }}
QScrollBar::handle {{ background: {tokens.edge}; border-radius: 6px; margin: 4px; min-height: 56px; min-width: 56px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: none; border: 0; width: 0; height: 0;
}}
"""
