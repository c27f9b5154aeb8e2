"""Ingest that is sent rubbish, and events from clocks that are wrong."""

from datetime import UTC, datetime, timedelta

from tests.helpers.faults import Dataset
from tests.helpers.faults_processes import until


async def test_what_is_bad_is_set_aside_until_it_is_so_much_that_a_person_must_look(dataset: Dataset) -> None:
    worker = dataset.worker(ingest__refused_ratio=0.9, ingest__refused_in_a_row=100, ingest__diverted_senders=1)
    for share in (0.01, 0.5):
        await dataset.sender.send(500, bad=share)
        before = len((await dataset.check_drained()).quarantined)
    await worker.ready()
    await dataset.sender.send(500, bad=1.0)
    await worker.degraded("too_many_refusals")
    assert len((await dataset.check()).quarantined) < before + 500

    async def resumed_to_the_end() -> bool:
        await dataset.resume(worker)
        return await dataset.drained()

    await until(resumed_to_the_end, "the end of the rubbish")
    assert len((await dataset.check_drained()).quarantined) == before + 500


async def test_the_time_of_the_broker_decides_what_is_from_the_future(dataset: Dataset) -> None:
    just_too_far = timedelta(minutes=5, seconds=1)
    for skew in (-timedelta(days=3), timedelta(minutes=4), timedelta(days=400), just_too_far):
        await dataset.sender.send(100, skew=skew)
    sent = datetime.now(UTC)

    async def no_longer_by_the_clock() -> bool:
        return datetime.now(UTC) > sent + timedelta(seconds=1)

    await until(no_longer_by_the_clock, "the time from which a reader's own clock would admit the last of them")
    dataset.worker()
    found = await dataset.check_drained()
    assert len(found.quarantined) >= 100
