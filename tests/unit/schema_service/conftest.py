"""What every test of this folder may start from."""

import pytest

from tests.unit.schema_service.dataset import Dataset


@pytest.fixture
async def dataset() -> Dataset:
    """The service's parts on fresh logs."""
    return await Dataset().start()
