"""The health of an integration at several replicas on a real broker: the same everywhere, after restarts and kills."""

import contextlib
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crosslook.contracts.health import health_key, slot_key
from crosslook.contracts.topics import HEALTH, TOPICS
from crosslook.local.ports import free_port
from crosslook.platform.clock import FixedClock
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.kafka import Publisher, ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogView
from crosslook.platform.settings import KafkaSettings
from services.schema_service.settings import WebhookIntakeSettings
from tests.behaviours.logs import until
from tests.helpers.processes import own_topics
from tests.helpers.schema_service import SECRETS, Service, Tokens, running_service
from tests.helpers.service_processes import ServiceProcess, schema_process
from tests.helpers.tiny_vendors import TINY_VENDORS, courier_headers, parcel
from tests.integration.test_schema_service.conftest import NOW
from tests.integration.test_schema_service.test_integrations import connect, delete

OFTEN = WebhookIntakeSettings(health_seconds=0.1)
"""Counts are saved so often that no test waits long."""
EVENT = b'{"event": "invitee.created"}'


@pytest.fixture
async def own(kafka: KafkaSettings) -> KafkaSettings:
    """The broker with topics of this test's own."""
    topics = own_topics(kafka)
    await ensure_topics(topics)
    return topics


@contextlib.asynccontextmanager
async def replica(
    kafka: KafkaSettings, tokens: Tokens, clock: FixedClock, port: int, saves: WebhookIntakeSettings = OFTEN
) -> AsyncIterator[Service]:
    """A replica at a port of its own."""
    http = HttpSettings(port=port)
    async with running_service(kafka, tokens, clock, catalog=TINY_VENDORS, http=http, webhook_intake=saves) as service:
        yield service


async def send(service: Service, times: int, secret: str | None = None) -> None:
    """Parcels' messages at a replica, with the right signature by default."""
    headers = courier_headers(parcel(1), NOW, secret) if secret else courier_headers(parcel(1), NOW)
    for _ in range(times):
        answer = await service.http.post("/v1/webhooks/acme/courier", content=parcel(1), headers=headers)
        assert answer.status_code == (401 if secret else 202)


async def health(service: Service, name: str = "courier") -> Any:
    """The health of a connection of acme as a replica shows it."""
    return (await service.ask("GET", f"/v1/tenants/acme/integrations/{name}")).json()["health"]


async def counts(service: Service, name: str = "courier") -> tuple[int, int]:
    """Messages that were taken, and wrong signatures."""
    shown = await health(service, name)
    return shown["events_24h"], shown["bad_signatures_24h"]


async def shows(service: Service, expected: tuple[int, int], name: str = "courier") -> bool:
    """Whether a replica shows these counts."""
    return await counts(service, name) == expected


async def keys(kafka: KafkaSettings) -> set[str]:
    """The keys of the health topic that have a value."""
    view = KafkaLogView(HEALTH.name, kafka)
    await view.start()
    found = set(view.entries())
    await view.stop()
    return found


async def test_two_replicas_show_the_same_sums_and_a_restart_in_order_keeps_them(
    own: KafkaSettings, tokens: Tokens
) -> None:
    clock = FixedClock(NOW)
    async with replica(own, tokens, clock, 8001) as first:
        await connect(first, "acme")
        async with replica(own, tokens, clock, 8002) as second:
            await send(first, 3)
            await send(second, 2)
            await send(second, 1, "another secret")

            async def shown() -> bool:
                return await counts(first) == await counts(second) == (5, 1)

            await until(shown)
            assert await health(first) == await health(second)
            await send(first, 4)
            await send(second, 4)
        await until(lambda: shows(first, (13, 1)))  # what the second has saved at its end, too
        await send(first, 1)
    async with replica(own, tokens, clock, 8003) as third:
        assert await counts(third) == (14, 1)
    assert await keys(own) == {health_key("acme", "courier", slot) for slot in (0, 1)} | {slot_key(0), slot_key(1)}


async def test_an_integration_that_is_connected_again_begins_at_zero_everywhere(
    own: KafkaSettings, tokens: Tokens
) -> None:
    clock = FixedClock(NOW)
    async with replica(own, tokens, clock, 8001) as first, replica(own, tokens, clock, 8002) as second:
        await connect(first, "acme")
        await send(second, 2)
        await until(lambda: shows(first, (2, 0)))
        await delete(first, "acme")
        clock.at += timedelta(seconds=1)
        await connect(first, "acme")
        assert await counts(first) == await counts(second) == (0, 0)
        await send(second, 1)
        await until(lambda: shows(first, (1, 0)))


