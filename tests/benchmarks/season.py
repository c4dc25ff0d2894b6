"""A season of many teams as it comes to headquarters: every laptop's signed log in bundles, in any order, repeated.

Made fast, without a workspace for each laptop, but of the same bytes: canonical lines, chained, packed, signed and
sealed by the code that laptops use. Everything follows from seeds, so it is the same on every run.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fieldapp.clock import SetClock, stamp
from fieldapp.domain.canonical import canonical
from fieldapp.domain.segments import MAX_EVENTS, SEGMENT_FORMAT, SegmentHeader, encode_segment
from fieldapp.ids import SeededEntropy, stream_id, uuid7
from fieldapp.operations import headquarters
from fieldapp.operations.enrolment import grant_value
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.sync.bundle import BundleContent, PackedPhoto, PackedSegment, write_bundle
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.manifest import BundleId, Deployment
from fieldapp.sync.segments import sign_segment
from tests.benchmarks.data import find_fields

FIRST_DAY = datetime(2026, 6, 16, tzinfo=UTC)
BUNDLES = 8
"""Bundles each laptop sends in a season; each carries what the one before it carried as well."""
_PLACES = ("AZ-AGM", "AZ-FUZ", "AZ-CAB", "AZ-XVD", "AZ-TAR", "AZ-LAC", "AZ-KAL", "AZ-ZAN")


@dataclass(frozen=True)
class Size:
    """How much a season is."""

    teams: int = 60
    days: int = 120
    finds_a_day: int = 7
    photos: int = 2_000

    @property
    def end(self) -> datetime:
        """The morning after the last day."""
        return FIRST_DAY + timedelta(days=self.days, hours=8)


@dataclass
class Log:
    """One stream as it grows, and what was sealed of it."""

    keys: DeviceKeys
    stream: str
    audience: str
    lines: list[bytes] = field(default_factory=list)
    sealed: list[PackedSegment] = field(default_factory=list)
    _last: str | None = None
    _open: int = 0

    def write(self, moment: datetime, by: str, record: str, values: dict[str, object], *, why: str = "",
              parents: Sequence[str] = (), clock: str = "ok") -> str:
        """Append an event and return its id."""
        body: dict[str, object] = {
            "app": "0.1.0", "at": stamp(moment), "by": by, "clock": clock, "offset_min": 240,
            "parents": list(parents), "record": record, "seq": len(self.lines) + 1, "set": values,
        }
        line = canonical(body | ({"why": why} if why else {}))
        start = f"{self.stream}\n{self._last or ''}\n".encode()
        self._last = hashlib.sha256(start + line).hexdigest()
        self.lines.append(line)
        if len(self.lines) - self._open == MAX_EVENTS:
            self.seal()
        return self._last

    def seal(self) -> None:
        """Sign what lies open."""
        part, first = self.lines[self._open :], self._open + 1
        if not part or self._last is None:
            return
        prev = self.sealed[-1].head if self.sealed else None
        header = SegmentHeader(self.audience, SEGMENT_FORMAT, first, self.keys.signing_public, prev, self.stream)
        data = encode_segment(header, part)
        self._open = len(self.lines)
        self.sealed.append(PackedSegment(header, self._open, self._last, data, sign_segment(self.keys, data)))


class TeamSeason:
    """One team's laptop, and what an officer at another seat of headquarters wrote about the team's records."""

    def __init__(self, number: int, size: Size, officer: DeviceKeys) -> None:
        self.code = f"t{number}"
        self.number, self.size = number, size
        self.keys = DeviceKeys.from_entropy(SeededEntropy(f"season {number}"))
        self._entropy = SeededEntropy(f"season records {number}")
        self._dice = random.Random(f"season {number}")
        self.log = Log(self.keys, stream_id(self.keys.device, self._entropy), f"team/{self.code}")
        self.hq = Log(officer, stream_id(officer.device, self._entropy), f"team/{self.code}")
        self.person = f"Leader {number}"
        self.photos: list[bytes] = []
        self._numbers = 0

    def name(self, kind: str, moment: datetime) -> str:
        """A new record's name."""
        return f"{kind}/{self.code}/{uuid7(moment, self._entropy)}"

    def _number(self, letter: str) -> str:
        self._numbers += 1
        return f"{self.code.upper()}-{self._numbers:05d}-{letter}"

    def day(self, ahead: int) -> None:
        """A day of work, its signature in the evening, and what headquarters says of it two weeks later."""
        start = FIRST_DAY + timedelta(days=ahead, hours=4)
        made: list[tuple[str, str]] = []
        for place in range(self.size.finds_a_day):
            self._find(start + timedelta(minutes=9 * place), made)
        if self._dice.random() < 0.04 * self.size.finds_a_day:
            made.append(self._plot(start + timedelta(hours=8)))
        evening = start + timedelta(hours=9)
        signed = [one for one in made if self._dice.random() < 0.9]
        for name, head in signed:
            self._judge(self.log, "sign_off", evening, name, head, "approved")
        if ahead < self.size.days - 14:
            for name, head in signed:
                self._decide(evening + timedelta(days=2), name, head)

    def _find(self, moment: datetime, made: list[tuple[str, str]]) -> None:
        dice = self._dice
        name = self.name("find", moment)
        values = find_fields(dice, moment, 0, "") | {
            "local_id": self._number("A"), "place": _PLACES[self.number % len(_PLACES)],
            "task": f"task/hq/task-{self.number}",
        }
        odd = self.number == 7 and dice.random() < 0.01
        if odd:
            values["found"] = {"found_on": (moment - timedelta(days=90)).date().isoformat()}
        if dice.random() < 0.01:
            del values["position"]
        doubt = self.number == 11 and dice.random() < 0.01
        head = self.log.write(moment, self.person, name, values, clock="doubt" if doubt else "ok")
        thrown = dice.random()
        if thrown < 0.05:
            change: dict[str, object] = {"depth_cm": dice.randrange(40)}
            if thrown < 0.0025:  # the officer corrects the same field apart from the team: it has two readings
                self.hq.write(moment, "Officer", name, {"depth_cm": 60}, parents=[head], why="the sketch says 60")
            head = self.log.write(moment + timedelta(minutes=3), self.person, name, change, parents=[head],
                                  why="measured again")
        elif thrown < 0.055:
            self.log.write(moment + timedelta(minutes=3), self.person, name, {"exists": False}, parents=[head],
                           why="logged twice")
            return
        elif thrown < 0.06:
            self._ask(moment + timedelta(days=3), name, head, str(values["local_id"]))
        made.append((name, head))
        if dice.random() < 0.4:
            made.append(self._dispose(moment + timedelta(minutes=5), name))

    def _dispose(self, moment: datetime, find: str) -> tuple[str, str]:
        name = self.name("disposal", moment)
        outcome = self._dice.choice(("destroyed_in_place", "moved", "central_demolition"))
        return name, self.log.write(moment, self.person, name, {
            "local_id": self._number("D"), "item": {"find": find},
            "done": {"outcome": outcome, "quantity": 1, "unit": "piece", "done_on": moment.date().isoformat()},
            "done_by": self.person, "place": _PLACES[self.number % len(_PLACES)],
        })

    def _plot(self, moment: datetime) -> tuple[str, str]:
        lat, lon = 39.5 + self._dice.random(), 46.5 + self._dice.random()
        corners = ((0.0, 0.0), (0.0, 0.0025), (0.0012, 0.0025), (0.0012, 0.0))
        ring = [{"lat": f"{lat + up:.6f}1", "lon": f"{lon + along:.6f}1", "crs": "EPSG:4326", "role": f"TP{at}",
                 "text": f"{lat + up:.6f}1 {lon + along:.6f}1"} for at, (up, along) in enumerate(corners)]
        name = self.name("plot", moment)
        day = moment.date().isoformat()
        return name, self.log.write(moment, self.person, name, {
            "local_id": self._number("P"), "place": _PLACES[self.number % len(_PLACES)],
            "land": {"release": "cleared", "depth_cm": 20, "area_m2": "28531.4", "outline": [[ring]]},
            "work": {"method": "manual", "started_on": day, "completed_on": day, "staff": 8},
        })

    def _judge(self, log: Log, kind: str, moment: datetime, name: str, head: str, verdict: str) -> None:
        values: dict[str, object] = {"of": {"record": name, "seen": [head]}, "verdict": verdict,
                                     "batch": f"{moment:%y%m%d}"}
        if verdict != "approved":
            values["remarks"] = "The photo shows something else."
        by = self.person if kind == "sign_off" else "Officer"
        log.write(moment, by, self.name(kind, moment), values)

    def _decide(self, moment: datetime, name: str, head: str) -> None:
        thrown = self._dice.random()
        if thrown < 0.97:
            verdict = "approved" if thrown < 0.95 else "queried" if thrown < 0.965 else "rejected"
            self._judge(self.hq, "decision", moment, name, head, verdict)

    def _ask(self, moment: datetime, name: str, head: str, number: str) -> None:
        question = self.name("question", moment)
        self.hq.write(moment, "Officer", question, {
            "of": {"record": name, "number": number, "seen": [head]},
            "question": "Depth 5 cm, and the photo shows about 12. Which is it?",
        })
        if self._dice.random() < 0.7:
            self.log.write(moment + timedelta(days=2), self.person, self.name("answer", moment), {
                "question": question, "remarks": "12 cm, the rule was held wrong.",
            })

    def photograph(self, moment: datetime, count: int) -> list[bytes]:
        """Photos of the last records: most small, some large; their records are written, their bytes returned."""
        made = []
        for number in range(count):
            thrown = self._dice.random()
            size = 40_000 if thrown < 0.9 else 300_000 if thrown < 0.99 else 3_000_000
            data = b"\xff\xd8\xff\xe0" + self._dice.randbytes(size)
            self.log.write(moment, self.person, self.name("photo", moment), {
                "file": {"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data),
                         "file_name": f"IMG_{len(self.photos) + number:04d}.jpg"},
                "caption": "as found",
            })
            made.append(data)
        self.photos += made
        return made

    def forbidden(self, count: int) -> None:
        """Decisions that no laptop may write: headquarters keeps them aside."""
        for number in range(count):
            moment = FIRST_DAY + timedelta(minutes=number)
            self.log.write(moment, self.person, self.name("decision", moment), {"verdict": "approved"})


