"""``victim``: one person hurt in an accident (IMSMA's Victim), without anything that says who it is.

Name, identification, date of birth, address, contact and notes are the *personal part* (``fieldapp.domain.personal``):
sealed apart, kept apart, sent apart. Events hold only the SHA-256 of the sealed part, which tells nothing about what
is in it. That is why this kind alone has no field of free text.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import LOCAL_ID, PLACE

T = FieldType

OUTCOME_SCALE = ("unhurt", "unknown", "injured", "killed")
CONSENT_SCALE = ("yes", "unknown", "no")
"""A refusal outweighs a consent until a person has settled it."""

VICTIM = Kind(
    "victim",
    Names("Victim", "Zərərçəkən", "Пострадавший"),
    (
        LOCAL_ID,
        one(Field("accident", T.RECORD, Names("Accident", "Bədbəxt hadisə", "Несчастный случай"), required=True,
                  listed=True)),
        one(Field("harmed_on", T.DAY, Names("Date of accident", "Hadisənin tarixi", "Дата происшествия"),
                  required=True, listed=True)),
        Group(
            "harm",
            (
                Field("victim_outcome", T.CODE, Names("Killed or injured", "Həlak olub və ya yaralanıb",
                                                      "Погиб или ранен"), vocabulary="victim_outcome", required=True,
                      listed=True),
                Field("injury", T.CODE, Names("Gravest injury", "Ən ağır xəsarət", "Самая тяжёлая травма"),
                      vocabulary="injury"),
            ),
            scales=(("victim_outcome", OUTCOME_SCALE),),
        ),
        Group(
            "person",
            (
                Field("victim_status", T.CODE, Names("Civilian, deminer, military", "Mülki, minaaxtaran, hərbçi",
                                                     "Гражданский, сапёр, военный"), vocabulary="victim_status",
                      required=True, listed=True),
                Field("sex", T.CODE, Names("Sex", "Cinsi", "Пол"), vocabulary="sex", required=True),
                Field("age_group", T.CODE, Names("Age group", "Yaş qrupu", "Возрастная группа"),
                      vocabulary="age_group", required=True),
            ),
        ),
        one(Field("activity", T.CODE, Names("Activity at the time", "Həmin andakı fəaliyyət", "Занятие в тот момент"),
                  vocabulary="victim_activity", required=True)),
        one(Field("tampered", T.CODE, Names("Tampered with the item", "Əşyaya toxunub", "Трогал предмет"),
                  vocabulary="yes_no", required=True)),
        Group(
            "protection",
            (
                Field("ppe_worn", T.CODE, Names("Protective equipment worn", "Mühafizə vasitəsi geyinib",
                                                "Был в средствах защиты"), vocabulary="yes_no"),
                Field("ppe_effective", T.CODE, Names("Protective equipment held", "Mühafizə vasitəsi qoruyub",
                                                     "Средства защиты помогли"), vocabulary="yes_no"),
            ),
        ),
        one(Field("first_aid_min", T.INTEGER, Names("Minutes to the first medical facility",
                                                    "İlk tibb məntəqəsinədək, dəqiqə",
                                                    "Минут до первого медпункта"), minimum=0, maximum=100_000)),
        one(Field("consent_authorities", T.CODE, Names("Consent to share with authorities",
                                                       "Dövlət orqanları ilə paylaşmağa razılıq",
                                                       "Согласие на передачу органам власти"), vocabulary="yes_no"),
            CONSENT_SCALE),
        one(Field("consent_ngos", T.CODE, Names("Consent to share with NGOs", "QHT-lərlə paylaşmağa razılıq",
                                                "Согласие на передачу НПО"), vocabulary="yes_no"), CONSENT_SCALE),
        PLACE,
        Group(
            "sealed",
            (
                Field("personal_sha256", T.DIGEST, Names("Personal part", "Şəxsi hissə", "Личная часть"),
                      in_form=False, exported=False),
                Field("personal_bytes", T.INTEGER, Names("Personal part, bytes", "Şəxsi hissə, bayt",
                                                         "Личная часть, байт"), minimum=1, maximum=1 << 20,
                      in_form=False, exported=False),
            ),
        ),
    ),
    private=True,
    day="harmed_on",
)
"""``personal_sha256`` is the SHA-256 of the sealed file, never of what is in it: a guess cannot be checked by it."""
