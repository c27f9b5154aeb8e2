"""The report behind the values of a field: its base object, and where its problems belong."""

from typing import Any

import pytest

from crosslook.contracts.problems import Problem, Problems
from services.query_service.domain.field_values import ValuesAsked, ValuesReport, values_report
from tests.unit.query_service.dataset import problems_of

OPEN = {"field": "ticket.status", "op": "eq", "values": ["open"]}
FRENCH = {"field": "contact.country", "op": "eq", "values": ["FR"]}
PRICED = {"field": "booking.price", "op": "gt", "values": ["1"]}


def _report(field: str, **asked: Any) -> ValuesReport:
    return values_report(ValuesAsked(field, 20, **asked))


@pytest.mark.parametrize(
    ("asked", "base"),
    [
        ({"field": "ticket.status"}, "ticket"),
        ({"field": "ticket.status", "filters": FRENCH}, "ticket"),
        ({"field": "contact.country"}, "contact"),
        ({"field": "contact.country", "filters": FRENCH}, "contact"),
        ({"field": "contact.country", "filters": OPEN}, "ticket"),
        ({"field": "contact.country", "filters": {"and": [FRENCH, {"or": [PRICED, OPEN]}]}}, "booking"),
        ({"field": "contact.country", "filters": OPEN, "object": "booking"}, "booking"),
        ({"field": "ticket.status", "object": "booking"}, "booking"),
    ],
)
def test_the_base_is_the_object_that_is_named_or_implied(asked: dict[str, Any], base: str) -> None:
    assert _report(**asked).body["object"] == base


def test_a_contact_field_counts_contacts_whatever_the_base() -> None:
    report = _report("contact.country", filters=OPEN, relationship="requester")
    assert (report.body["measures"], report.body["relationship"]) == (["contact.count"], "requester")
    assert problems_of(report.body) == []


def test_the_ids_of_the_base_are_listed_and_those_of_contacts_counted() -> None:
    assert _report("ticket._id", filters=FRENCH).body["list"] == ["ticket._id"]
    assert "list" not in _report("contact._id", filters=OPEN).body


@pytest.mark.parametrize(
    ("filters", "inside", "place"),
    [
        ({"and": [OPEN, FRENCH]}, "/filters/and/1/values/0", "/filters/and/1/values/0"),
        ({"or": [OPEN, FRENCH]}, "/filters/and/0/or/1/field", "/filters/or/1/field"),
        (OPEN, "/filters/and/0/op", "/filters/op"),
        (OPEN, "/filters/and/1/and/0/field", "/field"),
        ({"and": [OPEN]}, "/filters/and/1/and/1/op", "/contains"),
        ({"and": [OPEN]}, "/filters", "/filters"),
        (None, "/filters/and/0/and/1/op", "/contains"),
        (None, "/filters", "/field"),
        (None, "/object", "/field"),
        (None, "/measures/0", "/field"),
        (None, "/relationship", "/relationship"),
        (None, "", ""),
    ],
)
def test_a_problem_is_placed_at_the_parameter_that_it_is_about(
    filters: dict[str, Any] | None, inside: str, place: str
) -> None:
    report = _report("ticket.subject", filters=filters, contains="x")
    assert report.placed(Problem("bad_value", inside)).pointer == place


def test_what_is_wrong_with_the_field_is_said_once_beside_the_rest() -> None:
    report = _report("ticket.sttus", filters={"and": [{**OPEN, "op": "about"}]}, contains="x")
    found = [Problem(code, where) for code, where in problems_of(report.body)]
    assert len(found) > 2
    refused = report.refused(Problems.of(found))
    assert [(problem.code, problem.pointer) for problem in refused] == [
        ("unknown_field", "/field"),
        ("bad_operator", "/filters/and/0/op"),
    ]


def test_a_refusal_that_was_cut_short_says_so() -> None:
    found = Problems.of([Problem("bad_value", "/dimensions/0")])
    assert _report("ticket.status").refused(found).omitted == 0
    found.leave_unread()
    assert _report("ticket.status").refused(found).omitted is None
