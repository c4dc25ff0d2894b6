"""Lists of points as people paste them: one point to a line, as text or as a table copied out of a spreadsheet.

Columns are separated by tabs, semicolons, commas or blanks. A first line without digits is a heading; its names say
what the columns are (id, role, lat and lon, X and Y, zone, point). Without one, a line is a position, or an id and a
position. Every line is read or says why not, with its number; nothing is guessed and nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from fieldapp.domain.vocabulary import vocabulary
from fieldapp.errors import OperatorError
from fieldapp.geodesy import coordinates
from fieldapp.geodesy.coordinates import CoordinateNotUnderstood, Understood
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.texts import LANGUAGES, N_, Texts, fold

MOST_CHARACTERS = 2_000_000
MOST_LINES = 20_000
_LOOKED_AT = 50
"""Lines by which it is decided whether an id stands before the positions."""

_NAMES = {
    "lat": ("lat", "latitude", "enlik", "en dairəsi", "широта"),
    "lon": ("lon", "long", "lng", "longitude", "uzunluq", "uzunluq dairəsi", "долгота"),
    "x": ("x", "х"),
    "y": ("y", "у"),
    "easting": ("easting", "east", "e", "восток"),
    "northing": ("northing", "north", "n", "север"),
    "zone": ("zone", "zona", "зона"),
    "text": ("point", "position", "coordinates", "coordinate", "mgrs", "utm", "mövqe", "koordinat", "koordinatlar",
             "позиция", "координаты"),
    "role": ("role", "type", "point type", "nöqtənin növü", "növ", "тип", "тип точки"),
    "id": ("id", "no", "nr", "number", "№", "name", "nöqtə", "ad", "точка", "номер", "имя"),
}  # fmt: skip
_COLUMNS = {fold(name) or name: column for column, names in _NAMES.items() for name in names}
_ROLE = re.compile(r"(RP|BM|SP|TP|IP|EP) ?-?([0-9]{0,4})")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")


class ListNotRead(OperatorError):
    """A pasted list is no list of points. Nothing of it was taken."""

    code = "list_not_read"
    what = N_("The list cannot be read: {reason}.")
    kept = N_("Nothing was taken from it.")
    do = N_("Write one point to a line, or name the columns in a first line: id, lat, lon.")

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(**facts)
        self.why = why

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """With the reason in the language of ``texts``."""
        return texts(self.what, reason=texts(self.why, **self.facts)), texts(self.kept), texts(self.do)


class DegreesNamedXAndY(OperatorError):
    """Degrees in columns named X and Y: map programs put longitude into X, surveyors north."""

    code = "degrees_named_x_and_y"
    what = N_("Degrees in columns named X and Y may stand in either order.")
    kept = N_("Nothing was taken from it.")
    do = N_("Name the columns lat and lon.")


@dataclass(frozen=True)
class Line:
    """One line of a list: what was read of it, or why not."""

    number: int
    """From 1, as it stands in the text."""
    typed: str
    text: str = ""
    """The position in it, as it was read."""
    role: str = ""
    understood: Understood | None = None
    error: OperatorError | None = None

    def sentence(self, texts: Texts) -> str:
        """Why it cannot be read, with its number; empty for a line that was read."""
        if self.error is None:
            return ""
        return texts(N_("Line {line}: {reason}"), line=self.number, reason=self.error.parts(texts)[0])


@dataclass(frozen=True)
class PointList:
    """The lines of a list in their order; blank lines and the heading are none."""

    lines: tuple[Line, ...]
    heading: str = ""
    """The first line, where it names the columns."""

    @property
    def unread(self) -> tuple[Line, ...]:
        """The lines that cannot be read."""
        return tuple(line for line in self.lines if line.error is not None)


@dataclass(frozen=True)
class _Table:
    separator: str
    """A tab, a semicolon, a comma, or a blank for any number of them."""
    columns: Mapping[str, int] = field(default_factory=dict)
    """Where each named column stands; empty without a heading."""
    first_is_id: bool = False
    frame: Frame = FRAME
    system: str = "auto"

    def cells(self, line: str) -> list[str]:
        cells = line.split() if self.separator == " " else [cell.strip() for cell in line.split(self.separator)]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def read(self, number: int, typed: str) -> Line:
        """One line, read or with its error."""
        cells, role = self.cells(typed), ""
        try:
            if self.columns:
                role, text = self._named(cells)
            elif self.first_is_id:
                role, text = role_of_words(cells[0]), " ".join(map(self._plain, cells[1:]))
            else:
                text = typed.strip()
            return Line(number, typed, text, role, coordinates.parse(text, self.frame, self.system))
        except OperatorError as error:
            return Line(number, typed, "", role, None, error)

    def _named(self, cells: Sequence[str]) -> tuple[str, str]:
        found = {name: self._plain(cells[at]) for name, at in self.columns.items() if at < len(cells)}
        role = role_of_words(found.get("role", "")) or role_of_words(found.get("id", ""))
        if found.get("text"):
            return role, found["text"]
        if "lat" in self.columns and "lon" in self.columns:
            return role, f"{found.get('lat', '')} {found.get('lon', '')}".strip()
        if "x" in self.columns and "y" in self.columns:
            return role, _grid(found.get("zone", ""), found.get("x", ""), found.get("y", ""))
        return role, _grid(found.get("zone", ""), found.get("northing", ""), found.get("easting", ""))

    def _plain(self, cell: str) -> str:
        """A number as spreadsheets show it: its digits grouped by blanks, a comma for the point."""
        if self.separator == " ":
            return cell
        cell = cell.strip('"').replace("\u00a0", " ").strip()
        if _GROUPED.fullmatch(cell):
            cell = cell.replace(" ", "")
        return cell.replace(",", ".") if self.separator != "," and _DECIMAL_COMMA.fullmatch(cell) else cell


def read(text: str, frame: Frame = FRAME, system: str = "auto") -> PointList:
    """The points of a pasted list in ``system`` (a code of the parser). Raises ListNotRead."""
    if len(text) > MOST_CHARACTERS:
        raise ListNotRead(N_("it is longer than {count} characters"), count=MOST_CHARACTERS)
    numbered = [(n, line) for n, line in enumerate(text.lstrip("\ufeff").splitlines(), 1) if line.strip()]
    if len(numbered) > MOST_LINES:
        raise ListNotRead(N_("it has more than {count} lines"), count=MOST_LINES)
    if not numbered:
        raise ListNotRead(N_("it is empty"))
    heading = "" if any(character.isdigit() for character in numbered[0][1]) else numbered[0][1]
    rows = numbered[1:] if heading else numbered
    if not rows:
        raise ListNotRead(N_("it holds no points"))
    separator = _separator(heading, [line for _, line in rows[:_LOOKED_AT]])
    table = _Table(separator, _columns(heading, separator), frame=frame, system=system)
    if not table.columns:
        table = _by_what_can_be_read(table, rows[:_LOOKED_AT])
    return PointList(tuple(table.read(number, line) for number, line in rows), heading)


def _separator(heading: str, lines: Sequence[str]) -> str:
    for separator in ("\t", ";"):
        if separator in heading or all(separator in line for line in lines):
            return separator
    if heading.count(",") or all(line.count(",") >= 2 for line in lines):
        return ","
    return " "


def _columns(heading: str, separator: str) -> dict[str, int]:
    """Where the columns stand that a position needs; empty where the heading does not name them."""
    cells = _Table(separator).cells(heading)
    if len(cells) == 1:
        return {}  # one column: each line is a position
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = cell.strip('"').strip()
        column = _COLUMNS.get(fold(name) or name)
        if column is not None:
            found.setdefault(column, at)
    pairs = ({"lat", "lon"}, {"x", "y"}, {"easting", "northing"})
    if "text" in found and any(pair <= found.keys() for pair in pairs):
        found.setdefault("id", found.pop("text"))  # "point" names the points where numbers stand beside it
    return found if "text" in found or any(pair <= found.keys() for pair in pairs) else {}


def _by_what_can_be_read(table: _Table, rows: Sequence[tuple[int, str]]) -> _Table:
    """With an id before each position, or without. Raises ListNotRead where every line can be read both ways."""
    with_id = _Table(table.separator, {}, True, table.frame, table.system)
    whole = sum(table.read(*row).error is None for row in rows)
    behind = sum(with_id.read(*row).error is None for row in rows)
    if whole == behind == len(rows):
        raise ListNotRead(N_("its first column may be an id or a part of the position"))
    return with_id if behind > whole else table


def _grid(zone: str, first: str, second: str) -> str:
    """Grid numbers as the parser takes them; ``first`` is X, which is north on Soviet sheets and east in map programs.

    Raises DegreesNamedXAndY.
    """
    try:
        numbers = [abs(float(number)) for number in (first, second)]
    except ValueError:
        raise CoordinateNotUnderstood("count", count=sum(map(bool, (first, second)))) from None
    if max(numbers) <= 180:
        raise DegreesNamedXAndY
    if not zone:
        return f"{first} {second}"
    easting, northing = (first, second) if numbers[0] < 1_000_000 <= numbers[1] else (second, first)
    return f"{zone} {easting} {northing}"


def role_of_words(cell: str) -> str:
    """The role that a cell names: SP, TP 3, or the words of the vocabulary in any of its languages."""
    text = cell.strip().strip('"')
    found = _ROLE.fullmatch(text.upper())
    if found:
        return found[1] + found[2]
    words, number = re.fullmatch(r"(.*?) ?([0-9]{0,4})", text, re.DOTALL).groups()  # type: ignore[union-attr]  # matches all
    code = _role_words().get(fold(words))
    return f"{code}{number}" if code and words else ""


@lru_cache(maxsize=1)
def _role_words() -> dict[str, str]:
    return {
        fold(entry.names.in_language(language)): entry.code
        for entry in vocabulary("point_type")
        for language in LANGUAGES
    }
