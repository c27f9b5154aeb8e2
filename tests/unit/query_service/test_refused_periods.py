"""What is refused of granularities in conditions and of comparisons with a period, with code and place."""

from typing import Any

import pytest

from tests.unit.query_service.dataset import problems_of

COUNT = {"object": "ticket", "measures": ["ticket.count"]}


def _condition(field: str, op: str, *values: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "values": list(values)}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(
            {**COUNT, "filters": {**_condition("ticket.due_on", "eq", 13), "granularity": "hour_of_day"}},
            [("unknown_granularity", "/filters/granularity")],
            id="an hour of dates",
        ),
        pytest.param(
            {**COUNT, "filters": {**_condition("ticket.csat", "eq", 13), "granularity": "month"}},
            [("unknown_granularity", "/filters/granularity")],
            id="a month of numbers",
        ),
        pytest.param(
            {**COUNT, "having": {**_condition("ticket.count", "eq", 13), "granularity": "month"}},
            [("unknown_granularity", "/having/granularity")],
            id="a month of a figure",
        ),
        pytest.param(
            {**COUNT, "filters": {**_condition("ticket.opened_at", "contains", "1"), "granularity": "month_of_year"}},
            [("bad_operator", "/filters/op")],
            id="a part of a number",
        ),
        pytest.param(
            {**COUNT, "filters": {**_condition("ticket.opened_at", "in_this", "hour"), "granularity": "month"}},
            [("bad_value", "/filters/values/0")],
            id="the hour of a month",
        ),
    ],
)
def test_a_granularity_is_refused_where_a_condition_cannot_have_it(
    request_: Any, expected: list[tuple[str, str]]
) -> None:
    assert problems_of(request_) == expected


BY_MONTH = {"field": "ticket.opened_at", "shift": [1, "month"]}
NAMED = {**BY_MONTH, "name": "a"}


@pytest.mark.parametrize(
    ("compare", "expected"),
    [
        ("current", [("bad_value", "/compare")]),
        (True, [("wrong_type", "/compare")]),
        ({}, [("required_missing", "/compare/field"), ("required_missing", "/compare/shift")]),
        ({**BY_MONTH, "field": 1}, [("wrong_type", "/compare/field")]),
        ({**BY_MONTH, "shift": [1]}, [("wrong_type", "/compare/shift")]),
        ({**BY_MONTH, "shift": "1 month"}, [("wrong_type", "/compare/shift")]),
        ({**BY_MONTH, "shift": [0, "month"]}, [("bad_value", "/compare/shift/0")]),
        ({**BY_MONTH, "shift": [-1, "month"]}, [("bad_value", "/compare/shift/0")]),
        ({**BY_MONTH, "shift": [1001, "month"]}, [("bad_value", "/compare/shift/0")]),
        ({**BY_MONTH, "shift": [True, "month"]}, [("bad_value", "/compare/shift/0")]),
        ({**BY_MONTH, "shift": [1.0, "month"]}, [("bad_value", "/compare/shift/0")]),
        ({**BY_MONTH, "shift": [10**400, "months"]}, [("bad_value", f"/compare/shift/{n}") for n in (0, 1)]),
        ({**BY_MONTH, "shift": [1, "minute"]}, [("bad_value", "/compare/shift/1")]),
        ({**BY_MONTH, "shift": [1, ["month"]]}, [("bad_value", "/compare/shift/1")]),
        (NAMED, [("unknown_property", "/compare/name")]),
        ({"field": "ticket.due_on", "shift": [1, "hour"]}, [("bad_value", "/compare/shift/1")]),
        ({"field": "ticket.status", "shift": [1, "day"]}, [("bad_value", "/compare/field")]),
        ({"field": "ticket._id", "shift": [1, "day"]}, [("bad_value", "/compare/field")]),
        ({"field": "contact.created_at", "shift": [1, "day"]}, [("bad_value", "/compare/field")]),
        ({"field": "booking.starts_at", "shift": [1, "day"]}, [("join_not_allowed", "/compare/field")]),
        ({"field": "ticket.opened", "shift": [1, "day"]}, [("unknown_field", "/compare/field")]),
        ({"field": "ticket.opened_at:month", "shift": [1, "day"]}, [("unknown_field", "/compare/field")]),
        ([BY_MONTH], [("required_missing", "/compare/0/name")]),
        (["previous"], [("wrong_type", "/compare/0")]),
        ([{**NAMED, "name": "Last year"}], [("bad_value", "/compare/0/name")]),
        ([{**NAMED, "name": "a:delta"}], [("bad_value", "/compare/0/name")]),
        ([NAMED, NAMED], [("bad_value", "/compare/1/name")]),
        ([{**NAMED, "name": name} for name in "abcd"], [("bad_value", "/compare")]),
        ([NAMED, {**NAMED, "field": "ticket.status", "name": "b"}], [("bad_value", "/compare/1/field")]),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused(compare: Any, expected: list[tuple[str, str]]) -> None:
    assert problems_of({**COUNT, "compare": compare}) == expected


@pytest.mark.parametrize("compare", [None, [], "previous", BY_MONTH, [NAMED], [{**NAMED, "name": "previous"}]])
def test_a_comparison_that_can_be_made_is_not_refused(compare: Any) -> None:
    assert problems_of({**COUNT, "compare": compare}) == []


def test_the_columns_of_a_pivot_count_every_comparison() -> None:
    many = [f"ticket.csat.{aggregate}" for aggregate in ("sum", "avg", "min", "max", "median")]
    many += [f"ticket.amount.{aggregate}" for aggregate in ("sum", "avg", "min", "max", "median")]
    filtered = [{"measure": "ticket.count", "name": f"n{n}", "filters": {}} for n in range(20)]
    wide = {"object": "ticket", "pivot": ["ticket.status"], "measures": [*many, *filtered]}
    names = [{**NAMED, "name": name} for name in "abc"]
    assert problems_of({**wide, "compare": names[:2]}) == []
    assert problems_of({**wide, "compare": names}) == [("too_many_columns", "/pivot")]


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ("previous", [("wrong_type", "/moved")]),
        ([BY_MONTH], [("wrong_type", "/moved")]),
        (NAMED, [("unknown_property", "/moved/name")]),
        ({**BY_MONTH, "field": "contact.created_at"}, [("bad_value", "/moved/field")]),
        ({"field": "ticket.due_on", "shift": [1, "hour"]}, [("bad_value", "/moved/shift/1")]),
        (BY_MONTH, []),
    ],
)
def test_a_list_reads_moved_values_of_a_field_of_its_base(moved: Any, expected: list[tuple[str, str]]) -> None:
    assert problems_of({"object": "ticket", "list": ["ticket._id"], "moved": moved}) == expected


def test_only_a_list_reads_moved_values_in_its_filters_alone() -> None:
    assert problems_of({**COUNT, "moved": BY_MONTH}) == [("bad_value", "/moved")]
