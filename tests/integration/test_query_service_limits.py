"""What happens when a report is too slow, too large or one too many, and when nobody waits for it any more.

The slow object is a view that computes without end, under the name of its layout's table."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from crosslook.contracts.layouts import layout_of
from crosslook.contracts.schemas import Definition
from crosslook.platform.errors import AppError
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.answering.executor import Executor
from services.query_service.domain.statements import Statement
from services.query_service.settings import QuerySettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, publish

SLOW = Definition.model_validate(
    {
        "object": "slow",
        "labels": {"singular": "Slow", "plural": "Slow"},
        "fields": [{"slug": "size", "type": "number"}],
        "relationships": [{"slug": "owner", "target": "contact"}],
    }
)
ENDLESS = (
    "CREATE VIEW {table} AS SELECT toUInt64(1) AS build, 'acme' AS tenant, 'slow' AS object, "
    "toString(number) AS record, false AS deleted, CAST(number AS Nullable(Float64)) AS f_size, "
    "CAST([] AS Array(String)) AS links_owner FROM numbers(100000000000000)"
)
REPORT = {
    "object": "slow",
    "measures": ["slow.size.sum"],
    "filters": {"field": "slow.size", "op": "gt", "values": [-1]},
}
LIMITS = QuerySettings(max_seconds=1, concurrency=1, queue=0)


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_limits", limits=LIMITS) as running:
        await running.clickhouse.command(ENDLESS.format(table=layout_of(SLOW).table))
        await publish(running.clickhouse, running.snapshots, {"acme": [PlainObject(SLOW, [])]})
        yield running


async def _running(stack: QueryStack) -> int:
    """How many statements read the slow object on the engine now."""
    rows = await stack.clickhouse.query(
        "SELECT count() FROM system.processes WHERE query LIKE {like:String} AND query NOT LIKE '%system.processes%'",
        {"like": f"%{layout_of(SLOW).table}%"},
    )
    return int(rows.scalar())


async def _until_running(stack: QueryStack, count: int) -> None:
    async with asyncio.timeout(120):
        while await _running(stack) != count:
            await asyncio.sleep(0.02)


async def test_a_report_that_takes_too_long_is_stopped(stack: QueryStack) -> None:
    response = await stack.ask(REPORT)
    assert (response.status_code, response.json()["code"]) == (504, "query_timeout")
    assert response.json()["detail"] == ("The report took longer than 1 second; narrow its filters or request less.")
    await _until_running(stack, 0)


async def test_the_statements_of_one_report_share_its_turn(stack: QueryStack) -> None:
    response = await stack.ask({"object": "contact", "measures": ["contact.count"], "totals": True})
    assert (response.status_code, response.json()["rows"], response.json()["totals"]) == (200, [[0]], [0])


async def test_one_report_too_many_is_asked_to_come_back(stack: QueryStack) -> None:
    first = asyncio.create_task(stack.ask(REPORT))
    await _until_running(stack, 1)
    second = await stack.ask({**REPORT, "limit": 7})
    assert (second.status_code, second.json()["code"], second.headers["retry-after"]) == (503, "overloaded", "2")
    assert (await first).status_code == 504


class _Caller:
    """A client on the raw ASGI interface, which leaves when told to."""

    def __init__(self) -> None:
        self.leaves = asyncio.Event()
        self.sent: list[dict[str, Any]] = []
        self._body = [{"type": "http.request", "body": orjson.dumps(REPORT), "more_body": False}]

    async def receive(self) -> dict[str, Any]:
        if self._body:
            return self._body.pop()
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(dict(message))


async def test_a_client_that_goes_away_takes_its_statement_with_it(clickhouse: ClickHouseSettings) -> None:
    async with query_stack(clickhouse, "query_departure", limits=QuerySettings(max_seconds=60)) as stack:
        await stack.clickhouse.command(ENDLESS.format(table=layout_of(SLOW).table))
        await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(SLOW, [])]})
        caller = _Caller()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "path": "/v1/tenants/acme/query",
            "raw_path": b"/v1/tenants/acme/query",
            "query_string": b"",
            "headers": [(b"host", b"query")],
            "server": ("query", 80),
            "scheme": "http",
            "root_path": "",
        }
        serving = asyncio.create_task(stack.app(scope, caller.receive, caller.send))
        await _until_running(stack, 1)
        caller.leaves.set()
        await serving
        await _until_running(stack, 0)
        assert caller.sent[0]["status"] == 499


async def test_a_statement_that_needs_too_much_memory_is_refused(stack: QueryStack) -> None:
    executor = Executor(stack.clickhouse, QuerySettings(max_memory_bytes=20_000_000), Meters())
    with pytest.raises(AppError) as caught:
        await executor.execute(
            {"rows": Statement("SELECT length(groupArray(number)) FROM numbers(100000000)", {})}, 1, "acme"
        )
    assert (caught.value.status, caught.value.problem.code) == (503, "overloaded")
    assert caught.value.headers == {"Retry-After": "2"}


async def test_an_answer_that_is_too_large_is_refused_and_a_file_of_it_is_not(stack: QueryStack) -> None:
    executor = Executor(stack.clickhouse, QuerySettings(max_result_bytes=1_000_000), Meters())
    large = Statement("SELECT leftPad(toString(number), 1000) FROM numbers(20000)", {})
    with pytest.raises(AppError) as caught:
        await executor.execute({"rows": large}, 20_000, "acme")
    assert (caught.value.status, caught.value.problem.code) == (503, "overloaded")
    assert caught.value.problem.text == "too_heavy"
    pieces = [piece async for piece in executor.pieces(large, "CSV", 20_000, "acme")]
    assert sum(map(len, pieces)) > 20_000_000


async def test_a_request_that_is_too_large_is_refused(stack: QueryStack) -> None:
    asked = {**REPORT, "filters": {"field": "slow.size", "op": "in", "values": ["1" * 6_500_000]}}
    response = await stack.ask(asked)
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


async def test_a_statement_that_the_engine_refuses_shows_nothing_of_it(stack: QueryStack) -> None:
    meters = Meters()
    executor = Executor(stack.clickhouse, QuerySettings(), meters)
    for fault in ("SELECT secret FROM nowhere", "SELEC 1", "SELECT secret", "SELECT {missing:String}"):
        with pytest.raises(AppError) as caught:
            await executor.execute({"rows": Statement(fault, {})}, 1, "acme")
        assert (caught.value.status, caught.value.problem.code) == (500, "internal_error")
        assert caught.value.headers == {}
        assert "nowhere" not in caught.value.problem.message()
    assert b"crosslook_store_faults_total 4.0" in meters.render()


async def test_a_statement_may_only_read(stack: QueryStack) -> None:
    executor = Executor(stack.clickhouse, QuerySettings(), Meters())
    with pytest.raises(AppError):
        await executor.execute({"rows": Statement("CREATE TABLE t (a UInt8) ENGINE = Memory", {})}, 1, "acme")
    rows = await stack.clickhouse.query("SELECT count() FROM system.tables WHERE name = 't'")
    assert rows.scalar() == 0
