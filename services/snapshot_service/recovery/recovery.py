"""Makes stored state consistent again after a volume was lost: shows a plan, and follows it on request."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from crosslook.contracts.layouts import recorded_layout
from crosslook.contracts.manifests import (
    BUILDS_A_RUN,
    EXPIRED_PREFIX,
    SNAPSHOT_PREFIX,
    Entry,
    Expiry,
    Manifest,
    Run,
)
from crosslook.contracts.problems import Problem
from crosslook.platform.errors import Conflict
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.log_store.protocol import LogStore
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import Meters
from services.snapshot_service.consistency.check import IDENTIFIED, Consistency
from services.snapshot_service.consistency.meta import Meta
from services.snapshot_service.domain.consistency import Mismatch
from services.snapshot_service.domain.publication import KeptEntry
from services.snapshot_service.domain.recovered import carried, carried_entries, renamed
from services.snapshot_service.domain.recovery import RecoveryPlan, RecoveryStep
from services.snapshot_service.domain.tables import layout_table
from services.snapshot_service.recovery.inspection import FormerKafka, RecoveryInspection
from services.snapshot_service.refresh.claim import OpenWriter, RunRequest, claim
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.refresher import Refresher

_LOG = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What does not belong together, what is to be done about it, what was done just now, and the staging tables that
    recoveries set aside, with their rows."""

    mismatch: Mismatch | None
    plan: RecoveryPlan
    done: tuple[RecoveryStep, ...]
    set_aside: dict[str, int]


