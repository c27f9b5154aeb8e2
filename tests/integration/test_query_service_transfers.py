"""Files on their way: a fault breaks the transfer, a client that leaves takes its statement along, time has an end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from crosslook.local.ports import free_port
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.errors import AppError, RateLimited
from crosslook.platform.metrics import Meters
from crosslook.platform.plan_settings import QuotaSettings
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.answering.executor import Executor
from services.query_service.domain.statements import Statement
from services.query_service.exports.download import Download
from services.query_service.settings import QuerySettings


@pytest.fixture(scope="module")
async def engine(clickhouse: ClickHouseSettings) -> AsyncIterator[ClickHouse]:
    made = ClickHouse(clickhouse.model_copy(update={"database": "default"}))
    yield made
    await made.close()


@asynccontextmanager
async def served(
    executor: Executor, statement: Statement, *, as_blocks: bool, seconds: float = 60, stalled_seconds: float = 60
) -> AsyncIterator[httpx.AsyncClient]:
    """A real server with one file, made of the statement's answer."""
    app = FastAPI()

    async def shown() -> Any:
        async for block in executor.blocks(statement, 10**9, "acme"):
            yield "".join(f"{row[0]}\n" for row in block).encode()

    @app.get("/")
    async def file() -> Download:
        pieces = shown() if as_blocks else executor.pieces(statement, "CSV", 10**9, "acme")
        return Download(await anext(pieces), pieces, "text/csv", {}, seconds, stalled_seconds, app.state.broken.append)

    app.state.broken = []
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(20):
            while not server.started:
                await asyncio.sleep(0.02)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        await serving


@pytest.mark.parametrize("as_blocks", [True, False])
async def test_a_fault_midway_breaks_the_transfer_and_shows_nothing_of_itself(
    engine: ClickHouse, as_blocks: bool
) -> None:
    failing = Statement("SELECT throwIf(number = 3000000, 'secret') FROM numbers(4000000)", {})
    came = b""

    async def read(client: httpx.AsyncClient) -> None:
        nonlocal came
        async with client.stream("GET", "/") as response:
            assert response.status_code == 200
            async for piece in response.aiter_bytes():
                came += piece

    async with served(Executor(engine, QuerySettings(), Meters()), failing, as_blocks=as_blocks) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await read(client)
    assert set(came) == set(b"0\n")


@pytest.mark.parametrize("as_blocks", [True, False])
async def test_a_client_that_leaves_midway_takes_its_statement_and_its_turn_with_it(
    engine: ClickHouse, as_blocks: bool
) -> None:
    executor = Executor(engine, QuerySettings(exports=1, queue=0), Meters())
    endless = Statement("SELECT number, {mark:String} FROM numbers(100000000000)", {"mark": f"left {as_blocks}"})
    async with served(executor, endless, as_blocks=as_blocks) as client:
        async with client.stream("GET", "/") as response:
            assert await anext(response.aiter_bytes())
            with pytest.raises(AppError) as caught:
                await anext(executor.pieces(Statement("SELECT 1", {}), "CSV", 1, "acme"))
            assert caught.value.problem.code == "overloaded"
        async with asyncio.timeout(20):
            while await _running(engine):
                await asyncio.sleep(0.02)
            assert await anext(executor.pieces(Statement("SELECT 1", {}), "CSV", 1, "acme")) == b"1\n"


@pytest.mark.parametrize("patience", [{"seconds": 1}, {"stalled_seconds": 1}])
async def test_a_client_that_does_not_read_is_not_waited_for(engine: ClickHouse, patience: dict[str, float]) -> None:
    executor = Executor(engine, QuerySettings(), Meters())
    endless = Statement("SELECT number, repeat('x', 1000) FROM numbers(100000000000)", {})
    async with (
        served(executor, endless, as_blocks=False, **patience) as client,
        client.stream("GET", "/") as response,
        asyncio.timeout(20),
    ):
        assert response.status_code == 200
        while not await _running(engine):
            await asyncio.sleep(0.02)
        while await _running(engine):
            await asyncio.sleep(0.02)


async def test_clients_of_one_tenant_that_do_not_read_leave_room_for_others(engine: ClickHouse) -> None:
    quotas = QuotaSettings(exports=2, waiting_exports=1)
    executor = Executor(engine, QuerySettings(exports=3, queue=10), Meters(), lambda _: quotas)
    endless = Statement("SELECT number, repeat('x', 1000) FROM numbers(100000000000)", {})
    async with served(executor, endless, as_blocks=False) as client, AsyncExitStack() as readers:
        for _ in range(2):
            await readers.enter_async_context(client.stream("GET", "/"))
        waiting = asyncio.create_task(anext(executor.pieces(Statement("SELECT 2", {}), "CSV", 1, "acme")))
        await asyncio.sleep(0)
        with pytest.raises(RateLimited) as caught:
            await anext(executor.pieces(Statement("SELECT 3", {}), "CSV", 1, "acme"))
        assert (caught.value.status, caught.value.problem.values) == (429, {"limit": 3, "usage": 3, "seconds": 2})
        assert await anext(executor.pieces(Statement("SELECT 1", {}), "CSV", 1, "globex")) == b"1\n"
        assert not waiting.done()
        waiting.cancel()


async def _running(clickhouse: ClickHouse) -> int:
    sql = (
        "SELECT count() FROM system.processes WHERE query LIKE '%numbers(100000000000)%' AND query NOT LIKE '%system%'"
    )
    return int((await clickhouse.query(sql)).scalar())


async def test_an_export_that_takes_too_long_is_stopped(engine: ClickHouse) -> None:
    executor = Executor(engine, QuerySettings(max_export_seconds=1), Meters())
    endless = Statement("SELECT sum(sipHash64(number)) FROM numbers(100000000000)", {})
    with pytest.raises(AppError) as caught:
        await anext(executor.pieces(endless, "Parquet", 1, "acme"))
    assert (caught.value.status, caught.value.problem.code) == (504, "query_timeout")
