"""Whether a refresh is due, also after a missed cron tick (R1). Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from crosslook.contracts.manifests import Manifest, Run

LONGEST_PAUSE = timedelta(minutes=15)


def due_now(
    last_due: datetime | None, manifest: Manifest | None, runs: Iterable[Run], now: datetime, retry_seconds: float
) -> bool:
    """Whether the scheduled instant `last_due` (the latest up to now, None for none) still wants its refresh.

    A snapshot frozen at or after that instant covers it, whoever requested it; several missed days are one run. After a
    failure the next attempt waits `retry_seconds`, doubled with each further failure up to 15 minutes.
    """
    if last_due is None or (manifest is not None and manifest.as_of >= last_due):
        return False
    failures = [run.finished_at for run in runs if run.state == "failed" and run.started_at >= last_due]
    ended = [at for at in failures if at is not None]
    if not ended:
        return True
    pause = min(timedelta(seconds=retry_seconds) * 2 ** min(len(ended) - 1, 16), LONGEST_PAUSE)
    return bool(now >= max(ended) + pause)


def overdue_seconds(last_due: datetime | None, manifest: Manifest | None, now: datetime) -> float:
    """For how long the scheduled instant `last_due` has had no snapshot that covers it; 0 where it has one."""
    if last_due is None or (manifest is not None and manifest.as_of >= last_due):
        return 0.0
    return (now - last_due).total_seconds()


def under_way(runs: Iterable[Run], manifests: Iterable[Manifest], now: datetime, silence_seconds: float) -> Run | None:
    """The current run: not over, not published, and with a heartbeat within `silence_seconds`."""
    published = {manifest.run for manifest in manifests}
    for run in runs:
        alive = now - (run.moved_at or run.started_at) <= timedelta(seconds=silence_seconds)
        if not run.over and run.run not in published and alive:
            return run
    return None
