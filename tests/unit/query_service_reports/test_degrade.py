"""What is left out of a saved request, by what is wrong with it; and where the rest stood."""

from typing import Any

import pytest

from crosslook.contracts.problems import Problem
from services.query_service.domain.degrade import LeftOut, to_leave_out, without

A = {"field": "ticket.status", "op": "eq", "values": ["open"]}
B = {"field": "ticket.csat", "op": "gte", "values": [1, 2]}
C = {"field": "contact.country", "op": "eq", "values": ["FR"]}
BODY: dict[str, Any] = {
    "object": "ticket",
    "dimensions": ["ticket.status", {"field": "contact.created_at", "granularity": "month"}],
    "measures": [
        "ticket.count",
        "contact.count",
        {"measure": "ticket.count", "name": "french", "filters": {"or": [C]}},
    ],
    "filters": {"and": [A, {"or": [B, C]}]},
    "having": {"field": "ticket.count", "op": "gte", "values": [1]},
    "sort": [{"field": "ticket.count"}],
    "relationship": "requester",
    "contacts": "with",
    "limit": 5,
}


def left_out(*pointers: str, body: dict[str, Any] = BODY, **more: Any) -> list[str] | None:
    """The places that go for problems at these places."""
    found = to_leave_out(body, [Problem("unknown_field", pointer) for pointer in pointers], **more)
    return None if found is None else [problem.pointer for problem in found]


@pytest.mark.parametrize(
    ("where", "part", "name"),
    [
        ("/dimensions/0", "dimensions", "ticket.status"),
        ("/dimensions/1/field", "dimensions", "contact.created_at"),
        ("/dimensions/1/granularity", "dimensions", "contact.created_at"),
        ("/measures/1", "measures", "contact.count"),
        ("/measures/2/measure", "filtered_measure", "french"),
        ("/measures/2/filters/or/0/values/0", "filtered_measure", "french"),
        ("/sort/0/field", "sort", "ticket.count"),
        ("/filters/and/0/field", "filters", "ticket.status"),
        ("/filters/and/1/or/0/values/1", "filters", "ticket.csat"),
        ("/having/op", "having", "ticket.count"),
    ],
)
def test_the_smallest_part_that_holds_the_problem_goes(where: str, part: str, name: str) -> None:
    found = to_leave_out(BODY, [Problem("unknown_field", where)])
    assert found is not None
    assert [(item.part, item.name) for item in found] == [(part, name)]
    assert where.startswith(found[0].pointer)


def test_a_formula_goes_by_its_name_and_with_the_relationship_all_that_uses_the_contact_through_it() -> None:
    body = {
        "object": "ticket",
        "formulas": [
            {"name": "french", "expression": "contact.country = 'FR'"},
            {"name": "mine", "expression": "ticket.csat + 1"},
            {"name": "not_french", "expression": "not french"},
        ],
        "dimensions": ["not_french", "mine"],
        "measures": ["mine.avg"],
        "filters": {"field": "french", "op": "eq", "values": [True]},
        "relationship": "requester",
    }
    found = to_leave_out(body, [Problem("unknown_field", "/formulas/1/expression")])
    assert found == [LeftOut("/formulas/1", "formulas", "mine")]
    assert left_out("/relationship", body=body) == ["/relationship", "/dimensions/0", "/filters"]


@pytest.mark.parametrize(
    ("where", "part", "name"),
    [
        ("/pivot/0", "pivot", "ticket.status"),
        ("/pivot/1/granularity", "pivot", "contact.created_at"),
        ("/calculations/0/expression", "calculations", "share"),
        ("/sort/0/field", "sort", "share|open|2026-11-01"),
    ],
)
def test_a_part_of_a_pivot_and_a_calculation_can_go_alone(where: str, part: str, name: str) -> None:
    body = {
        "object": "ticket",
        "pivot": BODY["dimensions"],
        "measures": ["ticket.count"],
        "calculations": [{"name": "share", "expression": "ticket.count / total(ticket.count)"}],
        "sort": [{"field": "share|open|2026-11-01"}],
    }
    found = to_leave_out(body, [Problem("unknown_field", where)])
    assert found is not None
    assert [(item.part, item.name) for item in found] == [(part, name)]
    assert found[0].warning().message("fr") != found[0].warning().message("en")
    without_contact = to_leave_out({**body, "relationship": "requester"}, [Problem("unknown_field", "/relationship")])
    assert [problem.pointer for problem in without_contact or ()] == ["/relationship", "/pivot/1"]


@pytest.mark.parametrize(
    "where", ["", "/object", "/dimensions", "/measures", "/limit", "/timezone", "/filters/and", "/filters", "/records"]
)
def test_a_problem_of_the_report_itself_is_none_of_a_part(where: str) -> None:
    assert left_out("/measures/0", where) is None


