"""The language catalogue: finds the sentences of fieldapp and ui, updates and compiles the translations.

    python packaging/catalogue.py update     after sentences were added or changed, or a .po file was edited
    python packaging/catalogue.py status     what is not translated yet

Sentences are ``N_("...")``, ``t("...")``, ``texts("...")`` (also ``self.texts``) and ``texts.plural("one", "many", n)``
in Python and, without the first, in the report templates. ``fieldapp.pot`` and the .mo files follow from the sources
and the .po files alone: the same input and the same Babel give the same bytes.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "fieldapp" / "locale"
TEMPLATE = LOCALE / "fieldapp.pot"
LANGUAGES = ("az", "ru")
"""English is what stands in the sources."""
FIX = "python packaging/catalogue.py update"

_KEYWORDS: dict[str, tuple[int, ...] | None] = {"N_": None, "t": None, "texts": None, "plural": (1, 2)}
_DATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands where gettext tools write the time of the last run: a catalogue differs only when its sentences do."""
_PLACE = re.compile(r"\{(\w*)[^{}]*\}")


def po_path(language: str) -> Path:
    """The translations of one language, edited by people."""
    return LOCALE / language / "LC_MESSAGES" / "fieldapp.po"


def mo_path(language: str) -> Path:
    """The compiled translations that the program reads."""
    return po_path(language).with_suffix(".mo")


def _catalog(language: str | None) -> Catalog:
    return Catalog(
        locale=language, project="fieldapp", version="1", copyright_holder="the fieldapp authors",
        header_comment="# Sentences of fieldapp. Named places such as {count} stay as they are.\n#",
        msgid_bugs_address="the issue tracker", last_translator="fieldapp", language_team="fieldapp", charset="utf-8",
        creation_date=_DATED, revision_date=_DATED, fuzzy=False,
    )  # fmt: skip


def _sources() -> Iterator[tuple[str, Path]]:
    for folder in ("fieldapp", "ui"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py":
                yield "python", path
            elif path.parent.name == "templates" and path.is_file():
                yield "jinja2.ext:babel_extract", path


def extracted() -> Catalog:
    """All sentences that stand in the sources, with the files they stand in."""
    template = _catalog(None)
    for method, path in _sources():
        content = io.BytesIO(path.read_bytes())
        for _, message, comments, context in extract(method, content, _KEYWORDS, ["Translators:"]):
            place = [(path.relative_to(ROOT).as_posix(), 1)]
            template.add(message, None, place, auto_comments=comments, context=context)
    return template


def read(path: Path, language: str | None = None) -> Catalog:
    """The catalogue in a .pot or .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """The bytes of the .mo file of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def texts_of(catalog: Catalog) -> dict[str, Message]:
    """The messages of a catalogue by their English (singular) sentence, without the header."""
    return {_singular(message): message for message in catalog if message.id}


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [""])


def untranslated(catalog: Catalog) -> list[str]:
    """The sentences that would still appear in English."""
    return [_singular(message) for message in catalog if message.id and not all(_forms(message.string))]


def misplaced(catalog: Catalog) -> list[str]:
    """Translations whose named places are not those of the original: each would break where it is shown."""
    wrong = []
    for message in catalog:
        expected = sorted(_PLACE.findall(_forms(message.id)[-1]))
        forms = [form for form in _forms(message.string) if form]
        if message.id and any(sorted(_PLACE.findall(form)) != expected for form in forms):
            wrong.append(_singular(message))
    return wrong


def _write(path: Path, catalog: Catalog) -> None:
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_output=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue())


def update() -> None:
    """Write the template, bring every language's .po in step with it, and compile the .mo files."""
    template = extracted()
    _write(TEMPLATE, template)
    for language in LANGUAGES:
        path = po_path(language)
        catalog = read(path, language) if path.exists() else _catalog(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.creation_date = catalog.revision_date = _DATED
        _write(path, catalog)
        mo_path(language).write_bytes(compiled(read(path, language)))


def status() -> int:
    """Print what is missing or broken in each language; 1 if there is anything."""
    problems = 0
    for language in LANGUAGES:
        catalog = read(po_path(language), language)
        for what, sentences in (("not translated", untranslated(catalog)), ("wrong places", misplaced(catalog))):
            sys.stdout.writelines(f"{language}: {what}: {sentence}\n" for sentence in sentences)
            problems += len(sentences)
    return 1 if problems else 0


def main(arguments: list[str]) -> int:
    """Do what the one argument says."""
    if arguments == ["update"]:
        update()
        return 0
    if arguments == ["status"]:
        return status()
    sys.stderr.write(__doc__ or "")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
