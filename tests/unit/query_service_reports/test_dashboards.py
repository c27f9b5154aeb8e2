"""A dashboard's filters beside those of its tiles, and what is read of what was sent."""

from typing import Any

import pytest

from services.query_service.domain.dashboards import TILES_MAX, TileSent, parse_dashboard
from services.query_service.domain.degrade import merged
from services.query_service.domain.looks import parse_look
from services.query_service.domain.saved import CHART_DEPTH_MAX, CHART_MEMBERS_MAX

A = {"field": "ticket.status", "op": "eq", "values": ["open"]}
B = {"field": "ticket.csat", "op": "is_empty"}
F = {"field": "contact.country", "op": "eq", "values": ["FR"]}
BASE = {"object": "ticket", "measures": ["ticket.count"]}


@pytest.mark.parametrize(
    ("own", "filters", "expected", "own_at", "shared_at"),
    [
        (None, F, {"and": [F]}, "/filters", "/filters/and/0"),
        ({}, F, {"and": [F]}, "/filters", "/filters/and/0"),
        (A, F, {"and": [A, F]}, "/filters/and/0", "/filters/and/1"),
        ({"or": [A, B]}, F, {"and": [{"or": [A, B]}, F]}, "/filters/and/0", "/filters/and/1"),
        ({"and": [A, B]}, F, {"and": [A, B, F]}, "/filters", "/filters/and/2"),
        ({"and": []}, {"or": [F]}, {"and": [{"or": [F]}]}, "/filters", "/filters/and/0"),
        (A, None, A, "/filters", ""),
        (A, {}, A, "/filters", ""),
    ],
)
def test_a_tile_is_asked_under_both_filters(own: Any, filters: Any, expected: Any, own_at: str, shared_at: str) -> None:
    request = BASE if own is None else {**BASE, "filters": own}
    found = merged(request, filters)
    assert (found.body["filters"], found.own, found.shared) == (expected, own_at, shared_at)
    assert {**found.body, "filters": own} == {**request, "filters": own}


def problems(body: Any) -> list[tuple[str, str]]:
    """(place, code or text) of every problem with a dashboard."""
    return [(problem.pointer, problem.text or problem.code) for problem in parse_dashboard(body)[1]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, [("", "wrong_type.object")]),
        ({"name": "A"}, []),
        ({"name": "A", "tiles": None, "filters": None}, []),
        ({"name": "A", "tiles": [], "filters": {}}, []),
        ({"name": "", "filters": []}, [("/name", "required_missing"), ("/filters", "wrong_type.object")]),
        ({"name": "A", "tiles": [{}] * (TILES_MAX + 1)}, [("/tiles", "too_many_tiles")]),
        ({"name": "A", "tiles": [{"look": 7}]}, [("/tiles/0/look", "wrong_type.text")]),
        ({"name": "A", "tiles": [{"look": ""}]}, [("/tiles/0/look", "required_missing")]),
        (
            {"name": "A", "tiles": [{"look": "x", "position": {"x": 1.5}}]},
            [("/tiles/0/position/x", "bad_value.position")],
        ),
        (
            {"name": "A", "tiles": [{"look": "x", "position": {"x": True}}]},
            [("/tiles/0/position/x", "bad_value.position")],
        ),
        (
            {"name": "A", "tiles": [{"look": "x", "position": dict.fromkeys("abcdefghi", 1)}]},
            [("/tiles/0/position", "too_long.list")],
        ),
        ({"name": "A", "tiles": [{"look": "x", "chart": {"type": 1}}]}, [("/tiles/0/chart/type", "wrong_type.text")]),
        ({"name": "A", "filters": {"and": {}}}, [("/filters/and", "wrong_type.array")]),
        ({"name": "A", "filters": {"field": "a.b", "op": "eq", "value": []}}, [("/filters/value", "unknown_property")]),
        ({"name": "A", "id": "x"}, [("/id", "unknown_property.read_only")]),
    ],
)
def test_every_problem_is_found_at_its_place(body: Any, expected: list[tuple[str, str]]) -> None:
    assert problems(body) == expected


def test_a_good_dashboard_is_read_as_it_was_sent() -> None:
    chart, position = {"type": "bar", "options": {"a": [1, None]}}, {"x": 0, "y": 1}
    tiles = [{"look": "x", "chart": chart, "position": position}, {"request": BASE}]
    sent, found = parse_dashboard({"name": "A", "description": "d", "tiles": tiles, "filters": F})
    assert list(found) == []
    assert sent is not None
    assert (sent.name, sent.description, sent.filters) == ("A", "d", F)
    assert sent.tiles == (TileSent("x", None, chart, position), TileSent(None, BASE, None, None))


def nested(depth: int) -> Any:
    """Lists in lists."""
    return [] if depth == 1 else [nested(depth - 1)]


@pytest.mark.parametrize(
    ("options", "good"),
    [
        (list(range(CHART_MEMBERS_MAX - 5)), True),
        (list(range(CHART_MEMBERS_MAX)), False),
        ({str(number): number for number in range(CHART_MEMBERS_MAX // 2)}, False),
        (nested(CHART_DEPTH_MAX - 1), True),
        (nested(CHART_DEPTH_MAX), False),
        ("x" * 10_000, True),
        ("x" * 10_001, False),
        ({"x" * 10_001: 1}, False),
    ],
)
def test_a_chart_is_free_within_bounds(options: Any, good: bool) -> None:
    _, found = parse_look({"name": "A", "request": BASE, "chart": {"type": "bar", "options": options}})
    assert [(problem.pointer, problem.code) for problem in found] == ([] if good else [("/chart", "too_large")])
