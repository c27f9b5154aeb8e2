"""Dashboards whose filters are mapped to fields of a tile, and dashboards asked for in part."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosslook.contracts.schemas import FieldType
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.dashboards import (
    BOOKINGS,
    CONTACTS,
    DASHBOARDS,
    FRANCE,
    IMPACT,
    TICKETS,
    dataset,
    look,
    opened,
    rows,
    saved,
    warned,
)
from tests.helpers.examples import NIGHTLY, examples
from tests.helpers.oracle import Oracle
from tests.helpers.oracle_truth import same
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.questions import datasets, filters_on
from tests.helpers.snapshots import PlainObject, publish

CSAT = {"field": "ticket.csat", "op": "gte", "values": [5]}
AT_LEAST_FIVE = {"and": [FRANCE, CSAT]}
ZONE, AS_OF = "America/Chicago", datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
_databases = count(1)
_numbers = count(1)
_HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, f"query_filtered_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, dataset())
        yield running


def fields(board: Mapping[str, Any]) -> list[tuple[list[str], list[str]]]:
    """The filters' fields that apply to each tile, and those that do not."""
    return [(tile["filters_applied"], tile["filters_not_applied"]) for tile in board["tiles"]]


async def test_a_tile_is_filtered_by_the_field_that_it_maps(stack: QueryStack) -> None:
    tiles = [
        {"request": TICKETS},
        {"request": BOOKINGS},
        {"request": BOOKINGS, "filter_fields": {"ticket.csat": "booking.minutes"}},
        {"request": TICKETS, "filter_fields": {"contact.country": None}},
    ]
    dashboard = await saved(stack, *tiles, filters=AT_LEAST_FIVE)
    assert ["filter_fields" in tile for tile in dashboard["tiles"]] == [False, False, True, True]
    assert dashboard["tiles"][3]["filter_fields"] == {"contact.country": None}
    board = await opened(stack, dashboard)
    assert rows(board) == [[], [[1]], [[1]], [["solved", 1]]]
    assert fields(board) == [
        (["contact.country", "ticket.csat"], []),
        (["contact.country"], ["ticket.csat"]),
        (["contact.country", "ticket.csat"], []),
        (["ticket.csat"], ["contact.country"]),
    ]
    assert [warned(tile) for tile in board["tiles"]] == [[], [("filter_not_applied", "/filters/and/1")], [], []]


async def test_a_mapping_whose_field_went_is_said_in_the_dashboards_words(stack: QueryStack) -> None:
    tile = {"look": (await look(stack, BOOKINGS))["id"], "filter_fields": {"ticket.csat": "booking.minutes"}}
    dashboard = await saved(stack, tile, filters={"and": [CSAT, FRANCE]})
    await publish(stack.clickhouse, stack.snapshots, _without_minutes(), number=2)
    board = await opened(stack, dashboard)
    assert (rows(board), fields(board)) == ([[[1]]], [(["contact.country"], ["ticket.csat"])])
    (warning,) = board["tiles"][0]["result"]["warnings"]
    assert (warning["code"], warning["pointer"]) == ("filter_not_applied", "/filters/and/0")
    assert "ticket.csat" in warning["message"]


def _without_minutes() -> dict[str, list[PlainObject]]:
    *others, booking = dataset()["acme"]
    left = [field for field in booking.definition.fields if field.slug != "minutes"]
    definition = type(booking.definition).model_validate({**dict(booking.definition), "fields": left})
    return {"acme": [*others, PlainObject(definition, booking.rows)]}


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ({"ticket.csat": "booking.mintes"}, ("unknown_field", "/ticket.csat", "booking.minutes")),
        ({"ticket.csat": "ticket.csat"}, ("join_not_allowed", "/ticket.csat", None)),
        ({"ticket.csat": "contact.country"}, ("bad_value", "/ticket.csat", None)),
        ({"ticket.cst": "booking.minutes"}, ("unknown_field", "/ticket.cst", "ticket.csat")),
        ({"ticket.cst": None}, ("unknown_field", "/ticket.cst", "ticket.csat")),
        ({"tickt.csat": None}, ("unknown_object", "/tickt.csat", "ticket")),
    ],
)
async def test_a_mapping_that_cannot_be_asked_is_not_saved(
    stack: QueryStack, mapping: Any, problem: tuple[str, str, str | None]
) -> None:
    shown = await look(stack, BOOKINGS)
    code, where, suggestion = problem
    for tile in ({"request": BOOKINGS}, {"look": shown["id"]}):
        tiles = [{"request": TICKETS}, {**tile, "filter_fields": mapping}]
        refused = await stack.client.post(DASHBOARDS, json={"name": "A", "tiles": tiles})
        errors = [(error["code"], error["pointer"], error.get("suggestion")) for error in refused.json()["errors"]]
        assert (refused.status_code, errors) == (422, [(code, f"/tiles/1/filter_fields{where}", suggestion)])


