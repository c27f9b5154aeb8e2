"""Refreshes without Kafka: events staged by the engine, logs in memory, and the real `Refresh`."""

import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.schemas import SCHEMA_CREATED, Definition, SchemaEvent, SchemaState
from crosslook.contracts.topics import SCHEMAS, SNAPSHOTS
from crosslook.local.ports import free_port
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import FixedClock
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.kafka import GroupCommit
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.refresh.claim import RunRequest, claim
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.entries import Entries
from services.snapshot_service.refresh.run import Refresh
from services.snapshot_service.settings import SnapshotSettings
from tests.helpers.processes import PASSWORD, start_engine, stop

PARTITIONS = 12
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_INSERTED_AT_ONCE = 250_000


@dataclass(slots=True)
class Offsets:
    """The offsets of the records topic: everything that was written is staged. Offsets have holes."""

    end: int = 0

    async def end_offsets(self) -> dict[int, int]:
        """The same in each partition."""
        return dict.fromkeys(range(PARTITIONS), self.end)

    async def beginning_offsets(self) -> dict[int, int]:
        """Nothing was forgotten."""
        return dict.fromkeys(range(PARTITIONS), 0)

    async def commits(self) -> dict[int, GroupCommit]:
        """Everything."""
        return {partition: GroupCommit(end, "") for partition, end in (await self.end_offsets()).items()}

    async def identity(self, topics: Sequence[str]) -> KafkaIdentity:
        """A Kafka of its own."""
        return KafkaIdentity(cluster="bench")


class OwnEngine:
    """An engine of our own, in a process that we may start again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process = start_engine(folder, self.port)

    def restart(self) -> float:
        """Seconds from starting it again until it answers."""
        stop(self._process)
        started = perf_counter()
        self._process = start_engine(self._folder, self.port)
        return perf_counter() - started

    def stop(self) -> None:
        """End it."""
        stop(self._process)

    def cpu(self) -> float:
        """Seconds of processor time that it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_since(self) -> int:
        """Bytes that it held in memory at the most (VmHWM) since this was asked last."""
        folder = Path(f"/proc/{self._process.pid}")
        status = (folder / "status").read_text()
        (folder / "clear_refs").write_text("5")
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])


@dataclass(frozen=True, slots=True)
class Refreshed:
    """One refresh: what it published, its seconds, the engine's processor time in them, the most the engine held."""

    manifest: Manifest
    seconds: float
    cpu: float
    peak: int

    @property
    def steps(self) -> str:
        """Seconds of each step that took any."""
        return ", ".join(f"{step.name} {step.seconds:.2f}" for step in self.manifest.steps if step.seconds >= 0.01)


@dataclass(slots=True)
class Dataset:
    """One database, and a deployment of snapshot_service on it. `taken`: how many events were staged."""

    engine: OwnEngine
    store: ClickHouse
    context: RefreshContext
    offsets: Offsets
    snapshots: MemoryLog
    schemas: MemoryLog
    taken: int = 0

    async def define(self, definitions: Iterable[tuple[str, Definition]]) -> None:
        """Create objects: (tenant, definition) pairs."""
        for tenant, definition in definitions:
            state = SchemaState(
                tenant=tenant, object=definition.object, version=1, since_version=1, definition=definition
            )
            body = SchemaEvent(
                id=f"{tenant}-{definition.object}", source="/bench", type=SCHEMA_CREATED, time=NOW, data=state
            )
            await self.schemas.put(str(state.key), body.encode())

    async def stage(self, count: int, columns: Mapping[str, str]) -> None:
        """Stage so many events. `columns`: expressions over `n`, the event's number, for tenant, object, record, fields
        and references, those of them that are not the same for all."""
        given = {"object": "'ticket'", "references": "'{}'", **columns}
        for first in range(self.taken, self.taken + count, _INSERTED_AT_ONCE):
            rows = min(_INSERTED_AT_ONCE, self.taken + count - first)
            await self.store.command(_STAGE.format(**given, first=first, rows=rows))
        self.taken += count
        self.offsets.end = self.taken

    async def refresh(self) -> Refreshed:
        """One refresh, from the claim to the publication."""
        self.engine.peak_since()
        publisher = await claim(lambda: MemoryLog(self.snapshots.shared), RunRequest("manual"), "bench", NOW)
        started, cpu = perf_counter(), self.engine.cpu()
        manifest = await Refresh(self.context, publisher).run()
        seconds = perf_counter() - started
        await publisher.close()
        if manifest.failed_objects:
            raise RuntimeError(f"objects failed: {manifest.failed_objects[:3]}")
        return Refreshed(manifest, seconds, self.engine.cpu() - cpu, self.engine.peak_since())


_STAGE = """
INSERT INTO record_log SELECT {tenant} AS tenant, {object} AS object, {record} AS record, 1,
    toDateTime64('2026-11-23 00:00:00', 3, 'UTC') + toIntervalSecond(cityHash64(n, 20) % 80000), 0,
    '/bench', concat('e-', hex(sipHash64(n))), cityHash64(tenant, object, record) % 12, n, 1,
    {fields}, {references}, [], toDateTime64('2026-11-24 00:00:00', 3, 'UTC') + toIntervalMillisecond(intDiv(n, 1000))
FROM (SELECT number + {first} AS n FROM numbers({rows}))
"""


@contextmanager
def running(folder: Path) -> Iterator[OwnEngine]:
    """An engine of our own, ended afterwards."""
    engine = OwnEngine(folder / "engine")
    try:
        yield engine
    finally:
        engine.stop()


@asynccontextmanager
async def dataset(engine: OwnEngine, database: str) -> AsyncIterator[Dataset]:
    """A deployment on an empty database, which is dropped afterwards."""
    settings = SnapshotSettings(clickhouse=ClickHouseSettings(port=engine.port, password=PASSWORD, database=database))
    store = ClickHouse(settings.clickhouse)
    staging = Staging(store)
    await staging.create_tables()
    schemas, snapshots = MemoryLog(SCHEMAS.name), MemoryLog(SNAPSHOTS.name)
    for log in (schemas, snapshots):
        await log.start()
    feed, offsets, clock = SchemaFeed(schemas, tenants_open=True), Offsets(), FixedClock(NOW)
    current = SnapshotFeed(snapshots).current
    consistency = Consistency.of(store, clock, offsets, current, Meters())
    context = RefreshContext(store, staging, Entries(store), feed, offsets, clock, Meters(), settings, consistency)
    try:
        yield Dataset(engine, store, context, offsets, snapshots, schemas)
    finally:
        await store.command(f"DROP DATABASE {database}")
        await store.close()
