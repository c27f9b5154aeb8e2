"""Bins and groups are checked before anything runs; each problem has its place."""

from typing import Any

import pytest

from services.query_service.domain.groupings import EDGES_MAX, GROUPED_VALUES_MAX, GROUPS_MAX, Bins
from tests.unit.query_service.dataset import problems_of, resolved, statements

GROUP = {"name": "Done", "values": ["solved"]}


def report(**dimension: Any) -> dict[str, Any]:
    """A report on tickets by one dimension, called `it` unless said otherwise."""
    return {"object": "ticket", "measures": ["ticket.count"], "dimensions": [{"name": "it", **dimension}]}


@pytest.mark.parametrize(
    ("dimension", "text", "place"),
    [
        ({"field": "ticket.csat", "bins": [4, 2]}, "bad_value.edges", "/bins/1"),
        ({"field": "ticket.csat", "bins": [1, "1.0"]}, "bad_value.edges", "/bins/1"),
        ({"field": "ticket.csat", "bins": [0.1, 0.1000000000000000001]}, "bad_value.edges", "/bins/1"),
        ({"field": "ticket.csat", "bins": []}, "bad_value.no_edges", "/bins"),
        ({"field": "ticket.csat", "bins": [None]}, "wrong_type.number", "/bins/0"),
        ({"field": "ticket.csat", "bins": [""]}, "wrong_type.number", "/bins/0"),
        ({"field": "ticket.due_on", "bins": [None]}, "wrong_type.date", "/bins/0"),
        ({"field": "ticket.amount", "width": ""}, "wrong_type.number", "/width"),
        ({"field": "ticket.csat", "bins": [1e300]}, "bad_value.out_of_range", "/bins/0"),
        ({"field": "ticket.csat", "bins": list(range(EDGES_MAX + 1))}, "bad_value.edges_most", "/bins"),
        ({"field": "ticket.csat", "bins": 5}, "wrong_type.array", "/bins"),
        ({"field": "ticket.opened_at", "bins": ["2026-01-01T00:00:00Z"]}, "wrong_type.date", "/bins/0"),
        ({"field": "ticket.status", "bins": [1]}, "bad_value.bins_type", "/bins"),
        ({"field": "ticket.tags", "width": 1}, "bad_value.width_type", "/width"),
        ({"field": "ticket.due_on", "width": 1}, "bad_value.width_type", "/width"),
        ({"field": "ticket.csat", "width": 0}, "bad_value.width", "/width"),
        ({"field": "ticket.csat", "width": -1}, "bad_value.width", "/width"),
        ({"field": "ticket.csat", "width": "0.00000000001"}, "bad_value.width", "/width"),
        ({"field": "ticket.amount", "width": "0.00001"}, "out_of_range.currency", "/width"),
        ({"field": "ticket.csat", "width": "wide"}, "wrong_type.number", "/width"),
        ({"field": "ticket.csat", "groups": [GROUP]}, "bad_value.groups_type", "/groups"),
        ({"field": "ticket.status", "groups": []}, "bad_value.no_groups", "/groups"),
        ({"field": "ticket.status", "groups": ["Done"]}, "wrong_type.group", "/groups/0"),
        ({"field": "ticket.status", "groups": [{"name": "A", "values": []}]}, "required_missing", "/groups/0/values"),
        (
            {"field": "ticket.status", "groups": [GROUP, {**GROUP, "values": ["x"]}]},
            "bad_value.group_repeated",
            "/groups/1/name",
        ),
        (
            {"field": "ticket.status", "groups": [GROUP, {"name": "B", "values": ["x", "solved"]}]},
            "bad_value.in_two_groups",
            "/groups/1/values/1",
        ),
        ({"field": "ticket.status", "groups": [{"name": "B", "values": ["x", "x"]}]}, "bad_value.in_two_groups", None),
        ({"field": "ticket.status", "groups": [{"name": "B", "values": [1]}]}, "wrong_type.text", "/groups/0/values/0"),
        ({"field": "ticket.status", "groups": [{"name": "B", "values": [""]}]}, "bad_value.empty", None),
        ({"field": "ticket.urgent", "groups": [{"name": "B", "values": ["true"]}]}, "wrong_type.boolean", None),
        ({"field": "ticket.status", "groups": [GROUP], "others": " "}, "bad_value.group_name", "/others"),
        ({"field": "ticket.status", "groups": [GROUP], "others": "Done"}, "bad_value.others_named", "/others"),
        ({"field": "ticket.csat", "bins": [1], "others": "x"}, "bad_value.without_grouping", "/others"),
        ({"field": "ticket.csat"}, "bad_value.without_grouping", "/name"),
        ({"field": "ticket.csat", "bins": [1], "width": 1}, "bad_value.grouped_twice", "/width"),
        ({"field": "ticket.due_on", "granularity": "day", "bins": ["2026-01-01"]}, "bad_value.grouped_twice", "/bins"),
        ({"field": "ticket.csat", "bins": [1], "name": None}, "required_missing", "/name"),
        ({"field": "ticket.csat", "bins": [1], "name": "Two words"}, "bad_value.declared_name", "/name"),
        ({"field": "ticket.csat", "bins": [1], "name": "ticket"}, "name_conflict", "/name"),
        ({"field": "ticket.nothing", "bins": [1]}, "unknown_field.report", "/field"),
    ],
)
def test_what_cannot_be_grouped_is_refused_with_its_place(
    dimension: dict[str, Any], text: str, place: str | None
) -> None:
    (problem,) = resolved(report(**dimension))[1]
    assert problem.text == text or problem.code == text
    assert place is None or problem.pointer == f"/dimensions/0{place}"


