"""One refresh, from the frozen watermark to the manifest (ARCHITECTURE 6): the numbered steps in their order."""

from datetime import datetime, timedelta

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.positions import Positions
from services.snapshot_service.domain.decision import Decision
from services.snapshot_service.domain.publication import Previous, RunOutcome
from services.snapshot_service.refresh.aliases import RefreshAliases
from services.snapshot_service.refresh.build import build_contacts, build_others
from services.snapshot_service.refresh.builder import Builder, Builds
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.cut import cut_schemas, require_schemas
from services.snapshot_service.refresh.decide import decide
from services.snapshot_service.refresh.entries import StoredEntries
from services.snapshot_service.refresh.orphans import expired_patches, quarantine_orphans
from services.snapshot_service.refresh.progress import RunProgress
from services.snapshot_service.refresh.publish import publish
from services.snapshot_service.refresh.run_statements import RunStatements, Window
from services.snapshot_service.refresh.run_writer import RunWriter
from services.snapshot_service.refresh.verify import Verification
from services.snapshot_service.refresh.wait import require_consistency, wait_until_staged


class Refresh:
    """One claimed run. A crash between any two steps leaves the old snapshot serving and the next run correct."""

    def __init__(self, context: RefreshContext, writer: RunWriter) -> None:
        self._context = context
        self._writer = writer
        self._progress = RunProgress(context, writer)

    async def run(self) -> Manifest:
        """1. claimed before (`claim.py`); 2. wait for vendors' messages, freeze the watermark, 3. wait until staging
        covers it and cut the schemas, 4. decide, 5. build, 6. verify, 7. publish; the janitor (8, `janitor.py`) follows
        a publication.

        Raises RunFailed, ClickHouseError, KafkaUnavailable, LogUnavailable; WriterFenced when another run was claimed.
        """
        context, progress = self._context, self._progress
        require_schemas(context.schemas)
        await require_consistency(context, self._writer.feed)
        # Whoever asks for a refresh from here on may have posted a message that this run does not wait for.
        async with progress.step("webhooks", frozen_at=context.clock.now()):
            await context.settle_webhooks()
        as_of = context.clock.now()
        async with progress.step("freeze"):
            high = await context.offsets.end_offsets()
        async with progress.step("wait"):
            current = await wait_until_staged(context, self._writer, high)
        previous = await self._previous(current)
        async with progress.step("cut"):
            cut = await cut_schemas(context, previous, high)
        async with progress.step("decide"):
            decision = await decide(context, self._writer.feed, previous, cut)
        statements = RunStatements(context.clickhouse, self._window(high, as_of))
        try:
            aliases = RefreshAliases(statements, current.as_of if current is not None else None)
            decision, builds = await self._build(statements, aliases, decision)
            outcome = RunOutcome(decision, builds.entries, builds.failures, high, cut.position, as_of)
            return await publish(context, self._writer, outcome, previous, progress)
        finally:
            await statements.clean()

    async def _previous(self, current: Manifest | None) -> Previous:
        stored = await self._context.entries.read(current.snapshot) if current else StoredEntries({}, {})
        given = max((manifest.sequence for manifest in self._writer.feed.manifests()), default=0)
        return Previous(current, stored.readable, stored.unreadable, given)

    async def _build(
        self, statements: RunStatements, aliases: RefreshAliases, decision: Decision
    ) -> tuple[Decision, Builds]:
        """Steps 5 and 6. The decision then rebuilds also what has links that changed."""
        builds = Builds()
        builder, verification = Builder(statements, builds), Verification(statements, builds)
        async with self._progress.step("build"):
            built = self._progress.counter("build", len(decision.rebuild))
            await build_contacts(statements, builder, verification, aliases, decision, built)
            indexed = self._context.failpoint
            decision = await build_others(statements, builder, aliases, decision, built, lambda: indexed("contacts"))
        async with self._progress.step("verify"):
            await verification.verify(self._progress.counter("verify", len(decision.rebuild)))
            orphans = await expired_patches(statements, builds)
            await quarantine_orphans(self._context, self._writer.run, orphans)
        return decision, builds

    def _window(self, high: Positions, as_of: datetime) -> Window:
        late_days = self._context.settings.late_days
        expiry = as_of - timedelta(days=late_days, milliseconds=FUTURE_TOLERANCE_MS)
        return Window(self._writer.run.build, high, expiry, late_days)
