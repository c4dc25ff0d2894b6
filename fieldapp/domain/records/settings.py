"""``setting`` and ``coordinate_system``: what headquarters settles for the whole deployment.

A record names one of them: ``setting/hq/<code>`` with the value as text (``fieldapp.domain.settings`` declares codes,
defaults and limits), ``coordinate_system/hq/<code>`` with a system that an administrator defined. They are
headquarters' own records, so they travel to all teams like its list entries, and their history says who changed what.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.lists import NAMES, WITHDRAWN

T = FieldType

LONGEST_DEFINITION = 4000

SETTING = Kind(
    "setting",
    Names("Setting", "Parametr", "Параметр"),
    (
        one(Field("value", T.TEXT, Names("Value", "Qiymət", "Значение"), max_length=400, listed=True)),
    ),
    hq_only=True,
)

COORDINATE_SYSTEM = Kind(
    "coordinate_system",
    Names("Coordinate system", "Koordinat sistemi", "Система координат"),
    (
        NAMES,
        Group(
            "system",
            (
                Field("definition", T.TEXT, Names("Definition (EPSG code, WKT or PROJ)",
                                                  "Tərif (EPSG kodu, WKT və ya PROJ)",
                                                  "Определение (код EPSG, WKT или PROJ)"),
                      max_length=LONGEST_DEFINITION, required=True, multiline=True),
                Field("operation", T.TEXT, Names("Datum operation", "Datum çevirməsi", "Преобразование датума"),
                      max_length=200, listed=True),
            ),
        ),
        WITHDRAWN,
    ),
    hq_only=True,
)
