"""``progress``: what one team did on one day, for planning. Square metres here are never released ground."""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import LOCAL_ID, PLACE, REMARKS, TASK

T = FieldType


def _hours(name: str, names: Names) -> Field:
    return Field(name, T.DECIMAL, names, minimum=0, maximum=10_000, places=1)


PROGRESS = Kind(
    "progress",
    Names("Day's work", "Günün işi", "Работа за день"),
    (
        LOCAL_ID,
        one(Field("worked_on", T.DAY, Names("Day of work", "İş günü", "День работы"), required=True, listed=True)),
        Group(
            "work",
            (
                Field("staff", T.INTEGER, Names("Staff", "Heyət", "Персонал"), minimum=0, maximum=10_000,
                      required=True, listed=True),
                _hours("hours_manual", Names("Hours, manual", "Saat, əl ilə", "Часы, вручную")),
                _hours("hours_mechanical", Names("Hours, mechanical", "Saat, mexaniki", "Часы, механически")),
                _hours("hours_animal", Names("Hours, animals", "Saat, heyvanlarla", "Часы, с животными")),
            ),
        ),
        one(Field("processed_m2", T.DECIMAL, Names("Processed, m² (not released)", "İşlənib, m² (azad edilməyib)",
                                                   "Обработано, м² (не высвобождено)"), minimum=0,
                  maximum=10_000_000_000, places=1, listed=True)),
        Group(
            "stoppage",
            (
                _hours("hours_stopped", Names("Hours stopped", "Dayanma, saat", "Простой, часы")),
                Field("stopped_why", T.TEXT, Names("Why it stopped", "Niyə dayanıb", "Причина простоя"),
                      max_length=400),
            ),
        ),
        one(Field("weather", T.TEXT, Names("Weather", "Hava", "Погода"), max_length=120)),
        one(Field("known_point_off_m", T.DECIMAL, Names("Known point, off by m", "Məlum nöqtədən fərq, m",
                                                        "Отклонение на известной точке, м"), minimum=0,
                  maximum=100_000, places=2)),
        TASK,
        PLACE,
        REMARKS,
    ),
    day="worked_on",
)
