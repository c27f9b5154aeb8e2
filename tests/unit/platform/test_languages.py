"""Which language a refusal is told in (RFC 9110, 12.5.4)."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI, Request

from crosslook.contracts.tenant_settings import SETTINGS_PREFIX, SettingsEvent, TenantSettings
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic
from crosslook.platform.responses import language_of
from crosslook.platform.settings_feed import SettingsFeed


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA, en;q=0.5", "fr"),
        ("FR", "fr"),
        ("de, fr;q=0.3", "fr"),
        ("en;q=0.1, fr;q=0.9", "fr"),
        ("en, fr", "en"),
        ("fr;q=0", "en"),
        ("fr;q=zero", "en"),
        ("fr;q=\u0660", "en"),
        ("fry, frr", "en"),
        ("*", "en"),
        (",;,;q=1", "en"),
        ("de," * 49 + "fr", "fr"),
        ("de," * 50 + "fr", "en"),  # so many parts are no list of languages
    ],
)
def test_sentences_are_in_the_language_that_is_asked_for_most(accept: str | None, language: str) -> None:
    headers = [(b"accept-language", accept.encode())] if accept is not None else []
    assert language_of(Request({"type": "http", "headers": headers})) == language


async def french() -> SettingsFeed:
    """The settings of acme, which has chosen French."""
    log = MemoryLog(MemoryTopic(SCHEMAS.name))
    await log.start()
    settings = TenantSettings(tenant="acme", language="fr")
    event = SettingsEvent(id="1", source="/s", time=datetime(2026, 11, 23, tzinfo=UTC), data=settings)
    await log.put(SETTINGS_PREFIX + "acme", event.encode())
    return SettingsFeed(log)


def request_of(feed: SettingsFeed, accept: str | None, tenant: str | None) -> Request:
    app = FastAPI()
    app.state.tenant_settings = feed
    headers = [(b"accept-language", accept.encode())] if accept is not None else []
    return Request({"type": "http", "headers": headers, "app": app, "state": {"tenant": tenant} if tenant else {}})


@pytest.mark.parametrize(
    ("accept", "tenant", "language"),
    [
        (None, "acme", "fr"),
        ("", "acme", "fr"),
        ("*", "acme", "fr"),
        ("de, ja;q=0.5", "acme", "fr"),
        ("en", "acme", "en"),
        ("de, en;q=0.1", "acme", "en"),
        ("fr;q=0, de", "acme", "en"),
        ("en;q=0", "acme", "fr"),
        (None, "globex", "en"),
        (None, None, "en"),
    ],
)
async def test_where_none_of_ours_is_accepted_the_tenant_decides(
    accept: str | None, tenant: str | None, language: str
) -> None:
    assert language_of(request_of(await french(), accept, tenant)) == language
