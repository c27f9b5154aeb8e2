"""Compares stored rows with the manifest, and stops all work that would build on a mismatch."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol
from uuid import uuid4

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.topics import RECORDS, SCHEMAS, SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.clock import Clock
from crosslook.platform.kafka import GroupCommit, KafkaUnavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import MANIFEST_MISMATCH, Meters
from crosslook.platform.outage import Outage
from services.snapshot_service.consistency.meta import Meta, State
from services.snapshot_service.consistency.store_facts import StoreFacts
from services.snapshot_service.domain.consistency import (
    InstallationIdentity,
    Mismatch,
    MismatchReason,
    builds_mismatch,
    entries_mismatch,
    identity_mismatch,
)
from services.snapshot_service.domain.coverage import Commit, Evidence, Note

_LOG = get_logger(__name__)
IDENTIFIED = (SCHEMAS.name, RECORDS.name, SNAPSHOTS.name)
"""Topics that rows and numbers in the store depend on."""


class KafkaFacts(Protocol):
    """Facts about Kafka, the records topic and the ingest group; `OffsetReader` does. All raise
    KafkaUnavailable."""

    async def identity(self, topics: Sequence[str]) -> KafkaIdentity:
        """Which cluster and topics these are."""

    async def end_offsets(self) -> dict[int, int]:
        """The next offset to be written, by partition."""

    async def beginning_offsets(self) -> dict[int, int]:
        """The first offset still kept, by partition."""

    async def commits(self) -> dict[int, GroupCommit]:
        """The group's commits; where it never committed, none."""


class Inconsistent(Exception):
    """Stored state does not belong together, so nothing may be written."""


