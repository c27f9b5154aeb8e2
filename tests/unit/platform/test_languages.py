"""Which language a refusal is told in (RFC 9110, 12.5.4)."""

import pytest
from fastapi import Request

from crosslook.platform.responses import language_of


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA, en;q=0.5", "fr"),
        ("FR", "fr"),
        ("de, fr;q=0.3", "fr"),
        ("en;q=0.1, fr;q=0.9", "fr"),
        ("en, fr", "en"),
        ("fr;q=0", "en"),
        ("fr;q=zero", "en"),
        ("fr;q=\u0660", "en"),
        ("fry, frr", "en"),
        ("*", "en"),
        (",;,;q=1", "en"),
        ("de," * 49 + "fr", "fr"),
        ("de," * 50 + "fr", "en"),  # so many parts are no list of languages
    ],
)
def test_sentences_are_in_the_language_that_is_asked_for_most(accept: str | None, language: str) -> None:
    headers = [(b"accept-language", accept.encode())] if accept is not None else []
    assert language_of(Request({"type": "http", "headers": headers})) == language
