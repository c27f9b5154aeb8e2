"""Ingest that is frozen, as a paused machine is, until the group has given its partitions to somebody else."""

from tests.helpers.faults import World

SESSION_SECONDS = 6
"""The least that brokers take by default."""


async def test_a_worker_that_slept_past_its_session_spoils_nothing_when_it_wakes(world: World) -> None:
    sleeper = world.worker("sleeper", ingest__session_seconds=SESSION_SECONDS)
    await sleeper.ready()
    await world.sender.send(1000, bad=0.05)
    await world.wait_stored(world.random.randrange(100, 900))
    sleeper.freeze()
    await world.check()
    world.worker("heir", ingest__session_seconds=SESSION_SECONDS)
    await world.sender.send(1000, bad=0.05)
    await world.check_drained()
    sleeper.thaw()
    await world.sender.send(1000, bad=0.05)
    await world.check_drained()
    await sleeper.ready()
    await world.check_drained()
