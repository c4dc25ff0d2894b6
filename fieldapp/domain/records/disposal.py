"""``disposal``: one line of what was done with found items.

The item is named by its find record, or by the tag as written while nobody here knows the find. Found, removed and
destroyed are separate dated events (IMAS 09.30 practice); ``fieldapp.domain.counting`` says which outcome counts as
neutralised and as destroyed.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import BATCH, LOCAL_ID, PLACE, PLACE_OF_WORK, REMARKS, TASK

T = FieldType

OUTCOME_SCALE = (
    "inert", "destroyed_in_place", "central_demolition", "burned_low_order", "neutralised", "stored", "received",
    "handed_over", "moved", "left_marked",
)
"""Outcomes from least to most dangerous; the order of the reference model's codes is kept."""

DISPOSAL = Kind(
    "disposal",
    Names("Disposal", "Zərərsizləşdirmə", "Обезвреживание"),
    (
        LOCAL_ID,
        Group(
            "item",
            (
                Field("find", T.RECORD, Names("Find", "Tapıntı", "Находка"), listed=True),
                Field("tag", T.TEXT, Names("Tag as written", "Yazıldığı kimi etiket", "Бирка как написана"),
                      max_length=60, listed=True),
                Field("category", T.CODE, Names("Category", "Kateqoriya", "Категория"), vocabulary="category"),
                Field("model", T.CODE, Names("Model", "Model", "Модель"), vocabulary="model"),
                Field("model_text", T.TEXT, Names("Model as typed", "Yazıldığı kimi model", "Модель как введена"),
                      max_length=200, in_form=False),
            ),
        ),
        Group(
            "done",
            (
                Field("outcome", T.CODE, Names("What was done", "Nə edilib", "Что сделано"),
                      vocabulary="disposal_outcome", required=True, listed=True),
                Field("quantity", T.AMOUNT, Names("Quantity", "Say", "Количество"), minimum=0, maximum=10_000_000,
                      required=True, listed=True),
                Field("unit", T.CODE, Names("Unit", "Ölçü vahidi", "Единица"), vocabulary="unit"),
                Field("done_on", T.DAY, Names("Done on", "Tarix", "Дата"), required=True, listed=True),
            ),
            scales=(("outcome", OUTCOME_SCALE), ("quantity", "less")),
        ),
        one(Field("done_by", T.TEXT, Names("Done by", "Kim edib", "Кто выполнил"), max_length=120)),
        Group(
            "custody",
            (
                Field("store", T.TEXT, Names("Store", "Anbar", "Склад"), max_length=120),
                Field("other_team", T.TEXT, Names("Handed to or received from", "Kimə verilib, kimdən alınıb",
                                                  "Кому передано, от кого получено"), max_length=120),
            ),
        ),
        PLACE_OF_WORK,
        TASK,
        PLACE,
        BATCH,
        REMARKS,
    ),
    release=True,
    day="done_on",
)
