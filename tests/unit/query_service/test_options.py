"""A value that is no option of its field is a warning wherever a report names it, with its place and what was meant."""

from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from tests.unit.query_service.dataset import catalog, resolved

THING = Definition.model_validate(
    {
        "object": "thing",
        "labels": {"singular": "Thing", "plural": "Things"},
        "fields": [
            {"slug": "kind", "type": "dropdown", "options": [{"value": "large"}, {"value": "small"}]},
            {"slug": "sort", "type": "dropdown", "options": [{"value": "red"}]},
            {"slug": "marks", "type": "multiselect", "options": [{"value": "new"}]},
            {"slug": "tags", "type": "multiselect"},
            {"slug": "name", "type": "text"},
        ],
        "relationships": [{"slug": "owner", "target": "contact"}],
    }
)
BASE: dict[str, Any] = {
    "object": "thing",
    "dimensions": ["thing.kind", "thing.marks", "thing.tags", "thing.name"],
    "measures": ["thing.count"],
}
PIVOTED = {**BASE, "dimensions": ["thing.name"], "pivot": ["thing.kind"]}
COLUMN = "thing.count|lareg"
ASIDE = {"name": "a", "expression": "1"}


def warned(request: Any) -> list[tuple[str, str, str]]:
    """(place, value, suggestion) of every warning about an option."""
    report, problems = resolved(request, catalog(BUILT_IN_CONTACT, THING))
    assert report is not None, problems
    assert problems == []
    assert {warning.code for warning in report.warnings} <= {"unknown_option"}
    return [(warning.pointer, str(warning.values["value"]), str(warning.suggestion)) for warning in report.warnings]


def condition(field: str, op: str, *values: str) -> dict[str, Any]:
    return {"field": field, "op": op, "values": list(values)}


@pytest.mark.parametrize(
    ("more", "where", "value"),
    [
        ({"filters": {"and": [condition("thing.kind", "eq", "lareg")]}}, "/filters/and/0/values/0", "lareg"),
        ({"having": {"and": [condition("thing.kind", "eq", "lareg")]}}, "/having/and/0/values/0", "lareg"),
        ({"having": condition("thing.kind", "in", "small", "lareg")}, "/having/values/1", "lareg"),
        ({"having": condition("thing.kind", "not_in", "lareg")}, "/having/values/0", "lareg"),
        ({"having": condition("thing.marks", "neq", "nwe")}, "/having/values/0", "nwe"),
        ({"calculations": [ASIDE, {"name": "b", "expression": "if(thing.kind = 'lareg', 1, 0)"}]}, "", "lareg"),
        ({"calculations": [ASIDE, {"name": "b", "expression": "'lareg' != [thing.kind]"}]}, "", "lareg"),
    ],
)
def test_a_value_that_is_no_option_is_warned_of(more: dict[str, Any], where: str, value: str) -> None:
    meant = {"lareg": "large", "nwe": "new"}[value]
    assert warned({**BASE, **more}) == [(where or "/calculations/1/expression", value, meant)]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"having": condition(COLUMN, "eq", "1") | {"values": [1]}}, "/having/field"),
        ({"sort": [{"field": COLUMN, "direction": "desc"}]}, "/sort/0/field"),
        ({"calculations": [{"name": "b", "expression": f"[{COLUMN}] / [{COLUMN}]"}]}, "/calculations/0/expression"),
    ],
)
def test_a_pivoted_column_of_no_option_is_warned_of_once(more: dict[str, Any], where: str) -> None:
    assert warned({**PIVOTED, **more}) == [(where, "lareg", "large")]


def test_each_value_in_the_name_of_a_column_under_two_pivots_is_looked_at() -> None:
    request = {**PIVOTED, "pivot": ["thing.kind", "thing.sort"], "sort": [{"field": "thing.count|small|rde"}]}
    assert warned(request) == [("/sort/0/field", "rde", "red")]


@pytest.mark.parametrize(
    "request_",
    [
        {**BASE, "having": condition("thing.kind", "in", "large", "small")},
        {**BASE, "having": condition("thing.kind", "contains", "lar")},
        {**BASE, "having": condition("thing.tags", "eq", "anything")},
        {**BASE, "having": condition("thing.name", "eq", "anything")},
        {**BASE, "calculations": [{"name": "b", "expression": "if(thing.kind = 'large', 'lareg', thing.name)"}]},
        {**PIVOTED, "sort": [{"field": f"thing.count|{name}"} for name in ("large", "null", "null#2")]},
        {**PIVOTED, "dimensions": [], "pivot": ["thing.name"], "sort": [{"field": "thing.count|anything"}]},
        {
            **PIVOTED,
            "dimensions": [],
            "pivot": ["thing.name", "thing.kind"],
            "sort": [{"field": "thing.count|a|b|large"}],
        },
    ],
)
def test_nothing_is_said_of_what_may_be_there(request_: dict[str, Any]) -> None:
    assert warned(request_) == []
