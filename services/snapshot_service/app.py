"""Wires snapshot_service, top to bottom."""

from collections.abc import Iterator, Mapping
from functools import partial

from fastapi import FastAPI

from crosslook.contracts.release import RELEASE
from crosslook.contracts.topics import RECORDS, SCHEMAS, SNAPSHOTS, WEBHOOKS
from crosslook.integrations.catalog import integrations
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock, SystemClock
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.http import create_app
from crosslook.platform.kafka import (
    OffsetReader,
    Publisher,
    RecordSource,
    check_topics,
    fetch_message,
)
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.log_store.protocol import ExclusiveStore
from crosslook.platform.log_store.report import export
from crosslook.platform.metrics import Meters
from crosslook.platform.repairs import Repairs, repairs_router
from crosslook.platform.settings_feed import SettingsFeed
from crosslook.platform.startup import StartStep, Startup, reading_of
from services.snapshot_service.api.imported import imported_router
from services.snapshot_service.api.integrations import integrations_router
from services.snapshot_service.api.left import left_router
from services.snapshot_service.api.quarantine import quarantine_router
from services.snapshot_service.api.records import records_router
from services.snapshot_service.api.recovery import recovery_router
from services.snapshot_service.api.shared_references import shared_router
from services.snapshot_service.api.snapshots import router
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.consistency.meta import Meta
from services.snapshot_service.consistency.table_check import TableCheck
from services.snapshot_service.consistency.table_migration import TableMigration
from services.snapshot_service.failpoints import failpoint
from services.snapshot_service.ingest.controls import IngestControls
from services.snapshot_service.ingest.diversions import Diversions
from services.snapshot_service.ingest.loop import Ingest
from services.snapshot_service.ingest.quarantine_quota import QuarantineQuota
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.ingest.start_offsets import StartOffsets
from services.snapshot_service.integrations.held_messages import refuse_held
from services.snapshot_service.integrations.raw_replay import RawReplay
from services.snapshot_service.integrations.webhook_lag import WebhookLag
from services.snapshot_service.integrations.webhook_work import WebhookContext, WebhookWork, webhook_work
from services.snapshot_service.quarantine.automatic import AutomaticReplay
from services.snapshot_service.quarantine.replay import Replayer
from services.snapshot_service.quarantine.store import QuarantineStore
from services.snapshot_service.quarantine.sweep import sweep_hourly
from services.snapshot_service.readiness import Readiness, store_step
from services.snapshot_service.records.imported import ImportedRecords
from services.snapshot_service.records.reader import RecordReader
from services.snapshot_service.recovery.recovery import Recovery
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.entries import Entries
from services.snapshot_service.refresh.refresher import Refresher
from services.snapshot_service.settings import SnapshotSettings
from services.snapshot_service.worker import WORKER_GROUP, Worker


def build(settings: SnapshotSettings, clock: Clock | None = None) -> FastAPI:
    """The service. `app.state.fatal` answers why its process must end. Raises ValueError for unusable settings."""
    clock, meters = clock or SystemClock(), Meters()
    clickhouse = ClickHouse(settings.clickhouse, application="crosslook-snapshot")
    schemas_view = KafkaLogView(SCHEMAS.name, settings.kafka, client_id="crosslook-snapshot")
    snapshots_view = KafkaLogView(SNAPSHOTS.name, settings.kafka, client_id="crosslook-snapshot")
    schemas = SchemaFeed(schemas_view, tenants_open=settings.tenants.open)
    snapshots = SnapshotFeed(snapshots_view)
    export(meters, schemas_view, snapshots_view)
    staging, offsets = Staging(clickhouse), OffsetReader(RECORDS.name, settings.ingest.group, settings.kafka)
    consistency = Consistency.of(clickhouse, clock, offsets, snapshots.current, meters)
    ingest = _ingest(settings, clickhouse, staging, schemas, StartOffsets(consistency), meters)
    entries, die = Entries(clickhouse), failpoint(settings.test.failpoint)
    webhook_offsets, lag = _webhook_lag(settings, meters)
    stores = (clickhouse, staging, entries, schemas, offsets, clock, meters, settings, consistency)
    context = RefreshContext(*stores, die, lag.settle)
    refresher = Refresher(context, snapshots, partial(_open_writer, settings))
    publisher = Publisher(settings.kafka, client_id="crosslook-replay")
    quarantine = QuarantineStore(clickhouse, settings.quarantine.keep_days)
    webhooks = _webhooks(context, snapshots, ingest, publisher)
    refuse, controls = refuse_held(webhooks.connections), ingest.diversions.controls
    replayer = Replayer(quarantine, publisher, schemas, controls, clock, meters, refuse=refuse)
    automatic = AutomaticReplay(replayer, schemas, settings.quarantine)
    sweep = partial(sweep_hourly, quarantine, clock)
    worker = Worker(settings, ingest, refresher, automatic, webhooks, lag, sweep, offsets, consistency, meters)
    steps = (
        StartStep("topics", lambda: check_topics(settings.kafka, (SCHEMAS, RECORDS, WEBHOOKS, SNAPSHOTS))),
        *_table_steps(clickhouse, staging, clock, meters),
        *map(reading_of, (schemas_view, snapshots_view)),
        *_started({"offsets": offsets, "webhooks": webhook_offsets}),
        store_step("consistency", consistency.recheck),
        *_started({"publisher": publisher, "worker": worker}),
    )
    startup = Startup(steps, closing=(clickhouse.close,))
    readiness = Readiness(startup, consistency, ingest, worker, (schemas_view, snapshots_view))
    app = _app(settings, meters, readiness, startup)
    _add_stored_state(app, settings, context, refresher, snapshots)
    app.include_router(router(snapshots, refresher, ingest, offsets, clock))
    _add_refused(app, settings, context, offsets, replayer, publisher)
    return app


