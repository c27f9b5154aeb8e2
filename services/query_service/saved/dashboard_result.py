"""A dashboard's answer: every tile by itself, all of them from one snapshot."""

import asyncio
import uuid
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.problems import Language
from crosslook.contracts.reports import Dashboard
from crosslook.platform.errors import AppError
from crosslook.platform.http import problem_document
from crosslook.platform.metrics import QUERIES
from services.query_service.answering.rendering import result_json
from services.query_service.answering.runner import Answer, Prepared
from services.query_service.catalog.freshness import Freshness
from services.query_service.domain.identity import identity, of_problems
from services.query_service.parts import QueryParts
from services.query_service.saved.dashboards import PreparedTile

_AT_ONCE = 4
"""Tiles of one dashboard that run at the same time: it must not take every turn from other reports."""


class DashboardResult:
    """One answer to one dashboard."""

    def __init__(
        self, parts: QueryParts, dashboard: Dashboard, manifest: Manifest, asked: Sequence[PreparedTile]
    ) -> None:
        self._parts = parts
        self._dashboard = dashboard
        self._manifest = manifest
        self._asked = asked
        self._running_tiles = asyncio.Semaphore(_AT_ONCE)

    @property
    def key(self) -> str:
        """The identity of the answer: of the dashboard's version, its snapshot, and each of its tiles."""
        tiles = [_tag(one) for one in self._asked]
        return identity(self._dashboard.id, self._dashboard.version, self._manifest.snapshot, tiles)

    async def body(self, language: Language, request_id: str) -> tuple[dict[str, Any], bool]:
        """The answer, and whether it will be the same when asked again: no tile failed for a reason that passes.

        Raises AppError when not even the snapshot's freshness can be read."""
        current = self._parts.catalogs.current() or self._manifest
        freshness = await self._parts.freshness.read(self._dashboard.tenant, self._manifest, current)
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(self._run(one)) for one in self._asked]
        outcomes = [one.result() for one in running]
        tiles = [
            _tile(asked, outcome, freshness, language, request_id)
            for asked, outcome in zip(self._asked, outcomes, strict=True)
        ]
        shown = {name: getattr(self._dashboard, name) for name in ("id", "version", "name", "filters")}
        lasting = not any(isinstance(one, AppError) and one.status >= 500 for one in outcomes)
        return {**shown, "snapshot": freshness.as_json(), "tiles": tiles}, lasting

    async def _run(self, asked: PreparedTile) -> "tuple[Prepared, Answer, int] | AppError":
        report = asked.report
        try:
            if isinstance(report, AppError):
                raise report
            async with self._running_tiles:
                started = perf_counter()
                answer = await self._parts.runner.run(report)
                elapsed = round((perf_counter() - started) * 1000)
        except AppError as error:
            self._parts.meters.add(QUERIES, outcome=error.problem.code)
            return error
        self._parts.meters.add(QUERIES, outcome="ok")
        return report, answer, elapsed


def _tag(asked: PreparedTile) -> str:
    look = asked.look
    saved = (look.id, look.version) if look is not None else ()
    if isinstance(asked.report, Prepared):
        return asked.report.tag(*saved)
    return identity(saved, of_problems([asked.report.problem, *asked.report.errors]))


def _tile(
    asked: PreparedTile,
    outcome: "tuple[Prepared, Answer, int] | AppError",
    freshness: Freshness,
    language: Language,
    request_id: str,
) -> dict[str, Any]:
    tile, look = asked.tile, asked.look
    shown: dict[str, Any] = {
        "look": tile.look,
        "name": look.name if look is not None else None,
        "chart": tile.chart or (look.chart if look is not None else None),
        "position": tile.position,
    }
    if isinstance(outcome, AppError):
        return {**shown, "result": None, "problem": problem_document(outcome, language, request_id)}
    prepared, answer, elapsed = outcome
    result = result_json(prepared, answer, freshness, uuid.uuid4().hex, elapsed, language)
    return {**shown, "result": result, "problem": None}
