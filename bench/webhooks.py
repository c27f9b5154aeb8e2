"""Webhooks over HTTP, compared with a bare route that only appends to Kafka, in one run:
python -m bench.webhooks [--refresh]

a  bare      a FastAPI application with one route that appends the body as it is, on our server, with our Publisher
b  webhook   POST /v1/webhooks/{tenant}/{name} of schema_service: verify, name the record, append, count

Both are processes of their own on one broker. Twenty clients post signed messages of a simulated Zendesk account, each
as soon as it has its answer, to one and then to the other; each round begins with the other one. With `--refresh` an
engine refreshes a snapshot all the while, as on the machine of a small installation.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter

import httpx
import orjson
from cryptography.fernet import Fernet
from fastapi import FastAPI, Request, Response

from bench.integrations import account
from bench.refresh_dataset import dataset, running
from bench.tickets import SCHEMA
from crosslook.contracts.schemas import Definition
from crosslook.contracts.topics import WEBHOOKS
from crosslook.local.demo.deliver import signed_headers
from crosslook.local.demo.vendors import PostedMessage
from crosslook.local.ports import free_port
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.kafka import Publisher, ensure_topics
from crosslook.platform.logging import configure_logging
from crosslook.platform.metrics import Meters
from crosslook.platform.process import relax_collector
from crosslook.platform.server import serve
from crosslook.platform.settings import KafkaSettings, LogSettings
from tests.helpers.processes import answers, running_broker, stop, wait_for

_TENANT, _SECRET = "bench", "a secret of the bench"
_PATH = f"/v1/webhooks/{_TENANT}/zendesk"
_RATIO, _RATE, _P99_MS = 3.0, 500, 100.0
_DIFFERENT = 2_000
_TENANTS = 20


@dataclass(slots=True)
class PostedLoad:
    """Each answer's milliseconds, and in how many seconds they came."""

    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds

    @property
    def p99(self) -> float:
        """Milliseconds that one answer of a hundred takes longer than."""
        return quantiles(self.milliseconds, n=100)[-1]


def main() -> None:
    """Start a broker and the processes of our own, measure, print, stop them."""
    if sys.argv[1:2] == ["bare"]:
        asyncio.run(_serve_bare(sys.argv[2], int(sys.argv[3])))
        return
    if sys.argv[1:2] == ["refresh"]:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_refresh(Path(sys.argv[2]), int(sys.argv[3])))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10, help="how long each is measured in each round")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--refresh", action="store_true", help="refresh a snapshot meanwhile")
    parser.add_argument("--events", type=int, default=1_000_000, help="staged events of that snapshot")
    options = parser.parse_args()
    configure_logging(LogSettings(level="WARNING", format="console"), "bench")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), options))


async def _measure(folder: Path, options: argparse.Namespace) -> None:
    before = os.getloadavg()[0]
    async with running_broker(folder) as kafka:
        await ensure_topics(kafka)
        with contextlib.ExitStack() as stack:
            refreshes = stack.enter_context(_refreshing(folder, options.events)) if options.refresh else None
            ports = [stack.enter_context(_started(folder, kafka, name)) for name in ("bare", "webhook")]
            await _connect(ports[1])
            bodies = [body for _, body, _ in account(_DIFFERENT)]
            done = len(_refreshed(refreshes))
            rounds = [await _round(ports, bodies, number, options) for number in range(options.rounds)]
            seconds = _refreshed(refreshes)[done:]
    print(
        f"{options.clients} clients, {os.cpu_count()} processors, shared with the broker, the clients and whoever else"
    )
    print(f"is on this machine; load before: {before:.1f}; median, least … greatest of {options.rounds} rounds")
    if options.refresh:
        assert seconds, "no refresh ended while the routes were measured: measure longer, or refresh fewer --events"
        print(f"meanwhile {len(seconds)} refreshes of {options.events:,} events, {median(seconds):.1f} s each")
    _print(rounds)


async def _round(
    ports: Sequence[int], bodies: Sequence[bytes], number: int, options: argparse.Namespace
) -> tuple[PostedLoad, PostedLoad]:
    """Both of them, the bare route first in every other round."""
    found = [PostedLoad(), PostedLoad()]
    for which in (0, 1) if number % 2 == 0 else (1, 0):
        await _post(ports[which], bodies, options.clients, min(1.0, options.seconds))  # the first calls are slower
        found[which] = await _post(ports[which], bodies, options.clients, options.seconds)
    bare, ours = found
    print(
        f"round {number + 1}: p99 a {bare.p99:.1f} ms, b {ours.p99:.1f} ms; a {bare.rate:,.0f}/s, b {ours.rate:,.0f}/s"
    )
    return bare, ours


def _print(rounds: Sequence[tuple[PostedLoad, PostedLoad]]) -> None:
    for name, loads in zip(("a bare", "b webhook"), zip(*rounds, strict=True), strict=True):
        middle = [median(load.milliseconds) for load in loads]
        print(f"{name:<10} p50 {_spread(middle)} ms   p99 {_spread([load.p99 for load in loads])} ms")
    ratios = [ours.p99 / bare.p99 for bare, ours in rounds]
    rates, slowest = [ours.rate for _, ours in rounds], [ours.p99 for _, ours in rounds]
    _verdict(f"p99 of b / a   {_spread(ratios)}", f"≤ {_RATIO}", median(ratios) <= _RATIO)
    _verdict(f"b, p99         {_spread(slowest)} ms", f"≤ {_P99_MS:.0f} ms", median(slowest) <= _P99_MS)
    _verdict(f"b, a second    {_spread(rates)}", f"≥ {_RATE}", median(rates) >= _RATE)


