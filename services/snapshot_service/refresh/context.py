"""The context of every step of a refresh."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.metrics import Meters
from services.snapshot_service.consistency.check import Consistency, KafkaFacts
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.refresh.entries import Entries
from services.snapshot_service.settings import SnapshotSettings


async def _nothing_to_wait_for() -> None:
    return


@dataclass(frozen=True, slots=True)
class RefreshContext:
    """The stores, logs, clock and settings of all refreshes of a process. `settle_webhooks`: returns once vendors'
    messages that have arrived are events on the records topic, or after a time-out."""

    clickhouse: ClickHouse
    staging: Staging
    entries: Entries
    schemas: SchemaFeed
    offsets: KafkaFacts
    clock: Clock
    meters: Meters
    settings: SnapshotSettings
    consistency: Consistency
    failpoint: Failpoint = lambda step: None
    settle_webhooks: Callable[[], Awaitable[None]] = _nothing_to_wait_for


class RunFailed(Exception):
    """Why a run ended without a snapshot: a word that the API answers as `reason`."""