@dataclass(frozen=True)
class Season:
    """Bundles on sticks, in the order in which they reach headquarters, and who wrote them."""

    size: Size
    officer: DeviceKeys
    teams: list[TeamSeason]
    files: list[Path]
    events: int
    """Events in all logs, once each, without those of lost segments."""
    photos: int
    wire_bytes: int
    """Bytes of all different segments, packed and signed."""


def headquarters_for(teams: Sequence[TeamSeason], officer: DeviceKeys, size: Size, folder: Path) -> Workspace:
    """A headquarters that has named the teams and enrolled their laptops and the second seat."""
    hq = headquarters.set_up(folder / "hq", "Season", folder / "escrow.txt", use_keyring=False, person="Officer",
                             clock=SetClock(size.end))
    with hq.store.transaction():
        for one in teams:
            headquarters.name_team(hq, one.code, f"Clearance team {one.number}", "anama")
            headquarters.enrol(hq, one.keys.device, name=f"Laptop {one.number}", team=one.code,
                               signing_key=one.keys.signing_public, receiving_key=one.keys.recipient)
            write(hq, f"task/hq/task-{one.number}", {
                "local_id": f"T-{one.number}", "place": _PLACES[one.number % len(_PLACES)], "status": "ongoing",
                "assignment": {"title": f"Field {one.number}", "task_kind": "clearance"}, "depth_required": 20,
            })
        write(hq, f"device/hq/{officer.device}", {
            "name": "Second seat", "grant": grant_value([], role="hq"),
            "keys": {"signing_key": officer.signing_public, "receiving_key": officer.recipient},
        })
    return hq


