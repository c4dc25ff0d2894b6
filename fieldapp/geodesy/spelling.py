"""How positions are spelled: signs, numbers, words of three languages - and the refusal of everything else.

Every library tried turns some spelling silently into a wrong place, so the word list is closed: a letter that is
not on it is an error, and so is whatever can be read in two ways.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from fieldapp.errors import OperatorError
from fieldapp.texts import N_, Texts

LONGEST = 120
"""Characters of the longest text that is read at all."""

_REASONS = {
    "empty": N_("No position was typed."),
    "system": N_("“{part}” is no coordinate system that is known here."),
    "other_system": N_("“{part}” is not written in the coordinate system that was chosen."),
    "too_long": N_("This text is too long for a position."),
    "character": N_("“{part}” has no meaning in a position."),
    "number": N_("“{part}” is not a number that can be read in one way only."),
    "commas": N_("“{part}” can be read in several ways: its commas may be decimal signs or may separate numbers."),
    "sign": N_("“{part}” stands where no sign is expected."),
    "degree_sign": N_("A degree sign does not follow a number."),
    "minutes": N_("Degrees with minutes or seconds are not read."),
    "maybe_minutes": N_("“{part}” may be decimal degrees, or degrees and minutes of one half of a position."),
    "word": N_("“{part}” is not a word for north, south, east or west."),
    "ambiguous_word": N_("“{part}” may be north (şimal) or east (şərq)."),
    "lookalike": N_("“{part}” is a Latin letter; Cyrillic С is north, and cənub (south) begins with the same shape."),
    "count": N_("A position has two numbers; {count} can be read here."),
    "layout": N_("The order of numbers and words cannot be read."),
    "one_hemisphere": N_("“{part}” may belong to the number before it or after it."),
    "same_axis": N_("Both numbers are marked as latitude, or both as longitude."),
    "sign_and_hemisphere": N_("“{part}” has a sign as well as a word for its hemisphere."),
    "lat_range": N_("“{part}” is no latitude: those go from 0 to 90, and latitude comes first."),
    "lon_range": N_("“{part}” is no longitude: those go from 0 to 180."),
    "zone": N_("“{part}” is no UTM zone: those go from 1 to 60."),
    "zone_letter": N_("“{part}” is no letter of a UTM zone."),
    "easting": N_("“{part}” is no UTM easting: those have six digits before the point and come first."),
    "northing": N_("“{part}” is no UTM northing: those have seven digits before the point, up to 10 000 000."),
    "off_earth": N_("“{part}” lies outside the zone that UTM covers."),
    "band": N_("Band {letter} does not go with this northing, which lies at {place}."),
    "zone_s": N_("“{part}” may be band S in the north, at {north}, or the southern hemisphere, at {south}."),
}


class CoordinateNotUnderstood(OperatorError):
    """A typed position that is no position, or that can be read in more than one way.

    ``reason`` is a stable word (a key of the sentences above), ``part`` the piece of the text it is about, and
    ``at`` where that piece begins in the text with its odd signs made plain (None: the text as a whole).
    """

    code = "coordinate_not_understood"
    kept = N_("What you typed is still there.")
    do = N_("Type it like 39.9899 46.8988 or 38N 664771 4428553.")

    def __init__(self, reason: str, part: str = "", at: int | None = None, **facts: object) -> None:
        super().__init__(reason=reason, part=part, at=at, **facts)
        self.reason, self.part, self.at = reason, part, at

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """What is wrong with the text, what was kept and how to type it, in the language of ``texts``."""
        return texts(_REASONS[self.reason], **self.facts), texts(self.kept), texts(self.do)


@dataclass(frozen=True)
class Token:
    """One piece of a position text. ``text`` is plain: numbers with a point, words folded, without dots and blanks."""

    kind: Literal["number", "word", "degree", "separator"]
    text: str
    at: int

    @property
    def signed(self) -> bool:
        """Whether a plus or minus was typed."""
        return self.text[0] in "+-"

    @property
    def decimals(self) -> int:
        """How many digits after the point were typed."""
        return len(self.text.partition(".")[2])

    @property
    def whole_digits(self) -> int:
        """How many digits before the point were typed."""
        return len(self.text.partition(".")[0].lstrip("+-"))


Axis = Literal["lat", "lon"]

_HEMISPHERES: dict[tuple[Axis, int], str] = {
    ("lat", 1): "n north с сш север северный севернойшироты севернаяширота şimal şimalenliyi şe şme",
    ("lat", -1): "s south ю юш юг южный южнойшироты южнаяширота cənub cənubenliyi ce",
    ("lon", 1): "e east в вд восток восточный восточнойдолготы восточнаядолгота şərq şərquzunluğu şu şqu",
    ("lon", -1): "w west з зд запад западный западнойдолготы западнаядолгота qərb qərbuzunluğu qu qbu",
}
HEMISPHERES: dict[str, tuple[Axis, int]] = {
    word: half for half, words in _HEMISPHERES.items() for word in words.split()
}
"""The closed list: folded word without dots and blanks, to its axis and sign. “ş” alone is not on it: two meanings."""

_PLAIN = str.maketrans({
    "º": "°", "˚": "°", "´": "'", "′": "'", "’": "'", "‘": "'", "`": "'", "″": '"', "”": '"', "“": '"',
    "−": "-", "–": "-", "ǝ": "ə", "Ǝ": "ə",
})  # fmt: skip
_INVISIBLE = "\u200b\u200e\u200f\ufeff"
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+\.?(?: ?[^\W\d_]+\.?)*")
_NUMBER = {mark: re.compile(rf"[+-]?[0-9]+(?:[{mark}][0-9]+)?") for mark in ".,"}
_RUN = re.compile(r"[+-]?[0-9][0-9.,]*")


def plain(text: str) -> str:
    """``text`` with odd degree and minute signs, blanks and capitals made plain.

    Signs are replaced before NFKC, which would turn º into the letter o; İ folds to two code points, one is dropped.
    Raises CoordinateNotUnderstood where that would invent digits (² ½ ④) or the text is empty or too long.
    """
    if len(text) > LONGEST:
        raise CoordinateNotUnderstood("too_long")
    text = text.strip().strip(_INVISIBLE).translate(_PLAIN)
    for at, character in enumerate(text):
        made = unicodedata.normalize("NFKC", character)
        if made != character and any(digit in "0123456789.,+-" for digit in made):
            raise CoordinateNotUnderstood("character", character, at)
    folded = unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i")
    folded = _SPACE.sub(" ", folded).strip()
    if not folded:
        raise CoordinateNotUnderstood("empty")
    return folded


def tokens(text: str) -> list[Token]:
    """The pieces of a text of ``plain``. Raises CoordinateNotUnderstood for any character that is none of them.

    Where a point stands between digits, commas separate; else a comma between digits is the decimal sign.
    """
    mark = "." if re.search(r"[0-9]\.[0-9]", text) else ","
    found: list[Token] = []
    at = 0
    while at < len(text):
        token, end = _token(text, at, mark)
        if token is not None:
            if token.kind == "degree" and not (found and found[-1].kind == "number"):
                raise CoordinateNotUnderstood("degree_sign", token.text, at)
            found.append(token)
        at = end
    return found


def _token(text: str, at: int, mark: str) -> tuple[Token | None, int]:
    character = text[at]
    if character == " ":
        return None, at + 1
    if character in "'\"":
        raise CoordinateNotUnderstood("minutes", character, at)
    if character == "°":
        return Token("degree", character, at), at + 1
    if character in "+-" and at and text[at - 1] not in " ,;":
        raise CoordinateNotUnderstood("sign", character, at)
    if number := _NUMBER[mark].match(text, at):
        return _number(text, number, mark), number.end()
    if character in ",;":
        return Token("separator", character, at), at + 1
    if word := _WORD.match(text, at):
        return Token("word", re.sub(r"[. ]", "", word.group()), at), word.end()
    raise CoordinateNotUnderstood("character", character, at)


def _number(text: str, number: re.Match[str], mark: str) -> Token:
    """The number that was matched, unless what follows shows that it can be cut in another way."""
    following = text[number.end() :]
    run = _RUN.match(text, number.start())
    part = run.group() if run else number.group()
    if following[:1] == ".":
        raise CoordinateNotUnderstood("number", part, number.start())
    if re.match(r",[0-9]", following) and (mark == "," or mark not in number.group()):
        raise CoordinateNotUnderstood("commas", part, number.start())
    return Token("number", number.group().replace(",", "."), number.start())
