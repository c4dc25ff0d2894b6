"""Sentences, numbers and dates in the reader's language; folded keys for search.

The language is always an argument or held by a ``Texts`` object, never a process-wide setting: one report may
print the bulletin sentence in three languages.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "az", "ru")
"""Languages of the catalogues, in the order they are offered."""

_LOCALE = Path(__file__).parent / "locale"
_GROUP = {"en": ",", "az": "\u00a0", "ru": "\u00a0"}
_POINT = {"en": ".", "az": ",", "ru": ","}
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
}
_SHORT_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "az": "yan fev mar apr may iyn iyl avq sen okt noy dek".split(),
    "ru": "янв фев мар апр мая июн июл авг сен окт ноя дек".split(),
}
_ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}
"""Letters in the order of each language's dictionaries; w is not Azerbaijani and stands where foreign words have it."""


def N_(message: str) -> str:  # noqa: N802 - the name every gettext tool looks for
    """Mark a sentence for the catalogue where it is declared; it is translated where it is shown."""
    return message


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("fieldapp", localedir=str(_LOCALE), languages=[language], fallback=True)


class Texts:
    """The catalogue of one language. ``t = Texts("az"); t("Log find")``."""

    def __init__(self, language: str = "en") -> None:
        self.language = language if language in LANGUAGES else "en"

    def __call__(self, message: str, **facts: object) -> str:
        """The sentence ``message`` in this language, with its named places filled from ``facts``."""
        text = _catalogue(self.language).gettext(message) if message else ""  # gettext("") is the file's header
        return text.format(**facts) if facts else text

    def plural(self, one: str, many: str, count: int, **facts: object) -> str:
        """The form of a sentence that goes with ``count``; ``{count}`` is filled in this language's number style."""
        text = _catalogue(self.language).ngettext(one, many, count)
        return text.format(count=self.number(count), **facts)

    def number(self, value: int | float | str | Decimal, decimals: int = 0) -> str:
        """A number rounded half up, with this language's separators: 8,086 and 2,790.9; az and ru 8 086 and 2 790,9."""
        exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        text = f"{exact:,.{decimals}f}"
        if text.startswith("-"):
            text = "\u2212" + text[1:]
        return text.translate({ord(","): _GROUP[self.language], ord("."): _POINT[self.language]})

    def day(self, day: date) -> str:
        """A day as sentences write it: 4 August 2024, 4 avqust 2024, 4 августа 2024."""
        return f"{day.day} {_MONTHS[self.language][day.month - 1]} {day.year}"

    def short_day(self, day: date) -> str:
        """A day as tables and forms write it: 15 Nov 2026, 15 noy 2026, 15 ноя 2026."""
        return f"{day.day} {_SHORT_MONTHS[self.language][day.month - 1]} {day.year}"

    def sort_key(self, text: str) -> tuple[tuple[int, ...], str]:
        """Puts names in this language's alphabetical order; letters of other alphabets come after its own."""
        letters = {letter: place for place, letter in enumerate(_ALPHABETS[self.language])}
        text = text.replace("\u01dd", "\u0259").replace("\u018e", "\u0259")
        folded = text.replace("\u0130", "i").replace("I", "ı") if self.language == "az" else text
        folded = unicodedata.normalize("NFC", folded.casefold())
        return tuple(_place(character, letters) for character in folded), text


def _place(character: str, letters: dict[str, int]) -> int:
    """Signs and digits, then the language's own letters (a foreign accent with its letter), then all others."""
    if not character.isalpha():
        return ord(character) - 0x110000
    own = letters.get(character)
    if own is None:
        own = letters.get(unicodedata.normalize("NFKD", character)[0])
    return 0x110000 + ord(character) if own is None else own


_DIGITS = re.compile("([0-9]{1,18})")
"""Text and numbers by turns; no number is longer than is quickly read."""

_ASCII_FOLDED = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}
"""What ``fold`` makes of ASCII, which most texts are; lists are searched by it."""


def fold(text: str) -> str:
    """A search key: case, accents and the dotted/dotless i are folded, hyphens and blanks dropped.

    ``PMN-2``, ``pmn 2`` and ``Pmn2`` fold alike, so do ``İ``, ``I``, ``ı`` and ``i`` and both code points that
    data files use for schwa (U+0259, U+01DD). Cyrillic stays Cyrillic: spellings across alphabets are aliases.
    """
    if text.isascii():
        return text.translate(_ASCII_FOLDED)
    text = unicodedata.normalize("NFKD", text)  # first, too: letters of formulas hide capitals from casefold
    text = text.replace("\u01dd", "\u0259").replace("\u018e", "\u0259").replace("\u018f", "\u0259")
    text = text.replace("\u0131", "i").replace("\u0130", "i")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if c.isalnum())


def natural(text: str) -> tuple[tuple[str | int, ...], str]:
    """Puts names in the order people count in: ``Laptop 2`` before ``laptop 10``; numbers by value, case folded."""
    parts = _DIGITS.split(text.casefold())
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), text


def parse_day(text: str) -> date:
    """A calendar day written YYYY-MM-DD (ISO 8601). Raises ValueError for anything else."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":  # fromisoformat also reads weeks: 2024-W31-7
        raise ValueError(text)
    return date.fromisoformat(text)


def parse_moment(text: str) -> datetime:
    """A moment in UTC written YYYY-MM-DDTHH:MM:SSZ (ISO 8601). Raises ValueError for anything else."""
    if len(text) != 20 or (text[10], text[13], text[16], text[19]) != ("T", ":", ":", "Z"):
        raise ValueError(text)
    parse_day(text[:10])
    return datetime.fromisoformat(text)
