"""The list behind a cell: its conditions, its columns, and what no list is behind."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from services.query_service.domain.drill import CellSource, list_request
from services.query_service.domain.drill_columns import DrilledColumn, drilled_column, drilled_figure
from services.query_service.domain.drill_conditions import BadRow
from services.query_service.domain.lookup import UnknownName
from services.query_service.domain.query import Name
from services.query_service.domain.result import ColumnHead, ResultSet
from services.query_service.domain.terms import ColumnType
from tests.unit.query_service.dataset import MAX_ROWS, TICKET, catalog, resolved
from tests.unit.query_service.drilled import COUNT, FRENCH, FULL, OPEN, conditions, drilled, report_of


def refused(request: Mapping[str, Any], column: str) -> str:
    with pytest.raises(UnknownName) as unknown:
        drilled_figure(report_of(request), Name(column, "/column"))
    return unknown.value.problem.text


def test_a_cell_becomes_conditions_and_everything_is_written_out() -> None:
    assert drilled(FULL, ["open", "2026-11-01", None], "ticket.amount.sum") == {
        "object": "ticket",
        "list": [
            *("ticket._id", "ticket.status", "ticket.opened_at", "ticket.tags", "ticket.amount"),
        ],
        "filters": {
            "and": [
                {"or": [OPEN, FRENCH]},
                OPEN,
                {"field": "ticket.opened_at", "granularity": "month", "op": "eq", "values": ["2026-11-01"]},
                {"field": "ticket.tags", "op": "is_empty"},
            ]
        },
        "relationship": "requester",
        "contacts": "with",
        "timezone": "America/Chicago",
        "week_start": "monday",
        "snapshot": "s1",
        "limit": 50_000,
    }


def test_without_anything_to_test_there_are_no_filters() -> None:
    found = drilled(COUNT, [], "ticket.count")
    assert found["list"] == ["ticket._id"]
    assert {"filters", "contacts", "records"}.isdisjoint(found)


def test_a_shorter_row_tests_the_first_dimensions_only() -> None:
    assert conditions(FULL, ["open"])[1:] == [OPEN]
    assert conditions(FULL, [])[1:] == []


@pytest.mark.parametrize(
    ("dimension", "value", "condition"),
    [
        ("ticket.subject", "a", {"field": "ticket.subject", "op": "eq", "values": ["a"]}),
        ("ticket.csat", 4.5, {"field": "ticket.csat", "op": "eq", "values": [4.5]}),
        ("ticket.csat", Decimal("0.1"), {"field": "ticket.csat", "op": "eq", "values": [0.1]}),
        ("ticket.amount", "12.50", {"field": "ticket.amount", "op": "eq", "values": ["12.50"]}),
        ("ticket.due_on", "2026-11-20", {"field": "ticket.due_on", "op": "eq", "values": ["2026-11-20"]}),
        (
            "ticket.opened_at",
            "2026-11-20T10:00:00-06:00",
            {"field": "ticket.opened_at", "op": "eq", "values": ["2026-11-20T10:00:00-06:00"]},
        ),
        ("ticket.urgent", False, {"field": "ticket.urgent", "op": "eq", "values": [False]}),
        ("ticket.tags", "vip", {"field": "ticket.tags", "op": "any_of", "values": ["vip"]}),
        ("ticket.tags", None, {"field": "ticket.tags", "op": "is_empty"}),
        ("ticket._id", "t1", {"field": "ticket._id", "op": "eq", "values": ["t1"]}),
        (
            {"field": "ticket.opened_at", "granularity": "hour_of_day"},
            13,
            {"field": "ticket.opened_at", "granularity": "hour_of_day", "op": "eq", "values": [13]},
        ),
        (
            {"field": "ticket.csat", "name": "band", "bins": [2, 4]},
            "2..4",
            {"field": "ticket.csat", "bins": [2, 4], "op": "eq", "values": ["2..4"]},
        ),
        (
            {"field": "ticket.amount", "name": "tens", "width": 10},
            "10.00",
            {"field": "ticket.amount", "width": 10, "op": "eq", "values": ["10.00"]},
        ),
        (
            {"field": "ticket.tags", "name": "kind", "groups": [{"name": "A", "values": ["vip"]}], "others": "B"},
            "A",
            {
                "field": "ticket.tags",
                "groups": [{"name": "A", "values": ["vip"]}],
                "others": "B",
                "op": "any_of",
                "values": ["A"],
            },
        ),
        ({"field": "ticket.csat", "name": "band", "bins": [2, 4]}, None, {"field": "ticket.csat", "op": "is_empty"}),
        (
            {"field": "ticket.opened_at", "granularity": "week"},
            None,
            {"field": "ticket.opened_at", "op": "is_empty"},
        ),
    ],
)
def test_each_kind_of_dimension_has_its_condition(dimension: Any, value: Any, condition: dict[str, Any]) -> None:
    assert conditions({**COUNT, "dimensions": [dimension]}, [value]) == [condition]


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        ("ticket.csat", "open"),
        ("ticket.csat", True),
        ("ticket.status", 5),
        ("ticket.status", ""),
        ("ticket.due_on", "20 November"),
        ("ticket.opened_at", "2026-11-20"),
        ("ticket.urgent", "yes"),
        ({"field": "ticket.opened_at", "granularity": "month"}, 11),
        ({"field": "ticket.opened_at", "granularity": "hour_of_day"}, "13 o'clock"),
    ],
)
def test_what_nothing_is_grouped_under_is_pointed_at(dimension: Any, value: Any) -> None:
    request = {**COUNT, "dimensions": ["ticket.subject", dimension]}
    with pytest.raises(BadRow) as wrong:
        conditions(request, ["a", value])
    (problem,) = wrong.value.problems
    assert (problem.code, problem.pointer) == ("bad_value", "/row/1")
    assert problem.message("en") != problem.message("fr")


def test_values_of_a_pivot_are_conditions_too() -> None:
    request = {**COUNT, "pivot": ["ticket.urgent", "ticket.status"]}
    found = conditions(request, [], "ticket.count|true|null", pivot=(True, None))
    assert found == [
        {"field": "ticket.urgent", "op": "eq", "values": [True]},
        {"field": "ticket.status", "op": "is_empty"},
    ]


def test_only_the_result_knows_which_values_the_name_of_a_column_means() -> None:
    report = report_of({**COUNT, "pivot": ["ticket.status"]})
    heads = [
        ColumnHead(name, "measure", ColumnType.INTEGER, "", pivot=(value,))
        for name, value in (("ticket.count|null", "null"), ("ticket.count|null#2", None))
    ]
    result = ResultSet(tuple(heads), (), None, False, None)
    for name, value in (("ticket.count|null", "null"), ("ticket.count|null#2", None)):
        asked = Name(name, "/column")
        assert drilled_column(drilled_figure(report, asked), asked, result).pivot == (value,)
    with pytest.raises(UnknownName) as unknown:
        drilled_column(drilled_figure(report, asked), Name("ticket.count|nul", "/column"), result)
    assert unknown.value.problem.suggested() == "ticket.count|null"


def test_a_filtered_measure_adds_its_filters() -> None:
    request = {**COUNT, "measures": [{"measure": "ticket.count", "name": "both", "filters": {"and": [OPEN, FRENCH]}}]}
    assert conditions({**request, "filters": {"and": [OPEN]}}, [], "both") == [OPEN, OPEN, FRENCH]
    either = {"measure": "ticket.count", "name": "either", "filters": {"or": [OPEN, FRENCH]}}
    assert conditions({**COUNT, "measures": ["ticket.count", either]}, [], "either") == [{"or": [OPEN, FRENCH]}]


def test_formulas_are_sent_along_where_they_are_used() -> None:
    formulas = [
        {"name": "half", "expression": "ticket.csat / 2"},
        {"name": "quarter", "expression": "half / 2"},
        {"name": "country", "expression": "lower(contact.country)"},
    ]
    request = {**COUNT, "formulas": formulas, "measures": ["ticket.count", "quarter.sum"], "dimensions": ["quarter"]}
    found = drilled(request, [0.25], "quarter.sum")
    assert found["list"] == ["ticket._id", "quarter"]
    assert found["filters"] == {"and": [{"field": "quarter", "op": "eq", "values": [0.25]}]}
    assert found["formulas"] == formulas[:2]
    tested = {**COUNT, "formulas": formulas, "filters": {"or": [{"field": "country", "op": "eq", "values": ["fr"]}]}}
    assert drilled(tested, [], "ticket.count")["formulas"] == formulas[2:]
    assert "formulas" not in drilled({**COUNT, "formulas": formulas}, [], "ticket.count")


def test_an_earlier_period_is_read_through_moved_values() -> None:
    shift = {"field": "ticket.opened_at", "shift": [1, "month"]}
    found = drilled({**COUNT, "compare": shift}, [], "ticket.count@previous")
    assert (found["moved"], found["snapshot"]) == (shift, "s1")
    assert "moved" not in drilled({**COUNT, "compare": shift}, [], "ticket.count")
    named = {**COUNT, "compare": [{**shift, "name": "month_ago"}]}
    assert drilled(named, [], "ticket.count@month_ago")["moved"] == shift
    assert refused(named, "ticket.count@month_ago:delta") == "not_drillable.change"


def test_filters_that_name_bins_write_them_out() -> None:
    bins = {"field": "ticket.csat", "name": "band", "bins": [2, 4]}
    tested = {"or": [{"field": "band", "op": "neq", "values": ["..2"]}, OPEN]}
    low = {"measure": "ticket.count", "name": "low", "filters": {"field": "band", "op": "is_empty"}}
    request = {**COUNT, "dimensions": [bins], "filters": tested, "measures": ["ticket.count", low]}
    assert conditions(request, [], "low") == [
        {"or": [{"field": "ticket.csat", "bins": [2, 4], "op": "neq", "values": ["..2"]}, OPEN]},
        {"field": "ticket.csat", "bins": [2, 4], "op": "is_empty"},
    ]


def test_another_column_that_uses_the_contact_keeps_associated_records_only() -> None:
    french = {"measure": "ticket.count", "name": "french", "filters": FRENCH}
    found = drilled({**COUNT, "measures": ["ticket.count", french]}, [], "ticket.count")
    assert (found["contacts"], found["list"], "filters" in found) == ("with", ["ticket._id"], False)


def test_a_contact_measure_lists_the_pairs() -> None:
    assert drilled(FULL, [], "contact.count")["list"][:2] == ["ticket._id", "contact._id"]
    many = {"object": "booking", "relationship": "guests", "dimensions": ["contact.country"]}
    measures = ["booking.count", "booking.price.sum", "contact.count"]
    found = drilled({**many, "measures": measures}, ["FR"], "booking.count")
    assert found["list"] == ["booking._id", "booking.price"]
    pairs = drilled({**many, "measures": measures}, ["FR"], "contact.count")
    assert pairs["list"] == ["booking._id", "contact._id", "contact.country", "booking.price"]


def test_records_elsewhere_are_kept_with_their_relationship() -> None:
    request = {"object": "contact", "measures": ["contact.count"], "records": {"object": "ticket", "match": "without"}}
    found = drilled(request, [], "contact.count")
    assert found["records"] == {"object": "ticket", "relationship": "requester", "match": "without"}
    assert found["list"] == ["contact._id"]


def test_the_measured_field_is_listed_whatever_does_not_fit() -> None:
    fields = [{"slug": f"f{n}", "type": "text"} for n in range(99)] + [{"slug": "paid", "type": "currency"}]
    wide = Definition.model_validate({**TICKET.model_dump(), "fields": fields})
    request = {
        "object": "ticket",
        "dimensions": [f"ticket.f{n}" for n in range(98)],
        "pivot": ["ticket.f98", "ticket._updated_at"],
        "measures": ["ticket.count", "ticket.paid.sum"],
    }
    report, problems = resolved(request, catalog(BUILT_IN_CONTACT, wide))
    assert report is not None, problems
    figure = drilled_figure(report, Name("ticket.paid.sum|a|b", "/column"))
    found = list_request(CellSource(request, report, "s1"), [], DrilledColumn(figure, (None, None)), MAX_ROWS)
    assert len(found["list"]) == 100
    assert found["list"][-1] == "ticket.paid"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("ticket.status", "not_drillable.dimension"),
        ("ticket.opened_at:month", "not_drillable.dimension"),
        ("share", "not_drillable.calculation"),
        ("ticket.cout", "unknown_field.drilled"),
        ("ticket.count@previous", "unknown_field.drilled"),
        ("ticket.count|open", "unknown_field.drilled"),
    ],
)
def test_no_records_are_behind_other_columns(column: str, text: str) -> None:
    assert refused(FULL, column) == text


def test_changes_and_distinct_counts_have_no_records() -> None:
    compared = {**COUNT, "measures": ["ticket.count", "ticket.status.count_distinct"], "compare": "previous"}
    assert refused(compared, "ticket.count@delta") == "not_drillable.change"
    assert refused(compared, "ticket.status.count_distinct@previous") == "not_drillable.count_distinct"
    assert refused({**compared, "pivot": ["ticket.urgent"]}, "ticket.count@delta|true") == "not_drillable.change"
