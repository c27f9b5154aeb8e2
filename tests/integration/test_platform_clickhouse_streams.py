"""Streams and cancelled calls on a real engine: results come in pieces, and nothing is left running."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import pyarrow as pa
import pytest

from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.settings import ClickHouseSettings

T = TypeVar("T")


@pytest.fixture(scope="module")
async def engine(clickhouse: ClickHouseSettings) -> AsyncIterator[ClickHouse]:
    made = ClickHouse(clickhouse.model_copy(update={"database": "default"}))
    yield made
    await made.close()


async def test_a_result_is_streamed_in_the_format_asked_for(engine: ClickHouse) -> None:
    pieces = [piece async for piece in engine.stream("SELECT number FROM numbers({n:UInt64})", {"n": 3})]
    assert b"".join(pieces) == b"0\n1\n2\n"
    arrow = [piece async for piece in engine.stream("SELECT 1 AS x", fmt="ArrowStream")]
    assert pa.ipc.open_stream(b"".join(arrow)).read_all().to_pylist() == [{"x": 1}]


async def test_a_large_stream_comes_in_pieces_and_can_be_left_early(engine: ClickHouse) -> None:
    mark = uuid.uuid4().hex
    stream = engine.stream(
        f"SELECT number, '{mark}' FROM numbers(1000000000)",  # noqa: S608  # the mark is made here
        settings={"max_block_size": 65536, "max_execution_time": 60},
    )
    assert (await anext(stream)).startswith(b"0,")
    await stream.aclose()
    await until(engine, mark, runs=False)


async def _collect(into: list[T], stream: AsyncIterator[T]) -> None:
    async for piece in stream:
        into.append(piece)


async def _drain(stream: AsyncIterator[bytes]) -> None:
    async for piece in stream:
        assert piece


async def test_an_error_of_a_stream_has_its_code(engine: ClickHouse) -> None:
    with pytest.raises(ClickHouseError) as caught:
        await _drain(engine.stream("SELECT * FROM no_such_table"))
    assert caught.value.code == 60


async def test_an_error_midway_ends_the_stream_with_an_error_and_gives_nothing_of_its_text(engine: ClickHouse) -> None:
    sql = "SELECT throwIf(number = 3000000) FROM numbers(4000000)"
    came: list[bytes] = []
    with pytest.raises(ClickHouseError):
        await _collect(came, engine.stream(sql, settings={"max_block_size": 10000}))
    assert set(b"".join(came)) == set(b"0\n")


async def test_rows_come_in_blocks_and_an_error_midway_is_one(engine: ClickHouse) -> None:
    sql, settings = "SELECT number, throwIf(number = {bad:UInt64}) FROM numbers(100000)", {"max_block_size": 10000}
    blocks = [block async for block in engine.blocks(sql, {"bad": 100000}, settings)]
    assert [block[0][0] for block in blocks] == list(range(0, 100000, 10000))
    came: list[Any] = []
    with pytest.raises(ClickHouseError):
        await _collect(came, engine.blocks(sql, {"bad": 95000}, settings))
    assert sum(map(len, came)) < 95000


async def test_blocks_can_be_left_early(engine: ClickHouse) -> None:
    mark = uuid.uuid4().hex
    blocks = engine.blocks(
        f"SELECT number, '{mark}' FROM numbers(1000000000)",  # noqa: S608  # the mark is made here
        settings={"max_block_size": 65536, "max_execution_time": 60},
    )
    assert (await anext(blocks))[0][0] == 0
    await blocks.aclose()
    await until(engine, mark, runs=False)


async def running(engine: ClickHouse, mark: str) -> bool:
    """Whether a query that mentions `mark` runs."""
    sql = (
        "SELECT count() FROM system.processes WHERE position(query, {mark:String}) > 0 AND query NOT LIKE {self:String}"
    )
    return bool((await engine.query(sql, {"mark": mark, "self": "%system.processes%"})).scalar())


async def until(engine: ClickHouse, mark: str, *, runs: bool) -> None:
    async with asyncio.timeout(120):
        while await running(engine, mark) is not runs:
            await asyncio.sleep(0.02)


async def test_a_call_that_is_cancelled_cancels_its_query(engine: ClickHouse) -> None:
    mark = uuid.uuid4().hex
    sql = f"SELECT count() FROM numbers(10000000000) WHERE sipHash64(number) = 1 AND '{mark}' != ''"  # noqa: S608  # the mark is made here
    asking = asyncio.create_task(engine.query(sql, settings={"max_execution_time": 60}))
    await until(engine, mark, runs=True)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await until(engine, mark, runs=False)
