"""A load of writes at all replicas of a service, and the check that none of them is lost or applied twice."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from crosslook.platform.settings import KafkaSettings
from tests.helpers.faults_processes import until
from tests.helpers.faults_replicas import Cluster, Replica
from tests.helpers.faults_resources import Call, Resource, Stored

CLIENTS = 6
_NOT_OF_THE_LOAD = ("contact", "ticket")


@dataclass(slots=True)
class Write:
    """One write. `marker`: its content, unlike any other's. `version`: what was answered; None while nothing was."""

    slug: str
    marker: str
    started: float
    version: int | None = None
    answered: float = 0.0


@dataclass(slots=True)
class Load:
    """Clients that each create resources and change them, at a random replica for each call."""

    cluster: Cluster
    resource: Resource
    headers: dict[str, str]
    random: random.Random
    writes: list[Write] = field(default_factory=list)
    failed_reads: list[str] = field(default_factory=list)
    _stopping: bool = False

    @property
    def answered(self) -> list[Write]:
        """The writes that were answered with success."""
        return [write for write in self.writes if write.version is not None]

    async def more(self, count: int) -> None:
        """Until so many more writes were answered."""
        target = len(self.answered) + count

        async def enough() -> bool:
            return len(self.answered) >= target

        await until(enough, f"{count} more answered writes")

    async def next_after(self, moment: float) -> float:
        """Seconds from `moment` to the answer of the first change that was sent after it. A creation that is
        repeated is answered without a write."""

        def found() -> list[float]:
            return [write.answered for write in self.writes if (write.version or 0) > 1 and write.started > moment]

        async def answered() -> bool:
            return bool(found())

        await until(answered, "a write after the fault")
        return min(found()) - moment

    def stop(self) -> None:
        """Have the clients finish what they are at."""
        self._stopping = True

    async def client(self, name: str) -> None:
        """Make resources and change each of them a few times."""
        async with httpx.AsyncClient(trust_env=False, timeout=5, headers=self.headers) as http:
            number = 0
            while not self._stopping:
                number += 1
                slug = f"{name}_{number}"
                path, version = await self._create(http, slug)
                for change in range(3):
                    write = self._begin(slug, f"{slug}-{change}")
                    version = await self._change(http, path, write, version)

    async def reader(self) -> None:
        """Read at every healthy replica; what fails is remembered."""
        async with httpx.AsyncClient(trust_env=False, timeout=20, headers=self.headers) as http:
            while not self._stopping:
                for replica in self.cluster.healthy:
                    for call in self.resource.reads:
                        failure = await _failure(http, replica, call)
                        if failure and not replica.faulty:
                            self.failed_reads.append(failure)
                await asyncio.sleep(0.05)

    async def _create(self, http: httpx.AsyncClient, slug: str) -> tuple[str, int]:
        """Repeats the request, under its Idempotency-Key, until it is answered; answers its path and version."""
        write = self._begin(slug, f"{slug}-made")
        body, headers = self.resource.body(slug, write.marker), {"Idempotency-Key": write.marker}
        answers: list[httpx.Response] = []

        async def made() -> bool:
            write.started = _now()
            answer = await self._call(http, "POST", self.resource.path, json=body, headers=headers)
            if answer is None or answer.status_code == 503:
                return False
            assert answer.status_code == 201, answer.text
            answers.append(answer)
            return True

        await until(made, f"the creation of {slug}")
        return f"{self.resource.path}/{self.resource.address(answers[0].json())}", _end(write, answers[0])

    async def _change(self, http: httpx.AsyncClient, path: str, write: Write, version: int) -> int:
        """Sends the change once; where its fate is unknown the current version is read."""
        body, headers = self.resource.body(write.slug, write.marker), {"If-Match": f'"{version}"'}
        answer = await self._call(http, "PUT", path, json=body, headers=headers)
        if answer is not None and answer.status_code == 200:
            return _end(write, answer)
        # An earlier change whose fate was unknown may have been applied late.
        assert answer is None or answer.status_code in (503, 412), answer.text
        return await self._current(http, path)

    async def _current(self, http: httpx.AsyncClient, path: str) -> int:
        versions: list[int] = []

        async def read() -> bool:
            answer = await self._call(http, "GET", path)
            if answer is not None and answer.status_code == 200:
                versions.append(answer.json()["version"])
            return bool(versions)

        await until(read, f"the version of {path}")
        return versions[0]

    async def _call(self, http: httpx.AsyncClient, method: str, path: str, **more: Any) -> httpx.Response | None:
        replica = self.random.choice(self.cluster.replicas)
        with contextlib.suppress(httpx.TransportError):
            return await http.request(method, f"{replica.url}{path}", **more)
        return None

    def _begin(self, slug: str, marker: str) -> Write:
        write = Write(slug, marker, _now())
        self.writes.append(write)
        return write