def _add_refused(
    app: FastAPI,
    settings: SnapshotSettings,
    context: RefreshContext,
    offsets: OffsetReader,
    replayer: Replayer,
    publisher: Publisher,
) -> None:
    fetch = partial(fetch_message, RECORDS.name, settings=settings.kafka)
    app.include_router(quarantine_router(context.clickhouse, replayer, context.clock))
    app.include_router(integrations_router(RawReplay(publisher, settings.kafka)))
    app.include_router(left_router(context.clickhouse, offsets, fetch))


def _table_steps(clickhouse: ClickHouse, staging: Staging, clock: Clock, meters: Meters) -> tuple[StartStep, ...]:
    return (
        store_step("clickhouse", staging.create_tables),
        store_step("migration", TableMigration(clickhouse, Meta(clickhouse, clock)).migrate),
        store_step("tables", TableCheck(clickhouse, meters).require),
    )


def _started(parts: Mapping[str, OffsetReader | Publisher | Worker]) -> Iterator[StartStep]:
    for name, part in parts.items():
        yield StartStep(name, part.start, part.stop)


def _add_stored_state(
    app: FastAPI, settings: SnapshotSettings, context: RefreshContext, refresher: Refresher, snapshots: SnapshotFeed
) -> None:
    app.state.tenant_settings = SettingsFeed(context.schemas.view)
    open_writer = partial(_open_writer, settings)
    app.include_router(shared_router(snapshots, context.entries, context.clickhouse))
    reader = RecordReader(context.clickhouse, context.entries, snapshots, context.clock, settings.late_days)
    app.include_router(records_router(reader, context.schemas))
    imported = ImportedRecords(
        context.clickhouse, context.entries, snapshots, context.offsets, context.clock, settings.late_days
    )
    app.include_router(imported_router(imported, context.schemas))
    app.include_router(recovery_router(Recovery(context, snapshots, refresher, open_writer)))
    app.include_router(repairs_router(Repairs.on(snapshots.view, settings.kafka, open_writer)))


def _app(settings: SnapshotSettings, meters: Meters, readiness: Readiness, startup: Startup) -> FastAPI:
    app = create_app(
        "Crosslook snapshot service",
        RELEASE,
        settings=settings,
        lifespan=startup.lifespan,
        readiness=readiness.unready,
        meters=meters,
        degraded=readiness.degraded,
        startup=startup,
    )
    app.state.fatal = readiness.fatal
    return app


def _open_writer(settings: SnapshotSettings) -> ExclusiveStore:
    return KafkaLogStore(SNAPSHOTS.name, settings.kafka, client_id="crosslook-refresh")


def _ingest(
    settings: SnapshotSettings,
    clickhouse: ClickHouse,
    staging: Staging,
    schemas: SchemaFeed,
    start_offsets: StartOffsets,
    meters: Meters,
) -> Ingest:
    controls = IngestControls(clickhouse, settings.ingest.divert_seconds)
    return Ingest(
        _source(settings, start_offsets),
        staging,
        schemas,
        settings.ingest,
        meters,
        RECORDS.name,
        Diversions(controls, settings.worker.name, settings.ingest.controls_seconds, meters),
        QuarantineQuota(clickhouse, settings.quarantine.max_events),
        start_offsets,
        failpoint(settings.test.failpoint),
    )


def _webhook_lag(settings: SnapshotSettings, meters: Meters) -> tuple[OffsetReader, WebhookLag]:
    offsets = OffsetReader(WEBHOOKS.name, WORKER_GROUP, settings.kafka)
    return offsets, WebhookLag(offsets, settings.webhooks.wait_seconds, meters)


def _webhooks(context: RefreshContext, snapshots: SnapshotFeed, ingest: Ingest, publisher: Publisher) -> WebhookWork:
    needs = WebhookContext(
        context.clickhouse,
        context.schemas,
        snapshots,
        integrations(),
        publisher,
        ingest.quota,
        context.consistency,
        context.clock,
        context.meters,
        context.settings.webhooks.retry_seconds,
    )
    return webhook_work(needs, context.failpoint)


def _source(settings: SnapshotSettings, start_offsets: StartOffsets) -> RecordSource:
    # A static member that comes back under its name has its partitions at once, without a session's time-out.
    return RecordSource(
        RECORDS.name,
        settings.ingest.group,
        settings.kafka,
        client_id="crosslook-ingest",
        instance_id=settings.worker.name,
        session_seconds=settings.ingest.session_seconds,
        max_poll_seconds=settings.ingest.max_poll_seconds,
        start_offsets=start_offsets.of,
    )
