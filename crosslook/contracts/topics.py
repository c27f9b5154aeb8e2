"""Topics as data: what exists, how it is kept, who writes and reads it (ARCHITECTURE 3)."""

from dataclasses import dataclass
from typing import Literal

DAY_MS = 24 * 60 * 60 * 1000
COMPACTED_MESSAGE_MAX = 8 * 1024 * 1024
"""Largest message of a compacted topic: a definition may be as large as a request body (6 MiB), and its envelope."""
RECORD_MESSAGE_MAX = 2 * 1024 * 1024
"""Largest message of the records topic: an event of 1 MiB with its key and headers."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `partitions` is the default; the records topic takes its number from a setting."""

    name: str
    key: str
    cleanup: Literal["compact", "delete"]
    partitions: int
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    retention_ms: int | None = None

    @property
    def config(self) -> dict[str, str]:
        """Topic-level configuration that `crosslook topics` sets; a wrong `cleanup.policy` stops a service's start."""
        largest = COMPACTED_MESSAGE_MAX if self.cleanup == "compact" else RECORD_MESSAGE_MAX
        settings = {
            "cleanup.policy": self.cleanup,
            "message.timestamp.type": "LogAppendTime",
            "max.message.bytes": str(largest),
        }
        if self.cleanup == "compact":
            # A reader that is away for a week still sees every removal.
            settings["delete.retention.ms"] = str(7 * DAY_MS)
        if self.retention_ms is not None:
            settings["retention.ms"] = str(self.retention_ms)
        return settings


SCHEMAS = Topic(
    "crosslook-schemas",
    "tenant/object",
    "compact",
    1,
    writers=("schema_service",),
    readers=("schema_service", "snapshot_service", "query_service"),
)
RECORDS = Topic(
    "crosslook-records",
    "tenant/object/record",
    "delete",
    12,
    writers=("integrations", "schema_service"),
    readers=("snapshot_service",),
    retention_ms=7 * DAY_MS,
)
SNAPSHOTS = Topic(
    "crosslook-snapshots",
    "snapshot/<id>, run/<id>",
    "compact",
    1,
    writers=("snapshot_service",),
    readers=("snapshot_service", "query_service", "schema_service"),
)
REPORTS = Topic(
    "crosslook-reports",
    "tenant/kind/id",
    "compact",
    1,
    writers=("query_service",),
    readers=("query_service",),
)

TOPICS: tuple[Topic, ...] = (SCHEMAS, RECORDS, SNAPSHOTS, REPORTS)
