"""What a misspelt name probably means, for a bounded amount of work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.problems import Problem, Suggestions
from crosslook.contracts.suggestions import CANDIDATES_MAX, COMPARED_MAX, SUGGESTION_MAX, Guess, did_you_mean, guess
from tests.helpers.work import Comparisons


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("statsu", ["status", "state"], "status"),
        ("Status", ["status"], "status"),
        ("EQ", ["eq", "neq"], "eq"),
        ("zzz", ["status"], None),
        ("status", [], None),
        ("", ["status"], None),
        ("abcd", ["abcx", "abcy", "abca"], "abca"),
        ("abcd", {"abcy", "abcx"}, "abcx"),
        ("s" * 64, ["s" * 64], "s" * 64),
        ("s" * 65, ["s" * 65], None),
    ],
)
def test_a_suggestion_is_the_closest_name_and_ties_go_to_the_first(
    name: str, known: list[str], meant: str | None
) -> None:
    assert did_you_mean(name, known) == meant


@given(st.text(max_size=20), st.lists(st.text(max_size=20)))
def test_a_suggestion_does_not_depend_on_the_order_of_the_known_names(name: str, known: list[str]) -> None:
    meant = did_you_mean(name, known)
    assert meant == did_you_mean(name, reversed(known))
    assert meant is None or meant in known
    assert name not in known or meant == name


def test_however_many_names_are_known_few_are_compared(comparisons: Comparisons) -> None:
    assert did_you_mean("name_x", (f"name_{number}" for number in range(1_000_000))) is not None
    assert (comparisons.looked_at, comparisons.in_full) == (CANDIDATES_MAX, COMPARED_MAX)


def test_a_long_name_is_not_compared_at_all(comparisons: Comparisons) -> None:
    assert did_you_mean("x" * (SUGGESTION_MAX + 1), ["x" * SUGGESTION_MAX]) is None
    assert comparisons == Comparisons()


def test_only_a_text_has_a_guess() -> None:
    assert [guess(sent, ["5", "none"]) for sent in (5, None, ["5"])] == [None] * 3


def test_the_first_guesses_of_a_request_are_computed_and_the_others_left_out() -> None:
    budget = Suggestions(2)
    problems = [Problem("unknown_field", suggestion=guess("statsu", ["status"])) for _ in range(3)]
    plain = Problem("unknown_field", suggestion="said anyway")
    settled = [budget.settle(problem).suggestion for problem in (*problems, plain)]
    assert settled == ["status", "status", None, "said anyway"]


def test_a_guess_is_computed_when_it_is_shown_and_not_before() -> None:
    asked: list[str] = []

    def find(name: str, known: list[str]) -> str | None:
        asked.append(name)
        return known[0]

    problem = Problem("conflict", suggestion=Guess("x", ["y"], find))
    assert asked == []
    assert problem.as_json()["suggestion"] == "y"
