"""Problems: a code, a place after RFC 6901, a sentence, a suggestion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.problems import Problem, did_you_mean, pointer


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((), ""),
        (("",), "/"),
        (("fields", 2, "type"), "/fields/2/type"),
        (("a/b", "m~n", "~1"), "/a~1b/m~0n/~01"),
        ((" ", "é", '"'), '/ /é/"'),
    ],
)
def test_a_pointer_follows_rfc_6901(parts: tuple[str | int, ...], expected: str) -> None:
    assert pointer(*parts) == expected


@given(st.lists(st.text()))
def test_a_pointer_can_be_read_back(parts: list[str]) -> None:
    tokens = pointer(*parts).split("/")[1:]
    assert [token.replace("~1", "/").replace("~0", "~") for token in tokens] == parts


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("statsu", ["status", "state"], "status"),
        ("Status", ["status"], "status"),
        ("zzz", ["status"], None),
        ("status", [], None),
        ("", ["status"], None),
        (5, ["status"], None),
        (None, ["none"], "none"),
        ("abcd", ["abcx", "abcy", "abca"], "abca"),
        ("abcd", {"abcy", "abcx"}, "abcx"),
        ("s" * 101, ["s" * 101], None),
    ],
)
def test_a_suggestion_is_the_closest_name_and_ties_go_to_the_first(
    name: object, known: list[str], meant: str | None
) -> None:
    assert did_you_mean(name, known) == meant


@given(st.text(max_size=20), st.lists(st.text(max_size=20)))
def test_a_suggestion_does_not_depend_on_the_order_of_the_known_names(name: str, known: list[str]) -> None:
    meant = did_you_mean(name, known)
    assert meant == did_you_mean(name, reversed(known))
    assert meant is None or meant in known
    assert name == "" or name not in known or meant == name


def test_a_problem_speaks_both_languages() -> None:
    problem = Problem("unknown_field", "/data/fields/x", values={"name": "x", "object": "ticket"}, suggestion="y")
    assert problem.as_json() == {
        "pointer": "/data/fields/x",
        "code": "unknown_field",
        "message": "There is no x in the schema of ticket.",
        "suggestion": "y",
    }
    assert problem.as_json("fr")["message"] == "x n'existe pas dans le schéma de ticket."


def test_a_problem_without_a_suggestion_has_no_such_member() -> None:
    assert "suggestion" not in Problem("not_found").as_json()


def test_a_variant_chooses_the_text_but_not_the_code() -> None:
    body = Problem("wrong_type", "", "wrong_type.date").as_json()
    assert body["code"] == "wrong_type"
    assert "YYYY-MM-DD" in body["message"]
