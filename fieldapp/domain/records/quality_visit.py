"""``quality_visit``: a QA visit to work that is going on, or a QC sample of ground that was finished.

QA looks at the process, QC inspects the product (IMAS 09.10 stage 1, IMAS 09.20). One record holds one
non-conformity; several of one visit share the ``batch``.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import BATCH, LOCAL_ID, PLACE, REMARKS, TASK

T = FieldType

SEVERITY_SCALE = ("none", "minor", "major", "critical")
RESULT_SCALE = ("accepted", "accepted_after_correction", "re_inspection", "rejected")

CHECKED = (
    Field("supervision", T.CODE, Names("Supervision", "Nəzarət", "Надзор"), vocabulary="checked"),
    Field("procedures", T.CODE, Names("Operating procedures", "İş qaydaları", "Рабочие процедуры"),
          vocabulary="checked"),
    Field("medic", T.CODE, Names("Medical support", "Tibbi təminat", "Медицинское обеспечение"),
          vocabulary="checked"),
    Field("marking", T.CODE, Names("Marking", "Nişanlama", "Обозначение"), vocabulary="checked"),
    Field("documentation", T.CODE, Names("Documentation", "Sənədləşmə", "Документация"), vocabulary="checked"),
    Field("equipment", T.CODE, Names("Equipment", "Avadanlıq", "Оборудование"), vocabulary="checked"),
    Field("log_books", T.CODE, Names("Log books", "Jurnallar", "Журналы"), vocabulary="checked"),
)
"""The check list of a visit: in order, not in order, not applicable (IMSMA's QM forms)."""

QUALITY_VISIT = Kind(
    "quality_visit",
    Names("Quality visit", "Keyfiyyət yoxlaması", "Проверка качества"),
    (
        LOCAL_ID,
        Group(
            "visit",
            (
                Field("visited_on", T.DAY, Names("Visited on", "Yoxlama tarixi", "Дата проверки"), required=True,
                      listed=True),
                Field("visit_kind", T.CODE, Names("Kind of visit", "Yoxlamanın növü", "Вид проверки"),
                      vocabulary="visit_kind", required=True, listed=True),
                Field("inspecting_organisation", T.CODE, Names("Inspecting organisation", "Yoxlayan təşkilat",
                                                               "Проверяющая организация"), vocabulary="organisation",
                      required=True),
                Field("inspected_organisation", T.CODE, Names("Inspected organisation", "Yoxlanılan təşkilat",
                                                              "Проверяемая организация"), vocabulary="organisation",
                      required=True),
                Field("inspected_by", T.TEXT, Names("Inspected by", "Kim yoxlayıb", "Кто проверил"), max_length=120),
            ),
        ),
        one(Field("plot", T.RECORD, Names("Plot", "Sahə", "Участок"), listed=True)),
        Group(
            "sample",
            (
                Field("lot", T.TEXT, Names("Lot", "Partiya", "Партия"), max_length=40),
                Field("lot_m2", T.DECIMAL, Names("Lot, m²", "Partiya, m²", "Партия, м²"), minimum=0,
                      maximum=10_000_000_000, places=1),
                Field("sampled_m2", T.DECIMAL, Names("Sampled, m²", "Nümunə götürülüb, m²", "Взято в выборку, м²"),
                      minimum=0, maximum=10_000_000_000, places=1),
                Field("sampling_plan", T.TEXT, Names("Sampling plan", "Nümunə götürmə planı", "План выборки"),
                      max_length=400),
                Field("outline", T.SHAPE, Names("Turning points", "Dönmə nöqtələri", "Точки поворота")),
            ),
            scales=(("sampled_m2", "less"),),
        ),
        Group(
            "finding",
            (
                Field("non_conformity", T.CODE, Names("Non-conformity", "Uyğunsuzluq", "Несоответствие"),
                      vocabulary="non_conformity", required=True),
                Field("severity", T.CODE, Names("Severity", "Ağırlığı", "Тяжесть"), vocabulary="severity",
                      required=True, listed=True),
                Field("measures", T.TEXT, Names("Measures taken", "Görülən tədbirlər", "Принятые меры"),
                      multiline=True),
                Field("suspended", T.BOOLEAN, Names("Operations suspended", "İş dayandırılıb",
                                                    "Работы приостановлены")),
                Field("corrected_on_site", T.BOOLEAN, Names("Corrected on site", "Yerindəcə düzəldilib",
                                                            "Исправлено на месте")),
            ),
            scales=(("severity", SEVERITY_SCALE),),
        ),
        one(Field("result", T.CODE, Names("Result", "Nəticə", "Результат"), vocabulary="quality_result",
                  required=True, listed=True), RESULT_SCALE),
        Group("checklist", CHECKED),
        TASK,
        PLACE,
        BATCH,
        REMARKS,
    ),
    private=True,
    day="visited_on",
)
