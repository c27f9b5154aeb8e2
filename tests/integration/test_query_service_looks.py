"""Looks over HTTP on a real engine: saved, changed, repeated, deleted and reopened (R8)."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from uuid import UUID

import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import state, without_fields
from tests.helpers.dashboards import DASHBOARDS
from tests.helpers.looks import BY_STATUS, LOOK, LOOKS, ROWS, dataset, reopened, saved
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish
from tests.unit.query_service.dataset import TICKET

_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, f"query_looks_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, dataset())
        await running.define(state(TICKET))
        yield running


async def test_a_look_comes_back_as_it_was_sent(stack: QueryStack) -> None:
    response = await stack.client.post(LOOKS, json=LOOK)
    look = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"{LOOKS}/{look['id']}"
    assert response.headers["etag"] == '"1"'
    assert UUID(look["id"]).version == 4
    told = {"id": look["id"], "version": 1, "created_at": "2026-11-23T18:00:00Z", "updated_at": "2026-11-23T18:00:00Z"}
    assert look == {**LOOK, **told}
    again = await stack.client.get(response.headers["location"])
    assert (again.json(), again.headers["etag"]) == (look, '"1"')


async def test_the_numbers_of_a_look_and_of_a_dashboard_keep_their_digits(
    stack: QueryStack, clickhouse: ClickHouseSettings
) -> None:
    """A double cannot tell these numbers from their neighbours, so they must not become doubles on their way."""
    sent = (
        b'{"object":"ticket","measures":["ticket.count"],'
        b'"filters":{"field":"ticket.amount","op":"eq","values":[99999999999999.99]},'
        b'"having":{"field":"ticket.count","op":"lt","values":[123456789012345678901234567890]}}'
    )
    chart = b'{"type":"bar","options":{"line":0.1234567890123456789,"plain":1.5}}'
    look = b'{"name":"Exact","request":' + sent + b',"chart":' + chart + b"}"
    filters = b'{"field":"ticket.amount","op":"lt","values":[99999999999999.99]}'
    board = b'{"name":"Exact","tiles":[{"request":' + sent + b'}],"filters":' + filters + b"}"
    made = []
    for path, body, kept in ((LOOKS, look, (sent, chart)), (DASHBOARDS, board, (sent, filters))):
        response = await stack.client.post(path, content=body, headers={"Idempotency-Key": "k"})
        assert response.status_code == 201, response.text
        assert all(part in response.content for part in kept)
        made.append((response.headers["location"], body, kept))
    async with query_stack(clickhouse, "query_looks_exact", reports=stack.reports.shared) as other:
        await publish(other.clickhouse, other.snapshots, dataset())
        for location, body, kept in made:
            read = await other.client.get(location)
            assert all(part in read.content for part in kept)
            same = await other.client.put(location, content=body, headers={"If-Match": '"1"'})
            assert (same.status_code, same.json()["version"]) == (200, 1)


async def test_what_may_be_left_out_has_its_default(stack: QueryStack) -> None:
    look = await saved(stack, {"name": "Short", "request": {"object": "ticket", "measures": ["ticket.count"]}})
    assert (look["description"], look["chart"]) == ("", None)


async def test_a_look_gives_the_numbers_of_its_request(stack: QueryStack) -> None:
    look = await saved(stack)
    found, asked = await reopened(stack, look), (await stack.ask(BY_STATUS)).json()
    assert found["rows"] == asked["rows"] == ROWS
    assert found["snapshot"] == asked["snapshot"]
    assert found["columns"] == asked["columns"]
    assert found["warnings"] == []


async def test_a_look_is_answered_as_csv_and_in_french(stack: QueryStack) -> None:
    path = f"{LOOKS}/{(await saved(stack))['id']}/result"
    text = (await stack.client.get(path, headers={"Accept": "text/csv"})).text
    assert text.splitlines()[1] == "solved,DE,1,5.0"
    french = (await stack.client.get(path, headers={"Accept-Language": "fr"})).json()
    assert french["columns"][3]["label"] == "CSAT, moyenne"


async def test_who_has_a_looks_answer_is_not_sent_it_again(stack: QueryStack) -> None:
    path = f"{LOOKS}/{(await saved(stack))['id']}/result"
    tag = (await stack.client.get(path)).headers["etag"]
    again = await stack.client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_another_version_or_snapshot_or_language_is_another_answer(stack: QueryStack) -> None:
    look = await saved(stack)
    path = f"{LOOKS}/{look['id']}/result"
    tags = [(await stack.client.get(path)).headers["etag"]]
    tags += [(await stack.client.get(path, headers={"Accept-Language": "fr"})).headers["etag"]]
    changed = {**LOOK, "name": "Renamed"}
    await stack.client.put(f"{LOOKS}/{look['id']}", json=changed, headers={"If-Match": '"1"'})
    tags += [(await stack.client.get(path)).headers["etag"]]
    await publish(stack.clickhouse, stack.snapshots, dataset(), number=2)
    tags += [(await stack.client.get(path)).headers["etag"]]
    assert len(set(tags)) == 4
    assert not any(tag.startswith("W/") for tag in tags)


async def test_a_change_is_the_next_version(stack: QueryStack) -> None:
    look = await saved(stack)
    stack.clock.at = stack.clock.at.replace(hour=19)
    changed = {"name": "Count", "request": {"object": "ticket", "measures": ["ticket.count"]}}
    response = await stack.client.put(f"{LOOKS}/{look['id']}", json=changed, headers={"If-Match": '"1"'})
    assert (response.status_code, response.headers["etag"]) == (200, '"2"')
    told = {"description": "", "chart": None, "version": 2, "updated_at": "2026-11-23T19:00:00Z"}
    assert response.json() == {**look, **changed, **told}
    assert (await reopened(stack, look))["rows"] == [[3]]


async def test_the_same_again_writes_nothing(stack: QueryStack) -> None:
    look = await saved(stack)
    position = stack.reports.position
    response = await stack.client.put(f"{LOOKS}/{look['id']}", json=LOOK, headers={"If-Match": '"1"'})
    assert (response.status_code, response.json(), stack.reports.position) == (200, look, position)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [({}, 428, "precondition_required"), ({"If-Match": '"1"'}, 412, "precondition_failed")],
)
async def test_a_change_without_the_current_version_is_refused(
    stack: QueryStack, headers: dict[str, str], status: int, code: str
) -> None:
    path = f"{LOOKS}/{(await saved(stack))['id']}"
    second = {**LOOK, "name": "Second"}
    await stack.client.put(path, json=second, headers={"If-Match": '"1"'})
    response = await stack.client.put(path, json=LOOK, headers=headers)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert (await stack.client.get(path)).json()["name"] == "Second"


async def test_of_two_changes_at_the_same_moment_one_is_refused(stack: QueryStack) -> None:
    path = f"{LOOKS}/{(await saved(stack))['id']}"
    puts = [stack.client.put(path, json={**LOOK, "name": n}, headers={"If-Match": '"1"'}) for n in ("a", "b")]
    answers = await asyncio.gather(*puts)
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert (await stack.client.get(path)).json()["version"] == 2


async def test_a_deleted_look_is_gone(stack: QueryStack) -> None:
    path = f"{LOOKS}/{(await saved(stack))['id']}"
    stale = await stack.client.delete(path, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    gone = await stack.client.delete(path, headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    for method, where in (("GET", path), ("GET", f"{path}/result"), ("DELETE", path), ("PUT", path)):
        response = await stack.client.request(method, where, json=LOOK if method == "PUT" else None)
        assert (response.status_code, response.json()["code"]) == (404, "unknown_look")
    assert (await stack.client.get(LOOKS)).json() == {"items": [], "next_page_token": None}


async def test_looks_are_listed_by_name_page_by_page(stack: QueryStack) -> None:
    for name in ("b", "Á", "A", "c", "a"):
        await saved(stack, {**LOOK, "name": name})
    names, token, pages = [], None, 0
    while pages == 0 or token:
        params = {"page_size": 2} if token is None else {"page_size": 2, "page_token": token}
        body = (await stack.client.get(LOOKS, params=params)).json()
        names += [item["name"] for item in body["items"]]
        token, pages = body["next_page_token"], pages + 1
    assert pages == 3
    assert [name.casefold() for name in names] == ["a", "a", "b", "c", "á"]


async def test_a_repeated_request_with_its_key_makes_one_look(stack: QueryStack) -> None:
    key = {"Idempotency-Key": "k-1"}
    first, second = await saved(stack, headers=key), await saved(stack, headers=key)
    assert first == second
    other = await stack.client.post(LOOKS, json={**LOOK, "name": "Other"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
    assert (await saved(stack))["id"] != first["id"]
    assert len((await stack.client.get(LOOKS)).json()["items"]) == 2


async def test_a_key_is_free_once_its_look_is_deleted(stack: QueryStack) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = await saved(stack, headers=key)
    await stack.client.delete(f"{LOOKS}/{first['id']}")
    assert (await saved(stack, {**LOOK, "name": "Other"}, headers=key))["id"] != first["id"]


async def test_requests_with_one_key_at_the_same_moment_make_one_look(stack: QueryStack) -> None:
    key = {"Idempotency-Key": "k-1"}
    looks = await asyncio.gather(*(saved(stack, headers=key) for _ in range(4)))
    assert len({look["id"] for look in looks}) == 1


async def test_a_repeated_request_is_answered_after_its_field_is_gone(stack: QueryStack) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = await saved(stack, headers=key)
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    assert await saved(stack, headers=key) == first


async def test_a_restart_keeps_every_look(stack: QueryStack, clickhouse: ClickHouseSettings) -> None:
    look = await saved(stack, headers={"Idempotency-Key": "k-1"})
    await stack.client.put(f"{LOOKS}/{look['id']}", json={**LOOK, "name": "Renamed"}, headers={"If-Match": '"1"'})
    kept = (await stack.client.get(LOOKS)).json()["items"]
    stack.reports.shared.compact()
    database = f"query_looks_{next(_databases)}"
    async with query_stack(clickhouse, database, reports=stack.reports.shared) as after:
        await publish(after.clickhouse, after.snapshots, dataset())
        assert (await after.client.get(LOOKS)).json()["items"] == kept
        assert (await reopened(after, look))["rows"] == ROWS
        again = await saved(after, headers={"Idempotency-Key": "k-1"})
        assert (again["id"], again["version"]) == (look["id"], 2)


async def test_before_the_first_snapshot_a_look_cannot_be_checked(clickhouse: ClickHouseSettings) -> None:
    async with query_stack(clickhouse, f"query_looks_{next(_databases)}") as empty:
        response = await empty.client.post(LOOKS, json=LOOK)
        assert (response.status_code, response.json()["code"]) == (409, "no_snapshot")
        assert (await empty.client.get(LOOKS)).json()["items"] == []


async def test_r8_a_result_is_saved_as_a_look_or_on_a_dashboard_and_reopened_from_there(stack: QueryStack) -> None:
    explores = (await stack.client.get("/v1/tenants/acme/catalog")).json()["explores"]
    ticket = next(explore for explore in explores if explore["object"] == "ticket")
    dimension = next(dimension["name"] for dimension in ticket["dimensions"] if dimension["type"] == "dropdown")
    measures = [measure["name"] for measure in ticket["measures"]][:2]
    request = {"object": ticket["object"], "dimensions": [dimension], "measures": measures}
    result = (await stack.ask(request)).json()
    assert result["rows"] == [["open", 2, 0], ["solved", 1, 0]]

    look = await saved(stack, {"name": "Tickets", "request": request})
    tiles = [{"look": look["id"]}, {"request": request}]
    made = await stack.client.post("/v1/tenants/acme/dashboards", json={"name": "Support", "tiles": tiles})
    assert made.status_code == 201, made.text

    from_look = await reopened(stack, look)
    board = (await stack.client.get(f"{made.headers['location']}/result")).json()
    answers = [from_look, *(tile["result"] for tile in board["tiles"])]
    assert len(answers) == 3
    for answer in answers:
        assert [answer[part] for part in ("columns", "rows", "snapshot")] == [
            result[part] for part in ("columns", "rows", "snapshot")
        ]
