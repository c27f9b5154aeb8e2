"""Writes a claimed run's documents to the snapshots topic."""

from datetime import datetime

from crosslook.contracts.manifests import EXPIRED_PREFIX, Expiry, Manifest, Run
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.log_store.protocol import LogStore, LogUnreadable


class RunWriter:
    """Writes about one claimed run. Every write raises WriterFenced once another run was claimed."""

    def __init__(self, store: LogStore, run: Run) -> None:
        self._store = store
        self.run = run
        self.feed = SnapshotFeed(store)

    async def update(self, run: Run) -> None:
        """Publish how far the run is. Raises WriterFenced, LogUnavailable."""
        self.run = run
        await self._store.put(run.key, run.encode())

    async def publish(self, manifest: Manifest) -> None:
        """Publish the snapshot with one message, which makes it current. Raises WriterFenced, LogUnavailable."""
        await self._store.put(manifest.key, manifest.encode(), expected_version=0)

    async def forget(self, manifest: Manifest, now: datetime) -> None:
        """Expire a snapshot: no new query can use it, and its grace period begins. Raises
        WriterFenced, LogUnavailable."""
        await self._store.put(f"{EXPIRED_PREFIX}{manifest.snapshot}", Expiry(at=now).encode())
        await self._store.put(manifest.key, None)

    async def dropped(self, snapshot: str) -> None:
        """Note that the rows of an expired snapshot are gone. Raises WriterFenced, LogUnavailable."""
        await self._store.put(f"{EXPIRED_PREFIX}{snapshot}", None)

    async def require_readable(self) -> None:
        """Read to the end of the topic. Raises LogUnreadable while any manifest or run on it cannot be read: nobody
        knows then which rows a snapshot names. Raises LogUnavailable."""
        await self._store.catch_up()
        if self._store.unreadable:
            raise LogUnreadable(f"{self._store.topic}: {self._store.failure}")

    async def close(self) -> None:
        """Stop writing; the next claim starts a writer of its own."""
        await self._store.stop()
