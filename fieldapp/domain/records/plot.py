"""``plot``: a land release product - cleared, reduced, cancelled ground, or BAC.

``land.area_m2`` is the geodesic area of the stored outline on WGS 84, computed when the plot is saved, one decimal,
never recomputed by the merge; ``land.perimeter_m`` is the geodesic length of its rings. Square metres only; hectares
are derived for print (GICHD's unit warning).

``land.outline`` is a list of parts, each a list of rings (the first the shell, the others holes), each a list of
vertices ``{"lat", "lon"}`` in decimal text with optional ``role`` (a code of the vocabulary ``point_type`` and a
number: SP, TP1, IP2, EP), ``text`` as typed, ``crs``, the datum ``operation`` it went through, ``accuracy_m``,
``fixed_by``, and ``snapped_to``, the record onto whose corner or edge a hand moved it. The first vertex is not
repeated at the end.

``land.points`` are the points beside the ring, vertices with the roles RP (reference point) and BM (benchmark): they
are no corners, so readers that know nothing of them measure and draw the same ground. ``land.legs`` are sets of
bearings and distances as they were written (``operations/legs.py``), ``land.track`` the raw fixes of a walk whose ring
was thinned. They stand in the group with the outline they led to: none is true without it.
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
                Field("perimeter_m", T.DECIMAL, Names("Perimeter, m", "Perimetr, m", "Периметр, м"), minimum=0,
                      maximum=10_000_000, places=1, in_form=False),
                Field("outline", T.SHAPE, Names("Turning points", "Dönmə nöqtələri", "Точки поворота"),
                      required=True),
                Field("points", T.SHAPE, Names("Reference points", "İstinad nöqtələri", "Опорные точки"),
                      in_form=False),
                Field("legs", T.SHAPE, Names("Bearings and distances", "Azimutlar və məsafələr",
                                             "Азимуты и расстояния"), in_form=False),
                Field("track", T.SHAPE, Names("Raw fixes", "Emal olunmamış ölçmələr", "Исходные измерения"),
                      in_form=False),
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
