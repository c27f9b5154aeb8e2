"""Ingest on a real broker and engine: whatever arrives ends in exactly one of staging and quarantine."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosslook.contracts.positions import covers
from crosslook.contracts.records import Address, Admitted, EventKind
from crosslook.contracts.topics import RECORDS
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.ingest.insertion import Insertion
from services.snapshot_service.ingest.state import IngestState
from services.snapshot_service.store_errors import KNOWN
from tests.helpers.builders import SCORE, STATUS, Event, definition, event
from tests.helpers.examples import examples
from tests.helpers.gate import OpenGate
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics

NOW = datetime.now(UTC).replace(microsecond=0)
TICKET = definition(STATUS, SCORE)
Headers = Sequence[tuple[str, bytes]]


@pytest.fixture(scope="module")
async def pipeline(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    own = own_topics(kafka)
    engine = clickhouse.model_copy(update={"database": "ingest"})
    async with running_pipeline(own, engine, NOW, ingest={"poll_ms": 20, "chunk_events": 50}) as running:
        await running.define("acme", TICKET)
        yield running


async def through(pipeline: Pipeline, messages: Sequence[tuple[bytes | None, Headers]]) -> list[tuple[int, int]]:
    """Put messages on the topic and wait until their offsets are committed; answers their positions."""
    sent = await pipeline.publisher.publish(RECORDS.name, [(b"k", value, headers) for value, headers in messages])
    wanted = {partition: offset + 1 for partition, offset in sent}
    async with asyncio.timeout(120):
        while not covers(pipeline.ingest.state.committed, wanted):
            await asyncio.sleep(0.02)
    return sent


async def positions(pipeline: Pipeline, table: str) -> list[tuple[int, int]]:
    rows = await pipeline.context.clickhouse.query(f"SELECT partition, offset FROM {table} ORDER BY 1, 2")  # noqa: S608  # one of two names
    return [(partition, offset) for partition, offset in rows.rows]


def upsert(**fields: object) -> Event:
    return event("acme", "ticket", "1", dict(fields), event_id=uuid.uuid4().hex, time=NOW)


def binary(sent: Event) -> tuple[bytes, Headers]:
    """The same event in binary mode: attributes are headers, the data are the value."""
    headers = [(f"ce_{name}", str(value).encode()) for name, value in sent.items() if name != "data"]
    return orjson.dumps(sent["data"]), [*headers, ("content-type", b"application/json")]


async def test_both_modes_of_cloudevents_stage_the_same(pipeline: Pipeline) -> None:
    sent = upsert(status="open", score=4.5)
    again = {**sent, "id": uuid.uuid4().hex}
    places = await through(pipeline, [(orjson.dumps(sent), ()), binary(again)])
    sql = (
        "SELECT tenant, object, record, kind, event_time, sequence, source, fields FROM record_log "
        "WHERE (partition, offset) IN {places:Array(Tuple(UInt16, UInt64))}"
    )
    one, other = (await pipeline.context.clickhouse.query(sql, {"places": places})).rows
    assert one == other
    assert orjson.loads(one[-1]) == {"status": "open", "score": 4.5}


@pytest.mark.parametrize("codec", [None, "gzip", "snappy", "lz4", "zstd"])
async def test_batches_of_every_compression_are_read(pipeline: Pipeline, codec: str | None) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=pipeline.settings.kafka.bootstrap_servers, compression_type=codec, linger_ms=50
    )
    topic = pipeline.settings.kafka.name_of(RECORDS.name)
    await producer.start()
    before = await pipeline.staged("acme", "ticket")
    try:
        await asyncio.gather(*(producer.send_and_wait(topic, orjson.dumps(upsert())) for _ in range(20)))
    finally:
        await producer.stop()
    await pipeline.wait_staged("acme", "ticket", before + 20)


async def test_a_tombstone_is_quarantined_with_its_address(pipeline: Pipeline) -> None:
    ((partition, offset),) = await through(pipeline, [(None, ())])
    sql = "SELECT code, payload FROM quarantine WHERE partition = {partition:UInt16} AND offset = {offset:UInt64}"
    rows = await pipeline.context.clickhouse.query(sql, {"partition": partition, "offset": offset})
    assert [tuple(row) for row in rows.rows] == [("not_json", "")]


async def test_an_event_right_behind_the_schema_that_admits_it_is_staged(pipeline: Pipeline) -> None:
    for number in range(5):
        name = f"fresh-{number}"
        await pipeline.define(name, TICKET)
        await through(pipeline, [(orjson.dumps(event(name, "ticket", "1", {}, event_id="a", time=NOW)), ())])
        assert await pipeline.staged(name, "ticket") == 1


async def test_an_event_that_only_a_newer_schema_admits_is_kept_when_its_chunk_is_read_again(
    pipeline: Pipeline,
) -> None:
    """As after a crash between staging and quarantine: the same range, of which one event more is admitted now."""
    admitted = Admitted("again", "ticket", "1", EventKind.UPSERT, 0, 0, "/test", "a", 1, b"{}", b"{}", [])
    first, second = (admitted, Address(RECORDS.name, 0, 10**9, 0)), (admitted, Address(RECORDS.name, 0, 10**9 + 1, 0))
    insertion = Insertion(
        pipeline.context.staging,
        IngestState(Meters()),
        pipeline.settings.ingest,
        Meters(),
        asyncio.Event(),
        OpenGate(),
    )
    assert await insertion.stage([first], "chunk") == []
    assert await insertion.stage([first, second], "chunk") == []
    sql = "SELECT DISTINCT offset FROM record_log WHERE tenant = 'again' ORDER BY offset"
    rows = await pipeline.context.clickhouse.query(sql)
    assert [offset for (offset,) in rows.rows] == [10**9, 10**9 + 1]
    # The topic has not given these offsets out: the consistency check of later tests would find that.
    await pipeline.context.staging.withdraw([address for _, address in (first, second)])


async def test_the_markers_of_transactions_do_not_hold_a_refresh_up(pipeline: Pipeline) -> None:
    kafka = pipeline.settings.kafka
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap_servers, transactional_id=kafka.name_of("test-transactions")
    )
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send_and_wait(kafka.name_of(RECORDS.name), orjson.dumps(upsert(status="in a transaction")))
    finally:
        await producer.stop()
    run = await pipeline.refresh()
    assert run.state == "published"
    assert pipeline.manifest.watermark == await pipeline.context.offsets.end_offsets()


async def test_the_errors_we_know_are_called_by_the_names_that_the_engine_has_for_them(pipeline: Pipeline) -> None:
    codes = {code: name for known in KNOWN.values() for code, name in known.items()}
    assert len(codes) == sum(len(known) for known in KNOWN.values()), "a code is in two classes"
    sql = "SELECT arrayJoin({codes:Array(Int16)}) AS code, errorCodeToName(code)"
    named = await pipeline.context.clickhouse.query(sql, {"codes": list(codes)})
    assert dict(tuple(row) for row in named.rows) == codes


_RUBBISH = st.binary(max_size=40)
_MUTATED = st.builds(
    lambda name, value: orjson.dumps({**upsert(), name: value}),
    st.sampled_from(["id", "source", "type", "time", "specversion", "data", "other"]),
    st.none() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=5) | st.lists(st.none(), max_size=2),
)
_WRONG_VALUE = st.builds(
    lambda value: orjson.dumps(upsert(score=value)),
    st.none() | st.booleans() | st.text(max_size=8) | st.floats() | st.lists(st.integers(0, 3), max_size=2),
)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["content-type", "ce_id", "CE_type", "ce_source", "x"]),
        st.sampled_from([b"application/cloudevents+json", b"application/json", b"\xff", b""]),
    ),
    max_size=3,
)
_MESSAGES = st.lists(st.tuples(st.none() | _RUBBISH | _MUTATED | _WRONG_VALUE, _HEADERS), min_size=20, max_size=120)


@settings(max_examples=examples(8, 300), deadline=None, suppress_health_check=list(HealthCheck))
@given(messages=_MESSAGES)
async def test_whatever_arrives_ends_in_exactly_one_of_staging_and_quarantine(
    pipeline: Pipeline, messages: list[tuple[bytes | None, list[tuple[str, bytes]]]]
) -> None:
    before = {table: set(await positions(pipeline, table)) for table in ("record_log", "quarantine")}
    sent = await through(pipeline, messages)
    after = {table: await positions(pipeline, table) for table in ("record_log", "quarantine")}
    new = {table: [place for place in places if place not in before[table]] for table, places in after.items()}
    assert sorted(new["record_log"] + new["quarantine"]) == sorted(sent)
    assert pipeline.ingest.state.state == "running"
