"""``hazardous_area``: ground that is or may be dangerous - an SHA, a CHA, or a captured minefield record.

Anybody may enter one; it belongs to the team that did. What all teams must see headquarters publishes as a record of
its own that names its ``source`` (reference model, section 7.1). A record of this kind is what is known of danger,
never of safety: ground outside every one of them is not thereby safe, and a captured record is indirect evidence
until it is searched.

``land.outline`` has the form of a plot's outline; ``land.area_m2`` is its geodesic area on WGS 84, computed once when
it is saved, ``land.perimeter_m`` the length of its rings. What is no area stands in ``land.line`` (parts, each an
open line) or in ``land.points``, beside reference points and benchmarks, with the same vertices. ``land.legs`` holds
landmarks, bearings and distances as they were written, so that they can be walked again; ``land.readings`` the other
ways in which they could be read, with how far each would move the first corner. All of these are one group: none is
true without the outline it led to.

``captured.expected`` is the paper's table of mines: ``{"text", "model", "quantity"}`` each, ``model`` where the text
means one of the list. A captured record is a snapshot of a paper, so its table is part of it: nothing is added to it
side by side. ``position`` is the landmark it is tied to.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import CERTAINTY, LOCAL_ID, PLACE, POSITION, REMARKS, TASK

T = FieldType

STATUS_SCALE = ("closed", "released", "worked_on", "suspended", "open")
"""From least to most dangerous; the order of the reference model's codes is kept."""
CAPTURED = "captured_record"
"""The classification of a captured minefield record."""
MOST_M2 = 10_000_000_000


def _square_metres(name: str, names: Names, *, listed: bool = False, in_form: bool = True) -> Field:
    return Field(name, T.DECIMAL, names, minimum=0, maximum=MOST_M2, places=1, listed=listed, in_form=in_form)


def _metres(name: str, names: Names, *, in_form: bool = True) -> Field:
    return Field(name, T.DECIMAL, names, minimum=0, maximum=100_000, places=2, in_form=in_form)


def _people(name: str, names: Names) -> Field:
    return Field(name, T.INTEGER, names, minimum=0, maximum=10_000_000, required=True)


def _text(name: str, names: Names, max_length: int = 200, *, multiline: bool = False) -> Field:
    return Field(name, T.TEXT, names, max_length=max_length, multiline=multiline)


LAND = Group(
    "land",
    (
        Field("classification", T.CODE, Names("Classification", "Təsnifat", "Классификация"),
              vocabulary="area_classification", required=True, listed=True),
        Field("status", T.CODE, Names("Status", "Status", "Статус"), vocabulary="area_status", required=True,
              listed=True),
        _square_metres("area_m2", Names("Area, m²", "Sahə, m²", "Площадь, м²"), listed=True, in_form=False),
        Field("perimeter_m", T.DECIMAL, Names("Perimeter, m", "Perimetr, m", "Периметр, м"), minimum=0,
              maximum=10_000_000, places=1, in_form=False),
        Field("outline", T.SHAPE, Names("Turning points", "Dönmə nöqtələri", "Точки поворота"), required=True,
              in_form=False),
        Field("line", T.SHAPE, Names("Line", "Xətt", "Линия"), in_form=False),
        Field("points", T.SHAPE, Names("Reference points", "İstinad nöqtələri", "Опорные точки"), in_form=False),
        Field("legs", T.SHAPE, Names("Bearings and distances", "Azimutlar və məsafələr", "Азимуты и расстояния"),
              in_form=False),
        _metres("outline_accuracy_m", Names("Accuracy of the outline, m", "Konturun dəqiqliyi, m",
                                            "Точность контура, м"), in_form=False),
        Field("readings", T.SHAPE, Names("Other readings", "Başqa oxunuşlar", "Другие прочтения"), in_form=False),
    ),
    scales=(("status", STATUS_SCALE), ("area_m2", "more")),
)

EVIDENCE = Group(
    "evidence_of",
    (
        Field("evidence", T.CODE, Names("Evidence", "Sübut", "Свидетельства"), vocabulary="evidence", required=True),
        Field("evidence_kind", T.CODE, Names("Kind of evidence", "Sübutun növü", "Вид свидетельства"),
              vocabulary="evidence_kind", required=True),
        Field("evidence_source", T.CODE, Names("Source of evidence", "Sübutun mənbəyi", "Источник свидетельства"),
              vocabulary="evidence_source", required=True),
        _text("evidence_at", Names("Where the evidence is", "Sübut haradadır", "Где находится свидетельство")),
    ),
)

