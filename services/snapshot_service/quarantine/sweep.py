"""Deletes resolved and old events from the quarantine, payload included, once an hour."""

import asyncio

from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.clock import Clock
from crosslook.platform.outage import Outage
from services.snapshot_service.quarantine.store import QuarantineStore

_EVERY_SECONDS = 3600.0


async def sweep_hourly(store: QuarantineStore, clock: Clock) -> None:
    """Sweep now and once an hour, until cancelled. A store that is away is tried again an hour later."""
    outage = Outage("quarantine_sweep_waits")
    while True:
        try:
            await store.sweep(clock.now())
            outage.worked()
        except ClickHouseError as error:
            outage.failed(error.name)
        await asyncio.sleep(_EVERY_SECONDS)
