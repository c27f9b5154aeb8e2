"""The wiring of snapshot_service, top to bottom."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from crosslook.contracts.topics import RECORDS, SCHEMAS, SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.clock import Clock, SystemClock
from crosslook.platform.errors import StopService
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.http import create_app
from crosslook.platform.kafka import (
    KafkaUnavailable,
    OffsetReader,
    Publisher,
    RecordSource,
    check_topics,
    fetch_message,
)
from crosslook.platform.kafka_log import KafkaLogStore, KafkaLogView
from crosslook.platform.log import get_logger
from crosslook.platform.log_report import export
from crosslook.platform.logstore import LogUnavailable
from crosslook.platform.metrics import Meters
from crosslook.platform.outage import Outage
from crosslook.platform.process import lost
from services.snapshot_service.api import router
from services.snapshot_service.diversions import Diversions
from services.snapshot_service.entries import Entries
from services.snapshot_service.failpoints import failpoint
from services.snapshot_service.ingest import Ingest
from services.snapshot_service.ingest_controls import IngestControls
from services.snapshot_service.left_api import left_router
from services.snapshot_service.quarantine_api import quarantine_router
from services.snapshot_service.quarantine_automatic import AutomaticReplay
from services.snapshot_service.quarantine_replay import Replayer
from services.snapshot_service.quarantine_room import QuarantineRoom
from services.snapshot_service.quarantine_store import QuarantineStore
from services.snapshot_service.quarantine_sweep import sweep_hourly
from services.snapshot_service.refresh import Workshop
from services.snapshot_service.refresher import Refresher
from services.snapshot_service.settings import SnapshotSettings
from services.snapshot_service.shared_api import shared_router
from services.snapshot_service.staging import Staging
from services.snapshot_service.store_errors import ErrorClass, classify
from services.snapshot_service.worker import Worker

_LOG = get_logger(__name__)
_RETRY_SECONDS = 1.0


def build(settings: SnapshotSettings, clock: Clock | None = None) -> FastAPI:
    """The service. `app.state.fatal` answers why its process must end. Raises ValueError for unusable settings."""
    clock = clock or SystemClock()
    meters = Meters()
    clickhouse = ClickHouse(settings.clickhouse, application="crosslook-snapshot")
    schemas_view = KafkaLogView(SCHEMAS.name, settings.kafka, client_id="crosslook-snapshot")
    snapshots_view = KafkaLogView(SNAPSHOTS.name, settings.kafka, client_id="crosslook-snapshot")
    schemas = SchemaFeed(schemas_view, tenants_open=settings.tenants.open)
    snapshots = SnapshotFeed(snapshots_view)
    export(meters, schemas_view, snapshots_view)
    staging = Staging(clickhouse)
    offsets = OffsetReader(RECORDS.name, settings.ingest.group, settings.kafka)
    ingest = _ingest(settings, clickhouse, staging, schemas, meters)
    entries = Entries(clickhouse)
    die = failpoint(settings.test.failpoint)
    workshop = Workshop(clickhouse, staging, entries, schemas, offsets, clock, meters, settings, die)
    refresher = Refresher(
        workshop, snapshots, lambda: KafkaLogStore(SNAPSHOTS.name, settings.kafka, client_id="crosslook-refresh")
    )
    publisher = Publisher(settings.kafka, client_id="crosslook-replay")
    quarantine = QuarantineStore(clickhouse, settings.quarantine.keep_days)
    replayer = Replayer(quarantine, publisher, schemas, clock, meters)
    automatic = AutomaticReplay(replayer, schemas, settings.quarantine)
    worker = Worker(settings, ingest, refresher, automatic, partial(sweep_hourly, quarantine, clock), offsets, meters)
    start = Start()

    async def begin() -> None:
        await start.step("topics", lambda: check_topics(settings.kafka, (SCHEMAS, RECORDS, SNAPSHOTS)))
        await start.step("clickhouse", staging.create_tables)
        for view in (schemas_view, snapshots_view):
            await start.step(f"replay of {view.topic}", view.start, undo=view.stop)
        await start.step("offsets", offsets.start)
        await start.step("publisher", publisher.start)
        await start.step("worker", worker.start)
        start.done()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        starting = asyncio.create_task(start.guard(begin()), name="start")
        yield
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await worker.stop()
        await publisher.stop()
        await offsets.stop()
        await snapshots_view.stop()
        await schemas_view.stop()
        await clickhouse.close()

    def unready() -> str | None:
        if start.waiting_for is not None:
            return f"starting: {start.waiting_for}"
        for view in (schemas_view, snapshots_view):
            if view.failure is not None:
                return f"{view.topic}: {view.failure}"
        return None if ingest.state.state == "running" else f"ingest {ingest.state.state}: {ingest.state.reason}"

    def fatal() -> str | None:
        return start.failure or worker.failure or lost(schemas_view, snapshots_view)

    app = create_app(
        "Crosslook snapshot service", "1", settings=settings, lifespan=lifespan, readiness=unready, meters=meters
    )
    app.state.fatal = fatal
    app.include_router(router(snapshots, refresher, ingest, offsets, clock))
    app.include_router(shared_router(snapshots, entries, clickhouse))
    app.include_router(quarantine_router(clickhouse, replayer, clock))
    app.include_router(left_router(clickhouse, offsets, partial(fetch_message, RECORDS.name, settings=settings.kafka)))
    return app


def _ingest(
    settings: SnapshotSettings, clickhouse: ClickHouse, staging: Staging, schemas: SchemaFeed, meters: Meters
) -> Ingest:
    controls = IngestControls(clickhouse, settings.ingest.divert_seconds)
    return Ingest(
        _source(settings),
        staging,
        schemas,
        settings.ingest,
        meters,
        RECORDS.name,
        Diversions(controls, settings.worker.name, settings.ingest.controls_seconds, meters),
        QuarantineRoom(clickhouse, settings.quarantine.max_events),
        failpoint(settings.test.failpoint),
    )


def _source(settings: SnapshotSettings) -> RecordSource:
    # A static member that comes back under its name has its partitions at once, without a session's time-out.
    return RecordSource(
        RECORDS.name,
        settings.ingest.group,
        settings.kafka,
        client_id="crosslook-ingest",
        instance_id=settings.worker.name,
        session_seconds=settings.ingest.session_seconds,
        max_poll_seconds=settings.ingest.max_poll_seconds,
    )


class Start:
    """The start in steps, each tried until what it needs is there; `/readyz` names the one under way."""

    def __init__(self) -> None:
        self.waiting_for: str | None = "nothing yet"
        self.failure: str | None = None

    async def step(
        self, name: str, work: Callable[[], Awaitable[None]], undo: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Do one step, however long it takes. Raises StopService where waiting cannot help."""
        self.waiting_for = name
        outage = Outage("start_waits", step=name)
        while True:
            try:
                await work()
                outage.worked()
                return
            except (KafkaUnavailable, LogUnavailable) as error:
                outage.failed(str(error))
            except ClickHouseError as error:
                if classify(error) is not ErrorClass.RETRY:
                    raise StopService(f"{name}: the store answered {error.name} ({error.code})") from error
                outage.failed(error.name)
            if undo is not None:
                await undo()
            await asyncio.sleep(_RETRY_SECONDS)

    def done(self) -> None:
        """Everything runs."""
        self.waiting_for = None

    async def guard(self, work: Awaitable[None]) -> None:
        """Run the start; what ends it is remembered, so that the process ends with its reason."""
        try:
            await work
        except StopService as error:
            self.failure = str(error)
        except Exception:
            _LOG.exception("start_failed")
            self.failure = "start_failed"
