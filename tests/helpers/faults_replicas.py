"""Three replicas of a service under a load of writes; a test can cut each one's connection to the broker."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from crosslook.local.ports import free_port
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import KafkaSettings
from tests.helpers.faults_processes import BrokerProcess, WorkerProcess, until
from tests.helpers.proxy import Proxy, running_proxy

REPLICAS = 3
_ROLE = re.compile(r'^crosslook_log_writer\{topic="[^"]+"\} 1\.0$', re.MULTILINE)


class BrokerBehindProxies(BrokerProcess):
    """A broker with a listener for each replica, which it names by the address of the proxy before it.

    Clients only bootstrap at the address that they are given; all else goes to the one that the broker names.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.listeners = [free_port() for _ in range(REPLICAS)]
        self.proxies: list[int] = []

    def configure(self, properties: Path) -> None:
        """Add the listeners; of equal names in a Java properties file the last one counts."""
        text = properties.read_text(encoding="utf-8")
        (listeners,) = re.findall(r"^listeners=(.*)$", text, re.MULTILINE)
        own = ",".join(f"REPLICA{n}://127.0.0.1:{port}" for n, port in enumerate(self.listeners))
        named = ",".join(f"REPLICA{n}://127.0.0.1:{port}" for n, port in enumerate(self.proxies))
        protocols = ",".join(f"REPLICA{n}:PLAINTEXT" for n in range(REPLICAS))
        properties.write_text(
            f"{text}listeners={listeners},{own}\nadvertised.listeners={listeners},{named}\n"
            f"listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,{protocols}\n",
            encoding="utf-8",
        )


@dataclass(slots=True)
class Replica:
    """One place in the cluster: its process of the moment and its way to the broker."""

    process: WorkerProcess
    proxy: Proxy
    faulty: bool = False

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.process.url


@dataclass(slots=True)
class Cluster:
    """The replicas of one service. `environment`: their settings but for the broker's address."""

    service: str
    broker: BrokerBehindProxies
    proxies: list[Proxy]
    environment: dict[str, str]
    folder: Path
    http: httpx.AsyncClient
    replicas: list[Replica] = field(default_factory=list)

    @property
    def healthy(self) -> list[Replica]:
        """Those that nothing was done to."""
        return [replica for replica in self.replicas if not replica.faulty]

    async def start(self) -> None:
        """Start all replicas and wait until they are ready and one of them writes."""
        self.replicas = [Replica(self._process(place), proxy) for place, proxy in enumerate(self.proxies)]
        await self.ready()
        await self.writer()

    async def ready(self) -> None:
        """Until every replica is."""
        await asyncio.gather(*(replica.process.ready() for replica in self.replicas))

    async def writer(self) -> Replica:
        """The one healthy replica that says that it writes."""
        found: list[Replica] = []

        async def elected() -> bool:
            roles = await asyncio.gather(*(self._writes(replica) for replica in self.healthy))
            found[:] = [replica for replica, writes in zip(self.healthy, roles, strict=True) if writes]
            return len(found) == 1

        await until(elected, "the election of one writer")
        return found[0]

    async def replace(self, replica: Replica) -> None:
        """Start a new process in the place of one that has ended."""
        replica.process = self._process(self.replicas.index(replica))
        await replica.process.ready()
        replica.faulty = False

    def stop(self) -> None:
        """End them all."""
        for replica in self.replicas:
            replica.process.thaw()
            replica.process.kill()

    async def _writes(self, replica: Replica) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return _ROLE.search((await self.http.get(f"{replica.url}/metrics")).text) is not None
        return False

    def _process(self, place: int) -> WorkerProcess:
        bootstrap = {"CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": f"127.0.0.1:{self.broker.proxies[place]}"}
        return WorkerProcess(
            {**self.environment, **bootstrap}, self.folder / f"{self.service}-{place}.log", self.service
        )


@dataclass(frozen=True, slots=True)
class Network:
    """A broker and the ways to it."""

    broker: BrokerBehindProxies
    proxies: list[Proxy]

    @property
    def kafka(self) -> KafkaSettings:
        """The broker without a proxy before it."""
        return self.broker.settings


@contextlib.asynccontextmanager
async def running_network(folder: Path) -> AsyncIterator[Network]:
    """A broker with its topics, and a proxy for each replica."""
    broker = BrokerBehindProxies(folder)
    async with contextlib.AsyncExitStack() as stack:
        ways = [await stack.enter_async_context(running_proxy(port)) for port in broker.listeners]
        broker.proxies = [port for _, port in ways]
        try:
            await broker.start()
            await ensure_topics(broker.settings)
            yield Network(broker, [proxy for proxy, _ in ways])
        finally:
            broker.stop()


@contextlib.asynccontextmanager
async def running_cluster(
    service: str, network: Network, environment: dict[str, str], folder: Path
) -> AsyncIterator[Cluster]:
    """Three replicas that are ready, one of which writes."""
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        cluster = Cluster(service, network.broker, network.proxies, environment, folder, http)
        try:
            await cluster.start()
            yield cluster
        finally:
            cluster.stop()
