"""The one strict reader: what it takes, what it refuses and where, and how much it reads at the most."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from crosslook.contracts.problems import FOUND_MAX, SHOWN_MAX, Problems
from crosslook.contracts.reading import Reader, read_object
from crosslook.contracts.suggestions import SUGGESTIONS_MAX
from tests.helpers.work import Comparisons


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


def read(body: Any, take: Callable[[Reader], Any]) -> tuple[Any, list[tuple[str, str]]]:
    """What is made of a body, and the place and text of each problem."""
    made, problems = read_object(body, take)
    return made, [(problem.pointer, problem.text or problem.code) for problem in problems]


@pytest.mark.parametrize("body", [None, [], "x", 3, True])
def test_a_body_that_is_not_an_object_is_refused_whole(body: Any) -> None:
    assert read(body, lambda reader: "read") == (None, [("", "wrong_type.object")])


@pytest.mark.parametrize(
    ("sent", "take", "made"),
    [
        ("x", lambda r: r.text("a"), "x"),
        ("x" * 5, lambda r: r.text("a", 5), "x" * 5),
        ("", lambda r: r.text("a"), ""),
        (True, lambda r: r.boolean("a"), True),
        (False, lambda r: r.boolean("a"), False),
        (3, lambda r: r.integer("a", 3, 4), 3),
        ("small", lambda r: r.choice("a", Size), Size.SMALL),
        ([1, "x"], lambda r: r.elements("a", 2), [1, "x"]),
        ({"b": 1}, lambda r: r.child("a").sent, {"b": 1}),
        ([{"b": 1}], lambda r: [(index, item.sent) for index, item in r.items("a", 1)], [(0, {"b": 1})]),
    ],
)
def test_what_is_good_is_read(sent: Any, take: Callable[[Reader], Any], made: Any) -> None:
    assert read({"a": sent}, take) == (made, [])


@pytest.mark.parametrize(
    "take",
    [
        lambda r: r.value("a"),
        lambda r: r.text("a", 5),
        lambda r: r.boolean("a"),
        lambda r: r.integer("a", 1, 2),
        lambda r: r.choice("a", Size),
        lambda r: r.child("a"),
        lambda r: r.elements("a", 5),
        lambda r: r.items("a", 5),
    ],
)
@pytest.mark.parametrize("body", [{}, {"a": None}])
def test_null_counts_as_not_sent(body: Any, take: Callable[[Reader], Any]) -> None:
    assert read(body, take) == (None, [])


@pytest.mark.parametrize(
    ("sent", "take", "text"),
    [
        (3, lambda r: r.text("a"), "wrong_type.text"),
        ("x" * 6, lambda r: r.text("a", 5), "too_long"),
        (None, lambda r: r.text("a", required=True), "required_missing"),
        (" \n", lambda r: r.text("a", required=True), "required_missing"),
        (1, lambda r: r.boolean("a"), "wrong_type.boolean"),
        (True, lambda r: r.integer("a", 0, 9), "wrong_type.integer"),
        (1.0, lambda r: r.integer("a", 0, 9), "wrong_type.integer"),
        (10, lambda r: r.integer("a", 0, 9), "out_of_range"),
        (Decimal(2**65 + 1), lambda r: r.integer("a", 0, 9), "out_of_range"),
        (Decimal("1.00000000000000000001"), lambda r: r.integer("a", 0, 9), "wrong_type.integer"),
        ("smal", lambda r: r.choice("a", Size), "bad_value.choice"),
        ([], lambda r: r.choice("a", Size), "bad_value.choice"),
        (None, lambda r: r.child("a", required=True), "required_missing"),
        ([], lambda r: r.child("a"), "wrong_type.object"),
        ({}, lambda r: r.elements("a", 5), "wrong_type.array"),
        ([1, 2], lambda r: r.elements("a", 1), "too_long.list"),
        ([1, 2], lambda r: r.elements("a", 1, "too_many_columns", ""), "too_many_columns"),
        ([{}, {}], lambda r: r.items("a", 1), "too_long.list"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place_and_not_kept(
    sent: Any, take: Callable[[Reader], Any], text: str
) -> None:
    def keep(reader: Reader) -> dict[str, Any]:
        take(reader)
        return reader.kept

    assert read({"a": sent}, keep) == ({}, [("/a", text)])


def test_a_wrong_element_is_refused_and_the_others_are_read() -> None:
    made, problems = read({"a": [{}, 3, {}]}, lambda r: [index for index, _ in r.items("a", 3) or ()])
    assert (made, problems) == ([0, 2], [("/a/1", "wrong_type.object")])


def test_places_go_down_through_objects_and_arrays() -> None:
    def take(reader: Reader) -> None:
        for _, item in reader.items("a", 5) or ():
            inner = item.child("b/c")
            assert inner is not None
            inner.text("d", required=True)

    assert read({"a": [{"b/c": {}}]}, take)[1] == [("/a/0/b~1c/d", "required_missing")]


def test_unknown_members_are_refused_with_what_was_meant() -> None:
    _, problems = read_object({"naem": 1, "id": 2}, lambda reader: reader.close(("name",), ("id",)))
    assert [(problem.pointer, problem.text, problem.suggestion) for problem in problems] == [
        ("/naem", "", "name"),
        ("/id", "unknown_property.read_only", None),
    ]


def test_unknown_members_beyond_the_limit_are_counted_and_not_described(comparisons: Comparisons) -> None:
    body = {f"name{number}": 0 for number in range(50_000)} | {"name": "x"}

    def take(reader: Reader) -> str | None:
        reader.close(("name",))
        return reader.text("name")

    made, problems = read_object(body, take)
    assert made == "x"
    assert (len(problems.shown), problems.omitted) == (SHOWN_MAX, 50_000 - SHOWN_MAX)
    assert len([problem for problem in problems if problem.suggestion]) == SUGGESTIONS_MAX == comparisons.looked_at


def test_a_list_beyond_its_limit_is_not_read() -> None:
    def take(reader: Reader) -> int:
        return len(reader.items("a", 10) or ())

    made, problems = read_object({"a": [3] * 400_000}, take)
    assert (made, len(problems), problems.omitted) == (0, 1, None)
    assert problems.shown[0].values == {"limit": 10, "count": 400_000}


def test_reading_stops_when_too_much_is_wrong() -> None:
    read_so_far: list[int] = []

    def take(reader: Reader) -> str:
        for index, _ in enumerate(reader.elements("a", 1_000_000) or ()):
            read_so_far.append(index)
            reader.refuse("wrong_type", "a", index, text="wrong_type.text")
        return "all of it"

    made, problems = read_object({"a": [0] * 500_000}, take)
    assert made is None
    assert len(read_so_far) == FOUND_MAX
    assert (len(problems.shown), problems.omitted) == (SHOWN_MAX, None)


def test_several_bodies_may_share_their_problems() -> None:
    problems = Problems()
    read_object([], lambda reader: None, problems)
    read_object(3, lambda reader: None, problems)
    assert len(problems) == 2
