"""The language catalogue is in step with the sources, compiled, and breaks nothing where it is shown."""

from __future__ import annotations

import gettext
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from fieldapp.texts import LANGUAGES, Texts


def load() -> ModuleType:
    """``packaging/catalogue.py``: its folder is no package, and a library bears the folder's name."""
    path = Path(__file__).resolve().parent.parent / "packaging" / "catalogue.py"
    spec = importlib.util.spec_from_file_location("fieldapp_catalogue", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


catalogue = load()


def test_every_sentence_of_the_sources_is_in_the_template() -> None:
    missing = set(catalogue.texts_of(catalogue.extracted())) - set(
        catalogue.texts_of(catalogue.read(catalogue.TEMPLATE))
    )
    assert not missing, f"run: {catalogue.FIX}"


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_sentence_of_the_template_is_in_each_language(language: str) -> None:
    template = catalogue.texts_of(catalogue.read(catalogue.TEMPLATE))
    translated = catalogue.texts_of(catalogue.read(catalogue.po_path(language), language))
    assert set(template) == set(translated), f"run: {catalogue.FIX}"


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_po_file(language: str) -> None:
    read = catalogue.read(catalogue.po_path(language), language)
    assert catalogue.mo_path(language).read_bytes() == catalogue.compiled(read), f"run: {catalogue.FIX}"


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_translation_keeps_the_named_places_and_none_is_marked_doubtful(language: str) -> None:
    read = catalogue.read(catalogue.po_path(language), language)
    assert catalogue.misplaced(read) == []
    assert not [message.id for message in read if message.id and message.fuzzy]


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_no_sentence_is_left_in_english(language: str) -> None:
    assert catalogue.untranslated(catalogue.read(catalogue.po_path(language), language)) == []


def test_a_sentence_without_all_its_forms_is_noticed() -> None:
    read = catalogue.Catalog(locale="ru")
    read.add("Log find", "")
    read.add("Log plot", "Записать участок")
    read.add(("{count} find", "{count} finds"), ("{count} находка", "{count} находки", ""))
    assert catalogue.untranslated(read) == ["Log find", "{count} find"]


def test_a_translation_that_loses_a_place_is_noticed() -> None:
    read = catalogue.Catalog(locale="ru")
    read.add("{name} was not found.", "Не найдено.")
    read.add("{done} of {total}", "{done} из {total}")
    read.add(("{count} find", "{count} finds"), ("{count} находка", "{count} находки", "{n} находок"))
    assert catalogue.misplaced(read) == ["{name} was not found.", "{count} find"]
    assert catalogue.untranslated(read) == []


@pytest.mark.parametrize(
    ("language", "numbers", "forms"),
    [
        ("az", [0, 1, 2, 5, 21], [1, 0, 1, 1, 1]),
        ("ru", [0, 1, 2, 5, 11, 12, 21, 22, 25, 111], [2, 0, 1, 2, 2, 2, 0, 1, 2, 2]),
    ],
)
def test_plural_forms_are_those_of_the_language(language: str, numbers: list[int], forms: list[int]) -> None:
    with catalogue.mo_path(language).open("rb") as file:
        plural = gettext.GNUTranslations(file).plural  # type: ignore[attr-defined]  # typeshed leaves it out
    assert [plural(number) for number in numbers] == forms


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_program_reads_the_compiled_catalogue(language: str) -> None:
    assert language in LANGUAGES
    for message in catalogue.read(catalogue.po_path(language), language):
        if isinstance(message.id, str) and message.id and message.string:
            assert Texts(language)(message.id) == message.string


SOURCE = """
A = N_("declared")
t("short")
self.texts("of self")
texts("in two " "pieces", n=1)
self._texts(N_("marked as well"), place=texts("in a place"))
texts(N_("first") if this else N_("second"))
self._texts.plural("{count} find", "{count} finds", 3)
texts.plural(N_("{count} plot in {place}"), N_("{count} plots in {place}"), 3, place=texts("here"))
texts.plural("{count} photo", "{count} photo", 2)
print("not this")
"""


def test_calls_of_every_agreed_form_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "fieldapp" / "some.py"
    source.parent.mkdir()
    source.write_text(SOURCE)
    template = tmp_path / "ui" / "templates" / "page.html"
    template.parent.mkdir(parents=True)
    template.write_text('<p>{{ t("in a page") }}</p>')
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    found = catalogue.texts_of(catalogue.extracted())
    plurals = {message.id for message in found.values() if isinstance(message.id, tuple)}
    assert set(found) - {one for one, _ in plurals} == {
        "declared", "short", "of self", "in two pieces", "marked as well", "in a place", "first", "second", "here",
        "in a page",
    }  # fmt: skip
    assert plurals == {
        ("{count} find", "{count} finds"),
        ("{count} plot in {place}", "{count} plots in {place}"),
        ("{count} photo", "{count} photo"),
    }


def test_a_sentence_that_comes_back_keeps_its_translation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "fieldapp" / "some.py"
    source.parent.mkdir()
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogue, "TEMPLATE", tmp_path / "fieldapp.pot")
    read = catalogue.Catalog(locale="ru")
    read.add("Log find", "Новая находка")
    catalogue._write(catalogue.po_path("ru"), read)
    source.write_text("")
    catalogue.update()
    assert not catalogue.texts_of(catalogue.read(catalogue.po_path("ru"), "ru"))
    source.write_text('N_("Log find")')
    catalogue.update()
    assert catalogue.texts_of(catalogue.read(catalogue.po_path("ru"), "ru"))["Log find"].string == "Новая находка"
