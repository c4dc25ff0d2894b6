"""``task_item``: items of another team that a task is about, published to the team that has the task (M13).

A find stays in the log of the team that found it, and no other team gets that log. What the team with the task needs
to know of it, headquarters writes as a record of its own for that team: which find, its tag, what and how many, and
the store or the place where they are. It is a copy of the day it was made; the find itself goes on changing.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import PLACE_OF_WORK, REMARKS

T = FieldType

TASK_ITEM = Kind(
    "task_item",
    Names("Item of a task", "Tapşırığın maddəsi", "Предмет задания"),
    (
        Group(
            "of",
            (
                Field("task", T.RECORD, Names("Task", "Tapşırıq", "Задание"), required=True, in_form=False),
                Field("find", T.RECORD, Names("Find", "Tapıntı", "Находка"), required=True, in_form=False),
                Field("number", T.TEXT, Names("Number of the find", "Tapıntının nömrəsi", "Номер находки"),
                      max_length=80, listed=True, in_form=False),
            ),
        ),
        Group(
            "item",
            (
                Field("category", T.CODE, Names("Category", "Kateqoriya", "Категория"), vocabulary="category",
                      listed=True, in_form=False),
                Field("model", T.CODE, Names("Model", "Model", "Модель"), vocabulary="model", listed=True,
                      in_form=False),
                Field("model_text", T.TEXT, Names("Model as typed", "Yazıldığı kimi model", "Модель как введена"),
                      max_length=200, in_form=False),
                Field("quantity", T.AMOUNT, Names("Quantity", "Say", "Количество"), minimum=0, maximum=10_000_000,
                      listed=True, in_form=False),
                Field("unit", T.CODE, Names("Unit", "Ölçü vahidi", "Единица"), vocabulary="unit", in_form=False),
            ),
        ),
        one(Field("store", T.TEXT, Names("Where it is", "Haradadır", "Где находится"), max_length=200, listed=True,
                  in_form=False)),
        PLACE_OF_WORK,
        REMARKS,
    ),
    hq_only=True,
)
