"""A small application on the services' own HTTP server, on loopback, and a client that speaks bytes.

As a process: python -m tests.helpers.served PORT LIMITS, the limits as a JSON object.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import Depends, FastAPI, Request, Response

from crosslook.platform.auth import authorize
from crosslook.platform.bodies import read_json
from crosslook.platform.http import create_app
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.metrics import Meters
from crosslook.platform.server import Server, serve, server
from crosslook.platform.settings import AuthSettings, ServiceSettings

SECONDS = 10
"""Within which whatever a test waits for has happened."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The code of a problem document."""
        return str(orjson.loads(self.body)["code"])


@dataclass(slots=True)
class Connection:
    """A client's connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Send; a server that has closed is not a fault here."""
        with contextlib.suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()

    async def answer(self) -> RawAnswer:
        """The next answer. Raises asyncio.IncompleteReadError where the server closed before its end."""
        async with asyncio.timeout(SECONDS):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.split(": ", 1) for line in head[1:] if line)
            headers = {name.lower(): value for name, value in pairs}
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return RawAnswer(int(head[0].split()[1]), headers, body)

    async def closed(self) -> bytes:
        """What still comes until the server closes."""
        async with asyncio.timeout(SECONDS):
            return await self.reader.read()


@dataclass(slots=True)
class Served:
    """The application that runs. `/slow` is answered once `gate` is set."""

    app: FastAPI
    meters: Meters
    http: HttpSettings
    uvicorn: Server
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    port: int = 0

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection to it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        try:
            yield Connection(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def ask(self, data: bytes) -> RawAnswer:
        """The answer to bytes on a connection of their own."""
        async with self.connection() as connection:
            sending = asyncio.create_task(connection.send(data))
            try:
                return await connection.answer()
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)


@contextlib.asynccontextmanager
async def serving(**limits: Any) -> AsyncIterator[Served]:
    """The application with the default limits but for these."""
    settings = HttpSettings(port=0, **limits)
    meters = Meters()
    app = probe_app(settings, meters)
    served = Served(app, meters, settings, server(app, settings))
    _add_slow(app, served)
    task = asyncio.create_task(served.uvicorn._serve())  # without its signal handlers: those are pytest's
    try:
        async with asyncio.timeout(SECONDS):
            while not served.uvicorn.started:
                await asyncio.sleep(0.01)
        served.port = served.uvicorn.servers[0].sockets[0].getsockname()[1]
        yield served
    finally:
        served.gate.set()
        served.uvicorn.should_exit = True
        await task


def probe_app(http: HttpSettings, meters: Meters) -> FastAPI:
    """An application with routes that read a body, ignore it, and answer much."""
    app = create_app(
        "Probe",
        "1",
        settings=ServiceSettings(auth=AuthSettings(mode="off"), http=http),
        lifespan=_lifespan,
        readiness=lambda: None,
        meters=meters,
    )

    @app.post("/length")
    async def length(request: Request) -> Response:
        return _json({"length": len(await request.body()), "headers": len(request.headers)})

    @app.post("/json")
    async def json(request: Request) -> Response:
        return _json({"got": await read_json(request)})

    @app.post("/ignores")
    async def ignores() -> Response:
        return _json({})

    @app.get("/tagged")
    async def tagged(kept: str = "") -> Response:
        return Response("", headers={"ETag": '"1"', **({"Cache-Control": kept} if kept else {})})

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("a bug")

    @app.get("/v1/tenants/{tenant}/things", dependencies=[Depends(authorize("ops"))])
    async def things(tenant: str) -> Response:
        return _json({})

    @app.get("/large")
    async def large(size: int) -> Response:
        return Response(b"x" * size)

    return app


def _add_slow(app: FastAPI, served: Served) -> None:
    @app.get("/slow")
    async def slow() -> Response:
        served.waiting += 1
        await served.gate.wait()
        served.waiting -= 1
        return _json({})


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def get(path: str = "/livez", *headers: bytes) -> bytes:
    """The bytes of a GET."""
    return b"".join([f"GET {path} HTTP/1.1\r\nHost: probe\r\n".encode(), *(h + b"\r\n" for h in headers), b"\r\n"])


def post(path: str, body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    """The bytes of a POST; `length` is what it declares."""
    declared = f"Content-Length: {len(body) if length is None else length}\r\n".encode()
    lines = b"".join(header + b"\r\n" for header in headers)
    return f"POST {path} HTTP/1.1\r\nHost: probe\r\n".encode() + declared + lines + b"\r\n" + body


if __name__ == "__main__":
    limits = {"port": int(sys.argv[1]), **orjson.loads(sys.argv[2])}
    chosen = HttpSettings(**limits)
    asyncio.run(serve(probe_app(chosen, Meters()), chosen))
