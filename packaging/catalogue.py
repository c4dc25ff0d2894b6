"""The language catalogue: finds the sentences of fieldapp and ui, updates and compiles the translations.

    python packaging/catalogue.py update     after sentences were added or changed, or a .po file was edited
    python packaging/catalogue.py status     what is not translated yet

Sentences are ``N_("...")``, ``t("...")``, ``texts("...")`` (also ``self.texts``) and ``texts.plural("one", "many", n)``
in Python and, without the first, in the report templates. Marked and nested ones are found too:
``texts.plural(N_("one"), N_("many"), n, place=texts("..."))``. ``fieldapp.pot`` and the .mo files follow from
the sources and the .po files alone: the same input and the same Babel give the same bytes.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
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

_SINGLE = ("N_", "t", "texts")
_KEYWORDS: dict[str, tuple[int, ...] | None] = dict.fromkeys(_SINGLE) | {"plural": (1, 2)}
_NOTE = "# Translators:"
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


def _sources(ending: str) -> Iterator[Path]:
    for folder in ("fieldapp", "ui"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ending or (ending == "template" and path.parent.name == "templates" and path.is_file()):
                yield path


def extracted() -> Catalog:
    """All sentences that stand in the sources, with the files they stand in."""
    template = _catalog(None)
    for path in _sources(".py"):
        source = path.read_text("utf-8")
        notes = [line.strip().removeprefix("# ") if _NOTE in line else "" for line in source.splitlines()]
        for message, line in _in_python([ast.parse(source)]):
            note = notes[line - 2 : line - 1] if line > 1 else []
            template.add(message, None, _place(path), auto_comments=[text for text in note if text])
    for path in _sources("template"):
        content = io.BytesIO(path.read_bytes())
        for _, message, comments, context in extract("jinja2.ext:babel_extract", content, _KEYWORDS, [_NOTE[2:]]):
            template.add(message, None, _place(path), auto_comments=comments, context=context)
    return template


def _place(path: Path) -> list[tuple[str, int]]:
    return [(path.relative_to(ROOT).as_posix(), 1)]


def _in_python(nodes: Iterable[ast.AST]) -> Iterator[tuple[str | tuple[str, ...], int]]:
    """The sentences in syntax trees with their lines. Babel's own reader misses calls inside a plural's arguments."""
    for node in nodes:
        inner = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.Call) and node.args:
            name = _called(node.func)
            forms = [text for argument in node.args[:2] if (text := _literal(argument)) is not None]
            if name == "plural" and len(forms) == 2:
                yield (forms[0], forms[1]), node.lineno
                inner = [node.func, *node.args[2:], *node.keywords]
            elif name in _SINGLE and (text := _literal(node.args[0])):
                yield text, node.lineno
                inner = [node.func, *node.args[1:], *node.keywords] if name != "N_" else []
        yield from _in_python(inner)


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr.lstrip("_")
    return function.id if isinstance(function, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    """The text that stands at ``node``, bare or inside ``N_()``."""
    if isinstance(node, ast.Call) and _called(node.func) == "N_" and node.args:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


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
        for gone in list(catalog.obsolete.values()):
            if gone.id in template:  # a sentence that came back keeps its translation
                catalog[gone.id] = gone
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
