"""schema_service over HTTP on a real broker: every call of CONTRACTS 2 with its answer."""

import asyncio
from typing import Any

import orjson

from crosslook.contracts.schemas import SchemaEvent
from crosslook.contracts.topics import SCHEMAS, SNAPSHOTS
from crosslook.platform.log_store.kafka import KafkaLogView
from crosslook.platform.settings import KafkaSettings
from tests.helpers.schema_service import Publications, Service
from tests.integration.test_schema_service.conftest import NOW
from tests.unit.schema_service.dataset import manifest
from tests.unit.schema_service.samples import TICKET, ticket, without

PENDING = {
    "state": "pending",
    "from": "2026-11-25T11:30:00Z",
    "reason": "It will be in reports after the next refresh.",
}


async def test_it_is_ready_once_both_logs_are_replayed(service: Service) -> None:
    for path in ("/livez", "/readyz"):
        answer = await service.http.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_an_object_is_made_read_changed_and_deleted(service: Service) -> None:
    schemas = "/v1/tenants/crud/schemas"
    made = await service.ask("POST", schemas, "crud", json=TICKET)
    assert made.status_code == 201
    assert made.headers["location"] == f"{schemas}/ticket"
    assert made.headers["etag"] == '"1"'
    assert made.json() == {
        **TICKET,
        "version": 1,
        "status": "active",
        "created_at": "2026-11-24T22:00:00Z",
        "updated_at": "2026-11-24T22:00:00Z",
        "in_reports": PENDING,
    }
    read = await service.ask("GET", f"{schemas}/ticket", "crud")
    assert (read.status_code, read.headers["etag"], read.json()) == (200, '"1"', made.json())

    changed = await service.ask(
        "PUT", f"{schemas}/ticket", "crud", json=without("csat"), headers={"If-Match": read.headers["etag"]}
    )
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == {**made.json(), **without("csat"), "version": 2}

    gone = await service.ask("DELETE", f"{schemas}/ticket", "crud")
    assert (gone.status_code, gone.headers["etag"]) == (202, '"3"')
    assert gone.json() == {
        "object": "ticket",
        "version": 3,
        "status": "deleted",
        "created_at": "2026-11-24T22:00:00Z",
        "updated_at": "2026-11-24T22:00:00Z",
        "in_reports": {
            "state": "leaving",
            "from": "2026-11-25T11:30:00Z",
            "reason": "It was deleted before it was in reports; its slug is free after the next refresh.",
        },
    }
    assert (await service.ask("GET", f"{schemas}/ticket", "crud")).json() == gone.json()


async def test_what_was_answered_stands_on_the_topic(service: Service, broker: KafkaSettings) -> None:
    await service.ask("POST", "/v1/tenants/topic/schemas", "topic", json=TICKET)
    view = KafkaLogView(SCHEMAS.name, broker)
    await view.start()
    entry = view.get("topic/ticket")
    await view.stop()
    assert entry is not None
    event = SchemaEvent.decode(entry.value)
    assert event is not None
    assert (event.type, event.data.version, entry.version) == ("crosslook.schema.created.v1", 1, 1)
    assert orjson.loads(entry.value)["data"]["definition"] == TICKET


