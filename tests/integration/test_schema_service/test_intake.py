"""The event intake on a real broker: what is answered is there."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import orjson
import pytest

from crosslook.contracts.topics import RECORDS
from crosslook.platform.clock import FixedClock
from crosslook.platform.kafka import RecordSource, ensure_topics
from crosslook.platform.settings import KafkaSettings
from services.schema_service.settings import IntakeSettings
from tests.helpers import builders
from tests.helpers.builders import Event
from tests.helpers.processes import running_broker
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.integration.test_schema_service.conftest import NOW
from tests.unit.schema_service.samples import TICKET


def event(number: int, tenant: str, **data: Any) -> Event:
    members: dict[str, Any] = {"name": data.pop("object", "ticket"), "fields": {"status": "open"}, **data}
    return builders.event(tenant, record=f"t{number}", event_id=f"e{number}", time=NOW, **members)


async def read_records(broker: KafkaSettings, tenant: str, count: int) -> list[tuple[bytes, Any, dict[str, bytes]]]:
    """The tenant's messages on the records topic, once there are so many."""
    source = RecordSource(RECORDS.name, f"reader-{tenant}", broker)
    await source.start()
    found: list[tuple[bytes, Any, dict[str, bytes]]] = []
    async with asyncio.timeout(120):
        while len(found) < count:
            for messages in (await source.read(200, 1000)).values():
                for message in messages:
                    if (
                        message.key is not None
                        and message.value is not None
                        and message.key.startswith(f"{tenant}/".encode())
                    ):
                        found.append(
                            (
                                message.key,
                                orjson.loads(message.value),
                                {name: value for name, value in message.headers if value is not None},
                            )
                        )
    await source.stop()
    return found


@pytest.mark.parametrize("kind", ["application/json", "Application/CloudEvents-Batch+JSON; charset=UTF-8"])
async def test_good_events_are_on_kafka_when_they_are_answered(
    service: Service, broker: KafkaSettings, kind: str
) -> None:
    tenant = f"intake-{kind.partition(';')[0].rpartition('/')[2].replace('+', '-')}"
    await service.ask("POST", f"/v1/tenants/{tenant}/schemas", tenant, json=TICKET)
    batch = [event(1, tenant), event(2, tenant, fields={"statsu": "open"}), event(3, tenant)]
    answer = await service.ask(
        "POST",
        f"/v1/tenants/{tenant}/events",
        tenant,
        "records:write",
        content=orjson.dumps(batch),
        headers={"Content-Type": kind},
    )
    assert answer.status_code == 202
    assert answer.json() == {
        "accepted": 2,
        "refused": [
            {
                "index": 1,
                "id": "e2",
                "code": "unknown_field",
                "pointer": "/data/fields/statsu",
                "message": "statsu is not in the schema of ticket.",
                "suggestion": "status",
            }
        ],
    }
    found = sorted(await read_records(broker, tenant, 2), key=lambda item: item[0])
    assert [key for key, _, _ in found] == [f"{tenant}/ticket/t1".encode(), f"{tenant}/ticket/t3".encode()]
    assert [value for _, value, _ in found] == [batch[0], batch[2]]
    assert all(headers["content-type"].startswith(b"application/cloudevents+json") for _, _, headers in found)


async def test_an_event_that_nothing_can_hold_is_refused_and_the_others_are_on_kafka(
    service: Service, broker: KafkaSettings
) -> None:
    tenant = "intake-odd"
    await service.ask("POST", f"/v1/tenants/{tenant}/schemas", tenant, json=TICKET)
    batch = [event(1, tenant), event(2, tenant, fields={"csat": 8}), event(3, tenant, fields={"status": 9})]
    content = orjson.dumps(batch).replace(b":8}", b":1e400}").replace(b":9}", b':"\\ud800"}')
    kind = {"Content-Type": "application/json"}
    path = f"/v1/tenants/{tenant}/events"
    answer = await service.ask("POST", path, tenant, "records:write", content=content, headers=kind)
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    assert [
        (refused["index"], refused["id"], refused["code"], refused["pointer"]) for refused in answer.json()["refused"]
    ] == [
        (1, "e2", "out_of_range", "/data/fields/csat"),
        (2, "e3", "wrong_type", "/data/fields/status"),
    ]
    ((key, value, _),) = await read_records(broker, tenant, 1)
    assert (key, value) == (f"{tenant}/ticket/t1".encode(), batch[0])


async def test_a_tenant_that_only_sends_contacts_exists_from_then_on(service: Service) -> None:
    contact = event(1, "callers", object="contact", fields={"email": "a@example.com"})
    answer = await service.ask("POST", "/v1/tenants/callers/events", "callers", json=[contact])
    assert answer.json() == {"accepted": 1, "refused": []}
    assert (await service.ask("GET", "/v1/tenants/callers", "*", "ops")).status_code == 200


async def test_a_broker_that_is_away_is_a_503_that_says_when_to_try_again(tokens: Tokens, tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with running_broker(tmp_path / "broker") as kafka:
            await ensure_topics(kafka)
            service = await stack.enter_async_context(
                running_service(kafka, tokens, FixedClock(NOW), intake=IntakeSettings(publish_seconds=1))
            )
            contact = event(1, "acme", object="contact", fields={"email": "a@example.com"})
            answer = await service.ask("POST", "/v1/tenants/acme/events", json=[contact])
            assert answer.status_code == 202
        answer = await service.ask("POST", "/v1/tenants/acme/events", json=[contact])
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        async with asyncio.timeout(120):
            while (ready := await service.http.get("/readyz")).status_code == 200:
                await asyncio.sleep(0.05)
        assert ready.json()["reason"].endswith(": broker_unreachable")
