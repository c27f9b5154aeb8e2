"""Wires what belongs to integrations."""

from typing import NamedTuple

from fastapi import APIRouter

from crosslook.platform.clock import Clock
from crosslook.platform.metrics import Meters
from crosslook.platform.plans import Plans
from crosslook.platform.rate_limit import RateLimit
from services.schema_service.api.integrations import available_router, connections_router, history_router
from services.schema_service.api.webhooks import webhooks_router
from services.schema_service.integrations.bundled_objects import BundledObjects
from services.schema_service.integrations.bundled_upgrade import BundledUpgrade
from services.schema_service.integrations.catalog import AvailableIntegrations
from services.schema_service.integrations.catching_up import CatchUp
from services.schema_service.integrations.connections import ConnectionRegistry
from services.schema_service.integrations.health import IntegrationHealth
from services.schema_service.integrations.health_removal import HealthRemoval
from services.schema_service.integrations.health_saver import HealthSaver
from services.schema_service.integrations.history import HistoryIntake
from services.schema_service.integrations.managed import ManagedObjects
from services.schema_service.integrations.outcomes import Outcomes
from services.schema_service.integrations.resealing import Resealing
from services.schema_service.integrations.secrets import ConnectionSecrets
from services.schema_service.integrations.views import ConnectionViews
from services.schema_service.integrations.webhooks import WebhookIntake
from services.schema_service.object_log import ObjectLog
from services.schema_service.objects import Objects
from services.schema_service.registry import Registry
from services.schema_service.settings import SchemaSettings
from services.schema_service.sources import Sources
from services.schema_service.tenants import Tenants


class SharedParts(NamedTuple):
    """What other routes use, too."""

    objects: Objects
    tenants: Tenants
    plans: Plans
    registry: Registry
    managed: ManagedObjects
    rate: RateLimit
    meters: Meters
    clock: Clock


class IntegrationRoutes(NamedTuple):
    """The routes, what operators call to seal secrets again, and what brings objects up to this release."""

    routers: tuple[APIRouter, ...]
    resealing: Resealing
    upgrade: BundledUpgrade


class Health(NamedTuple):
    """What counts the messages of integrations, and what stores the counts."""

    counted: IntegrationHealth
    saver: HealthSaver


def health_of(settings: SchemaSettings, sources: Sources, available: AvailableIntegrations, clock: Clock) -> Health:
    """Both, not started."""
    log, feed, seconds = sources.health, sources.connected, settings.webhook_intake.health_seconds
    counted = IntegrationHealth(log, feed, available, clock)
    removal = HealthRemoval(log, counted, feed, clock)
    return Health(counted, HealthSaver(log, counted, removal, settings.http.address, clock, seconds))


def integration_routes(
    settings: SchemaSettings,
    sources: Sources,
    available: AvailableIntegrations,
    health: IntegrationHealth,
    parts: SharedParts,
) -> IntegrationRoutes:
    """Everything that integrations need, put together."""
    store, feed, clock = sources.store, sources.connected, parts.clock
    secrets, log = ConnectionSecrets(settings.secrets.sealer()), ObjectLog(store, parts.objects, clock)
    bundled = BundledObjects(log, parts.objects, settings.schemas.limits, parts.registry.check_quota)
    connections = ConnectionRegistry(
        store,
        feed,
        available,
        bundled,
        parts.managed,
        secrets,
        ConnectionViews(store, available, secrets, parts.objects, health, clock),
        parts.objects,
        parts.tenants,
        parts.plans,
        clock,
    )
    webhooks = WebhookIntake(
        feed,
        sources.schemas,
        available,
        secrets,
        CatchUp(store),
        sources.webhook_publisher,
        Outcomes(parts.meters, health),
        clock,
        parts.rate,
    )
    history = HistoryIntake(connections, available, sources.webhook_publisher, clock, parts.rate)
    receiving = (webhooks_router(webhooks), history_router(history))
    managing = (available_router(available), connections_router(connections))
    upgrade = BundledUpgrade(store, feed, available, parts.objects, bundled)
    return IntegrationRoutes((*receiving, *managing), Resealing(store, feed, secrets, clock), upgrade)
