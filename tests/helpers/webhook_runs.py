"""The worker's part on a real engine and broker, with messages in any order, split over workers and refreshes.

No Faust runs here: a test decides which worker gets which messages in which batch, and when a worker dies.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crosslook.integrations.catalog import integrations
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.domain.webhook_mapping import VendorMessage
from services.snapshot_service.ingest.quarantine_quota import QuarantineQuota
from services.snapshot_service.integrations.webhook_work import WebhookContext, WebhookWork, webhook_work
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.webhooks import NOW, NOW_MS, SentMessage

_LEFT_OUT = ("build", "partition", "offset", "received_at", "tenant", "event_id")
"""What of a row depends on when and how its event arrived."""
REPEATS = 0.3


@dataclass(slots=True)
class WebhookRuns:
    """A pipeline whose events come from messages of vendors."""

    pipeline: Pipeline
    context: WebhookContext
    offset: int = 0
    workers: list[WebhookWork] = field(default_factory=list)

    def worker(self, number: int) -> WebhookWork:
        """One of several workers, each with what it knows itself."""
        while len(self.workers) <= number:
            self.workers.append(webhook_work(self.context))
        return self.workers[number]

    def read(self, messages: Iterable[SentMessage]) -> list[VendorMessage]:
        """Messages as a worker reads them from the topic, each at a place of its own."""
        taken = []
        for key, value, headers in messages:
            taken.append(VendorMessage(0, self.offset, NOW_MS, key, value, headers))
            self.offset += 1
        return taken

    async def deliver(self, messages: Sequence[SentMessage], worker: int = 0) -> None:
        """One batch for one worker; returns once its effects are durable."""
        await self.worker(worker).process(self.read(messages))

    async def refreshed(self) -> None:
        """Refresh once everything published is staged."""
        run = await self.pipeline.refresh()
        assert run.state == "published", run.reason

    async def rows(self, tenant: str, name: str) -> dict[str, dict[str, Any]]:
        """The records of an object in the current snapshot, by record, without what depends on arrival."""
        found = await self.pipeline.rows(tenant, name)
        return {record: {n: v for n, v in row.items() if n not in _LEFT_OUT} for record, row in found.items()}

    async def disturbed(self, messages: Sequence[SentMessage], dice: random.Random, *, refreshes: int = 2) -> None:
        """Deliver messages shuffled, some of them more than once, in batches of any size, to three workers at the same
        time, with refreshes in between."""
        sent = [*messages, *(message for message in messages if dice.random() < REPEATS)]
        dice.shuffle(sent)
        cuts = sorted(dice.randrange(len(sent) + 1) for _ in range(refreshes - 1))
        for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
            shares: Mapping[int, list[SentMessage]] = {number: [] for number in range(3)}
            for message in sent[start:end]:
                shares[dice.randrange(3)].append(message)
            await asyncio.gather(*(self._deliver_all(number, share, dice) for number, share in shares.items()))
            await self.refreshed()

    async def _deliver_all(self, worker: int, messages: Sequence[SentMessage], dice: random.Random) -> None:
        start = 0
        while start < len(messages):
            size = dice.randrange(1, 12)
            await self.deliver(messages[start : start + size], worker)
            start += size


@contextlib.asynccontextmanager
async def running_webhooks(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[WebhookRuns]:
    """Everything started."""
    async with running_pipeline(kafka, clickhouse, NOW) as pipeline:
        found = pipeline.context
        quota = QuarantineQuota(found.clickhouse, pipeline.settings.quarantine.max_events)
        context = WebhookContext(
            found.clickhouse,
            found.schemas,
            pipeline.feed,
            integrations(),
            pipeline.publisher,
            quota,
            found.consistency,
            found.clock,
            Meters(),
            0.05,
        )
        yield WebhookRuns(pipeline, context)
