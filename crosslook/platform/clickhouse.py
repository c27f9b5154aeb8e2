"""ClickHouse over HTTP: the server and the embedded engine get the same requests.

Values travel as server-side parameters `{name:Type}` only, of any size (`clickhouse_parameters`). Statements are text
that this process built itself; nothing here takes a piece of SQL from a request.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.asyncclient import AsyncClient
from clickhouse_connect.driver.exceptions import DataError, NotSupportedError, ProgrammingError
from clickhouse_connect.driver.exceptions import Error as DriverError

from crosslook.platform.clickhouse_errors import DRIVER, NETWORK
from crosslook.platform.clickhouse_errors import ClickHouseError as ClickHouseError
from crosslook.platform.clickhouse_parameters import ParameterValues, fit, formatted, sendable, values_in
from crosslook.platform.settings import ClickHouseSettings

Settings = Mapping[str, str | int | float]
_POOL = 32
_MANY_VALUES = 2_000
_LONGEST_EXCEPTION = 17_000
"""The engine cuts the text of an error midway to 16 KiB; so much is held back until the stream is known to be whole."""
_NOT_UTC = re.compile(r"\bDateTime(?!(?:64\(\d+, |\()'UTC'\))")  # without a zone the driver reads local time
_EXCEPTION = re.compile(
    rb"\r\n__exception__\r\n(?P<tag>\w{16})\r\n(?:Code: (?P<code>\d+))?(?P<text>.*)\d+ (?P=tag)\r\n__exception__\r\n$",
    re.DOTALL,
)
"""How the engine ends a stream that it could not finish (the tag is drawn anew for each answer)."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A result: column names, their engine types, rows of Python values. Instants are datetimes in UTC: of two in
    another zone Python compares the wall clocks, which repeat an hour when clocks go back.

    Without rows there may be no names and types either: the engine's binary format begins with the first block.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Sequence[Any]]

    def scalar(self) -> Any:
        """The one value of a one-by-one result."""
        ((value,),) = self.rows
        return value

    def dicts(self) -> list[dict[str, Any]]:
        """Each row by column name."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


class ClickHouse:
    """One pool of HTTP connections. Cancelling a call closes its connection, which cancels its query on the engine.

    Making one raises OSError when the password's file cannot be read: that is no network error to be waited out.
    """

    def __init__(self, settings: ClickHouseSettings, *, application: str = "crosslook") -> None:
        self._settings = settings
        self._password = settings.read_password()
        self._application = application
        self._client: AsyncClient | None = None
        self._lock = asyncio.Lock()

    @property
    def database(self) -> str:
        """The database that unqualified names mean."""
        return self._settings.database

    async def connect(self) -> None:
        """Open the pool and check that the engine answers. Raises ClickHouseError. Safe to call again."""
        await self._connected()

    async def close(self) -> None:
        """Close the pool."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def ping(self) -> bool:
        """Whether the engine answers a query."""
        try:
            return bool((await self.query("SELECT 1")).scalar() == 1)
        except ClickHouseError:
            return False

    async def query(
        self, sql: str, parameters: ParameterValues | None = None, settings: Settings | None = None, query_id: str = ""
    ) -> QueryResult:
        """Run a SELECT and read its whole result. Raises ClickHouseError."""
        sql, sent = await _fitted(sql, parameters)
        client = await self._connected()
        try:
            result = await client.query(sql, parameters=sent, settings=_options(settings, query_id))
        except (DriverError, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _translate(error) from error
        types = tuple(type_.name for type_ in result.column_types)
        _require_utc(types)
        return QueryResult(tuple(result.column_names), types, result.result_rows)

    async def command(
        self, sql: str, parameters: ParameterValues | None = None, settings: Settings | None = None
    ) -> None:
        """Run a statement that answers nothing (DDL, INSERT … SELECT). Raises ClickHouseError."""
        sql, sent = await _fitted(sql, parameters)
        client = await self._connected()
        try:
            # The driver's `command` puts parameters into the URL whatever their size.
            await client.raw_query(sql, parameters=sent, settings=dict(settings or {}))
        except (DriverError, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _translate(error) from error

    async def create_database(self) -> None:
        """Make our database if it is not there: over a connection of its own, since no other can be opened before.
        Raises ClickHouseError."""
        try:
            client = await self._open(database=None)
            try:
                name = self.database.replace("`", "``")
                await client.command(f"CREATE DATABASE IF NOT EXISTS `{name}`")
            finally:
                await client.close()
        except (DriverError, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _translate(error) from error

    async def insert_arrow(self, table: str, block: pa.Table, settings: Settings | None = None) -> None:
        """Insert one Arrow table, atomically where it fits the engine's block size. Raises ClickHouseError; after
        code None or 319 the rows may be there or not, so send an `insert_deduplication_token`."""
        client = await self._connected()
        try:
            await client.insert_arrow(table, block, database=self.database, settings=dict(settings or {}))
        except (DriverError, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _translate(error) from error

    async def stream(
        self,
        sql: str,
        parameters: ParameterValues | None = None,
        settings: Settings | None = None,
        fmt: str = "CSV",
        query_id: str = "",
    ) -> AsyncGenerator[bytes, None]:
        """Run a SELECT and give its answer in an engine format, piece by piece. Raises ClickHouseError, also midway:
        nothing of the engine's text about the error is ever given as a piece."""
        sql, sent = await _fitted(sql, parameters)
        client, end = await self._connected(), b""
        try:
            stream = await client.raw_stream(sql, parameters=sent, settings=_options(settings, query_id), fmt=fmt)
            async with stream as pieces:
                async for piece in pieces:
                    end += piece
                    if len(end) > _LONGEST_EXCEPTION:
                        yield end[:-_LONGEST_EXCEPTION]
                        end = end[-_LONGEST_EXCEPTION:]
        except (DriverError, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _midway(end) or _translate(error) from error
        if failed := _midway(end):
            raise failed
        if end:
            yield end

    async def blocks(
        self, sql: str, parameters: ParameterValues | None = None, settings: Settings | None = None, query_id: str = ""
    ) -> AsyncGenerator[Sequence[Sequence[Any]], None]:
        """Run a SELECT and give its rows as they come, many at a time, as Python values. Raises ClickHouseError, also
        midway."""
        sql, sent = await _fitted(sql, parameters)
        client = await self._connected()
        try:
            stream = await client.query_row_block_stream(sql, parameters=sent, settings=_options(settings, query_id))
            async with stream as found:
                source: Any = stream.source
                _require_utc(type_.name for type_ in source.column_types)
                async for block in found:
                    yield block
        except (DriverError, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _translate(error) from error

    async def _connected(self) -> AsyncClient:
        if self._client is not None:
            return self._client
        async with self._lock:
            if self._client is None:
                try:
                    self._client = await self._open(self.database)
                except (DriverError, aiohttp.ClientError, OSError, TimeoutError) as error:
                    raise _translate(error) from error
        return self._client

    async def _open(self, database: str | None) -> AsyncClient:
        return await clickhouse_connect.get_async_client(
            host=self._settings.host,
            port=self._settings.port,
            secure=self._settings.secure,
            username=self._settings.username,
            password=self._password,
            database=database,
            client_name=self._application,
            connector_limit=_POOL,
            connector_limit_per_host=_POOL,
            query_limit=0,
            tz_mode="aware",
        )


async def _fitted(sql: str, parameters: ParameterValues | None) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters in pieces that a server accepts: of many values from a thread, so that the event
    loop goes on. Raises ClickHouseError, with the code that a server answers, for a statement that is too long for
    that."""
    if values_in(parameters or {}) > _MANY_VALUES:
        return await asyncio.to_thread(_fitted_now, sql, parameters)
    return _fitted_now(sql, parameters)


def _fitted_now(sql: str, parameters: ParameterValues | None) -> tuple[str, dict[str, Any]]:
    fitted, sent = fit(sql, parameters or {})
    if not sendable(fitted, sent):
        raise ClickHouseError(62, "SYNTAX_ERROR", f"a statement of {len(sql)} characters with large parameters")
    return fitted, formatted(sent)


def _options(settings: Settings | None, query_id: str) -> dict[str, Any]:
    return {**(settings or {}), **({"query_id": query_id} if query_id else {})}


def _require_utc(types: Iterable[str]) -> None:
    """Raises ValueError for a column of instants in another zone or in none: its statement must give them in UTC."""
    if others := [name for name in types if _NOT_UTC.search(name)]:
        raise ValueError(f"instants that are not in UTC: {', '.join(others)}")


def _midway(end: bytes) -> ClickHouseError | None:
    """What the engine said at the end of a stream that it could not finish."""
    found = _EXCEPTION.search(end)
    if found is None:
        return None
    return ClickHouseError(int(found["code"] or 0) or None, "MIDWAY", found["text"].decode("utf-8", "replace"))


def _translate(error: Exception) -> ClickHouseError:
    code = getattr(error, "code", None)
    name = getattr(error, "name", None)
    text = str(error)[:2000]
    if isinstance(code, int):
        return ClickHouseError(code, name if isinstance(name, str) else "UNKNOWN", text)
    refused = isinstance(error, ProgrammingError | DataError | NotSupportedError)
    return ClickHouseError(None, DRIVER if refused else NETWORK, f"{type(error).__name__}: {text}")