def _spread(figures: Sequence[float]) -> str:
    return f"{median(figures):,.1f}   {min(figures):,.1f} … {max(figures):,.1f}"


def _verdict(figure: str, end: str, reached: bool) -> None:
    print(f"{figure}   end {end}: {'reached' if reached else 'NOT reached'}")


async def _post(port: int, bodies: Sequence[bytes], clients: int, seconds: float) -> PostedLoad:
    """Messages signed now, from so many clients for so many seconds, on plain sockets."""
    now = datetime.now(UTC)
    requests, found = cycle([_request(body, now) for body in bodies]), PostedLoad()
    started = perf_counter()
    await asyncio.gather(*(_client(port, requests, found, started + seconds) for _ in range(clients)))
    found.seconds = perf_counter() - started
    return found


def _request(body: bytes, now: datetime) -> bytes:
    headers = signed_headers(PostedMessage(_TENANT, "zendesk", body), _SECRET, now)
    named = {"Host": "bench", "Content-Length": str(len(body)), **headers}
    lines = [f"POST {_PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _client(port: int, requests: Iterator[bytes], found: PostedLoad, until: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while perf_counter() < until:
        request = next(requests)
        begun = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.partition(b" ")[2].startswith(b"202"), head
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        found.milliseconds.append((perf_counter() - begun) * 1000)
    writer.close()
    await writer.wait_closed()


async def _connect(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
        body = {"kind": "zendesk", "signing_secret": _SECRET}
        answer = await http.put(f"/v1/tenants/{_TENANT}/integrations/zendesk", json=body, timeout=60)
        answer.raise_for_status()


@contextlib.contextmanager
def _started(folder: Path, kafka: KafkaSettings, name: str) -> Iterator[int]:
    """One of the two processes; answers its port."""
    port = free_port()
    environment = {
        "KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "HTTP__PORT": str(port),
        "SECRETS__KEYS": Fernet.generate_key().decode(),
        "TENANTS__OPEN": "true",
        "AUTH__MODE": "off",
        "LOG__LEVEL": "WARNING",
    }
    bare = ["-m", "bench.webhooks", "bare", kafka.bootstrap_servers, str(port)]
    arguments = bare if name == "bare" else ["-m", "services.schema_service"]
    log = folder / f"{name}.log"
    with _process(arguments, log, {f"CROSSLOOK_{key}": value for key, value in environment.items()}) as process:
        ready = f"http://127.0.0.1:{port}/readyz"
        wait_for(lambda: process.poll() is not None or answers(ready), what=f"the readiness of {name}")
        assert process.poll() is None, log.read_text()
        yield port


@contextlib.contextmanager
def _refreshing(folder: Path, events: int) -> Iterator[Path]:
    """One refresh after the other from now on, the first one ended; answers the file with their seconds."""
    own, log = folder / "refreshed", folder / "refresh.log"
    own.mkdir()
    with _process(["-m", "bench.webhooks", "refresh", str(own), str(events)], log, {}) as process:
        wait_for(lambda: process.poll() is not None or bool(_refreshed(log)), 900, "the first refresh")
        assert process.poll() is None, log.read_text()
        yield log


@contextlib.contextmanager
def _process(arguments: Sequence[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        command = [sys.executable, *arguments]
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environment})
    try:
        yield process
    finally:
        stop(process, 60)


def _refreshed(log: Path | None) -> list[float]:
    """The seconds of each refresh so far."""
    if log is None:
        return []
    return [float(line.split()[1]) for line in log.read_text().splitlines() if line.startswith("refreshed ")]


async def _serve_bare(servers: str, port: int) -> None:
    """Serve the bare route until told to stop."""
    publisher = Publisher(KafkaSettings(bootstrap_servers=servers))

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await publisher.start()
        yield
        await publisher.stop()

    app = FastAPI(lifespan=lifespan)
    app.state.meters = Meters()
    keys = Random(0)  # noqa: S311  # repeatable is what it is for

    @app.get("/readyz")
    async def ready() -> Response:
        return Response()

    @app.post(_PATH)
    async def append(request: Request) -> Response:
        key = f"{_TENANT}/zendesk/{keys.randrange(_DIFFERENT)}".encode()  # over the partitions, as ours are
        await publisher.publish(WEBHOOKS.name, [(key, await request.body(), ())])
        return Response(orjson.dumps({"accepted": 1}), 202, media_type="application/json")

    relax_collector()
    await serve(app, HttpSettings(port=port))


async def _refresh(folder: Path, events: int) -> None:
    """Refresh until told to stop, each time with events of every tenant; prints the seconds of each refresh."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)  # so that the engine ends too
    definition = Definition.model_validate(SCHEMA)
    columns = {
        "tenant": f"concat('t', toString(n % {_TENANTS}))",
        "record": f"toString(cityHash64(n) % {max(1, events // _TENANTS // 3)})",
        "fields": """concat('{{"status":"open","subject":"ticket ', toString(n), '"}}')""",
    }
    with running(folder) as engine:
        async with dataset(engine, "refreshing") as staged:
            await staged.define((f"t{number}", definition) for number in range(_TENANTS))
            await staged.stage(events, columns)
            while True:
                done = await staged.refresh()
                print(f"refreshed {done.seconds:.3f}", flush=True)
                await staged.stage(max(_TENANTS, events // 100), columns)


if __name__ == "__main__":
    main()