async def test_the_removal_of_a_mapped_field_has_an_impact(stack: QueryStack) -> None:
    await saved(stack, {"request": BOOKINGS, "filter_fields": {"ticket.csat": "booking.minutes"}})
    found = await stack.client.get(IMPACT, params={"object": "booking", "field": "minutes"})
    assert [item["loses"] for item in found.json()["items"]] == [["booking.minutes"]]


async def test_other_filters_than_the_saved_ones_can_be_asked(stack: QueryStack) -> None:
    tiles = [{"request": request} for request in (TICKETS, CONTACTS)]
    dashboard = await saved(stack, *tiles, filters=FRANCE)
    for filters, expected in (
        ({"and": [CSAT]}, [[["solved", 1]], [["DE", 1], ["FR", 1]]]),
        ({}, [[["open", 2], ["solved", 1]], [["DE", 1], ["FR", 1]]]),
    ):
        board = await opened(stack, dashboard, params={"filters": json.dumps(filters)})
        assert (rows(board), board["filters"]) == (expected, filters or None)
    assert (await opened(stack, dashboard))["filters"] == FRANCE


async def test_tiles_are_loaded_in_parts_of_one_snapshot(stack: QueryStack) -> None:
    dashboard = await saved(stack, *({"request": request} for request in (TICKETS, BOOKINGS, CONTACTS)))
    first = await opened(stack, dashboard, params={"tiles": "2,0,2"})
    assert [tile["index"] for tile in first["tiles"]] == [0, 2]
    await publish(stack.clickhouse, stack.snapshots, dataset(tickets=9), number=2)
    pinned = {"tiles": "0", "snapshot": first["snapshot"]["id"]}
    assert rows(await opened(stack, dashboard, params=pinned)) == [[["open", 2], ["solved", 1]]]
    assert rows(await opened(stack, dashboard, params={"tiles": "0"})) == [[["open", 8], ["solved", 1]]]
    assert [tile["index"] for tile in (await opened(stack, dashboard))["tiles"]] == [0, 1, 2]


async def test_each_way_of_asking_has_its_entity_tag(stack: QueryStack) -> None:
    dashboard = await saved(stack, {"request": CONTACTS}, {"request": CONTACTS}, filters=CSAT)
    path, tags = f"{DASHBOARDS}/{dashboard['id']}/result", set()
    ways: list[dict[str, str]] = [
        {},
        {"tiles": "0"},
        {"tiles": "1"},
        {"filters": "{}"},
        {"filters": json.dumps(FRANCE)},
    ]
    for way in ways:
        tag = (await stack.client.get(path, params=way)).headers["etag"]
        again = await stack.client.get(path, params=way, headers={"If-None-Match": tag})
        assert again.status_code == 304
        tags.add(tag)
    assert len(tags) == len(ways)


