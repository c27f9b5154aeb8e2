"""Lists that are no lists and names that are empty: refused with an example, and never taken as left out."""

from typing import Any

import orjson
import pytest

from services.query_service.domain.parsing import parse_request
from tests.unit.query_service.dataset import problems_of

COUNT = {"object": "ticket", "measures": ["ticket.count"]}


@pytest.mark.parametrize(
    ("asked", "code", "pointer"),
    [
        ({"relationship": ""}, "unknown_field", "/relationship"),
        (
            {"dimensions": [{"field": "ticket.opened_at", "granularity": ""}]},
            "unknown_granularity",
            "/dimensions/0/granularity",
        ),
    ],
)
def test_an_empty_name_is_refused(asked: dict[str, Any], code: str, pointer: str) -> None:
    assert problems_of({**COUNT, **asked}) == [(code, pointer)]


@pytest.mark.parametrize("name", ["sort", "dimensions", "measures", "calculations", "pivot"])
def test_a_list_that_is_sent_as_an_object_is_answered_with_an_example(name: str) -> None:
    _, problems = parse_request({**COUNT, name: {"field": "ticket.count"}}, 100)
    (problem,) = [problem for problem in problems if problem.pointer == f"/{name}"]
    assert problem.code == "wrong_type"
    example = problem.message().partition(": ")[2].removesuffix(".")
    assert isinstance(orjson.loads(example), list)
    assert example in problem.message("fr")


def test_a_not_is_answered_with_every_negative_operator() -> None:
    _, problems = parse_request({**COUNT, "filters": {"not": {"field": "ticket.status", "op": "eq"}}}, 100)
    (problem,) = problems
    assert (problem.code, problem.pointer) == ("unknown_property", "/filters/not")
    for language in ("en", "fr"):
        named = problem.message(language).partition(": ")[2].removesuffix(".").split(", ")
        assert named == ["neq", "not_in", "none_of", "is_not_empty", "not_contains"]
