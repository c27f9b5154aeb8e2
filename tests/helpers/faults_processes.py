"""A broker, an engine and services as processes that a test may kill, freeze and start again."""

import asyncio
import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from multiprocessing import forkserver
from pathlib import Path

import httpx

from crosslook.local.broker import Broker
from crosslook.local.ports import free_port
from crosslook.platform.process import run
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.integrations import install
from tests.helpers.processes import PASSWORD, answers, start_engine, stop
from tests.helpers.schema_service import SECRETS

PARTITIONS = 4
SERVICES = ("schema_service", "snapshot_service", "query_service")


async def until(condition: Callable[[], Awaitable[bool]], what: str, seconds: float = 180) -> None:
    """Wait for a condition; AssertionError when it does not come true in time."""
    try:
        async with asyncio.timeout(seconds):
            while not await condition():
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"{what} did not come true in {seconds} s") from None


class BrokerProcess:
    """A broker on a data folder that outlives it."""

    def __init__(self, folder: Path) -> None:
        self._broker = Broker(folder / "kafka", free_port(), free_port())
        self._log = folder / "kafka.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.settings = KafkaSettings(bootstrap_servers=self._broker.bootstrap, records_partitions=PARTITIONS)

    async def start(self) -> None:
        """Start it, for the first time or again, and wait until it answers."""
        await self._broker.prepare()
        self.configure(self._broker.folder / "server.properties")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._broker.command, stdout=log, stderr=log)
        await self._broker.wait_ready()

    def configure(self, properties: Path) -> None:
        """Add to the broker's configuration."""

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def stop(self) -> None:
        """End it for good."""
        if self._process is not None:
            stop(self._process)


class EngineProcess:
    """An engine on a data folder that outlives it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def start(self) -> None:
        """Start it, for the first time or again, and wait until it answers."""
        self._process = start_engine(self._folder, self.port)

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def stop(self) -> None:
        """End it for good."""
        if self._process is not None:
            stop(self._process)

    def settings(self, database: str, port: int | None = None) -> ClickHouseSettings:
        """How to reach it, or what stands before it at `port`."""
        return ClickHouseSettings(port=port or self.port, password=PASSWORD, database=database)


def warm_up() -> None:
    """Have everything that services need imported while other things start."""
    forkserver.set_forkserver_preload(["pytest", *(f"services.{service}.__main__" for service in SERVICES)])
    forkserver.ensure_running()


class WorkerProcess:
    """A service in its own process, started at once. `environment`: its settings.

    It is forked off a process that has imported everything, which spares a second of each of many starts.
    """

    def __init__(self, environment: dict[str, str], log: Path, service: str = "snapshot_service") -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._log = log
        self.process = multiprocessing.get_context("forkserver").Process(
            target=_serve, args=(service, environment | {"CROSSLOOK_HTTP__PORT": str(port)}, log)
        )
        self.process.start()

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self.process.is_alive()

    async def ready(self) -> None:
        """Wait until it says that it is; AssertionError when it ended instead."""

        async def looks_ready() -> bool:
            assert self.lives, f"the worker ended: {self.log()[-2000:]}"
            return await asyncio.to_thread(answers, f"{self.url}/readyz")

        await until(looks_ready, "the worker's readiness")

    async def unready(self, reason: str) -> None:
        """Wait until `/readyz` says that it is not ready, and why: a text that holds `reason`."""
        await self._says(503, reason)

    async def degraded(self, reason: str) -> None:
        """Wait until `/readyz` shows that it is ready but some of its work is paused, and why."""
        await self._says(200, reason)

    async def _says(self, status: int, reason: str) -> None:
        async def says() -> bool:
            async with httpx.AsyncClient(trust_env=False) as http:
                answer = await http.get(f"{self.url}/readyz", timeout=30)
            return answer.status_code == status and reason in answer.text

        await until(says, f"{status} for {reason}")

    async def ended(self, seconds: float = 180) -> int:
        """Wait until it has ended by itself; answers its exit status, negative for a signal."""
        await asyncio.to_thread(self.process.join, seconds)
        assert self.process.exitcode is not None, f"the worker did not end in {seconds} s: {self.log()[-2000:]}"
        return self.process.exitcode

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.join(10)

    def terminate(self) -> None:
        """SIGTERM: it ends in order; `ended` waits for it."""
        self._signal(signal.SIGTERM)

    def freeze(self) -> None:
        """SIGSTOP: it lives, and does nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def log(self) -> str:
        """What workers of this name have logged."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _signal(self, number: signal.Signals) -> None:
        if self.lives and self.process.pid is not None:
            os.kill(self.process.pid, number)


def schema_worker(kafka: KafkaSettings, log: Path, **more: str) -> WorkerProcess:
    """A schema_service that everybody may call and that gives Kafka a second to acknowledge. `more`: the ends of
    environment variables."""
    environment = {
        "KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "AUTH__MODE": "off",
        "TENANTS__OPEN": "true",
        "SECRETS__KEYS": SECRETS.keys.get_secret_value(),
        "WEBHOOK_INTAKE__PUBLISH_SECONDS": "1",
        "INTAKE__PUBLISH_SECONDS": "1",
        **{name.upper(): value for name, value in more.items()},
    }
    return WorkerProcess({f"CROSSLOOK_{name}": value for name, value in environment.items()}, log, "schema_service")


def _serve(service: str, environment: dict[str, str], log: Path) -> None:
    """What `python -m services.<service>` does, under this environment and with this log."""
    with log.open("ab") as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    for name in [name for name in os.environ if name.startswith("CROSSLOOK_")]:
        del os.environ[name]
    os.environ.update(environment)
    install()
    sys.exit(run(importlib.import_module(f"services.{service}.__main__").main()))
