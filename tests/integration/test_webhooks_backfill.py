"""What vendors post and what their exports show about the same records, at the same time and in any order."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.processes import own_topics
from tests.helpers.vendor_days import VENDORS, VendorDays
from tests.helpers.webhook_runs import WebhookRuns, running_webhooks
from tests.helpers.webhooks import SentMessage, connect

DAYS = VendorDays.of(5, 60)
OBJECTS = ("zendesk_ticket", "calendly_booking", "contact")


@pytest.fixture(scope="module")
async def runs(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[WebhookRuns]:
    engine = clickhouse.model_copy(update={"database": "webhooks_backfill"})
    async with running_webhooks(own_topics(kafka), engine) as running:
        yield running


async def connected(runs: WebhookRuns, tenant: str) -> tuple[list[SentMessage], list[SentMessage]]:
    """What the vendors post to a tenant, and what their exports show."""
    await connect(runs.pipeline.schemas, tenant, "zendesk")
    await connect(runs.pipeline.schemas, tenant, "calendly", create_contacts=True)
    return DAYS.messages(tenant), DAYS.history(tenant)


async def shown(runs: WebhookRuns, tenant: str) -> dict[str, dict[str, Any]]:
    await runs.refreshed()
    return {name: await runs.rows(tenant, name) for name in OBJECTS}


def parts(messages: Sequence[SentMessage], count: int) -> list[Sequence[SentMessage]]:
    """The messages by their keys, in so many parts."""
    ordered = sorted(messages)
    size = -(-len(ordered) // count)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


async def test_a_back_fill_beside_webhooks_about_the_same_records(runs: WebhookRuns) -> None:
    posted, history = await connected(runs, "one-by-one")
    await runs.deliver([*posted, *history])
    calm = await shown(runs, "one-by-one")
    assert {vendor: len(DAYS.truth[vendor]) for vendor in VENDORS} == {
        "zendesk": len(calm["zendesk_ticket"]),
        "calendly": len(calm["calendly_booking"]),
    }
    posted, history = await connected(runs, "together")
    for some, others in zip(parts(posted, 6), parts(history, 6), strict=True):
        await asyncio.gather(runs.deliver(some, 0), runs.deliver(others, 1))
    assert await shown(runs, "together") == calm
    posted, history = await connected(runs, "disturbed")
    await runs.disturbed([*posted, *history], random.Random(1))  # noqa: S311  # repeatable
    assert await shown(runs, "disturbed") == calm
