"""What every test of this folder may start from."""

import pytest

from tests.unit.schema_service.world import World


@pytest.fixture
async def world() -> World:
    """The service's parts on fresh logs."""
    return await World().start()
