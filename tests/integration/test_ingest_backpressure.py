"""Ingest whose store is away for longer than a member of a group may be silent: nothing is lost, nothing read twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic

import pytest

from crosslook.contracts.positions import covers
from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import OffsetReader, RecordSource, ensure_topics
from crosslook.platform.metrics import INGEST_STATE
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.ingest.status import ingest_status
from tests.helpers.builders import STATUS, definition, event
from tests.helpers.faults import begin_at_the_end
from tests.helpers.faults_processes import until
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics
from tests.helpers.proxy import Proxy, running_proxy

NOW = datetime.now(UTC).replace(microsecond=0)
MAX_POLL_SECONDS = 1.0
"""After so long without a read aiokafka drops its place in the group."""
TICKET = definition(STATUS)
SETTINGS = {
    "poll_ms": 20,
    "chunk_events": 50,
    "retry_seconds": 0.02,
    "session_seconds": 6,
    "max_poll_seconds": MAX_POLL_SECONDS,
    "refused_in_a_row": 30,
    "diverted_senders": 2,
}


@pytest.fixture(scope="module")
def kafka(kafka: KafkaSettings) -> KafkaSettings:
    return own_topics(kafka)


@asynccontextmanager
async def ingest_behind_a_proxy(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, name: str
) -> AsyncIterator[tuple[Pipeline, Proxy]]:
    """Ingest with a group, a database and a tenant of its own, all of one name, and a proxy before the engine."""
    await ensure_topics(kafka)
    await begin_at_the_end(kafka, name)
    async with running_proxy(clickhouse.port) as (proxy, port):
        engine = clickhouse.model_copy(update={"database": name, "port": port})
        async with running_pipeline(kafka, engine, NOW, ingest={**SETTINGS, "group": name}) as pipeline:
            await pipeline.define(name, TICKET)
            yield pipeline, proxy


async def send(pipeline: Pipeline, tenant: str, numbers: range) -> None:
    await pipeline.send(event(tenant, "ticket", str(n), {}, event_id=str(n), time=NOW) for n in numbers)


async def until_it_says(pipeline: Pipeline, state: str, reason: str = "") -> None:
    """Until the ops API and the metrics both say so."""

    async def both_say_so() -> bool:
        offsets = pipeline.context.offsets
        assert isinstance(offsets, OffsetReader)
        told = await ingest_status(pipeline.ingest, offsets, NOW)
        metric = f'{INGEST_STATE.name}{{state="{state}"}} 1.0'
        return (
            told["state"] == state
            and reason in (told["reason"] or "")
            and metric in pipeline.ingest.state.meters.render().decode()
        )

    await until(both_say_so, f"{state}: {reason}")


async def longer_than_a_member_may_be_silent() -> None:
    over = monotonic() + 1.5 * MAX_POLL_SECONDS

    async def passed() -> bool:
        return monotonic() > over

    await until(passed, "a silence that costs a member its place")


async def test_an_engine_away_for_longer_than_a_member_may_be_silent_costs_neither_place_nor_event(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings
) -> None:
    async with ingest_behind_a_proxy(kafka, clickhouse, "away") as (pipeline, proxy):
        await send(pipeline, "away", range(100))
        await pipeline.wait_staged("away", "ticket", 100)
        proxy.refuses = True
        proxy.drop()
        await send(pipeline, "away", range(100, 400))
        await until_it_says(pipeline, "paused", "NETWORK")
        await longer_than_a_member_may_be_silent()
        await until_it_says(pipeline, "paused", "NETWORK")
        proxy.refuses = False
        await pipeline.wait_staged("away", "ticket", 400)
        await until_it_says(pipeline, "running")
        assert pipeline.source.generation == 1, "the group took the member for stuck"
        assert await pipeline.staged("away", "ticket") == 400, "something was read twice"


async def test_an_engine_that_only_hangs_is_told_of_and_costs_no_place_either(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings
) -> None:
    async with ingest_behind_a_proxy(kafka, clickhouse, "hangs") as (pipeline, proxy):
        await send(pipeline, "hangs", range(50))
        await pipeline.wait_staged("hangs", "ticket", 50)
        proxy.hang()
        await send(pipeline, "hangs", range(50, 200))
        await until_it_says(pipeline, "paused", "slow_chunk")
        await longer_than_a_member_may_be_silent()
        proxy.flows.set()
        await pipeline.wait_staged("hangs", "ticket", 200)
        await until_it_says(pipeline, "running")
        assert pipeline.source.generation == 1, "the group took the member for stuck"
        assert await pipeline.staged("hangs", "ticket") == 200, "something was read twice"


async def test_partitions_that_come_and_go_while_the_engine_is_away_lose_nothing(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings
) -> None:
    async with ingest_behind_a_proxy(kafka, clickhouse, "shared") as (pipeline, proxy):
        await send(pipeline, "shared", range(100))
        await pipeline.wait_staged("shared", "ticket", 100)
        proxy.refuses = True
        proxy.drop()
        await send(pipeline, "shared", range(100, 300))
        await until_it_says(pipeline, "paused", "NETWORK")
        other = RecordSource(RECORDS.name, "shared", kafka)
        await other.start()
        await until(lambda: shared_by(pipeline.source, other), "a share of the partitions for each")
        await other.stop()
        await until(lambda: owns_all(pipeline.source), "all partitions with the one that stayed")
        await send(pipeline, "shared", range(300, 400))
        await longer_than_a_member_may_be_silent()
        assert await positions(pipeline) == await committed(pipeline), "read while paused"
        proxy.refuses = False
        sql = "SELECT uniqExact(event_id) FROM record_log WHERE tenant = 'shared'"
        await until(lambda: all_are_committed(pipeline), "the commit of everything")
        assert (await pipeline.context.clickhouse.query(sql)).scalar() == 400
        assert pipeline.source.generation == 3


async def test_waiting_for_a_person_costs_no_place(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> None:
    """The last one here: its rubbish would stop the others' ingest, too."""
    async with ingest_behind_a_proxy(kafka, clickhouse, "person") as (pipeline, _):
        rubbish = [(b"%s/ticket/1" % tenant, b"{", ()) for tenant in (b"a", b"b") for _ in range(35)]
        await pipeline.publisher.publish(RECORDS.name, rubbish)
        await until_it_says(pipeline, "stopped", "too_many_refusals")
        await longer_than_a_member_may_be_silent()
        await until_it_says(pipeline, "stopped", "too_many_refusals")
        await pipeline.ingest.diversions.resume("", "", "an operator")
        await send(pipeline, "person", range(50))
        await pipeline.wait_staged("person", "ticket", 50)
        assert pipeline.source.generation == 1, "the group took the member for stuck"


async def shared_by(source: RecordSource, other: RecordSource) -> bool:
    await other.read(20, 1)
    return len(source.assigned) == len(other.assigned) == 2


async def owns_all(source: RecordSource) -> bool:
    return len(source.assigned) == 4 and source.generation == 3


async def positions(pipeline: Pipeline) -> dict[int, int]:
    return {partition: await pipeline.source.position(partition) for partition in pipeline.source.assigned}


async def all_are_committed(pipeline: Pipeline) -> bool:
    return covers(await committed(pipeline), await pipeline.context.offsets.end_offsets())


async def committed(pipeline: Pipeline) -> dict[int, int]:
    return {partition: commit.offset for partition, commit in (await pipeline.context.offsets.commits()).items()}
