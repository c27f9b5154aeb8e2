"""One stack with the demonstration's data for all scenarios."""

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import Crosslook
from tests.page.demonstrated import demonstrated

EVENTS = "3000"
"""Enough for charts and drills; the demonstration itself has more."""


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crosslook]:
    """The command on a stack that has the demonstration's tenants."""
    with demonstrated(tmp_path_factory.mktemp("page") / "data", "--events", EVENTS) as command:
        yield command
