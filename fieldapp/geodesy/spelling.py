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

Kind = Literal["number", "word", "separator"]
Mark = Literal["", "degree", "minute", "second"]
Axis = Literal["lat", "lon"]


class Token(NamedTuple):
    """One piece of a position text. ``text`` is plain: numbers with a point, words folded, without dots and blanks.

    ``at`` and ``end`` are where it stands in the plain text; of a number ``whole`` are the digits before the point,
    ``decimals`` says how many were typed after it, and ``mark`` which sign or word stands behind it.
    """

    kind: Kind
    text: str
    at: int
    end: int
    whole: str = ""
    decimals: int = 0
    mark: Mark = ""

    @property
    def signed(self) -> bool:
        """Whether a plus or minus was typed."""
        return self.text[0] in "+-"

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

_UNITS: dict[Mark, str] = {
    "degree": "deg degree degrees град градус градуса градусов гр dərəcə dər",
    "minute": "min minute minutes мин минута минуты минут dəqiqə dəq",
    "second": "sec second seconds сек секунда секунды секунд saniyə san",
}
_MARK_WORDS: dict[str, Mark] = {word: kind for kind, words in _UNITS.items() for word in words.split()}

_PLAIN = str.maketrans({
    "º": "°", "˚": "°", "´": "'", "′": "'", "’": "'", "‘": "'", "`": "'", "″": '"', "”": '"', "“": '"',
    "ʹ": "'", "ʺ": '"', "„": '"', "−": "-", "–": "-", "ǝ": "ə", "Ǝ": "ə",
})  # fmt: skip
_SIGNS: dict[str | None, Mark] = {None: "", "°": "degree", "'": "minute", "''": "second", '"': "second"}
_INVISIBLE = "\u200b\u200e\u200f\ufeff"
_SPACE = re.compile(r"\s+")
_POINT = re.compile(r"[0-9]\.[0-9]")
_PIECE = {
    mark: re.compile(
        rf" ?(?:(?P<number>([+-]?([0-9]+)(?:[{mark}]([0-9]+))?)(?: ?(°|''|'|\"))?)"
        r"|(?P<separator>[,;/])|(?P<word>[^\W\d_]+\.?(?: ?[^\W\d_]+\.?)*(?: ?[=:])?))"
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
    if text.replace("°", "").isascii():  # the usual case: NFKC would change nothing
        return text
    for character in set(text):
        if character > "\x7f" and character != "°":
            made = unicodedata.normalize("NFKC", character)
            if made != character and any(digit in "0123456789.,+-" for digit in made):
                raise CoordinateNotUnderstood("character", character, text.index(character))
    return unicodedata.normalize("NFKC", text)


def is_cyrillic(letter: str) -> bool:
    """Whether it is a Cyrillic letter: С, Р, К and others look like Latin ones that mean something else."""
    return "\u0400" <= letter <= "\u04ff"


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
            raise _no_piece(text, at)
        kind = match.lastgroup
        if kind == "number":
            found.append(_number(text, match, mark))
        elif kind == "word":
            _add_words(found, match)
        else:
            found.append(Token("separator", match["separator"], *match.span("separator")))
        at = match.end()
    return found


def _no_piece(text: str, at: int) -> CoordinateNotUnderstood:
    at += text[at] == " "
    reason = "mark" if text[at] in _SIGNS else "sign" if text[at] in "+-" and at else "character"
    return CoordinateNotUnderstood(reason, text[at], at)


def _add_words(found: list[Token], match: re.Match[str]) -> None:
    """Words standing together: one for degrees, minutes or seconds of the number before, the rest as one word."""
    at, end = match.span("word")
    word = match["word"]
    if word.isalpha() and word not in _MARK_WORDS:
        found.append(Token("word", word, at, end))
        return
    parts = [part for part in _BREAK.split(word) if part]
    if parts[0] in _MARK_WORDS:
        mark = parts.pop(0)
        if not found or found[-1].kind != "number" or found[-1].mark:
            raise CoordinateNotUnderstood("mark", mark, at)
        found[-1] = found[-1]._replace(mark=_MARK_WORDS[mark], end=end)
    if parts:
        found.append(Token("word", "".join(parts), at, end))


def _number(text: str, match: re.Match[str], mark: str) -> Token:
    """The number that was matched, unless what stands around it shows that it can be cut in another way."""
    number, whole, part, sign = match.group(2, 3, 4, 5)
    at, end = match.span(2)
    if number[0] in "+-" and at and text[at - 1] not in " ,;/":
        raise CoordinateNotUnderstood("sign", text[at], at)
    following = text[end : end + 1]
    if following == "." or (following == "," and _COMMA_DIGIT.match(text, end) and (mark == "," or part is None)):
        run = _RUN.match(text, at)
        raise CoordinateNotUnderstood("number" if following == "." else "commas", run.group() if run else number, at)
    decimals = len(part) if part else 0
    return Token("number", number.replace(",", "."), at, match.end(), whole, decimals, _SIGNS[sign])


def joined(pieces: list[Token]) -> list[Token]:
    """``pieces`` with numbers whose thousands stand apart made one: 4 430 226 is 4430226.

    A number goes on as long as three digits follow after one blank, and ends with a decimal part.
    """
    if len(pieces) < 3:
        return pieces
    made: list[Token] = []
    for token in pieces:
        before = made[-1] if made else None
        if before is not None and token.at == before.end + 1 and _goes_on(before, token):
            whole = before.whole + token.whole
            text = before.text + token.text
            made[-1] = Token("number", text, before.at, token.end, whole, token.decimals, token.mark)
        else:
            made.append(token)
    return made


def _goes_on(before: Token, token: Token) -> bool:
    """Whether ``token``, after one blank, is the next thousand of ``before``, which may have grown already."""
    if before.kind != "number" or token.kind != "number" or before.mark:
        return False
    grown = before.end - before.at > len(before.text)
    begins = grown or (before.whole_digits <= 3 and before.whole[0] != "0")
    return begins and token.whole_digits == 3 and not token.signed and not before.decimals
