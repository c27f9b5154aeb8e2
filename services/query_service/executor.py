"""Runs statements on the engine under limits; the engine's errors become refusals that people may see."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from crosslook.contracts.problems import Problem
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError, Rows, Settings
from crosslook.platform.errors import AppError, Unavailable
from crosslook.platform.log import get_logger
from services.query_service.domain.sql import Statement
from services.query_service.settings import QuerySettings

_LOG = get_logger(__name__)
_RETRY_SECONDS = 2
_GRACE_SECONDS = 5
_TIMEOUTS = {159: "TIMEOUT_EXCEEDED", 160: "TOO_SLOW"}
_TOO_HEAVY = {241: "MEMORY_LIMIT_EXCEEDED", 158: "TOO_MANY_ROWS", 307: "TOO_MANY_BYTES"}
_BUSY = {202: "TOO_MANY_SIMULTANEOUS_QUERIES", 201: "QUOTA_EXCEEDED", 203: "NO_FREE_CONNECTION", 745: "OVERLOADED"}


class Executor:
    """At most `concurrency` reports at once, `queue` more waiting; who comes after them is refused."""

    def __init__(self, clickhouse: ClickHouse, limits: QuerySettings) -> None:
        self._clickhouse = clickhouse
        self._limits = limits
        self._turns = asyncio.Semaphore(limits.concurrency)
        self._asked = 0

    async def execute(self, statements: Mapping[str, Statement], max_rows: int) -> dict[str, Rows]:
        """The rows of a report's statements, by the same names; one that fails stops the others. Cancelling the call
        cancels them on the engine.

        Raises AppError: `query_timeout` (504), `overloaded` (503), `unavailable` (503).
        """
        async with self._turn():
            try:
                async with asyncio.TaskGroup() as group:
                    running = {
                        name: group.create_task(self._execute(one, max_rows)) for name, one in statements.items()
                    }
            except ExceptionGroup as failed:
                raise failed.exceptions[0] from failed
        return {name: task.result() for name, task in running.items()}

    async def _execute(self, statement: Statement, max_rows: int) -> Rows:
        try:
            async with asyncio.timeout(self._limits.max_seconds + _GRACE_SECONDS):
                return await self._clickhouse.query(
                    statement.sql, statement.parameters, self._settings(max_rows), uuid.uuid4().hex
                )
        except TimeoutError:
            raise self._timeout() from None
        except ClickHouseError as error:
            raise self._refusal(error) from error

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._asked >= self._limits.concurrency + self._limits.queue:
            raise _overloaded()
        self._asked += 1
        try:
            async with self._turns:
                yield
        finally:
            self._asked -= 1

    def _settings(self, max_rows: int) -> Settings:
        return {
            "readonly": 2,
            "max_execution_time": self._limits.max_seconds,
            "max_memory_usage": self._limits.max_memory_bytes,
            "max_result_rows": max_rows,
            "result_overflow_mode": "throw",
            # Without it the engine clamps periods outside 1970 to 2149 and says nothing.
            "enable_extended_results_for_datetime_functions": 1,
        }

    def _timeout(self) -> AppError:
        return AppError(Problem("query_timeout", values={"seconds": round(self._limits.max_seconds)}), status=504)

    def _refusal(self, error: ClickHouseError) -> AppError:
        if error.code in _TIMEOUTS:
            return self._timeout()
        if error.code in _BUSY:
            return _overloaded()
        _LOG.error("query_failed", code=error.code, name=error.name, text=str(error))
        if error.code in _TOO_HEAVY:
            return AppError(Problem("overloaded", text="too_heavy"), status=503, headers=_retry_after())
        return Unavailable("clickhouse")


def _overloaded() -> AppError:
    return AppError(Problem("overloaded", values={"seconds": _RETRY_SECONDS}), status=503, headers=_retry_after())


def _retry_after() -> dict[str, str]:
    return {"Retry-After": str(_RETRY_SECONDS)}
