"""Whether stored state belongs together: Kafka, the database, and what the current manifest names. Pure.

A mismatch is never read as "nothing there": whoever finds one stops, and an operator decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import Manifest


class MismatchReason(StrEnum):
    """Why ingest and refreshes stop. The runbook has an entry for each."""

    KAFKA = "kafka_identity_changed"
    DATABASE = "clickhouse_identity_changed"
    ENTRIES = "entries_missing"
    BUILDS = "builds_missing"
    ROWS = "rows_missing"
    TRUNCATED = "kafka_log_truncated"
    EXPIRED = "events_expired"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What does not belong together. `detail` is for logs and operators."""

    reason: MismatchReason
    detail: str

    def __str__(self) -> str:
        return f"{self.reason} ({self.detail})"


@dataclass(frozen=True, slots=True)
class InstallationIdentity:
    """The identity of the database and of Kafka. `database` "" and `kafka` None are not recorded yet."""

    database: str = ""
    kafka: KafkaIdentity | None = None

    @property
    def complete(self) -> bool:
        """Whether both are recorded."""
        return bool(self.database) and self.kafka is not None


@dataclass(frozen=True, slots=True)
class ShortBuild:
    """A build that holds fewer rows than entries name; `held` 0 where it is gone."""

    layout: str
    build: int
    named: int
    held: int


def identity_mismatch(
    recorded: InstallationIdentity, found: KafkaIdentity, manifest: Manifest | None
) -> Mismatch | None:
    """Whether the database, this Kafka and the current manifest belong together. What is not recorded matches."""
    for place, kafka in (("database", recorded.kafka), ("manifest", manifest.kafka if manifest else None)):
        if kafka is not None and (differs := kafka.differs(found)):
            return Mismatch(MismatchReason.KAFKA, f"{differs} is another one than recorded in the {place}")
    if manifest is not None and manifest.database and manifest.database != recorded.database:
        named = f"{manifest.snapshot} belongs to database {manifest.database}"
        return Mismatch(MismatchReason.DATABASE, f"{named}, this is {recorded.database or 'a new one'}")
    return None


def entries_mismatch(manifest: Manifest, counts: Mapping[str, int]) -> Mismatch | None:
    """Whether all entries of a snapshot are there. `counts`: entries by snapshot."""
    found = counts.get(manifest.snapshot, 0)
    if found == manifest.objects:
        return None
    return Mismatch(MismatchReason.ENTRIES, f"{manifest.snapshot} has {found} entries of {manifest.objects}")


def builds_mismatch(manifest: Manifest, short: list[ShortBuild]) -> Mismatch | None:
    """Whether the builds that a snapshot's entries name hold their rows. `short`: those that do not."""
    if not short:
        return None
    gone = [build for build in short if build.held == 0]
    first = (gone or short)[0]
    place = f"records_{first.layout} build {first.build}"
    if gone:
        return Mismatch(
            MismatchReason.BUILDS, f"{manifest.snapshot} names {len(gone)} builds that are gone, first {place}"
        )
    detail = f"{manifest.snapshot} names {len(short)} builds with too few rows, first {place}: {first.held}"
    return Mismatch(MismatchReason.ROWS, f"{detail} of {first.named}")