async def test_documents_of_a_replica_that_is_gone_are_removed_after_a_day(own: KafkaSettings, tokens: Tokens) -> None:
    clock = FixedClock(NOW)
    async with replica(own, tokens, clock, 8001) as first:
        await connect(first, "acme")
        await send(first, 1)
        async with replica(own, tokens, clock, 8002) as second:
            await until(lambda: shows(second, (1, 0)))
            await send(second, 1, "another secret")
            clock.at += timedelta(seconds=5)
            await send(second, 1)
        await until(lambda: shows(first, (2, 1)))
        last = await health(first)
        clock.at += timedelta(hours=27)

        async def removed() -> bool:
            return await keys(own) == {health_key("acme", "courier", 0), slot_key(0)}

        await until(removed)
        assert await health(first) == {
            "last_event_at": last["last_event_at"],
            "last_refused_at": None,
            "events_24h": 0,
            "refused_24h": 0,
            "bad_signatures_24h": 0,
            "stale_signatures_24h": 0,
            "warning": (await health(first))["warning"],
        }


async def test_a_document_that_cannot_be_read_is_named_and_replaced(own: KafkaSettings, tokens: Tokens) -> None:
    clock, key = FixedClock(NOW), health_key("acme", "courier", 0)
    async with replica(own, tokens, clock, 8001) as first:
        await connect(first, "acme")
        await send(first, 2)
        await until(lambda: shows(first, (2, 0)))
    publisher = Publisher(own)
    await publisher.start()
    await publisher.publish(HEALTH.name, [(key.encode(), b"rubbish", [])])
    await publisher.stop()
    async with replica(own, tokens, clock, 8001, WebhookIntakeSettings()) as first:
        ready = (await first.http.get("/readyz")).json()
        assert ready["status"] == "degraded"
        assert f"{key} at offset" in ready["reason"]
        assert (await connect(first, "globex")).status_code == 200
        await send(first, 1)
        assert await counts(first) == (3, 0)

        async def well() -> bool:
            return bool((await first.http.get("/readyz")).json()["status"] == "ok")

        async with replica(own, tokens, clock, 8002):  # it has nothing to save
            await until(well)
        assert await counts(first) == (3, 0)


async def test_without_the_topic_messages_are_taken_and_counted_by_each_replica(
    kafka: KafkaSettings, tokens: Tokens
) -> None:
    own = own_topics(kafka)
    await ensure_topics(own, [topic for topic in TOPICS if topic is not HEALTH])
    async with replica(own, tokens, FixedClock(NOW), 8001) as service:
        ready = (await service.http.get("/readyz")).json()
        assert ready["status"] == "degraded"
        assert HEALTH.name in ready["reason"]
        await connect(service, "acme")
        await send(service, 2)
        assert await counts(service) == (2, 0)
        await ensure_topics(own, [HEALTH])

        async def saved() -> bool:
            return health_key("acme", "courier", 0) in await keys(own)

        await until(saved)
        assert await counts(service) == (2, 0)


def post(process: ServiceProcess, secret: str) -> None:
    """A message of Calendly at a process."""
    seconds = str(int(time.time()))
    signature = hmac.new(secret.encode(), f"{seconds}.".encode() + EVENT, hashlib.sha256).hexdigest()
    headers = {"Calendly-Webhook-Signature": f"t={seconds},v1={signature}"}
    process.ask("POST", "/v1/webhooks/acme/calendly", content=EVENT, headers=headers)


def shown_by(process: ServiceProcess) -> tuple[int, int]:
    """Messages that were taken, and wrong signatures, as a process shows them."""
    found = process.ask("GET", "/v1/tenants/acme/integrations/calendly").json()["health"]
    return found["events_24h"], found["bad_signatures_24h"]


async def test_a_process_that_is_killed_keeps_what_was_saved(
    own: KafkaSettings, tokens: Tokens, tmp_path: Path
) -> None:
    environment = {
        "CROSSLOOK_HTTP__ADVERTISED_URL": f"http://127.0.0.1:{free_port()}",
        "CROSSLOOK_SECRETS__KEYS": SECRETS.keys.get_secret_value(),
        "CROSSLOOK_WEBHOOK_INTAKE__HEALTH_SECONDS": "0.1",
    }
    async with running_service(own, tokens) as observer:
        for sent in range(3):
            with schema_process(own, tmp_path, environment) as process:
                if not sent:
                    body = {"signing_secret": "the right one", "options": {}}
                    connected = process.ask("PUT", "/v1/tenants/acme/integrations/calendly", json=body)
                    assert connected.status_code == 200, connected.text
                assert shown_by(process) == (sent, sent)
                post(process, "the right one")
                post(process, "a wrong one")
                assert shown_by(process) == (sent + 1, sent + 1)
                await until(partial(shows, observer, (sent + 1, sent + 1), "calendly"))
                process.process.kill()
    assert await keys(own) == {health_key("acme", "calendly", 0), slot_key(0)}
