"""Two workers that were given the same name."""

from tests.helpers.faults import Dataset

SESSION_SECONDS = 6
"""A short session has a quick heartbeat, which is what the older one finds out by."""


async def test_of_two_workers_with_one_name_the_older_one_ends_and_says_why(dataset: Dataset) -> None:
    older = dataset.worker("one", ingest__session_seconds=SESSION_SECONDS)
    await older.ready()
    await dataset.sender.send(500, bad=0.1)
    younger = dataset.worker("one", ingest__session_seconds=SESSION_SECONDS)
    assert await older.ended() == 1
    assert "joined the group" in older.log()
    assert "under our name 'one'" in older.log()
    await dataset.sender.send(500, bad=0.1)
    await dataset.check_drained()
    await younger.ready()
