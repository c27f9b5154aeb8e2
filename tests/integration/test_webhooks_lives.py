"""What was stated about a deleted object does not come back when its integration is connected again, however soon."""

from collections.abc import AsyncIterator, Iterable

import pytest

from crosslook.contracts.integrations import LIFE_HEADER, RECEIVED_HEADER, integration_key
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.domain.fact_folding import RecordPlace
from services.snapshot_service.domain.tables import ADD_FACT_LIFE
from services.snapshot_service.integrations.fact_store import FactStore
from tests.helpers.builders import object_key
from tests.helpers.integrations import install
from tests.helpers.processes import own_topics
from tests.helpers.webhook_runs import WebhookRuns, running_webhooks
from tests.helpers.webhooks import NOW, NOW_MS, SentMessage, connect, tiny

install()


@pytest.fixture(scope="module")
async def runs(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[WebhookRuns]:
    engine = clickhouse.model_copy(update={"database": "webhook_lives"})
    async with running_webhooks(own_topics(kafka), engine) as running:
        yield running


def reopened(tenant: str, *events: str) -> list[SentMessage]:
    return [tiny(tenant, event, "1", "reopened", 1000 + number) for number, event in enumerate(events)]


async def shown(runs: WebhookRuns, tenant: str) -> dict[str, int]:
    """How often each record was reopened, by the next refresh."""
    await runs.refreshed()
    return {record: row["f_reopens"] for record, row in (await runs.rows(tenant, "tiny_ticket")).items()}


async def again(runs: WebhookRuns, tenant: str, *, read: bool = True) -> None:
    """Delete the object with its connection and connect again, before any worker looks at it. `read`: whether the
    workers have read it."""
    key = object_key(tenant, "tiny_ticket")
    entry = runs.pipeline.schemas.get(str(key))
    assert entry is not None
    runs.pipeline.versions[key] = entry.version
    await runs.pipeline.drop(tenant, "tiny_ticket")
    await runs.pipeline.schemas.put(integration_key(tenant, "tiny"), None)
    await connect(runs.pipeline.schemas, tenant)
    if read:
        await runs.context.schemas.view.catch_up()


async def keys(runs: WebhookRuns, tenant: str) -> list[str]:
    """The facts that are stored, by their keys."""
    sql = "SELECT DISTINCT key FROM integration_facts WHERE tenant = {tenant:String} ORDER BY key"
    return [key for (key,) in (await runs.context.clickhouse.query(sql, {"tenant": tenant})).rows]


def accepted(messages: Iterable[SentMessage], life: str, received_ms: int) -> list[SentMessage]:
    """Messages as schema_service appended them at that time, for a connection with that life."""
    at = (RECEIVED_HEADER, str(received_ms).encode())
    return [(key, value, (*headers, (LIFE_HEADER, life.encode()), at)) for key, value, headers in messages]


async def test_facts_of_a_deleted_object_do_not_count_for_the_next_one(runs: WebhookRuns) -> None:
    await connect(runs.pipeline.schemas, "soon")
    await runs.deliver(reopened("soon", "e1", "e2", "e3"))
    await runs.worker(0).refolding.look()
    assert await shown(runs, "soon") == {"1": 3}
    await again(runs, "soon")
    assert await shown(runs, "soon") == {}
    await runs.deliver(reopened("soon", "e4"))
    assert await shown(runs, "soon") == {"1": 1}
    assert await keys(runs, "soon") == ["e1", "e2", "e3", "e4"]
    await runs.worker(0).refolding.look()
    assert await keys(runs, "soon") == ["e4"]
    assert await shown(runs, "soon") == {"1": 1}


async def test_what_is_sent_again_counts_for_the_next_object(runs: WebhookRuns) -> None:
    await connect(runs.pipeline.schemas, "sent-again")
    messages = reopened("sent-again", "e1", "e2")
    await runs.deliver(messages)
    before = await shown(runs, "sent-again")
    await again(runs, "sent-again")
    await runs.deliver(messages)
    assert before == await shown(runs, "sent-again") == {"1": 2}


async def test_messages_on_their_way_belong_to_the_object_that_they_were_accepted_for(runs: WebhookRuns) -> None:
    await connect(runs.pipeline.schemas, "way", connected_at=NOW)
    await again(runs, "way")
    early, late = reopened("way", "e1"), reopened("way", "e2", "e3")
    await runs.deliver(accepted(early, "tiny_ticket:1", NOW_MS - 1))
    assert (await shown(runs, "way"), await keys(runs, "way")) == ({}, [])
    # This one was accepted by a replica that had not read yet that the object was made once more.
    await runs.deliver(accepted(late[:1], "tiny_ticket:1", NOW_MS))
    await runs.deliver(accepted(late[1:], "tiny_ticket:3", NOW_MS + 1))
    assert await shown(runs, "way") == {"1": 2}


async def test_a_worker_reads_on_where_a_message_names_an_object_that_it_does_not_know(runs: WebhookRuns) -> None:
    await connect(runs.pipeline.schemas, "newer")
    await runs.deliver(accepted(reopened("newer", "e1"), "tiny_ticket:1", NOW_MS))
    await again(runs, "newer", read=False)
    await runs.deliver(accepted(reopened("newer", "e2"), "tiny_ticket:3", NOW_MS))
    assert await shown(runs, "newer") == {"1": 1}


async def test_facts_stay_with_a_connection_whose_object_was_kept(runs: WebhookRuns) -> None:
    state = await connect(runs.pipeline.schemas, "kept")
    await runs.deliver(reopened("kept", "e1"))
    await runs.pipeline.schemas.put(state.key, None)
    await connect(runs.pipeline.schemas, "kept")
    await runs.deliver(reopened("kept", "e1", "e2"))
    await runs.worker(0).refolding.look()
    assert await shown(runs, "kept") == {"1": 2}


async def test_facts_of_an_earlier_release_count(clickhouse: ClickHouseSettings) -> None:
    engine = ClickHouse(clickhouse.model_copy(update={"database": "facts_before"}))
    await engine.create_database()
    place = RecordPlace("acme", "tiny", "1")
    columns = """tenant LowCardinality(String), integration LowCardinality(String), record String, key String,
        digest String, mapper UInt32, kind String, time_ms Int64, `order` Int64, version Int64, related Array(String),
        data String, received_at DateTime64(3, 'UTC'), partition UInt16, offset UInt64"""
    order = "(tenant, integration, record, key, digest)"
    await engine.command(f"CREATE TABLE integration_facts ({columns}) ENGINE = ReplacingMergeTree ORDER BY {order}")
    await engine.command(
        "INSERT INTO integration_facts (tenant, integration, record, key) VALUES ('acme', 'tiny', '1', 'e1')"
    )
    for _ in range(2):
        await engine.command(ADD_FACT_LIFE)
    found = (await FactStore(engine).gather([place], lambda fact: True)).found
    await engine.close()
    assert [(fact.key, fact.life) for fact in found[place]] == [("e1", "")]
