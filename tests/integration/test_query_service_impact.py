"""The impact list: which saved reports would lose something, and that they then do."""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import state, without_fields
from tests.helpers.dashboards import (
    BOOKINGS,
    FRANCE,
    IMPACT,
    LOOKS,
    TICKETS,
    dataset,
    look,
    opened,
    rows,
    saved,
    warned,
)
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import BOOKING, TICKET

_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, f"query_impact_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, dataset())
        yield running


async def _impact(stack: QueryStack, **asked: Any) -> list[tuple[str, str, list[str]]]:
    response = await stack.client.get(IMPACT, params=asked)
    assert response.status_code == 200, response.text
    return [(item["kind"], item["name"], item["loses"]) for item in response.json()["items"]]


async def test_the_impact_names_what_would_lose_something(stack: QueryStack) -> None:
    csat = {"object": "ticket", "measures": ["ticket.csat.avg"], "dimensions": ["contact.country"]}
    first = await look(stack, csat, "CSAT")
    await look(stack, TICKETS, "Tickets")
    await look(stack, BOOKINGS, "Bookings")
    await saved(stack, {"look": first["id"]}, {"request": BOOKINGS})
    assert await _impact(stack, object="ticket", field="csat") == [
        ("dashboard", "Support", ["ticket.csat"]),
        ("look", "CSAT", ["ticket.csat"]),
    ]
    assert await _impact(stack, object="ticket") == [
        ("dashboard", "Support", ["ticket.csat", "ticket.requester"]),
        ("look", "CSAT", ["ticket.csat", "ticket.requester"]),
        ("look", "Tickets", ["ticket.count", "ticket.status"]),
    ]
    assert await _impact(stack, object="booking", field="invitee") == [
        ("dashboard", "Support", ["booking.invitee"]),
        ("look", "Bookings", ["booking.invitee"]),
    ]
    assert await _impact(stack, object="ticket", field="subject") == []


async def test_the_impact_comes_page_by_page(stack: QueryStack) -> None:
    for name in ("b", "a", "c"):
        await look(stack, TICKETS, name)
    first = (await stack.client.get(IMPACT, params={"object": "ticket", "page_size": 2})).json()
    params = {"object": "ticket", "page_token": first["next_page_token"]}
    second = (await stack.client.get(IMPACT, params=params)).json()
    assert [item["name"] for item in (*first["items"], *second["items"])] == ["a", "b", "c"]
    assert second["next_page_token"] is None


async def test_what_the_impact_says_is_what_a_look_then_loses(stack: QueryStack) -> None:
    asked = {**TICKETS, "measures": ["ticket.count", "ticket.csat.avg"]}
    kept, losing = await look(stack, TICKETS, "Kept"), await look(stack, asked, "Losing")
    foretold = await _impact(stack, object="ticket", field="csat")
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    warnings = {
        entry["name"]: (await stack.client.get(f"{LOOKS}/{entry['id']}/result")).json()["warnings"]
        for entry in (kept, losing)
    }
    assert [name for _, name, _ in foretold] == [name for name, found in warnings.items() if found] == ["Losing"]


async def test_a_schema_that_lost_a_relationship_takes_the_contact_out_of_its_tiles(stack: QueryStack) -> None:
    asked = {**BOOKINGS, "dimensions": ["contact.country"], "contacts": "with"}
    dashboard = await saved(stack, {"request": asked}, filters=FRANCE)
    lost = BOOKING.model_copy(update={"relationships": BOOKING.relationships[1:]})
    changed = {"acme": [*dataset()["acme"][:2], PlainObject(lost, [PlainRow("b", {}, {"guests": ["ann"]})])]}
    await publish(stack.clickhouse, stack.snapshots, changed, number=2)
    await stack.define(state(lost, version=2))
    board = await opened(stack, dashboard)
    assert rows(board) == [[[1]]]
    assert warned(board["tiles"][0]) == [
        ("filter_not_applied", "/filters"),
        ("left_out", "/request/relationship"),
        ("left_out", "/request/dimensions/0"),
        ("left_out", "/request/contacts"),
    ]
