"""Topics as data: what exists, how it is kept, who writes and reads it (ARCHITECTURE 3)."""

from dataclasses import dataclass
from typing import Literal

DAY_MS = 24 * 60 * 60 * 1000


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
        settings = {"cleanup.policy": self.cleanup, "message.timestamp.type": "LogAppendTime"}
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
