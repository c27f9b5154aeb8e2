"""Replicas of a small service over one log in memory, which reach each other without a network."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
from fastapi import FastAPI, Request, Response

from crosslook.platform.errors import NotFound
from crosslook.platform.http import create_app
from crosslook.platform.log_store.memory import ElectedMemoryLog, MemoryTopic
from crosslook.platform.log_store.protocol import ElectedStore, LogUnavailable, VersionMismatch
from crosslook.platform.metrics import Meters
from crosslook.platform.replica import Replica
from crosslook.platform.settings import AuthSettings, ServiceSettings
from crosslook.platform.streamed import StreamedBodies
from crosslook.platform.writer_client import WriterClient

STREAMED_MAX = 20 * 1024 * 1024
"""The largest body of a call that is streamed: more than other calls may send."""


class Lagging(ElectedMemoryLog):
    """A store that reads nothing new while it `lags`, until it is asked to catch up; which fails if not `reachable`."""

    def __init__(self, topic: MemoryTopic | str, address: str = "http://lagging") -> None:
        super().__init__(topic, address)
        self.lags = False
        self.reachable = True
        self.caught_up = 0

    def refresh(self) -> None:
        """Take the steps that were not taken yet, unless it lags."""
        if not self.lags:
            super().refresh()

    async def catch_up(self, timeout_seconds: float = 10) -> int:
        """Read to the end."""
        if not self.reachable:
            raise LogUnavailable("cut off")
        self.lags, self.caught_up = False, self.caught_up + 1
        self.refresh()
        return self.position

    async def reach(self, position: int) -> None:
        """Read that far."""
        self.lags = False
        self.refresh()
        await super().reach(position)


@dataclass(frozen=True, slots=True)
class Running:
    """One replica, and a client of it."""

    replica: Replica
    store: Lagging
    meters: Meters
    http: httpx.AsyncClient

    @property
    def metrics(self) -> str:
        """What it counted."""
        return self.meters.render().decode()


class Network:
    """Which applications answer at which address; a test may take one away, or lose or hold back answers."""

    def __init__(self) -> None:
        self.hosts: dict[str, httpx.AsyncBaseTransport] = {}
        self.requests: list[httpx.Request] = []
        self.loses_answers = 0
        self.delivers = asyncio.Event()
        self.delivers.set()

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Deliver a request. Raises ConnectError where nobody is, ReadError where the answer is lost."""
        self.requests.append(request)
        await self.delivers.wait()
        transport = self.hosts.get(f"{request.url.scheme}://{request.url.host}")
        if transport is None:
            raise httpx.ConnectError("refused")
        answer = await transport.handle_async_request(request)
        if self.loses_answers:
            self.loses_answers -= 1
            raise httpx.ReadError("lost")
        return answer


class _Delivery(httpx.AsyncBaseTransport):
    def __init__(self, network: Network) -> None:
        self._network = network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._network.handle(request)


@contextlib.asynccontextmanager
async def replica(
    topic: MemoryTopic, network: Network, name: str, *, most_waiting: int = 100, wait_seconds: float = 10
) -> AsyncIterator[Running]:
    """One replica at http://<name>."""
    address, meters = f"http://{name}", Meters()
    store = Lagging(topic, address)
    client = WriterClient(httpx.AsyncClient(transport=_Delivery(network)))
    joined = Replica(store, address, meters, client=client, wait_seconds=wait_seconds, most_waiting=most_waiting)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await store.start()
        yield
        await joined.close()
        await store.stop()

    settings = ServiceSettings(auth=AuthSettings(mode="off"))
    app = create_app(
        name,
        "1",
        settings=settings,
        lifespan=lifespan,
        readiness=lambda: None,
        meters=meters,
        replica=joined,
        streamed=StreamedBodies(re.compile(r"/streams/[a-z]+"), STREAMED_MAX),
    )
    add_routes(app, store)
    network.hosts[address] = httpx.ASGITransport(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=address) as http,
    ):
        yield Running(joined, store, meters, http)


def add_routes(app: FastAPI, store: ElectedStore) -> None:
    """Texts by name: written, read, and made under an Idempotency-Key."""

    @app.get("/things/{name}")
    async def read(name: str) -> Response:
        entry = store.get(name)
        if entry is None:
            raise NotFound
        return Response(entry.value, headers={"ETag": f'"{entry.version}"'})

    @app.put("/things/{name:path}")
    async def write(name: str, request: Request) -> Response:
        sent = request.headers.get("if-match")
        expected = int(sent.strip('"')) if sent is not None else None
        body = b"|".join([await request.body(), request.url.query.encode(), _header(request, "accept-language")])
        entry = await store.put(name, body, expected_version=expected)
        version = entry.version if entry is not None else 0
        return Response(body, 201, headers={"ETag": f'"{version}"', "X-Caller": request.headers["authorization"]})

    @app.post("/streams/{name}")
    async def stream(name: str, request: Request) -> Response:
        pieces = [len(piece) async for piece in request.stream() if piece]
        await store.put(name, str(sum(pieces)).encode())
        return Response(f"{sum(pieces)} bytes, at most {max(pieces)} at once", 200)

    @app.post("/things")
    async def make(request: Request) -> Response:
        body = await request.body()
        try:
            await store.put(body.decode(), body, expected_version=0)
        except VersionMismatch:
            if "idempotency-key" not in request.headers:
                raise
        return Response(body, 201)

    @app.delete("/things/{name}")
    async def remove(name: str) -> Response:
        if store.get(name) is None:
            raise NotFound
        await store.put(name, None)
        return Response(status_code=204)


def _header(request: Request, name: str) -> bytes:
    return request.headers.get(name, "").encode()
