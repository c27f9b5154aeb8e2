"""Checks that ClickHouse has the entries of a snapshot: missing entries must not look like a tenant without objects."""

import asyncio

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.topics import SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.errors import Unavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import MANIFEST_MISMATCH, Meters
from crosslook.platform.store_refusals import store_refusal

_LOG = get_logger(__name__)
ENTRIES_MISSING, KAFKA_CHANGED = "entries_missing", "kafka_identity_changed"
_LOOK_SECONDS = 30.0
_RETRY_AFTER_SECONDS = 30
_KNOWN = 1000
"""So many snapshots are remembered: those that were forgotten since are among them."""
_COUNT = "SELECT count() FROM snapshot_entries WHERE snapshot = {snapshot:String}"
_KAFKA = """
SELECT argMin(value, (-toInt64(version), at, value)) FROM crosslook_meta WHERE key = 'kafka' HAVING count() > 0
"""


class SnapshotCheck:
    """Counts the entries of each snapshot that is asked for: at the first question, every half minute, and after the
    engine was away, since what comes back may be another one. `kafka`: which Kafka the manifests are read from."""

    def __init__(self, clickhouse: ClickHouse, meters: Meters) -> None:
        self._clickhouse = clickhouse
        self._meters = meters
        self._complete: dict[str, tuple[bool, float]] = {}
        self.kafka: KafkaIdentity | None = None
        self.reason: str | None = None
        self._show(None)

    def forget(self) -> None:
        """The engine was unavailable: check everything again."""
        self._complete.clear()

    async def require(self, manifest: Manifest) -> None:
        """Raises Unavailable where entries of the snapshot are missing, and what `store_refusal` makes of an error."""
        try:
            complete = await self._is_complete(manifest)
        except ClickHouseError as error:
            raise store_refusal(error, self._meters) from error
        if not complete:
            raise Unavailable(ENTRIES_MISSING, _RETRY_AFTER_SECONDS)

    def require_no_loss(self) -> None:
        """Where there is no snapshot: raises Unavailable if there was one before its Kafka was lost."""
        if self.reason == KAFKA_CHANGED:
            raise Unavailable(KAFKA_CHANGED, _RETRY_AFTER_SECONDS)

    async def look(self, current: Manifest | None) -> None:
        """Find out whether the current snapshot can be answered from; where there is none, whether these tables are of
        another Kafka, whose manifests are lost. An engine that does not answer changes nothing."""
        try:
            if current is None:
                reason = KAFKA_CHANGED if await self._of_another_kafka() else None
            else:
                reason = None if await self._is_complete(current) else ENTRIES_MISSING
        except ClickHouseError:
            return  # the tables do not exist yet, or the engine is away, which the probe tells
        if reason != self.reason:
            _LOG.error("snapshot_unusable", reason=reason) if reason else _LOG.info("snapshot_usable")
        self._show(reason)

    async def _is_complete(self, manifest: Manifest) -> bool:
        now = asyncio.get_running_loop().time()
        complete, until = self._complete.get(manifest.snapshot, (False, 0.0))
        if now >= until:
            if len(self._complete) > _KNOWN:
                self._complete.clear()
            found = (await self._clickhouse.query(_COUNT, {"snapshot": manifest.snapshot})).scalar()
            complete = found == manifest.objects
            self._complete[manifest.snapshot] = complete, now + (_LOOK_SECONDS if complete else 0)
        return complete

    async def _of_another_kafka(self) -> bool:
        rows = (await self._clickhouse.query(_KAFKA)).rows
        if self.kafka is None or not rows:
            return False
        recorded = KafkaIdentity.model_validate_json(rows[0][0])
        ids = {identity.topics.get(SNAPSHOTS.name, "") for identity in (recorded, self.kafka)}
        return len(ids - {""}) > 1

    def _show(self, reason: str | None) -> None:
        self.reason = reason
        for known in (ENTRIES_MISSING, KAFKA_CHANGED):
            self._meters.set(MANIFEST_MISMATCH, reason == known, reason=known)
