"""``plot``: a land release product - cleared, reduced, cancelled ground, or BAC.

``land.area_m2`` is the geodesic area of the stored outline on WGS 84, computed when the plot is saved, one decimal,
never recomputed by the merge. Square metres only; hectares are derived for print (GICHD's unit warning).

``land.outline`` is a list of parts, each a list of rings (the first the shell, the others holes), each a list of
vertices ``{"lat", "lon"}`` in decimal text with optional ``role`` (SP, TP1 ... as GICHD names turning points),
``text`` as typed and ``crs``. The first vertex is not repeated at the end.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import CERTAINTY, LOCAL_ID, PLACE, REMARKS, TASK

T = FieldType

RELEASE_SCALE = ("cleared", "bac", "reduced", "reduced_without_asset", "cancelled", "not_released")
"""Claims from least to most dangerous; the order of the reference model's codes is kept."""

PLOT = Kind(
    "plot",
    Names("Plot", "Sahə", "Участок"),
    (
        LOCAL_ID,
        Group(
            "land",
            (
                Field("release", T.CODE, Names("Release", "Azad edilmə", "Высвобождение"), vocabulary="release",
                      required=True, listed=True),
                Field("depth_cm", T.INTEGER, Names("Depth cleared to, cm", "Təmizlənmə dərinliyi, sm",
                                                   "Глубина очистки, см"), minimum=0, maximum=3000, required=True,
                      listed=True),
                Field("area_m2", T.DECIMAL, Names("Area, m²", "Sahə, m²", "Площадь, м²"), minimum=0,
                      maximum=10_000_000_000, places=1, listed=True, in_form=False),
                Field("outline", T.SHAPE, Names("Turning points", "Dönmə nöqtələri", "Точки поворота"),
                      required=True),
            ),
            scales=(("release", RELEASE_SCALE), ("depth_cm", "less"), ("area_m2", "less")),
        ),
        one(Field("declared_m2", T.DECIMAL, Names("Declared, m²", "Bəyan edilən, m²", "Заявлено, м²"), minimum=0,
                  maximum=10_000_000_000, places=1)),
        Group(
            "work",
            (
                Field("method", T.CODE, Names("Method", "Metod", "Метод"), vocabulary="clearance_method",
                      required=True),
                Field("started_on", T.DAY, Names("Started on", "Başlanıb", "Начато")),
                Field("completed_on", T.DAY, Names("Completed on", "Tamamlanıb", "Завершено"), required=True,
                      listed=True),
                Field("staff", T.INTEGER, Names("Staff", "Heyət", "Персонал"), minimum=0, maximum=10_000),
                Field("hours", T.DECIMAL, Names("Hours", "Saat", "Часы"), minimum=0, maximum=100_000, places=1),
            ),
        ),
        TASK,
        PLACE,
        CERTAINTY,
        REMARKS,
    ),
    release=True,
    day="completed_on",
)
