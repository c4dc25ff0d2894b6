"""What a bundle of headquarters changed in the reference lists, and how old its information is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldapp.domain.lists_in_force import KIND_OF_LIST, Change
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts

HQ_AT = "hq_at"
"""Setting: when the newest file that headquarters signed and this laptop has taken in was made."""

_DONE = {
    "added": N_("Added by headquarters: {entries}."),
    "changed": N_("Changed by headquarters: {entries}."),
    "withdrawn": N_("Withdrawn by headquarters: {entries}."),
}

News = Mapping[str, Mapping[str, int]]
"""How many entries were ``added``, ``changed`` or ``withdrawn``, by list."""


def news(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    """The numbers of changed entries by list and by what was done."""
    found: dict[str, dict[str, int]] = {}
    for one in changes:
        of_list = found.setdefault(one.list_name, {})
        of_list[one.what] = of_list.get(one.what, 0) + 1
    return found


def together(many: Iterable[News]) -> dict[str, dict[str, int]]:
    """The news of several bundles as one."""
    found: dict[str, dict[str, int]] = {}
    for one in many:
        for name, counts in one.items():
            of_list = found.setdefault(name, {})
            for what, count in counts.items():
                of_list[what] = of_list.get(what, 0) + count
    return found


def sentences(of: News, texts: Texts) -> list[str]:
    """``Added by headquarters: 3 ordnance models, 1 place.`` and the like; nothing where nothing changed."""
    said = []
    for what, sentence in _DONE.items():
        entries = [_counted(name, of[name][what], texts) for name in KIND_OF_LIST if of.get(name, {}).get(what)]
        if entries:
            said.append(texts(sentence, entries=", ".join(entries)))
    return said


def _counted(name: str, count: int, texts: Texts) -> str:
    return {
        "model": texts.plural(N_("{count} ordnance model"), N_("{count} ordnance models"), count),
        "place": texts.plural(N_("{count} place"), N_("{count} places"), count),
        "organisation": texts.plural(N_("{count} organisation"), N_("{count} organisations"), count),
        "team": texts.plural(N_("{count} team"), N_("{count} teams"), count),
        "person": texts.plural(N_("{count} person"), N_("{count} people"), count),
        "vocabulary": texts.plural(N_("{count} vocabulary entry"), N_("{count} vocabulary entries"), count),
    }[name]


def headquarters_at(ws: Workspace) -> str:
    """When the newest file of headquarters that was taken in here was made (UTC); empty before the first."""
    return ws.meta(HQ_AT)


def note_headquarters_at(ws: Workspace, created: str) -> None:
    """A file that headquarters signed was made at ``created``."""
    if created > ws.meta(HQ_AT):
        ws.set_meta(HQ_AT, created)
