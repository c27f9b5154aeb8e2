"""Lists that are saved: as Looks, as tiles of dashboards, and when something that they name goes."""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from crosslook.contracts.schemas import Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import state, without_fields
from tests.helpers.dashboards import DASHBOARDS, IMPACT, opened
from tests.helpers.dashboards import saved as saved_dashboard
from tests.helpers.looks import LOOKS, dataset, reopened, saved
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish
from tests.unit.query_service.dataset import TICKET

LIST = {
    "object": "ticket",
    "list": ["ticket._id", "ticket.csat", "contact.country"],
    "sort": [{"field": "ticket.csat", "direction": "desc"}],
    "limit": 2,
}
LOOK = {"name": "Worst tickets", "request": LIST}
_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, f"query_list_looks_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, dataset())
        await running.define(state(TICKET))
        yield running


def _heads(found: dict[str, Any]) -> list[str]:
    return [column["name"] for column in found["columns"]]


def _warned(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(warning["pointer"], warning["code"]) for warning in found["warnings"]]


async def test_a_look_of_a_list_is_answered_and_confirmed_by_its_tag(stack: QueryStack) -> None:
    look = await saved(stack, LOOK)
    found = await reopened(stack, look)
    assert found["rows"] == [["t3", 5, "DE"], ["t2", 4, "FR"]]
    assert (found["matching"], found["truncated"]) == (3, True)
    tag = (await stack.client.get(f"{LOOKS}/{look['id']}/result")).headers["etag"]
    again = await stack.client.get(f"{LOOKS}/{look['id']}/result", headers={"If-None-Match": tag})
    assert again.status_code == 304
    rest = (await stack.ask({**LIST, "after": found["next"]})).json()
    assert (rest["rows"], rest["next"]) == ([["t1", 2, "FR"]], None)


async def test_a_saved_list_begins_at_its_first_row(stack: QueryStack) -> None:
    token = (await stack.ask(LIST)).json()["next"]
    refused = await stack.client.post(LOOKS, json={**LOOK, "request": {**LIST, "after": token}})
    assert refused.status_code == 422
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("/request/after", "bad_value")
    ]
    assert "first row" in refused.json()["errors"][0]["message"]


async def test_a_field_that_goes_is_left_out_of_the_list_and_of_its_sort(stack: QueryStack) -> None:
    look = await saved(stack, LOOK)
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    found = await reopened(stack, look)
    assert _heads(found) == ["ticket._id", "contact.country"]
    assert found["rows"] == [["t1", "FR"], ["t2", "FR"]]
    assert _warned(found) == [("/request/list/1", "left_out"), ("/request/sort/0", "left_out")]
    assert found["warnings"][0]["message"].startswith("ticket.csat is no longer available in this snapshot, so it was")


async def test_without_its_relationship_the_records_are_what_is_left(stack: QueryStack) -> None:
    look = await saved(stack, {"name": "A", "request": {**LIST, "relationship": "requester"}})
    others = [{"slug": "owner", "target": "contact"}]
    moved = Definition.model_validate({**TICKET.model_dump(exclude_unset=True), "relationships": others})
    await publish(stack.clickhouse, stack.snapshots, dataset(moved), number=2)
    found = await reopened(stack, look)
    assert (_heads(found), found["matching"], found["join"]) == (["ticket._id", "ticket.csat"], 3, None)
    assert ("/request/list/2", "left_out") in _warned(found)


async def test_a_list_of_which_nothing_is_left_is_refused(stack: QueryStack) -> None:
    look = await saved(stack, {"name": "A", "request": {"object": "ticket", "list": ["ticket.csat"]}})
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    response = await stack.client.get(f"{LOOKS}/{look['id']}/result")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/request/list/0")


async def test_a_field_that_is_leaving_is_a_warning(stack: QueryStack) -> None:
    await stack.define(state(without_fields(TICKET, "csat"), version=2))
    assert _warned((await stack.ask(LIST)).json()) == [("/list/1", "leaving")]


async def test_a_tile_shows_a_list_under_the_filters_of_its_dashboard(stack: QueryStack) -> None:
    open_ones = {"field": "ticket.status", "op": "eq", "values": ["open"]}
    french = {"field": "contact.country", "op": "eq", "values": ["FR"]}
    alone = {"object": "ticket", "list": ["ticket._id"]}
    dashboard = await saved_dashboard(
        stack, {"request": alone}, {"request": LIST}, filters={"and": [open_ones, french]}
    )
    tiles = (await opened(stack, dashboard))["tiles"]
    assert [tile["result"]["rows"] for tile in tiles] == [[["t1"], ["t2"]], [["t2", 4, "FR"], ["t1", 2, "FR"]]]
    assert [tile["result"]["matching"] for tile in tiles] == [2, 2]


async def test_a_dashboard_keeps_a_list_only_without_a_token(stack: QueryStack) -> None:
    token = (await stack.ask(LIST)).json()["next"]
    body = {"name": "D", "tiles": [{"request": {**LIST, "after": token}}]}
    refused = await stack.client.post(DASHBOARDS, json=body)
    assert refused.json()["errors"][0]["pointer"] == "/tiles/0/request/after"


async def test_impact_names_what_a_list_would_lose(stack: QueryStack) -> None:
    look = await saved(stack, LOOK)

    async def loses(**asked: str) -> list[list[str]]:
        found = (await stack.client.get(IMPACT, params=asked)).json()
        assert {item["id"] for item in found["items"]} <= {look["id"]}
        return [item["loses"] for item in found["items"]]

    assert await loses(object="ticket", field="csat") == [["ticket.csat"]]
    assert await loses(object="ticket", field="_id") == []
    assert await loses(object="ticket") == [["ticket.csat", "ticket.requester"]]
    assert await loses(object="contact", field="country") == [["contact.country"]]
