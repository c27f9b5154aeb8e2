"""Gathers the facts of a recovery: both logs, the tables, and Kafka's offsets."""

from collections.abc import AsyncIterator, Mapping, Sequence

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.manifests import BUILDS_A_RUN, Entry, Manifest
from crosslook.contracts.positions import Positions
from crosslook.platform.errors import StateUnreadable
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.kafka import GroupCommit
from services.snapshot_service.consistency.check import IDENTIFIED
from services.snapshot_service.consistency.meta import Meta
from services.snapshot_service.consistency.store_facts import StoreFacts
from services.snapshot_service.domain.coverage import Note
from services.snapshot_service.domain.recovered import Damage, rebuilt_manifest
from services.snapshot_service.domain.recovery import RecoveryFacts, RecoveryPlan, base_snapshot, plan_recovery
from services.snapshot_service.domain.retention import number_of
from services.snapshot_service.domain.tables import set_aside_numbers
from services.snapshot_service.refresh.context import RefreshContext


class FormerKafka:
    """A lost Kafka, as the tables record it: `KafkaFacts` of which everything is staged."""

    def __init__(self, identity: KafkaIdentity, high: Positions, database: str) -> None:
        self._identity = identity
        self._high = dict(high)
        self._note = Note(database, 0).encode()

    async def identity(self, topics: Sequence[str]) -> KafkaIdentity:
        """Which it was."""
        return self._identity

    async def end_offsets(self) -> dict[int, int]:
        """Behind the last event that was staged."""
        return dict(self._high)

    async def beginning_offsets(self) -> dict[int, int]:
        """Nothing more will be deleted."""
        return dict.fromkeys(self._high, 0)

    async def commits(self) -> dict[int, GroupCommit]:
        """Everything."""
        return {partition: GroupCommit(offset, self._note) for partition, offset in self._high.items()}


class RecoveryInspection:
    """Changes nothing but `prepare`. All raise ClickHouseError, KafkaUnavailable, LogUnavailable."""

    def __init__(self, context: RefreshContext, feed: SnapshotFeed) -> None:
        self._context = context
        self._feed = feed
        self._schemas = context.schemas
        self._store = StoreFacts(context.clickhouse)
        self._meta = Meta(context.clickhouse, context.clock)

    async def set_aside(self) -> dict[str, int]:
        """The staging tables that recoveries set aside, with their numbers of rows."""
        return await self._store.set_aside()

    async def prepare(self) -> None:
        """Read both logs to their ends, and make tables that are missing. Raises StateUnreadable, too."""
        for view in (self._feed.view, self._schemas.view):
            await view.catch_up()
            if view.unreadable:
                raise StateUnreadable
        await self._context.staging.create_tables()

    async def plan(self) -> RecoveryPlan:
        """What is to be done."""
        broken = await self._broken()
        base = await self._base(broken)
        entries = (await self._context.entries.read(base.snapshot)).readable if base is not None else {}
        state, found = await self._meta.read(), await self._context.offsets.identity(IDENTIFIED)
        on_topic = [run.build for run in self._feed.runs()] + [manifest.build for manifest in self._feed.manifests()]
        in_tables = [await self._store.last_build() // BUILDS_A_RUN, *map(number_of, await self._store.stored())]
        facts = RecoveryFacts(
            state.identity,
            found,
            self._feed.manifests(),
            broken,
            base,
            await self._context.consistency.gather(None),
            len(self._lacking(entries)),
            await self._damaged(base, entries),
            max(on_topic, default=0) // BUILDS_A_RUN,
            max(in_tables),
            set_aside_numbers(await self._store.set_aside()),
        )
        return plan_recovery(facts)

    async def _broken(self) -> frozenset[str]:
        """Snapshots on the topic that lack entries or rows."""
        manifests = self._feed.manifests()
        short = [m.snapshot for m in manifests if await self._store.short_builds(m.snapshot)]
        return (await self._incomplete()).union(short)

    async def _incomplete(self) -> frozenset[str]:
        incomplete = await self._context.consistency.incomplete(self._feed.manifests())
        return frozenset(manifest.snapshot for manifest in incomplete)

    async def _base(self, broken: frozenset[str]) -> Manifest | None:
        """A whole snapshot if there is one, else the youngest whose entries are all there."""
        on_topic = {manifest.snapshot for manifest in self._feed.manifests()}
        others = sorted((await self._store.stored()).keys() - on_topic, key=number_of, reverse=True)
        whole = [snapshot async for snapshot in self._whole(others)] if on_topic <= broken else []
        chosen = base_snapshot(self._feed.manifests(), broken, whole)
        if chosen is None:
            chosen = base_snapshot(self._feed.manifests(), await self._incomplete(), others)
        if chosen is None or chosen in on_topic:
            return self._feed.manifest(chosen) if chosen is not None else None
        entries = (await self._context.entries.read(chosen)).all()
        return rebuilt_manifest(chosen, entries, self._schemas.view.position, self._context.clock.now())

    async def _whole(self, snapshots: Sequence[str]) -> AsyncIterator[str]:
        """The first of these of which the store holds all rows."""
        for snapshot in snapshots:
            if not await self._store.short_builds(snapshot):
                yield snapshot
                return

    async def _damaged(self, base: Manifest | None, entries: Mapping[ObjectKey, Entry]) -> list[Damage]:
        """Objects of the base whose rows are not all there."""
        damaged: list[Damage] = []
        for build in await self._store.short_builds(base.snapshot) if base is not None else ():
            held = await self._store.held(build)
            named = [entry for entry in entries.values() if (entry.layout, entry.build) == (build.layout, build.build)]
            found = [Damage(entry, *held.get((entry.tenant, entry.object), (0, 0))) for entry in named]
            damaged += [damage for damage in found if damage.missing > 0]
        return damaged

    def _lacking(self, entries: Mapping[ObjectKey, Entry]) -> list[Entry]:
        return [entry for _, entry in sorted(entries.items()) if self._lacks(entry)]

    def _lacks(self, entry: Entry) -> bool:
        record = self._schemas.record(entry.tenant, entry.object)
        return record is None or (record.entry is None and entry.schema_version > 1)

    async def lacking(self) -> list[Entry]:
        """Entries of the base whose objects the schemas topic knows nothing of, by tenant and object. Raises as
        `look`."""
        await self.prepare()
        base = await self._base(await self._broken())
        return self._lacking((await self._context.entries.read(base.snapshot)).readable) if base is not None else []
