"""One refresh, from the frozen watermark to the manifest (ARCHITECTURE 6). Its numbered steps are in `Refresh.run`."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.contracts.ids import CONTACT, ObjectKey, TenantId
from crosslook.contracts.manifests import Manifest, RunState, StepTime
from crosslook.contracts.positions import Positions, covers
from crosslook.contracts.records import Quarantined
from crosslook.contracts.schemas import SchemaState, built_in_contact
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.fold import describe_unreadable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import INGEST_QUARANTINED, REFRESH_STEP_SECONDS, REFRESH_WAITED, Meters
from services.snapshot_service.consistency.check import Consistency, KafkaFacts
from services.snapshot_service.consistency.table_check import mismatched
from services.snapshot_service.domain.decision import Decision, Gathered, decide_objects, is_contact, layouts_in
from services.snapshot_service.domain.parts import worn
from services.snapshot_service.domain.publication import (
    Previous,
    RunOutcome,
    snapshot_entries,
    snapshot_id,
    snapshot_manifest,
)
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.refresh.builder import Builder, RunFailed, Window
from services.snapshot_service.refresh.entries import Entries, Stored
from services.snapshot_service.refresh.linking import build_others
from services.snapshot_service.refresh.run_writer import RunWriter
from services.snapshot_service.settings import SnapshotSettings

_LOG = get_logger(__name__)
_POLL_SECONDS = 0.1
_LOOK_SECONDS = 5.0
_PROGRESS: dict[str, tuple[RunState, float, float]] = {
    "freeze": ("waiting", 0.0, 0.02),
    "wait": ("waiting", 0.02, 0.1),
    "cut": ("building", 0.1, 0.12),
    "decide": ("building", 0.12, 0.15),
    "build": ("building", 0.15, 0.75),
    "verify": ("verifying", 0.75, 0.95),
    "publish": ("verifying", 0.95, 1.0),
}
"""By step: the run's state, and its progress at the start and at the end of the step."""


@dataclass(frozen=True, slots=True)
class RefreshContext:
    """What every refresh works with."""

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


@dataclass(frozen=True, slots=True)
class SchemaCut:
    """The schemas as of one position in their topic, built-in contacts included."""

    position: int
    states: dict[ObjectKey, SchemaState]


