"""A dashboard's answer: every tile by itself, all of them from one snapshot."""

import asyncio
import uuid
from time import perf_counter
from typing import Any

from pydantic import BaseModel, Field

from crosslook.contracts.problems import Language
from crosslook.platform.errors import AppError
from crosslook.platform.metrics import QUERIES, Meters
from crosslook.platform.responses import ProblemDocument, problem_document
from services.query_service.answering.preparation import Prepared
from services.query_service.answering.rendering import ResultBody, result_body
from services.query_service.answering.runner import Answer, ReportRunner
from services.query_service.catalog.freshness import FreshnessGauge, SnapshotBlock
from services.query_service.saved.dashboards import PreparedDashboard, PreparedTile

_AT_ONCE = 4
"""Tiles of one dashboard that run at the same time: it must not take every slot from other reports."""


class TileResultBody(BaseModel):
    """A tile's answer: its result, or the problem document that says why there is none. `chart` is the tile's, else
    that of its Look, whose name is `name`. `filters_applied` and `filters_not_applied`: the fields of the dashboard's
    filters that apply to the tile, and those that do not; both are empty for a tile that cannot be asked."""

    index: int = Field(description="Its position on the dashboard, counted from 0.")
    look: str | None
    name: str | None
    chart: dict[str, Any] | None
    position: dict[str, int] | None
    result: ResultBody | None
    problem: ProblemDocument | None
    filters_applied: list[str]
    filters_not_applied: list[str]


class DashboardResultBody(BaseModel):
    """The answer to a dashboard; every tile is of this one snapshot. `filters` are those that it was asked under."""

    id: str
    version: int
    name: str
    filters: dict[str, Any] | None
    snapshot: SnapshotBlock
    tiles: list[TileResultBody]


TileOutcome = tuple[Prepared, Answer, int] | AppError
"""A tile's report with its answer and how many milliseconds it took, or why it has none."""


class DashboardRunner:
    """Runs prepared dashboards."""

    def __init__(self, runner: ReportRunner, freshness: FreshnessGauge, meters: Meters) -> None:
        self._runner = runner
        self._freshness = freshness
        self._meters = meters

    async def run(
        self, prepared: PreparedDashboard, language: Language, request_id: str
    ) -> tuple[DashboardResultBody, bool]:
        """The answer, and whether it will be the same when asked again: no tile failed for a reason that passes.

        Raises AppError when not even the snapshot's freshness can be read."""
        dashboard = prepared.dashboard
        snapshot = await self._freshness.read(dashboard.tenant, prepared.manifest)
        slots = asyncio.Semaphore(_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(self._run(tile, slots)) for tile in prepared.tiles]
        outcomes = [task.result() for task in running]
        tiles = [
            _tile(tile, outcome, snapshot, language, request_id)
            for tile, outcome in zip(prepared.tiles, outcomes, strict=True)
        ]
        body = DashboardResultBody(
            id=dashboard.id,
            version=dashboard.version,
            name=dashboard.name,
            filters=dashboard.filters,
            snapshot=snapshot,
            tiles=tiles,
        )
        lasting = not any(isinstance(outcome, AppError) and outcome.status >= 500 for outcome in outcomes)
        return body, lasting

    async def _run(self, tile: PreparedTile, slots: asyncio.Semaphore) -> TileOutcome:
        report = tile.report
        try:
            if isinstance(report, AppError):
                raise report
            async with slots:
                started = perf_counter()
                answer = await self._runner.run(report)
                elapsed = round((perf_counter() - started) * 1000)
        except AppError as error:
            self._meters.add(QUERIES, outcome=error.problem.code)
            return error
        self._meters.add(QUERIES, outcome="ok")
        return report, answer, elapsed


def _tile(
    prepared: PreparedTile, outcome: TileOutcome, snapshot: SnapshotBlock, language: Language, request_id: str
) -> TileResultBody:
    tile, look = prepared.tile, prepared.look
    result, problem = None, None
    if isinstance(outcome, AppError):
        problem = problem_document(outcome, language, request_id)
    else:
        report, answer, elapsed = outcome
        result = result_body(report, answer, snapshot, uuid.uuid4().hex, elapsed, language)
    applied, not_applied = prepared.filter_fields()
    return TileResultBody(
        index=prepared.index,
        look=tile.look,
        name=look.name if look is not None else None,
        chart=tile.chart or (look.chart if look is not None else None),
        position=tile.position,
        result=result,
        problem=problem,
        filters_applied=applied,
        filters_not_applied=not_applied,
    )
