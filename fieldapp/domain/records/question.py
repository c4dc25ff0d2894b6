"""``question`` (headquarters) and ``answer`` (team): a thread about one record (M8).

A question is addressed to a team, not to a laptop or a person, so any laptop of the team may answer it, also after
the one who logged the record has left. Answers are records of their own that name the question: two laptops that
answer apart from each other grow the thread side by side and never conflict. Whether a thread is open, answered or
closed follows from these records alone. A closing names the answers that were read: one that crossed it on the way
shows the thread as answered again.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import REMARKS

T = FieldType

ABOUT = Group(
    "of",
    (
        Field("about", T.RECORD, Names("Record", "Qeyd", "Запись"), required=True, in_form=False, member="record"),
        Field("about_number", T.TEXT, Names("Number of the record", "Qeydin nömrəsi", "Номер записи"), max_length=80,
              listed=True, in_form=False, member="number"),
        Field("seen", T.SHAPE, Names("Version asked about", "Soruşulan versiya", "О какой версии вопрос"),
              in_form=False, exported=False),
    ),
)
"""The record asked about, its number for laptops that do not hold it, and the heads that were looked at."""

CLOSING = Group(
    "closing",
    (
        Field("closed", T.BOOLEAN, Names("Closed", "Bağlanıb", "Закрыт"), listed=True, in_form=False),
        Field("answers_read", T.SHAPE, Names("Answers read", "Oxunmuş cavablar", "Прочитанные ответы"),
              in_form=False, exported=False, member="answers"),
        Field("outcome", T.TEXT, Names("Outcome", "Nəticə", "Итог"), multiline=True, in_form=False),
    ),
)

QUESTION = Kind(
    "question",
    Names("Question", "Sual", "Вопрос"),
    (
        ABOUT,
        one(Field("question", T.TEXT, Names("Question", "Sual", "Вопрос"), required=True, listed=True,
                  multiline=True)),
        CLOSING,
    ),
    hq_only=True,
)

ANSWER = Kind(
    "answer",
    Names("Answer", "Cavab", "Ответ"),
    (
        one(Field("question", T.RECORD, Names("Question", "Sual", "Вопрос"), required=True, in_form=False)),
        one(Field("photo", T.RECORD, Names("Photo", "Foto", "Фото"), in_form=False)),
        one(Field("correction", T.DIGEST, Names("Correction", "Düzəliş", "Исправление"), in_form=False)),
        REMARKS,
    ),
)
"""``question`` names the question, or the decision of headquarters that queried a record; ``remarks`` is what is said;
``correction`` is the event that corrected the record."""
