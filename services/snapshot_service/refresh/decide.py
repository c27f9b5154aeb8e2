"""Step 4 of a refresh: gather what the decision needs, and decide (`domain/decision.py`)."""

from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.logging import get_logger
from services.snapshot_service.consistency.table_check import mismatched
from services.snapshot_service.domain.decision import Decision, Gathered, decide_objects, layouts_in
from services.snapshot_service.domain.partitions import worn
from services.snapshot_service.domain.publication import Previous
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.cut import SchemaCut

_LOG = get_logger(__name__)


async def decide(context: RefreshContext, feed: SnapshotFeed, previous: Previous, cut: SchemaCut) -> Decision:
    """What the run does with each object. Raises ClickHouseError."""
    rows = await context.entries.partition_rows()
    oldest = min((manifest.build for manifest in feed.manifests()), default=0)
    draining = worn(rows, previous.entries.values(), oldest)
    wrong = await mismatched(context.clickhouse, layouts_in(cut.states, previous.entries))
    before = (previous.manifest, previous.entries, cut.touched, draining, previous.unreadable)
    decision = decide_objects(Gathered(cut.states, *before, wrong))
    for held in decision.hold:
        _LOG.error("object_held", tenant=held.tenant, object=held.object, reason=held.reason)
    return decision
