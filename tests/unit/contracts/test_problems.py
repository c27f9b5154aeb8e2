"""Problems: a code, a place after RFC 6901, a sentence, a suggestion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.problems import FOUND_MAX, SHOWN_MAX, Problem, Problems, ReadingStopped, pointer


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


@given(st.lists(st.text(max_size=200)))
def test_a_pointer_can_be_read_back(parts: list[str]) -> None:
    tokens = pointer(*parts).split("/")[1:]
    assert [token.replace("~1", "/").replace("~0", "~") for token in tokens] == parts


def test_a_problem_speaks_both_languages() -> None:
    problem = Problem("unknown_field", "/data/fields/x", values={"name": "x", "object": "ticket"}, suggestion="y")
    assert problem.as_json() == {
        "pointer": "/data/fields/x",
        "code": "unknown_field",
        "message": "x is not in the schema of ticket.",
        "suggestion": "y",
    }
    assert problem.as_json("fr")["message"] == "x n'est pas dans le schéma de ticket."


def test_a_problem_without_a_suggestion_has_no_such_member() -> None:
    assert "suggestion" not in Problem("not_found").as_json()


def test_a_variant_chooses_the_text_but_not_the_code() -> None:
    body = Problem("wrong_type", "", "wrong_type.date").as_json()
    assert body["code"] == "wrong_type"
    assert "YYYY-MM-DD" in body["message"]


def wrong(number: int) -> Problem:
    return Problem("unknown_property", pointer(number), values={"name": str(number)})


def test_the_first_problems_are_shown_and_the_others_counted() -> None:
    problems = Problems.of(wrong(number) for number in range(SHOWN_MAX + 5))
    assert [problem.pointer for problem in problems] == [f"/{number}" for number in range(SHOWN_MAX)]
    assert (len(problems), problems.omitted) == (SHOWN_MAX + 5, 5)
    assert Problems.of([wrong(0)]).omitted == 0
    assert not Problems()


def test_reading_stops_at_the_limit_of_problems_and_nobody_knows_how_many_more_there_are() -> None:
    problems, read = Problems(), 0
    with problems.reading():
        for read in range(10 * FOUND_MAX):
            problems.add(wrong(read))
    assert read == FOUND_MAX - 1
    assert (len(problems.shown), problems.omitted) == (SHOWN_MAX, None)
    with pytest.raises(ReadingStopped):
        problems.add(wrong(0))


def test_what_is_counted_without_being_described_does_not_stop_the_reading() -> None:
    problems = Problems()
    problems.count(50_000)
    problems.add(wrong(0))
    assert (len(problems), problems.omitted) == (50_001, 50_000)


def test_where_a_part_is_not_read_the_number_of_problems_is_not_known() -> None:
    problems = Problems.of([wrong(0)])
    problems.leave_unread()
    assert problems.omitted is None


def test_the_problems_of_a_part_stand_at_its_place_and_count_in_the_whole() -> None:
    part = Problems.of(wrong(number) for number in range(SHOWN_MAX + 5))
    whole = Problems.of([wrong(0)])
    whole.take(part, "/tiles/3")
    assert (whole.shown[1].pointer, whole.shown[-1].pointer) == ("/tiles/3/0", f"/tiles/3/{SHOWN_MAX - 2}")
    assert (len(whole), whole.omitted) == (SHOWN_MAX + 6, 6)


def test_a_long_name_is_cut_in_a_pointer() -> None:
    assert pointer("a" * 100_000, 3) == f"/{'a' * 200}/3"
