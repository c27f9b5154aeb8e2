"""The ingest and refresh of snapshot_service on a real broker and engine, in the test's own process, on a clock that
the test moves. Each pipeline has a database of its own; the topics are the broker's.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from crosslook.contracts.events import STRUCTURED
from crosslook.contracts.ids import ObjectKey, record_key
from crosslook.contracts.layouts import table_of
from crosslook.contracts.manifests import Entry, Manifest, Run
from crosslook.contracts.schemas import Definition, SchemaState
from crosslook.contracts.topics import RECORDS, SCHEMAS, SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import FixedClock
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.kafka import KafkaUnavailable, OffsetReader, Publisher, RecordSource, ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.log_store.protocol import LogStore
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.ingest.controls import IngestControls
from services.snapshot_service.ingest.diversions import Diversions
from services.snapshot_service.ingest.loop import Ingest
from services.snapshot_service.ingest.quarantine_quota import QuarantineQuota
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.ingest.start_offsets import StartOffsets
from services.snapshot_service.refresh.claim import RunRequest
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.entries import Entries
from services.snapshot_service.refresh.refresher import Refresher
from services.snapshot_service.settings import SnapshotSettings
from tests.helpers.builders import Event, object_key, schema_event, state

_HEADERS = (("content-type", STRUCTURED.encode()),)


@dataclass(slots=True, repr=False)
class Refreshes:
    """What a test of refreshes holds: ways in (define, drop), the refresh, and the rows that came out."""

    clock: FixedClock
    context: RefreshContext
    refresher: Refresher
    feed: SnapshotFeed
    schemas: LogStore
    settings: SnapshotSettings
    versions: dict[ObjectKey, int] = field(default_factory=dict, kw_only=True)

    async def define(self, tenant: str, definition: Definition, since_version: int | None = None) -> None:
        """Create or change an object."""
        key = object_key(tenant, definition.object)
        version = self.versions.get(key, 0) + 1
        await self._put(state(definition, tenant, version=version, since_version=since_version or 1))

    async def drop(self, tenant: str, name: str) -> None:
        """Delete an object."""
        version = self.versions[object_key(tenant, name)] + 1
        await self._put(state(None, tenant, name=name, version=version))

    async def staged(self, tenant: str, name: str) -> int:
        """How many events of an object lie in staging."""
        sql = "SELECT count() FROM record_log WHERE tenant = {tenant:String} AND object = {object:String}"
        return int((await self.context.clickhouse.query(sql, {"tenant": tenant, "object": name})).scalar())

    async def wait_staged(self, tenant: str, name: str, count: int) -> None:
        """Until that many events of an object are staged. Raises TimeoutError."""
        async with asyncio.timeout(120):
            while await self.staged(tenant, name) < count:
                await asyncio.sleep(0.05)

    async def refresh(self) -> Run:
        """Refresh now and wait for the end; the snapshot's view has caught up."""
        run = (await self.refresher.request(RunRequest("manual"))).run
        await self.refresher.wait()
        await self.feed.view.catch_up()
        ended = self.refresher.run(run.run)
        assert ended is not None
        return ended

    @property
    def manifest(self) -> Manifest:
        """The current snapshot."""
        current = self.feed.current()
        assert current is not None
        return current

    async def entries(self) -> dict[ObjectKey, Entry]:
        """The entries of the current snapshot."""
        return dict((await self.context.entries.read(self.manifest.snapshot)).readable)

    async def rows(self, tenant: str, name: str, *, deleted: bool = False) -> dict[str, dict[str, Any]]:
        """The records of an object in the current snapshot, by record id."""
        entry = (await self.entries())[object_key(tenant, name)]
        sql = (
            f"SELECT * FROM {table_of(entry.layout)} WHERE build = {{build:UInt64}} AND tenant = {{tenant:String}} "  # noqa: S608  # the table's name is a layout's
            "AND object = {object:String} AND deleted = {deleted:Bool}"
        )
        parameters = {"build": entry.build, "tenant": tenant, "object": name, "deleted": deleted}
        found = (await self.context.clickhouse.query(sql, parameters)).dicts()
        rows = {row["record"]: row for row in found}
        assert len(rows) == len(found), "a record stands in the build more than once"
        return rows

    async def _put(self, changed: SchemaState) -> None:
        await self.schemas.put(str(changed.key), schema_event(changed, time=self.clock.now()).encode())
        self.versions[changed.key] = changed.version


