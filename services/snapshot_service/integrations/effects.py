"""Repeats an effect until it is durable, or stops the service where repeating cannot help."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Any, TypeVar

from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.metrics import WEBHOOK_RETRIES, WEBHOOK_STEP_SECONDS, Meters
from crosslook.platform.outage import Outage
from services.snapshot_service.consistency.check import Inconsistent
from services.snapshot_service.ingest.insertion import Gate
from services.snapshot_service.store_errors import ErrorClass, classify

_LONGEST_PAUSE = 30.0
T = TypeVar("T")


class Effects:
    """While an effect waits nothing that depends on it is acknowledged, and Faust keeps the member in its group.

    `gate`: whether the store may be written to. `failure`: why the work has stopped for good.
    """

    def __init__(self, gate: Gate, retry_seconds: float, meters: Meters) -> None:
        self._gate = gate
        self._retry_seconds = retry_seconds
        self._meters = meters
        self._outage = Outage("webhooks_wait")
        self._waiting: dict[object, str] = {}
        self.failure: str | None = None

    @property
    def waits_for(self) -> str | None:
        """Why the work waits; None while it does not."""
        return next(iter(self._waiting.values()), None)

    async def done(self, step: str, do: Callable[[], Awaitable[T]]) -> T:
        """Do it, again after each failure that may pass; `do` must be harmless when repeated. `step`: what it is called
        in the metrics. Raises StopService."""
        began, attempts, pause = monotonic(), object(), self._retry_seconds
        try:
            while True:
                try:
                    await self._gate.require()
                    answer = await do()
                except (KafkaUnavailable, LogUnavailable, Inconsistent) as error:
                    reason = f"{type(error).__name__}: {error}"
                except ClickHouseError as error:
                    reason = self._passing(error)
                else:
                    self._worked(attempts)
                    return answer
                self._waiting[attempts] = reason
                self._outage.failed(reason)
                self._meters.add(WEBHOOK_RETRIES)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            self._waiting.pop(attempts, None)
            self.took(step, monotonic() - began)

    def took(self, step: str, seconds: float) -> None:
        """Note how long a step took."""
        self._meters.observe(WEBHOOK_STEP_SECONDS, seconds, step=step)

    def _passing(self, error: ClickHouseError) -> str:
        """The name of an error that may pass. Raises StopService for another one."""
        if classify(error) is not ErrorClass.RETRY:
            self.failure = f"the store answered {error.name} ({error.code})"
            raise StopService(self.failure) from error
        if error.code is None:
            self._gate.doubt()
        return error.name

    def _worked(self, attempts: object) -> None:
        if self._waiting.pop(attempts, None) is not None and not self._waiting:
            self._outage.worked()


async def side_by_side(*effects: Coroutine[Any, Any, None]) -> None:
    """Return once all are done. The first exception ends the others and is raised."""
    tasks = [asyncio.create_task(effect) for effect in effects]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        raise
