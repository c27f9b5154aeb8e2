"""Refreshes without Kafka: logs in memory, events admitted and staged by the test, and the real refresh on a real
engine."""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zlib import crc32

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import read_structured
from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.records import Address, Admitted
from crosslook.contracts.topics import RECORDS, SCHEMAS, SNAPSHOTS
from crosslook.contracts.values import milliseconds
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import FixedClock
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.kafka import GroupCommit
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.entries import Entries
from services.snapshot_service.refresh.refresher import Refresher
from services.snapshot_service.settings import SnapshotSettings
from tests.helpers.builders import Event
from tests.helpers.pipeline import Refreshes

_PARTITIONS = 3


@dataclass(slots=True)
class StagedNext:
    """The offsets of a records topic of which everything is staged; nothing seems to be while they are `held`."""

    next: Counter[int] = field(default_factory=lambda: Counter(dict.fromkeys(range(_PARTITIONS), 0)))
    held: bool = False

    async def end_offsets(self) -> dict[int, int]:
        """The next offset of each partition."""
        return dict(self.next)

    async def beginning_offsets(self) -> dict[int, int]:
        """Nothing was forgotten."""
        return dict.fromkeys(self.next, 0)

    async def commits(self) -> dict[int, GroupCommit]:
        """Everything, unless held."""
        return {} if self.held else {partition: GroupCommit(offset, "") for partition, offset in self.next.items()}

    async def identity(self, topics: Sequence[str]) -> KafkaIdentity:
        """A Kafka of its own."""
        return KafkaIdentity(cluster="memory")


@dataclass(slots=True, repr=False)
class MemoryPipeline(Refreshes):
    """Refreshes of events that `send` stages directly. `snapshots`, `definitions`: the topics' logs."""

    snapshots: MemoryLog
    definitions: MemoryLog
    offsets: StagedNext

    async def send(self, events: Iterable[Event]) -> list[tuple[int, int]]:
        """Admit and stage events as ingest does; answers their (partition, offset). Raises ValueError for an event that
        is refused."""
        admission, rows = Admission(self.context.schemas), list[tuple[Admitted, Address]]()
        received_ms = milliseconds(self.clock.now())
        for sent in events:
            admitted = admission.admit(read_structured(sent, received_ms), received_ms)
            if not isinstance(admitted, Admitted):
                raise ValueError(f"refused: {admitted}")
            partition = crc32(f"{admitted.tenant}/{admitted.object}/{admitted.record}".encode()) % _PARTITIONS
            rows.append((admitted, Address(RECORDS.name, partition, self.offsets.next[partition], received_ms)))
            self.offsets.next[partition] += 1
        if rows:
            await self.context.staging.stage(rows, repr(rows[0][1]))
        return [(address.partition, address.offset) for _, address in rows]


@contextlib.asynccontextmanager
async def memory_pipeline(
    clickhouse: ClickHouseSettings, now: datetime, **settings: Any
) -> AsyncIterator[MemoryPipeline]:
    """A deployment on the database that the settings name."""
    chosen = SnapshotSettings(clickhouse=clickhouse, **settings)
    engine, clock, offsets = ClickHouse(clickhouse), FixedClock(now), StagedNext()
    staging = Staging(engine)
    await staging.create_tables()
    definitions, snapshots = MemoryLog(SCHEMAS.name), MemoryLog(SNAPSHOTS.name)
    view = MemoryLog(snapshots.shared, writer=False)
    for log in (definitions, snapshots, view):
        await log.start()
    schemas, feed = SchemaFeed(definitions, tenants_open=True), SnapshotFeed(view)
    meters = Meters()
    consistency = Consistency.of(engine, clock, offsets, feed.current, meters)
    context = RefreshContext(engine, staging, Entries(engine), schemas, offsets, clock, meters, chosen, consistency)
    refresher = Refresher(context, feed, lambda: MemoryLog(snapshots.shared))
    try:
        yield MemoryPipeline(clock, context, refresher, feed, definitions, chosen, snapshots, definitions, offsets)
    finally:
        await refresher.stop()
        await engine.close()
