"""`POST …/integrations/{name}/backfill` over HTTP on a real broker."""

from typing import Any

import orjson

from crosslook.contracts.topics import WEBHOOKS
from crosslook.platform.settings import KafkaSettings
from tests.helpers.schema_service import Service
from tests.helpers.tiny_vendors import parcel
from tests.helpers.topic_reading import read_messages
from tests.integration.test_schema_service.test_integrations import connect, put
from tests.unit.schema_service.samples import TICKET


async def send(service: Service, tenant: str, body: bytes, name: str = "courier", **more: Any) -> Any:
    return await service.ask("POST", f"/v1/tenants/{tenant}/integrations/{name}/backfill", tenant, content=body, **more)


async def test_the_items_of_a_page_are_messages_and_bad_ones_are_told(service: Service, broker: KafkaSettings) -> None:
    await connect(service, "history")
    page = {"parcels": [orjson.loads(parcel(1)), {}, {"parcel": 5}, orjson.loads(parcel(2))]}
    for _ in range(2):
        answer = await send(service, "history", orjson.dumps(page), headers={"Accept-Language": "fr"})
        body = answer.json()
        assert (answer.status_code, body["accepted"], body["refused"]) == (202, 2, 2)
        errors = [(error["index"], error["pointer"], error["code"], error["message"]) for error in body["errors"]]
        assert errors == [
            (1, "/parcels/1", "wrong_type", "Du texte est attendu ici."),
            (2, "/parcel", "wrong_type", "Du texte est attendu ici."),
        ]
    found = await read_messages(broker, WEBHOOKS.name, "history/", 4)
    assert {message.key for message in found} == {b"history/courier/p1", b"history/courier/p2"}
    headers = {"crosslook-origin": b"history", "crosslook-life": b"courier_parcel:1"}
    assert all(message.headers == headers for message in found)
    assert {message.value for message in found} == {parcel(1), parcel(2)}


async def test_what_is_not_a_page_is_refused(service: Service) -> None:
    await connect(service, "no-page")
    for body in (b"", b"[]", b"{}", b"\xff"):
        answer = await send(service, "no-page", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_type"), body
    empty = await send(service, "no-page", b'{"parcels": []}')
    assert (empty.status_code, empty.json()) == (202, {"accepted": 0, "refused": 0, "errors": []})


async def test_only_connected_integrations_with_a_history_take_pages(service: Service) -> None:
    await service.ask("POST", "/v1/tenants/storyless/schemas", "storyless", json=TICKET)
    made = await put(service, "storyless", "herald", signing_secret="x", options={"object": "ticket"})
    assert made.status_code == 200
    answer = await send(service, "storyless", b"{}", "herald")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_history")
    missing = await send(service, "storyless", b"{}")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_integration")