CAPTURED_GROUP = Group(
    "captured",
    (
        _text("record_number", Names("Number of the record", "Formulyarın nömrəsi", "Номер формуляра"), 80),
        _text("laid_by", Names("Unit that laid it", "Minalayan hissə", "Установившая часть")),
        _text("laid_on", Names("Date laid, as written", "Qurulma tarixi, yazıldığı kimi",
                               "Дата установки, как написано"), 60),
        Field("field_type", T.CODE, Names("Type of minefield", "Mina sahəsinin növü", "Тип минного поля"),
              vocabulary="minefield_type"),
        Field("mine_rows", T.INTEGER, Names("Rows", "Cərgələr", "Ряды"), minimum=0, maximum=10_000),
        _metres("row_spacing_m", Names("Between rows, m", "Cərgələr arası, m", "Между рядами, м")),
        _metres("mine_spacing_m", Names("Between mines, m", "Minalar arası, m", "Между минами, м")),
        _metres("front_m", Names("Front, m", "Cəbhə boyu, m", "По фронту, м")),
        _metres("field_depth_m", Names("Depth of the field, m", "Sahənin dərinliyi, m", "Глубина поля, м")),
        Field("expected", T.SHAPE, Names("Mines on the record", "Formulyardakı minalar", "Мины по формуляру"),
              in_form=False),
        Field("expected_total", T.INTEGER, Names("Mines in all", "Minaların cəmi", "Всего мин"), minimum=0,
              maximum=10_000_000),
        Field("with_anti_handling", T.INTEGER, Names("Of these with anti-handling", "Onlardan götürülməyə qarşı",
                                                     "Из них неизвлекаемых"), minimum=0, maximum=10_000_000),
        _text("laying_method", Names("How laid", "Necə qurulub", "Как установлены")),
        _text("camouflage", Names("Camouflage", "Maskalanma", "Маскировка")),
        _text("fences", Names("Fences and signs", "Hasar və nişanlar", "Ограждение и знаки"), 400),
        _text("guarded_by", Names("Guarding unit", "Mühafizə edən hissə", "Охраняющая часть")),
        _text("signed_by", Names("Signatures", "İmzalar", "Подписи")),
        _text("coordinates_text", Names("Coordinates as written", "Koordinatlar yazıldığı kimi",
                                        "Координаты, как написано"), 4000, multiline=True),
    ),
)

DELIVERY = Group(
    "delivery",
    (
        _text("delivered_by", Names("Delivered by", "Kim təqdim edib", "Кто передал")),
        Field("delivered_on", T.DAY, Names("Delivered on", "Təqdim edilib", "Когда передано")),
        _text("document", Names("Document", "Sənəd", "Документ"), 400),
    ),
)

SEARCHED = Group(
    "search",
    (
        _square_metres("searched_m2", Names("Searched, m²", "Axtarılıb, m²", "Обследовано, м²"), listed=True),
        Field("record_verdict", T.CODE, Names("Verdict on the record", "Formulyar üzrə nəticə",
                                              "Вывод о формуляре"), vocabulary="record_verdict", listed=True),
        _metres("tolerance_m", Names("Tolerance, m", "Dözümlülük, m", "Допуск, м")),
    ),
)

DANGER_OF = Group(
    "danger",
    (
        Field("device_category", T.CODE, Names("Ordnance suspected or confirmed", "Ehtimal edilən və ya təsdiqlənmiş "
                                               "sursat", "Предполагаемые или подтверждённые боеприпасы"),
              vocabulary="category", required=True),
        Field("has_anti_lift", T.CODE, Names("Anti-lift devices, booby-traps", "Götürülməyə qarşı qurğular, tələlər",
                                             "Элементы неизвлекаемости, ловушки"), vocabulary="yes_no"),
    ),
)

MATTERS = Group(
    "matters",
    (
        Field("priority", T.CODE, Names("Priority", "Prioritet", "Приоритет"), vocabulary="area_priority"),
        _text("land_use", Names("Intended land use", "Nəzərdə tutulan istifadə", "Предполагаемое использование")),
        _text("blocks", Names("What it blocks", "Nəyə mane olur", "Что блокирует")),
    ),
)

BENEFICIARIES = Group(
    "beneficiaries",
    (
        _people("direct_men", Names("Direct: men", "Birbaşa: kişilər", "Прямо: мужчины")),
        _people("direct_women", Names("Direct: women", "Birbaşa: qadınlar", "Прямо: женщины")),
        _people("direct_boys", Names("Direct: boys", "Birbaşa: oğlanlar", "Прямо: мальчики")),
        _people("direct_girls", Names("Direct: girls", "Birbaşa: qızlar", "Прямо: девочки")),
        _people("indirect_men", Names("Indirect: men", "Dolayı: kişilər", "Косвенно: мужчины")),
        _people("indirect_women", Names("Indirect: women", "Dolayı: qadınlar", "Косвенно: женщины")),
        _people("indirect_boys", Names("Indirect: boys", "Dolayı: oğlanlar", "Косвенно: мальчики")),
        _people("indirect_girls", Names("Indirect: girls", "Dolayı: qızlar", "Косвенно: девочки")),
    ),
)

HAZARDOUS_AREA = Kind(
    "hazardous_area",
    Names("Hazardous area", "Təhlükəli ərazi", "Опасный район"),
    (
        LOCAL_ID,
        one(Field("title", T.TEXT, Names("Name", "Ad", "Название"), max_length=200, listed=True)),
        LAND,
        one(Field("informed_on", T.DAY, Names("Date of information", "Məlumatın tarixi", "Дата сведений"),
                  required=True, listed=True)),
        POSITION,
        EVIDENCE,
        DANGER_OF,
        CAPTURED_GROUP,
        DELIVERY,
        SEARCHED,
        Group(
            "estimate",
            (
                _square_metres("estimated_m2", Names("Estimated, m²", "Təxmini, m²", "По оценке, м²")),
                _square_metres("remaining_m2", Names("Remaining, m²", "Qalan, m²", "Остаётся, м²")),
            ),
        ),
        MATTERS,
        BENEFICIARIES,
        TASK,
        PLACE,
        one(Field("source", T.RECORD, Names("Published from", "Mənbə qeyd", "Опубликовано из записи"),
                  in_form=False)),
        CERTAINTY,
        REMARKS,
    ),
    day="informed_on",
)
