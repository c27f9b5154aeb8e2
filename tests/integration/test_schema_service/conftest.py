"""One broker and one running service for the tests of this folder; each takes tenants of its own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from crosslook.platform.clock import FixedClock
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import KafkaSettings
from services.schema_service.settings import IntakeSettings
from tests.helpers.processes import own_topics
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.helpers.tiny_vendors import TINY_VENDORS
from tests.unit.schema_service.samples import TICKET

NOW = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
async def broker(kafka: KafkaSettings) -> KafkaSettings:
    """The broker with topics of this folder's own."""
    own = own_topics(kafka)
    await ensure_topics(own)
    return own


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """Keys that every service of this folder trusts."""
    return Tokens.at(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
async def service(broker: KafkaSettings, tokens: Tokens) -> AsyncIterator[Service]:
    """The service at 22:00 UTC, with small batches; tenant acme has tickets, globex has nothing."""
    small = IntakeSettings(max_bytes=10_000)
    async with running_service(broker, tokens, FixedClock(NOW), catalog=TINY_VENDORS, intake=small) as running:
        for tenant in ("acme", "globex"):
            await running.ask("PUT", f"/v1/tenants/{tenant}", "*", "ops", json={})
        await running.ask("POST", "/v1/tenants/acme/schemas", json=TICKET)
        yield running
