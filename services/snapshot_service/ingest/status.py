"""The status of ingest for operators: state, partitions and rates."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crosslook.contracts.positions import Positions
from crosslook.platform.kafka import OffsetReader
from crosslook.platform.metrics import INGEST_LAG, INGEST_SECONDS_BEHIND, Meters
from services.snapshot_service.ingest.controls import Diversion
from services.snapshot_service.ingest.loop import Ingest
from services.snapshot_service.ingest.state import IngestState


async def ingest_status(ingest: Ingest, offsets: OffsetReader, now: datetime) -> dict[str, Any]:
    """The body of `GET /v1/ingest`. Raises KafkaUnavailable."""
    body = await partitions_status(ingest.state, offsets, now)
    lasts = timedelta(seconds=ingest.diversions.seconds)
    return {**body, "diverted": [_diverted(found, lasts) for found in ingest.diversions.now.diversions.values()]}


async def partitions_status(state: IngestState, offsets: OffsetReader, now: datetime) -> dict[str, Any]:
    """The state of one worker and its partitions. Raises KafkaUnavailable."""
    end, first = await offsets.end_offsets(), await offsets.beginning_offsets()
    staged = {**first, **await offsets.committed()}
    seconds = max((now - state.since).total_seconds(), 1e-3)
    return {
        "state": state.state,
        "reason": state.reason or None,
        "partitions": [_partition(p, end, staged, state.newest_ms, now) for p in sorted(end)],
        "rates": {
            "staged_per_second": round(state.staged / seconds, 3),
            "quarantined_per_second": round(state.quarantined / seconds, 3),
            "since": state.since.isoformat(timespec="seconds").replace("+00:00", "Z"),
        },
        "last_error": state.last_error,
    }


async def measure_lag(state: IngestState, offsets: OffsetReader, now: datetime, meters: Meters) -> None:
    """Set the lag gauges, also of partitions that other workers have. Raises KafkaUnavailable."""
    for described in (await partitions_status(state, offsets, now))["partitions"]:
        partition = str(described["partition"])
        meters.set(INGEST_LAG, described["lag"], partition=partition)
        behind = described["seconds_behind"]
        meters.set(INGEST_SECONDS_BEHIND, math.nan if behind is None else behind, partition=partition)


def _diverted(diversion: Diversion, lasts: timedelta) -> dict[str, Any]:
    return {
        "tenant": diversion.sender.tenant,
        "source": diversion.sender.source,
        "since": diversion.since,
        "until": diversion.since + lasts,
        "refused": diversion.refused,
        "of": diversion.of,
    }


def _partition(
    partition: int, end: Positions, staged: Positions, newest_ms: Mapping[int, int], now: datetime
) -> dict[str, Any]:
    lag = max(0, end[partition] - staged.get(partition, 0))
    newest = newest_ms.get(partition)
    behind = 0.0 if lag == 0 else None if newest is None else max(0.0, now.timestamp() - newest / 1000)
    return {
        "partition": partition,
        "end_offset": end[partition],
        "staged_offset": staged.get(partition, 0),
        "lag": lag,
        "seconds_behind": None if behind is None else round(behind, 3),
    }
