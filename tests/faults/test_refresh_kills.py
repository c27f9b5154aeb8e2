"""Refreshes whose process, engine or broker is killed, two at once, and one that wakes up too late."""

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest

from tests.helpers.examples import NIGHTLY
from tests.helpers.faults import Dataset
from tests.helpers.faults_processes import WorkerProcess, until
from tests.helpers.faults_refresh import Refreshes, running_refreshes, stands_still

STEPS = (
    "claim freeze wait cut decide contacts build verify publish switch end rows tidy"
    if NIGHTLY
    else "build publish end"
).split()
"""A kill after each of these steps."""
BEFORE_THE_SWITCH = STEPS[: STEPS.index("publish") + 1]


@pytest.fixture
async def refreshes(dataset: Dataset) -> AsyncIterator[Refreshes]:
    """A dataset in which somebody reads all the time."""
    async with running_refreshes(dataset) as running:
        yield running


async def test_a_refresh_killed_after_any_step_leaves_a_snapshot_that_serves_and_the_next_run_right(
    refreshes: Refreshes,
) -> None:
    await refreshes.send()
    for step in (*STEPS, None):
        worker = refreshes.worker(**{} if step is None else {"test__failpoint": f"{step}:2"})
        await worker.ready()
        before = await refreshes.refresh(worker)
        if step is not None:
            await refreshes.send()
            await refreshes.ask(worker)
            assert await worker.ended() == -signal.SIGKILL
            shown = await refreshes.shown()
            assert (shown == refreshes.round) == (step not in BEFORE_THE_SWITCH)
            assert (refreshes.current() == before) == (step in BEFORE_THE_SWITCH)


async def test_an_engine_killed_between_two_statements_of_a_build_fails_the_run_and_nothing_else(
    refreshes: Refreshes,
) -> None:
    worker = await _frozen(refreshes, "contacts:2:stop")
    refreshes.away = True
    refreshes.dataset.site.engine.kill()
    refreshes.dataset.site.engine.start()
    refreshes.away = False
    worker.thaw()
    await _settled(refreshes, worker)
    # Be it that a connection broke, be it that the index of contacts, which lay in memory, was missed.
    assert [run.state for run in refreshes.feed.runs()] == ["published", "failed", "published"]


async def test_a_broker_killed_before_the_switch_leaves_one_snapshot_or_the_other(refreshes: Refreshes) -> None:
    worker = await _frozen(refreshes, "publish:2:stop")
    refreshes.dataset.site.broker.kill()
    worker.thaw()
    await refreshes.dataset.site.broker.start()
    await _settled(refreshes, worker)


async def test_of_two_workers_asked_at_once_one_refreshes(refreshes: Refreshes) -> None:
    workers = [refreshes.worker(name) for name in ("one", "two")]
    await asyncio.gather(*(worker.ready() for worker in workers))
    for _ in range(2):
        await refreshes.send()
        asked = await asyncio.gather(*(refreshes.ask(worker) for worker in workers))
        runs = {run["run"] for run in asked if "run" in run}
        states = [(await refreshes.ended(workers[0], run))["state"] for run in runs]
        assert "published" in states
    assert await refreshes.shown() == refreshes.round
    sequences = [manifest.sequence for manifest in refreshes.feed.manifests()]
    assert sequences == list(range(1, len(sequences) + 1))
    await refreshes.refresh(workers[1])


async def test_a_refresher_that_wakes_up_after_another_has_published_fails(refreshes: Refreshes) -> None:
    sleeper = refreshes.worker("one", test__failpoint="publish:1:stop")
    heir = refreshes.worker("two")
    await asyncio.gather(sleeper.ready(), heir.ready())
    await refreshes.send()
    await refreshes.dataset.wait_stored(1)
    run = await refreshes.ask(sleeper)
    await _stopped(sleeper)
    await until(lambda: _takes_over(refreshes, heir, run["run"]), "the heir's own run")
    published = await refreshes.refresh(heir)
    sleeper.thaw()
    await until(lambda: _logged(sleeper, "run_fenced"), "the sleeper's failure")
    await refreshes.feed.view.catch_up()
    assert refreshes.current() == published
    abandoned = refreshes.feed.run(run["run"])
    assert abandoned is not None
    assert (abandoned.state, abandoned.reason) == ("failed", "abandoned")
    await refreshes.refresh(heir)


async def _takes_over(refreshes: Refreshes, heir: WorkerProcess, run: str) -> bool:
    asked = await refreshes.ask(heir)
    if asked.get("run") in (None, run):
        return False
    await refreshes.ended(heir, asked["run"])
    return True


async def _logged(worker: WorkerProcess, text: str) -> bool:
    return text in worker.log()


async def _frozen(refreshes: Refreshes, failpoint: str) -> WorkerProcess:
    """A worker in the midst of its second refresh, which stands still."""
    await refreshes.send()
    worker = refreshes.worker(test__failpoint=failpoint)
    await worker.ready()
    await refreshes.refresh(worker)
    await refreshes.send()
    await refreshes.ask(worker)
    await _stopped(worker)
    return worker


async def _stopped(worker: WorkerProcess) -> None:
    async def stands() -> bool:
        return stands_still(worker)

    await until(stands, "the worker's standstill")


async def _settled(refreshes: Refreshes, worker: WorkerProcess) -> None:
    """The run under way ends, well or not, and the next is right. A run that cannot write that it failed is shown as
    failed all the same; its document is closed at the next claim."""
    await worker.ready()
    await refreshes.feed.view.catch_up()
    for run in refreshes.feed.runs():
        await refreshes.ended(worker, run.run)
    assert await refreshes.shown() in (refreshes.round - 1, refreshes.round)
    await refreshes.refresh(worker)