async def _failure(http: httpx.AsyncClient, replica: Replica, call: Call) -> str:
    method, path, body = call
    try:
        answer = await http.request(method, f"{replica.url}{path}", json=body)
    except httpx.TransportError as error:
        return f"{replica.url}: {error!r}"
    return "" if answer.status_code == 200 else f"{replica.url}: {answer.text}"


def _end(write: Write, answer: httpx.Response) -> int:
    write.version, write.answered = int(answer.json()["version"]), _now()
    return write.version


def _now() -> float:
    return asyncio.get_running_loop().time()


@contextlib.asynccontextmanager
async def running_load(cluster: Cluster, resource: Resource, headers: dict[str, str], seed: int) -> AsyncIterator[Load]:
    """Clients and a reader at work; at the end they finish, and nobody was refused a read."""
    load = Load(cluster, resource, headers, random.Random(seed))  # noqa: S311  # repeatable is what it is for
    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(load.client(f"c{number}"))
        group.create_task(load.reader())
        await load.more(CLIENTS)
        yield load
        load.stop()
    assert load.failed_reads == []


async def check(load: Load, kafka: KafkaSettings, headers: dict[str, str]) -> None:
    """No write that was answered is lost or applied twice, no other one is applied twice, and all replicas agree."""
    stored = await _log(load.resource, kafka)
    verify(load.writes, stored)
    latest = {entry.slug: entry.marker for entry in stored}
    for replica in load.cluster.replicas:
        assert await _shown(load.resource, replica, headers) == latest


def verify(writes: Sequence[Write], stored: Sequence[Stored]) -> None:
    """The topic has each answered write, nothing twice, and versions without gaps."""
    applied = Counter(entry.marker for entry in stored)
    by_version = {(entry.slug, entry.version): entry.marker for entry in stored}
    for write in writes:
        assert applied[write.marker] <= 1, f"{write} was applied {applied[write.marker]} times"
        if write.version is not None:
            assert by_version.get((write.slug, write.version)) == write.marker, f"{write} was answered and is lost"
    for slug in {entry.slug for entry in stored}:
        versions = [entry.version for entry in stored if entry.slug == slug]
        assert versions == list(range(1, len(versions) + 1)), f"{slug} has the versions {versions}"


async def _shown(resource: Resource, replica: Replica, headers: dict[str, str]) -> dict[str, str]:
    shown: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=replica.url, trust_env=False, timeout=30, headers=headers) as http:
        token: str | None = ""
        while token is not None:
            more = {"page_token": token} if token else {}
            page = (await http.get(resource.path, params={"page_size": 500, **more})).json()
            found = {resource.slug(item): item["description"] for item in page["items"]}
            shown |= {slug: marker for slug, marker in found.items() if slug not in _NOT_OF_THE_LOAD}
            token = page["next_page_token"]
    return shown


async def _log(resource: Resource, kafka: KafkaSettings) -> list[Stored]:
    """Every version of the load's resources, in the order of the topic. Nothing is compacted within a test."""
    partition = TopicPartition(resource.topic, 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap_servers, isolation_level="read_committed")
    await consumer.start()
    try:
        consumer.assign([partition])
        consumer.seek(partition, 0)
        end = (await consumer.end_offsets([partition]))[partition]
        found: list[Stored | None] = []
        while await consumer.position(partition) < end:
            for messages in (await consumer.getmany(timeout_ms=100)).values():
                found += [resource.stored(message.key.decode(), message.value) for message in messages]
    finally:
        await consumer.stop()
    return [stored for stored in found if stored is not None]