class Recovery:
    """Follows a plan step by step and gathers the facts again after each, so an interrupted recovery continues."""

    def __init__(
        self,
        context: RefreshContext,
        feed: SnapshotFeed,
        refresher: Refresher,
        open_writer: OpenWriter,
    ) -> None:
        self._context = context
        self._feed = feed
        self._look = RecoveryInspection(context, feed)
        self._refresher = refresher
        self._open_writer = open_writer
        self._meta = Meta(context.clickhouse, context.clock)
        self._steps: dict[RecoveryStep, Callable[[RecoveryPlan], Awaitable[None]]] = {
            RecoveryStep.NUMBERS: self._reserve_numbers,
            RecoveryStep.SALVAGE: self._salvage,
            RecoveryStep.REPUBLISH: self._republish,
            RecoveryStep.REFRESH: self._publish_staged,
            RecoveryStep.SET_ASIDE: self._set_aside,
            RecoveryStep.CARRY: self._carry_over,
            RecoveryStep.ACCEPT: self._accept,
            RecoveryStep.FORGET: self._forget,
            RecoveryStep.IDENTITY: self._record_identity,
        }

    async def lacking(self) -> list[Entry]:
        """As `RecoveryInspection.lacking`."""
        return await self._look.lacking()

    async def look(self) -> RecoveryReport:
        """What there is, and the plan. Changes nothing, but makes the tables where the whole database is gone. Raises
        ClickHouseError, KafkaUnavailable, LogUnavailable, StateUnreadable."""
        await self._look.prepare()
        mismatch = await self._context.consistency.recheck()
        return RecoveryReport(mismatch, await self._look.plan(), (), await self._look.set_aside())

    async def follow(self, plan_id: str) -> RecoveryReport:
        """Do all that is left of the plan that `look` showed under this name; nothing where nothing is left.

        Raises Conflict `recovery_plan_changed`, `recovery_schemas_missing`, `recovery_run_failed`, `run_under_way`,
        Unavailable, StateUnreadable. After any of them, and after a crash, a new look shows what is left.
        """
        async with self._refresher.alone():
            await self._look.prepare()
            plan, done = await self._look.plan(), list[RecoveryStep]()
            if plan.steps and plan.id != plan_id:
                raise Conflict(Problem("recovery_plan_changed", values={"plan": plan_id[:64]}))
            while plan.steps:
                await self._do(plan.steps[0], plan, done)
                done.append(plan.steps[0])
                plan = await self._look.plan()
            mismatch = await self._context.consistency.recheck()
            return RecoveryReport(mismatch, plan, tuple(done), await self._look.set_aside())

    async def _do(self, step: RecoveryStep, plan: RecoveryPlan, done: Sequence[RecoveryStep]) -> None:
        if step is RecoveryStep.SCHEMAS:
            raise Conflict(Problem("recovery_schemas_missing", values={"count": plan.missing_schemas}))
        if step in done:
            raise RuntimeError(f"{step} changed nothing")
        await self._steps[step](plan)
        _LOG.warning("recovery_step_done", step=step, snapshot=plan.base.snapshot if plan.base is not None else None)
        await self._feed.view.catch_up()
        await self._context.schemas.view.catch_up()
        self._context.failpoint("recovered")

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[LogStore]:
        store = self._open_writer()
        try:
            await store.start()
            yield store
        finally:
            await store.stop()

    async def _reserve_numbers(self, plan: RecoveryPlan) -> None:
        """Leave a run behind whose numbers are the greatest in the tables: the next run gets greater ones."""
        now = self._context.clock.now()
        run = Run(
            run=f"run-{now:%Y%m%dT%H%M%SZ}-{plan.number}",
            build=plan.number * BUILDS_A_RUN,
            state="published",
            trigger="manual",
            reason="numbers_reserved",
            owner=self._context.settings.worker.name,
            started_at=now,
            moved_at=now,
            finished_at=now,
        )
        async with self._writer() as store:
            await store.put(run.key, run.encode())

    async def _republish(self, plan: RecoveryPlan) -> None:
        base = plan.require_base()
        async with self._writer() as store:
            await store.put(base.key, base.encode())

    async def _publish_staged(self, plan: RecoveryPlan) -> None:
        """Publish what was staged on the former topic, once its positions are of no use any more. Raises Conflict
        `recovery_run_failed`."""
        state = await self._meta.read()
        kafka = state.identity.kafka or await self._context.offsets.identity(IDENTIFIED)
        former = FormerKafka(kafka, plan.high, state.identity.database)
        context = self._context
        consistency = Consistency.of(context.clickhouse, context.clock, former, self._feed.current, Meters())
        refresher = Refresher(replace(context, offsets=former, consistency=consistency), self._feed, self._open_writer)
        requested = await refresher.request(RunRequest("manual"))
        await refresher.wait()
        run = refresher.run(requested.run.run)
        if run is None or run.state != "published":
            reason = str(run.reason) if run is not None else "unknown"
            raise Conflict(Problem("recovery_run_failed", values={"run": requested.run.run, "reason": reason}))

    async def _set_aside(self, plan: RecoveryPlan) -> None:
        await self._context.staging.set_aside(plan.aside, await self._look.set_aside())

    async def _carry_over(self, plan: RecoveryPlan) -> None:
        """Publish the base's rows as a snapshot to which everything on the new topic is news."""
        base = plan.require_base()
        stored = await self._context.entries.read(base.snapshot)
        await self._publish(carried(base, plan.identity), carried_entries(stored.all()))

    async def _salvage(self, plan: RecoveryPlan) -> None:
        """Publish what is left of the base; of the damaged objects everything that is staged will be read again."""
        base = plan.require_base()
        context, stored = self._context, await self._context.entries.read(base.snapshot)
        salvaged = {damage.entry.key: damage.salvaged() for damage in plan.damaged}
        for damage in plan.damaged:
            layout = recorded_layout(damage.entry.layout, damage.entry.definition)
            await context.clickhouse.command(layout_table(layout))
        await self._publish(base, [salvaged.get(entry.key, entry) for entry in stored.all()])

    async def _publish(self, base: Manifest, entries: Sequence[KeptEntry]) -> None:
        """Publish these entries instead of the base's, as a run of its own."""
        now, context = self._context.clock.now(), self._context
        writer = await claim(self._open_writer, RunRequest("manual"), context.settings.worker.name, now)
        try:
            run = writer.run
            manifest = renamed(base, run, entries, now)
            await context.entries.write(manifest.snapshot, entries)
            await writer.publish(manifest)
            ended = {"state": "published", "progress": 1.0, "snapshot": manifest.snapshot}
            await writer.update(run.model_copy(update={**ended, "finished_at": context.clock.now()}))
        finally:
            await writer.close()

    async def _accept(self, plan: RecoveryPlan) -> None:
        await self._meta.write(await self._meta.read(), accepted=plan.accepted)

    async def _forget(self, plan: RecoveryPlan) -> None:
        async with self._writer() as store:
            for snapshot in plan.forget:
                await store.put(f"{EXPIRED_PREFIX}{snapshot}", Expiry(at=self._context.clock.now()).encode())
                await store.put(f"{SNAPSHOT_PREFIX}{snapshot}", None)

    async def _record_identity(self, plan: RecoveryPlan) -> None:
        await self._meta.write(await self._meta.read(), identity=plan.identity)
