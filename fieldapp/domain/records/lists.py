"""What headquarters adds to the shipped lists, or changes in them: ``model``, ``district`` (a place of any kind, as the
reference model names it), ``organisation``, ``person``, ``vocabulary``. Teams stand with ``people``.

A record names one entry: ``model/hq/<code>``. It says only what headquarters said; everything else is as shipped. They
are headquarters' own records, so they travel to all teams. ``fieldapp.domain.lists_in_force`` puts both together.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one

T = FieldType

WITHDRAWN = one(Field("withdrawn", T.BOOLEAN, Names("Withdrawn", "Geri götürülüb", "Изъято"), listed=True))
"""A withdrawn code stays readable and is offered no more."""

NAMES = Group(
    "names",
    (
        Field("name_en", T.TEXT, Names("Name in English", "İngiliscə ad", "Название по-английски"), max_length=120,
              listed=True, member="en"),
        Field("name_az", T.TEXT, Names("Name in Azerbaijani", "Azərbaycanca ad", "Название по-азербайджански"),
              max_length=120, listed=True, member="az"),
        Field("name_ru", T.TEXT, Names("Name in Russian", "Rusca ad", "Название по-русски"), max_length=120,
              listed=True, member="ru"),
    ),
)

MODEL = Kind(
    "model",
    Names("Ordnance model", "Sursat modeli", "Модель боеприпаса"),
    (
        NAMES,
        Group(
            "what",
            (
                Field("category", T.CODE, Names("Category", "Kateqoriya", "Категория"), vocabulary="category",
                      required=True, listed=True),
                Field("sub_category", T.CODE, Names("Sub-category", "Alt kateqoriya", "Подкатегория"),
                      vocabulary="sub_category"),
            ),
        ),
        one(Field("usual_quantity", T.INTEGER, Names("Usual quantity", "Adi say", "Обычное количество"), minimum=0,
                  maximum=100_000)),
        one(Field("aliases", T.SHAPE, Names("Other names", "Digər adlar", "Другие названия"))),
        WITHDRAWN,
    ),
    hq_only=True,
)

PLACE_ENTRY = Kind(
    "district",
    Names("Place", "Yer", "Место"),
    (
        NAMES,
        Group(
            "tree",
            (
                Field("place_kind", T.CODE, Names("Kind of place", "Yerin növü", "Вид места"),
                      vocabulary="place_kind", required=True, listed=True),
                Field("parent", T.CODE, Names("District it lies in", "Yerləşdiyi rayon", "В каком районе"),
                      vocabulary="place", listed=True),
            ),
        ),
        Group(
            "validity",
            (
                Field("valid_from", T.TEXT, Names("Exists from", "Mövcudluq başlanğıcı", "Существует с"),
                      max_length=10),
                Field("valid_to", T.TEXT, Names("Existed until", "Mövcudluq sonu", "Существовало до"),
                      max_length=10),
            ),
        ),
        one(Field("formed_from", T.SHAPE, Names("Formed from", "Nədən yaranıb", "Из чего образовано"))),
        one(Field("variants", T.SHAPE, Names("Other spellings", "Digər yazılışlar", "Другие написания"))),
        WITHDRAWN,
    ),
    hq_only=True,
)

ORGANISATION = Kind(
    "organisation",
    Names("Organisation", "Təşkilat", "Организация"),
    (
        NAMES,
        one(Field("short", T.TEXT, Names("Short name", "Qısa ad", "Краткое название"), max_length=40, listed=True)),
        one(Field("organisation_kind", T.CODE, Names("Kind of organisation", "Təşkilatın növü", "Вид организации"),
                  vocabulary="organisation_kind")),
        WITHDRAWN,
    ),
    hq_only=True,
)

PERSON = Kind(
    "person",
    Names("Person", "Şəxs", "Человек"),
    (
        one(Field("name", T.TEXT, Names("Name", "Ad", "Имя"), max_length=120, required=True, listed=True)),
        one(Field("team", T.TEXT, Names("Team", "Komanda", "Группа"), max_length=40, listed=True)),
        one(Field("role", T.TEXT, Names("Role", "Vəzifə", "Должность"), max_length=80, listed=True)),
        WITHDRAWN,
    ),
    hq_only=True,
)

VOCABULARY = Kind(
    "vocabulary",
    Names("Vocabulary entry", "Lüğət sətri", "Строка словаря"),
    (
        Group(
            "entry",
            (
                Field("vocabulary", T.TEXT, Names("Vocabulary", "Lüğət", "Словарь"), max_length=40, required=True,
                      listed=True),
                Field("code", T.TEXT, Names("Code", "Kod", "Код"), max_length=40, required=True, listed=True),
            ),
        ),
        NAMES,
        one(Field("rollup", T.CODE, Names("Public line", "İctimai sətir", "Строка сводки"), vocabulary="rollup")),
        one(Field("of_category", T.CODE, Names("Belongs to category", "Hansı kateqoriyaya aiddir", "Какой категории"),
                  vocabulary="category")),
        WITHDRAWN,
    ),
    hq_only=True,
)
