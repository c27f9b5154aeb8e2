"""Connected integrations as a service sees them, from the log."""

from datetime import UTC, datetime

from crosslook.contracts.integrations import IntegrationEvent, IntegrationState, SealedSecret, WebhookKey
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.log_store.memory import MemoryLog

AT = datetime(2026, 12, 1, tzinfo=UTC)


def state(name: str, kind: str = "zendesk") -> IntegrationState:
    secrets = (SealedSecret(sealed="x"),)
    return IntegrationState(
        tenant="acme", name=name, kind=kind, object=f"{name}_ticket", secrets=secrets, connected_at=AT
    )


async def put(store: MemoryLog, integration: IntegrationState, version: int) -> None:
    event = IntegrationEvent(id="1", source="/s", time=AT, data=integration)
    await store.put(integration.key, event.encode(), expected_version=version)


async def test_a_connection_is_known_until_it_is_removed() -> None:
    store = MemoryLog(SCHEMAS.name)
    await store.start()
    before, feed = state("zendesk"), IntegrationsFeed(store)
    await put(store, before, 0)
    await put(store, state("calendly", "calendly"), 0)
    assert feed.integration("acme", "zendesk") == before
    assert [found.name for found in feed.integrations("acme")] == ["calendly", "zendesk"]
    assert IntegrationsFeed(store).integrations("acme") == feed.integrations("acme")
    assert feed.integration("globex", "zendesk") is None
    await store.put(before.key, None, expected_version=1)
    assert feed.integration("acme", "zendesk") is None
    assert not feed.lost("acme", "zendesk")
    assert [found.name for found in feed.all_integrations()] == ["calendly"]


def test_a_key_of_the_webhooks_topic_has_one_reading() -> None:
    key = WebhookKey("acme", "zendesk", "a/b")
    assert WebhookKey.parse(key.encode()) == key
    assert WebhookKey.parse(WebhookKey("acme", "zendesk", "").encode()) == WebhookKey("acme", "zendesk", "")
    for other in (None, b"", b"acme", b"acme/zendesk", b"acme/Zendesk/1", b"/zendesk/1"):
        assert WebhookKey.parse(other) is None