class Refresh:
    """One claimed run. A crash between any two steps leaves the old snapshot serving and the next run correct."""

    def __init__(self, context: RefreshContext, publisher: RunWriter) -> None:
        self._context = context
        self._publisher = publisher
        self._times: list[StepTime] = []

    async def run(self) -> Manifest:
        """1. claimed before; 2. freeze the watermark, 3. wait until staging covers it and cut the schemas, 4. decide,
        5. build, 6. verify, 7. publish; the janitor (8) follows a publication.

        Raises RunFailed, ClickHouseError, KafkaUnavailable, LogUnavailable; WriterFenced when another run was claimed.
        """
        self._require_schemas()
        await self._require_consistency()
        with self._step("freeze"):
            as_of = self._context.clock.now()
            await self._say("freeze", frozen_at=as_of)
            high = await self._context.offsets.end_offsets()
        await self._say("wait")
        with self._step("wait"):
            current = await self._wait(high)
        builder = Builder(self._context.clickhouse, self._window(high, as_of))
        try:
            stored = await self._context.entries.read(current.snapshot) if current else Stored({}, {})
            given = max((manifest.sequence for manifest in self._publisher.feed.manifests()), default=0)
            previous = Previous(current, stored.readable, stored.unreadable, given)
            cut, decision = await self._decide(previous, high)
            decision = await self._build(builder, decision)
            await self._say("verify")
            with self._step("verify"):
                await builder.verify(self._progress("verify", len(decision.rebuild)))
                await self._quarantine(await builder.expired_patches())
            builds = builder.builds
            outcome = RunOutcome(decision, builds.entries, builds.failures, high, cut.position, as_of)
            return await self._publish(outcome, previous)
        finally:
            await builder.clean()

    async def _require_consistency(self) -> Manifest | None:
        """The current snapshot, whose entries and builds are all there. Raises RunFailed where something is missing or
        of another life: to go on would publish the hole."""
        current = self._publisher.feed.current()
        mismatch = await self._context.consistency.check(current)
        if mismatch is not None:
            raise RunFailed(mismatch.reason)
        return current

    async def _wait(self, high: Positions) -> Manifest | None:
        """Until staging covers the watermark; answers the current snapshot. Raises RunFailed."""
        started, patience = perf_counter(), self._context.settings.refresh.wait_seconds
        warned, looked = False, 0.0
        try:
            while not covers(await self._staged(), high) or not covers(await self._looked_up(), high):
                waited = perf_counter() - started
                if waited > looked + _LOOK_SECONDS:  # commits alone never tell of rows that came back
                    looked = waited
                    await self._looked_up()
                self._context.meters.set(REFRESH_WAITED, waited)
                if waited > patience:
                    raise RunFailed("staging_behind")
                if waited > patience / 2 and not warned:
                    warned = True
                    _LOG.warning("refresh_waits_long", run=self._publisher.run.run, seconds=round(waited))
                await asyncio.sleep(_POLL_SECONDS)
        finally:
            self._context.meters.set(REFRESH_WAITED, 0)
        return self._publisher.feed.current()

    async def _staged(self) -> Positions:
        """Up to where events are staged by what the group commits; nowhere while the broker does not say, which waiting
        may mend."""
        evidence = self._context.consistency.evidence
        try:
            commits = await self._context.consistency.commits()
        except KafkaUnavailable:
            return {}
        return evidence.positions_after(commits) if evidence is not None else {}

    async def _looked_up(self) -> Positions:
        """Up to where events are staged by the rows that are there. Raises RunFailed."""
        try:
            await self._require_consistency()
        except KafkaUnavailable:
            return {}
        evidence = self._context.consistency.evidence
        return evidence.positions() if evidence is not None else {}

    async def _decide(self, previous: Previous, high: Positions) -> tuple[SchemaCut, Decision]:
        await self._say("cut")
        low = previous.manifest.watermark if previous.manifest else {}
        with self._step("cut"):
            await self._context.schemas.view.catch_up()
            touched = await self._context.staging.touched(low, high, _partitions(high))
            cut = self._cut({key.tenant for key in (*previous.entries, *previous.unreadable, *touched)})
        with self._step("decide"):
            rows = await self._context.entries.part_rows()
            oldest = min((one.build for one in self._publisher.feed.manifests()), default=0)
            draining = worn(rows, previous.entries.values(), oldest)
            wrong = await mismatched(self._context.clickhouse, layouts_in(cut.states, previous.entries))
            before = (previous.manifest, previous.entries, touched, draining, previous.unreadable)
            decision = decide_objects(Gathered(cut.states, *before, wrong))
        for held in decision.hold:
            _LOG.error("object_held", tenant=held.tenant, object=held.object, reason=held.reason)
        return cut, decision

    def _cut(self, tenants: set[TenantId]) -> SchemaCut:
        """Taken in one go, without an await: nothing can change in between. Raises RunFailed."""
        self._require_schemas()
        feed = self._context.schemas
        states = {record.state.key: record.state for record in feed.all_records()}
        for tenant in tenants | {TenantId(tenant) for tenant in feed.tenants()}:
            states.setdefault(ObjectKey(tenant, CONTACT), built_in_contact(tenant))
        return SchemaCut(feed.view.position, states)

    def _require_schemas(self) -> None:
        """Raises RunFailed where a schema or tenant cannot be read: its object would look deleted."""
        view = self._context.schemas.view
        if view.unreadable:
            raise RunFailed(f"log_unreadable: {view.topic}: {describe_unreadable(view.unreadable)}")

    async def _build(self, builder: Builder, decision: Decision) -> Decision:
        await self._say("build")
        with self._step("build"):
            progress = self._progress("build", len(decision.rebuild))
            # Of an object without rows nothing but its table must be there, for reports to read.
            await builder.make_tables(c.layout for c in decision.carry if not c.previous.rows + c.previous.deleted)
            if decision.rebuild:
                await builder.find_repeats(decision.rebuild)
            contacts = [one for one in decision.rebuild if is_contact(one.key)]
            await builder.build(contacts, progress)
            await builder.verify(lambda count: None)  # links must not be resolved against contacts that then fail
            return await build_others(builder, decision, progress, lambda: self._context.failpoint("contacts"))

    async def _quarantine(self, orphans: Sequence[Quarantined]) -> None:
        """Move patches whose record did not come out of staging: a replay of them must not be taken for a repeat.

        A run that dies afterwards leaves nothing wrong: the next one starts from the same rows, leaves the same patches
        out, and finds them in quarantine.
        """
        if orphans:
            await self._context.staging.quarantine(orphans, f"orphans-{self._publisher.run.build}")
            await self._context.staging.withdraw([one.address for one in orphans])
            self._context.meters.add(INGEST_QUARANTINED, len(orphans), code="orphan_patch")
            _LOG.warning("patches_orphaned", run=self._publisher.run.run, patches=len(orphans))

    async def _publish(self, outcome: RunOutcome, previous: Previous) -> Manifest:
        await self._say("publish")
        with self._step("publish"):
            entries = snapshot_entries(outcome, previous)
            await self._context.entries.write(snapshot_id(outcome, self._publisher.run), entries)
        now = self._context.clock.now()
        manifest = snapshot_manifest(outcome, previous, entries, self._publisher.run, now, self._times)
        identity = self._context.consistency.identity
        manifest = manifest.model_copy(update={"database": identity.database, "kafka": identity.kafka})
        await self._publisher.publish(manifest)
        self._context.failpoint("switch")
        return manifest

    def _window(self, high: Positions, as_of: datetime) -> Window:
        late_days = self._context.settings.late_days
        expiry = as_of - timedelta(days=late_days, milliseconds=FUTURE_TOLERANCE_MS)
        return Window(self._publisher.run.build, high, _partitions(high), expiry, late_days)

    async def _say(self, step: str, **more: Any) -> None:
        state, progress, _ = _PROGRESS[step]
        moved = {"state": state, "progress": progress, "steps": tuple(self._times), **more}
        now = self._context.clock.now()
        await self._publisher.say(self._publisher.run.model_copy(update={**moved, "moved_at": now}))

    def _progress(self, step: str, total: int) -> Callable[[int], None]:
        """Counts objects done within a step; the next sign of life tells it to everybody."""
        _, first, last = _PROGRESS[step]
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            progress = first + (last - first) * min(1.0, done / max(1, total))
            self._publisher.run = self._publisher.run.model_copy(update={"progress": round(progress, 3)})

        return advance

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        started = perf_counter()
        yield
        seconds = perf_counter() - started
        self._times.append(StepTime(name=name, seconds=round(seconds, 6)))
        self._context.meters.observe(REFRESH_STEP_SECONDS, seconds, step=name)
        _LOG.info("refresh_step", run=self._publisher.run.run, step=name, seconds=round(seconds, 3))
        self._context.failpoint(name)


def _partitions(high: Positions) -> int:
    return max(high, default=-1) + 1
