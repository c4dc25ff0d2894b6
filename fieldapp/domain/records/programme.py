"""``programme``: a donor or trust-fund project with a target, its shares and its time.

It has no outline on its first day and may never get one: what counts towards it are the plots of its tasks, or,
while no task names it, the plots of its place. ``shares`` says who pays how much of it, one line for each donor
(``Trust fund = 60``); the parts make a whole together, so they stand in one group.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import LOCAL_ID, PLACE, REMARKS

T = FieldType

PROGRAMME = Kind(
    "programme",
    Names("Programme", "Proqram", "Программа"),
    (
        LOCAL_ID,
        one(Field("title", T.TEXT, Names("Title", "Ad", "Название"), max_length=200, required=True, listed=True)),
        one(Field("target_m2", T.DECIMAL, Names("Target, m²", "Hədəf, m²", "Цель, м²"), minimum=0,
                  maximum=100_000_000_000, places=1, required=True, listed=True)),
        Group(
            "time",
            (
                Field("started_on", T.DAY, Names("Started on", "Başlanıb", "Начато"), listed=True),
                Field("ends_on", T.DAY, Names("Ends on", "Bitəcək", "Окончание"), listed=True),
            ),
        ),
        one(Field("shares", T.TEXT, Names("Donors, one a line: name = %", "Donorlar, hər sətirdə: ad = %",
                                          "Доноры, по строкам: имя = %"), multiline=True)),
        one(Field("in_kind", T.TEXT, Names("Help in kind", "Natura şəklində yardım", "Помощь в натуральной форме"),
                  multiline=True)),
        one(Field("status", T.CODE, Names("Status", "Status", "Статус"), vocabulary="task_status")),
        one(Field("organisation", T.CODE, Names("Organisation", "Təşkilat", "Организация"),
                  vocabulary="organisation")),
        one(Field("outline", T.SHAPE, Names("Turning points", "Dönmə nöqtələri", "Точки поворота"))),
        PLACE,
        REMARKS,
    ),
    hq_only=True,
    day="started_on",
)
