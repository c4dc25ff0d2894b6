"""All declared kinds, and the tables of the merge that follow from them."""

from __future__ import annotations

import hashlib
import json

from fieldapp.domain.kinds import Kind
from fieldapp.domain.records.accident import ACCIDENT
from fieldapp.domain.records.disposal import DISPOSAL
from fieldapp.domain.records.find import FIND
from fieldapp.domain.records.hazardous_area import HAZARDOUS_AREA
from fieldapp.domain.records.lists import MODEL, ORGANISATION, PERSON, PLACE_ENTRY, VOCABULARY
from fieldapp.domain.records.missed_item import MISSED_ITEM, MISSED_NOTE
from fieldapp.domain.records.people import DEVICE, TEAM
from fieldapp.domain.records.photo import PHOTO
from fieldapp.domain.records.plot import PLOT
from fieldapp.domain.records.programme import PROGRAMME
from fieldapp.domain.records.progress import PROGRESS
from fieldapp.domain.records.quality_visit import QUALITY_VISIT
from fieldapp.domain.records.question import ANSWER, QUESTION
from fieldapp.domain.records.review import DECISION, SIGN_OFF
from fieldapp.domain.records.settings import COORDINATE_SYSTEM, SETTING
from fieldapp.domain.records.task import TASK_KIND
from fieldapp.domain.records.task_item import TASK_ITEM
from fieldapp.domain.records.victim import VICTIM

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        FIND, DISPOSAL, PLOT, TASK_KIND, PHOTO, SIGN_OFF, DECISION, DEVICE, TEAM, QUESTION, ANSWER,
        ACCIDENT, VICTIM, QUALITY_VISIT, PROGRAMME, PROGRESS, TASK_ITEM, MISSED_ITEM, MISSED_NOTE,
        HAZARDOUS_AREA,
        MODEL, PLACE_ENTRY, ORGANISATION, PERSON, VOCABULARY, SETTING, COORDINATE_SYSTEM,
    )
}
"""Declared kinds by name."""

HQ_KINDS = frozenset(
    {*"device task programme decision organisation team person model district vocabulary".split()}
    | {kind.name for kind in KINDS.values() if kind.hq_only}
)
"""Kinds only headquarters writes, declared here or not yet (reference model: HQ_KINDS)."""

RELEASE_KINDS = frozenset({"plot", "disposal", "decision", "sign_off"} | {k.name for k in KINDS.values() if k.release})
"""Kinds shown as retracted while a retraction is disputed (reference model: RELEASE_KINDS)."""

Scales = dict[tuple[str, str], tuple[tuple[str, tuple[object, ...] | str], ...]]

DANGER: Scales = {
    (kind.name, group.name): group.scales for kind in KINDS.values() for group in kind.groups if group.scales
}
"""Danger scales by kind and group (reference model: DANGER)."""

DANGER_VERSION = hashlib.sha256(
    json.dumps(sorted([*key, scales] for key, scales in DANGER.items()), sort_keys=True).encode()
).hexdigest()[:16]
"""State hashes are equal only between equal danger scales: this stands before the lines that are hashed."""
