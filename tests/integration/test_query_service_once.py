"""What is asked again is not computed again, and what is asked for at once is computed once."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.settings import QuerySettings
from tests.helpers.builders import state
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

COUNT: dict[str, Any] = {"object": "ticket", "measures": ["ticket.count"]}
WORLD = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(TICKET, [PlainRow("t1"), PlainRow("t2")])]
_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, f"query_once_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD})
        yield running


async def _computed(stack: QueryStack) -> int:
    """How many reports ran on the engine."""
    text = (await stack.client.get("/metrics")).text
    found = re.findall(r"^crosslook_query_seconds_count (\S+)$", text, re.MULTILINE)
    return int(float(found[0])) if found else 0


async def test_what_many_ask_for_at_once_is_computed_once(stack: QueryStack) -> None:
    answers = await asyncio.gather(*(stack.ask(COUNT) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["rows"] for answer in answers] == [[[2]]] * 20
    assert await _computed(stack) == 1


async def test_dashboards_compute_each_report_once(stack: QueryStack) -> None:
    tiles = [{"request": {**COUNT, "limit": 100 + index % 3}} for index in range(9)]
    boards = [
        (await stack.client.post("/v1/tenants/acme/dashboards", json={"name": str(number), "tiles": tiles})).headers
        for number in range(4)
    ]
    shown = await asyncio.gather(*(stack.client.get(f"{board['location']}/result") for board in boards))
    assert [tile["result"]["rows"] for response in shown for tile in response.json()["tiles"]] == [[[2]]] * 36
    assert await _computed(stack) == 3


async def test_who_has_the_answer_is_told_so_without_the_engine(
    stack: QueryStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = (await stack.ask(COUNT)).headers["etag"]

    async def gone(*_: Any, **__: Any) -> Any:
        raise ClickHouseError(None, "NETWORK", "gone")

    monkeypatch.setattr(ClickHouse, "query", gone)
    assert (await stack.ask(COUNT, headers={"If-None-Match": tag})).status_code == 304
    assert (await stack.ask({**COUNT, "limit": 7})).status_code == 503


async def test_a_plan_is_not_kept_beyond_a_change_of_the_schema(stack: QueryStack) -> None:
    assert (await stack.ask(COUNT)).json()["warnings"] == []
    await stack.define(state(None, version=2))
    assert [warning["code"] for warning in (await stack.ask(COUNT)).json()["warnings"]] == ["leaving"]


async def test_a_plan_is_not_kept_beyond_the_snapshot_it_names(stack: QueryStack) -> None:
    await publish(stack.clickhouse, stack.snapshots, {"acme": WORLD}, number=2)
    asked = {**COUNT, "snapshot": "s1"}
    assert (await stack.ask(asked)).json()["snapshot"]["id"] == "s1"
    await stack.snapshots.put("snapshot/s1", None)
    assert (await stack.ask(asked)).status_code == 410


async def test_without_memory_everything_is_answered_all_the_same(clickhouse: ClickHouseSettings) -> None:
    limits = QuerySettings(cached_bytes=0, cached_plan_bytes=0)
    async with query_stack(clickhouse, f"query_once_{next(_databases)}", limits=limits) as stack:
        await publish(stack.clickhouse, stack.snapshots, {"acme": WORLD})
        for _ in range(2):
            answer = (await stack.ask(COUNT)).json()
            assert (answer["rows"], answer["cached"]) == ([[2]], False)
        assert await _computed(stack) == 2
