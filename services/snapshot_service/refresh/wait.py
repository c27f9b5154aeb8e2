"""Step 3 of a refresh, first half: wait until staging covers the watermark."""

import asyncio
from time import perf_counter

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.positions import Positions, covers
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import REFRESH_WAITED
from services.snapshot_service.refresh.context import RefreshContext, RunFailed
from services.snapshot_service.refresh.run_writer import RunWriter

_LOG = get_logger(__name__)
_POLL_SECONDS = 0.1
_RECHECK_SECONDS = 5.0


async def require_consistency(context: RefreshContext, feed: SnapshotFeed) -> None:
    """Raises RunFailed where the current snapshot lacks entries or builds, or where stored state does not belong
    together: to go on would publish the hole. Raises ClickHouseError, KafkaUnavailable."""
    mismatch = await context.consistency.check(feed.current())
    if mismatch is not None:
        raise RunFailed(mismatch.reason)


async def wait_until_staged(context: RefreshContext, writer: RunWriter, high: Positions) -> Manifest | None:
    """Wait until all events below `high` are staged; returns the current snapshot. Raises RunFailed, `staging_behind`
    after `refresh.wait_seconds`; ClickHouseError."""
    started, patience = perf_counter(), context.settings.refresh.wait_seconds
    warned, checked = False, 0.0
    try:
        while not covers(await _committed(context), high) or not covers(await _stored(context, writer.feed), high):
            waited = perf_counter() - started
            if waited > checked + _RECHECK_SECONDS:  # commits alone do not show rows that came back
                checked = waited
                await _stored(context, writer.feed)
            context.meters.set(REFRESH_WAITED, waited)
            if waited > patience:
                raise RunFailed("staging_behind")
            if waited > patience / 2 and not warned:
                warned = True
                _LOG.warning("refresh_waits_long", run=writer.run.run, seconds=round(waited))
            await asyncio.sleep(_POLL_SECONDS)
    finally:
        context.meters.set(REFRESH_WAITED, 0)
    return writer.feed.current()


async def _committed(context: RefreshContext) -> Positions:
    """Up to where events are staged by the group's commits; nowhere while Kafka is away, which may pass."""
    evidence = context.consistency.evidence
    try:
        commits = await context.consistency.commits()
    except KafkaUnavailable:
        return {}
    return evidence.positions_after(commits) if evidence is not None else {}


async def _stored(context: RefreshContext, feed: SnapshotFeed) -> Positions:
    """Up to where events are staged by the rows in the store. Raises RunFailed, ClickHouseError."""
    try:
        await require_consistency(context, feed)
    except KafkaUnavailable:
        return {}
    evidence = context.consistency.evidence
    return evidence.positions() if evidence is not None else {}
