"""One stack with the demonstration's data for all scenarios."""

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import Crosslook
from tests.helpers.stack import free_base

EVENTS = "3000"
"""Enough for charts and drills; the demonstration itself has more."""


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crosslook]:
    """The command on a stack that has the demonstration's tenants."""
    command = Crosslook(tmp_path_factory.mktemp("page") / "data", free_base())
    started = command.up()
    assert started.status == 0, started.err
    loaded = command("demo", "--events", EVENTS)
    assert loaded.status == 0, loaded.err
    yield command
    command("down")
