"""``photo``: a picture of a record or lot, bound by the hash of its bytes."""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import LOT

T = FieldType

PHOTO = Kind(
    "photo",
    Names("Photo", "Foto", "Фото"),
    (
        Group(
            "file",
            (
                Field("sha256", T.DIGEST, Names("SHA-256", "SHA-256", "SHA-256"), required=True, in_form=False),
                Field("size_bytes", T.INTEGER, Names("Size, bytes", "Ölçü, bayt", "Размер, байт"), minimum=1,
                      maximum=1 << 32, in_form=False),
                Field("file_name", T.TEXT, Names("File", "Fayl", "Файл"), max_length=200, listed=True,
                      in_form=False),
            ),
        ),
        one(Field("taken_at", T.MOMENT, Names("Taken at", "Çəkilib", "Снято"), in_form=False)),
        one(Field("caption", T.TEXT, Names("Caption", "Başlıq", "Подпись"), max_length=400, listed=True)),
        one(Field("shows", T.RECORD, Names("Shows", "Nəyi göstərir", "Что показывает"), in_form=False)),
        LOT,
        one(Field("may_be_shown", T.BOOLEAN, Names("May be shown", "Göstərilə bilər", "Можно показывать"))),
    ),
)
