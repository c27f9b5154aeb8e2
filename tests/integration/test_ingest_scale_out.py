"""Ingest by several workers, as processes: they share the partitions, join and leave under load, and lose nothing.

What a rebalance repeats lies twice in the tables, where readers take each place on the topic once; the checker holds
every row to what was sent there.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.helpers.faults import Dataset, Site, new_dataset, running_site
from tests.helpers.faults_processes import WorkerProcess, until

SHORT_SESSION = 6
"""Seconds, the least that brokers take: a static member that leaves is missed only when its session is over."""
LONG_SESSION = 300
BACKLOG = 3000
"""The load waits for staging from so many events on."""
PAUSE_SECONDS = 0.1
"""Between two batches: the load must not stop, and more of it would only keep the processor from the workers."""
_STAGED = re.compile(r"^crosslook_ingest_staged_total ([0-9.e+]+)$", re.MULTILINE)


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with running_site(tmp_path_factory.mktemp("scale-out")) as running:
        yield running


@pytest.fixture
async def dataset(site: Site) -> AsyncIterator[Dataset]:
    async with new_dataset(site) as made:
        yield made


def member(dataset: Dataset, name: str, session_seconds: int = SHORT_SESSION) -> WorkerProcess:
    return dataset.worker(name, ingest__session_seconds=session_seconds, ingest__chunk_events=500)


async def staged(worker: WorkerProcess) -> float:
    """How many events this worker has staged since it started."""
    async with httpx.AsyncClient(trust_env=False) as http:
        found = _STAGED.search((await http.get(f"{worker.url}/metrics", timeout=30)).text)
    return float(found[1]) if found is not None else 0.0


async def take_part(*workers: WorkerProcess) -> None:
    """Until each of them has staged events that were not there yet."""
    before = [await staged(worker) for worker in workers]

    async def all_did() -> bool:
        return all([await staged(worker) > had for worker, had in zip(workers, before, strict=True)])

    await until(all_did, "a share of the events for every worker")


@contextlib.asynccontextmanager
async def load(dataset: Dataset) -> AsyncIterator[None]:
    """Events without a pause, good and bad, as long as the block lasts."""
    over = asyncio.Event()

    async def send() -> None:
        while not over.is_set():
            await dataset.sender.send(200, bad=0.02)
            await dataset.wait_stored(len(dataset.sender.history.acknowledged) - BACKLOG)
            await asyncio.sleep(PAUSE_SECONDS)

    sending = asyncio.create_task(send(), name="load")
    try:
        yield
    finally:
        over.set()
        await sending


async def test_a_worker_that_comes_back_under_its_name_has_its_partitions_at_once(dataset: Dataset) -> None:
    one, two = member(dataset, "one", LONG_SESSION), member(dataset, "two", LONG_SESSION)
    await one.ready()
    await two.ready()
    async with load(dataset):
        await take_part(one, two)
        two.kill()
        back = member(dataset, "two", LONG_SESSION)
        await back.ready()
        await take_part(one, back)
    await dataset.check_drained(seconds=LONG_SESSION / 4)


async def test_workers_join_and_leave_under_load_and_nothing_is_lost(dataset: Dataset) -> None:
    one, two = member(dataset, "one"), member(dataset, "two")
    await one.ready()
    await two.ready()
    async with load(dataset):
        await take_part(one, two)
        three = member(dataset, "three")
        await three.ready()
        await take_part(one, two, three)
        one.terminate()
        assert await one.ended() == 0
        await take_part(two, three)
    await dataset.check_drained()
    assert [await dataset.lag(two), await dataset.lag(three)] == [0, 0]
