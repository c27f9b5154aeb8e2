"""What fault tests share: one broker and one engine, which some of them kill, and a dataset of each test's own."""

from collections.abc import AsyncIterator

import pytest

from tests.helpers.faults import Dataset, Site, new_dataset, running_site


@pytest.fixture(scope="package")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A broker and an engine on folders that outlive their processes."""
    async with running_site(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture
async def dataset(site: Site) -> AsyncIterator[Dataset]:
    """Workers, events and a database that no other test sees."""
    async with new_dataset(site) as made:
        yield made
