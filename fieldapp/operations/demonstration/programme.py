"""Who works where in the demonstration, and which share of the published figures each district has.

The totals are the public notice for 29 July - 4 August 2024: 280 AP mines, 87 AT mines and 8,086 UXO found and
neutralised, 2,790.9 ha cleared, in 13 districts. The notice gives no split by district or operator: these are made
up, as are all people, places within districts, models and days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

NAME = "Demonstration: the published week of 29 July - 4 August 2024"
FIRST, LAST = date(2024, 7, 29), date(2024, 8, 4)
"""The published week, Monday to Sunday."""
HERE = timezone(timedelta(hours=4))
"""Azerbaijan has kept UTC+4 all year since 2016."""
SET_UP = date(2024, 7, 22)
INVITED = date(2024, 7, 24)
WEEK_BEFORE = date(2024, 7, 26)
ENROLLED = date(2024, 7, 27)
MIDWEEK = date(2024, 7, 31)
WEEK_AFTER = date(2024, 8, 5)
APPROVED = date(2024, 8, 6)
DEMOLITION_DAYS = (date(2024, 8, 2), date(2024, 8, 3))
"""Friday and Saturday: what teams handed over is destroyed on the central ground."""

EOD_TEAM = 14
"""Destroys on the central ground what other teams handed over, by tag."""
NO_RECEIPTS = 11
"""No stick has come back to this team yet: its records stay "on a stick"."""
TWICE = 1
"""The last bundle of this team is imported twice."""
LATE = 10
"""The midweek bundle of this team comes after its later one."""
MIDWEEK_TEAMS = (4, 7, LATE)


@dataclass(frozen=True)
class Team:
    """One field team with one laptop."""

    number: int
    organisation: str
    title: str
    people: tuple[str, ...]
    """The first is at the laptop; all find things."""

    @property
    def code(self) -> str:
        """Its code, as records and grants name it."""
        return f"team{self.number:02d}"

    @property
    def place(self) -> str:
        """Its folder, its laptop's name, and the name of its demonstration keys."""
        return f"team-{self.number:02d}"

    @property
    def prefix(self) -> str:
        """First letters of its tags."""
        return f"T{self.number:02d}"


@dataclass(frozen=True)
class Lot:
    """Several models found at one place: (as typed, pieces); then what counts on lines of its own."""

    lines: tuple[tuple[str, int], ...]
    extras: tuple[tuple[str, str, str], ...] = ()
    """As typed, quantity, unit."""

    @property
    def pieces(self) -> int:
        """UXO in the lot."""
        return sum(pieces for _, pieces in self.lines)


@dataclass(frozen=True)
class District:
    """A district's share of the week, who works there, and the south-west corner of the ground it is done on."""

    place: str
    ap_mines: int
    at_mines: int
    uxo: int
    cleared_ha: Decimal
    teams: tuple[int, ...]
    """Named twice: does twice as much."""
    corner: tuple[float, float]
    """Latitude and longitude."""
    columns: int
    """Plots side by side before the next row begins."""
    lots: tuple[Lot, ...]


TEAMS = (
    Team(1, "anama", "Manual clearance team 1", ("Rəşad Məmmədov", "Elnur Quliyev", "Vüsal Əliyev")),
    Team(2, "anama", "Manual clearance team 2", ("Aysel Hüseynova", "Günay Rzayeva", "Lalə İbrahimova")),
    Team(3, "mod", "Engineer group 3", ("Tural Cəfərov", "Orxan Süleymanov", "Kamran Nəsirov")),
    Team(4, "anama", "Battle area clearance team 4", ("Elçin Abbasov", "Sevinc Kərimova", "Namiq Babayev")),
    Team(5, "operator-1", "Clearance team 5", ("Murad Vəliyev", "Ceyhun Orucov", "Samir Hacıyev")),
    Team(6, "mes", "Rescue and clearance group 6", ("Fərid Mustafayev", "İlqar Şirinov", "Zaur Paşayev")),
    Team(7, "anama", "Manual clearance team 7", ("Nigar Əhmədova", "Ramil Bağırov", "Azər Tağıyev")),
    Team(8, "anama", "Battle area clearance team 8", ("Emin Qasımov", "Şəbnəm Novruzova", "Rövşən Umudov")),
    Team(9, "sbs", "Border clearance group 9", ("Anar İsmayılov", "Pərviz Həsənov", "Elşən Muradov")),
    Team(10, "operator-2", "Clearance team 10", ("Vaqif Səfərov", "Tofiq Zeynalov", "Mahir Yusifov")),
    Team(11, "anama", "Manual clearance team 11", ("Xəyal Mirzəyev", "Aynur Səmədova", "Bəhruz Kazımov")),
    Team(12, "operator-3", "Clearance team 12", ("Natiq Allahverdiyev", "Ülvi Sadıqov", "Cavid Rüstəmov")),
    Team(13, "operator-4", "Clearance team 13", ("Toğrul Fərhadov", "Rauf Nağıyev", "Səbinə Qurbanova")),
    Team(EOD_TEAM, "anama", "EOD team 14", ("Şahin Bayramov", "Rüfət Əsgərov")),
)

