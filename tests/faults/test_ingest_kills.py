"""Ingest whose process is killed: at each numbered step, and at moments that nobody chose."""

import signal

from tests.helpers.examples import examples
from tests.helpers.faults import World

ROUNDS = examples(5, 50)


async def test_a_worker_killed_between_two_steps_loses_nothing(world: World) -> None:
    await world.sender.send(1500, bad=0.1)
    for step in ("admitted", "staged", "quarantined", "committed"):
        assert await world.worker(test__failpoint=f"{step}:3").ended() == -signal.SIGKILL
        await world.check()
    world.last_worker()
    await world.check_drained()


async def test_a_worker_killed_at_any_moment_under_load_loses_nothing(world: World) -> None:
    for _ in range(ROUNDS):
        worker = world.worker()
        await world.sender.send(1000, bad=0.05)
        await world.wait_stored(await world.stored() + world.random.randrange(1, 800))
        worker.kill()
        await world.check()
    world.last_worker()
    await world.check_drained()
