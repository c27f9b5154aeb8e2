"""What of stored state does not belong together, also while ingest goes on."""

from datetime import UTC, datetime
from typing import Any

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import Manifest, decode_manifest
from crosslook.platform.kafka import GroupCommit
from crosslook.platform.metrics import Meters
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.consistency.meta import State
from services.snapshot_service.domain.consistency import (
    InstallationIdentity,
    MismatchReason,
    ShortBuild,
    builds_mismatch,
    entries_mismatch,
    identity_mismatch,
)
from services.snapshot_service.domain.coverage import Accepted, Note
from tests.helpers import builders

NOW = datetime(2026, 11, 23, tzinfo=UTC)
KAFKA = KafkaIdentity(cluster="c", topics={"records": "r", "snapshots": "s"})
OTHER = KafkaIdentity(cluster="c", topics={"records": "r2", "snapshots": "s"})


def manifest(**more: Any) -> Manifest:
    figures = {"watermark": {0: 10}, "schema_offset": 1, "objects": 2, "rows": 5, "rebuilt": 2}
    return builders.manifest(**{"build": 1_000_000, "as_of": NOW, **figures, **more})


def reason(recorded: InstallationIdentity, found: KafkaIdentity, current: Manifest | None) -> MismatchReason | None:
    mismatch = identity_mismatch(recorded, found, current)
    return mismatch.reason if mismatch is not None else None


def test_state_without_a_recorded_identity_matches_everything() -> None:
    assert reason(InstallationIdentity(), KAFKA, None) is None
    assert reason(InstallationIdentity(), KAFKA, manifest()) is None
    assert reason(InstallationIdentity("d", KafkaIdentity()), KAFKA, manifest(database="d")) is None


def test_a_topic_that_was_created_anew_is_another_kafka_although_the_cluster_is_the_same() -> None:
    assert reason(InstallationIdentity("d", KAFKA), OTHER, None) is MismatchReason.KAFKA
    assert reason(InstallationIdentity("d", None), OTHER, manifest(kafka=KAFKA)) is MismatchReason.KAFKA
    assert reason(InstallationIdentity("d", KAFKA), KAFKA, manifest(kafka=KAFKA, database="d")) is None
    mismatch = identity_mismatch(InstallationIdentity("d", KAFKA), OTHER, None)
    assert mismatch is not None
    assert mismatch.detail == "records is another one than recorded in the database"


def test_a_topic_that_is_not_recorded_yet_matches() -> None:
    more = KafkaIdentity(cluster="c", topics={**KAFKA.topics, "reports": "x"})
    assert reason(InstallationIdentity("d", KAFKA), more, None) is None
    assert KAFKA.differs(KafkaIdentity(cluster="other")) == "cluster"


def test_a_manifest_of_another_database_is_a_mismatch_also_while_the_database_has_no_id() -> None:
    assert reason(InstallationIdentity("d2", KAFKA), KAFKA, manifest(database="d")) is MismatchReason.DATABASE
    assert reason(InstallationIdentity(), KAFKA, manifest(database="d")) is MismatchReason.DATABASE


def test_every_entry_must_be_there() -> None:
    assert entries_mismatch(manifest(), {"s1": 2}) is None
    assert entries_mismatch(manifest(objects=0), {}) is None
    for counts in ({}, {"s1": 1}, {"s1": 3}):
        mismatch = entries_mismatch(manifest(), counts)
        assert mismatch is not None
        assert mismatch.reason is MismatchReason.ENTRIES


def test_builds_that_are_gone_are_told_from_builds_that_lost_rows() -> None:
    short = [ShortBuild("a", 1, 10, 4), ShortBuild("b", 2, 3, 0)]
    assert builds_mismatch(manifest(), []) is None
    gone, fewer = builds_mismatch(manifest(), short), builds_mismatch(manifest(), short[:1])
    assert gone is not None
    assert fewer is not None
    assert (gone.reason, gone.detail) == (
        MismatchReason.BUILDS,
        "s1 names 1 builds that are gone, first records_b build 2",
    )
    assert (fewer.reason, fewer.detail) == (
        MismatchReason.ROWS,
        "s1 names 1 builds with too few rows, first records_a build 1: 4 of 10",
    )


def test_a_manifest_of_an_earlier_release_is_read_without_identity() -> None:
    old = manifest().model_dump_json(exclude={"database", "kafka"}).encode()
    read = decode_manifest(old)
    assert read is not None
    assert (read.database, read.kafka) == ("", None)
    assert decode_manifest(manifest(database="d", kafka=KAFKA).encode()) == manifest(database="d", kafka=KAFKA)


class Moving:
    """Store, facts and Kafka of a partition of which ten events more are staged and committed at each question."""

    def __init__(self) -> None:
        self.position = 0

    def _next(self) -> int:
        self.position += 10
        return self.position

    async def read(self) -> State:
        """As Meta."""
        return State(InstallationIdentity("db"), Accepted(), {})

    async def staged(self) -> dict[int, int]:
        """As StoreFacts."""
        return {0: self._next()}

    async def quarantined(self, topic: str) -> dict[int, int]:
        """As StoreFacts."""
        return {}

    async def commits(self) -> dict[int, GroupCommit]:
        """As KafkaFacts."""
        position = self._next()
        return {0: GroupCommit(position, Note("db", position).encode())}

    async def beginning_offsets(self) -> dict[int, int]:
        """As KafkaFacts."""
        return {0: 0}

    async def end_offsets(self) -> dict[int, int]:
        """As KafkaFacts."""
        return {0: self._next()}


async def test_rows_that_are_staged_while_we_look_are_not_taken_for_lost_ones() -> None:
    moving: Any = Moving()
    evidence = await Consistency(moving, moving, moving, lambda: None, Meters()).gather(None)
    assert evidence.mismatch() is None
    assert evidence.trusted(0)
    assert evidence.position(0) == evidence.commits[0].offset > 0
