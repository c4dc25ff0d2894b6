"""``accident``: something exploded and hurt, or could have hurt, somebody (IMSMA's Accident, IMAS 10.60).

A *demining* accident happened at a demining workplace, a mine accident away from one. How many were killed and
injured stands here, so that figures never need a victim's record; victims are records of their own that name the
accident. Nothing here is about one person: no field takes a name.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.find import CATEGORY_SCALE
from fieldapp.domain.records.shared import CERTAINTY, LOCAL_ID, PLACE, POSITION, REMARKS, TASK

T = FieldType

ACCIDENT = Kind(
    "accident",
    Names("Accident", "Bədbəxt hadisə", "Несчастный случай"),
    (
        LOCAL_ID,
        Group(
            "happened",
            (
                Field("happened_on", T.DAY, Names("Date of accident", "Hadisənin tarixi", "Дата происшествия"),
                      required=True, listed=True),
                Field("happened_time", T.TEXT, Names("Time of day", "Günün vaxtı", "Время суток"), max_length=40),
            ),
        ),
        one(Field("accident_type", T.CODE, Names("Type of accident", "Hadisənin növü", "Вид происшествия"),
                  vocabulary="accident_type", required=True, listed=True)),
        Group(
            "harm",
            (
                Field("killed", T.INTEGER, Names("Killed", "Həlak olub", "Погибло"), minimum=0, maximum=100_000,
                      required=True, listed=True),
                Field("injured", T.INTEGER, Names("Injured", "Yaralanıb", "Ранено"), minimum=0, maximum=100_000,
                      required=True, listed=True),
            ),
            scales=(("killed", "more"), ("injured", "more")),
        ),
        Group(
            "what",
            (
                Field("category", T.CODE, Names("Category", "Kateqoriya", "Категория"), vocabulary="category",
                      required=True),
                Field("model", T.CODE, Names("Model", "Model", "Модель"), vocabulary="model"),
                Field("model_text", T.TEXT, Names("Model as typed", "Yazıldığı kimi model", "Модель как введена"),
                      max_length=200, in_form=False),
            ),
            scales=(("category", CATEGORY_SCALE),),
        ),
        POSITION,
        Group(
            "cause",
            (
                Field("activation", T.CODE, Names("How it was set off", "Necə işə düşüb", "Как сработало"),
                      vocabulary="activation"),
                Field("moved_before", T.CODE, Names("Moved before", "Əvvəl yeri dəyişdirilib", "Перемещалось ранее"),
                      vocabulary="yes_no"),
                Field("depth_cm", T.INTEGER, Names("Depth, cm", "Dərinlik, sm", "Глубина, см"), minimum=0,
                      maximum=3000),
            ),
        ),
        Group(
            "area",
            (
                Field("in_recorded_area", T.CODE, Names("Inside a recorded area", "Qeydə alınmış sahənin daxilində",
                                                        "Внутри учтённого участка"), vocabulary="yes_no"),
                Field("recorded_area", T.TEXT, Names("Which recorded area", "Qeydə alınmış hansı sahə",
                                                     "Какой учтённый участок"), max_length=80),
                Field("area_marked", T.CODE, Names("Area marked", "Sahə nişanlanıb", "Участок обозначен"),
                      vocabulary="yes_no"),
            ),
        ),
        one(Field("corrective_action", T.TEXT, Names("Corrective action", "Düzəldici tədbir",
                                                     "Корректирующие меры"), multiline=True)),
        TASK,
        PLACE,
        CERTAINTY,
        REMARKS,
    ),
    private=True,
    day="happened_on",
)
