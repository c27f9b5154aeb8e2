"""The dataset of a fault test: its part of the records topic, its database and group, and the events sent."""

import asyncio
import base64
import contextlib
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from crosslook.contracts.positions import covers
from crosslook.contracts.topics import RECORDS, SCHEMAS
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.kafka import KafkaUnavailable, OffsetReader, Publisher, ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.settings import KafkaSettings
from services.snapshot_service.ingest.staging import Staging
from tests.helpers.builders import schema_event, state
from tests.helpers.checker import Found, History, Message, Row, check
from tests.helpers.faults_load import TENANT, TICKET, Sender
from tests.helpers.faults_processes import PARTITIONS, BrokerProcess, EngineProcess, WorkerProcess, until, warm_up
from tests.helpers.schema_service import Tokens

SEED = "CROSSLOOK_TEST_SEED"
"""Repeats the events and choices of a run that failed: each check prints its seed."""


@dataclass(frozen=True, slots=True)
class Site:
    """The broker, engine and keys that all datasets share."""

    broker: BrokerProcess
    engine: EngineProcess
    tokens: Tokens
    folder: Path


@dataclass(slots=True)
class Dataset:
    """The workers of one test, and the events that they must not lose.

    `random`: choices under the test's seed. `engine_port`: of what stands before the engine, if anything.
    """

    site: Site
    name: str
    sender: Sender
    store: ClickHouse
    start: dict[int, int]
    random: random.Random
    engine_port: int | None = None
    workers: list[WorkerProcess] = field(default_factory=list)

    def worker(self, name: str = "one", **settings: object) -> WorkerProcess:
        """Start a worker. `settings`: the ends of environment variables."""
        engine = self.site.engine.settings(self.name, self.engine_port)
        environment = {
            "KAFKA__BOOTSTRAP_SERVERS": self.site.broker.settings.bootstrap_servers,
            "CLICKHOUSE__PORT": str(engine.port),
            "CLICKHOUSE__PASSWORD": engine.read_password(),
            "CLICKHOUSE__DATABASE": self.name,
            "AUTH__JWKS_FILE": str(self.site.tokens.folder.key_set),
            "TENANTS__OPEN": "true",
            "INGEST__GROUP": self.name,
            "INGEST__CHUNK_EVENTS": "100",
            "INGEST__POLL_MS": "20",
            "INGEST__LINGER_SECONDS": "0",
            "INGEST__CONTROLS_SECONDS": "0.1",
            "INGEST__RETRY_SECONDS": "0.1",
            "WORKER__NAME": name,
            **{name.upper(): str(value) for name, value in settings.items()},
        }
        log = self.site.folder / f"{self.name}-{name}.log"
        worker = WorkerProcess({f"CROSSLOOK_{key}": value for key, value in environment.items()}, log)
        self.workers.append(worker)
        return worker

    def last_worker(self) -> WorkerProcess:
        """Start a worker that only has to read what is left: it does so in large chunks."""
        return self.worker(ingest__chunk_events=20_000)

    async def stored(self) -> int:
        """How many rows staging and quarantine hold."""
        sql = "SELECT (SELECT count() FROM record_log) + (SELECT count() FROM quarantine)"
        return int((await self.store.query(sql)).scalar())

    async def wait_stored(self, count: int) -> None:
        """Until so many rows are stored."""

        async def enough() -> bool:
            try:
                return await self.stored() >= count
            except ClickHouseError:
                return False

        await until(enough, f"{count} rows")

    async def check(self) -> Found:
        """Check what must hold at every moment, also between a crash and the next start."""
        return await self._check(drained=False)

    async def check_drained(self, seconds: float = 180) -> Found:
        """Wait until everything on the broker is committed, then check that all of it is stored."""
        await until(self.drained, "the commit of everything on the broker", seconds)
        return await self._check(drained=True)

    async def drained(self) -> bool:
        """Whether everything on the broker is committed."""
        try:
            async with self._offsets() as offsets:
                return covers(await offsets.committed(), await offsets.end_offsets())
        except KafkaUnavailable:  # a broker that has just come back
            return False

    async def lag(self, worker: WorkerProcess) -> int:
        """How many messages a worker says are not staged yet, on all partitions."""
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"{worker.url}/v1/ingest", headers=self.site.tokens.header("*", "ops"))
        assert answer.status_code == 200, answer.text
        return sum(partition["lag"] for partition in answer.json()["partitions"])

    async def resume(self, worker: WorkerProcess) -> None:
        """Have an operator resume ingest."""
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{worker.url}/v1/ingest/resume", headers=self.site.tokens.header("*", "ops"))
        assert answer.status_code == 200, answer.text

    async def _check(self, *, drained: bool) -> Found:
        async with self._offsets() as offsets:
            committed = await offsets.committed()
        staged = await self._rows("record_log", "fields", "kind")
        quarantined = await self._rows("quarantine", "payload", "0")
        found = Found(committed, staged, quarantined, await self._log())
        check(self.sender.history, found, drained=drained)
        return found

    async def _rows(self, table: str, content: str, kind: str) -> list[Row]:
        rows = await self.store.query(
            f"SELECT partition, offset, event_id, record, base64Encode({content}), "  # noqa: S608  # names of ours
            f"toUnixTimestamp64Milli(received_at), toUInt8({kind}) FROM {table}"
        )
        return [
            Row((p, o), name, record, base64.b64decode(c), at, kind) for p, o, name, record, c, at, kind in rows.rows
        ]

    async def _log(self) -> list[Message]:
        """Everything on the broker since this dataset began."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.site.broker.settings.bootstrap_servers, isolation_level="read_committed"
        )
        await consumer.start()
        try:
            partitions = [TopicPartition(RECORDS.name, partition) for partition in range(PARTITIONS)]
            consumer.assign(partitions)
            for text in partitions:
                consumer.seek(text, self.start[text.partition])
            ends = await consumer.end_offsets(partitions)
            found: list[Message] = []
            while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
                for messages in (await consumer.getmany(timeout_ms=100)).values():
                    found += [Message((m.partition, m.offset), m.value, m.timestamp) for m in messages]
            return found
        finally:
            await consumer.stop()

    @contextlib.asynccontextmanager
    async def _offsets(self) -> AsyncIterator[OffsetReader]:
        offsets = OffsetReader(RECORDS.name, self.name, self.site.broker.settings)
        await offsets.start()
        try:
            yield offsets
        finally:
            await offsets.stop()


@contextlib.asynccontextmanager
async def running_site(folder: Path) -> AsyncIterator[Site]:
    """Everything that datasets share, started; the topics and one object exist."""
    site = Site(BrokerProcess(folder), EngineProcess(folder / "engine"), Tokens.at(folder / "tokens"), folder)
    warm_up()
    try:
        # Both to their ends, whatever becomes of the other: what is just starting cannot be stopped.
        starts = (asyncio.to_thread(site.engine.start), site.broker.start())
        for failure in await asyncio.gather(*starts, return_exceptions=True):
            if failure is not None:
                raise failure
        await ensure_topics(site.broker.settings)
        await _define(site)
        yield site
    finally:
        site.broker.stop()
        site.engine.stop()


@contextlib.asynccontextmanager
async def new_dataset(site: Site, engine_port: int | None = None) -> AsyncIterator[Dataset]:
    """A dataset that begins at the end of the records topic, so that no test reads what another one sent."""
    seed = int(os.environ.get(SEED) or random.SystemRandom().getrandbits(32))
    name = f"faults_{seed}_{len(list(site.folder.iterdir()))}"
    publisher = Publisher(site.broker.settings)
    store = ClickHouse(site.engine.settings(name))
    await publisher.start()
    await Staging(store).create_tables()
    start = await begin_at_the_end(site.broker.settings, name)
    choices = random.Random(seed)  # noqa: S311  # repeatable is what it is for
    dataset = Dataset(site, name, Sender(publisher, History(seed)), store, start, choices, engine_port)
    try:
        yield dataset
    finally:
        for worker in dataset.workers:
            worker.thaw()
            worker.kill()
        await publisher.stop()
        await store.close()


async def begin_at_the_end(kafka: KafkaSettings, group: str) -> dict[int, int]:
    """Have a group of ingest start where the records topic ends now; answers where that is."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers, group_id=kafka.name_of(group), enable_auto_commit=False
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(kafka.name_of(RECORDS.name), partition) for partition in range(PARTITIONS)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.commit(ends)
        return {text.partition: offset for text, offset in ends.items()}
    finally:
        await consumer.stop()


async def _define(site: Site) -> None:
    defined = state(TICKET, TENANT)
    schemas = KafkaLogStore(SCHEMAS.name, site.broker.settings)
    await schemas.start()
    try:
        await schemas.put(str(defined.key), schema_event(defined, time=datetime.now(UTC)).encode())
    finally:
        await schemas.stop()
