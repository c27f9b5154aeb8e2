"""Repeats an effect until it is durable, or stops the service where repeating cannot help."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.metrics import WEBHOOK_RETRIES, Meters
from crosslook.platform.outage import Outage
from services.snapshot_service.consistency.check import Inconsistent
from services.snapshot_service.ingest.insertion import Gate
from services.snapshot_service.store_errors import ErrorClass, classify

_LONGEST_PAUSE = 30.0
T = TypeVar("T")


class Effects:
    """One effect at a time. While it waits nothing is acknowledged, and Faust keeps the member in its group.

    `gate`: whether the store may be written to. `waits_for`: why the work does not go on, None while it does.
    `failure`: why it has stopped for good.
    """

    def __init__(self, gate: Gate, retry_seconds: float, meters: Meters) -> None:
        self._gate = gate
        self._retry_seconds = retry_seconds
        self._meters = meters
        self._outage = Outage("webhooks_wait")
        self.waits_for: str | None = None
        self.failure: str | None = None

    async def done(self, do: Callable[[], Awaitable[T]]) -> T:
        """Do it, again after each failure that may pass; `do` must be harmless when repeated. Raises StopService."""
        pause = self._retry_seconds
        while True:
            try:
                await self._gate.require()
                answer = await do()
            except (KafkaUnavailable, LogUnavailable, Inconsistent) as error:
                reason = f"{type(error).__name__}: {error}"
            except ClickHouseError as error:
                if classify(error) is not ErrorClass.RETRY:
                    self.failure = f"the store answered {error.name} ({error.code})"
                    raise StopService(self.failure) from error
                if error.code is None:
                    self._gate.doubt()
                reason = error.name
            else:
                self._worked()
                return answer
            self.waits_for = reason
            self._outage.failed(reason)
            self._meters.add(WEBHOOK_RETRIES)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _worked(self) -> None:
        if self.waits_for is not None:
            self.waits_for = None
            self._outage.worked()
