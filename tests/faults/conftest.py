"""What fault tests share: one broker and one engine, which some of them kill, and a world of each test's own."""

from collections.abc import AsyncIterator

import pytest

from tests.helpers.faults import Site, World, new_world, running_site


@pytest.fixture(scope="package")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A broker and an engine on folders that outlive their processes."""
    async with running_site(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture
async def world(site: Site) -> AsyncIterator[World]:
    """Workers, events and a database that no other test sees."""
    async with new_world(site) as made:
        yield made
