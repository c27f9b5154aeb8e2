"""Fixtures of the exams of the engine and of the log stores."""

import uuid
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from crosslook.contracts.topics import Topic
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.behaviours.logs import Logs, in_memory, on_kafka
from tests.helpers.engine_server import Server


@pytest.fixture
async def log_topic(kafka: KafkaSettings) -> str:
    """The topic of a fresh log."""
    topic = f"test-log-{uuid.uuid4().hex[:8]}"
    await ensure_topics(kafka, [Topic(topic, "key", "compact", 1, (), ())])
    return topic


@pytest.fixture(params=["memory", "kafka"])
async def logs(request: pytest.FixtureRequest, kafka: KafkaSettings, log_topic: str) -> AsyncIterator[Logs]:
    """One fresh log, of each kind in turn."""
    made = on_kafka(log_topic, kafka) if request.param == "kafka" else in_memory()
    yield made
    await made.stop()


@pytest.fixture(scope="session")
def server(clickhouse: ClickHouseSettings) -> Server:
    """Who sits the exam."""
    return Server.of(clickhouse)


@pytest.fixture(scope="module")
def database(server: Server) -> Iterator[str]:
    """A database of the module's own."""
    with server.new_database() as name:
        yield name


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """A raw HTTP client with the right password."""
    with server.client() as client:
        yield client