class Consistency:
    """The comparisons, and what the last one found. `mismatch` stops ingest, refreshes and the janitor; `consistent` is
    set while there is none. `evidence`: how far staging was at the last `check`; None where that was not reached.
    `current`: the snapshot that everybody reads."""

    def __init__(
        self,
        store: StoreFacts,
        meta: Meta,
        kafka: KafkaFacts,
        current: Callable[[], Manifest | None],
        meters: Meters,
    ) -> None:
        self._store = store
        self._meta = meta
        self._kafka = kafka
        self._current = current
        self._meters = meters
        self._doubt = False
        self._outage = Outage("consistency_unknown")
        self.mismatch: Mismatch | None = None
        self.consistent = asyncio.Event()
        self.identity = InstallationIdentity()
        self.evidence: Evidence | None = None
        self._show(None)

    @staticmethod
    def of(
        clickhouse: ClickHouse, clock: Clock, kafka: KafkaFacts, current: Callable[[], Manifest | None], meters: Meters
    ) -> "Consistency":
        """The comparisons over one database."""
        return Consistency(StoreFacts(clickhouse), Meta(clickhouse, clock), kafka, current, meters)

    @property
    def unready(self) -> str | None:
        """The mismatch, for `/readyz`; None where there is none."""
        return str(self.mismatch) if self.mismatch is not None else None

    def doubt(self) -> None:
        """ClickHouse was unavailable: it may come back as another database."""
        self._doubt = True

    async def require(self) -> None:
        """Before each write: raises Inconsistent while there is a mismatch; after doubt it checks again, and then also
        raises ClickHouseError, KafkaUnavailable."""
        if self._doubt:
            await self.recheck()
        if self.mismatch is not None:
            raise Inconsistent(str(self.mismatch))

    async def changed(self, stopping: asyncio.Event) -> None:
        """Wait until there is no mismatch, or until `stopping` is set; at most a second, as the reason may change."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self.consistent, stopping)]
        await asyncio.wait(waits, timeout=1, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def recheck(self) -> Mismatch | None:
        """Check everything again, with the current snapshot. Raises as `check`."""
        return await self.check(self._current())

    async def watch(self) -> None:
        """Check what may change while the service runs; an unavailable part is checked the next time."""
        try:
            if self._doubt or self.mismatch is not None:
                await self.recheck()
            else:
                await self.glance(self._current())
        except (ClickHouseError, KafkaUnavailable) as error:
            self.doubt()
            self._outage.failed(str(error)[:200])
        else:
            self._outage.worked()

    async def check(self, manifest: Manifest | None) -> Mismatch | None:
        """`glance`, and whether staging covers what Kafka deleted: one aggregate over staging. Raises as it does."""
        mismatch, evidence = await self._judge(manifest)
        self.evidence = evidence
        self._doubt = False
        return self._found(mismatch)

    async def judge(self, manifest: Manifest) -> Mismatch | None:
        """What `check` would find if this snapshot were the current one, without consequences. Raises as it does."""
        return (await self._judge(manifest))[0]

    async def glance(self, manifest: Manifest | None) -> Mismatch | None:
        """Compare Kafka, database and a snapshot's entries and builds; record which Kafka and database these are where
        nothing is recorded yet. It costs a few aggregates over the entries of one snapshot.

        Raises ClickHouseError, KafkaUnavailable; what was found before then stands.
        """
        return self._found(await self._glance(manifest))

    async def incomplete(self, manifests: Iterable[Manifest]) -> list[Manifest]:
        """Which of these snapshots lack entries: what they name is unknown. Raises ClickHouseError."""
        named = list(manifests)
        counts = await self._store.entries(named)
        return [manifest for manifest in named if entries_mismatch(manifest, counts) is not None]

    async def _judge(self, manifest: Manifest | None) -> tuple[Mismatch | None, Evidence | None]:
        mismatch = await self._glance(manifest)
        if mismatch is not None:
            return mismatch, None
        evidence = await self.gather(manifest)
        return evidence.mismatch(), evidence

    async def gather(self, manifest: Manifest | None) -> Evidence:
        """How far staging is, without a comparison. Raises as `check`."""
        state = await self._meta.read()
        # Commits before the rows that they stand for, and both before Kafka's own bounds: what is staged meanwhile must
        # look neither like rows that were lost nor like a hole.
        commits = await self.commits()
        staged, quarantined = await self._store.staged(), await self._store.quarantined(RECORDS.name)
        beginning, end = await self._kafka.beginning_offsets(), await self._kafka.end_offsets()
        return Evidence(
            state.identity.database,
            staged,
            quarantined,
            manifest.watermark if manifest is not None else {},
            state.accepted,
            commits,
            beginning,
            end,
        )

    async def commits(self) -> dict[int, Commit]:
        """The group's commits with their notes. Raises KafkaUnavailable."""
        commits = await self._kafka.commits()
        return {p: Commit(commit.offset, Note.decode(commit.metadata)) for p, commit in commits.items()}

    async def _glance(self, manifest: Manifest | None) -> Mismatch | None:
        mismatch = await self._compare_identity(await self._kafka.identity(IDENTIFIED), manifest)
        if mismatch is None and manifest is not None:
            mismatch = entries_mismatch(manifest, await self._store.entries([manifest]))
        if mismatch is None and manifest is not None:
            mismatch = builds_mismatch(manifest, await self._store.short_builds(manifest.snapshot))
        return mismatch

    async def _compare_identity(self, found: KafkaIdentity, manifest: Manifest | None) -> Mismatch | None:
        state = await self._meta.read()
        mismatch = identity_mismatch(state.identity, found, manifest)
        if mismatch is None and not state.identity.complete:
            state = await self._adopt(state, found)
            mismatch = identity_mismatch(state.identity, found, manifest)
        self.identity = state.identity
        return mismatch

    async def _adopt(self, state: State, found: KafkaIdentity) -> State:
        """State that has no recorded identity yet takes the one that is there, once."""
        adopted = InstallationIdentity(state.identity.database or str(uuid4()), state.identity.kafka or found)
        _LOG.info("identity_adopted", database=adopted.database, kafka=str(adopted.kafka))
        return await self._meta.write(state, identity=adopted)

    def _found(self, mismatch: Mismatch | None) -> Mismatch | None:
        if mismatch != self.mismatch:
            if mismatch is None:
                _LOG.info("mismatch_over")
            else:
                _LOG.error("manifest_mismatch", reason=mismatch.reason, detail=mismatch.detail)
        self._show(mismatch)
        return mismatch

    def _show(self, mismatch: Mismatch | None) -> None:
        self.mismatch = mismatch
        (self.consistent.clear if mismatch is not None else self.consistent.set)()
        for reason in MismatchReason:
            self._meters.set(MANIFEST_MISMATCH, mismatch is not None and mismatch.reason is reason, reason=reason)
