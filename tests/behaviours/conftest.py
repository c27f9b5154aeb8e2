"""Fixtures of the engine's exam."""

from collections.abc import Iterator

import httpx
import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.engine_server import Server


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
