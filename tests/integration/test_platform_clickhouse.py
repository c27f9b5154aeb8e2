"""The ClickHouse adapter on a real engine: values are parameters, errors have their codes, nothing is left running."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pytest

from crosslook.local.ports import free_port
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.settings import ClickHouseSettings


def own_database(settings: ClickHouseSettings) -> ClickHouseSettings:
    return settings.model_copy(update={"database": f"test_{uuid.uuid4().hex[:8]}"})


@pytest.fixture(scope="module")
async def engine(clickhouse: ClickHouseSettings) -> AsyncIterator[ClickHouse]:
    made = ClickHouse(own_database(clickhouse))
    await made.create_database()
    await made.connect()
    yield made
    await made.command(f"DROP DATABASE {made.database}")
    await made.close()


async def test_a_database_is_made_once_whatever_its_name(clickhouse: ClickHouseSettings) -> None:
    odd = ClickHouse(clickhouse.model_copy(update={"database": f"odd name-{uuid.uuid4().hex[:4]}"}))
    await odd.create_database()
    await odd.create_database()
    try:
        assert (await odd.query("SELECT currentDatabase()")).scalar() == odd.database
        await odd.command(f"DROP DATABASE `{odd.database}`")
    finally:
        await odd.close()


async def test_a_result_has_names_types_and_python_values(engine: ClickHouse) -> None:
    result = await engine.query(
        "SELECT 1 AS whole, 2.5 AS number, toDecimal64('12.5000', 4) AS amount, 'é' AS text, "
        "toDate32('1900-01-01') AS day, toDateTime64('2026-11-24 11:30:00.123', 3, 'UTC') AS instant, "
        "['a', 'b'] AS list, NULL AS nothing, true AS flag"
    )
    assert result.names == ("whole", "number", "amount", "text", "day", "instant", "list", "nothing", "flag")
    assert result.types[2] == "Decimal(18, 4)"
    (row,) = result.dicts()
    assert row == {
        "whole": 1,
        "number": 2.5,
        "amount": Decimal("12.5"),
        "text": "é",
        "day": date(1900, 1, 1),
        "instant": datetime(2026, 11, 24, 11, 30, 0, 123000, tzinfo=UTC),
        "list": ["a", "b"],
        "nothing": None,
        "flag": True,
    }
    assert row["instant"].tzinfo is not None


async def test_a_result_without_rows_has_no_scalar(engine: ClickHouse) -> None:
    empty = await engine.query("SELECT 1 AS x WHERE 0")
    assert (list(empty.rows), empty.dicts()) == ([], [])
    with pytest.raises(ValueError, match="unpack"):
        empty.scalar()


TEXTS = [
    "",
    "plain",
    "it's",
    'a "quoted" one',
    "back\\slash \\n \\' \\N",
    "tab\tline\nreturn\r",
    "nul\x00inside",
    "{p:String} %s $1 `x`",
    "'; DROP TABLE x; --",
    "\\",
    "é ✓ 😀 \u2028",
    "NULL",
    "x" * 500,
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_a_text_travels_as_a_value_whatever_is_in_it(engine: ClickHouse, text: str) -> None:
    sql = "SELECT {p:String}, {l:Array(String)}, {n:Nullable(String)}"
    ((one, several, nullable),) = (await engine.query(sql, {"p": text, "l": [text, "x", text], "n": text})).rows
    assert one == text
    assert several == [text, "x", text]
    assert nullable == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Int64", -(2**63)),
        ("UInt64", 2**64 - 1),
        ("Float64", 0.1),
        ("Bool", True),
        ("Decimal(19, 4)", Decimal("999999999999999.9999")),
        ("Date32", date(2299, 12, 31)),
        ("DateTime64(3, 'UTC')", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ("Array(UInt64)", [0, 2**63]),
        ("Array(String)", []),
        ("Nullable(String)", None),
        ("Nullable(Float64)", None),
    ],
)
async def test_a_value_of_every_type_we_use_comes_back_as_it_went(engine: ClickHouse, kind: str, value: Any) -> None:
    assert (await engine.query(f"SELECT {{p:{kind}}}", {"p": value})).scalar() == value


LARGE = ["é'\\ 😀" * 100] * 3000


async def test_values_of_every_size_travel_with_every_kind_of_statement(engine: ClickHouse) -> None:
    values = {"list": LARGE, "text": "".join(LARGE), "numbers": list(range(10**17, 10**17 + 50_000))}
    sql = "SELECT {text:String} AS text, {list:Array(String)}[3000] AS one, {numbers:Array(UInt64)}[50000] AS last"
    expected = [(values["text"], LARGE[0], 10**17 + 49_999)]
    assert list(map(tuple, (await engine.query(sql, values)).rows)) == expected
    assert [tuple(row) async for block in engine.blocks(sql, values) for row in block] == expected
    streamed = b"".join([piece async for piece in engine.stream(sql, values, fmt="JSONCompactColumns")])
    assert orjson.loads(streamed) == [[values["text"]], [LARGE[0]], [10**17 + 49_999]]
    await engine.command("CREATE TABLE large (text String, one String, last UInt64) ENGINE = MergeTree ORDER BY last")
    await engine.command(f"INSERT INTO large {sql}", values)
    checked = "SELECT count(), any(text) = {text:String}, countIf(one IN {list:Array(String)}) FROM large"
    assert list(map(tuple, (await engine.query(checked, values)).rows)) == [(1, True, 1)]


@pytest.mark.parametrize(
    ("sql", "parameters", "code", "name"),
    [
        ("SELEC 1", None, 62, "SYNTAX_ERROR"),
        ("SELECT * FROM no_such_table", None, 60, "UNKNOWN_TABLE"),
        ("SELECT no_such_column", None, 47, "UNKNOWN_IDENTIFIER"),
        ("SELECT * FROM no_such_database.x", None, 81, "UNKNOWN_DATABASE"),
        ("SELECT throwIf(1)", None, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
        ("SELECT {p:UInt8}", {"p": "x"}, 457, "BAD_QUERY_PARAMETER"),
        ("SELECT {p:String}", {}, 456, "UNKNOWN_QUERY_PARAMETER"),
    ],
)
async def test_an_error_of_the_engine_has_its_code_and_name(
    engine: ClickHouse, sql: str, parameters: dict[str, Any] | None, code: int, name: str
) -> None:
    for run in (engine.query, engine.command):
        with pytest.raises(ClickHouseError) as caught:
            await run(sql, parameters)
        assert (caught.value.code, caught.value.name) == (code, name)


async def test_limits_travel_with_the_query(engine: ClickHouse) -> None:
    with pytest.raises(ClickHouseError) as caught:
        await engine.query("SELECT number FROM numbers(1000)", settings={"max_result_rows": 10})
    assert caught.value.code == 396
    with pytest.raises(ClickHouseError) as caught:
        await engine.query("SELECT sleep(3)", settings={"max_execution_time": 1})
    assert caught.value.code == 159


async def test_no_answer_has_no_code() -> None:
    nobody = ClickHouse(ClickHouseSettings(port=free_port()))
    for call in (nobody.query("SELECT 1"), nobody.command("SELECT 1"), nobody.connect(), nobody.create_database()):
        with pytest.raises(ClickHouseError) as caught:
            await call
        assert (caught.value.code, caught.value.name) == (None, "NETWORK")
    assert not await nobody.ping()
    await nobody.close()


async def test_a_connection_that_is_cut_has_no_code_and_the_next_one_is_made_afresh(
    clickhouse: ClickHouseSettings,
) -> None:
    cut = asyncio.Event()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers from the engine, until it is told to hang up in the middle of everything."""
        upstream_reader, upstream_writer = await asyncio.open_connection(clickhouse.host, clickhouse.port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while not cut.is_set() and (data := await source.read(65536)):
                sink.write(data)
                await sink.drain()
            sink.close()

        with contextlib.suppress(ConnectionError):
            await asyncio.gather(pump(reader, upstream_writer), pump(upstream_reader, writer))
        for transport in (writer, upstream_writer):
            transport.close()

    async with await asyncio.start_server(relay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = ClickHouse(clickhouse.model_copy(update={"port": port, "database": "default"}))
        assert await client.ping()
        cut.set()
        with pytest.raises(ClickHouseError) as caught:
            await client.query("SELECT 1")
        assert caught.value.code is None
        cut.clear()
        assert await client.ping()
        await client.close()


async def test_a_wrong_password_is_the_engines_word_not_the_networks(clickhouse: ClickHouseSettings) -> None:
    stranger = ClickHouse(ClickHouseSettings(port=clickhouse.port, password="wrong", database="default"))
    with pytest.raises(ClickHouseError) as caught:
        await stranger.connect()
    assert caught.value.code == 516
    assert not await stranger.ping()
    await stranger.close()


def test_a_password_file_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ClickHouse(ClickHouseSettings(password_file=tmp_path / "missing"))


async def test_a_pool_that_was_closed_opens_again(clickhouse: ClickHouseSettings) -> None:
    client = ClickHouse(clickhouse.model_copy(update={"database": "default"}))
    await client.close()
    assert await client.ping()
    await client.close()
    await client.close()
    assert await client.ping()
    await client.close()


def block(*numbers: int) -> pa.Table:
    return pa.table(
        {"n": pa.array(numbers, pa.uint64()), "t": pa.array([str(number) for number in numbers], pa.string())}
    )


@pytest.fixture
async def table(engine: ClickHouse) -> str:
    name = f"t_{uuid.uuid4().hex[:8]}"
    await engine.command(
        f"CREATE TABLE {name} (n UInt64, t String) ENGINE = MergeTree ORDER BY n "
        "SETTINGS non_replicated_deduplication_window = 100"
    )
    return name


async def count(engine: ClickHouse, table: str) -> int:
    return int((await engine.query("SELECT count() FROM {table:Identifier}", {"table": table})).scalar())


async def test_a_block_with_the_same_token_is_inserted_once(engine: ClickHouse, table: str) -> None:
    for _ in range(2):
        await engine.insert_arrow(table, block(1, 2, 3), {"insert_deduplication_token": "topic:0:1-3"})
    assert await count(engine, table) == 3
    await engine.insert_arrow(table, block(1, 2, 3), {"insert_deduplication_token": "topic:0:4-6"})
    assert await count(engine, table) == 6


async def test_an_insert_that_cannot_be_is_an_error_and_inserts_nothing(engine: ClickHouse, table: str) -> None:
    with pytest.raises(ClickHouseError) as caught:
        await engine.insert_arrow("no_such_table", block(1))
    assert caught.value.code == 60
    wrong = pa.table({"n": pa.array(["not a number"]), "t": pa.array(["x"])})
    with pytest.raises(ClickHouseError) as caught:
        await engine.insert_arrow(table, wrong)
    assert caught.value.code is not None
    assert await count(engine, table) == 0


async def test_many_queries_run_side_by_side_on_one_pool(engine: ClickHouse) -> None:
    results = await asyncio.gather(*(engine.query("SELECT {n:UInt32}", {"n": number}) for number in range(60)))
    assert [result.scalar() for result in results] == list(range(60))


@pytest.mark.parametrize("kind", ["DateTime64(3, 'America/Chicago')", "Nullable(DateTime64(3))", "DateTime"])
async def test_instants_are_given_in_utc_or_not_at_all(engine: ClickHouse, kind: str) -> None:
    sql = f"SELECT CAST('2026-11-01 07:30:00' AS {kind}) AS at"
    with pytest.raises(ValueError, match="not in UTC"):
        await engine.query(sql)
    with pytest.raises(ValueError, match="not in UTC"):
        async for _ in engine.blocks(sql):
            pass
    read = await engine.query("SELECT CAST('2026-11-01 07:30:00' AS DateTime64(3, 'UTC'))")
    assert read.scalar() == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
