"""Real processes for tests: a broker and an engine on free ports, stopped by their pid."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

from crosslook.local.broker import Broker
from crosslook.local.ports import free_port
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings

PASSWORD = "test-password"


def wait_for(condition: Callable[[], bool], seconds: float = 180, what: str = "the condition") -> None:
    """Poll until true; AssertionError when it is not in time."""
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, f"{what} did not come true in {seconds} s"
        sleep(0.02)


def stop(process: subprocess.Popen[bytes], seconds: float = 15) -> int:
    """SIGTERM, then SIGKILL of this very pid; answers the exit status."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(seconds)
        process.kill()
    return process.wait(10)


@contextlib.asynccontextmanager
async def running_broker(folder: Path) -> AsyncIterator[KafkaSettings]:
    """A real Kafka on its own data folder."""
    broker = Broker(folder / "kafka", free_port(), free_port())
    await broker.prepare()
    with (folder / "kafka.log").open("wb") as log:
        process = subprocess.Popen(broker.command, stdout=log, stderr=log)
    try:
        await broker.wait_ready()
        yield KafkaSettings(bootstrap_servers=broker.bootstrap, records_partitions=4)
    finally:
        stop(process)


def own_topics(kafka: KafkaSettings) -> KafkaSettings:
    """A running Kafka under topics, groups and transactional ids that nobody else has."""
    return kafka.model_copy(update={"topic_prefix": f"{uuid.uuid4().hex[:8]}."})


def engine_command(folder: Path, port: int, password_file: Path) -> list[str]:
    """How the engine is started."""
    options = ["--data", str(folder), "--port", str(port), "--password-file", str(password_file)]
    return [sys.executable, "-m", "crosslook.local.engine", *options]


def start_engine(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the engine and wait until it answers."""
    folder.mkdir(parents=True, exist_ok=True)
    password_file = folder / "password"
    password_file.write_text(PASSWORD)
    with (folder / "engine.log").open("ab") as log:
        process = subprocess.Popen(
            engine_command(folder, port, password_file), stdout=log, stderr=log, env={**os.environ, "TZ": "UTC"}
        )
    wait_for(lambda: answers(f"http://127.0.0.1:{port}/ping"), what="the engine's ping")
    return process


def answers(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  # a loopback address of our own
            return bool(response.status == 200)
    except OSError:
        return False


@contextlib.contextmanager
def running_engine(folder: Path) -> Iterator[ClickHouseSettings]:
    """A real engine on its own data folder."""
    port = free_port()
    process = start_engine(folder / "engine", port)
    try:
        yield ClickHouseSettings(port=port, password=PASSWORD, database="crosslook")
    finally:
        stop(process)
