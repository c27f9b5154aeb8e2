"""Baselines of the machine, with which the other figures are compared."""

from time import perf_counter
from typing import Any

import orjson
import pyarrow as pa
from aiokafka import AIOKafkaConsumer

from crosslook.contracts.topics import RECORDS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.settings import KafkaSettings

_CHUNK = 20_000
_PLAIN = ("tenant", "object", "record")


async def bare_consumer(kafka: KafkaSettings, events: int) -> float:
    """Seconds to read the topic once with a `getmany` loop that ignores the messages."""
    consumer = await _consumer(kafka)
    started, seen = perf_counter(), 0
    try:
        while seen < events:
            batches = await consumer.getmany(timeout_ms=500, max_records=_CHUNK)
            seen += sum(len(batch) for batch in batches.values())
        return perf_counter() - started
    finally:
        await consumer.stop()


async def bare_insert(kafka: KafkaSettings, engine: ClickHouse, events: int) -> float:
    """Seconds to read the topic once, parse the JSON and insert it by Arrow, checking nothing."""
    await engine.command("DROP TABLE IF EXISTS bench_baseline")
    columns = "tenant String, object String, record String, id String, time String, fields String, relationships String"
    await engine.command(
        f"CREATE TABLE bench_baseline ({columns}) ENGINE = MergeTree ORDER BY (tenant, object, record)"
    )
    consumer = await _consumer(kafka)
    started, seen = perf_counter(), 0
    try:
        while seen < events:
            batches = await consumer.getmany(timeout_ms=500, max_records=_CHUNK)
            rows = [orjson.loads(message.value) for batch in batches.values() for message in batch]
            if rows:
                await engine.insert_arrow("bench_baseline", _block(rows), {"async_insert": 0})
                seen += len(rows)
        return perf_counter() - started
    finally:
        await consumer.stop()
        await engine.command("DROP TABLE bench_baseline")


async def bare_copy(engine: ClickHouse) -> float:
    """Seconds in which the engine copies the staged rows once, deciding nothing."""
    await engine.command("DROP TABLE IF EXISTS bench_copy")
    await engine.command("CREATE TABLE bench_copy AS record_log")
    started = perf_counter()
    await engine.command("INSERT INTO bench_copy SELECT * FROM record_log")
    seconds = perf_counter() - started
    await engine.command("DROP TABLE bench_copy")
    return seconds


async def _consumer(kafka: KafkaSettings) -> AIOKafkaConsumer:
    consumer = AIOKafkaConsumer(
        RECORDS.name,
        bootstrap_servers=kafka.bootstrap_servers,
        group_id=None,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    await consumer.start()
    return consumer


def _block(rows: list[dict[str, Any]]) -> pa.Table:
    columns: dict[str, list[str] | list[bytes]] = {name: [row["data"][name] for row in rows] for name in _PLAIN}
    columns |= {name: [row[name] for row in rows] for name in ("id", "time")}
    columns |= {name: [orjson.dumps(row["data"][name]) for row in rows] for name in ("fields", "relationships")}
    kinds = {"fields": pa.binary(), "relationships": pa.binary()}
    return pa.table({name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()})
