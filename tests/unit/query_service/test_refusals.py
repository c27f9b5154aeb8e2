"""Every way in which a report request can be wrong: its code, its place, and what was probably meant."""

from typing import Any

import pytest

from services.query_service.domain.column_parsing import MAX_COLUMNS
from services.query_service.domain.condition_parsing import FILTER_DEPTH_MAX, MAX_CONDITIONS, MAX_VALUES
from tests.unit.query_service.dataset import (
    problems_of,
    resolved,
)

COUNT = {"object": "ticket", "measures": ["ticket.count"]}


def _filtered(field: str, op: str, *values: Any) -> dict[str, Any]:
    return {**COUNT, "filters": {"field": field, "op": op, "values": list(values)}}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param([], [("wrong_type", "")], id="a body that is no object"),
        pytest.param({}, [("required_missing", "/object"), ("required_missing", "/measures")], id="an empty body"),
        pytest.param({**COUNT, "mesures": []}, [("unknown_property", "/mesures")], id="an unknown property"),
        pytest.param({"object": 3, "measures": ["x"]}, [("wrong_type", "/object")], id="an object that is no text"),
        pytest.param({**COUNT, "dimensions": "x"}, [("wrong_type", "/dimensions")], id="dimensions that are no list"),
        pytest.param(
            {**COUNT, "dimensions": [3]}, [("wrong_type", "/dimensions/0")], id="a dimension that is a number"
        ),
        pytest.param(
            {**COUNT, "dimensions": [{"field": "ticket.status", "by": 1}]},
            [("unknown_property", "/dimensions/0/by")],
            id="an unknown property of a dimension",
        ),
        pytest.param({**COUNT, "totals": 1}, [("wrong_type", "/totals")], id="totals that are no truth value"),
        pytest.param({**COUNT, "limit": 0}, [("bad_value", "/limit")], id="a limit of nothing"),
        pytest.param({**COUNT, "limit": True}, [("bad_value", "/limit")], id="a limit that is a truth value"),
        pytest.param({**COUNT, "limit": 50_001}, [("limit_too_large", "/limit")], id="a limit too large"),
        pytest.param({**COUNT, "contacts": "some"}, [("bad_value", "/contacts")], id="contacts of no kind"),
        pytest.param({**COUNT, "sort": [{"field": "x", "direction": "up"}]}, None, id="a direction of no kind"),
        pytest.param({**COUNT, "pivot": "ticket.status"}, [("wrong_type", "/pivot")], id="a pivot that is no list"),
        pytest.param(
            {**COUNT, "pivot": ["ticket.status", "ticket.urgent", "ticket.tags"]},
            [("bad_value", "/pivot")],
            id="three pivots",
        ),
        pytest.param(
            {**COUNT, "dimensions": ["ticket.status"], "pivot": ["ticket.status"]},
            [("bad_value", "/pivot/0")],
            id="a pivot that is a dimension",
        ),
        pytest.param(
            {"object": "ticket", "dimensions": ["ticket.status"], "pivot": ["ticket.urgent"]},
            [("required_missing", "/measures")],
            id="a pivot of no measure",
        ),
        pytest.param({**COUNT, "pivot": ["ticket.statsu"]}, [("unknown_field", "/pivot/0")], id="an unknown pivot"),
        pytest.param(
            {**COUNT, "pivot": ["ticket.status"], "sort": [{"field": "ticket.count"}]},
            [("unknown_field", "/sort/0/field")],
            id="a measure that the pivot spreads",
        ),
        pytest.param({**COUNT, "compare": "last_year"}, [("bad_value", "/compare")], id="a comparison of no kind"),
        pytest.param(
            {**COUNT, "sort": [{"field": "ticket.count@delta"}]},
            [("unknown_field", "/sort/0/field")],
            id="a change of what is not compared",
        ),
        pytest.param(
            {**COUNT, "calculations": [{}]},
            [("required_missing", "/calculations/0/name"), ("required_missing", "/calculations/0/expression")],
            id="an empty calculation",
        ),
        pytest.param({**COUNT, "subtotals": "yes"}, [("wrong_type", "/subtotals")], id="subtotals that are a text"),
        pytest.param({**COUNT, "filters": []}, [("wrong_type", "/filters")], id="filters that are a list"),
        pytest.param(
            {**COUNT, "filters": {"and": [], "or": []}}, [("unknown_property", "/filters/or")], id="and beside or"
        ),
        pytest.param({**COUNT, "filters": {"and": 1}}, [("wrong_type", "/filters/and")], id="an and of no list"),
        pytest.param(
            {**COUNT, "filters": {"field": "ticket.status"}}, [("required_missing", "/filters/op")], id="no operator"
        ),
        pytest.param(
            {**COUNT, "filters": {"field": "ticket.status", "op": "eq", "values": "open"}},
            [("wrong_type", "/filters/values")],
            id="values that are no list",
        ),
        pytest.param({"object": "tickets", "measures": ["x"]}, [("unknown_object", "/object")], id="an unknown object"),
        pytest.param({"object": "asset", "measures": ["x"]}, [("not_reportable", "/object")], id="no relationship"),
        pytest.param(
            {**COUNT, "dimensions": ["ticket.statsu"]}, [("unknown_field", "/dimensions/0")], id="an unknown field"
        ),
        pytest.param({**COUNT, "dimensions": ["status"]}, [("unknown_field", "/dimensions/0")], id="no object named"),
        pytest.param(
            {**COUNT, "dimensions": ["ticket.count"]}, [("unknown_field", "/dimensions/0")], id="a measure as dimension"
        ),
        pytest.param(
            {**COUNT, "measures": ["ticket.status"]}, [("unknown_field", "/measures/0")], id="a dimension as measure"
        ),
        pytest.param(
            {**COUNT, "measures": ["ticket.status.sum"]}, [("unknown_field", "/measures/0")], id="a sum of texts"
        ),
        pytest.param(
            {**COUNT, "dimensions": ["booking.price"]}, [("join_not_allowed", "/dimensions/0")], id="another object"
        ),
        pytest.param(
            {**COUNT, "measures": ["booking.count"]}, [("join_not_allowed", "/measures/0")], id="another's measure"
        ),
        pytest.param(
            _filtered("asset.name", "eq", "x"), [("join_not_allowed", "/filters/field")], id="a filter on another"
        ),
        pytest.param(
            {**COUNT, "relationship": "parent"}, [("join_not_allowed", "/relationship")], id="a join to a ticket"
        ),
        pytest.param(
            {**COUNT, "relationship": "requestr"}, [("unknown_field", "/relationship")], id="an unknown relationship"
        ),
        pytest.param(
            {"object": "contact", "measures": ["ticket.count"]},
            [("join_not_allowed", "/measures/0")],
            id="another object on contact",
        ),
        pytest.param(
            {"object": "contact", "measures": ["contact.count"], "relationship": "requester"},
            [("bad_value", "/relationship")],
            id="a relationship on contact",
        ),
        pytest.param(
            {"object": "contact", "measures": ["contact.count"], "contacts": "with"},
            [("contacts_conflict", "/contacts")],
            id="contacts on contact",
        ),
        pytest.param(
            {**COUNT, "records": {"object": "booking"}}, [("join_not_allowed", "/records")], id="records on a ticket"
        ),
        pytest.param(
            {"object": "contact", "measures": ["contact.count"], "records": {"object": "booking"}},
            [("relationship_required", "/records/relationship")],
            id="records over no one of several relationships",
        ),
        pytest.param(
            {"object": "contact", "measures": ["contact.count"], "records": {"object": "contact"}},
            [("not_reportable", "/records/object")],
            id="records of contact itself",
        ),
        pytest.param(
            {"object": "booking", "measures": ["contact.count"]},
            [("relationship_required", "/relationship")],
            id="a join over no one of several relationships",
        ),
        pytest.param(
            {**COUNT, "measures": ["contact.count"], "contacts": "without"},
            [("contacts_conflict", "/contacts")],
            id="contacts of records without",
        ),
        pytest.param(
            {**COUNT, "dimensions": [{"field": "ticket.opened_at", "granularity": "mont"}]},
            [("unknown_granularity", "/dimensions/0/granularity")],
            id="an unknown granularity",
        ),
        pytest.param(
            {**COUNT, "dimensions": [{"field": "ticket.due_on", "granularity": "hour"}]},
            [("unknown_granularity", "/dimensions/0/granularity")],
            id="the hour of a date",
        ),
        pytest.param(
            {**COUNT, "dimensions": [{"field": "ticket.status", "granularity": "day"}]},
            [("unknown_granularity", "/dimensions/0/granularity")],
            id="the day of a text",
        ),
        pytest.param(
            {**COUNT, "sort": [{"field": "ticket.status"}]}, [("unknown_field", "/sort/0/field")], id="no such column"
        ),
        pytest.param(
            {**COUNT, "having": {"field": "contact.count", "op": "gt", "values": [1]}},
            [("unknown_field", "/having/field")],
            id="having of no column",
        ),
        pytest.param({**COUNT, "measures": ["ticket.count"] * 2}, [("bad_value", "/measures/1")], id="a measure twice"),
        pytest.param(
            _filtered("ticket.csat", "contains", "1"), [("bad_operator", "/filters/op")], id="text of numbers"
        ),
        pytest.param(_filtered("ticket.tags", "eq", "a"), [("bad_operator", "/filters/op")], id="eq of many values"),
        pytest.param(
            _filtered("ticket.status", "equals", "a"), [("bad_operator", "/filters/op")], id="no operator at all"
        ),
        pytest.param(_filtered("ticket.csat", "gt", "high"), [("bad_value", "/filters/values/0")], id="no number"),
        pytest.param(_filtered("ticket.csat", "gt", 2**60), [("bad_value", "/filters/values/0")], id="a huge number"),
        pytest.param(_filtered("ticket.amount", "gt", "1.23456"), [("bad_value", "/filters/values/0")], id="too fine"),
        pytest.param(_filtered("ticket.due_on", "eq", "2026-02-30"), [("bad_value", "/filters/values/0")], id="no day"),
        pytest.param(_filtered("ticket.opened_at", "gt", "now"), [("bad_value", "/filters/values/0")], id="no instant"),
        pytest.param(
            _filtered("ticket.urgent", "eq", "yes"), [("bad_value", "/filters/values/0")], id="no truth value"
        ),
        pytest.param(_filtered("ticket.status", "eq", None), [("bad_value", "/filters/values/0")], id="a null"),
        pytest.param(_filtered("ticket.status", "eq", ""), [("bad_value", "/filters/values/0")], id="an empty text"),
        pytest.param(_filtered("ticket.status", "in"), [("bad_value", "/filters/values")], id="in nothing"),
        pytest.param(_filtered("ticket.csat", "between", 1), [("bad_value", "/filters/values")], id="between one"),
        pytest.param(_filtered("ticket.csat", "is_empty", 1), [("bad_value", "/filters/values")], id="empty of one"),
        pytest.param(
            _filtered("ticket.opened_at", "in_last", 0, "day"),
            [("bad_value", "/filters/values/0")],
            id="no time at all",
        ),
        pytest.param(
            _filtered("ticket.due_on", "in_last", 1, "hour"), [("bad_value", "/filters/values/1")], id="hours of dates"
        ),
        pytest.param(
            _filtered("ticket.csat", "in", "a", 1, "b"),
            [("bad_value", "/filters/values/0"), ("bad_value", "/filters/values/2")],
            id="several wrong values",
        ),
        pytest.param(
            _filtered("ticket.status", "in", *["x"] * (MAX_VALUES + 1)),
            [("bad_value", "/filters/values")],
            id="too many",
        ),
    ],
)
def test_a_wrong_request_is_refused_with_code_and_place(request_: Any, expected: list[tuple[str, str]] | None) -> None:
    if expected is None:
        expected = [("bad_value", "/sort/0/direction"), ("unknown_field", "/sort/0/field")]
    assert problems_of(request_) == expected


