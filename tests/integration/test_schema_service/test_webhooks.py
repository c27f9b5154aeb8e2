"""`POST /v1/webhooks/{t}/{name}` over HTTP on a real broker: what is answered 202 is there, and nobody learns more."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from crosslook.contracts.topics import SNAPSHOTS, WEBHOOKS
from crosslook.platform.clock import FixedClock
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.plan_settings import QuotaSettings
from crosslook.platform.settings import KafkaSettings, TenantsSettings
from services.schema_service.integrations.webhooks import WEBHOOK_BODY_MAX
from services.schema_service.settings import SecretsSettings, WebhookIntakeSettings
from tests.helpers.processes import own_topics, running_broker
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.helpers.tiny_vendors import SECRET, TINY_VENDORS, courier_headers, parcel
from tests.helpers.topic_reading import read_messages
from tests.integration.test_schema_service.conftest import NOW
from tests.integration.test_schema_service.test_integrations import connect, delete, put
from tests.unit.schema_service.dataset import manifest
from tests.unit.schema_service.samples import TICKET


@pytest.fixture(scope="module")
async def own(kafka: KafkaSettings) -> KafkaSettings:
    """The broker with other topics: for services that run beside the one of this folder."""
    topics = own_topics(kafka)
    await ensure_topics(topics)
    return topics


async def post(
    service: Service, tenant: str, body: bytes, headers: dict[str, str] | None = None, name: str = "courier"
) -> httpx.Response:
    signed = courier_headers(body, NOW) if headers is None else headers
    return await service.http.post(f"/v1/webhooks/{tenant}/{name}", content=body, headers=signed)


def refusal(answer: httpx.Response) -> tuple[int, Any, list[str]]:
    """All of a refusal but what differs in each."""
    body = answer.json()
    del body["request_id"]
    return answer.status_code, body, sorted(name for name in answer.headers if name != "x-request-id")


async def test_an_accepted_message_is_on_kafka_as_it_was_received(service: Service, broker: KafkaSettings) -> None:
    await connect(service, "hooked")
    bodies = [parcel(1), parcel(2).replace(b",", b" ,\r\n"), b"", b"\xff\x00 not JSON"]
    for body in bodies:
        answer = await post(service, "hooked", body)
        assert (answer.status_code, answer.json()) == (202, {"accepted": 1}), body
    found = await read_messages(broker, WEBHOOKS.name, "hooked/", len(bodies))
    assert {message.key: message.value for message in found if message.value in bodies[:2]} == {
        b"hooked/courier/p1": bodies[0],
        b"hooked/courier/p2": bodies[1],
    }
    assert {message.key for message in found if message.value in bodies[2:]} == {b"hooked/courier/"}
    headers = {"crosslook-origin": b"webhook", "crosslook-life": b"courier_parcel:1"}
    headers["courier-time"] = NOW.isoformat().encode()
    assert all(message.headers == headers for message in found)


@pytest.mark.parametrize("kind", ["application/json", "text/plain; charset=latin-1", "nonsense", ""])
async def test_the_type_of_a_body_does_not_matter(service: Service, kind: str) -> None:
    await connect(service, "typed")
    headers = {**courier_headers(parcel(1), NOW), "Content-Type": kind}
    assert (await post(service, "typed", parcel(1), headers)).status_code == 202


async def test_chunks_parameters_and_a_token_of_nobody_do_not_matter(service: Service) -> None:
    await connect(service, "chunked")

    async def chunks() -> Any:
        for byte in parcel(1):
            yield bytes([byte])

    headers = {**courier_headers(parcel(1), NOW), "Authorization": "Bearer nonsense"}
    answer = await service.http.post("/v1/webhooks/chunked/courier?a=1&a=2", content=chunks(), headers=headers)
    assert answer.status_code == 202


async def test_whoever_is_not_the_vendor_learns_nothing(service: Service) -> None:
    await connect(service, "closed")
    body = parcel(1)
    wrong = courier_headers(body, NOW, "another secret")
    old = courier_headers(body, NOW - timedelta(hours=26))
    answers = [
        await post(service, "closed", body, wrong),
        await post(service, "closed", body, {}),
        await post(service, "closed", body, old),
        await post(service, "closed", parcel(2), courier_headers(body, NOW)),
        await post(service, "closed", b"x" * (WEBHOOK_BODY_MAX + 1)),
        await post(service, "closed", b"x" * (7 * 1024 * 1024)),
        await post(service, "closed", body, name="zendesk"),
        await post(service, "acme", body),
        await post(service, "no tenant's name", body),
    ]
    first = refusal(answers[0])
    assert (first[0], first[1]["code"]) == (401, "signature_refused")
    assert [refusal(answer) for answer in answers] == [first] * len(answers)


async def test_a_stale_signature_is_accepted(service: Service) -> None:
    await connect(service, "stale")
    old = courier_headers(parcel(1), NOW - timedelta(hours=2))
    assert (await post(service, "stale", parcel(1), old)).status_code == 202
    assert 'crosslook_webhooks_total{integration="courier",outcome="stale"}' in await metrics(service)


async def metrics(service: Service) -> str:
    return (await service.http.get("/metrics")).text


async def test_a_large_body_is_taken(service: Service, broker: KafkaSettings) -> None:
    await connect(service, "large")
    body = b"x" * WEBHOOK_BODY_MAX
    assert (await post(service, "large", body)).status_code == 202
    (found,) = await read_messages(broker, WEBHOOKS.name, "large/", 1)
    assert found.value == body


async def test_disconnected_nothing_is_accepted(service: Service) -> None:
    await connect(service, "left")
    assert (await post(service, "left", parcel(1))).status_code == 202
    await service.ask("DELETE", "/v1/tenants/left/integrations/courier", "left")
    assert (await post(service, "left", parcel(1))).status_code == 401


async def test_a_replaced_secret_is_valid_for_its_grace(own: KafkaSettings, tokens: Tokens) -> None:
    clock = FixedClock(NOW)
    async with running_service(own, tokens, clock, catalog=TINY_VENDORS) as service:

        async def status(secret: str) -> int:
            body = parcel(1)
            return (await post(service, "rotated", body, courier_headers(body, clock.now(), secret))).status_code

        await connect(service, "rotated", signing_secret="first")
        await connect(service, "rotated", signing_secret="second")
        assert [await status(secret) for secret in ("first", "second", "third")] == [202, 202, 401]
        shown = (await service.ask("GET", "/v1/tenants/rotated/integrations/courier", "rotated")).json()
        assert shown["replaced_until"] == "2026-11-25T22:00:00Z"
        clock.at = NOW + timedelta(hours=24)
        assert [await status(secret) for secret in ("first", "second")] == [401, 202]
        await connect(service, "rotated", signing_secret="third", grace_hours=0)
        assert [await status(secret) for secret in ("second", "third")] == [401, 202]


async def test_tenants_that_share_an_account_stay_separate(service: Service, broker: KafkaSettings) -> None:
    for tenant in ("left-half", "right-half"):
        await connect(service, tenant)
        assert (await post(service, tenant, parcel(1))).status_code == 202
    for tenant in ("left-half", "right-half"):
        (found,) = await read_messages(broker, WEBHOOKS.name, f"{tenant}/", 1)
        assert found.key == f"{tenant}/courier/p1".encode()


async def test_beyond_the_quota_the_vendor_comes_back_in_half_a_minute(own: KafkaSettings, tokens: Tokens) -> None:
    few = QuotaSettings(events_per_second=1)
    async with running_service(own, tokens, FixedClock(NOW), catalog=TINY_VENDORS, quotas=few) as service:
        await connect(service, "quota")
        answers = [await post(service, "quota", parcel(number)) for number in range(12)]
        assert answers[0].status_code == 202
        last = answers[-1]
        assert (last.status_code, last.headers["retry-after"], last.json()["code"]) == (429, "30", "rate_limited")
        wrong = courier_headers(parcel(1), NOW, "another secret")
        assert (await post(service, "quota", parcel(1), wrong)).status_code == 401


async def test_a_suspended_tenant_has_no_webhook(own: KafkaSettings, tokens: Tokens) -> None:
    closed = TenantsSettings(open=False)
    async with running_service(own, tokens, FixedClock(NOW), catalog=TINY_VENDORS, tenants=closed) as service:
        await service.ask("PUT", "/v1/tenants/halting", "*", "ops", json={})
        await connect(service, "halting")
        assert (await post(service, "halting", parcel(1))).status_code == 202
        await service.ask("PUT", "/v1/tenants/halting", "*", "ops", json={"status": "suspended"})
        assert (await post(service, "halting", parcel(1))).status_code == 401


async def test_without_keys_nothing_is_connected_and_vendors_come_back(own: KafkaSettings, tokens: Tokens) -> None:
    async with running_service(own, tokens, FixedClock(NOW), catalog=TINY_VENDORS) as service:
        await connect(service, "keyless")
    none = SecretsSettings()
    async with running_service(own, tokens, FixedClock(NOW), catalog=TINY_VENDORS, secrets=none) as service:
        refused = await put(service, "keyless", signing_secret="x")
        assert (refused.status_code, refused.json()["code"]) == (503, "secrets_unavailable")
        answer = await post(service, "keyless", parcel(1))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        shown = (await service.ask("GET", "/v1/tenants/keyless/integrations/courier", "keyless")).json()
        assert shown["state"] == "secret_unreadable"


async def test_an_integration_that_this_release_lacks_makes_vendors_come_back(
    own: KafkaSettings, tokens: Tokens
) -> None:
    async with running_service(own, tokens, FixedClock(NOW), catalog=TINY_VENDORS) as service:
        await connect(service, "newer")
    async with running_service(own, tokens, FixedClock(NOW), catalog={}) as service:
        answer = await post(service, "newer", parcel(1))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        shown = (await service.ask("GET", "/v1/tenants/newer/integrations/courier", "newer")).json()
        assert (shown["state"], shown["label"]) == ("unknown_kind", "courier")
        assert (await service.ask("DELETE", "/v1/tenants/newer/integrations/courier", "newer")).status_code == 204


async def test_while_kafka_is_away_vendors_come_back(tmp_path: Path, tokens: Tokens) -> None:
    quick = WebhookIntakeSettings(publish_seconds=1)
    async with running_broker(tmp_path) as kafka:
        await ensure_topics(kafka)
        context = running_service(kafka, tokens, FixedClock(NOW), catalog=TINY_VENDORS, webhook_intake=quick)
        service = await context.__aenter__()
        await connect(service, "away")
        assert (await post(service, "away", parcel(1))).status_code == 202
    for headers in (None, courier_headers(parcel(1), NOW, "another secret")):
        answer = await post(service, "away", parcel(1), headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    async with asyncio.timeout(60):
        await context.__aexit__(None, None, None)


async def test_the_health_of_a_connection_counts_what_arrives(own: KafkaSettings, tokens: Tokens) -> None:
    clock = FixedClock(NOW)
    async with running_service(own, tokens, clock, catalog=TINY_VENDORS) as service:
        await connect(service, "healthy")
        await post(service, "healthy", parcel(1))
        await post(service, "healthy", b"not JSON")
        await post(service, "healthy", parcel(1), courier_headers(parcel(1), NOW - timedelta(hours=2)))
        await post(service, "healthy", parcel(1), courier_headers(parcel(1), NOW, "another secret"))

        async def health() -> Any:
            shown = await service.ask("GET", "/v1/tenants/healthy/integrations/courier", "healthy")
            return shown.json()["health"]

        now = "2026-11-24T22:00:00Z"
        assert await health() == {
            "last_event_at": now,
            "last_refused_at": now,
            "events_24h": 3,
            "refused_24h": 1,
            "bad_signatures_24h": 1,
            "stale_signatures_24h": 1,
            "warning": None,
        }
        clock.at = NOW + timedelta(hours=25)
        later = await health()
        assert (later["events_24h"], later["last_event_at"]) == (0, now)
        assert later["warning"]["code"] == "integration_silent"


async def test_headers_that_the_options_name_are_kept(service: Service, broker: KafkaSettings) -> None:
    await service.ask("POST", "/v1/tenants/kept-headers/schemas", "kept-headers", json=TICKET)
    await connect(service, "kept-headers", "herald", options={"object": "ticket"})
    assert (await post(service, "kept-headers", parcel(1), name="herald")).status_code == 202
    (found,) = await read_messages(broker, WEBHOOKS.name, "kept-headers/", 1)
    assert set(found.headers) == {"crosslook-origin", "crosslook-life", "courier-time"}


async def lives(broker: KafkaSettings, tenant: str, count: int) -> list[str]:
    """The lives that a tenant's messages were accepted for, in their order."""
    found = await read_messages(broker, WEBHOOKS.name, f"{tenant}/", count)
    return [message.headers["crosslook-life"].decode() for message in found]


