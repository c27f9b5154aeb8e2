"""Broken Kafka messages of every kind that a broker lets in, on every topic: no service stops, no neighbour is lost,
and what is refused is in quarantine with its position."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Any, TypeVar

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from crosslook.contracts.topics import RECORDS, REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event
from tests.helpers.processes import own_topics
from tests.helpers.raw_batches import (
    CONTROL,
    GZIP,
    LZ4,
    SNAPPY,
    TRANSACTIONAL,
    ZSTD,
    RawBatch,
    RawProducer,
    RawRecord,
    compress,
)
from tests.helpers.three_services import NOW, TICKETS, Dataset, counts, running_dataset, until

T = TypeVar("T")
COMPRESSED = (GZIP, SNAPPY, LZ4, ZSTD)
KEY = b"acme/ticket/broken"
STRUCTURED = (b"content-type", b"application/cloudevents+json; charset=UTF-8")
BAD_NAME = (b"\xff\xfe", b"x")
MIB = 1024 * 1024


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    engine = clickhouse.model_copy(update={"database": "broken_messages"})
    async with running_dataset(tmp_path_factory.mktemp("broken"), own_topics(kafka), engine) as running:
        yield running


@pytest.fixture(scope="module")
async def raw(dataset: Dataset) -> AsyncIterator[RawProducer]:
    async with RawProducer(dataset.kafka) as producer:
        yield producer


def good(name: str) -> RawRecord:
    """A ticket event that is admitted."""
    body = event("acme", "ticket", name, {"score": 1}, event_id=name, time=NOW)
    return RawRecord(orjson.dumps(body), f"acme/ticket/{name}".encode(), [STRUCTURED])


def bad_name(name: str) -> RawRecord:
    """An event that would be admitted, if one of its headers had a name in UTF-8."""
    record = good(name)
    return RawRecord(record.value, record.key, [STRUCTURED, BAD_NAME])


REFUSED: dict[str, RawBatch] = {
    "checksum": RawBatch([good("x")], crc=1),
    "unknown codec": RawBatch([good("x")], codec=5),
    "control": RawBatch([good("x")], attributes=CONTROL),
    "transactional without a transaction": RawBatch([good("x")], attributes=TRANSACTIONAL, producer_id=77),
    "length of the batch": RawBatch([good("x")], length=10),
    "older format": RawBatch([good("x")], magic=1),
    "later format": RawBatch([good("x")], magic=3),
    "number of records": RawBatch([good("x")], count=3),
    "last offset": RawBatch([good("x")], last_delta=2**30),
    "length of a record": RawBatch([RawRecord(size=300)]),
    "number of headers": RawBatch([RawRecord(header_count=5)]),
    **{f"codec {codec}": RawBatch([good("x")], codec, payload=b"garbage" * 10) for codec in COMPRESSED},
    **{f"cut {codec}": RawBatch([good("x")], codec, payload=compress(codec, b"x" * 99)[:-3]) for codec in COMPRESSED},
}


@pytest.mark.parametrize("kind", REFUSED)
async def test_the_broker_refuses(raw: RawProducer, kind: str) -> None:
    """These are read by unit tests only (tests/unit/platform/test_kafka_decoding.py)."""
    with pytest.raises(KafkaError):
        await raw.send(RECORDS.name, 0, REFUSED[kind])


BROKEN: dict[str, tuple[RawBatch, Sequence[str]]] = {
    "header name": (RawBatch([good("n0"), bad_name("n1"), good("n2")]), ["unreadable.header_name"]),
    **{
        f"header name, codec {codec}": (
            RawBatch([good(f"c{codec}0"), bad_name(f"c{codec}1"), good(f"c{codec}2")], codec),
            ["unreadable.header_name"],
        )
        for codec in COMPRESSED
    },
    "place far ahead": (RawBatch([good("f0"), RawRecord(b"{}", KEY, delta=2**31 - 1)]), ["unreadable.offset"]),
    "place before": (RawBatch([good("b0"), RawRecord(b"{}", KEY, delta=-5)]), ["unreadable.offset"]),
    "same place": (RawBatch([good("s0"), RawRecord(b"{}", KEY, delta=0)]), ["unreadable.offset"]),
    "record cut short": (RawBatch([RawRecord(b"{}", KEY, size=3)], ZSTD), ["unreadable.structure"]),
    "too many headers": (RawBatch([RawRecord(b"{}", KEY, [(b"", b"")] * 200_000)]), ["unreadable.headers"]),
    "bomb": (RawBatch([RawRecord(b" " * MIB, KEY)] * 100, ZSTD), ["too_large.unpacked"]),
    "header value": (RawBatch([RawRecord(b"{}", KEY, [(b"content-type", b"\xff")])]), ["not_cloudevent"]),
    "null header": (RawBatch([RawRecord(b"{}", KEY, [(b"ce_id", None)])]), ["not_cloudevent"]),
    "key": (RawBatch([RawRecord(b"{}", b"\xff\xfe")]), ["not_cloudevent"]),
    "value": (RawBatch([RawRecord(b"\xff\xfe", KEY, [STRUCTURED])]), ["not_json.event"]),
    "null value": (RawBatch([RawRecord(None, KEY, [STRUCTURED])]), ["not_json.event"]),
    "empty value": (RawBatch([RawRecord(b"", None, [STRUCTURED])]), ["not_json.event"]),
    "unused attributes": (RawBatch([good("u0")], attributes=0x7F00), []),
}
"""By kind: a batch that the broker takes, with good events beside the broken one, and the texts of what is refused."""


_SENT: list[str] = []
"""Kinds that ingest has read past in this run: a sample of the tests sends some of them only."""


@pytest.mark.parametrize("kind", BROKEN)
async def test_ingest_reads_past(dataset: Dataset, raw: RawProducer, kind: str) -> None:
    batch, texts = BROKEN[kind]
    staged, held = await dataset.staged(), await _held(dataset)
    first = await raw.send(RECORDS.name, 0, batch, RawBatch([good(f"after {kind}")]))
    _SENT.append(kind)
    expected = sum(record.key != KEY and b'"id"' in (record.value or b"") for record in batch.records) + 1
    expected -= sum(BAD_NAME in record.headers for record in batch.records)
    await _while_alive(dataset, until(lambda: _stored(dataset, staged + expected, len(held) + len(texts))))
    rows = (await _held(dataset))[len(held) :]
    assert [row["text"] or row["code"] for row in rows] == list(texts)
    for row in rows:
        assert (row["topic"], row["partition"]) == (RECORDS.name, 0)
        assert first <= row["offset"] < first + len(batch.records)
    await dataset.ready()


async def test_a_message_whose_header_name_is_broken_is_admitted_when_it_is_replayed(
    dataset: Dataset, raw: RawProducer
) -> None:
    before = await dataset.staged()
    await raw.send(RECORDS.name, 1, RawBatch([bad_name("replayed")]))
    await until(lambda: _in_quarantine(dataset, "unreadable", 1, partition=1))
    (item,) = [item for item in await _items(dataset, "unreadable") if item["partition"] == 1]
    assert orjson.loads(item["payload"])["id"] == "replayed"
    asked = await dataset.snapshots.ask("POST", "/v1/quarantine/replay", json={"ids": [item["id"]], "dry_run": False})
    assert asked.status_code in (200, 202), asked.text
    await until(lambda: _staged(dataset, before + 1))


async def test_what_an_aborted_transaction_left_is_passed_over(dataset: Dataset) -> None:
    kafka = dataset.kafka
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, transactional_id=kafka.name_of("aborting"))
    records, schemas, snapshots, reports = (
        kafka.name_of(topic.name) for topic in (RECORDS, SCHEMAS, SNAPSHOTS, REPORTS)
    )
    await producer.start()
    staged, held = await dataset.staged(), len(await _held(dataset))
    with contextlib.suppress(RuntimeError):
        async with producer.transaction():
            for number in range(5):
                await producer.send(records, b"rubbish", KEY, partition=0)
                await producer.send(schemas, b"rubbish", b"acme/ticket", partition=0, headers=[("version", b"9")])
                await producer.send(snapshots, b"rubbish", b"snapshot/s", partition=0)
                await producer.send(reports, f"rubbish {number}".encode(), b"acme/look/x", partition=0)
            raise RuntimeError("abort")
    await producer.stop()
    await dataset.send(1_000, 1_001)
    await until(lambda: _staged(dataset, staged + 1))
    assert len(await _held(dataset)) == held
    await dataset.ready()


FOREIGN: dict[str, RawBatch] = {
    "header name": RawBatch([RawRecord(b"x", b"foreign", [BAD_NAME])]),
    **{
        f"header name, codec {codec}": RawBatch([RawRecord(b"x", b"foreign", [BAD_NAME])] * 3, codec)
        for codec in COMPRESSED
    },
    "version of 5,000 digits": RawBatch([RawRecord(b"x", b"foreign", [(b"version", b"9" * 5_000)])]),
    "history of 5,000 digits": RawBatch(
        [RawRecord(b"x", b"foreign", [(b"version", b"2"), (b"history", b"1:" + b"9" * 5_000)])]
    ),
    "format that is no number": RawBatch([RawRecord(b"x", b"foreign", [(b"format", b"\xff")])]),
    "key": RawBatch([RawRecord(b"x", b"\xff\xfe")]),
    "value": RawBatch([RawRecord(b"\xff\xfe", b"foreign")]),
    "null value": RawBatch([RawRecord(None, b"foreign")]),
    "place far ahead": RawBatch([RawRecord(b"x", b"foreign"), RawRecord(b"x", b"foreign", delta=2**31 - 1)]),
    "same place": RawBatch([RawRecord(b"x", b"foreign"), RawRecord(b"x", b"foreign", delta=0)]),
    "record cut short": RawBatch([RawRecord(b"x", b"foreign", size=3)], ZSTD),
    "too many headers": RawBatch([RawRecord(b"x", b"foreign", [(b"", b"")] * 200_000)]),
    "bomb": RawBatch([RawRecord(b" " * MIB, b"foreign")] * 100, ZSTD),
}
"""Messages under keys that are not ours."""


@pytest.mark.parametrize("topic", [SCHEMAS.name, SNAPSHOTS.name, REPORTS.name])
async def test_readers_of_a_log_skip_and_count_what_is_not_ours(dataset: Dataset, raw: RawProducer, topic: str) -> None:
    async with dataset.another_query_service() as reader:
        before = await _foreign(reader, topic)
        sent = 0
        for batch in FOREIGN.values():
            await raw.send(topic, 0, batch)
            sent += len(batch.records)
        await _while_alive(dataset, until(lambda: _foreign_is(reader, topic, before + sent)))
    await dataset.ready()
    async with dataset.another_query_service() as started:  # all of them again, from the beginning
        assert (await started.get("/readyz")).status_code == 200
        assert await _foreign(started, topic) >= sent
    made = await dataset.query.post("/v1/tenants/acme/looks", json={"name": topic, "request": _COUNT})
    assert made.status_code == 201, made.text
    assert (await dataset.snapshots.refreshed())["state"] == "published"


_COUNT = {"object": "ticket", "measures": ["ticket.count"]}


@pytest.mark.parametrize(
    "headers",
    [[(b"version", b"9" * 5_000)], [BAD_NAME], [(b"version", b"\xff"), (b"history", b"9:" * 10_000)]],
    ids=["version of 5,000 digits", "header name", "not numbers"],
)
async def test_a_document_of_ours_is_read_whatever_its_headers_are(
    dataset: Dataset, raw: RawProducer, headers: list[tuple[bytes, bytes]]
) -> None:
    value = await dataset.stored(SCHEMAS.name, "acme/ticket")
    await raw.send(SCHEMAS.name, 0, RawBatch([RawRecord(value, b"acme/ticket", headers)]))
    await dataset.write(SCHEMAS.name, "acme/ticket", value, version="1")
    assert (await dataset.snapshots.refreshed())["state"] == "published"
    await dataset.ready()


async def test_after_all_this_every_good_event_counts_once(dataset: Dataset) -> None:
    assert (await dataset.snapshots.refreshed())["state"] == "published"
    records = {
        record.key
        for kind in _SENT
        for record in BROKEN[kind][0].records
        if b'"id"' in (record.value or b"") and BAD_NAME not in record.headers
    }
    assert _SENT
    await until(lambda: counts(dataset, TICKETS + len(records) + len(_SENT) + 2))


async def _while_alive(dataset: Dataset, condition: Awaitable[T]) -> T:
    """Wait for a condition while nothing keeps `/livez` of any service from answering for a second of processor time:
    all three run on this loop, and a busy machine is no fault of theirs."""
    longest, over = 0.0, asyncio.Event()

    async def look() -> None:
        nonlocal longest
        while not over.is_set():
            started = time.process_time()
            for service in dataset.services:
                assert (await service.get("/livez")).status_code == 200
            longest = max(longest, time.process_time() - started)
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    try:
        return await condition
    finally:
        over.set()
        await looking
        assert longest < 1


async def _staged(dataset: Dataset, number: int) -> bool:
    return await dataset.staged() >= number


async def _stored(dataset: Dataset, staged: int, held: int) -> bool:
    return await dataset.staged() >= staged and len(await _held(dataset)) >= held


async def _held(dataset: Dataset) -> list[dict[str, Any]]:
    sql = "SELECT code, text, topic, partition, offset FROM quarantine ORDER BY received_at, partition, offset"
    return list((await dataset.clickhouse.query(sql)).dicts())


async def _items(dataset: Dataset, code: str) -> list[dict[str, Any]]:
    answer = await dataset.snapshots.ask("GET", "/v1/quarantine", params={"code": code, "page_size": 500})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def _in_quarantine(dataset: Dataset, code: str, number: int, partition: int) -> bool:
    return [item["partition"] for item in await _items(dataset, code)].count(partition) == number


async def _foreign(client: Any, topic: str) -> int:
    text = (await client.get("/metrics")).text
    (line,) = [line for line in text.splitlines() if line.startswith(f'crosslook_log_foreign{{topic="{topic}"}}')]
    return int(float(line.split()[-1]))


async def _foreign_is(client: Any, topic: str, number: int) -> bool:
    return await _foreign(client, topic) == number
