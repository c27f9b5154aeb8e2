"""clickhouse-connect, the client that our services use, synchronous and asynchronous, sits the same exam."""

import asyncio
import inspect
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import clickhouse_connect
import pyarrow as pa
import pytest
from aiohttp import ClientError
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError
from urllib3.exceptions import HTTPError

from tests.helpers.engine_server import Server

PARAMETERS = [
    ("UInt8", 7, 7),
    ("UInt64", 2**64 - 1, 2**64 - 1),
    ("Int64", -(2**63), -(2**63)),
    ("Float64", 0.1, 0.1),
    ("String", 'it\'s "quoted" \\ {p:String} %s\ttab\nline é 🎈', 'it\'s "quoted" \\ {p:String} %s\ttab\nline é 🎈'),
    ("String", "", ""),
    ("Bool", True, True),
    ("Date32", date(1900, 1, 1), date(1900, 1, 1)),
    ("Decimal(18, 4)", Decimal("12.5"), Decimal("12.5000")),
    ("Nullable(String)", None, None),
    ("Array(UInt64)", [1, 2, 2**64 - 1], [1, 2, 2**64 - 1]),
    ("Array(UInt64)", [], []),
    ("Array(String)", ["a", "it's", "back\\slash", ""], ["a", "it's", "back\\slash", ""]),
    ("Array(Nullable(String))", ["a", None], ["a", None]),
    ("Array(Date32)", [date(2026, 11, 24)], [date(2026, 11, 24)]),
]


