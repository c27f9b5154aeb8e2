"""Fixtures that everybody shares: one real broker and one real engine a session, started when first asked for."""

from collections.abc import AsyncIterator, Iterator

import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.processes import running_broker, running_engine


@pytest.fixture(scope="session")
async def kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KafkaSettings]:
    """A real Kafka."""
    async with running_broker(tmp_path_factory.mktemp("broker")) as settings:
        yield settings


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseSettings]:
    """A real ClickHouse engine; each test takes a database of its own."""
    with running_engine(tmp_path_factory.mktemp("clickhouse")) as settings:
        yield settings
