"""Ingest that is frozen, as a paused machine is, until the group has given its partitions to somebody else."""

import asyncio

from tests.helpers.faults import Dataset

SESSION_SECONDS = 6
"""The least that brokers take by default."""


async def test_a_worker_that_slept_past_its_session_spoils_nothing_when_it_wakes(dataset: Dataset) -> None:
    sleeper, heir = (dataset.worker(name, ingest__session_seconds=SESSION_SECONDS) for name in ("one", "two"))
    await asyncio.gather(sleeper.ready(), heir.ready())
    await dataset.sender.send(500, bad=0.05)
    await dataset.wait_stored(dataset.random.randrange(50, 400))
    sleeper.freeze()
    await dataset.check()
    await dataset.sender.send(500, bad=0.05)
    await dataset.check_drained()  # the heir has taken over
    sleeper.thaw()
    await dataset.sender.send(500, bad=0.05)
    await dataset.check_drained()
    await sleeper.ready()
    await dataset.check_drained()