def _bundle(hq: Workspace, keys: DeviceKeys, name: str, number: int, created: datetime, folder: Path,
            segments: Sequence[PackedSegment], photos: Sequence[bytes] = ()) -> Path:
    deployment = hq.deployment
    assert deployment is not None
    content = BundleContent(
        bundle=BundleId(f"{name}-{number}", number), created=stamp(created), app="0.1.0",
        deployment=Deployment(deployment.id, deployment.name), sender_name=name, audience="hq", segments=segments,
        photos=[PackedPhoto(hashlib.sha256(data).hexdigest(), data) for data in photos],
    )
    recipients = [hq.keys.recipient, hq.meta("escrow")]
    return write_bundle(content, keys, recipients, folder / f"{name}-{number:02d}.fieldbundle").path


def make(size: Size, folder: Path, *, lost: Sequence[int] = ()) -> tuple[Workspace, Season]:
    """A headquarters with nobody's work yet, and the season's bundles on disk, shuffled, every tenth twice.

    One middle segment of each team in ``lost`` reaches nobody, so there are gaps.
    """
    officer = DeviceKeys.from_entropy(SeededEntropy("season officer"))
    teams = [TeamSeason(number, size, officer) for number in range(1, size.teams + 1)]
    hq = headquarters_for(teams, officer, size, folder)
    sticks = folder / "sticks"
    sticks.mkdir()
    files: list[Path] = []
    for team in teams:
        files += _send(hq, team, sticks, is_lost=team.number in lost)
    files += _seat(hq, officer, teams, size, sticks)
    order = random.Random("season")
    files += order.sample(files, len(files) // 10)
    order.shuffle(files)
    segments = [one for team in teams for one in _travelling(team, team.number in lost)]
    wire = sum(len(one.data) + len(one.signature) for one in segments if isinstance(one.data, bytes))
    events = sum(one.last - one.header.first + 1 for one in segments)
    return hq, Season(size, officer, teams, files, events, sum(len(team.photos) for team in teams), wire)


def _travelling(team: TeamSeason, is_lost: bool) -> Iterator[PackedSegment]:
    middle = len(team.log.sealed) // 2
    for place, one in enumerate(team.log.sealed):
        if not (is_lost and place == middle):
            yield one
    yield from team.hq.sealed


def _send(hq: Workspace, team: TeamSeason, folder: Path, *, is_lost: bool) -> list[Path]:
    """A team's season of work and the bundles it sends, each with what the one before it carried."""
    size, written, sent = team.size, 0, 0
    share = size.photos // size.teams + (team.number <= size.photos % size.teams)
    bundles: list[tuple[int, int, list[bytes], datetime]] = []
    for number in range(1, BUNDLES + 1):
        until = size.days * number // BUNDLES
        for ahead in range(written, until):
            team.day(ahead)
        written = until
        moment = FIRST_DAY + timedelta(days=until, hours=14)
        many = share * number // BUNDLES - len(team.photos)
        photos = team.photograph(moment, many)
        if number == 1 and team.number == size.teams:
            team.forbidden(200)
        team.log.seal()
        bundles.append((sent, len(team.log.sealed), photos, moment))
        sent = bundles[-2][1] if number > 1 else 0
    middle = len(team.log.sealed) // 2
    files = []
    for number, (start, end, photos, moment) in enumerate(bundles, start=1):
        carried = [
            one for place, one in enumerate(team.log.sealed[start:end], start) if not (is_lost and place == middle)
        ]
        files.append(_bundle(hq, team.keys, team.code, number, moment, folder, carried, photos))
    return files


def _seat(hq: Workspace, officer: DeviceKeys, teams: Sequence[TeamSeason], size: Size, folder: Path) -> list[Path]:
    for team in teams:
        team.hq.seal()
    files = []
    for start in range(0, len(teams), 10):
        segments = [one for team in teams[start : start + 10] for one in team.hq.sealed]
        files.append(_bundle(hq, officer, "seat", start + 1, size.end, folder, segments))
    return files


def one_more_day(hq: Workspace, season: Season, folder: Path) -> list[Path]:
    """The bundles of the day after the season, one of each team, the first with 30 photos."""
    files = []
    for team in season.teams:
        before = len(team.log.sealed)
        team.day(season.size.days)
        photos = team.photograph(season.size.end, 30 if team.number == 1 else 0)
        team.log.seal()
        files.append(
            _bundle(hq, team.keys, team.code, BUNDLES + 1, season.size.end, folder, team.log.sealed[before:], photos)
        )
    return files