@dataclass(slots=True, repr=False)
class Pipeline(Refreshes):
    """Refreshes of events that came through Kafka and the ingest loop."""

    ingest: Ingest
    source: RecordSource
    publisher: Publisher

    async def send(self, events: Iterable[Event]) -> list[tuple[int, int]]:
        """Put events on the records topic as integrations do; answers their (partition, offset)."""
        return await self.publisher.publish(RECORDS.name, [(_record_key(e), orjson.dumps(e), _HEADERS) for e in events])


@contextlib.asynccontextmanager
async def running_pipeline(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, now: datetime, **settings: Any
) -> AsyncIterator[Pipeline]:
    """Everything started: topics, tables, views, the ingest loop."""
    at_once = {"linger_seconds": 0, "controls_seconds": 0.1, **settings.pop("ingest", {})}
    chosen = SnapshotSettings(kafka=kafka, clickhouse=clickhouse, ingest=at_once, **settings)
    await ensure_topics(kafka)
    clock = FixedClock(now)
    engine = ClickHouse(clickhouse)
    staging = Staging(engine)
    await staging.create_tables()
    schemas_view, snapshots_view = KafkaLogView(SCHEMAS.name, kafka), KafkaLogView(SNAPSHOTS.name, kafka)
    schemas = SchemaFeed(schemas_view, tenants_open=True)
    feed = SnapshotFeed(snapshots_view)
    writer = KafkaLogStore(SCHEMAS.name, kafka)
    offsets = OffsetReader(RECORDS.name, chosen.ingest.group, kafka)
    meters = Meters()
    consistency = Consistency.of(engine, clock, offsets, feed.current, meters)
    places = StartOffsets(consistency)
    source = _source(chosen, places)
    ingest = _ingest(chosen, engine, source, staging, schemas, places)
    context = RefreshContext(engine, staging, Entries(engine), schemas, offsets, clock, meters, chosen, consistency)
    refresher = Refresher(context, feed, lambda: KafkaLogStore(SNAPSHOTS.name, kafka))
    publisher = Publisher(kafka)
    started: Sequence[Any] = (schemas_view, snapshots_view, writer, offsets, publisher)
    for process in started:
        await process.start()
    await _looked_at(consistency)
    loop = asyncio.create_task(ingest.run())
    try:
        yield Pipeline(clock, context, refresher, feed, writer, chosen, ingest, source, publisher)
    finally:
        ingest.stop()
        await loop
        await refresher.stop()
        for process in started:
            await process.stop()
        await engine.close()


def _source(settings: SnapshotSettings, start_offsets: StartOffsets) -> RecordSource:
    return RecordSource(
        RECORDS.name,
        settings.ingest.group,
        settings.kafka,
        session_seconds=settings.ingest.session_seconds,
        max_poll_seconds=settings.ingest.max_poll_seconds,
        start_offsets=start_offsets.of,
    )


def _ingest(
    settings: SnapshotSettings,
    engine: ClickHouse,
    source: RecordSource,
    staging: Staging,
    schemas: SchemaFeed,
    start_offsets: StartOffsets,
) -> Ingest:
    controls = IngestControls(engine, settings.ingest.divert_seconds)
    diversions = Diversions(controls, "test", settings.ingest.controls_seconds, Meters())
    quota = QuarantineQuota(engine, settings.quarantine.max_events)
    return Ingest(source, staging, schemas, settings.ingest, Meters(), RECORDS.name, diversions, quota, start_offsets)


async def _looked_at(consistency: Consistency) -> None:
    """As the service's start does it: a broker that is new finds no coordinator of the group at first."""
    async with asyncio.timeout(120):
        while True:
            try:
                await consistency.recheck()
            except KafkaUnavailable:
                await asyncio.sleep(0.1)
            else:
                return


def _record_key(event: Event) -> bytes:
    data = event["data"]
    return record_key(data["tenant"], data["object"], data.get("record", ""))
