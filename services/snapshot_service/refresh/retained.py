"""Restoring and pinning retained snapshots. Both take over the one writer of the snapshots topic."""

from crosslook.contracts.manifests import PIN_PREFIX, Manifest
from crosslook.platform.feeds import SnapshotFeed
from services.snapshot_service.refresh.claim import OpenWriter


async def restore(open_writer: OpenWriter, snapshot: str) -> Manifest | None:
    """Make a retained snapshot current again by appending its manifest once more; None when it is not retained.

    The next refresh starts from it and from its watermark. Raises LogUnavailable, WriterFenced.
    """
    store = open_writer()
    try:
        await store.start()
        manifest = SnapshotFeed(store).manifest(snapshot)
        if manifest is not None:
            await store.put(manifest.key, manifest.encode())
        return manifest
    finally:
        await store.stop()


async def pin(open_writer: OpenWriter, snapshot: str, *, pinned: bool) -> Manifest | None:
    """Have a retained snapshot kept whatever its age, or no longer; None when it is not retained.

    Raises LogUnavailable, WriterFenced.
    """
    store = open_writer()
    try:
        await store.start()
        feed = SnapshotFeed(store)
        manifest = feed.manifest(snapshot)
        if manifest is not None and pinned != (snapshot in feed.pins()):
            await store.put(f"{PIN_PREFIX}{snapshot}", b"{}" if pinned else None)
        return manifest
    finally:
        await store.stop()