@pytest.mark.parametrize("limit", ["depth", "conditions", "too_many"])
def test_too_much_of_something_is_no_problem_of_the_part_that_came_last(limit: str) -> None:
    assert to_leave_out(BODY, [Problem("bad_value", "/filters/and/0", f"bad_value.{limit}")]) is None


def test_two_problems_of_one_part_take_it_once() -> None:
    assert left_out("/filters/and/0/op", "/filters/and/0/values/0") == ["/filters/and/0"]


def test_a_lost_relationship_takes_all_that_the_contact_was_joined_for() -> None:
    assert left_out("/relationship") == [
        "/relationship",
        "/dimensions/1",
        "/measures/1",
        "/measures/2",
        "/filters/and/1/or/1",
        "/contacts",
    ]


def test_a_relationship_that_was_never_named_cannot_be_left_out() -> None:
    assert left_out("/relationship", body={"object": "ticket", "dimensions": ["contact.country"]}) is None


def test_an_object_that_contacts_were_chosen_by_can_be_left_out() -> None:
    body = {"object": "contact", "measures": ["contact.count"], "records": {"object": "ticket"}}
    assert left_out("/records/object", body=body) == ["/records"]
    found = to_leave_out(body, [Problem("unknown_object", "/records/object")])
    assert found == [LeftOut("/records", "records", "ticket")]


@pytest.mark.parametrize("where", ["/relationship", "/contacts"])
def test_a_dashboards_filter_on_the_contact_goes_before_anything_of_the_report(where: str) -> None:
    body = {**BODY, "filters": {"and": [C, C]}}
    shared = "/filters/and/1"
    assert left_out(where, body=body, shared=shared) == [shared]
    gone = [LeftOut(shared, "filters", "contact.country")]
    again = left_out(where, body=body, shared=shared, gone=gone)
    assert again is not None
    assert shared not in again


def test_what_is_gone_already_is_no_progress() -> None:
    assert left_out("/measures/0", gone=[LeftOut("/measures/0", "measures", "ticket.count")]) is None


def gone(*pointers: str) -> list[LeftOut]:
    """These places left out."""
    return [LeftOut(pointer, "filters", "x") for pointer in pointers]


@pytest.mark.parametrize(
    ("pointers", "filters"),
    [
        (["/filters/and/0"], {"and": [{"or": [B, C]}]}),
        (["/filters/and/1/or/0"], {"and": [A, {"or": [C]}]}),
        (["/filters/and/1/or/0", "/filters/and/1/or/1"], {"and": [A]}),
        (["/filters/and/0", "/filters/and/1/or/0", "/filters/and/1/or/1"], None),
        (["/filters"], None),
    ],
)
def test_a_junction_goes_with_its_last_condition(pointers: list[str], filters: Any) -> None:
    lesser = without(BODY, gone(*pointers)).body
    assert lesser.get("filters") == filters
    assert {**lesser, "filters": BODY["filters"]} == BODY


@pytest.mark.parametrize("filters", [{"and": []}, {"or": []}, {"and": [{"or": []}, A]}])
def test_a_junction_that_was_sent_empty_stays(filters: Any) -> None:
    assert without({**BODY, "filters": filters}, []).body["filters"] == filters


def test_a_list_of_columns_may_become_empty() -> None:
    assert without(BODY, gone("/sort/0", "/dimensions/0", "/dimensions/1")).body["dimensions"] == []


def test_nothing_left_out_leaves_everything_as_it_was() -> None:
    sent = {**BODY, "compare": None, "pivot": [], "filters": {"field": "a.b", "op": "is_empty", "values": []}}
    assert without(sent, []).body == sent


@pytest.mark.parametrize(
    ("pointers", "now", "was"),
    [
        (["/measures/0"], "/measures/0", "/measures/1"),
        (["/filters/and/0"], "/filters/and/0/or/1/values/0", "/filters/and/1/or/1/values/0"),
        (["/filters/and/1/or/0"], "/filters/and/1/or/0", "/filters/and/1/or/1"),
        (["/dimensions/0"], "/dimensions/0/granularity", "/dimensions/1/granularity"),
        (["/dimensions/0"], "/timezone", "/timezone"),
        ([], "", ""),
    ],
)
def test_a_place_in_the_rest_is_a_place_in_the_whole(pointers: list[str], now: str, was: str) -> None:
    problem = without(BODY, gone(*pointers)).original(Problem("unknown_field", now, "text", {"name": "n"}, "guess"))
    assert problem == Problem("unknown_field", was, "text", {"name": "n"}, "guess")
