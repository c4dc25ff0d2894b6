"""``missed_item`` (headquarters) and ``missed_note`` (team): items found in ground released before (M18).

A missed item is one find and one plot; that there is an alarm follows from their entries (``domain/missed``). A
``missed_item`` says how it came about and names the versions of both that were looked at: it closes the alarm while
they are as they were. A later change of either opens it again. The team may add notes, which close nothing.
"""

from __future__ import annotations

from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.records.shared import REMARKS

T = FieldType

FIND = Field("find", T.RECORD, Names("Find", "Tapıntı", "Находка"), required=True, listed=True, in_form=False)
PLOT = Field("plot", T.RECORD, Names("Plot", "Sahə", "Участок"), required=True, listed=True, in_form=False)

MISSED_ITEM = Kind(
    "missed_item",
    Names("Missed item", "Buraxılmış əşya", "Пропущенный предмет"),
    (
        Group(
            "of",
            (
                FIND,
                Field("find_seen", T.SHAPE, Names("Version of the find", "Tapıntının versiyası", "Версия находки"),
                      required=True, in_form=False, exported=False),
                PLOT,
                Field("plot_seen", T.SHAPE, Names("Version of the plot", "Sahənin versiyası", "Версия участка"),
                      required=True, in_form=False, exported=False),
            ),
        ),
        Group(
            "explained",
            (
                Field("cause", T.CODE, Names("Cause", "Səbəb", "Причина"), vocabulary="missed_cause", required=True,
                      listed=True),
                Field("explanation", T.TEXT, Names("Explanation", "İzahat", "Объяснение"), required=True,
                      multiline=True),
            ),
        ),
        one(Field("visit", T.RECORD, Names("Quality visit", "Keyfiyyət yoxlaması", "Проверка качества"),
                  in_form=False)),
    ),
    hq_only=True,
    release=True,
)

MISSED_NOTE = Kind(
    "missed_note",
    Names("Note on a missed item", "Buraxılmış əşyaya dair qeyd", "Заметка о пропущенном предмете"),
    (Group("of", (FIND, PLOT)), REMARKS),
)
