"""The state of runs whose worker is gone, and which requests a run covers. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from crosslook.contracts.manifests import Manifest, Run

ABANDONED = "abandoned"


def closed(run: Run, manifest: Manifest | None) -> Run:
    """A run whose worker is gone, as it ended: published if its manifest is there, else failed as `abandoned`, at the
    last heartbeat."""
    if manifest is not None:
        ended = {"state": "published", "snapshot": manifest.snapshot, "finished_at": manifest.published_at}
        return run.model_copy(update={**ended, "progress": 1.0, "steps": manifest.steps})
    ended = {"state": "failed", "reason": ABANDONED, "finished_at": run.moved_at or run.started_at}
    return run.model_copy(update=ended)


def as_seen(run: Run, manifests: Iterable[Manifest], worker: str, now: datetime, silence_seconds: float) -> Run:
    """A run that this worker does not run, as it stands. One that has not said that it ended is closed where nobody
    runs it: its owner is `worker` itself, or has been silent for longer than `silence_seconds`."""
    silent = now - (run.moved_at or run.started_at) > timedelta(seconds=silence_seconds)
    if run.over or not (silent or run.owner == worker):
        return run
    return closed(run, next((manifest for manifest in manifests if manifest.run == run.run), None))


def covers_request(run: Run, idempotency_key: str | None) -> bool:
    """Whether a run that is under way, or was begun or joined under this key, reads all that was acknowledged before
    the request: its watermark was not frozen yet when the request came."""
    if idempotency_key is not None and idempotency_key in run.idempotency_keys:
        return idempotency_key not in run.joined_late
    return run.frozen_at is None
