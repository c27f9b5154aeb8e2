"""Which join a report needs, how each measure counts in it, and in which order rows come."""

from typing import Any

import pytest

from services.query_service.domain.plan import MOST_GROUPS, Counting, Join, QueryPlan, plan
from services.query_service.domain.predicates import columns_named
from tests.unit.query_service.dataset import resolved


def planned(**request: Any) -> QueryPlan:
    report, problems = resolved({"object": "ticket", **request})
    assert report is not None, problems
    return plan(report)


def _condition(field: str) -> dict[str, Any]:
    return {"field": field, "op": "is_not_empty"}


def test_a_report_that_names_no_contact_joins_nothing() -> None:
    made = planned(measures=["ticket.count"], filters=_condition("ticket.status"))
    assert (made.rows.selection.join, made.links) == (Join.NONE, None)


def test_contact_in_filters_alone_is_a_semi_join() -> None:
    made = planned(
        measures=["ticket.count"], filters={"and": [_condition("contact.email"), _condition("ticket.status")]}
    )
    assert made.rows.selection.join is Join.SEMI
    assert made.links is not None


def test_a_condition_on_both_sides_needs_the_pairs() -> None:
    made = planned(
        measures=["ticket.count"], filters={"or": [_condition("contact.email"), _condition("ticket.status")]}
    )
    assert made.rows.selection.join is Join.PAIRS


def test_one_such_condition_among_others_needs_them_too() -> None:
    both = {"or": [_condition("contact.email"), _condition("ticket.status")]}
    made = planned(measures=["ticket.count"], filters={"and": [_condition("ticket.status"), both]})
    assert made.rows.selection.join is Join.PAIRS


def test_a_contact_column_needs_the_pairs() -> None:
    assert planned(measures=["contact.count"]).rows.selection.join is Join.PAIRS


def _counting(**request: Any) -> dict[str, Counting]:
    return {measure.column.name: measure.counting for measure in planned(**request).rows.measures}


def test_over_a_single_relationship_records_do_not_repeat_but_contacts_do() -> None:
    assert _counting(
        dimensions=["contact.country"],
        measures=["ticket.count", "ticket.csat.sum", "contact.count", "contact.email.count_distinct"],
    ) == {
        "ticket.count": Counting.EACH,
        "ticket.csat.sum": Counting.EACH,
        "contact.count": Counting.DISTINCT,
        "contact.email.count_distinct": Counting.EACH,
    }


def test_over_a_many_relationship_records_repeat() -> None:
    measures = ["booking.count", "booking.price.avg", "booking.price.max", "booking.minutes.median", "contact.count"]
    assert _counting(object="booking", relationship="guests", measures=measures) == {
        "booking.count": Counting.DISTINCT,
        "booking.price.avg": Counting.FIRST,
        "booking.price.max": Counting.EACH,
        "booking.minutes.median": Counting.FIRST,
        "contact.count": Counting.DISTINCT,
    }


@pytest.mark.parametrize(
    ("request_", "order"),
    [
        (
            {"dimensions": ["ticket.status", "ticket.due_on"], "measures": ["ticket.count"]},
            [("ticket.due_on", False), ("ticket.status", False)],
        ),
        (
            {"dimensions": ["ticket.status"], "measures": ["ticket.count"]},
            [("ticket.count", True), ("ticket.status", False)],
        ),
        ({"dimensions": ["ticket.status", "ticket.tags"]}, [("ticket.status", False), ("ticket.tags", False)]),
        (
            {
                "dimensions": ["ticket.due_on", "ticket.status"],
                "measures": ["ticket.count"],
                "sort": [{"field": "ticket.status", "direction": "desc"}],
            },
            [("ticket.status", True), ("ticket.due_on", False)],
        ),
    ],
)
def test_an_order_is_never_arbitrary(request_: dict[str, Any], order: list[tuple[str, bool]]) -> None:
    assert [(item.name, item.descending) for item in planned(**request_).rows.order] == order


def test_one_row_more_than_the_limit_is_fetched() -> None:
    assert planned(measures=["ticket.count"], limit=10).rows.limit == 11


def test_totals_are_the_same_data_in_one_group() -> None:
    having = {"field": "ticket.count", "op": "gt", "values": [1]}
    made = planned(dimensions=["ticket.tags"], measures=["ticket.count"], having=having, totals=True)
    assert made.totals is not None
    assert (made.totals.keys, made.totals.limit, made.totals.selection) == ((), None, made.rows.selection)
    assert made.totals.having != made.rows.having


@pytest.mark.parametrize(
    ("more", "sifted"),
    [
        ({}, True),
        ({"calculations": [{"name": "a", "expression": "ticket.count / total(ticket.count)"}]}, True),
        ({"calculations": [{"name": "a", "expression": "ticket.count"}], "sort": [{"field": "a"}]}, False),
        (
            {
                "calculations": [{"name": "a", "expression": "ticket.count"}],
                "having": {"field": "a", "op": "gt", "values": [1]},
            },
            False,
        ),
        ({"calculations": [{"name": "a", "expression": "rank(ticket.count)"}]}, False),
        ({"calculations": [{"name": "a", "expression": "previous(ticket.count)"}]}, False),
        ({"subtotals": True}, True),
        ({"pivot": ["ticket.urgent"]}, False),
        ({"compare": "previous"}, False),
    ],
)
def test_the_store_cuts_only_what_need_not_be_known_as_a_whole(more: dict[str, Any], sifted: bool) -> None:
    made = planned(dimensions=["ticket.status", "ticket.tags"], measures=["ticket.count"], limit=10, **more)
    assert made.rest.sifted is sifted
    assert made.rows.limit == (11 if sifted else MOST_GROUPS + 1)
    assert bool(made.rows.order) is sifted


def test_conditions_on_calculations_are_left_for_later_and_the_others_are_not() -> None:
    count = {"field": "ticket.count", "op": "gt", "values": [1]}
    place = {"field": "place", "op": "lte", "values": [3]}
    made = planned(
        dimensions=["ticket.status"],
        measures=["ticket.count"],
        calculations=[{"name": "place", "expression": "rank(ticket.count)"}],
        having={"and": [count, {"or": [place, count]}]},
    )
    assert columns_named(made.rows.having) == {"ticket.count"}
    assert columns_named(made.rest.before) == set()
    assert columns_named(made.rest.after) == {"ticket.count", "place"}


def test_totals_are_asked_where_a_calculation_needs_them() -> None:
    for expression, asked in (("ticket.count", False), ("total(ticket.count)", True)):
        calculations = [{"name": "a", "expression": expression}, {"name": "b", "expression": "a"}]
        made = planned(dimensions=["ticket.status"], measures=["ticket.count"], calculations=calculations)
        assert (made.totals is not None) is asked
