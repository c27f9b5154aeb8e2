"""Wires the service, top to bottom."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from fastapi import APIRouter, FastAPI

from crosslook.contracts.release import RELEASE
from crosslook.contracts.reports import Dashboard, Look, SavedKind
from crosslook.contracts.tenant_settings import TenantDefaults
from crosslook.contracts.topics import REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.http import create_app
from crosslook.platform.kafka import check_topics, kafka_identity
from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.log_store.protocol import ElectedStore, LogStore, LogView
from crosslook.platform.log_store.report import export
from crosslook.platform.metrics import Meters
from crosslook.platform.plans import Plans
from crosslook.platform.process import lost
from crosslook.platform.repairs import Repairs, repairs_router
from crosslook.platform.replica import Replica
from crosslook.platform.reports_feed import ReportsFeed
from crosslook.platform.settings_feed import SettingsFeed
from crosslook.platform.startup import StartStep, Startup, reading_of
from services.query_service.answering.allowance import ReportAllowance
from services.query_service.answering.defaults import ReportDefaults
from services.query_service.answering.drilling import Drilling
from services.query_service.answering.executor import Executor
from services.query_service.answering.preparation import ReportPreparer
from services.query_service.answering.runner import ReportRunner
from services.query_service.api.catalog import catalog_router
from services.query_service.api.dashboards import dashboard_result_router, dashboards_router, impact_router
from services.query_service.api.drill import drill_router
from services.query_service.api.looks import looks_router
from services.query_service.api.query import query_router
from services.query_service.api.responses import ReportResponses
from services.query_service.api.values import values_router
from services.query_service.catalog.feed import CatalogFeed, LiveSchemas
from services.query_service.catalog.freshness import FreshnessGauge, SnapshotCheck
from services.query_service.catalog.zones import Zones
from services.query_service.exports.excel import remove_abandoned
from services.query_service.exports.export import Exports
from services.query_service.page.page import build_page
from services.query_service.readiness import EngineProbe, unready
from services.query_service.saved.dashboard_result import DashboardRunner
from services.query_service.saved.dashboards import Dashboards
from services.query_service.saved.looks import Looks, Questions
from services.query_service.saved.store import SavedReportStore
from services.query_service.settings import QueryServiceSettings

_CLIENT = "crosslook-query-service"


def build(settings: QueryServiceSettings, clock: Clock) -> FastAPI:
    """The service on Kafka; its start reads its topics and stands for election as the writer of the reports
    topic.

    `app.state.fatal` returns why the process must end (`process.watch`), also where a topic is missing or has wrong
    settings; `app.state.startup` is the start.
    """
    schemas = KafkaLogView(SCHEMAS.name, settings.kafka, client_id=_CLIENT)
    snapshots = KafkaLogView(SNAPSHOTS.name, settings.kafka, client_id=_CLIENT)
    reports = KafkaElectedStore(REPORTS.name, settings.kafka, settings.http.address, client_id=_CLIENT)

    steps = (
        StartStep("topics", lambda: check_topics(settings.kafka, [SCHEMAS, SNAPSHOTS, REPORTS])),
        StartStep("kafka identity", lambda: _identify(settings, app)),
    )
    app = wire(settings, clock, schemas, snapshots, reports, steps)
    open_exclusive = partial(KafkaLogStore, REPORTS.name, settings.kafka, client_id=_CLIENT)
    app.include_router(repairs_router(Repairs.on(reports, settings.kafka, open_exclusive)))
    return app


async def _identify(settings: QueryServiceSettings, app: FastAPI) -> None:
    app.state.check.kafka = await kafka_identity(settings.kafka, [SNAPSHOTS.name])


def wire(
    settings: QueryServiceSettings,
    clock: Clock,
    schemas: LogView,
    snapshots: LogView,
    reports: ElectedStore,
    before: Sequence[StartStep] = (),
) -> FastAPI:
    """The service over three logs. `before`: steps of the start before the logs are read."""
    clickhouse, meters = ClickHouse(settings.clickhouse, application=_CLIENT), Meters()
    choices, page = SettingsFeed(schemas), build_page(settings, reports, clock)
    replica = Replica(reports, settings.http.address, meters)
    manifests, check, zones = SnapshotFeed(snapshots), SnapshotCheck(clickhouse, meters), Zones(clickhouse, meters)
    probe = EngineProbe(clickhouse, zones, check, manifests.current)

    steps = (
        StartStep("abandoned exports", partial(_remove_abandoned, settings.query.export_folder)),
        *before,
        reading_of(schemas),
        reading_of(snapshots),
        StartStep("clickhouse", probe.start, probe.stop),
        reading_of(reports),  # last: from then on this replica may be the writer, and must be able to answer as it
    )
    startup = Startup(steps, closing=(clickhouse.close, replica.close, *page.closing))
    app = create_app(
        "Crosslook query service",
        RELEASE,
        settings=settings,
        lifespan=startup.lifespan,
        readiness=lambda: unready(probe, reports, schemas, snapshots),
        meters=meters,
        replica=replica,
        startup=startup,
        outer=page.outer,
    )
    export(meters, schemas, snapshots, reports)
    app.state.check, app.state.startup, app.state.tenant_settings = check, startup, choices
    app.state.fatal = lambda: startup.failure or lost(schemas, snapshots, reports)
    routers = _routers(settings, clock, schemas, choices, manifests, reports, clickhouse, check, zones, meters)
    return _with_routers(app, *routers, *page.routers)


def _with_routers(app: FastAPI, *routers: APIRouter) -> FastAPI:
    for router in routers:
        app.include_router(router)
    return app


async def _remove_abandoned(folder: Path | None) -> None:
    await asyncio.to_thread(remove_abandoned, folder, time.time())


def _routers(
    settings: QueryServiceSettings,
    clock: Clock,
    schemas: LogView,
    choices: SettingsFeed,
    snapshots: SnapshotFeed,
    reports: LogStore,
    clickhouse: ClickHouse,
    check: SnapshotCheck,
    zones: Zones,
    meters: Meters,
) -> list[APIRouter]:
    schedule = Schedule(settings.refresh.cron, settings.refresh.timezone)
    live = LiveSchemas(schemas, tenants_open=settings.tenants.open, kept_bytes=settings.query.cached_schema_bytes)
    kept = settings.query.cached_catalog_bytes
    catalogs = CatalogFeed(snapshots, live, clickhouse, check, schedule, clock, kept, meters)
    plans = Plans(settings.plans.table, settings.quotas, live.tenant)
    allowance = ReportAllowance(plans, catalogs)
    executor = Executor(clickhouse, settings.query, meters, plans.quotas)
    defaults = ReportDefaults(choices, TenantDefaults(settings.refresh.timezone), zones)
    preparer = ReportPreparer(catalogs, zones, defaults, settings.query.cached_plan_bytes)
    runner = ReportRunner(executor, meters, settings.query.cached_bytes)
    freshness = FreshnessGauge(catalogs.current, clickhouse, schedule, clock, settings.refresh.stale_seconds, meters)
    exports = Exports(runner, executor, settings.query.export_folder)
    responses = ReportResponses(runner, exports, freshness, settings.query, meters)
    looks, dashboards = _saved(settings, preparer, catalogs, reports, clock, plans, allowance)
    return [
        query_router(preparer, freshness, responses, allowance),
        drill_router(Drilling(preparer, catalogs, runner, allowance, settings.query.max_rows), responses),
        catalog_router(catalogs, freshness, plans),
        values_router(catalogs, preparer, runner, freshness, responses),
        looks_router(looks, responses, allowance),
        dashboards_router(dashboards),
        dashboard_result_router(dashboards, DashboardRunner(runner, freshness, meters), responses),
        impact_router(looks, dashboards, catalogs),
    ]


def _saved(
    settings: QueryServiceSettings,
    preparer: ReportPreparer,
    catalogs: CatalogFeed,
    reports: LogStore,
    clock: Clock,
    plans: Plans,
    allowance: ReportAllowance,
) -> tuple[Looks, Dashboards]:
    feed = ReportsFeed(reports)
    looks = SavedReportStore(SavedKind.LOOK, Look, reports, feed, clock, plans.quotas)
    dashboards = SavedReportStore(SavedKind.DASHBOARD, Dashboard, reports, feed, clock, plans.quotas)
    questions = Questions(preparer, settings.query.max_rows)
    return (
        Looks(looks, questions, catalogs, allowance),
        Dashboards(dashboards, looks, questions, catalogs, allowance),
    )