@pytest.mark.parametrize(
    ("asked", "status", "problem"),
    [
        ({"tiles": "1"}, 422, ("bad_parameter", "/tiles")),
        ({"tiles": "a"}, 422, ("bad_parameter", "/tiles")),
        ({"tiles": ""}, 422, ("bad_parameter", "/tiles")),
        ({"filters": "{"}, 422, ("not_json", "/filters")),
        ({"filters": '{"or": [{"field": "x"}]}'}, 422, ("required_missing", "/filters/or/0/op")),
        ({"filters": json.dumps({**FRANCE, "field": "contact.contry"})}, 422, ("unknown_field", "/filters/field")),
        ({"filters": json.dumps({"and": [{**CSAT, "values": ["x"]}]})}, 422, ("bad_value", "/filters/and/0/values/0")),
        ({"snapshot": "s9"}, 404, ("unknown_snapshot", None)),
    ],
)
async def test_what_cannot_be_asked_is_refused_at_its_parameter(
    stack: QueryStack, asked: dict[str, str], status: int, problem: tuple[str, str | None]
) -> None:
    dashboard = await saved(stack, {"request": TICKETS})
    response = await stack.client.get(f"{DASHBOARDS}/{dashboard['id']}/result", params=asked)
    body = response.json()
    places = [error["pointer"] for error in body.get("errors", [])]
    assert (response.status_code, body["code"], places) == (status, problem[0], [problem[1]] if problem[1] else [])


async def test_a_saved_filter_whose_field_went_can_be_sent_back(stack: QueryStack) -> None:
    minutes = {"field": "booking.minutes", "op": "gte", "values": [5]}
    dashboard = await saved(stack, {"request": BOOKINGS}, filters={"and": [minutes, FRANCE]})
    await publish(stack.clickhouse, stack.snapshots, _without_minutes(), number=2)
    germany = {**FRANCE, "values": ["DE"]}
    board = await opened(stack, dashboard, params={"filters": json.dumps({"and": [minutes, germany]})})
    assert (rows(board), fields(board)) == ([[[1]]], [(["contact.country"], ["booking.minutes"])])


MAPPING = {
    "ticket.subject": "ticket.status",
    "ticket.score": "contact.age",
    "contact.country": "ticket.subject",
    "ticket.amount": None,
    "ticket.urgent": None,
}
NAMED = {
    **{"ticket.subject": FieldType.TEXT, "ticket.score": FieldType.NUMBER, "ticket.amount": FieldType.CURRENCY},
    **{"ticket.urgent": FieldType.BOOLEAN, "contact.country": FieldType.TEXT, "ticket.due_on": FieldType.DATE},
}
QUESTION: dict[str, Any] = {
    **{"object": "ticket", "dimensions": ["contact._id"], "measures": ["ticket.count", "contact.count"]},
    **{"relationship": "watchers"},
}


def as_mapped(tree: Any) -> Any:
    """What the mapping means: each condition on its other field; those without one do not count, nor does a group of
    which none is left."""
    if "field" in tree:
        name = MAPPING.get(tree["field"], tree["field"])
        return {**tree, "field": name} if name is not None else None
    ((kind, parts),) = tree.items()
    left = [part for part in map(as_mapped, parts) if part is not None]
    return {kind: left} if left or not parts else None


@pytest.fixture(scope="module")
async def random(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_filtered_oracle") as running:
        yield running


@st.composite
def _filters(draw: st.DrawFn) -> dict[str, Any]:
    return filters_on(draw, NAMED)


@settings(max_examples=examples(8, 500), deadline=None, derandomize=not NIGHTLY, suppress_health_check=_HEALTH)
@given(dataset=datasets(least=3), asked=st.lists(_filters(), min_size=3, max_size=3))
async def test_a_mapped_tile_has_the_figures_of_the_brute_force_model(
    random: QueryStack, dataset: list[PlainObject], asked: list[dict[str, Any]]
) -> None:
    await publish(random.clickhouse, random.snapshots, {"acme": dataset}, number=next(_numbers), as_of=AS_OF)
    dashboard = await saved(random, {"request": QUESTION, "filter_fields": MAPPING})
    oracle = Oracle(dataset, AS_OF, ZONE)
    for filters in asked:
        board = await opened(random, dashboard, params={"filters": json.dumps(filters)})
        truth = oracle.answer({**QUESTION, "filters": as_mapped(filters) or {}})
        assert same(truth.rows, rows(board)[0]), (filters, truth.rows, board)
    await random.client.delete(f"{DASHBOARDS}/{dashboard['id']}")
