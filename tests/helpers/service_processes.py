"""The three services as processes on one broker and one engine, open to every caller on loopback."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from crosslook.local.ports import free_port
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.processes import answers, stop, wait_for

SERVICES = ("schema_service", "snapshot_service", "query_service")


@dataclass(frozen=True, slots=True)
class ServiceProcess:
    """One service, its address and where it logs."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One call on a connection of its own. `more`: what httpx takes."""
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False) as client:
            return client.request(method, path, timeout=120, **more)

    def wait_ready(self) -> None:
        """AssertionError, with its log, where it does not become ready."""
        ready = f"http://127.0.0.1:{self.port}/readyz"
        wait_for(lambda: self.process.poll() is not None or answers(ready), 60, f"readiness of {self.name}")
        assert self.process.poll() is None, self.log.read_text()


@contextlib.contextmanager
def service_processes(
    kafka: KafkaSettings, engine: ClickHouseSettings, folder: Path
) -> Iterator[dict[str, ServiceProcess]]:
    """All three, ready, by their names. The topics must be there."""
    shared = {
        "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "CROSSLOOK_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "CROSSLOOK_CLICKHOUSE__PORT": str(engine.port),
        "CROSSLOOK_CLICKHOUSE__PASSWORD": engine.password.get_secret_value(),
        "CROSSLOOK_CLICKHOUSE__DATABASE": engine.database,
        "CROSSLOOK_AUTH__MODE": "off",
        "CROSSLOOK_TENANTS__OPEN": "true",
        "CROSSLOOK_LOG__LEVEL": "WARNING",
    }
    with contextlib.ExitStack() as stack:
        started = {name: _start(name, shared, folder) for name in SERVICES}
        for process in started.values():
            stack.callback(stop, process.process)
        for process in started.values():
            process.wait_ready()
        yield started


@contextlib.contextmanager
def schema_process(
    kafka: KafkaSettings, folder: Path, more: Mapping[str, str] | None = None
) -> Iterator[ServiceProcess]:
    """schema_service alone, ready. `more`: further variables of its environment."""
    environment = {
        "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "CROSSLOOK_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "CROSSLOOK_AUTH__MODE": "off",
        "CROSSLOOK_TENANTS__OPEN": "true",
        "CROSSLOOK_LOG__LEVEL": "WARNING",
        **(more or {}),
    }
    process = _start("schema_service", environment, folder)
    try:
        process.wait_ready()
        yield process
    finally:
        stop(process.process)


def _start(name: str, environment: dict[str, str], folder: Path) -> ServiceProcess:
    port, log = free_port(), folder / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", f"services.{name}"],
            stdout=out,
            stderr=out,
            env={**os.environ, **environment, "CROSSLOOK_HTTP__PORT": str(port)},
        )
    return ServiceProcess(name, port, process, log)
