"""A load of writes at all replicas of schema_service, and the check that none of them is lost or applied twice."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.settings import KafkaSettings
from tests.helpers.faults_processes import until
from tests.helpers.faults_replicas import Cluster, Replica
from tests.unit.schema_service.samples import TICKET

TENANT = "load"
PATH = f"/v1/tenants/{TENANT}/schemas"
CLIENTS = 6


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
    """Clients that each make objects and change them, at a replica chosen anew for each call."""

    cluster: Cluster
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
        """How long after `moment` the first change was answered that was sent after it, in seconds. A creation that is
        repeated is answered without a write."""

        def found() -> list[float]:
            return [one.answered for one in self.writes if (one.version or 0) > 1 and one.started > moment]

        async def answered() -> bool:
            return bool(found())

        await until(answered, "a write after the fault")
        return min(found()) - moment

    def stop(self) -> None:
        """Have the clients finish what they are at."""
        self._stopping = True

    async def client(self, name: str) -> None:
        """Make objects and change each of them a few times."""
        async with httpx.AsyncClient(trust_env=False, timeout=5, headers=self.headers) as http:
            number = 0
            while not self._stopping:
                number += 1
                slug = f"{name}_{number}"
                version = await self._create(http, slug)
                for change in range(3):
                    version = await self._change(http, slug, f"{slug}-{change}", version)

    async def reader(self) -> None:
        """Read at every healthy replica; what fails is remembered."""
        async with httpx.AsyncClient(trust_env=False, timeout=20, headers=self.headers) as http:
            while not self._stopping:
                for replica in self.cluster.healthy:
                    failure = await _failure(http, replica)
                    if failure and not replica.faulty:
                        self.failed_reads.append(failure)
                await asyncio.sleep(0.05)

    async def _create(self, http: httpx.AsyncClient, slug: str) -> int:
        """Repeats the request, under its Idempotency-Key, until it is answered."""
        write = self._begin(slug, f"{slug}-made")
        answers: list[httpx.Response] = []

        async def made() -> bool:
            write.started = _now()
            answer = await self._call(
                http, "POST", PATH, json=_body(slug, write.marker), headers={"Idempotency-Key": write.marker}
            )
            if answer is None or answer.status_code == 503:
                return False
            assert answer.status_code == 201, answer.text
            answers.append(answer)
            return True

        await until(made, f"the creation of {slug}")
        return _end(write, answers[0])

    async def _change(self, http: httpx.AsyncClient, slug: str, marker: str, version: int) -> int:
        """Sends the change once; where its fate is unknown the current version is read."""
        write = self._begin(slug, marker)
        headers = {"If-Match": f'"{version}"'}
        answer = await self._call(http, "PUT", f"{PATH}/{slug}", json=_body(slug, marker), headers=headers)
        if answer is not None and answer.status_code == 200:
            return _end(write, answer)
        # An earlier change whose fate was unknown may have been applied late.
        assert answer is None or answer.status_code in (503, 412), answer.text
        return await self._current(http, slug)

    async def _current(self, http: httpx.AsyncClient, slug: str) -> int:
        versions: list[int] = []

        async def read() -> bool:
            answer = await self._call(http, "GET", f"{PATH}/{slug}")
            if answer is not None and answer.status_code == 200:
                versions.append(answer.json()["version"])
            return bool(versions)

        await until(read, f"the version of {slug}")
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


async def _failure(http: httpx.AsyncClient, replica: Replica) -> str:
    try:
        answer = await http.get(f"{replica.url}{PATH}?page_size=1")
    except httpx.TransportError as error:
        return f"{replica.url}: {error!r}"
    return "" if answer.status_code == 200 else f"{replica.url}: {answer.text}"


def _end(write: Write, answer: httpx.Response) -> int:
    write.version, write.answered = int(answer.json()["version"]), _now()
    return write.version


def _now() -> float:
    return asyncio.get_running_loop().time()


def _body(slug: str, marker: str) -> dict[str, Any]:
    return {**TICKET, "object": slug, "description": marker}


@contextlib.asynccontextmanager
async def running_load(cluster: Cluster, headers: dict[str, str], seed: int) -> AsyncIterator[Load]:
    """Clients and a reader at work; at the end they finish, and nobody was refused a read."""
    load = Load(cluster, headers, random.Random(seed))  # noqa: S311  # repeatable is what it is for
    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(load.client(f"c{number}"))
        group.create_task(load.reader())
        await load.more(CLIENTS)
        yield load
        load.stop()
    assert load.failed_reads == []


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of an object on the topic."""

    slug: str
    version: int
    marker: str


async def check(load: Load, kafka: KafkaSettings, headers: dict[str, str]) -> None:
    """No write that was answered is lost or applied twice, no other one is applied twice, and all replicas agree."""
    stored = await _log(kafka)
    verify(load.writes, stored)
    latest = {one.slug: one.marker for one in stored}
    for replica in load.cluster.replicas:
        assert await _shown(replica, headers) == latest


def verify(writes: Sequence[Write], stored: Sequence[Stored]) -> None:
    """What was answered stands on the topic as it was answered; nothing stands there twice; versions have no gap."""
    applied = Counter(one.marker for one in stored)
    by_version = {(one.slug, one.version): one.marker for one in stored}
    for write in writes:
        assert applied[write.marker] <= 1, f"{write} was applied {applied[write.marker]} times"
        if write.version is not None:
            assert by_version.get((write.slug, write.version)) == write.marker, f"{write} was answered and is lost"
    for slug in {one.slug for one in stored}:
        versions = [one.version for one in stored if one.slug == slug]
        assert versions == list(range(1, len(versions) + 1)), f"{slug} has the versions {versions}"


async def _shown(replica: Replica, headers: dict[str, str]) -> dict[str, str]:
    shown: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=replica.url, trust_env=False, timeout=30, headers=headers) as http:
        token: str | None = ""
        while token is not None:
            more = {"page_token": token} if token else {}
            page = (await http.get(PATH, params={"page_size": 500, **more})).json()
            shown |= {item["object"]: item["description"] for item in page["items"] if item["object"] != "contact"}
            token = page["next_page_token"]
    return shown


async def _log(kafka: KafkaSettings) -> list[Stored]:
    """Every version of the load's objects, in the order of the topic. Nothing is compacted within a test."""
    partition = TopicPartition(SCHEMAS.name, 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap_servers, isolation_level="read_committed")
    await consumer.start()
    try:
        consumer.assign([partition])
        consumer.seek(partition, 0)
        end = (await consumer.end_offsets([partition]))[partition]
        values: list[bytes] = []
        while await consumer.position(partition) < end:
            for messages in (await consumer.getmany(timeout_ms=100)).values():
                values += [m.value for m in messages if m.key.startswith(f"{TENANT}/".encode())]
    finally:
        await consumer.stop()
    states = [orjson.loads(value)["data"] for value in values]
    return [Stored(s["object"], s["version"], s["definition"]["description"]) for s in states]
