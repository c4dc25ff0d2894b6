"""``task``: what headquarters asks of a team - NTS, TS, clearance, BAC or an EOD spot task.

Clearance depth is a parameter of each task, never a constant (IMAS 09.10).

**Whose a task is.** Audience follows owner, and an owner never changes. A task that nobody has yet belongs to ``hq``
and is known at headquarters only. Giving a task to a team closes the record and makes one more that the team owns and
that names the earlier in ``follows``; taking it from one team and giving it to another does the same. So a team gets
the tasks it has, sees that one it had was closed and why, and no team reads where another works. A record of
headquarters' own with a mere team field would go to all teams, and tasks say where uncleared ground lies.

``area.outline`` has the form of a plot's outline; ``area.area_m2`` is its geodesic area, computed once when it is
saved. Outline and area are one group: neither is true without the other. ``status`` is set by headquarters; what a
team did shows in its plots.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import LOCAL_ID, PLACE, PLACE_OF_WORK, REMARKS

T = FieldType

STATUS_SCALE = ("closed", "completed", "abandoned", "suspended", "ongoing", "assigned", "planned")
"""From least to most that is left to do: of two statuses the one that claims less is shown."""
ENDED = ("closed", "completed", "abandoned")
"""Statuses of a task nobody works on any more."""

TASK_KIND = Kind(
    "task",
    Names("Task", "Tapşırıq", "Задание"),
    (
        LOCAL_ID,
        Group(
            "assignment",
            (
                Field("title", T.TEXT, Names("Title", "Ad", "Название"), max_length=200, required=True, listed=True),
                Field("task_kind", T.CODE, Names("Kind of work", "İşin növü", "Вид работ"), vocabulary="task_kind",
                      required=True, listed=True),
                Field("method", T.CODE, Names("Method", "Metod", "Метод"), vocabulary="clearance_method"),
                Field("other_methods", T.TEXT, Names("Further methods", "Digər metodlar", "Другие методы"),
                      max_length=200),
            ),
        ),
        one(Field("status", T.CODE, Names("Status", "Status", "Статус"), vocabulary="task_status", listed=True),
            STATUS_SCALE),
        one(Field("depth_required", T.INTEGER, Names("Depth required, cm", "Tələb olunan dərinlik, sm",
                                                     "Требуемая глубина, см"), minimum=0, maximum=3000,
                  required=True, listed=True), "more"),
        Group(
            "area",
            (
                Field("area_m2", T.DECIMAL, Names("Area, m²", "Sahə, m²", "Площадь, м²"), minimum=0,
                      maximum=10_000_000_000, places=1, listed=True, in_form=False),
                Field("area", T.SHAPE, Names("Turning points", "Dönmə nöqtələri", "Точки поворота"), in_form=False,
                      member="outline"),
            ),
            scales=(("area_m2", "more"),),
        ),
        PLACE_OF_WORK,
        PLACE,
        one(Field("qc_asked", T.BOOLEAN, Names("QC asked", "KN tələb olunur", "Требуется КК")), (False, True)),
        Group(
            "dates",
            (
                Field("starts_on", T.DAY, Names("Starts on", "Başlama tarixi", "Начало")),
                Field("due_on", T.DAY, Names("Due on", "Son tarix", "Срок"), listed=True),
            ),
        ),
        one(Field("programme", T.RECORD, Names("Programme", "Proqram", "Программа"))),
        one(Field("follows", T.RECORD, Names("Follows", "Davam etdirdiyi", "Продолжает"), in_form=False)),
        REMARKS,
    ),
    hq_only=True,
)
