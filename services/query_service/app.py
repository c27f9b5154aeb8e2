"""Wires the service, top to bottom."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from crosslook.contracts.release import RELEASE
from crosslook.contracts.reports import Dashboard, Look, SavedKind
from crosslook.contracts.topics import REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.http import Lifespan, create_app
from crosslook.platform.kafka import check_topics, kafka_identity
from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.log_store.protocol import ElectedStore, LogStore, LogView
from crosslook.platform.log_store.report import export
from crosslook.platform.metrics import Meters
from crosslook.platform.process import lost
from crosslook.platform.repairs import Repairs, repairs_router
from crosslook.platform.replica import Replica
from crosslook.platform.settings import QuotaSettings
from services.query_service.answering.executor import Executor
from services.query_service.answering.runner import ReportRunner
from services.query_service.api.catalog import router as catalog_router
from services.query_service.api.dashboards import router as dashboards_router
from services.query_service.api.looks import router as looks_router
from services.query_service.api.query import router
from services.query_service.catalog.cache import CachedResult, Memory
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.catalog.freshness import FreshnessGauge
from services.query_service.catalog.live_schemas import LiveSchemas
from services.query_service.catalog.snapshot_check import SnapshotCheck
from services.query_service.catalog.zones import Zones
from services.query_service.exports.excel import remove_abandoned
from services.query_service.exports.export import Exports
from services.query_service.parts import QueryParts
from services.query_service.readiness import EngineProbe, unready
from services.query_service.saved.dashboards import Dashboards
from services.query_service.saved.looks import Looks
from services.query_service.saved.questions import Questions
from services.query_service.saved.store import ReportsFeed, SavedReportStore
from services.query_service.settings import QueryServiceSettings

_CLIENT = "crosslook-query-service"


def build(settings: QueryServiceSettings, clock: Clock) -> FastAPI:
    """The service on Kafka; its lifespan replays the topics it reads and stands for election as the writer of the
    reports topic.

    The lifespan raises StopService where a topic is missing or kept wrong, KafkaUnavailable or LogUnavailable where
    Kafka does not answer. `app.state.fatal` says why the process must end (`process.watch`).
    """
    schemas = KafkaLogView(SCHEMAS.name, settings.kafka, client_id=_CLIENT)
    snapshots = KafkaLogView(SNAPSHOTS.name, settings.kafka, client_id=_CLIENT)
    reports = KafkaElectedStore(REPORTS.name, settings.kafka, settings.http.address, client_id=_CLIENT)

    @asynccontextmanager
    async def topics(app: FastAPI) -> AsyncIterator[None]:
        await check_topics(settings.kafka, [SCHEMAS, SNAPSHOTS, REPORTS])
        try:
            await schemas.start()
            await snapshots.start()
            await reports.start()
            app.state.check.kafka = await kafka_identity(settings.kafka, [SNAPSHOTS.name])
            yield
        finally:
            await reports.stop()
            await snapshots.stop()
            await schemas.stop()

    app = wire(settings, clock, schemas, snapshots, reports, topics)
    open_exclusive = partial(KafkaLogStore, REPORTS.name, settings.kafka, client_id=_CLIENT)
    app.include_router(repairs_router(Repairs.on(reports, settings.kafka, open_exclusive)))
    return app


def wire(
    settings: QueryServiceSettings,
    clock: Clock,
    schemas: LogView,
    snapshots: LogView,
    reports: ElectedStore,
    logs: Lifespan,
) -> FastAPI:
    """The service over three logs, which `logs` starts and stops."""
    clickhouse = ClickHouse(settings.clickhouse, application=_CLIENT)
    meters = Meters()
    replica = Replica(reports, settings.http.address, meters)
    manifests, check, zones = SnapshotFeed(snapshots), SnapshotCheck(clickhouse, meters), Zones(clickhouse, meters)
    probe = EngineProbe(clickhouse, zones, check, manifests.current)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(remove_abandoned, settings.query.export_folder, time.time())
        async with logs(app):
            await probe.start()
            try:
                yield
            finally:
                await probe.stop()
                await clickhouse.close()
                await replica.close()

    app = create_app(
        "Crosslook query service",
        RELEASE,
        settings=settings,
        lifespan=lifespan,
        readiness=lambda: unready(probe, reports, schemas, snapshots),
        meters=meters,
        replica=replica,
    )
    export(meters, schemas, snapshots, reports)
    parts = _parts(settings, clock, schemas, manifests, check, clickhouse, zones, meters)
    app.state.parts, app.state.check = parts, check
    app.state.looks, app.state.dashboards = _saved(parts, reports, clock, settings.quotas)
    app.state.fatal = lambda: lost(schemas, snapshots, reports)
    app.include_router(router)
    app.include_router(catalog_router)
    app.include_router(looks_router)
    app.include_router(dashboards_router)
    return app


def _parts(
    settings: QueryServiceSettings,
    clock: Clock,
    schemas: LogView,
    snapshots: SnapshotFeed,
    check: SnapshotCheck,
    clickhouse: ClickHouse,
    zones: Zones,
    meters: Meters,
) -> QueryParts:
    limits, refresh = settings.query, settings.refresh
    schedule = Schedule(refresh.cron, refresh.timezone)
    catalogs = CatalogFeed(
        snapshots,
        LiveSchemas(schemas, tenants_open=settings.tenants.open, kept_bytes=limits.cached_schema_bytes),
        clickhouse,
        check,
        schedule,
        clock,
        limits.cached_catalog_bytes,
        meters,
    )
    executor = Executor(clickhouse, limits, meters, settings.quotas)
    results: Memory[str, CachedResult] = Memory(limits.cached_bytes, lambda kept: kept.weight)
    runner = ReportRunner(
        catalogs,
        executor,
        results,
        Memory(limits.cached_plan_bytes, lambda plan: plan.weight),
        meters,
        zones,
        refresh.timezone,
    )
    freshness = FreshnessGauge(clickhouse, schedule, clock, refresh.stale_seconds, meters)
    return QueryParts(catalogs, runner, Exports(runner, executor, limits.export_folder), freshness, limits, meters)


def _saved(parts: QueryParts, reports: LogStore, clock: Clock, quotas: QuotaSettings) -> tuple[Looks, Dashboards]:
    feed = ReportsFeed(reports)
    looks = SavedReportStore(SavedKind.LOOK, Look, reports, feed, clock, quotas)
    dashboards = SavedReportStore(SavedKind.DASHBOARD, Dashboard, reports, feed, clock, quotas)
    questions = Questions(parts.runner, parts.limits.max_rows)
    return Looks(looks, questions, parts.catalogs), Dashboards(dashboards, looks, questions, parts.catalogs)
