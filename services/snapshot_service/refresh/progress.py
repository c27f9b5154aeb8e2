"""The progress of a run: its step, published on the snapshots topic, and the duration of each step."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from crosslook.contracts.manifests import RunState, StepTime
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import REFRESH_STEP_SECONDS
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.run_writer import RunWriter

_LOG = get_logger(__name__)
_STEPS: dict[str, tuple[RunState, float, float]] = {
    "webhooks": ("waiting", 0.0, 0.01),
    "freeze": ("waiting", 0.01, 0.02),
    "wait": ("waiting", 0.02, 0.1),
    "cut": ("building", 0.1, 0.12),
    "decide": ("building", 0.12, 0.15),
    "build": ("building", 0.15, 0.75),
    "verify": ("verifying", 0.75, 0.95),
    "publish": ("verifying", 0.95, 1.0),
}
"""By step: the run's state, and its progress at the start and at the end of the step."""


class RunProgress:
    """The progress of one run. `times`: the steps that are done."""

    def __init__(self, context: RefreshContext, writer: RunWriter) -> None:
        self._context = context
        self._writer = writer
        self.times: list[StepTime] = []

    @asynccontextmanager
    async def step(self, name: str, **more: Any) -> AsyncIterator[None]:
        """Publish that the run is at this step, with `more` about it; measure what is done within. Raises WriterFenced,
        LogUnavailable."""
        state, progress, _ = _STEPS[name]
        moved = {"state": state, "progress": progress, "steps": tuple(self.times), **more}
        now = self._context.clock.now()
        await self._writer.update(self._writer.run.model_copy(update={**moved, "moved_at": now}))
        started = perf_counter()
        yield
        seconds = perf_counter() - started
        self.times.append(StepTime(name=name, seconds=round(seconds, 6)))
        self._context.meters.observe(REFRESH_STEP_SECONDS, seconds, step=name)
        _LOG.info("refresh_step", run=self._writer.run.run, step=name, seconds=round(seconds, 3))
        self._context.failpoint(name)

    def counter(self, step: str, total: int) -> Callable[[int], None]:
        """Counts objects that are done within a step; the run's next heartbeat publishes the progress."""
        _, first, last = _STEPS[step]
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            progress = first + (last - first) * min(1.0, done / max(1, total))
            self._writer.run = self._writer.run.model_copy(update={"progress": round(progress, 3)})

        return advance