class Client:
    """Either client under one face: what the asynchronous one gives later, the other gives at once."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    async def __call__(self, method: str, *arguments: Any, **options: Any) -> Any:
        found = getattr(self.driver, method)(*arguments, **options)
        return await found if inspect.isawaitable(found) else found

    async def stream(self, sql: str, fmt: str = "TabSeparated") -> AsyncIterator[bytes]:
        """The raw bytes of a result, piece by piece."""
        found = await self("raw_stream", sql, fmt=fmt)
        if hasattr(found, "__aenter__"):
            async with found as pieces:
                async for piece in pieces:
                    yield piece
        else:
            while piece := found.read(65_536):
                yield piece
            found.close()


@pytest.fixture(params=["sync", "async"])
async def client(request: pytest.FixtureRequest, server: Server, database: str) -> AsyncIterator[Client]:
    options: dict[str, Any] = {
        "host": server.host,
        "port": server.port,
        "username": server.user,
        "password": server.password,
        "database": database,
    }
    if request.param == "sync":
        driver = clickhouse_connect.get_client(**options)
        yield Client(driver)
        driver.close()
    else:
        async_driver = await clickhouse_connect.get_async_client(**options)
        yield Client(async_driver)
        await async_driver.close()


@pytest.fixture
def name() -> str:
    return f"t_{uuid.uuid4().hex[:8]}"


async def test_a_query_answers_rows_with_their_types(client: Client) -> None:
    result = await client("query", "SELECT toUInt64(1) AS a, 'x' AS b, toDate32('2026-11-24') AS c, NULL AS d")
    assert result.column_names == ("a", "b", "c", "d")
    assert [type_.name for type_ in result.column_types] == ["UInt64", "String", "Date32", "Nullable(Nothing)"]
    assert result.result_rows == [(1, "x", date(2026, 11, 24), None)]


async def test_a_result_of_many_blocks_arrives_whole(client: Client) -> None:
    result = await client("query", "SELECT number, toString(number) FROM numbers(400000)")
    assert len(result.result_rows) == 400_000
    assert result.result_rows[-1] == (399_999, "399999")


async def test_an_empty_result_is_no_error(client: Client) -> None:
    result = await client("query", "SELECT number AS n FROM numbers(10) WHERE n > 100")
    assert list(result.result_rows) == []


@pytest.mark.parametrize(("type_", "value", "expected"), PARAMETERS)
async def test_a_server_side_parameter_keeps_its_value(
    client: Client, type_: str, value: object, expected: object
) -> None:
    result = await client("query", f"SELECT {{p:{type_}}}", parameters={"p": value})
    found = result.result_rows[0][0]
    assert (list(found) if isinstance(expected, list) else found) == expected


async def test_an_instant_goes_as_a_parameter(client: Client) -> None:
    instant = datetime(2026, 11, 24, 10, 0, 0, 123_000, tzinfo=UTC)
    sql = "SELECT {p:DateTime64(3, 'UTC')} = toDateTime64('2026-11-24 10:00:00.123', 3, 'UTC')"
    result = await client("query", sql, parameters={"p": instant.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]})
    assert result.result_rows == [(True,)]


async def test_a_name_goes_as_an_identifier_parameter(client: Client, name: str) -> None:
    await client("command", f"CREATE TABLE {name} (`odd name` UInt8) ENGINE = Memory")
    await client("insert", name, [[5]], column_names=["odd name"])
    result = await client("query", "SELECT {c:Identifier} FROM {t:Identifier}", parameters={"c": "odd name", "t": name})
    assert result.result_rows == [(5,)]


async def test_rows_are_inserted(client: Client, name: str) -> None:
    columns = "id UInt64, at DateTime64(3, 'UTC'), tags Array(String), n Nullable(Float64)"
    await client("command", f"CREATE TABLE {name} ({columns}) ENGINE = MergeTree ORDER BY id")
    at = datetime(2026, 11, 24, 10, 0, 0, 123_000, tzinfo=UTC)
    rows = [[1, at, ["a", "b"], 1.5], [2, at, [], None]]
    summary = await client("insert", name, rows, column_names=["id", "at", "tags", "n"])
    assert summary.written_rows == 2
    sql = "SELECT id, toUnixTimestamp64Milli(at), tags, n FROM {t:Identifier} ORDER BY id"
    result = await client("query", sql, parameters={"t": name})
    milliseconds = int(at.timestamp() * 1000)
    assert [(a, b, list(c), d) for a, b, c, d in result.result_rows] == [
        (1, milliseconds, ["a", "b"], 1.5),
        (2, milliseconds, [], None),
    ]


async def test_arrow_is_inserted_once_per_token(client: Client, name: str) -> None:
    engine = "ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100"
    await client("command", f"CREATE TABLE {name} (id UInt64, name String) {engine}")
    block = pa.table({"id": pa.array([1, 2, 3], pa.uint64()), "name": ["a", "b", "c"]})
    for token in ("t:0:0-2", "t:0:0-2", "t:0:3-5"):
        await client("insert_arrow", name, block, settings={"insert_deduplication_token": token})
    assert await client("command", "SELECT count() FROM {t:Identifier}", parameters={"t": name}) == 6


async def test_arrow_is_queried(client: Client) -> None:
    found = await client("query_arrow", "SELECT number AS n, toString(number) AS s FROM numbers(1000)")
    assert found.num_rows == 1000
    assert found.column_names == ["n", "s"]


@pytest.mark.parametrize("fmt", ["JSONEachRow", "CSV"])
async def test_raw_data_are_inserted(client: Client, name: str, fmt: str) -> None:
    await client("command", f"CREATE TABLE {name} (id UInt64, name String) ENGINE = MergeTree ORDER BY id")
    data = {"JSONEachRow": '{"id": 1, "name": "one"}\n', "CSV": '1,"one"\n'}[fmt]
    await client("raw_insert", name, column_names=["id", "name"], insert_block=data, fmt=fmt)
    result = await client("query", "SELECT * FROM {t:Identifier}", parameters={"t": name})
    assert result.result_rows == [(1, "one")]


@pytest.mark.parametrize(
    ("sql", "settings", "code"),
    [
        ("SELECT no_such_column", {}, 47),
        ("SELECT * FROM no_such_table", {}, 60),
        ("SELEC 1", {}, 62),
        ("SELECT throwIf(1)", {}, 395),
        ("SELECT number FROM numbers(100)", {"max_result_rows": 10}, 396),
        ("SELECT count() FROM numbers(10000000)", {"max_rows_to_read": 10}, 158),
        ("SELECT uniqExact(number) FROM numbers(10000000)", {"max_memory_usage": 10_000_000}, 241),
        ("SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1", {"max_execution_time": 1}, 159),
        ("INSERT INTO no_such_table SELECT 1", {}, 60),
    ],
)
async def test_an_error_is_raised_with_its_code(
    client: Client, sql: str, settings: dict[str, object], code: int
) -> None:
    with pytest.raises(DatabaseError) as raised:
        await client("query" if sql.startswith("SEL") else "command", sql, settings=settings)
    assert raised.value.code == code


async def test_an_insert_that_fails_is_raised_with_its_code(client: Client, name: str) -> None:
    columns = "id UInt64, CONSTRAINT small CHECK id < 3"
    await client("command", f"CREATE TABLE {name} ({columns}) ENGINE = MergeTree ORDER BY id")
    with pytest.raises(DatabaseError) as raised:
        await client("insert", name, [[5]], column_names=["id"])
    assert raised.value.code == 469


async def test_an_error_in_the_midst_of_a_result_is_raised_and_never_a_short_result(client: Client) -> None:
    sql = "SELECT number, throwIf(number = 3000000) FROM numbers(4000000)"
    settings = {"max_block_size": 1000, "max_threads": 1}
    with pytest.raises(ClickHouseError, match="395"):
        await client("query", sql, settings=settings)


async def test_an_error_in_the_midst_of_a_raw_stream_is_raised_after_the_first_pieces(client: Client) -> None:
    sql = (
        "SELECT number, throwIf(number = 3000000) FROM numbers(4000000) SETTINGS max_block_size = 1000, max_threads = 1"
    )
    came: list[int] = []

    async def read() -> None:
        async for piece in client.stream(sql):
            came.append(len(piece))

    with pytest.raises((ClickHouseError, HTTPError, ClientError)):
        await read()
    assert came


async def test_a_raw_stream_arrives_whole(client: Client) -> None:
    digest = b"".join([piece async for piece in client.stream("SELECT number FROM numbers(500000)", "CSV")])
    assert digest == "".join(f"{number}\n" for number in range(500_000)).encode()


async def test_settings_of_a_query_do_not_leak_into_the_next(client: Client) -> None:
    sql = "SELECT value FROM system.settings WHERE name = 'max_block_size'"
    assert await client("command", sql, settings={"max_block_size": 77}) == 77
    assert await client("command", sql) != 77


async def test_one_asynchronous_client_runs_many_queries_at_the_same_time(server: Server) -> None:
    driver = await clickhouse_connect.get_async_client(
        host=server.host, port=server.port, username=server.user, password=server.password
    )
    sql = "SELECT sum(number) + {n:UInt64} FROM numbers(3000000)"
    results = await asyncio.gather(*(driver.query(sql, parameters={"n": n}) for n in range(24)))
    assert [result.result_rows[0][0] for result in results] == [4_499_998_500_000 + n for n in range(24)]
    await driver.close()
