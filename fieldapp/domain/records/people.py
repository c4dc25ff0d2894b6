"""``device`` (enrolment and grants) and ``team``: who may write what, and for whom they work.

A grant's members are named by the merge rules (role, teams, until); they are not ours to rename.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.lists import WITHDRAWN

T = FieldType

DEVICE = Kind(
    "device",
    Names("Laptop", "Noutbuk", "Ноутбук"),
    (
        one(Field("name", T.TEXT, Names("Name", "Ad", "Название"), max_length=120, listed=True)),
        Group(
            "grant",
            (
                Field("role", T.TEXT, Names("Role", "Rol", "Роль"), max_length=20, listed=True),
                Field("teams", T.SHAPE, Names("Teams", "Komandalar", "Группы")),
                Field("until", T.SHAPE, Names("Cut-off", "Son hədd", "Граница"), in_form=False),
            ),
        ),
        Group(
            "keys",
            (
                Field("signing_key", T.TEXT, Names("Signing key", "İmza açarı", "Ключ подписи"), max_length=100,
                      in_form=False),
                Field("receiving_key", T.TEXT, Names("Receiving key", "Qəbul açarı", "Ключ приёма"), max_length=100,
                      in_form=False),
            ),
        ),
        one(Field("tag_prefix", T.TEXT, Names("Tag prefix", "Etiket prefiksi", "Префикс бирок"), max_length=10)),
    ),
    hq_only=True,
)

TEAM = Kind(
    "team",
    Names("Team", "Komanda", "Группа"),
    (
        one(Field("name", T.TEXT, Names("Name", "Ad", "Название"), max_length=120, listed=True)),
        one(Field("organisation", T.CODE, Names("Organisation", "Təşkilat", "Организация"),
                  vocabulary="organisation", listed=True)),
        WITHDRAWN,
    ),
    hq_only=True,
)
