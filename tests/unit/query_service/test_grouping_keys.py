"""A condition on a key that no row can have is answered, with a warning."""

from typing import Any

import pytest

from tests.unit.query_service.dataset import resolved

BINS = {"field": "ticket.csat", "bins": [1, 2]}
TENTHS = {"field": "ticket.csat", "width": "0.1"}
TENS = {"field": "ticket.csat", "width": 10}
AMOUNTS = {"field": "ticket.amount", "width": "2.5"}
DONE: list[dict[str, Any]] = [{"name": "Done", "values": ["solved"]}]
PHASES = {"field": "ticket.status", "groups": DONE}
WITH_REST = {**PHASES, "others": "Rest"}
TEXTS = {"field": "ticket.subject", "groups": DONE}
FLAGS = {"field": "ticket.urgent", "groups": [{"name": "Yes", "values": [True]}]}
KINDS = {"field": "ticket.tags", "groups": [{"name": "A", "values": ["vip"]}], "others": "B"}


def warned(grouped: dict[str, Any], op: str, *values: Any) -> list[tuple[str, str]]:
    """The warnings of a filter that describes the bins or groups; they are those of one on the column, too."""
    tested: dict[str, Any] = {"op": op, "values": list(values)}
    asked = {"object": "ticket", "measures": ["ticket.count"]}
    report, problems = resolved({**asked, "filters": {**grouped, **tested}})
    assert report is not None
    assert problems == []
    if op != "any_of":
        dimension, having = {**grouped, "name": "it"}, {**tested, "field": "it"}
        by_column, _ = resolved({**asked, "dimensions": [dimension], "having": having})
        assert by_column is not None
        places = [warning.pointer for warning in by_column.warnings if "/groups/" not in warning.pointer]
        assert places == [warning.pointer.replace("filters", "having") for warning in report.warnings]
    assert {warning.code for warning in report.warnings} <= {"unknown_option"}
    return [(warning.pointer, str(warning.values["value"])) for warning in report.warnings]


@pytest.mark.parametrize(
    ("grouped", "key"),
    [
        (BINS, "1..3"),
        (WITH_REST, "open"),
        (PHASES, "solved"),
        (PHASES, "no such option"),
        (TEXTS, "solved"),
        (FLAGS, "true"),
        (TENS, 5),
        (TENTHS, 0.30000000000000004),
        (AMOUNTS, "2.6"),
    ],
)
def test_a_key_that_cannot_occur_is_a_warning(grouped: dict[str, Any], key: Any) -> None:
    assert warned(grouped, "eq", key) == [("/filters/values/0", str(key))]
    assert warned(grouped, "neq", key) == [("/filters/values/0", str(key))]


@pytest.mark.parametrize(
    ("grouped", "key"),
    [
        (BINS, "1..2"),
        (BINS, "..1"),
        (WITH_REST, "Rest"),
        (PHASES, "Done"),
        (PHASES, "open"),
        (TEXTS, "any text"),
        (FLAGS, "false"),
        (TENS, -20),
        (TENTHS, 0.3),
        (TENTHS, -(2.0**53)),
        (AMOUNTS, "-2.50"),
        (AMOUNTS, 0),
    ],
)
def test_a_key_that_can_occur_is_none(grouped: dict[str, Any], key: Any) -> None:
    assert warned(grouped, "eq", key) == []


def test_edges_that_values_are_compared_with_need_not_be_keys() -> None:
    assert warned(TENS, "gte", 5) == []


def test_groups_of_several_values_are_looked_at() -> None:
    assert warned(KINDS, "any_of", "A", "vip", "B") == [("/filters/values/1", "vip")]


def test_a_key_that_was_probably_meant_is_suggested() -> None:
    condition = {**WITH_REST, "op": "eq", "values": ["Dnoe"]}
    report, _ = resolved({"object": "ticket", "measures": ["ticket.count"], "filters": condition})
    assert report is not None
    assert [str(warning.suggestion) for warning in report.warnings] == ["Done"]
