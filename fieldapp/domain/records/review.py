"""``sign_off`` (team) and ``decision`` (headquarters): one for each judged record.

``of`` names the record and the heads that were judged. Once the heads differ the judgement is stale: it releases
nothing, and reports use the last approved state and say what changed since.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import BATCH, REMARKS

T = FieldType

OF = Group(
    "of",
    (
        Field("judged", T.RECORD, Names("Record", "Qeyd", "Запись"), required=True, listed=True, in_form=False,
              member="record"),
        Field("seen", T.SHAPE, Names("Version judged", "Baxılan versiya", "Рассмотренная версия"), required=True,
              in_form=False, exported=False),
    ),
)
VERDICT = one(
    Field("verdict", T.CODE, Names("Verdict", "Qərar", "Решение"), vocabulary="verdict", required=True, listed=True),
    ("approved", "queried", "rejected"),
)

SIGN_OFF = Kind(
    "sign_off", Names("Sign-off", "İmza", "Подпись руководителя"), (OF, VERDICT, BATCH, REMARKS), release=True
)
DECISION = Kind(
    "decision", Names("Decision", "Qərar", "Решение штаба"), (OF, VERDICT, BATCH, REMARKS), hq_only=True, release=True
)
