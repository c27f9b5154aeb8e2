"""A dashboard's filters on the fields that a tile maps them to."""

import json
import re
from typing import Any

import pytest

from crosslook.contracts.problems import Problem
from services.query_service.domain.dashboards import FILTER_FIELDS_MAX, parse_dashboard
from services.query_service.domain.filter_fields import NOT_APPLIED, FilterFields, tile_filters
from services.query_service.domain.parsing import parse_filters, parse_request
from tests.architecture.sources import ROOT

A = {"field": "ticket.status", "op": "eq", "values": ["open"]}
B = {"field": "ticket.csat", "op": "is_empty"}
F = {"field": "contact.country", "op": "eq", "values": ["FR"]}
PHASE = {**A, "field": "booking.phase"}
STATUS = {"ticket.status": "booking.phase"}
NO_STATUS = {"ticket.status": None}


@pytest.mark.parametrize(
    ("filters", "fields", "asked"),
    [
        (None, STATUS, None),
        (A, None, A),
        (A, {}, A),
        (A, STATUS, PHASE),
        (A, NO_STATUS, None),
        (A, {"ticket.csat": None}, A),
        ({"and": [F, {"or": [A, B]}]}, STATUS, {"and": [F, {"or": [PHASE, B]}]}),
        ({"and": [F, {"or": [A, A]}]}, NO_STATUS, {"and": [F]}),
        ({"or": [A]}, NO_STATUS, None),
        ({"and": [A, F, B]}, {**NO_STATUS, "ticket.csat": "ticket.status"}, {"and": [F, {**B, "field": A["field"]}]}),
    ],
)
def test_conditions_are_asked_of_the_mapped_field_or_left_out(filters: Any, fields: FilterFields, asked: Any) -> None:
    assert tile_filters(filters, fields).asked == asked


def test_a_warning_has_its_place_and_its_name_in_the_dashboards_filters() -> None:
    mapped = tile_filters({"and": [B, A, F]}, {"ticket.csat": None, "ticket.status": "booking.phase"})
    ignored = Problem(NOT_APPLIED, "/filters/and/0", values={"name": "booking.phase"})
    assert mapped.original(ignored) == Problem(NOT_APPLIED, "/filters/and/1", values={"name": "ticket.status"})
    option = Problem("unknown_option", "/filters/and/1/values/0")
    assert mapped.original(option).pointer == "/filters/and/2/values/0"
    elsewhere = Problem("left_out", "/request/filters/and/0")
    assert mapped.original(elsewhere) == elsewhere


def test_the_fields_that_apply_are_told_from_those_that_do_not() -> None:
    mapped = tile_filters({"and": [B, A, F, {"or": [A, F]}]}, {"ticket.csat": None})
    warnings = [Problem(NOT_APPLIED, "/filters/and/2"), Problem("unknown_option", "/filters/and/1/values/0")]
    assert mapped.fields(warnings) == (["ticket.status", "contact.country"], ["ticket.csat", "contact.country"])
    assert tile_filters(None, None).fields([]) == ([], [])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, []),
        (None, []),
        ({"a.b": None, "a.c": "d.e"}, []),
        ([], [("", "wrong_type.object")]),
        ({"a.b": 0}, [("/a.b", "wrong_type.text")]),
        ({"a.b": ""}, [("/a.b", "required_missing")]),
        ({"a/b": ["c.d"]}, [("/a~1b", "wrong_type.text")]),
        ({f"a.f{number}": None for number in range(FILTER_FIELDS_MAX + 1)}, [("", "too_long.list")]),
    ],
)
def test_a_mapping_is_read_strictly(sent: Any, expected: list[tuple[str, str]]) -> None:
    tile = {"look": "x", "filter_fields": sent}
    _, found = parse_dashboard({"name": "A", "tiles": [tile]})
    place = "/tiles/0/filter_fields"
    assert [(problem.pointer, problem.text or problem.code) for problem in found] == [
        (place + where, text) for where, text in expected
    ]


def test_the_page_about_filters_shows_what_is_taken() -> None:
    page = (ROOT / "docs/how-to/filter-a-dashboard.md").read_text(encoding="utf-8")
    (body,), (filters,) = re.findall(r"-d '(\{.*\})'", page), re.findall(r"'filters=(\{.*\})'", page)
    sent, problems = parse_dashboard(json.loads(body))
    assert sent is not None
    for tile in sent.tiles:
        assert tile is not None
        problems.extend(parse_request(tile.request, 500)[1])
    parse_filters(json.loads(filters), problems)
    assert (list(problems), [tile.filter_fields for tile in sent.tiles if tile]) == (
        [],
        [None, {"ticket.opened_at": "booking.starts_at"}, {"contact.country": None}],
    )
