"""Wires the service, top to bottom."""

import re
from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, FastAPI

from crosslook.contracts.admission import Admission
from crosslook.contracts.release import RELEASE
from crosslook.contracts.tenant_settings import TenantDefaults
from crosslook.contracts.topics import SCHEMAS
from crosslook.integrations.catalog import integrations
from crosslook.integrations.interface import Integration
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.http import create_app
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.log_store.protocol import LogView
from crosslook.platform.log_store.report import export
from crosslook.platform.metrics import Meters
from crosslook.platform.peer import Peer
from crosslook.platform.plans import Plans
from crosslook.platform.process import lost
from crosslook.platform.rate_limit import RateLimit
from crosslook.platform.repairs import Repairs, repairs_router
from crosslook.platform.replica import Replica
from crosslook.platform.startup import StartStep, Startup
from crosslook.platform.streamed import StreamedBodies
from services.schema_service.api.imports import imports_router, undo_router
from services.schema_service.api.machine_contracts import asyncapi_router, json_schema_router
from services.schema_service.api.recovery import recovery_router
from services.schema_service.api.schemas import events_router, schema_changes_router, schemas_router, tenants_router
from services.schema_service.api.tenant_settings import settings_router
from services.schema_service.api.webhooks import refuse_call
from services.schema_service.appearances import Appearances
from services.schema_service.impact import SavedReportImpacts
from services.schema_service.imports.importer import Importer
from services.schema_service.imports.past_imports import PastImports
from services.schema_service.imports.publication import BatchPublication
from services.schema_service.imports.undo import ImportUndo
from services.schema_service.intake import Intake
from services.schema_service.integration_routes import SharedParts, health_of, integration_routes
from services.schema_service.integrations.bundled_upgrade import BundledUpgrade
from services.schema_service.integrations.catalog import AvailableIntegrations
from services.schema_service.integrations.health import IntegrationHealth
from services.schema_service.integrations.health_saver import HealthSaver
from services.schema_service.integrations.managed import ManagedObjects
from services.schema_service.objects import Objects
from services.schema_service.registry import Registry
from services.schema_service.restoration import Restoration
from services.schema_service.settings import SchemaSettings
from services.schema_service.sources import CLIENT, Sources
from services.schema_service.tenant_settings import SettingsRegistry
from services.schema_service.tenants import Tenants

_IMPORT = re.compile(r"/v1/tenants/[^/]+/objects/[^/]+/import")


def build(
    settings: SchemaSettings,
    clock: Clock,
    catalog: Mapping[str, Integration] | None = None,
    peer: Peer | None = None,
) -> FastAPI:
    """The service; its start reads the schemas topic and stands for election as its writer. `catalog`: the integrations
    that can be connected; by default those of this release. `peer`: another way to snapshot_service, for tests.

    `app.state.fatal` returns why the process must end (`process.watch`), also where a topic is missing or has wrong
    settings; `app.state.startup` is the start.
    """
    sources, meters, peer = Sources.of(settings), Meters(), peer or snapshot_peer(settings)
    store, published = sources.store, sources.published
    replica = Replica(store, settings.http.address, meters)
    available = AvailableIntegrations(integrations() if catalog is None else catalog)
    health = health_of(settings, sources, available, clock)
    routers, upgrade = _routers(settings, clock, sources, available, health.counted, meters, peer)
    steps = (*sources.steps(settings), *_background_steps(upgrade, health.saver))
    startup = Startup(steps, closing=(replica.close, peer.close))
    app = create_app(
        "Crosslook schema service",
        RELEASE,
        settings=settings,
        lifespan=startup.lifespan,
        readiness=lambda: unready(store, published),
        degraded=lambda: sources.degraded,
        meters=meters,
        replica=replica,
        startup=startup,
        streamed=StreamedBodies(_IMPORT, settings.imports.max_bytes),
        refuse=refuse_call,
    )
    export(meters, store, published, sources.reports, sources.health)
    app.state.published, app.state.startup = published, startup
    app.state.tenant_settings = sources.tenant_settings
    app.state.fatal = lambda: startup.failure or lost(store, published)
    for router in routers:
        app.include_router(router)
    return app


def _routers(
    settings: SchemaSettings,
    clock: Clock,
    sources: Sources,
    available: AvailableIntegrations,
    health: IntegrationHealth,
    meters: Meters,
    peer: Peer,
) -> tuple[list[APIRouter], BundledUpgrade]:
    store, schemas = sources.store, sources.schemas
    schedule = Schedule(settings.refresh.cron, settings.refresh.timezone)
    objects = Objects(schemas, Appearances(schemas, sources.snapshots), schedule, clock)
    plans = Plans(settings.plans.table, settings.quotas, schemas.tenant)
    tenants, managed = Tenants(store, schemas, clock, plans.table), ManagedObjects(sources.connected, available)
    impacts, limits = SavedReportImpacts(sources.reports), settings.schemas.limits
    registry = Registry(store, objects, impacts, clock, limits, plans, managed.of)
    rate = RateLimit(lambda tenant: plans.quotas(tenant).events_per_second, "rate_limited.events")
    admission, publisher = Admission(schemas), sources.publisher
    intake = Intake(admission, store, publisher, objects, tenants, clock, meters, settings.intake, rate)
    fallback, saved = TenantDefaults(settings.refresh.timezone), sources.tenant_settings
    settings_registry = SettingsRegistry(store, saved, objects, tenants, fallback, clock)
    past, publish = PastImports(store, clock, settings.imports.keep), partial(BatchPublication, publisher, rate, meters)
    importer = Importer(admission, objects, tenants, settings_registry, past, publish, meters)
    parts = SharedParts(objects, tenants, plans, registry, managed, rate, meters, clock)
    connected = integration_routes(settings, sources, available, health, parts)
    routers = [
        events_router(intake),  # tried in this order: what is called most comes first
        *connected.routers,
        schemas_router(objects),
        schema_changes_router(registry),
        tenants_router(tenants, plans),
        settings_router(settings_registry),
        imports_router(importer, past, objects, settings.imports.at_once),
        undo_router(ImportUndo(past, objects, peer, publish)),
        json_schema_router(objects),
        asyncapi_router(settings.kafka),
        recovery_router(Restoration(store, tenants, clock), connected.resealing),
        _repairs(settings, sources),
    ]
    return routers, connected.upgrade


def _background_steps(upgrade: BundledUpgrade, saver: HealthSaver) -> tuple[StartStep, ...]:
    return (
        StartStep("objects of integrations", upgrade.start, upgrade.stop),
        # Last, so that it ends first: it saves what the calls until then have counted.
        StartStep("saving health", saver.start, saver.stop),
    )


def _repairs(settings: SchemaSettings, sources: Sources) -> APIRouter:
    open_exclusive = partial(KafkaLogStore, SCHEMAS.name, settings.kafka, client_id=CLIENT)
    return repairs_router(Repairs.on(sources.store, settings.kafka, open_exclusive))


def snapshot_peer(settings: SchemaSettings) -> Peer:
    """The way to snapshot_service."""
    return Peer("snapshot_service", settings.snapshot_service.url, settings.snapshot_service.seconds)


def unready(*views: LogView) -> str | None:
    """Why the service is not ready: the first log that is not read to its end, or whose reader has stopped."""
    for view in views:
        if view.failure is not None:
            return f"{view.topic}: {view.failure}"
        if not view.ready:
            return f"{view.topic}: reading, at {view.position}"
    return None