async def test_a_message_names_the_object_that_its_connection_was_made_for(own: KafkaSettings, tokens: Tokens) -> None:
    async with running_service(own, tokens, FixedClock(NOW), catalog=TINY_VENDORS) as service:
        await connect(service, "lives")
        await post(service, "lives", parcel(1))
        await delete(service, "lives")
        await connect(service, "lives")
        await post(service, "lives", parcel(1))
        await delete(service, "lives", what="?object=delete")
        snapshots = KafkaLogStore(SNAPSHOTS.name, own)
        await snapshots.start()
        refreshed = manifest(1, schema_offset=1_000_000)
        await snapshots.put(refreshed.key, refreshed.encode())
        await snapshots.stop()
        async with asyncio.timeout(60):
            while (await put(service, "lives", signing_secret=SECRET)).status_code == 409:
                await asyncio.sleep(0.05)
        await post(service, "lives", parcel(1))
        assert await lives(own, "lives", 3) == ["courier_parcel:1", "courier_parcel:1", "courier_parcel:3"]


async def test_the_life_of_a_connection_stays_where_its_options_name_another_object(
    service: Service, broker: KafkaSettings
) -> None:
    for slug in ("ticket", "parcel"):
        await service.ask("POST", "/v1/tenants/moved-life/schemas", "moved-life", json={**TICKET, "object": slug})
        assert (await put(service, "moved-life", "herald", signing_secret=SECRET, options={"object": slug})).is_success
        await post(service, "moved-life", parcel(1), name="herald")
    assert await lives(broker, "moved-life", 2) == ["ticket:1", "ticket:1"]
