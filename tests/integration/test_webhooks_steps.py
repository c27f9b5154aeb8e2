"""The worker of vendors' messages dies after each of its steps, and another one begins with the same batch again."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.integrations.webhook_work import webhook_work
from tests.helpers.integrations import install
from tests.helpers.processes import own_topics
from tests.helpers.webhook_runs import WebhookRuns, running_webhooks
from tests.helpers.webhooks import SentMessage, connect, sent, tiny

install()
STEPS = ("mapped", "facts", "published", "aliased", "refused", "noted")


class Died(BaseException):
    """The process is gone: nobody catches this."""


@pytest.fixture(scope="module")
async def runs(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[WebhookRuns]:
    engine = clickhouse.model_copy(update={"database": "webhook_steps"})
    async with running_webhooks(own_topics(kafka), engine) as running:
        yield running


def batch(tenant: str) -> list[SentMessage]:
    return [
        tiny(tenant, "e1", "b", "moved", 3000, **{"from": "a"}),
        tiny(tenant, "e2", "a", "reopened", 2000, status="open", by="88"),
        tiny(tenant, "e3", "b", "reopened", 1000, status="solved"),
        tiny(tenant, "e4", "u", "user", 1000, user="88", email="ada@x.example"),
        tiny(tenant, "e5", "p", "person", 1000, name="Ada", email="ada@x.example"),
        sent(tenant, "tiny", "1", b"{"),
    ]


async def left_behind(runs: WebhookRuns, tenant: str) -> dict[str, Any]:
    """Everything that the messages of a tenant come to."""
    await runs.refreshed()
    engine = runs.pipeline.context.clickhouse

    async def asked(sql: str) -> list[Any]:
        return [list(row) for row in (await engine.query(sql, {"tenant": tenant})).rows]

    columns = {
        "integration_facts FINAL": "record, key, digest, data",
        "quarantine": "DISTINCT code, record, payload",
        "link_aliases FINAL": "reference, targets, version",
        "webhook_outcomes FINAL": "outcome, code, facts, records",
    }
    statements = {
        table: f"SELECT {names} FROM {table} WHERE tenant = {{tenant:String}} ORDER BY ALL"  # noqa: S608  # names of ours
        for table, names in columns.items()
    }
    return {
        **{table.partition(" ")[0]: await asked(sql) for table, sql in statements.items()},
        "rows": [await runs.rows(tenant, name) for name in ("tiny_ticket", "contact")],
    }


async def test_a_worker_that_dies_between_any_two_steps_leaves_what_an_undisturbed_one_does(runs: WebhookRuns) -> None:
    for tenant in ("calm", *STEPS):
        await connect(runs.pipeline.schemas, tenant)
    await runs.deliver(batch("calm"))
    calm = await left_behind(runs, "calm")
    assert len(calm["integration_facts"]) == 6
    assert [row["f_reopens"] for row in calm["rows"][0].values()] == [2]
    for step in STEPS:
        messages = runs.read(batch(step))

        def die(name: str, step: str = step) -> None:
            if name == step:
                raise Died

        with pytest.raises(Died):
            await webhook_work(runs.context, die).process(messages)
        await runs.worker(0).process(messages)
        assert await left_behind(runs, step) == calm, step


async def test_the_events_of_a_repeated_batch_have_the_same_ids(runs: WebhookRuns) -> None:
    await connect(runs.pipeline.schemas, "ids")
    messages = runs.read(batch("ids"))
    for worker in (0, 1, 2):
        await runs.worker(worker).process(messages)
    await runs.refreshed()
    sql = "SELECT record, kind, count(), uniqExact(event_id) FROM record_log WHERE tenant = 'ids' GROUP BY ALL"
    rows = (await runs.pipeline.context.clickhouse.query(sql)).rows
    assert {ids for *_, ids in rows} == {1}
    assert orjson.dumps([count for _, _, count, _ in rows]) != b"[]"
