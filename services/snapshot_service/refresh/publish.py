"""Step 7 of a refresh: write the entries, then the manifest, which makes the snapshot current."""

from crosslook.contracts.manifests import Manifest
from services.snapshot_service.domain.publication import (
    Previous,
    RunOutcome,
    snapshot_entries,
    snapshot_id,
    snapshot_manifest,
)
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.progress import RunProgress
from services.snapshot_service.refresh.run_writer import RunWriter


async def publish(
    context: RefreshContext, writer: RunWriter, outcome: RunOutcome, previous: Previous, progress: RunProgress
) -> Manifest:
    """A crash before the manifest leaves entries that no manifest names. Raises ClickHouseError, LogUnavailable,
    WriterFenced."""
    async with progress.step("publish"):
        entries = snapshot_entries(outcome, previous)
        await context.entries.write(snapshot_id(outcome, writer.run), entries)
    manifest = snapshot_manifest(outcome, previous, entries, writer.run, context.clock.now(), progress.times)
    identity = context.consistency.identity
    manifest = manifest.model_copy(update={"database": identity.database, "kafka": identity.kafka})
    await writer.publish(manifest)
    context.failpoint("switch")
    return manifest
