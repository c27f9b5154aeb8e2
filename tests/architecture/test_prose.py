"""Sentences, pages and docstrings are plain technical English and idiomatic French, without our old dialect."""

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.messages.files import FILE_MESSAGES
from crosslook.local.messages import TERMINAL
from tests.architecture.sources import ROOT, Source, python, repository_files

ENGLISH: Mapping[str, str] = {
    r"(?<!there )\b(?:is|are|was|were) no (?!longer\b|more\b|less\b|\w+er\b)[a-z]+": "write: is not a …",
    r"\bwho(?:ever)? asks\b|\baskers?\b": "write: the caller, the client or the user",
    r"\btell(?:s|ing)? (?:what|which|whether|why|how|you)\b": "write: show or document",
    r"\btold apart\b|\btells? .{1,20} apart\b": "write: distinguish",
    r"\bmend(?:s|ed|ing)?\b": "write: repair, correct or remove the cause",
    r"\banew\b": "write: again",
    r"\bgo(?:es)? on\b": "write: continue",
    r"\bunless (?:said|told)\b": "write: by default",
    r"\bstands? (?:in|on|more|still|inside|beside|there|once|twice)\b": "write: is, occurs or stops",
}
FRENCH: Mapping[str, str] = {
    r"\bGestion des données\b": "écrire : Gérer les données",
    r"\b(?-i:Looks?)\b": "écrire : aperçu",
    r"\bactualis": "écrire : rafraîchissement des données",
}
DOCUMENTED = ("crosslook/", "services/", "docs/", "bench/", "tests/helpers/")
NOT_OURS = ("docs/reference/", "CHANGELOG.md")
PAGES = [path for path in repository_files() if path.endswith(".md") and not path.startswith(NOT_OURS)]
_SHOWN_AS_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def phrases(text: str, unwanted: Mapping[str, str]) -> Iterator[str]:
    """Each unwanted phrase of a text, with what to write instead."""
    for pattern, remedy in unwanted.items():
        for found in re.finditer(pattern, text, re.IGNORECASE):
            yield f"{' '.join(found[0].split())} ({remedy})"


def first_lines(source: Source) -> Iterator[tuple[str, str]]:
    """(place, first line) of the docstrings of a module and of everything public in it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = "" if isinstance(node, ast.Module) else node.name
            if not name.startswith("_"):
                yield f"{source.path} {name}", (ast.get_docstring(node) or "").partition("\n")[0]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_plain_english(page: str) -> None:
    text = _SHOWN_AS_CODE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    assert list(phrases(re.sub(r"\s+", " ", text), ENGLISH)) == []


def test_the_first_line_of_every_docstring_is_plain_english() -> None:
    lines = [line for source in python(*DOCUMENTED) for line in first_lines(source)]
    assert [(place, found) for place, text in lines for found in phrases(text, ENGLISH)] == []


def test_every_sentence_is_plain_english() -> None:
    catalogue = {**MESSAGES, **FILE_MESSAGES, **TERMINAL}
    assert [(key, found) for key, text in catalogue.items() for found in phrases(text.en, ENGLISH)] == []


def test_every_french_sentence_has_the_words_of_the_product() -> None:
    catalogue = {**MESSAGES, **FILE_MESSAGES, **TERMINAL}
    assert [(key, found) for key, text in catalogue.items() for found in phrases(text.fr, FRENCH)] == []


@pytest.mark.parametrize(
    "text", ["{value} is no option.", "It tells whether it runs.", "made\nanew", "whoever asks", "It stands in errors."]
)
def test_the_check_sees_a_phrase_of_the_dialect(text: str) -> None:
    assert list(phrases(re.sub(r"\s+", " ", text), ENGLISH))


@pytest.mark.parametrize("text", ["It is no longer kept.", "no larger than that", "The service outstands it."])
def test_the_check_leaves_plain_english_alone(text: str) -> None:
    assert list(phrases(text, ENGLISH)) == []


def test_the_check_sees_a_french_word_of_another_product() -> None:
    assert list(phrases("Ouvrez Gestion des données et actualisez le Look.", FRENCH))
