"""A refresh waits for vendors' messages that arrived before it, and not for ever."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.domain.webhook_mapping import FactRow
from services.snapshot_service.integrations.fact_store import FactStore
from services.snapshot_service.settings import WebhookSettings
from tests.helpers.integrations import install
from tests.helpers.processes import own_topics
from tests.helpers.quarantine import Dataset, running_dataset
from tests.helpers.schema_service import Tokens
from tests.helpers.webhooks import connect, post, tiny

install()
WITHOUT = "crosslook_refresh_without_webhooks_total"


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    tokens = Tokens.at(tmp_path_factory.mktemp("webhook-wait-keys"))
    engine = clickhouse.model_copy(update={"database": "webhooks_wait"})
    async with running_dataset(own_topics(kafka), engine, tokens, webhooks=WebhookSettings(wait_seconds=1)) as running:
        yield running


class HeldFacts:
    """Holds the worker before it stores facts, until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self._go = asyncio.Event(), asyncio.Event()
        insert = FactStore.insert

        async def held(store: FactStore, rows: Sequence[FactRow]) -> None:
            self.reached.set()
            await self._go.wait()
            await insert(store, rows)

        monkeypatch.setattr(FactStore, "insert", held)

    def let_go(self) -> None:
        """The worker continues."""
        self._go.set()


async def without(dataset: Dataset) -> float:
    """How many refreshes did not wait any longer."""
    lines = (await dataset.service.http.get("/metrics")).text.splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith(WITHOUT)), 0.0)


async def shown(dataset: Dataset, run: dict[str, Any], tenant: str) -> int:
    """How many records the run's snapshot has of the tenant's tickets."""
    mine = "snapshot = {s:String} AND tenant = {t:String} AND object = 'tiny_ticket'"
    sql = f"SELECT rows FROM snapshot_entries WHERE {mine}"  # noqa: S608  # fixed text
    found = (await dataset.engine.query(sql, {"s": run["snapshot"], "t": tenant})).rows
    return int(found[0][0]) if found else 0


async def test_a_refresh_goes_on_without_messages_that_take_too_long_and_the_next_one_has_them(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connect(dataset.schemas, "slow")
    held = HeldFacts(monkeypatch)
    await post(dataset.service.publisher, [tiny("slow", "e1", "1", "opened"), tiny("slow", "e2", "2", "opened")])
    async with asyncio.timeout(60):
        await held.reached.wait()
    run = await dataset.service.refreshed()
    assert (run["state"], run["reason"]) == ("published", None)
    assert [step["name"] for step in run["steps"]][:2] == ["webhooks", "freeze"]
    assert (await shown(dataset, run, "slow"), await without(dataset)) == (0, 1)
    held.let_go()

    async def folded() -> bool:
        sql = "SELECT count() FROM webhook_outcomes WHERE tenant = 'slow'"
        return bool((await dataset.engine.query(sql)).scalar() == 2)

    await dataset.service.until(folded)
    after = await dataset.service.refreshed()
    assert (await shown(dataset, after, "slow"), await without(dataset)) == (2, 1)


async def test_a_refresh_waits_while_messages_come_through_in_time(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connect(dataset.schemas, "quick")
    held, before = HeldFacts(monkeypatch), await without(dataset)
    await post(dataset.service.publisher, [tiny("quick", "e1", "1", "opened")])
    async with asyncio.timeout(60):
        await held.reached.wait()
    refreshing = asyncio.create_task(dataset.service.refreshed())
    held.let_go()
    run = await refreshing
    assert (await shown(dataset, run, "quick"), await without(dataset)) == (1, before)