def test_all_problems_of_a_body_are_said_at_once() -> None:
    request = {
        "object": "ticket",
        "dimensions": ["ticket.statsu", "booking.price"],
        "measures": ["ticket.csat.mean"],
        "filters": {
            "or": [{"field": "ticket.csat", "op": "eq", "values": ["x"]}, {"field": "contact.country", "op": "is"}]
        },
        "limit": -1,
        "colour": "red",
    }
    assert problems_of(request) == [
        ("unknown_property", "/colour"),
        ("bad_value", "/limit"),
        ("unknown_field", "/dimensions/0"),
        ("join_not_allowed", "/dimensions/1"),
        ("unknown_field", "/measures/0"),
        ("bad_value", "/filters/or/0/values/0"),
        ("bad_operator", "/filters/or/1/op"),
    ]


@pytest.mark.parametrize(
    ("request_", "suggestion"),
    [
        ({**COUNT, "mesures": []}, "measures"),
        ({"object": "tickt", "measures": ["x"]}, "ticket"),
        ({**COUNT, "dimensions": ["tiket.status"]}, "ticket.status"),
        ({**COUNT, "dimensions": ["contact.contry"]}, "contact.country"),
        ({**COUNT, "measures": ["ticket.csat.med"]}, "ticket.csat.median"),
        ({**COUNT, "relationship": "requestr"}, "requester"),
        ({**COUNT, "dimensions": [{"field": "ticket.opened_at", "granularity": "mont"}]}, "month"),
        (_filtered("ticket.status", "contain", "x"), "contains"),
        (
            {
                **COUNT,
                "dimensions": [{"field": "ticket.opened_at", "granularity": "month"}],
                "sort": [{"field": "ticket.opened_at"}],
            },
            "ticket.opened_at:month",
        ),
    ],
)
def test_a_refusal_says_what_was_probably_meant(request_: Any, suggestion: str) -> None:
    assert [problem.suggestion for problem in resolved(request_)[1]] == [suggestion]


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    for request in ({}, {"object": "x", "measures": ["y"]}, {**COUNT, "dimensions": ["booking.price"]}):
        for problem in resolved(request)[1]:
            assert problem.message("en") != problem.message("fr")


def test_too_many_columns_are_refused() -> None:
    request = {"object": "ticket", "dimensions": ["ticket.status"] * (MAX_COLUMNS + 1)}
    assert ("too_many_columns", "/dimensions") in problems_of(request)


def test_too_many_conditions_are_refused_once() -> None:
    condition = {"field": "ticket.status", "op": "is_empty"}
    request = {**COUNT, "filters": {"or": [condition] * (MAX_CONDITIONS + 5)}}
    assert problems_of(request) == [("bad_value", f"/filters/or/{MAX_CONDITIONS}")]


def test_conditions_nested_too_deep_are_refused() -> None:
    nested: dict[str, Any] = {"field": "ticket.status", "op": "is_empty"}
    for _ in range(FILTER_DEPTH_MAX):
        nested = {"and": [nested]}
    assert problems_of({**COUNT, "filters": nested}) == [("bad_value", "/filters" + "/and/0" * FILTER_DEPTH_MAX)]
