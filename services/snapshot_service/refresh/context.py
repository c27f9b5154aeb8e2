"""The context of every step of a refresh."""

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


@dataclass(frozen=True, slots=True)
class RefreshContext:
    """The stores, logs, clock and settings of all refreshes of a process."""

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


class RunFailed(Exception):
    """Why a run ended without a snapshot: a word that the API answers as `reason`."""
