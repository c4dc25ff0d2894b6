"""``task``: what headquarters asks of a team - NTS, TS, clearance, BAC or an EOD spot task.

Clearance depth is a parameter of each task, never a constant (IMAS 09.10).
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import LOCAL_ID, PLACE, REMARKS

T = FieldType

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
            ),
        ),
        one(Field("status", T.CODE, Names("Status", "Status", "Статус"), vocabulary="task_status", listed=True)),
        one(Field("depth_required", T.INTEGER, Names("Depth required, cm", "Tələb olunan dərinlik, sm",
                                                     "Требуемая глубина, см"), minimum=0, maximum=3000,
                  required=True), "more"),
        one(Field("area", T.SHAPE, Names("Area", "Sahə", "Площадь"), in_form=False)),
        PLACE,
        REMARKS,
    ),
    hq_only=True,
)
