"""Every sentence exists in English and French, with the same placeholders, and can be said."""

import re
from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import pytest

import crosslook.contracts.messages
from crosslook.contracts.messages import MESSAGES, LocalizedMessage


def test_both_languages_have_the_same_placeholders() -> None:
    placeholders = {code: message.placeholders() for code, message in MESSAGES.items()}
    assert {code: both for code, both in placeholders.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_text_can_be_said_with_all_its_values(language: str) -> None:
    wrong = {}
    for code, message in MESSAGES.items():
        values = {name: f"<{name}>" for name in message.placeholders()[0]}
        said = message.render(language, values)
        whole = said.strip() == said != "" and all(value in said for value in values.values())
        if not whole or "{" in said.replace('{"', ""):
            wrong[code] = said
    assert wrong == {}


def test_a_code_is_a_slug_and_a_variant_of_one_that_is_known() -> None:
    assert [code for code in MESSAGES if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?", code)] == []


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 0, "0 files"),
        ("en", 1, "1 file"),
        ("en", 2, "2 files"),
        ("fr", 0, "0 fichier"),
        ("fr", 1, "1 fichier"),
        ("fr", 2, "2 fichiers"),
    ],
)
def test_a_word_agrees_with_its_number(language: str, count: int, said: str) -> None:
    message = LocalizedMessage("{count} {count:file/files}", "{count} {count:fichier/fichiers}")
    assert message.render(language, {"count": count}) == said


@pytest.mark.parametrize("code", ["rate_limited.reports", "rate_limited.exports", "rate_limited.events", "overloaded"])
def test_one_is_said_in_the_singular(code: str) -> None:
    once = {"usage": 1, "limit": 1, "seconds": 1}
    plural = re.compile(r"\b1 (reports|files|events|seconds|rapports|fichiers|événements|secondes)\b")
    said = [MESSAGES[code].render(language, once) for language in ("en", "fr")]
    assert [text for text in said if plural.search(text)] == []


def test_an_unknown_language_is_english() -> None:
    assert LocalizedMessage("yes", "oui").render("de", {}) == "yes"


def test_a_missing_value_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        LocalizedMessage("{a}", "{a}").render("en", {})


def test_a_value_cannot_smuggle_in_a_placeholder() -> None:
    assert LocalizedMessage("{a}", "{a}").render("en", {"a": "{b} {0.__class__}"}) == "{b} {0.__class__}"


def test_no_two_catalogues_have_a_sentence_under_the_same_code() -> None:
    """One would hide the other."""
    package = crosslook.contracts.messages
    modules = [import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__)]
    tables = [
        value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, dict) and value
    ]
    counted = Counter(code for table in {id(table): table for table in tables}.values() for code in table)
    assert set(MESSAGES) <= set(counted)
    assert [code for code, times in counted.items() if times > 1] == []
