"""Filtered measures: their names, their limits, what they make of the join, and what they are called."""

from typing import Any

import pytest

from services.query_service.domain.column_parsing import MAX_FILTERED
from services.query_service.domain.condition_parsing import MAX_CONDITIONS
from services.query_service.domain.plan import Counting, Join, plan
from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.result import heads
from services.query_service.domain.row_terms import Side
from tests.unit.query_service.dataset import problems_of, resolved

OPEN: dict[str, Any] = {"field": "ticket.status", "op": "eq", "values": ["open"]}
FRENCH: dict[str, Any] = {"field": "contact.country", "op": "eq", "values": ["FR"]}


def filtered(name: Any = "opened", measure: Any = "ticket.count", **others: Any) -> dict[str, Any]:
    return {"measure": measure, "name": name, "filters": OPEN, **others}


def asked(*measures: Any, **others: Any) -> dict[str, Any]:
    return {"object": "ticket", "measures": list(measures), **others}


def report_of(request: dict[str, Any]) -> ResolvedReport:
    report, problems = resolved(request)
    assert report is not None, problems
    assert problems == []
    return report


def test_its_column_has_its_name_and_everything_may_name_it() -> None:
    having = {"field": "opened", "op": "gte", "values": [1]}
    calculations = [{"name": "share", "expression": "opened / ticket.count"}]
    sort = [{"field": "opened", "direction": "desc"}]
    report = report_of(asked("ticket.count", filtered(), having=having, sort=sort, calculations=calculations))
    assert [head.name for head in heads(report)] == ["ticket.count", "opened", "share"]
    assert [(head.label, head.aggregate) for head in heads(report)][1] == ("opened", None)


def test_a_comparison_adds_its_earlier_figure_and_the_change() -> None:
    report = report_of(asked(filtered(), compare="previous"))
    assert [figure.name for figure in report.figures] == ["opened", "opened@previous", "opened@delta"]


def test_the_same_measure_may_stand_beside_itself_with_and_without_filters() -> None:
    report = report_of(asked("ticket.count", filtered("a"), filtered("b", filters=None), filtered("c", filters={})))
    assert [measure.name for measure in report.measures] == ["ticket.count", "a", "b", "c"]


@pytest.mark.parametrize(
    ("request_", "problems"),
    [
        (asked(filtered("Opened")), [("bad_value", "/measures/0/name")]),
        (asked(filtered("1st")), [("bad_value", "/measures/0/name")]),
        (asked(filtered("x" * 64)), [("bad_value", "/measures/0/name")]),
        (asked(filtered("ticket.count")), [("bad_value", "/measures/0/name")]),
        (asked(filtered("a|b")), [("bad_value", "/measures/0/name")]),
        (asked(filtered(5)), [("wrong_type", "/measures/0/name")]),
        (asked({"measure": "ticket.count"}), [("required_missing", "/measures/0/name")]),
        (asked({"name": "opened"}), [("required_missing", "/measures/0/measure")]),
        (asked({"filters": OPEN}), [("required_missing", f"/measures/0/{name}") for name in ("measure", "name")]),
        (asked(filtered(), filtered()), [("name_conflict", "/measures/1/name")]),
        (
            asked(filtered(), calculations=[{"name": "opened", "expression": "1"}]),
            [("name_conflict", "/calculations/0/name")],
        ),
        (asked(filtered(measure="ticket.cout")), [("unknown_field", "/measures/0/measure")]),
        (asked(filtered(measure="ticket.status")), [("unknown_field", "/measures/0/measure")]),
        (asked(filtered(where=OPEN)), [("unknown_property", "/measures/0/where")]),
        (
            asked(filtered(filters={"and": [{**OPEN, "op": "gt"}]})),
            [("bad_operator", "/measures/0/filters/and/0/op")],
        ),
        (
            asked(filtered(filters={**OPEN, "field": "ticket.count"})),
            [("unknown_field", "/measures/0/filters/field")],
        ),
        (asked(filtered(filters=[OPEN])), [("wrong_type", "/measures/0/filters")]),
        (asked(filtered(filters=FRENCH), contacts="without"), [("contacts_conflict", "/contacts")]),
        (
            {"object": "booking", "measures": [filtered(measure="booking.count", filters=FRENCH)]},
            [("relationship_required", "/relationship")],
        ),
        (
            {"object": "contact", "measures": [filtered(measure="contact.count")]},
            [("join_not_allowed", "/measures/0/filters/field")],
        ),
        (asked(*(filtered(f"n{n}") for n in range(MAX_FILTERED + 1))), [("too_many_columns", "/measures")]),
    ],
)
def test_what_is_wrong_with_one_is_pointed_at(request_: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert problems_of(request_) == problems


def test_twenty_are_allowed_and_their_conditions_count_with_all_others() -> None:
    assert problems_of(asked(*(filtered(f"n{n}") for n in range(MAX_FILTERED)))) == []
    many = {"and": [OPEN] * (MAX_CONDITIONS // 2)}
    assert problems_of(asked(filtered("a", filters=many), filtered("b", filters=many))) == []
    assert problems_of(asked(filtered("a", filters=many), filtered("b", filters=many), filters=OPEN)) == [
        ("bad_value", "/filters")
    ]


def test_a_value_that_is_not_an_option_is_warned_of() -> None:
    report = report_of(asked(filtered(filters={"or": [{**OPEN, "values": ["opne"]}]})))
    assert [(warning.code, warning.pointer) for warning in report.warnings] == [
        ("unknown_option", "/measures/0/filters/or/0/values/0")
    ]


def test_its_filters_use_the_contact_pair_by_pair() -> None:
    report = report_of(asked(filtered(filters=FRENCH), filters=FRENCH))
    planned = plan(report)
    assert report.contact is not None
    assert planned.rows.selection.join is Join.PAIRS
    assert planned.links is not None
    semi = report_of(asked(filtered(), filters=FRENCH))
    assert plan(semi).rows.selection.join is Join.SEMI


def test_it_counts_at_its_own_grain() -> None:
    measures = [filtered("a", "booking.count", filters=FRENCH), filtered("b", "booking.price.sum", filters=FRENCH)]
    report = report_of({"object": "booking", "relationship": "guests", "measures": measures})
    assert [measured.counting for measured in plan(report).rows.measures] == [Counting.DISTINCT, Counting.FIRST]
    assert [measured.column.sides for measured in plan(report).rows.measures] == [{Side.BASE, Side.CONTACT}] * 2
