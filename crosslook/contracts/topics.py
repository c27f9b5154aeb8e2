"""The topics as data: names, retention, writers and readers (ARCHITECTURE 3). `topic_messages` has what they carry."""

from dataclasses import dataclass
from typing import ClassVar, Literal

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS
COMPACTED_MESSAGE_MAX = 8 * 1024 * 1024
"""Largest message of a compacted topic: a definition may be as large as a request body (6 MiB), and its envelope."""
RECORD_MESSAGE_MAX = 2 * 1024 * 1024
"""Largest message of the records topic: an event of 1 MiB with its key and headers."""


WEBHOOK_MESSAGE_MAX = 6 * 1024 * 1024
"""Largest message of the webhooks topic: a body of 5 MiB as received, with its key and headers."""
BUSY_SEGMENT_BYTES = 64 * 1024 * 1024
"""Size of a segment of a busy compacted topic."""


@dataclass(frozen=True, slots=True)
class TopicProperty:
    """One declared property. `minimum`: a greater value does as well; it is reported and does not stop a service."""

    name: str
    value: str
    minimum: bool = False

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


@dataclass(frozen=True, slots=True)
class MinInsync:
    """How many replicas must have a write before it is acknowledged (`min.insync.replicas`). `setting` None: two where
    there are three replicas or more, else one."""

    setting: int | None = None
    name: ClassVar[str] = "min.insync.replicas"

    def of(self, replicas: int) -> int:
        """The value for a topic with so many replicas; never more than there are."""
        wanted = self.setting if self.setting is not None else 2 if replicas > 2 else 1
        return min(wanted, max(1, replicas))


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `partitions` is the default where it `scales`: a setting gives the number then. `largest_message`: in
    bytes, where it is not the usual one of its kind. `busy`: its keys are written again and again, so a compacted topic
    needs small segments: the broker compacts none that it still appends to."""

    name: str
    key: str
    cleanup: Literal["compact", "delete"]
    partitions: int
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    retention_ms: int | None = None
    scales: bool = False
    largest_message: int | None = None
    busy: bool = False

    @property
    def properties(self) -> tuple[TopicProperty, ...]:
        """What `crosslook topics` sets and every service checks at its start. Replication and `min.insync.replicas`
        follow the settings."""
        usual = COMPACTED_MESSAGE_MAX if self.cleanup == "compact" else RECORD_MESSAGE_MAX
        largest = self.largest_message or usual
        declared = [
            TopicProperty("cleanup.policy", self.cleanup),
            # The time of arrival is the broker's: admission, the horizon and staging's days are decided by it.
            TopicProperty("message.timestamp.type", "LogAppendTime"),
            TopicProperty("max.message.bytes", str(largest), minimum=True),
            # A replica that was out of sync and leads nevertheless has lost what was acknowledged.
            TopicProperty("unclean.leader.election.enable", "false"),
        ]
        if self.cleanup == "compact":
            # A reader that is away for a week still sees every removal.
            declared.append(TopicProperty("delete.retention.ms", str(7 * DAY_MS), minimum=True))
        if self.busy:
            declared.append(TopicProperty("segment.ms", str(HOUR_MS), minimum=True))
            declared.append(TopicProperty("segment.bytes", str(BUSY_SEGMENT_BYTES), minimum=True))
        if self.retention_ms is not None:
            declared.append(TopicProperty("retention.ms", str(self.retention_ms), minimum=True))
            # A limit in bytes would delete events before their days are over.
            declared.append(TopicProperty("retention.bytes", "-1"))
        return tuple(declared)

    @property
    def config(self) -> dict[str, str]:
        """The properties as the broker takes them."""
        return {declared.name: declared.value for declared in self.properties}


SCHEMAS = Topic(
    "crosslook-schemas",
    "tenant/object, ~tenant/<tenant>, ~settings/<tenant>, ~integration/<tenant>/<name>, ~import/<tenant>/<id>",
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
    scales=True,
)
WEBHOOKS = Topic(
    "crosslook-webhooks",
    "tenant/integration/record",
    "delete",
    6,
    writers=("schema_service",),
    readers=("snapshot_service",),
    retention_ms=7 * DAY_MS,
    scales=True,
    largest_message=WEBHOOK_MESSAGE_MAX,
)
SNAPSHOTS = Topic(
    "crosslook-snapshots",
    "snapshot/<id>, run/<id>, pin/<id>, expired/<id>",
    "compact",
    1,
    writers=("snapshot_service",),
    readers=("snapshot_service", "query_service", "schema_service"),
)
REPORTS = Topic(
    "crosslook-reports",
    "tenant/kind/id, ~sign_in/<id>",
    "compact",
    1,
    writers=("query_service",),
    readers=("query_service", "schema_service"),
)
HEALTH = Topic(
    "crosslook-health",
    "tenant/integration/slot, ~slot/<slot>",
    "compact",
    1,
    writers=("schema_service",),
    readers=("schema_service",),
    busy=True,
)

TOPICS: tuple[Topic, ...] = (SCHEMAS, RECORDS, WEBHOOKS, SNAPSHOTS, REPORTS, HEALTH)
