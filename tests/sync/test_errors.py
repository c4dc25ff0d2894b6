"""The sentences of everything that can be refused."""

import string
from pathlib import Path

import pytest

from fieldapp.errors import OperatorError
from fieldapp.sync import errors
from fieldapp.sync.errors import NotABundle, shown, shown_name

CASES = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, OperatorError)]
CASES.remove(OperatorError)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.code))
def test_every_case_says_what_happened_what_was_kept_and_what_to_do(case: type[OperatorError]) -> None:
    names = [field for part in (case.what, case.kept, case.do) for _, field, _, _ in string.Formatter().parse(part)]
    sentence = str(case(**{name: "?" for name in names if name}))
    assert len(sentence) > 40
    assert "{" not in sentence
    for part in (case.what, case.kept, case.do):
        assert part[0].isupper() or part[0] == "{"
        assert part[-1] in ".!"


def test_every_case_has_a_code_and_a_sentence_of_its_own() -> None:
    assert len({case.code for case in CASES}) == len(CASES)
    assert len({(case.what, case.do) for case in CASES}) == len(CASES)


def test_file_names_and_texts_of_others_cannot_pretend_in_a_sentence() -> None:
    name = shown_name(Path("/stick/a\nb\u202etxt.fieldbundle"))
    assert name == "a\\nb\\u202etxt.fieldbundle"
    assert name in str(NotABundle(file=name))
    assert len(shown("x" * 500)) == 120
    assert shown("Əliyev ПМН-2") == "Əliyev ПМН-2"
