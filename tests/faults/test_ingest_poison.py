"""Ingest that is sent rubbish, and events from clocks that are wrong."""

from datetime import UTC, datetime, timedelta

from tests.helpers.faults import World
from tests.helpers.faults_processes import until


async def test_what_is_bad_is_quarantined_and_what_is_good_goes_on(world: World) -> None:
    worker = world.worker(ingest__refused_ratio=0.9)
    for share in (0.01, 0.5):
        before = len(world.sender.history.attempted)
        await world.sender.send(1000, bad=share)
        found = await world.check_drained()
        assert len(found.staged) + len(found.quarantined) == before + 1000
    await worker.ready()


async def test_a_topic_of_rubbish_stops_ingest_until_a_person_has_looked(world: World) -> None:
    await world.sender.send(500)
    worker = world.worker(ingest__refused_in_a_row=100)
    await world.check_drained()
    await world.sender.send(1000, bad=1.0)
    await worker.unready("too_many_refusals")
    found = await world.check()
    assert len(found.quarantined) < 1000

    async def resumed_to_the_end() -> bool:
        await world.resume(worker)
        return await world.drained()

    await until(resumed_to_the_end, "the end of the rubbish")
    assert len((await world.check_drained()).quarantined) == 1000


async def test_the_time_of_the_broker_decides_what_is_from_the_future(world: World) -> None:
    just_too_far = timedelta(minutes=5, seconds=1)
    for skew in (-timedelta(days=3), timedelta(minutes=4), timedelta(days=400), just_too_far):
        await world.sender.send(100, skew=skew)
    sent = datetime.now(UTC)

    async def no_longer_by_the_clock() -> bool:
        return datetime.now(UTC) > sent + timedelta(seconds=1)

    await until(no_longer_by_the_clock, "the time from which a reader's own clock would admit the last of them")
    world.worker()
    found = await world.check_drained()
    assert len(found.quarantined) >= 100
