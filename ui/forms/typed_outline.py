r"""An outline as a form keeps it: parts, rings, points as typed, one to a line of text.

A line is a point: its text, then, each after a tab, its role, the system it is read in (where it is not the one of
the whole list), and what is known of it already (JSON: captured, walked or stored, not read again). ``\tin\tCODE``
names the system of the whole list; ``\tpart`` and ``\thole`` begin another part, or a hole in the part before. Text
without tabs is a list of points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

AUTO = "auto"


@dataclass(frozen=True)
class TypedLine:
    """One row of the points: as typed, an empty one included."""

    text: str
    role: str = ""
    """Code of the point type; "": start, turning and so on by its place."""
    system: str = ""
    """The system it is read in; "": that of the whole list."""
    known: str = ""
    """Members of a vertex as JSON, of a point that is not read from its text: captured, walked, stored."""

    @property
    def empty(self) -> bool:
        """No point yet."""
        return not self.text.strip()


Ring = tuple[TypedLine, ...]
Part = tuple[Ring, ...]


@dataclass(frozen=True)
class RingAt:
    """Where a ring stands: the part, and the ring in it (0 is the shell)."""

    part: int
    ring: int


@dataclass(frozen=True)
class TypedOutlineText:
    """What the points widget holds: a system for the whole list, and parts of rings; never fewer than one ring."""

    system: str = AUTO
    parts: tuple[Part, ...] = (((),),)

    def rings(self) -> Iterator[tuple[RingAt, Ring]]:
        """Every ring with its place, in the order typed."""
        for part_at, part in enumerate(self.parts):
            for ring_at, ring in enumerate(part):
                yield RingAt(part_at, ring_at), ring

    @property
    def count(self) -> int:
        """How many points are typed."""
        return sum(not line.empty for _, ring in self.rings() for line in ring)

    def at(self, place: RingAt) -> Ring:
        """The ring at ``place``."""
        return self.parts[place.part][place.ring]

    def with_ring(self, place: RingAt, ring: Sequence[TypedLine]) -> TypedOutlineText:
        """The same with another ring at ``place``."""
        part = [*self.parts[place.part]]
        part[place.ring] = tuple(ring)
        return self._with_part(place.part, tuple(part))

    def with_new_part(self) -> tuple[TypedOutlineText, RingAt]:
        """The same with an empty part more, and where that is."""
        return replace(self, parts=(*self.parts, ((),))), RingAt(len(self.parts), 0)

    def with_new_hole(self, part: int) -> tuple[TypedOutlineText, RingAt]:
        """The same with an empty hole more in ``part``, and where that is."""
        return self._with_part(part, (*self.parts[part], ())), RingAt(part, len(self.parts[part]))

    def without(self, place: RingAt) -> TypedOutlineText:
        """The same without the ring at ``place``; with a shell its holes go, the last ring is only emptied."""
        if place.ring:
            part = tuple(ring for at, ring in enumerate(self.parts[place.part]) if at != place.ring)
            return self._with_part(place.part, part)
        parts = tuple(part for at, part in enumerate(self.parts) if at != place.part)
        return replace(self, parts=parts or (((),),))

    def _with_part(self, at: int, part: Part) -> TypedOutlineText:
        parts = [*self.parts]
        parts[at] = part
        return replace(self, parts=tuple(parts))


def from_text(text: str) -> TypedOutlineText:
    """Read what ``as_text`` wrote, or a plain list of points."""
    system, parts = AUTO, [[[]]]  # type: tuple[str, list[list[list[TypedLine]]]]
    for line in text.split("\n") if text else []:
        cells = line.split("\t")
        word = cells[1] if len(cells) > 1 and not cells[0] else ""
        if word == "in" and len(cells) > 2:
            system = cells[2]
        elif word == "part":
            parts.append([[]])
        elif word == "hole":
            parts[-1].append([])
        else:
            parts[-1][-1].append(TypedLine(*cells[:4]))
    return TypedOutlineText(system, tuple(tuple(tuple(ring) for ring in part) for part in parts))


def as_text(typed: TypedOutlineText) -> str:
    """One point to a line; "" for an outline nobody has begun."""
    lines = [f"\tin\t{typed.system}"] if typed.system != AUTO else []
    for place, ring in typed.rings():
        if place.ring:
            lines.append("\thole")
        elif place.part:
            lines.append("\tpart")
        lines += [_line(one) for one in ring]
    return "\n".join(lines)


def _line(one: TypedLine) -> str:
    text = one.text.replace("\t", " ").replace("\n", " ")
    return f"{text}\t{one.role}\t{one.system}\t{one.known}".rstrip("\t")
