"""One process of the stack, and its keeper, which restarts it when it dies and stops it on request."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crosslook.local.folder import ChildState, tail
from crosslook.local.messages import CommandRefused
from crosslook.local.processes import ProcessIdentity, bound_to_us, identify
from crosslook.local.restarts import Restarts

CANNOT_START = -1
"""The status of a child that could not be started at all: no space for its log, no process to be had."""
LOG_MAX_BYTES = 32 * 1024 * 1024
"""A larger log is put aside before the next start, as `<name>.log.1`."""
FATAL_DEATHS = 3
"""So many deaths before it was ever ready mean that starting it is hopeless."""


@dataclass(frozen=True, slots=True)
class Child:
    """What is started. `why_unready` answers None once it can do its work. `stop_seconds`: patience before SIGKILL."""

    name: str
    url: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    why_unready: Callable[[], Awaitable[str | None]]
    stop_seconds: float = 15
    start_seconds: float = 90


Report = Callable[..., None]
"""Says a catalogued sentence: its key, then its values."""


class Keeper:
    """Keeps one child running from `start` to `stop`. `changed` is called with every new state and must not raise."""

    def __init__(self, child: Child, report: Report, changed: Callable[[ChildState], None]) -> None:
        self.child = child
        self._report = report
        self._changed = changed
        self._restarts = Restarts()
        self._process: asyncio.subprocess.Process | None = None
        self._identity: ProcessIdentity | None = None
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> asyncio.Task[None]:
        """Begin; `ready` says when the child is of use. The caller watches the task: it ends with an exception only
        where the keeper itself has a fault, and then nobody starts the child again."""
        self._task = asyncio.create_task(self._keep(), name=f"keep-{self.child.name}")
        return self._task

    async def ready(self) -> None:
        """Returns once the child is ready. Raises CommandRefused, with the end of its log, when it dies or is late."""
        child, deadline = self.child, time.monotonic() + self.child.start_seconds
        while True:
            reason = await child.why_unready() if self._identity is not None else "starting"
            if reason is None:
                self._report("ready", name=child.name, url=child.url)
                return
            shown = {"name": child.name, "log": str(child.log), "tail": tail(child.log)}
            if self._restarts.total >= FATAL_DEATHS:
                raise CommandRefused("child_died", times=self._restarts.total, **shown)
            if time.monotonic() > deadline:
                raise CommandRefused("child_late", seconds=round(child.start_seconds), reason=reason, **shown)
            await asyncio.sleep(0.1)

    def hurry(self) -> None:
        """Kill it at once; `stop` then returns soon."""
        if self._identity is not None:
            self._identity.send(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, then after `stop_seconds` SIGKILL; returns when it is gone."""
        self._stopping.set()
        process, task = self._process, self._task
        if task is None:
            return
        if process is not None and process.returncode is None and self._identity is not None:
            self._report("stopping", name=self.child.name)
            self._identity.send(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self.child.stop_seconds)
            except TimeoutError:
                self._report("killed", name=self.child.name, seconds=round(self.child.stop_seconds))
                self._identity.send(signal.SIGKILL)
        await task

    async def _keep(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                status = await self._run_once()
            except OSError as error:  # a full disk, no process or descriptor to be had: all of them may pass
                status = CANNOT_START
                self._report("cannot_start", name=self.child.name, reason=error.strerror or type(error).__name__)
            if self._stopping.is_set():
                break
            self._restarts = self._restarts.died(time.monotonic() - began)
            delay = self._restarts.delay_seconds
            self._tell(None)
            self._report("died", name=self.child.name, status=status, seconds=f"{delay:g}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)
        self._tell(None)

    async def _run_once(self) -> int:
        put_aside(self.child.log)
        with self.child.log.open("ab", buffering=0) as log:
            with contextlib.suppress(OSError):  # a full disk must not keep the child from starting
                log.write(f"--- {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode())
            self._process = await asyncio.create_subprocess_exec(
                *bound_to_us(list(self.child.command)),
                env=dict(self.child.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._tell(identify(self._process.pid))
        if self._stopping.is_set() and self._identity is not None:
            self._identity.send(signal.SIGTERM)
        return await self._process.wait()

    def _tell(self, identity: ProcessIdentity | None) -> None:
        self._identity = identity
        pid, began = (identity.pid, identity.began) if identity is not None else (None, "")
        self._changed(ChildState(self.child.name, self.child.url, pid, began, self._restarts.total))


def put_aside(log: Path, max_bytes: int = LOG_MAX_BYTES) -> None:
    """Rename a log that has grown too large to `<name>.log.1`, in place of the one before. Raises OSError."""
    if log.exists() and log.stat().st_size > max_bytes:
        log.replace(log.with_suffix(".log.1"))