def test_the_numbers_of_groups_and_of_their_values_are_bounded() -> None:
    many = [{"name": f"g{number}", "values": [f"v{number}"]} for number in range(GROUPS_MAX + 1)]
    assert problems_of(report(field="ticket.subject", groups=many[:-1])) == []
    assert problems_of(report(field="ticket.subject", groups=many)) == [("bad_value", "/dimensions/0/groups")]
    halves = [
        {"name": half, "values": [f"{half}{number}" for number in range(GROUPED_VALUES_MAX // 2 + 1)]} for half in "ab"
    ]
    assert problems_of(report(field="ticket.subject", groups=halves)) == [("bad_value", "/dimensions/0/groups")]


def test_an_edge_is_shown_with_the_digits_that_it_needs() -> None:
    found, _ = resolved(report(field="ticket.csat", bins=[-0.0, "2.50", 4.0, 1e3, "12345.678900"]))
    assert found is not None
    grouping = found.dimensions[0].grouping
    assert isinstance(grouping, Bins)
    assert grouping.keys == ("..0", "0..2.5", "2.5..4", "4..1000", "1000..12345.6789", "12345.6789..")


def test_a_name_belongs_to_one_dimension() -> None:
    asked = report(field="ticket.csat", bins=[1])
    asked["pivot"] = [{"name": "it", "field": "ticket.csat", "width": 1}]
    assert problems_of(asked) == [("name_conflict", "/pivot/0/name")]
    asked = {**report(field="ticket.csat", bins=[1]), "formulas": [{"name": "it", "expression": "ticket.csat"}]}
    assert problems_of(asked) == [("name_conflict", "/dimensions/0/name")]


def test_a_condition_describes_its_own_groups_or_names_those_of_a_dimension() -> None:
    own = {"field": "ticket.csat", "bins": [2], "op": "eq", "values": ["..2"]}
    asked = {**report(field="ticket.csat", bins=[2]), "filters": {"field": "it", "op": "eq", "values": ["..2"]}}
    named = statements(asked).rows.sql
    assert statements({**asked, "filters": own}).rows.sql == named
    assert problems_of({**asked, "filters": {**own, "field": "it"}}) == [("bad_value", "/filters/bins")]
    assert problems_of({**asked, "having": own}) != []


def test_a_dimension_that_was_refused_is_one_problem_wherever_it_is_used() -> None:
    asked = report(field="ticket.csat", bins=[2, 1])
    asked["filters"] = {"field": "it", "op": "eq", "values": ["..2"]}
    assert problems_of(asked) == [("bad_value", "/dimensions/0/bins/1")]


def test_texts_of_groups_are_parameters() -> None:
    asked = report(field="ticket.subject", groups=[{"name": "x; DROP", "values": ["y; DROP"]}], others="z; DROP")
    assert "DROP" not in statements(asked).rows.sql
