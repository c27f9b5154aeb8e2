"""Ingest whose process is killed: at each numbered step, and at moments that nobody chose."""

import signal

from tests.helpers.examples import examples
from tests.helpers.faults import Dataset

ROUNDS = examples(5, 50)


async def test_a_worker_killed_between_two_steps_loses_nothing(dataset: Dataset) -> None:
    await dataset.sender.send(1500, bad=0.1)
    for step in ("admitted", "staged", "quarantined", "committed"):
        assert await dataset.worker(test__failpoint=f"{step}:3").ended() == -signal.SIGKILL
        await dataset.check()
    dataset.last_worker()
    await dataset.check_drained()


async def test_a_worker_killed_at_any_moment_under_load_loses_nothing(dataset: Dataset) -> None:
    for _ in range(ROUNDS):
        worker = dataset.worker()
        await dataset.sender.send(1000, bad=0.05)
        await dataset.wait_stored(await dataset.stored() + dataset.random.randrange(1, 800))
        worker.kill()
        await dataset.check()
    dataset.last_worker()
    await dataset.check_drained()
