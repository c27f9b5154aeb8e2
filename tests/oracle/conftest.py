"""One service with random snapshots for all random questions of a process."""

from collections.abc import AsyncIterator

import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.oracle_trials import Trials, published
from tests.helpers.query_service import query_stack


@pytest.fixture(scope="session")
async def trials(clickhouse: ClickHouseSettings) -> AsyncIterator[Trials]:
    """Random records, and the model that knows them."""
    async with query_stack(clickhouse, "query_trials") as running:
        yield await published(running)
