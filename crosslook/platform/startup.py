"""How a service starts and stops: in steps, behind the open port, so that `/readyz` names the step it waits for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crosslook.platform.clickhouse_errors import ClickHouseError
from crosslook.platform.errors import AppError, StartBlocked, StopService, Unavailable
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable, LogView
from crosslook.platform.logging import get_logger
from crosslook.platform.outage import Outage
from crosslook.platform.writer_client import FORWARDED, NOT_THE_WRITER

_LOG = get_logger(__name__)
_RETRY_SECONDS = 1.0
_WAIT_SECONDS = 8.0
"""How long a call waits for the end of the start. Vendors give a webhook 10 seconds."""
_LOOK_SECONDS = 0.05
_API = "/v1/"


class StartStep(NamedTuple):
    """A step of the start. `work` is tried again while Kafka or ClickHouse is away, after `stop`, which also ends the
    step at shutdown; it must be safe to call twice and before the start."""

    name: str
    work: Callable[[], Awaitable[object]]
    stop: Callable[[], Awaitable[None]] | None = None


def reading_of(view: LogView) -> StartStep:
    """Read a log to its end, and follow it."""
    return StartStep(f"reading {view.topic}", view.start, view.stop)


class Startup:
    """The start in steps, each tried until what it needs is there. `waiting_for` names the step under way; None before
    the start and when all steps are done. `failure` is why the start ended before that: the process must end then
    (`process.watch`).

    `closing`: what is closed after the steps have stopped.
    """

    def __init__(self, steps: Sequence[StartStep], closing: Sequence[Callable[[], Awaitable[None]]] = ()) -> None:
        self._steps = steps
        self._closing = closing
        self._over = asyncio.Event()
        self._retries = False
        self.waiting_for: str | None = None
        self.failure: str | None = None

    def unready(self) -> str | None:
        """Why the service cannot answer yet; None when all steps are done."""
        return f"starting: {self.waiting_for}" if self.waiting_for is not None else None

    @asynccontextmanager
    async def lifespan(self, app: object) -> AsyncIterator[None]:
        """Start in the background; stop in reverse order, each step even where another one's stop fails."""
        self.waiting_for = self._steps[0].name
        starting = asyncio.create_task(self._run(), name="start")
        try:
            yield
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            async with AsyncExitStack() as stack:
                for close in reversed(self._closing):
                    stack.push_async_callback(close)
                for step in self._steps:
                    if step.stop is not None:
                        stack.push_async_callback(step.stop)

    async def done(self) -> None:
        """Wait until all steps are done. Raises StopService with the reason where the start has failed."""
        await self._over.wait()
        if self.failure is not None:
            raise StopService(self.failure)

    async def soon(self, seconds: float) -> bool:
        """Wait for the end of the start; returns whether all steps are done. Waits no longer than so many seconds, and
        not while a step has failed and is tried again."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        while self.waiting_for is not None and not self._retries and not self._over.is_set() and clock() < deadline:
            await asyncio.sleep(_LOOK_SECONDS)
        return self.waiting_for is None

    async def _run(self) -> None:
        try:
            for step in self._steps:
                await self._do(step)
            self.waiting_for = None
        except StopService as error:
            self.failure = str(error)
        except Exception:
            _LOG.exception("start_failed")
            self.failure = "start_failed"
        self._over.set()

    async def _do(self, step: StartStep) -> None:
        """Raises StopService where waiting cannot help."""
        self.waiting_for = step.name
        outage = Outage("start_waits", step=step.name)
        while True:
            try:
                await step.work()
                outage.worked()
                self._retries = False
                return
            except (KafkaUnavailable, LogUnavailable) as error:
                outage.failed(str(error))
            except ClickHouseError as error:
                outage.failed(error.name)
            except StartBlocked as error:
                # The process stays: to end would be a crash loop that says less.
                self.waiting_for = f"{step.name}: {error}"
                outage.failed(str(error))
            self._retries = True
            if step.stop is not None:
                await step.stop()
            await asyncio.sleep(_RETRY_SECONDS)


class StartGate:
    """Holds calls of the API until the start is done, and refuses them where that takes too long: the service would
    answer from what it has not read yet. So a restart behind a load balancer fails no call. A replica that passed the
    call on is answered at once that nothing was written. `refuse` renders a refusal."""

    def __init__(self, app: ASGIApp, startup: Startup, refuse: Callable[[Request, AppError], Response]) -> None:
        self._app = app
        self._startup = startup
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._startup.waiting_for is None or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        forwarded = any(name == FORWARDED for name, _ in scope["headers"])
        if not forwarded and await self._startup.soon(_WAIT_SECONDS):
            await self._app(scope, receive, send)
            return
        headers = {NOT_THE_WRITER.decode(): "true"} if forwarded else {}
        await self._refuse(Request(scope), Unavailable("starting", headers=headers))(scope, receive, send)
