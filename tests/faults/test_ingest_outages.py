"""Ingest whose broker or engine dies and comes back, or whose way to the engine breaks in the middle of an answer."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from crosslook.platform.logging import LIBRARIES
from tests.helpers.faults import Dataset, Site, new_dataset
from tests.helpers.proxy import Proxy, running_proxy

INSERT = b"insert_deduplication_token"
"""What only requests that insert events hold."""


@pytest.fixture
async def proxied(site: Site) -> AsyncIterator[tuple[Dataset, Proxy]]:
    """A dataset whose workers reach the engine through a proxy."""
    async with running_proxy(site.engine.port) as (proxy, port), new_dataset(site, port) as dataset:
        yield dataset, proxy


async def test_a_broker_killed_under_load_and_started_again_costs_nothing(dataset: Dataset) -> None:
    worker = dataset.worker()
    await worker.ready()
    sending = asyncio.create_task(dataset.sender.send(2000, bad=0.02))
    await dataset.wait_stored(dataset.random.randrange(100, 1000))
    dataset.site.broker.kill()
    await dataset.site.broker.start()
    await sending
    await dataset.check_drained()
    assert worker.lives


async def test_a_worker_whose_broker_is_away_logs_a_handful_of_lines(dataset: Dataset) -> None:
    worker = dataset.worker()
    await worker.ready()
    before = len(worker.log().splitlines())
    dataset.site.broker.kill()
    await worker.unready("broker_unreachable")
    await dataset.site.broker.start()
    await worker.ready()
    lines = [json.loads(line) for line in worker.log().splitlines()[before:]]
    libraries = Counter(str(line["logger"]).partition(".")[0] for line in lines)
    assert all(libraries[library] <= 1 for library in LIBRARIES), libraries
    assert {line["service"] for line in lines} == {"snapshot_service"}
    said = Counter((line["event"], line.get("topic")) for line in lines if line["logger"].startswith("crosslook."))
    assert said, libraries
    assert set(said.values()) == {1}, said  # an outage's begin and its end, once for each thing that is out of reach


async def test_an_engine_killed_under_load_and_started_again_costs_nothing(dataset: Dataset) -> None:
    worker = dataset.worker()
    await worker.ready()
    sending = asyncio.create_task(dataset.sender.send(2000, bad=0.02))
    await dataset.wait_stored(dataset.random.randrange(100, 1000))
    dataset.site.engine.kill()
    try:
        await sending
        await dataset.sender.send(100)  # whatever was stored before, this waits
        await worker.degraded("paused")
    finally:
        dataset.site.engine.start()
    await dataset.check_drained()
    await worker.ready()


async def test_an_answer_cut_inside_leaves_each_row_once(proxied: tuple[Dataset, Proxy]) -> None:
    dataset, proxy = proxied
    await dataset.worker().ready()
    for after in (0, 1, 40):
        proxy.cut_request, proxy.cut_after, proxy.cuts_left = INSERT, after, 2
        await dataset.sender.send(300, bad=0.1)
        found = await dataset.check_drained()
        assert found.repeats == 0  # the same rows under the same token are one insert
    assert proxy.cuts == 6


async def test_an_engine_that_hangs_and_then_refuses_is_waited_for(proxied: tuple[Dataset, Proxy]) -> None:
    dataset, proxy = proxied
    worker = dataset.worker()
    await worker.ready()
    proxy.hang()
    await dataset.sender.send(500, bad=0.1)
    await dataset.check()
    proxy.refuses = True
    proxy.flows.set()
    proxy.drop()
    await worker.degraded("paused")
    await dataset.check()
    proxy.refuses = False
    await dataset.check_drained()
