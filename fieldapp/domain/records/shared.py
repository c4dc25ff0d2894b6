"""Groups that several kinds have: position, local id, task, place, remarks.

Fields follow GICHD's minimum data requirements and IMSMA's practice: position as computed and as typed, how it was
fixed, the date of information apart from the time of entry.
"""

from __future__ import annotations

import dataclasses

from fieldapp.domain.kinds import Field, FieldType, Group, Names, one

T = FieldType

POSITION = Group(
    "position",
    (
        Field("lat", T.DECIMAL, Names("Latitude", "En dairəsi", "Широта"), minimum=-90, maximum=90, places=9,
              required=True),
        Field("lon", T.DECIMAL, Names("Longitude", "Uzunluq dairəsi", "Долгота"), minimum=-180, maximum=180,
              places=9, required=True),
        Field("fixed_by", T.CODE, Names("How fixed", "Necə təyin edilib", "Как определено"), vocabulary="fixed_by",
              in_form=False),
        Field("accuracy_m", T.DECIMAL, Names("Accuracy, m", "Dəqiqlik, m", "Точность, м"), minimum=0, maximum=100000,
              in_form=False),
        Field("accuracy_basis", T.CODE, Names("Accuracy from", "Dəqiqliyin mənbəyi", "Откуда точность"),
              vocabulary="accuracy_basis", in_form=False),
        Field("fix_type", T.TEXT, Names("Fix", "Fiksasiya", "Фиксация"), max_length=20, in_form=False),
        Field("satellites", T.INTEGER, Names("Satellites", "Peyklər", "Спутники"), minimum=0, maximum=200,
              in_form=False),
        Field("hdop", T.DECIMAL, Names("HDOP", "HDOP", "HDOP"), minimum=0, maximum=1000, in_form=False),
        Field("fix_age_s", T.DECIMAL, Names("Age of fix, s", "Fiksasiyanın yaşı, s", "Возраст фиксации, с"),
              minimum=0, maximum=1000000, in_form=False),
        Field("gnss_time", T.MOMENT, Names("Receiver's time", "Qəbuledicinin vaxtı", "Время приёмника"),
              in_form=False),
        Field("typed_text", T.TEXT, Names("Position as typed", "Yazıldığı kimi mövqe", "Как введено"),
              max_length=200, in_form=False),
        Field("typed_crs", T.TEXT, Names("Typed in", "Hansı sistemdə yazılıb", "В какой системе введено"),
              max_length=60, in_form=False),
        Field("datum_operation", T.TEXT, Names("Datum operation", "Datum çevirməsi", "Преобразование датума"),
              max_length=120, in_form=False),
    ),
)
"""WGS 84 latitude and longitude, how they were fixed, and the text as typed with its CRS and datum operation."""

PLACE_OF_WORK = dataclasses.replace(
    POSITION, fields=tuple(dataclasses.replace(field, required=False) for field in POSITION.fields)
)
"""The same group where a position is welcome but never needed."""

LOCAL_ID = one(
    Field("local_id", T.TEXT, Names("No.", "№", "№"), max_length=40, required=True, listed=True, in_form=False)
)
TASK = one(Field("task", T.TEXT, Names("Task", "Tapşırıq", "Задание"), max_length=80))
"""The task's record name, or its number as typed where this laptop does not know the task."""
PLACE = one(Field("place", T.CODE, Names("District", "Rayon", "Район"), vocabulary="place", listed=True))
LOT = one(Field("lot", T.TEXT, Names("Lot", "Partiya", "Партия"), max_length=40, in_form=False))
"""Shared by records of one place and time: several models found together are several finds of one lot."""
BATCH = one(Field("batch", T.TEXT, Names("Batch", "Dəst", "Серия"), max_length=40, in_form=False))
CERTAINTY = one(
    Field("certainty", T.TEXT, Names("How certain", "Nə dərəcədə əmin", "Насколько точно"), max_length=400)
)
REMARKS = one(Field("remarks", T.TEXT, Names("Remark", "İzah", "Примечание"), multiline=True))
