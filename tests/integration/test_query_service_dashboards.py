"""Dashboards over HTTP on a real engine: tiles, shared filters, one snapshot, one failure alone."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from crosslook.platform.settings import ClickHouseSettings
from services.query_service.answering.preparation import Prepared
from services.query_service.answering.runner import Answer, ReportRunner
from services.query_service.settings import QuerySettings
from tests.helpers.builders import without_fields
from tests.helpers.dashboards import (
    BOOKINGS,
    CONTACTS,
    DASHBOARDS,
    FRANCE,
    LOOKS,
    PLACE,
    TICKETS,
    dataset,
    look,
    opened,
    rows,
    saved,
    warned,
)
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish
from tests.unit.query_service.dataset import TICKET

_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, f"query_boards_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, dataset())
        yield running


async def test_a_dashboard_comes_back_as_it_was_sent(stack: QueryStack) -> None:
    shown = await look(stack, TICKETS)
    tiles = [{"look": shown["id"], "position": PLACE}, {"request": BOOKINGS, "chart": {"type": "number"}}]
    body = {"name": "Support", "description": "Mornings", "tiles": tiles, "filters": FRANCE}
    response = await stack.client.post(DASHBOARDS, json=body)
    found = response.json()
    assert (response.status_code, response.headers["etag"]) == (201, '"1"')
    assert response.headers["location"] == f"{DASHBOARDS}/{found['id']}"
    whole = [
        {"look": shown["id"], "request": None, "chart": None, "position": PLACE},
        {"look": None, "request": BOOKINGS, "chart": {"type": "number"}, "position": None},
    ]
    told = {"version": 1, "created_at": "2026-11-23T18:00:00Z", "updated_at": "2026-11-23T18:00:00Z"}
    assert found == {**body, "id": found["id"], "tiles": whole, **told}
    assert (await stack.client.get(response.headers["location"])).json() == found
    assert (await stack.client.get(DASHBOARDS)).json()["items"] == [
        {**{name: found[name] for name in ("id", "version", "name", "description", "created_at", "updated_at")}}
        | {"tile_count": 2}
    ]


async def test_a_dashboard_needs_no_tiles(stack: QueryStack) -> None:
    empty = await saved(stack)
    assert (empty["tiles"], empty["filters"]) == ([], None)
    assert (await opened(stack, empty))["tiles"] == []


async def test_a_dashboard_is_changed_and_deleted_as_a_look_is(stack: QueryStack) -> None:
    path = f"{DASHBOARDS}/{(await saved(stack))['id']}"
    changed = {"name": "Support", "tiles": [{"request": BOOKINGS}]}
    for headers, expected in (({}, 428), ({"If-Match": '"2"'}, 412), ({"If-Match": '"1"'}, 200)):
        assert (await stack.client.put(path, json=changed, headers=headers)).status_code == expected
    assert (await stack.client.get(path)).json()["version"] == 2
    assert (await stack.client.delete(path, headers={"If-Match": '"1"'})).status_code == 412
    assert (await stack.client.delete(path)).status_code == 204
    for where in (path, f"{path}/result"):
        response = await stack.client.get(where)
        assert (response.status_code, response.json()["code"]) == (404, "unknown_dashboard")


async def test_a_repeated_request_with_its_key_makes_one_dashboard(stack: QueryStack) -> None:
    key = {"Idempotency-Key": "k-1"}
    body = {"name": "Support", "tiles": [{"request": BOOKINGS}]}
    made = [(await stack.client.post(DASHBOARDS, json=body, headers=key)).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    # A key stands for one call: the same one for a Look is another.
    assert (await stack.client.post(LOOKS, json={"name": "A", "request": TICKETS}, headers=key)).status_code == 201


async def test_every_tile_is_answered_with_its_place_and_chart(stack: QueryStack) -> None:
    shown = await look(stack, TICKETS, "Tickets", chart={"type": "bar"})
    board = await opened(
        stack,
        await saved(
            stack,
            {"look": shown["id"], "position": PLACE},
            {"look": shown["id"], "chart": {"type": "pie"}},
            {"request": BOOKINGS},
        ),
    )
    assert rows(board) == [[["open", 2], ["solved", 1]], [["open", 2], ["solved", 1]], [[2]]]
    assert [(tile["name"], tile["chart"], tile["position"]) for tile in board["tiles"]] == [
        ("Tickets", {"type": "bar"}, PLACE),
        ("Tickets", {"type": "pie"}, None),
        (None, None, None),
    ]
    assert board["snapshot"]["id"] == "s1"
    assert [tile["result"]["snapshot"] for tile in board["tiles"]] == [board["snapshot"]] * 3


async def test_filters_apply_where_their_field_exists(stack: QueryStack) -> None:
    both = {"and": [FRANCE, {"field": "ticket.csat", "op": "gte", "values": [1]}]}
    tiles = [{"request": definition} for definition in (TICKETS, BOOKINGS, CONTACTS)]
    board = await opened(stack, await saved(stack, *tiles, filters=both))
    assert rows(board) == [[["open", 1]], [[1]], [["FR", 1]]]
    assert [warned(tile) for tile in board["tiles"]] == [
        [],
        [("filter_not_applied", "/filters/and/1")],
        [("filter_not_applied", "/filters/and/1")],
    ]
    assert board["tiles"][1]["result"]["warnings"][0]["message"] == (
        "The dashboard's filter on ticket.csat does not apply to this tile."
    )


async def test_filters_are_asked_beside_those_of_a_tile(stack: QueryStack) -> None:
    solved = {"field": "ticket.status", "op": "eq", "values": ["solved"]}
    never = {"field": "ticket.status", "op": "eq", "values": ["never"]}
    asked = ({"or": [solved, never]}, solved, {"and": [solved]})
    board = await opened(
        stack, await saved(stack, *({"request": {**TICKETS, "filters": request}} for request in asked))
    )
    assert rows(board) == [[["solved", 1]]] * 3
    board = await opened(
        stack, await saved(stack, *({"request": {**TICKETS, "filters": request}} for request in asked), filters=FRANCE)
    )
    assert rows(board) == [[]] * 3


async def test_a_filter_on_the_contact_leaves_a_report_alone_that_cannot_join_it(stack: QueryStack) -> None:
    several = {"object": "booking", "measures": ["booking.count"]}
    alone = {**TICKETS, "contacts": "without"}
    board = await opened(stack, await saved(stack, {"request": several}, {"request": alone}, filters=FRANCE))
    assert rows(board) == [[[2]], []]
    assert [warned(tile) for tile in board["tiles"]] == [[("filter_not_applied", "/filters")]] * 2


async def test_filters_that_are_too_many_with_those_of_a_tile_are_refused(stack: QueryStack) -> None:
    many = {"and": [FRANCE] * 150}
    full = await look(stack, {**TICKETS, "filters": many})
    body = {"name": "Full", "tiles": [{"look": full["id"]}, {"request": BOOKINGS}], "filters": many}
    refused = await stack.client.post(DASHBOARDS, json=body)
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        [
            {
                "pointer": "/filters",
                "code": "bad_value",
                "message": "There are more than 200 conditions; one condition with in tests many values.",
            }
        ],
    )
    dashboard = await saved(stack, {"look": (await look(stack, TICKETS))["id"]}, filters=many)
    path = f"{LOOKS}/{dashboard['tiles'][0]['look']}"
    later = {"name": "Full", "request": {**TICKETS, "filters": many}}
    assert (await stack.client.put(path, json=later, headers={"If-Match": '"1"'})).status_code == 200
    assert rows(await opened(stack, dashboard)) == ["bad_value"]


async def test_one_failed_tile_fails_alone(stack: QueryStack) -> None:
    gone, csat = await look(stack, TICKETS), {"object": "ticket", "measures": ["ticket.csat.avg"]}
    dashboard = await saved(stack, {"look": gone["id"]}, {"request": csat}, {"request": BOOKINGS})
    await stack.client.delete(f"{LOOKS}/{gone['id']}")
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    response = await stack.client.get(f"{DASHBOARDS}/{dashboard['id']}/result")
    board = response.json()
    assert response.status_code == 200
    assert rows(board) == ["unknown_look", "unknown_field", [[2]]]
    assert board["tiles"][0]["problem"] == {
        "type": "https://crosslook.dev/problems/unknown_look",
        "title": "Unknown look",
        "status": 404,
        "detail": f"There is no Look {gone['id']}; it may have been deleted.",
        "code": "unknown_look",
        "request_id": response.headers["x-request-id"],
    }
    assert board["tiles"][1]["problem"]["errors"] == [
        {
            "pointer": "/request/measures/0",
            "code": "unknown_field",
            "message": "ticket.csat.avg does not exist in this snapshot; the catalog lists the fields and measures.",
        }
    ]


async def test_a_tile_without_one_of_its_fields_shows_the_rest(stack: QueryStack) -> None:
    asked = {
        **TICKETS,
        "measures": ["ticket.csat.avg", "ticket.count"],
        "filters": {"field": "ticket.csat", "op": "gte", "values": [1]},
    }
    dashboard = await saved(stack, {"request": asked}, filters=FRANCE)
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    board = await opened(stack, dashboard)
    assert rows(board) == [[["open", 2]]]
    assert warned(board["tiles"][0]) == [("left_out", "/request/measures/0"), ("left_out", "/request/filters")]


async def test_a_tile_that_is_too_slow_fails_alone_and_is_asked_again(clickhouse: ClickHouseSettings) -> None:
    limits = QuerySettings(concurrency=1, queue=0)
    async with query_stack(clickhouse, f"query_boards_{next(_databases)}", limits=limits) as stack:
        await publish(stack.clickhouse, stack.snapshots, dataset())
        dashboard = await saved(stack, {"request": TICKETS}, {"request": BOOKINGS})
        response = await stack.client.get(f"{DASHBOARDS}/{dashboard['id']}/result")
        assert rows(response.json()) == [[["open", 2], ["solved", 1]], "overloaded"]
        assert "etag" not in response.headers
        assert response.headers["cache-control"] == "no-store"
        assert rows(await opened(stack, dashboard)) == [[["open", 2], ["solved", 1]], [[2]]]


def publish_before_the_first_report(stack: QueryStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish a snapshot once the service runs a report."""
    run, publishing = ReportRunner.run, asyncio.Lock()

    async def overtaken(runner: ReportRunner, prepared: Prepared) -> Answer:
        async with publishing:
            if stack.snapshots.get("snapshot/s2") is None:
                await publish(stack.clickhouse, stack.snapshots, dataset(tickets=9), number=2)
        return await run(runner, prepared)

    monkeypatch.setattr(ReportRunner, "run", overtaken)


