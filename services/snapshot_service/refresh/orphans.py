"""Patches whose record did not come within the horizon: out of the snapshot and of staging, into quarantine."""

from collections.abc import Sequence

from crosslook.contracts.manifests import Run
from crosslook.contracts.records import Quarantined
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import INGEST_QUARANTINED
from services.snapshot_service.domain.orphans import orphan
from services.snapshot_service.domain.patching import expired_statement
from services.snapshot_service.refresh.builder import Builds
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.run_statements import RunStatements, object_key

_LOG = get_logger(__name__)


async def expired_patches(statements: RunStatements, builds: Builds) -> list[Quarantined]:
    """Patches that the builds left out, because they waited a horizon long and their record did not come; not those of
    an object that failed, which keeps them with its previous rows. Raises ClickHouseError."""
    found: list[Quarantined] = []
    for built in builds.done:
        first, source = built.group[0], built.group[0].source
        waiting = any(rebuild.previous is not None and rebuild.previous.waiting for rebuild in built.group)
        if source is None or not waiting:
            continue
        parameters = statements.parameters(built.build, first)
        rows = (await statements.query(expired_statement(first.layout, source), parameters)).dicts()
        left_out = [row for row in rows if object_key(row["tenant"], row["object"]) not in builds.failures]
        found += [orphan(row, source, statements.window.late_days) for row in left_out]
    return found


async def quarantine_orphans(context: RefreshContext, run: Run, orphans: Sequence[Quarantined]) -> None:
    """Move these patches out of staging: a replay of them must not count as a repeat. Raises ClickHouseError.

    A run that dies afterwards leaves nothing wrong: the next one starts from the same rows, leaves the same patches
    out, and finds them in quarantine.
    """
    if orphans:
        await context.staging.quarantine(orphans, f"orphans-{run.build}")
        await context.staging.withdraw([orphaned.address for orphaned in orphans])
        context.meters.add(INGEST_QUARANTINED, len(orphans), code="orphan_patch")
        _LOG.warning("patches_orphaned", run=run.run, patches=len(orphans))
