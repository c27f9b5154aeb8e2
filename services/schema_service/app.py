"""Wires the service, top to bottom."""

import re
from functools import partial

from fastapi import APIRouter, FastAPI

from crosslook.contracts.admission import Admission
from crosslook.contracts.release import RELEASE
from crosslook.contracts.tenant_settings import TenantDefaults
from crosslook.contracts.topics import RECORDS, REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.background_reader import BackgroundReader
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.http import create_app
from crosslook.platform.kafka import Publisher, check_topics
from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.log_store.protocol import LogStore, LogView
from crosslook.platform.log_store.report import export
from crosslook.platform.metrics import Meters
from crosslook.platform.plans import Plans
from crosslook.platform.process import lost
from crosslook.platform.rate_limit import RateLimit
from crosslook.platform.repairs import Repairs, repairs_router
from crosslook.platform.replica import Replica
from crosslook.platform.settings_feed import SettingsFeed
from crosslook.platform.startup import StartStep, Startup, reading_of
from crosslook.platform.streamed import StreamedBodies
from services.schema_service.api.imports import imports_router
from services.schema_service.api.machine_contracts import asyncapi_router, json_schema_router
from services.schema_service.api.recovery import recovery_router
from services.schema_service.api.schemas import events_router, schema_changes_router, schemas_router, tenants_router
from services.schema_service.api.tenant_settings import settings_router
from services.schema_service.appearances import Appearances
from services.schema_service.domain.definition import Limits
from services.schema_service.impact import SavedReportImpacts
from services.schema_service.imports.importer import Importer
from services.schema_service.imports.past_imports import PastImports
from services.schema_service.imports.publication import BatchPublication
from services.schema_service.intake import Intake
from services.schema_service.objects import Objects
from services.schema_service.registry import Registry
from services.schema_service.restoration import Restoration
from services.schema_service.settings import SchemaSettings
from services.schema_service.tenant_settings import SettingsRegistry
from services.schema_service.tenants import Tenants

_CLIENT = "crosslook-schema-service"
_IMPORT = re.compile(r"/v1/tenants/[^/]+/objects/[^/]+/import")


def build(settings: SchemaSettings, clock: Clock) -> FastAPI:
    """The service; its start reads the schemas topic and stands for election as its writer.

    `app.state.fatal` returns why the process must end (`process.watch`), also where a topic is missing or has wrong
    settings; `app.state.startup` is the start.
    """
    store = KafkaElectedStore(SCHEMAS.name, settings.kafka, settings.http.address, client_id=_CLIENT)
    published, reports = (KafkaLogView(t.name, settings.kafka, client_id=_CLIENT) for t in (SNAPSHOTS, REPORTS))
    saved = BackgroundReader(reports, lambda: check_topics(settings.kafka, [REPORTS]))
    publisher = Publisher(settings.kafka, client_id=_CLIENT, delivery_seconds=settings.intake.publish_seconds)
    meters, tenant_settings = Meters(), SettingsFeed(store)
    schemas, snapshots = SchemaFeed(store, tenants_open=settings.tenants.open), SnapshotFeed(published)

    steps = (
        StartStep("topics", lambda: check_topics(settings.kafka, [SCHEMAS, RECORDS, SNAPSHOTS])),
        reading_of(published),
        StartStep(f"reading {reports.topic}", saved.start, saved.stop),  # beside the start: only previews need it
        StartStep("publisher", publisher.start, publisher.stop),
        reading_of(store),  # last: from then on this replica may be the writer, and must be able to answer as it
    )
    replica = Replica(store, settings.http.address, meters)
    startup = Startup(steps, closing=(replica.close,))
    app = create_app(
        "Crosslook schema service",
        RELEASE,
        settings=settings,
        lifespan=startup.lifespan,
        readiness=lambda: unready(store, published),
        degraded=lambda: saved.reason,
        meters=meters,
        replica=replica,
        startup=startup,
        streamed=StreamedBodies(_IMPORT, settings.imports.max_bytes),
    )
    export(meters, store, published, reports)
    app.state.published, app.state.tenant_settings, app.state.startup = published, tenant_settings, startup
    app.state.fatal = lambda: startup.failure or lost(store, published)
    for router in _routers(settings, clock, store, schemas, tenant_settings, snapshots, reports, publisher, meters):
        app.include_router(router)
    return app


def _routers(
    settings: SchemaSettings,
    clock: Clock,
    store: LogStore,
    schemas: SchemaFeed,
    tenant_settings: SettingsFeed,
    snapshots: SnapshotFeed,
    reports: LogView,
    publisher: Publisher,
    meters: Meters,
) -> list[APIRouter]:
    schedule = Schedule(settings.refresh.cron, settings.refresh.timezone)
    objects = Objects(schemas, Appearances(schemas, snapshots), schedule, clock)
    tenants = Tenants(store, schemas, clock, settings.plans.table)
    plans = Plans(settings.plans.table, settings.quotas, schemas.tenant)
    registry = Registry(store, objects, SavedReportImpacts(reports), clock, _limits(settings), plans)
    rate = RateLimit(lambda tenant: plans.quotas(tenant).events_per_second, "rate_limited.events")
    admission = Admission(schemas)
    intake = Intake(admission, store, publisher, objects, tenants, clock, meters, settings.intake, rate)
    deployment = TenantDefaults(settings.refresh.timezone)
    settings_registry = SettingsRegistry(store, tenant_settings, objects, tenants, deployment, clock)
    past = PastImports(store, clock, settings.imports.keep)
    publish = partial(BatchPublication, publisher, rate, meters)
    importer = Importer(admission, objects, tenants, settings_registry, past, publish, meters)
    open_exclusive = partial(KafkaLogStore, SCHEMAS.name, settings.kafka, client_id=_CLIENT)
    return [
        schemas_router(objects),
        schema_changes_router(registry),
        tenants_router(tenants, plans),
        settings_router(settings_registry),
        events_router(intake),
        imports_router(importer, past, objects, settings.imports.at_once),
        json_schema_router(objects),
        asyncapi_router(settings.kafka),
        recovery_router(Restoration(store, tenants, clock)),
        repairs_router(Repairs.on(store, settings.kafka, open_exclusive)),
    ]


def unready(*views: LogView) -> str | None:
    """Why the service is not ready: the first log that is not read to its end, or whose reader has stopped."""
    for view in views:
        if view.failure is not None:
            return f"{view.topic}: {view.failure}"
        if not view.ready:
            return f"{view.topic}: reading, at {view.position}"
    return None


def _limits(settings: SchemaSettings) -> Limits:
    limits = settings.schemas
    return Limits(limits.max_fields, limits.max_relationships, limits.max_options)
