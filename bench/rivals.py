"""Alternative consumers: python -m bench.rivals agent|straightforward EVENTS

A process that admits events by the same functions as our worker, inserts them into the same table, and prints how many
it did a second, from the end of its first batch on. Its settings are our worker's.

`agent`: a Faust agent with `take`, the insert by Arrow. `straightforward`: a confluent-kafka consumer and
clickhouse-connect's synchronous client, one batch after the other, rows as Python values.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, NamedTuple

import clickhouse_connect
import faust
from confluent_kafka import Consumer, Message

from crosslook.contracts.records import Address, Admitted
from crosslook.contracts.topics import RECORDS, SCHEMAS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.log_store.kafka import KafkaLogView
from services.snapshot_service.domain.batching import staging_columns
from services.snapshot_service.ingest.message_admission import MessageAdmission
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.settings import SnapshotSettings

_BATCH = 10_000
Row = tuple[Admitted, Address]


class Sent(NamedTuple):
    """A message as admission takes it; `take` gives an agent no keys."""

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    timestamp: int


class Rate:
    """Events a second since the first batch was through; that one's time is the start's."""

    def __init__(self) -> None:
        self._first = 0
        self._since = 0.0
        self.seen = 0

    def add(self, events: int) -> None:
        """A batch is durable."""
        self.seen += events
        if not self._first:
            self._first, self._since = events, perf_counter()

    def __str__(self) -> str:
        return str((self.seen - self._first) / (perf_counter() - self._since))


async def agent(settings: SnapshotSettings, events: int) -> None:
    """Run the agent until it has staged that many events."""
    admission, staging = await _prepared(settings)
    rate, done = Rate(), asyncio.Event()

    async def stage(values: Sequence[bytes]) -> None:
        received = int(datetime.now(UTC).timestamp() * 1000)
        address = Address(RECORDS.name, 0, 0, received)
        rows = _admit(admission, [(Sent(None, value, (), received), address) for value in values])
        await staging.stage(rows, f"agent:{rate.seen}")
        rate.add(len(rows))
        if rate.seen >= events:
            done.set()

    app = _app(settings, stage)
    app.loop = asyncio.get_running_loop()
    app.finalize()
    await app.maybe_start()
    await done.wait()
    print(rate, flush=True)
    async with asyncio.timeout(20):
        await app.stop()


def _app(settings: SnapshotSettings, stage: Callable[[Sequence[bytes]], Awaitable[None]]) -> faust.App:
    app = faust.App(
        settings.ingest.group,
        broker=f"kafka://{settings.kafka.bootstrap_servers}",
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        stream_wait_empty=False,
        datadir=tempfile.gettempdir(),
        stream_buffer_maxsize=2 * _BATCH,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=4 * 1024 * 1024,
    )
    topic = app.topic(RECORDS.name, value_type=bytes, value_serializer="raw", key_serializer="raw")

    @app.agent(topic)  # type: ignore[untyped-decorator]  # faust is read without types
    async def tickets(values: faust.Stream) -> None:
        async for batch in values.take(_BATCH, within=1.0):
            await stage(batch)

    return app


def straightforward(settings: SnapshotSettings, events: int) -> None:
    """Run the consumer until it has staged that many events."""
    admission, _ = asyncio.run(_prepared(settings))
    at = settings.clickhouse
    client = clickhouse_connect.get_client(
        host=at.host, port=at.port, username=at.username, password=at.read_password(), database=at.database
    )
    options = {"bootstrap.servers": settings.kafka.bootstrap_servers, "group.id": settings.ingest.group}
    consumer = Consumer({**options, "auto.offset.reset": "earliest", "enable.auto.commit": False})
    consumer.subscribe([RECORDS.name])
    rate = Rate()
    while rate.seen < events:
        messages = consumer.consume(_BATCH, timeout=1.0)
        if messages:
            columns = staging_columns(_admit(admission, [_sent(message) for message in messages]))
            client.insert("record_log", _rows(columns), column_names=list(columns))
            consumer.commit(asynchronous=False)
            rate.add(len(messages))
    print(rate, flush=True)
    consumer.close()


def _sent(message: Message) -> tuple[Sent, Address]:
    received = message.timestamp()[1]
    address = Address(RECORDS.name, int(message.partition() or 0), int(message.offset() or 0), received)
    return Sent(message.key(), message.value(), _headers(message), received), address


def _headers(message: Message) -> tuple[tuple[str, bytes], ...]:
    found = message.headers() or ()
    pairs = found.items() if isinstance(found, dict) else found
    return tuple((name, value) for name, value in pairs if isinstance(value, bytes))


def _rows(columns: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
    for name in ("event_time", "received_at"):
        columns[name] = [datetime.fromtimestamp(ms / 1000, UTC) for ms in columns[name]]
    return list(zip(*columns.values(), strict=True))


def _admit(admission: MessageAdmission, sent: Sequence[tuple[Sent, Address]]) -> list[Row]:
    rows = []
    for decided, (_, address) in zip(admission.admit_all([event for event, _ in sent]), sent, strict=True):
        assert isinstance(decided, Admitted), decided
        rows.append((decided, address))
    return rows


async def _prepared(settings: SnapshotSettings) -> tuple[MessageAdmission, Staging]:
    """Tables that are there, and an admission that knows the schemas as they are now."""
    staging = Staging(ClickHouse(settings.clickhouse))
    await staging.create_tables()
    view = KafkaLogView(SCHEMAS.name, settings.kafka)
    await view.start()
    admission = MessageAdmission(SchemaFeed(view, tenants_open=True))
    await view.stop()
    return admission, staging


if __name__ == "__main__":
    _, party, count = sys.argv
    if party == "agent":
        asyncio.run(agent(SnapshotSettings(), int(count)))
    else:
        straightforward(SnapshotSettings(), int(count))
