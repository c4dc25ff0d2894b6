"""``find``: items of one model found at one place.

Several models at one place are several finds that share a ``lot``. A model that is not in the list is kept as typed
(``model_text``). The position is where the item was found, never where it was destroyed.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import CERTAINTY, LOCAL_ID, LOT, PLACE, POSITION, REMARKS, TASK

T = FieldType

CATEGORY_SCALE = (
    "non_explosive", "small_arms_ammunition", "bulk_explosive", "fuze", "uxo", "projectile", "mortar_bomb",
    "rocket_missile", "grenade", "air_dropped_bomb", "submunition", "ied_booby_trap", "at_mine", "ap_mine",
)
"""Categories from least to most dangerous; the order of the reference model's codes is kept."""

FIND = Kind(
    "find",
    Names("Find", "Tapıntı", "Находка"),
    (
        LOCAL_ID,
        Group(
            "what",
            (
                Field("category", T.CODE, Names("Category", "Kateqoriya", "Категория"), vocabulary="category",
                      required=True, listed=True),
                Field("sub_category", T.CODE, Names("Sub-category", "Alt kateqoriya", "Подкатегория"),
                      vocabulary="sub_category"),
                Field("model", T.CODE, Names("Model", "Model", "Модель"), vocabulary="model", listed=True),
                Field("model_text", T.TEXT, Names("Model as typed", "Yazıldığı kimi model", "Модель как введена"),
                      max_length=200, in_form=False),
                Field("ordnance_state", T.CODE, Names("UXO or AXO", "PHS və ya tərk edilmiş", "НВБ или оставленные"),
                      vocabulary="ordnance_state"),
            ),
            scales=(("category", CATEGORY_SCALE),),
        ),
        Group(
            "amount",
            (
                Field("quantity", T.AMOUNT, Names("Quantity", "Say", "Количество"), minimum=0, maximum=10_000_000,
                      required=True, listed=True),
                Field("unit", T.CODE, Names("Unit", "Ölçü vahidi", "Единица"), vocabulary="unit"),
            ),
            scales=(("quantity", "more"),),
        ),
        POSITION,
        one(Field("depth_cm", T.INTEGER, Names("Depth, cm", "Dərinlik, sm", "Глубина, см"), minimum=0, maximum=3000,
                  required=True, listed=True)),
        one(Field("condition", T.CODE, Names("Condition", "Vəziyyət", "Состояние"), vocabulary="condition",
                  required=True), ("functioned", "unarmed", "damaged", "deteriorated", "armed")),
        one(Field("anti_lift", T.BOOLEAN, Names("Anti-lift device", "Götürülməyə qarşı qurğu", "Неизвлекаемость")),
            (False, True)),
        Group(
            "found",
            (
                Field("found_on", T.DAY, Names("Found on", "Tapıldığı gün", "Дата обнаружения"), required=True,
                      listed=True),
                Field("found_at", T.MOMENT, Names("Found at", "Tapıldığı vaxt", "Время обнаружения"), in_form=False),
                Field("found_by", T.TEXT, Names("Found by", "Kim tapıb", "Кто обнаружил"), max_length=120),
            ),
        ),
        TASK,
        PLACE,
        LOT,
        CERTAINTY,
        REMARKS,
    ),
    day="found_on",
)
