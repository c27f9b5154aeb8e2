"""Senders whose events are refused too often are diverted, everybody else goes on; the quarantine is bounded."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.domain.limits import Sender
from services.snapshot_service.ingest.controls import ALL_SENDERS, IngestControls
from tests.helpers.builders import Event, event
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics
from tests.integration.test_ingest import TICKET, positions

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def poisoned(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, request: pytest.FixtureRequest
) -> AsyncIterator[Pipeline]:
    """Ingest of a broker of its own, with low limits and one object of each of four tenants."""
    limits = {"poll_ms": 20, "chunk_events": 10, "refused_in_a_row": 20, "diverted_senders": 3}
    own = own_topics(kafka)
    engine = clickhouse.model_copy(update={"database": f"poisoned_{request.node.name[:30]}"})
    settings = {"ingest": limits, "quarantine": {"max_events": 40}}
    async with running_pipeline(own, engine, NOW, **settings) as pipeline:
        for tenant in TENANTS:
            await pipeline.define(tenant, TICKET)
        yield pipeline


TENANTS = ("acme", "globex", "initech", "umbrella")


def of(tenant: str, *, good: bool, source: str = "/zendesk") -> Event:
    """An event of a sender, which its schema admits or not."""
    fields = {} if good else {"nonsense": True}
    sent = event(tenant, "ticket", "1", fields, event_id=uuid.uuid4().hex, time=NOW)
    return {**sent, "source": source}


async def codes(pipeline: Pipeline, tenant: str) -> dict[str, int]:
    """How many events of a tenant are in quarantine, by code."""
    sql = "SELECT code, count() FROM quarantine WHERE tenant = {tenant:String} GROUP BY code"
    return {code: int(n) for code, n in (await pipeline.context.clickhouse.query(sql, {"tenant": tenant})).rows}


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_a_sender_with_too_many_refusals_is_diverted_and_everybody_else_goes_on(poisoned: Pipeline) -> None:
    await poisoned.send([of("acme", good=False) for _ in range(25)])
    await until(lambda: diverts(poisoned, "acme"))
    await poisoned.send([of(tenant, good=True) for tenant in TENANTS])
    await poisoned.send([of("acme", good=True, source="/calendly")])
    for tenant in TENANTS[1:]:
        await poisoned.wait_staged(tenant, "ticket", 1)
    await poisoned.wait_staged("acme", "ticket", 1)
    await until(lambda: counts(poisoned, "acme", 26))  # a chunk is quarantined after it is staged
    assert await codes(poisoned, "acme") == {"unknown_field": 20, "sender_diverted": 6}
    assert poisoned.ingest.state.state == "running"

    await poisoned.ingest.diversions.resume("acme", "/zendesk", "an operator")
    await poisoned.send([of("acme", good=True)])
    await poisoned.wait_staged("acme", "ticket", 2)
    assert not poisoned.ingest.diversions.now.diversions


async def test_what_the_quarantine_has_no_room_for_stays_on_kafka_and_is_counted(poisoned: Pipeline) -> None:
    sent = await poisoned.send([of("acme", good=False) for _ in range(60)])
    await poisoned.send([of("globex", good=False)])
    await until(lambda: counts(poisoned, "globex", 1))
    await until(lambda: left_on_kafka(poisoned, "acme", 20))
    assert sum((await codes(poisoned, "acme")).values()) == 40
    sql = "SELECT partition, offset FROM left_on_kafka ARRAY JOIN offsets AS offset WHERE tenant = 'acme'"
    left = [(int(p), int(o)) for p, o in (await poisoned.context.clickhouse.query(sql)).rows]
    kept = [place for place in await positions(poisoned, "quarantine") if place in set(sent)]
    assert sorted(left + kept) == sorted(sent)


async def test_refusals_from_many_senders_at_once_stop_ingest_until_somebody_resumes_it(poisoned: Pipeline) -> None:
    for tenant in TENANTS[:3]:
        await poisoned.send([of(tenant, good=False) for _ in range(20)])
    await until(lambda: halted(poisoned))
    sent = await poisoned.send([of(tenant, good=True) for tenant in TENANTS])
    # As another worker does that was asked in our place: what it writes reaches every worker.
    await IngestControls(poisoned.context.clickhouse, 3600).resume(ALL_SENDERS, "an operator")
    for tenant in TENANTS:
        await poisoned.wait_staged(tenant, "ticket", 1)
    assert sorted(await positions(poisoned, "record_log")) == sorted(sent)


async def test_a_diversion_runs_out_and_outlives_the_worker_that_made_it(poisoned: Pipeline) -> None:
    await poisoned.send([of("acme", good=False) for _ in range(20)])
    await until(lambda: diverts(poisoned, "acme"))
    store = poisoned.context.clickhouse
    assert (await IngestControls(store, 3600).read()).diversions.keys() == {Sender("acme", "/zendesk")}
    lapsed = IngestControls(store, 0.001)
    await until(lambda: nobody_diverted(lapsed))


async def diverts(pipeline: Pipeline, tenant: str) -> bool:
    return Sender(tenant, "/zendesk") in pipeline.ingest.diversions.now.diversions


async def counts(pipeline: Pipeline, tenant: str, events: int) -> bool:
    return sum((await codes(pipeline, tenant)).values()) >= events


async def left_on_kafka(pipeline: Pipeline, tenant: str, events: int) -> bool:
    sql = "SELECT sum(length(offsets)) FROM left_on_kafka WHERE tenant = {tenant:String}"
    return int((await pipeline.context.clickhouse.query(sql, {"tenant": tenant})).scalar()) >= events


async def halted(pipeline: Pipeline) -> bool:
    return pipeline.ingest.state.reason.startswith("too_many_refusals: 3 senders")


async def nobody_diverted(controls: IngestControls) -> bool:
    return not (await controls.read()).diversions
