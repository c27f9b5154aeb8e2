"""Reads a log beside the start of a service, for a part of its work that the rest does not wait for."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from crosslook.platform.errors import StopService
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable, LogView
from crosslook.platform.logging import get_logger
from crosslook.platform.outage import Outage

_LOG = get_logger(__name__)
_RETRY_SECONDS = 5.0
_WAIT_SECONDS = 10.0


class BackgroundReader:
    """Starts a view, and tries again in the background where its log is missing, has wrong settings or cannot be
    reached: the process goes on without it. `check` raises KafkaUnavailable, or StopService where the log must not
    be read.

    `reason`: why the view cannot be relied on, for `/readyz` (`degraded`); None while it works.
    """

    def __init__(
        self,
        view: LogView,
        check: Callable[[], Awaitable[None]],
        *,
        wait_seconds: float = _WAIT_SECONDS,
        retry_seconds: float = _RETRY_SECONDS,
    ) -> None:
        self._view = view
        self._check = check
        self._task: asyncio.Task[None] | None = None
        self._failed: str | None = None
        self._tried = asyncio.Event()
        self._wait_seconds = wait_seconds
        self._retry_seconds = retry_seconds

    @property
    def reason(self) -> str | None:
        """Names the log, and what it waits for."""
        if self._view.ready:
            return None
        return f"{self._view.topic}: {self._failed or self._view.failure or f'reading, at {self._view.position}'}"

    async def start(self) -> None:
        """Returns once the log is read to its end; where that fails or takes long, it continues in the background."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"start to read {self._view.topic}")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._wait_seconds):
                await self._tried.wait()

    async def stop(self) -> None:
        """Stop reading. Safe to call twice."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._view.stop()

    async def _run(self) -> None:
        outage = Outage("log_start_waits", topic=self._view.topic)
        while (failure := await self._attempt()) is not None:
            self._failed = failure
            self._tried.set()
            outage.failed(failure)
            await asyncio.sleep(self._retry_seconds)
        self._failed = None
        self._tried.set()
        outage.worked()

    async def _attempt(self) -> str | None:
        """Why the log cannot be read; None once it is."""
        try:
            await self._check()
            await self._view.start()
        except (KafkaUnavailable, LogUnavailable, StopService) as error:
            return str(error)
        except Exception:  # nobody waits for this task: without it the log would stay unread without a word
            _LOG.exception("log_start_failed", topic=self._view.topic)
            return "start_failed"
        return None
