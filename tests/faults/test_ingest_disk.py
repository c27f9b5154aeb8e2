"""Ingest whose engine has no room left on its disk."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpers.faults import Dataset, Site, new_dataset
from tests.helpers.small_disk import SmallDiskEngine


@pytest.fixture
async def small(site: Site, tmp_path: Path) -> AsyncIterator[tuple[Dataset, SmallDiskEngine]]:
    """A dataset with an engine of its own, whose disk can be filled."""
    engine = SmallDiskEngine(tmp_path)
    try:
        engine.start()
        async with new_dataset(replace(site, engine=engine)) as dataset:
            yield dataset, engine
    finally:
        engine.stop()


async def test_a_full_disk_ends_the_worker_and_no_event_pays_for_it(small: tuple[Dataset, SmallDiskEngine]) -> None:
    dataset, engine = small
    worker = dataset.worker()
    await dataset.sender.send(500, bad=0.1)
    await dataset.check_drained()
    await engine.fill(dataset.store)
    await dataset.sender.send(500, bad=0.1)
    assert await worker.ended() == 1
    assert "the store answered NOT_ENOUGH_SPACE (243): environment" in worker.log()
    assert await dataset.worker().ended() == 1, "started again before there is room"
    found = await dataset.check()
    assert len(found.staged) + len(found.quarantined) == 500, "something was stored, or quarantined for want of room"
    await engine.free(dataset.store)
    dataset.last_worker()
    await dataset.check_drained()