async def test_all_tiles_are_of_one_snapshot_when_a_new_one_arrives_in_between(
    stack: QueryStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    dashboard = await saved(stack, {"request": TICKETS}, {"request": {**TICKETS, "dimensions": []}})
    publish_before_the_first_report(stack, monkeypatch)
    board = await opened(stack, dashboard)
    assert rows(board) == [[["open", 2], ["solved", 1]], [[3]]]
    assert {tile["result"]["snapshot"]["id"] for tile in board["tiles"]} == {board["snapshot"]["id"]} == {"s1"}
    board = await opened(stack, dashboard)
    assert rows(board) == [[["open", 8], ["solved", 1]], [[9]]]
    assert {tile["result"]["snapshot"]["id"] for tile in board["tiles"]} == {"s2"}


async def test_a_tile_that_names_a_snapshot_is_of_the_dashboards(stack: QueryStack) -> None:
    older = await look(stack, {**TICKETS, "snapshot": "s1"})
    await publish(stack.clickhouse, stack.snapshots, dataset(tickets=9), number=2)
    board = await opened(stack, await saved(stack, {"look": older["id"]}, {"request": TICKETS}))
    assert rows(board) == [[["open", 8], ["solved", 1]]] * 2
    assert [warned(tile) for tile in board["tiles"]] == [[("snapshot_not_applied", "/request/snapshot")], []]


async def test_who_has_a_dashboards_answer_is_not_sent_it_again(stack: QueryStack) -> None:
    shown = await look(stack, TICKETS)
    path = f"{DASHBOARDS}/{(await saved(stack, {'look': shown['id']}))['id']}"
    tag = (await stack.client.get(f"{path}/result")).headers["etag"]
    again = await stack.client.get(f"{path}/result", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_what_changes_an_answer_changes_its_tag(stack: QueryStack) -> None:
    shown = await look(stack, TICKETS)
    path = f"{DASHBOARDS}/{(await saved(stack, {'look': shown['id']}))['id']}"
    current = {"If-Match": '"1"'}
    tags = [(await stack.client.get(f"{path}/result")).headers["etag"]]
    await stack.client.put(f"{LOOKS}/{shown['id']}", json={"name": "Other", "request": TICKETS}, headers=current)
    tags += [(await stack.client.get(f"{path}/result")).headers["etag"]]
    await stack.client.put(path, json={"name": "Other", "tiles": [{"look": shown["id"]}]}, headers=current)
    tags += [(await stack.client.get(f"{path}/result")).headers["etag"]]
    await publish(stack.clickhouse, stack.snapshots, dataset(), number=2)
    tags += [(await stack.client.get(f"{path}/result")).headers["etag"]]
    await stack.client.delete(f"{LOOKS}/{shown['id']}")
    tags += [(await stack.client.get(f"{path}/result")).headers["etag"]]
    assert len(set(tags)) == 5


async def test_a_restart_keeps_every_dashboard(stack: QueryStack, clickhouse: ClickHouseSettings) -> None:
    shown = await look(stack, TICKETS)
    dashboard = await saved(stack, {"look": shown["id"]}, {"request": BOOKINGS}, filters=FRANCE)
    before = await opened(stack, dashboard)
    stack.reports.shared.compact()
    database = f"query_boards_{next(_databases)}"
    async with query_stack(clickhouse, database, reports=stack.reports.shared) as after:
        await publish(after.clickhouse, after.snapshots, dataset())
        (kept,) = (await after.client.get(DASHBOARDS)).json()["items"]
        assert (await after.client.get(f"{DASHBOARDS}/{kept['id']}")).json() == dashboard
        assert rows(await opened(after, dashboard)) == rows(before)


async def test_before_the_first_snapshot_a_dashboard_has_no_answer(clickhouse: ClickHouseSettings) -> None:
    async with query_stack(clickhouse, f"query_boards_{next(_databases)}") as stack:
        dashboard = await saved(stack)
        response = await stack.client.get(f"{DASHBOARDS}/{dashboard['id']}/result")
        assert (response.status_code, response.json()["code"]) == (409, "no_snapshot")
