"""How positions are spelled: signs, numbers, words of three languages - and the refusal of everything else.

Every library tried turns some spelling silently into a wrong place, so the word list is closed: a letter that is
not on it is an error, and so is whatever can be read in two ways.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from fieldapp.geodesy.errors import CoordinateNotUnderstood

LONGEST = 120
"""Characters of the longest text that is read at all."""

Kind = Literal["number", "word", "degree", "minute", "second", "separator"]
Axis = Literal["lat", "lon"]


class Token(NamedTuple):
    """One piece of a position text. ``text`` is plain: numbers with a point, words folded, without dots and blanks.

    ``at`` and ``end`` are where it stands in the plain text.
    """

    kind: Kind
    text: str
    at: int
    end: int

    @property
    def signed(self) -> bool:
        """Whether a plus or minus was typed."""
        return self.text[0] in "+-"

    @property
    def decimals(self) -> int:
        """How many digits after the point were typed."""
        return len(self.text.partition(".")[2])

    @property
    def whole(self) -> str:
        """The digits before the point."""
        return self.text.partition(".")[0].lstrip("+-")

    @property
    def whole_digits(self) -> int:
        """How many digits before the point were typed."""
        return len(self.whole)


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

_UNITS: dict[Kind, str] = {
    "degree": "deg degree degrees град градус градуса градусов гр dərəcə dər",
    "minute": "min minute minutes мин минута минуты минут dəqiqə dəq",
    "second": "sec second seconds сек секунда секунды секунд saniyə san",
}
_MARK_WORDS: dict[str, Kind] = {word: kind for kind, words in _UNITS.items() for word in words.split()}

_PLAIN = str.maketrans({
    "º": "°", "˚": "°", "´": "'", "′": "'", "’": "'", "‘": "'", "`": "'", "″": '"', "”": '"', "“": '"',
    "ʹ": "'", "ʺ": '"', "„": '"', "−": "-", "–": "-", "ǝ": "ə", "Ǝ": "ə",
})  # fmt: skip
_INVISIBLE = "\u200b\u200e\u200f\ufeff"
_SPACE = re.compile(r"\s+")
_POINT = re.compile(r"[0-9]\.[0-9]")
_PIECE = {
    mark: re.compile(
        rf"(?P<number>[+-]?[0-9]+(?:[{mark}][0-9]+)?)|(?P<blank> )|(?P<degree>°)|(?P<second>''|\")|(?P<minute>')"
        r"|(?P<separator>[,;])|(?P<word>[^\W\d_]+\.?(?: ?[^\W\d_]+\.?)*(?: ?[=:])?)"
    )
    for mark in ".,"
}
_RUN = re.compile(r"[+-]?[0-9][0-9.,]*")
_COMMA_DIGIT = re.compile(r",[0-9]")
_BREAK = re.compile(r"[. =:]+")


def plain(text: str) -> str:
    """``text`` with odd degree and minute signs, blanks and capitals made plain.

    Signs are replaced before NFKC, which would turn º into the letter o; İ folds to two code points, one is dropped.
    Raises CoordinateNotUnderstood where that would invent digits (² ½ ④) or the text is empty or too long.
    """
    if len(text) > LONGEST:
        raise CoordinateNotUnderstood("too_long")
    text = text.strip().strip(_INVISIBLE)
    if not text.isascii():
        text = _without_odd_signs(text)
    folded = _SPACE.sub(" ", text.casefold()).replace("i\u0307", "i").strip().replace("`", "'")
    if not folded:
        raise CoordinateNotUnderstood("empty")
    return folded


def _without_odd_signs(text: str) -> str:
    text = text.translate(_PLAIN)
    for character in set(text):
        if character > "\x7f" and character != "°":
            made = unicodedata.normalize("NFKC", character)
            if made != character and any(digit in "0123456789.,+-" for digit in made):
                raise CoordinateNotUnderstood("character", character, text.index(character))
    return unicodedata.normalize("NFKC", text)


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The pieces of a text of ``plain``. Raises CoordinateNotUnderstood for any character that is none of them.

    Where a point stands between digits, commas separate; else a comma between digits is the decimal sign.
    """
    mark = "." if _POINT.search(text) else ","
    piece = _PIECE[mark]
    found: list[Token] = []
    at, end = start, len(text) if end is None else end
    while at < end:
        match = piece.match(text, at, end)
        if match is None:
            raise CoordinateNotUnderstood("sign" if text[at] in "+-" and at else "character", text[at], at)
        kind = match.lastgroup
        if kind == "number":
            found.append(_number(text, match, mark))
        elif kind == "word":
            found += _words(match)
        elif kind == "separator":
            found.append(Token("separator", match.group(), at, match.end()))
        elif kind != "blank":
            found.append(Token(kind, match.group(), at, match.end()))  # type: ignore[arg-type]  # a group's name
        at = match.end()
    return found


def _words(match: re.Match[str]) -> list[Token]:
    """Words standing together: those for degrees, minutes and seconds, then the rest as one word."""
    found: list[Token] = []
    parts = [part for part in _BREAK.split(match.group()) if part]
    while parts and parts[0] in _MARK_WORDS:
        mark = parts.pop(0)
        found.append(Token(_MARK_WORDS[mark], mark, match.start(), match.end()))
    if parts:
        found.append(Token("word", "".join(parts), match.start(), match.end()))
    return found


def _number(text: str, number: re.Match[str], mark: str) -> Token:
    """The number that was matched, unless what stands around it shows that it can be cut in another way."""
    at, end = number.span()
    if text[at] in "+-" and at and text[at - 1] not in " ,;":
        raise CoordinateNotUnderstood("sign", text[at], at)
    if text[end : end + 1] in {".", ","}:
        run = _RUN.match(text, at)
        part = run.group() if run else number.group()
        if text[end] == ".":
            raise CoordinateNotUnderstood("number", part, at)
        if _COMMA_DIGIT.match(text, end) and (mark == "," or mark not in number.group()):
            raise CoordinateNotUnderstood("commas", part, at)
    return Token("number", number.group().replace(",", "."), at, end)


def joined(pieces: list[Token]) -> list[Token]:
    """``pieces`` with numbers whose thousands stand apart made one: 4 430 226 is 4430226.

    A number goes on as long as three digits follow after one blank, and ends with a decimal part.
    """
    made: list[Token] = []
    for token in pieces:
        before = made[-1] if made else None
        if before is not None and _goes_on(before, token):
            made[-1] = Token("number", before.text + token.text, before.at, token.end)
        else:
            made.append(token)
    return made


def _goes_on(before: Token, token: Token) -> bool:
    """Whether ``token`` is the next thousand of ``before``, which may have grown already."""
    if before.kind != "number" or token.kind != "number" or token.at != before.end + 1:
        return False
    grown = before.end - before.at > len(before.text)
    begins = grown or (before.whole_digits <= 3 and before.whole[0] != "0")
    return begins and token.whole_digits == 3 and not token.signed and "." not in before.text
