"""What is said of refused events that lie in quarantine."""

import pytest

from crosslook.contracts.problems import Problem
from services.snapshot_service.quarantine.reading import explanation

KNOWN = Problem("unknown_field", values={"name": "colour", "object": "ticket"})


def test_a_refusal_is_explained_in_the_language_of_the_reader() -> None:
    for language in ("en", "fr"):
        assert explanation(KNOWN, language) == KNOWN.message(language)


@pytest.mark.parametrize(
    "stored",
    [
        Problem("a_code_of_later"),
        Problem("unknown_field", text="unknown_field.of_later", values=KNOWN.values),
        Problem("unknown_field", values={"field": "colour"}),
    ],
    ids=["code", "text", "values"],
)
def test_a_refusal_that_another_release_stored_is_told_by_its_code(stored: Problem) -> None:
    assert stored.code in explanation(stored, "en")
    assert stored.code in explanation(stored, "fr")
