"""Runs statements on the engine under limits: so many at once, in all and for each tenant; the engine's errors become
refusals that people may see."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, TypeVar

from crosslook.contracts.problems import Problem
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError, QueryResult, Settings
from crosslook.platform.concurrency import ConcurrencyLimiter, TenantShare, too_busy
from crosslook.platform.errors import AppError
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import Meters
from crosslook.platform.plans import Plans, QuotasOf
from crosslook.platform.store_refusals import store_refusal
from services.query_service.domain.statements import Statement
from services.query_service.settings import QuerySettings

_LOG = get_logger(__name__)
T = TypeVar("T")
_GRACE_SECONDS = 5
_STATEMENTS_AT_ONCE = 8
"""Of one report: compared three times, with subtotals of a hundred dimensions, it has four hundred."""
_TIMEOUTS = {159: "TIMEOUT_EXCEEDED", 160: "TOO_SLOW"}
_TOO_HEAVY = {
    241: "MEMORY_LIMIT_EXCEEDED",
    158: "TOO_MANY_ROWS",
    307: "TOO_MANY_BYTES",
    396: "TOO_MANY_ROWS_OR_BYTES",
}
_BUSY = {202: "TOO_MANY_SIMULTANEOUS_QUERIES", 201: "QUOTA_EXCEEDED", 203: "NO_FREE_CONNECTION", 745: "OVERLOADED"}
_EXPORTED: Settings = {
    "max_block_size": 16384,  # a block is what we hold of an answer at a time
    "output_format_arrow_string_as_string": 1,
    "output_format_parquet_string_as_string": 1,
    "output_format_arrow_compression_method": "none",  # what reads Arrow in a browser reads it plain only
}


class Executor:
    """Runs reports and exports, each with a limit of its own; work beyond the queue is refused."""

    def __init__(
        self, clickhouse: ClickHouse, limits: QuerySettings, meters: Meters, quotas: QuotasOf | None = None
    ) -> None:
        self._clickhouse = clickhouse
        self._limits = limits
        self._meters = meters
        self._quotas = quotas or Plans.everything().quotas
        self._limiter = ConcurrencyLimiter(limits.concurrency, limits.queue, self._share_of_reports)
        self._exports = ConcurrencyLimiter(limits.exports, limits.queue, self._share_of_exports)

    async def execute(self, statements: Mapping[str, Statement], max_rows: int, tenant: str) -> dict[str, QueryResult]:
        """The rows of the statements of a tenant's report, by the same names; one that fails stops the others.
        Cancelling the call cancels them on the engine.

        Raises RateLimited (429) and AppError: `query_timeout` (504), `overloaded` (503), `unavailable` (503), or
        `internal_error` (500) where the statement itself is at fault.
        """
        at_once = asyncio.Semaphore(_STATEMENTS_AT_ONCE)

        async def execute(statement: Statement) -> QueryResult:
            async with at_once:
                return await self._execute(statement, max_rows)

        async with self._limiter.slot(tenant):
            try:
                async with asyncio.TaskGroup() as group:
                    running = {name: group.create_task(execute(statement)) for name, statement in statements.items()}
            except ExceptionGroup as failed:
                raise failed.exceptions[0] from failed
        return {name: task.result() for name, task in running.items()}

    async def count(self, statements: Mapping[str, Statement], tenant: str) -> dict[str, QueryResult]:
        """The single rows of statements about a tenant's export, under its limits. Raises what `execute` does."""
        seconds, found = self._limits.max_export_seconds, dict[str, QueryResult]()
        async with self._exports.slot(tenant):
            for name, statement in statements.items():
                found[name] = await self._execute(statement, 1, seconds)
        return found

    def blocks(self, statement: Statement, max_rows: int, tenant: str) -> AsyncGenerator[Sequence[Sequence[Any]], None]:
        """The rows of an exported statement as they come, many at a time. Closing it cancels the statement.

        Raises what `execute` raises, also midway."""
        settings, query_id = export_settings(self._limits, max_rows), uuid.uuid4().hex
        coming = self._clickhouse.blocks(statement.sql, statement.parameters, settings, query_id)
        return self._exported(coming, query_id, tenant)

    def pieces(self, statement: Statement, fmt: str, max_rows: int, tenant: str) -> AsyncGenerator[bytes, None]:
        """An exported statement's answer in a format of the engine, as `blocks`."""
        settings, query_id = export_settings(self._limits, max_rows), uuid.uuid4().hex
        coming = self._clickhouse.stream(statement.sql, statement.parameters, settings, fmt, query_id)
        return self._exported(coming, query_id, tenant)

    async def _exported(self, coming: AsyncGenerator[T, None], query_id: str, tenant: str) -> AsyncGenerator[T, None]:
        # Each piece has its own deadline: a generator may be driven by one task and then by another.
        async with self._exports.slot(tenant), aclosing(coming):
            while True:
                try:
                    async with asyncio.timeout(self._limits.max_export_seconds + _GRACE_SECONDS):
                        piece = await anext(coming)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    raise _timeout(self._limits.max_export_seconds) from None
                except ClickHouseError as error:
                    raise self._refusal(error, self._limits.max_export_seconds, query_id) from error
                yield piece

    async def _execute(self, statement: Statement, max_rows: int, seconds: float | None = None) -> QueryResult:
        seconds, query_id = seconds or self._limits.max_seconds, uuid.uuid4().hex
        try:
            async with asyncio.timeout(seconds + _GRACE_SECONDS):
                settings = {**report_settings(self._limits, max_rows), "max_execution_time": seconds}
                return await self._clickhouse.query(statement.sql, statement.parameters, settings, query_id)
        except TimeoutError:
            raise _timeout(seconds) from None
        except ClickHouseError as error:
            raise self._refusal(error, seconds, query_id) from error

    def _share_of_reports(self, tenant: str) -> TenantShare:
        quotas = self._quotas(tenant)
        return TenantShare(quotas.reports, quotas.waiting_reports, "rate_limited.reports")

    def _share_of_exports(self, tenant: str) -> TenantShare:
        quotas = self._quotas(tenant)
        return TenantShare(quotas.exports, quotas.waiting_exports, "rate_limited.exports")

    def _refusal(self, error: ClickHouseError, seconds: float, query_id: str) -> AppError:
        if error.code in _TIMEOUTS:
            return _timeout(seconds)
        if error.code in _BUSY:
            return too_busy()
        if error.code in _TOO_HEAVY:
            _LOG.warning("query_too_heavy", code=error.code, name=error.name, query_id=query_id)
            return too_busy("too_heavy")
        return store_refusal(error, self._meters, query_id)


def report_settings(limits: QuerySettings, max_rows: int) -> Settings:
    """What every statement of a report is sent with."""
    return {**_reading(limits, max_rows, limits.max_seconds), "max_result_bytes": limits.max_result_bytes}


def export_settings(limits: QuerySettings, max_rows: int) -> Settings:
    """What every statement of a file is sent with."""
    return {**_reading(limits, max_rows, limits.max_export_seconds), **_EXPORTED}


def _reading(limits: QuerySettings, max_rows: int, seconds: float) -> Settings:
    return {
        "readonly": 2,
        "max_execution_time": seconds,
        "max_memory_usage": limits.max_memory_bytes,
        "max_result_rows": max_rows,
        "result_overflow_mode": "throw",
        # Without it the engine clamps periods outside 1970 to 2149 and says nothing.
        "enable_extended_results_for_datetime_functions": 1,
    }


def _timeout(seconds: float) -> AppError:
    return AppError(Problem("query_timeout", values={"seconds": round(seconds)}), status=504)
