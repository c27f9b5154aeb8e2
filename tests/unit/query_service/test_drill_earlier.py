"""The list behind a cell of an earlier snapshot, and the shape of what is sent."""

from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from services.query_service.domain.drill import AbsentFormula
from services.query_service.domain.drill_conditions import conjunction, of_empty_fields
from services.query_service.domain.drill_parsing import parse_drill
from tests.unit.query_service.dataset import BOOKING, catalog
from tests.unit.query_service.drilled import COUNT, FRENCH, FULL, OPEN, conditions, drilled

# What the snapshot before lacks (meaning 11)

BEFORE = catalog(
    BUILT_IN_CONTACT,
    BOOKING,
    Definition.model_validate(
        {
            "object": "ticket",
            "labels": {"singular": "Ticket", "plural": "Tickets"},
            "fields": [{"slug": "status", "type": "dropdown"}, {"slug": "csat", "type": "text"}],
            "relationships": [{"slug": "owner", "target": "contact"}],
        }
    ),
)


@pytest.mark.parametrize(
    ("dimension", "value", "found"),
    [
        ("ticket.status", "open", [OPEN]),
        ("ticket.urgent", None, []),
        ("ticket.urgent", True, [{"or": []}]),
        ("ticket.csat", None, []),
        ("ticket.tags", "vip", [{"or": []}]),
    ],
)
def test_a_field_that_the_snapshot_lacks_is_empty_in_it(dimension: str, value: Any, found: list[Any]) -> None:
    request = {**COUNT, "dimensions": [dimension]}
    assert conditions(request, [value], before=BEFORE) == found
    listed = drilled(request, [value], "ticket.count", before=BEFORE)["list"]
    assert listed == ["ticket._id", *(["ticket.status"] if dimension == "ticket.status" else [])]


def test_no_pair_is_behind_a_relationship_that_the_snapshot_lacks() -> None:
    found = drilled(FULL, ["open"], "contact.count", before=BEFORE)
    assert found["filters"] == {"and": [{"or": []}]}
    assert {"relationship", "contacts"}.isdisjoint(found)
    assert found["list"] == ["ticket._id", "ticket.status"]
    without = drilled({**COUNT, "contacts": "without"}, [], "ticket.count", before=BEFORE)
    assert {"relationship", "contacts", "filters"}.isdisjoint(without)


def test_contacts_are_not_kept_by_records_that_the_snapshot_lacks() -> None:
    request = {"object": "contact", "measures": ["contact.count"], "records": {"object": "ticket"}}
    found = drilled(request, [], "contact.count", before=BEFORE)
    assert (found["filters"], "records" in found) == ({"and": [{"or": []}]}, False)
    without = drilled(
        {**request, "records": {"object": "ticket", "match": "without"}}, [], "contact.count", before=BEFORE
    )
    assert {"filters", "records"}.isdisjoint(without)


def test_no_list_is_filtered_by_a_formula_of_a_field_that_the_snapshot_lacks() -> None:
    formulas = [{"name": "rated", "expression": "coalesce(ticket.csat, 0)"}]
    request = {**COUNT, "formulas": formulas, "dimensions": ["rated"]}
    with pytest.raises(AbsentFormula):
        conditions(request, [0.0], before=BEFORE)
    assert drilled(request, [], "ticket.count", before=BEFORE)["list"] == ["ticket._id"]


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        ({"and": [OPEN, {"field": "gone", "op": "neq", "values": [1]}]}, {"and": [OPEN]}),
        ({"and": [OPEN, {"field": "gone", "op": "is_not_empty"}]}, False),
        ({"or": [OPEN, {"field": "gone", "op": "eq", "values": [1]}]}, {"or": [OPEN]}),
        ({"or": [OPEN, {"field": "gone", "op": "none_of", "values": ["a"]}]}, True),
        ({"or": [{"and": [OPEN, {"field": "gone", "op": "gt", "values": [1]}]}]}, False),
        ({"and": []}, True),
        ({"or": []}, False),
    ],
)
def test_conditions_on_what_does_not_exist_are_decided(tree: dict[str, Any], found: Any) -> None:
    assert of_empty_fields(tree, {"gone"}) == found


def test_conditions_that_all_must_hold_are_not_nested_deeper() -> None:
    assert conjunction({"and": [OPEN, {"and": [FRENCH]}]}, None, {}, OPEN) == [OPEN, {"and": [FRENCH]}, OPEN]


# The shape of what is sent


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, [("required_missing", f"/{name}") for name in ("request", "row", "column")]),
        ({"request": [], "row": None, "column": "a"}, [("wrong_type", "/request")]),
        ({"request": {}, "column": 5, "row": "open"}, [("wrong_type", "/row"), ("wrong_type", "/column")]),
        ({"request": {}, "column": "a", "row": [["open"], {}]}, [("wrong_type", "/row/0"), ("wrong_type", "/row/1")]),
        ({"request": {}, "column": "a", "row": [1] * 101}, [("bad_value", "/row")]),
        ({"request": {}, "column": "a", "rows": []}, [("unknown_property", "/rows"), ("required_missing", "/row")]),
        ({"request": {"list": ["ticket._id"]}, "row": [], "column": "a"}, [("not_drillable", "/request/list")]),
        ([], [("wrong_type", "")]),
    ],
)
def test_what_is_wrong_with_a_cell_is_pointed_at(body: Any, problems: list[tuple[str, str]]) -> None:
    assert [(problem.code, problem.pointer) for problem in parse_drill(body)[1]] == problems


def test_null_is_the_row_of_totals() -> None:
    rows: tuple[dict[str, Any], ...] = ({"row": None}, {"row": []})
    for row in rows:
        asked, problems = parse_drill({"request": COUNT, "column": "ticket.count", **row})
        assert asked is not None
        assert (asked.row, len(problems)) == ((), 0)
