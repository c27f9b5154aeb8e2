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