async def test_validate_only_answers_what_would_change_and_writes_nothing(service: Service) -> None:
    await service.ask("POST", "/v1/tenants/dry/schemas", "dry", json=TICKET)
    path = "/v1/tenants/dry/schemas/ticket?validate_only=true"
    answer = await service.ask("PUT", path, "dry", json=without("csat"), headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    assert answer.json() == {
        "valid": True,
        "errors": [],
        "errors_omitted": 0,
        "changes": [{"kind": "field_removed", "pointer": "/fields/1", "slug": "csat", "effective": "next_refresh"}],
        "impact": [],
    }
    refused = await service.ask("PUT", path, "dry", json=ticket(object="case"))
    assert refused.status_code == 200
    assert refused.json() == {
        "valid": False,
        "errors": [
            {
                "pointer": "/object",
                "code": "object_mismatch",
                "message": "The address names the object ticket, the body another object; an object's slug never "
                "changes.",
                "suggestion": "ticket",
            }
        ],
        "errors_omitted": 0,
        "changes": [],
        "impact": [],
    }
    assert (await service.ask("GET", "/v1/tenants/dry/schemas/ticket", "dry")).json()["version"] == 1


async def test_the_contact_is_there_before_anything_else_and_takes_fields(service: Service) -> None:
    path = "/v1/tenants/people/schemas/contact"
    contact = (await service.ask("GET", path, "people")).json()
    assert [field["slug"] for field in contact["fields"]] == [
        "email",
        "first_name",
        "last_name",
        "phone",
        "country",
        "created_at",
    ]
    body = {name: contact[name] for name in ("object", "labels", "description", "fields", "relationships")}
    body["fields"].append({"slug": "segment", "type": "text"})
    answer = await service.ask("PUT", path, "people", json=body, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer.json()["fields"] == body["fields"]


async def test_objects_are_listed_page_by_page(service: Service) -> None:
    path = "/v1/tenants/pages/schemas"
    for slug in ("asset", "order", "ticket"):
        await service.ask("POST", path, "pages", json=ticket(object=slug))
    seen: list[list[str]] = []
    token = ""
    while token is not None:
        answer = (await service.ask("GET", f"{path}?page_size=2{token and '&page_token=' + token}", "pages")).json()
        seen.append([item["object"] for item in answer["items"]])
        token = answer["next_page_token"]
    assert seen == [["asset", "contact"], ["order", "ticket"]]
    whole = (await service.ask("GET", path, "pages")).json()
    assert [item["object"] for item in whole["items"]] == ["asset", "contact", "order", "ticket"]
    assert whole["next_page_token"] is None


async def test_creations_at_once_make_one_object(service: Service) -> None:
    path = "/v1/tenants/race/schemas"
    answers = await asyncio.gather(*(service.ask("POST", path, "race", json=TICKET) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    with_key = [
        service.ask("POST", path, "race", json=ticket(object="case"), headers={"Idempotency-Key": "k"})
        for _ in range(4)
    ]
    repeated = await asyncio.gather(*with_key)
    assert [response.status_code for response in repeated] == [201] * 4
    assert all(response.json() == repeated[0].json() for response in repeated)


async def test_changes_at_once_are_never_lost(service: Service) -> None:
    path = "/v1/tenants/lost/schemas"
    await service.ask("POST", path, "lost", json=TICKET)
    answers = await asyncio.gather(
        *(
            service.ask("PUT", f"{path}/ticket", "lost", json=ticket(description=f"{n}"), headers={"If-Match": '"1"'})
            for n in range(4)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_operators_make_list_and_read_tenants(service: Service) -> None:
    made = await service.ask("PUT", "/v1/tenants/initech", "*", "ops", json={"plan": "enterprise"})
    expected = {"tenant": "initech", "plan": "enterprise", "status": "active"}
    assert made.status_code == 200
    assert expected.items() <= made.json().items()
    expected = made.json()
    assert (await service.ask("GET", "/v1/tenants/initech", "*", "ops")).json() == expected
    listed = await service.ask("GET", "/v1/tenants?page_size=500", "*", "ops")
    assert expected in listed.json()["items"]


async def test_a_suspended_tenant_has_nothing(service: Service) -> None:
    await service.ask("PUT", "/v1/tenants/hooli", "*", "ops", json={"status": "suspended"})
    answer = await service.ask("GET", "/v1/tenants/hooli/schemas", "hooli")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_tenant")


async def test_an_object_comes_into_the_reports_and_leaves_them_by_refreshes_only(
    service: Service, broker: KafkaSettings
) -> None:
    path = "/v1/tenants/story/schemas"

    async def state() -> str:
        answer = await service.ask("GET", f"{path}/ticket", "story")
        if answer.status_code == 404:
            return "404"
        found: str = answer.json()["in_reports"]["state"]
        return found

    async def refresh(number: int) -> None:
        reader = KafkaLogView(SCHEMAS.name, broker)
        await reader.start()
        cut = reader.position
        await reader.stop()
        await publications.publish(manifest(number, cut, NOW))
        end = KafkaLogView(SNAPSHOTS.name, broker)
        await end.start()
        await end.stop()
        async with asyncio.timeout(120):
            while service.app.state.published.position < end.position:
                await asyncio.sleep(0.01)

    async with Publications(broker) as publications:
        await service.ask("POST", path, "story", json=TICKET)
        assert await state() == "pending"
        await refresh(1)
        assert await state() == "available"
        await service.ask("PUT", f"{path}/ticket", "story", json=without("csat"), headers={"If-Match": '"1"'})
        assert await state() == "changing"
        await refresh(2)
        assert await state() == "available"
        await service.ask("DELETE", f"{path}/ticket", "story")
        assert await state() == "leaving"
        assert (await service.ask("POST", path, "story", json=TICKET)).json()["code"] == "slug_taken"
        await refresh(3)
        assert await state() == "404"
        again = await service.ask("POST", path, "story", json=TICKET)
        assert (again.status_code, again.headers["etag"]) == (201, '"4"')
        assert await state() == "pending"


CALLS = {
    "GET /livez",
    "GET /readyz",
    "GET /metrics",
    "GET /v1/tenants/{tenant}/schemas",
    "POST /v1/tenants/{tenant}/schemas",
    "GET /v1/tenants/{tenant}/schemas/{object}",
    "PUT /v1/tenants/{tenant}/schemas/{object}",
    "DELETE /v1/tenants/{tenant}/schemas/{object}",
    "GET /v1/tenants/{tenant}/schemas/{object}/json-schema",
    "GET /v1/asyncapi",
    "GET /v1/tenants",
    "GET /v1/tenants/{tenant}",
    "PUT /v1/tenants/{tenant}",
    "GET /v1/tenants/{tenant}/settings",
    "PUT /v1/tenants/{tenant}/settings",
    "POST /v1/tenants/{tenant}/events",
    "POST /v1/recovery/schemas",
    "GET /v1/recovery/documents",
    "POST /v1/recovery/documents",
    "POST /v1/recovery/secrets",
    "GET /v1/integrations",
    "GET /v1/tenants/{tenant}/integrations",
    "GET /v1/tenants/{tenant}/integrations/{name}",
    "PUT /v1/tenants/{tenant}/integrations/{name}",
    "DELETE /v1/tenants/{tenant}/integrations/{name}",
    "POST /v1/tenants/{tenant}/integrations/{name}/backfill",
    "POST /v1/webhooks/{tenant}/{name}",
    "POST /v1/tenants/{tenant}/objects/{object}/import",
    "GET /v1/tenants/{tenant}/imports",
    "GET /v1/tenants/{tenant}/imports/{import_id}",
    "DELETE /v1/tenants/{tenant}/imports/{import_id}",
}


async def test_the_openapi_document_describes_every_call_and_resolves(service: Service) -> None:
    document = (await service.http.get("/openapi.json")).json()
    calls = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert calls == CALLS
    parts = document["components"]
    known = {f"#/components/{kind}/{name}" for kind in ("schemas", "responses") for name in parts[kind]}
    assert references(document) <= known
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            if path.startswith("/v1/") and method in ("post", "put") and path != "/v1/recovery/secrets":
                assert call["requestBody"]["content"]


def references(node: Any) -> set[str]:
    """Every `$ref` below a node."""
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(item) for item in node.values()))
    return set().union(*(references(item) for item in node)) if isinstance(node, list) else set()


async def test_numbers_are_told_by_route(service: Service) -> None:
    await service.ask("GET", "/v1/tenants/numbers/schemas/contact", "numbers")
    text = (await service.http.get("/metrics")).text
    assert 'route="/v1/tenants/{tenant}/schemas/{object}",status="200"' in text


async def test_refused_events_are_counted_by_their_code(service: Service) -> None:
    await service.ask("POST", "/v1/tenants/numbers/events", "numbers", json=[{}])
    text = (await service.http.get("/metrics")).text
    assert 'crosslook_events_refused_total{code="not_cloudevent"}' in text