DISTRICTS = (
    District("AZ-TAR", 14, 4, 312, Decimal("148.0"), (1,), (40.310, 46.790), 2,
             (Lot((("60 mm M-49", 84), ("122 mm", 26))),)),
    District("AZ-X-AGHDARA", 21, 3, 428, Decimal("96.0"), (2,), (40.200, 46.770), 2,
             (Lot((("VOG-25", 120), ("F-1", 64)), (("detonator", "25", "piece"),)),)),
    District("AZ-KAL", 38, 5, 640, Decimal("120.0"), (3,), (40.080, 46.090), 2,
             (Lot((("M-49", 140), ("OG-7", 75), ("PG-7", 40)), (("Patron", "2350", "piece"),)),)),
    District("AZ-AGM", 47, 21, 1486, Decimal("612.0"), (4, 5, 4, 5, 4, 5, EOD_TEAM), (39.985, 46.880), 4,
             (Lot((("122 mm", 180), ("60 mm M-49", 97), ("152 mm", 35)),
                  (("AT mine fuze", "40", "piece"), ("Patron", "4200", "piece"),
                   ("plastic explosive", "12.5", "kg"))),
              Lot((("9N235", 96), ("9N210", 141))), Lot((("VOG-17", 210), ("RGD-5", 88))))),
    District("AZ-XCI", 12, 2, 734, Decimal("145.0"), (6,), (39.870, 46.700), 2,
             (Lot((("100 mm", 160), ("OG-9", 92))), Lot((("F-1", 118), ("RGO", 36))))),
    District("AZ-XA", 3, 0, 287, Decimal("22.0"), (6,), (39.828, 46.758), 1,
             (Lot((("PG-7", 64), ("RPG-18", 21), ("RGD-5", 90)),
                  (("Patron", "11600", "piece"), ("black powder", "850", "g"))),)),
    District("AZ-XVD", 26, 6, 1193, Decimal("268.0"), (7, 7, 8), (39.640, 46.940), 3,
             (Lot((("122 mm", 236), ("152 mm", 74)), (("detonator", "60", "piece"),)), Lot((("M-49", 265),)),
              Lot((("VOG-25", 140),)))),
    District("AZ-SUS", 9, 1, 411, Decimal("74.0"), (8,), (39.690, 46.650), 2,
             (Lot((("OG-7", 120), ("PG-7", 82)), (("Patron", "1480", "piece"),)),)),
    District("AZ-LAC", 18, 3, 376, Decimal("132.0"), (9,), (39.690, 46.280), 2,
             (Lot((("60 mm M-49", 110), ("RGD-5", 45))),)),
    District("AZ-FUZ", 41, 19, 902, Decimal("548.0"), (10, 11), (39.530, 47.270), 4,
             (Lot((("9N235", 168), ("M095", 37))),
              Lot((("100 mm", 154), ("122 mm", 61)), (("AT mine fuze", "32", "piece"),)))),
    District("AZ-QBI", 15, 4, 353, Decimal("165.0"), (12,), (39.300, 46.590), 2,
             (Lot((("OG-9", 88), ("F-1", 52))),)),
    District("AZ-CAB", 24, 13, 611, Decimal("312.0"), (13,), (39.270, 46.910), 3,
             (Lot((("M-49", 130), ("9M22U", 24))), Lot((("VOG-17", 115),)))),
    District("AZ-ZAN", 12, 6, 353, Decimal("148.9"), (9,), (39.070, 46.630), 2,
             (Lot((("RGD-5", 72), ("RGN", 40))),)),
)


def team(number: int) -> Team:
    """The team of this number."""
    return TEAMS[number - 1]


def district(place: str) -> District:
    """The district with this code."""
    return next(one for one in DISTRICTS if one.place == place)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of local time; minutes may run over the hour."""
    return datetime.combine(day, time(0), HERE) + timedelta(hours=hour, minutes=minute)
